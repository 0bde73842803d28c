"""Devices that are known: their address, their login, and the rules for their page."""

from __future__ import annotations

from ._errors import TemplateError, UnknownTemplateError
from ._load import decode_template, find_template, load_templates
from ._template import Register, Request, Template
from ._view import summary_of, view_of

__all__ = [
    "Register",
    "Request",
    "Template",
    "TemplateError",
    "UnknownTemplateError",
    "decode_template",
    "find_template",
    "load_templates",
    "summary_of",
    "view_of",
]
