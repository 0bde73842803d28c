"""Templates that are not there, or are none."""

from __future__ import annotations

from nxforge_core.api import NxForgeError, UnknownItemError

__all__ = ["PackError", "TemplateError", "UnknownTemplateError"]


class UnknownTemplateError(UnknownItemError):
    """No template has this id."""

    def __init__(self, template_id: str) -> None:
        super().__init__(
            kind="template", value=template_id, remedy="GET /templates lists them"
        )


class PackError(NxForgeError):
    """An entry point for templates names no package."""

    code = "invalid_template_pack"

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            f"the template pack {name!r} names {value!r}, which is no package",
            remedy="name a package at the top level, whose folder holds the files",
        )


class TemplateError(NxForgeError):
    """A file is no template."""

    code = "invalid_template"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"the template {name} cannot be read: {what}",
            remedy="'nxforge consumption-monitor extract FILE PAGE' tries a template",
        )
