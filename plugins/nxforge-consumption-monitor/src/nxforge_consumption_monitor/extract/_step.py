"""What all steps of a rule have in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

__all__ = ["BaseStep", "Text"]

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]


class BaseStep(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
    tag_field="step",
):
    """Steps are data, and check themselves when they are made."""
