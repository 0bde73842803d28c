"""Templates that are not there, or are none."""

from __future__ import annotations

from nxforge_core.api import NxForgeError, UnknownItemError

__all__ = ["TemplateError", "UnknownTemplateError"]


class UnknownTemplateError(UnknownItemError):
    """No template has this id."""

    def __init__(self, template_id: str) -> None:
        super().__init__(
            kind="template", value=template_id, remedy="GET /templates lists them"
        )


class TemplateError(NxForgeError):
    """A file of the package is no template."""

    code = "invalid_template"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"the template {name} cannot be read: {what}",
            remedy="install the package again; its files were changed",
        )
