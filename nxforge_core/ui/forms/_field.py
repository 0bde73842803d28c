"""The fields of a form, out of a struct and what its form adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from nxforge_core.api import Texts, load_texts
from nxforge_core.api.pages import Field, Form
from nxforge_core.settings import attribute_words, is_secret_name

from ._shape import Shape, shape_of

__all__ = ["FormField", "fields_of"]


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One field.

    Attributes:
        type: Of the struct's field.
        default: What it holds if nobody says anything; UNSET if somebody must.
    """

    name: str
    label: str
    help: str
    type: Any
    shape: Shape
    secret: bool
    default: Any
    options: tuple[tuple[str, str], ...]
    more: Field

    @property
    def required(self) -> bool:
        """Whether something must be entered."""
        return self.default is msgspec.UNSET and not self.shape.optional


def fields_of(form: Form) -> list[FormField]:
    """Every field of the form's struct, in order."""
    told = attribute_words(form.model)
    say = load_texts(form.model.__module__)
    return [
        _field(each, form.fields.get(each.name, Field()), told, say)
        for each in msgspec.structs.fields(form.model)
    ]


def _field(
    field: msgspec.structs.FieldInfo,
    more: Field,
    told: Mapping[str, str],
    say: Texts,
) -> FormField:
    shape = shape_of(field.type)
    given = more.options or shape.options
    return FormField(
        name=field.name,
        label=more.label or say(field.name.replace("_", " ").capitalize()),
        help=more.help or say(told.get(field.name, "")),
        type=field.type,
        shape=shape,
        secret=more.secret or is_secret_name(field.name),
        default=_default(field),
        options=tuple(
            (each, each) if isinstance(each, str) else each for each in given
        ),
        more=more,
    )


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return msgspec.UNSET
