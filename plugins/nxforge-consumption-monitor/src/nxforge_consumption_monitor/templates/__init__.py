"""Devices that are known: their address, their login, and the rules for their page."""

from __future__ import annotations

from ._errors import PackError, TemplateError, UnknownTemplateError
from ._load import (
    decode_template,
    find_template,
    load_templates,
    read_templates,
    template_problems,
)
from ._packs import folders_of
from ._template import Register, Request, Template
from ._view import summary_of, view_of

__all__ = [
    "PackError",
    "Register",
    "Request",
    "Template",
    "TemplateError",
    "UnknownTemplateError",
    "decode_template",
    "find_template",
    "folders_of",
    "load_templates",
    "read_templates",
    "summary_of",
    "template_problems",
    "view_of",
]
