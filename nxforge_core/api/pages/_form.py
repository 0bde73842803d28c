"""A form out of a struct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from nxforge_core.api._words import load_texts

from ._action import Deed
from ._part import Part, Source

__all__ = ["Field", "Form"]

say = load_texts("nxforge_core")


class Field(msgspec.Struct, frozen=True):
    """What the struct does not say of one of its fields.

    Attributes:
        label: By default the field's name as words.
        help: By default what the struct's docstring says of it.
        options: Values to choose from, or pairs of a value and its words.
        folded: Rarely needed: below a fold, at the form's end.
        choices: Answers pairs of a value and its words, where nobody knows them before
            the form is shown.
        secret: Never shown; left empty it stays as it is and the handler gets None.
            Fields named like passwords, tokens and keys always are.
        lines: Of a text; more than one makes room for them.
        fixed: Shown and not to be changed; the words say why.
    """

    label: str = ""
    help: str = ""
    options: Sequence[str | tuple[str, str]] = ()
    secret: bool = False
    lines: int = 1
    unit: str = ""
    placeholder: str = ""
    fixed: str = ""
    folded: bool = False
    choices: Source | None = None


_NONE: Final[Mapping[str, Field]] = {}


class Form(Part, frozen=True, tag="form"):
    """A form. It needs no JavaScript.

    Types, limits and defaults come from the struct: `Meta(ge=1, description=...)`, a
    `Literal`, a `bool`, `X | None`, a list of texts (one per line). A datetime is UTC;
    one with `Meta(tz=False)` is what the clock on the wall shows. What the reader
    enters reaches `submit` as a `data` of that struct.

    Attributes:
        model: A msgspec struct.
        submit: Does it; an `InvalidInputError` is told beside the field it names.
        source: Answers what the fields hold at first: a mapping or a struct.
        fields: By name.
        text: Above the fields.
        button: The button's words.
    """

    title: str
    model: type[msgspec.Struct]
    submit: Deed
    source: Source | None = None
    fields: Mapping[str, Field] = _NONE
    text: str = ""
    button: str = say("Save")
    confirm: str = ""
    layout: Literal["rows", "columns"] = "rows"
