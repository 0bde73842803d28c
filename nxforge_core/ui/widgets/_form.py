"""Forms out of structs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Form
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h
from nxforge_core.ui.forms import FormField, fields_of

from ._arrange import as_mapping
from ._deed import deed_form, told
from ._frame import frame, listed

__all__ = ["show_form"]

say = load_texts("nxforge_core")

_ROOMY: Final = 5
#: What a field for numbers shows by itself.
_ANY_NUMBER: Final = "a number"


async def show_form(widget: Form, ask: Ask) -> Node:
    """Ask for what the fields hold at first and show them."""
    name = ask.name(widget)
    content = await ask.content(widget.source) if widget.source else {}
    held = as_mapping(content)
    fields = [await _chosen_from(field, ask) for field in fields_of(widget)]
    rows = [_row(each, held, ask, name) for each in fields if not each.more.folded]
    facts = {
        "class": "nx-button primary",
        "type": "submit",
        "data-confirm": widget.confirm or None,
    }
    button = h("div", {"class": "nx-form-end"}, h("button", facts, widget.button))
    text = h("p", {"class": "nx-intro"}, widget.text) if widget.text else None
    class_ = f"nx-fields {widget.layout}"
    fold = _fold([each for each in fields if each.more.folded], held, ask, name, class_)
    inside = [told(ask, name), *rows, fold, button]
    return frame(widget, ask, text, deed_form(ask, name, inside, class_))


def _fold(
    fields: Sequence[FormField],
    held: Mapping[str, object],
    ask: Ask,
    name: str,
    class_: str,
) -> Node | None:
    """What is rarely needed; open where it says something of its own."""
    if not fields:
        return None
    rows = [_row(each, held, ask, name) for each in fields]
    told = any(_says(each, held, ask, name) for each in fields)
    summary = h("summary", None, say("More"))
    box = h("div", {"class": class_}, rows)
    return h("details", {"class": "nx-fold", "open": told}, summary, box)


def _says(field: FormField, held: Mapping[str, object], ask: Ask, name: str) -> bool:
    if ask.trouble and ask.trouble.widget == name:
        return field.name in ask.trouble.fields
    given = held.get(field.name, field.default)
    return _text(given) != _text(field.default)


async def _chosen_from(field: FormField, ask: Ask) -> FormField:
    """The field with the options that are known only now."""
    if field.more.choices is None:
        return field
    wanted = "a list of pairs of a value and its words"
    options = listed(await ask.content(field.more.choices), tuple, wanted)
    return replace(field, options=tuple(options))


def _row(field: FormField, held: Mapping[str, object], ask: Ask, name: str) -> Node:
    """Label, control, what helps, what is wrong."""
    key = f"{name}-{field.name}"
    trouble = ask.trouble if ask.trouble and ask.trouble.widget == name else None
    wrong = trouble.fields.get(field.name, "") if trouble else ""
    sent = trouble.sent.get(field.name) if trouble else None
    shown = _text(held.get(field.name, field.default)) if sent is None else sent
    words = field.more.fixed or _helping(field)
    helping = (
        h("span", {"class": "help", "id": f"{key}-help"}, words) if words else None
    )
    facts = {
        "id": key,
        "name": field.name,
        "aria-describedby": f"{key}-help {key}-wrong" if words else f"{key}-wrong",
        "aria-invalid": "true" if wrong else None,
        "required": field.required and not field.secret,
        "disabled": bool(field.more.fixed),
    }
    return h(
        "div",
        {"class": f"nx-field {field.shape.control}"},
        h("label", {"for": key}, field.label),
        _control(field, shown, facts),
        helping,
        h(
            "span",
            {"class": "nx-wrong", "id": f"{key}-wrong", "data-wrong": field.name},
            wrong,
        ),
    )


def _helping(field: FormField) -> str:
    words = [str(field.help)]
    if field.secret:
        words.append(str(say("It is never shown; left empty it stays as it is.")))
    if field.shape.control in ("number", "lines", "datetime-local", "json"):
        rule = str(say(field.shape.rule)) if field.shape.rule != _ANY_NUMBER else ""
        words.append(f"{rule[:1].upper()}{rule[1:]}." if rule else "")
    return " ".join(word for word in words if word)


def _control(field: FormField, shown: str, facts: Mapping[str, object]) -> Node:
    control = field.shape.control
    if control == "checkbox":
        box = {**facts, "type": "checkbox", "value": "on", "required": False}
        return h("input", {**box, "checked": shown in ("true", "on")})
    if field.options or field.more.choices:
        return _choice(field, shown, facts)
    if control in ("lines", "json") or field.more.lines > 1:
        rows = field.more.lines if field.more.lines > 1 else _ROOMY
        more = {"rows": rows, "placeholder": field.more.placeholder or None}
        return h("textarea", {**facts, **more}, shown)
    kind = "password" if field.secret else control
    more = {
        "type": kind,
        "value": None if field.secret else shown,
        "placeholder": field.more.placeholder or None,
        "autocomplete": "new-password" if field.secret else "off",
        **field.shape.limits,
    }
    entry = h("input", {**facts, **more})
    if not field.more.unit:
        return entry
    unit = h("span", {"class": "unit"}, field.more.unit)
    return h("span", {"class": "nx-with-unit"}, entry, " ", unit)


def _choice(field: FormField, shown: str, facts: Mapping[str, object]) -> Node:
    pairs = list(field.options)
    if field.shape.optional or field.default is msgspec.UNSET:
        pairs.insert(0, ("", ""))
    if shown not in dict(pairs):
        # What is held stays, although nobody could choose it now.
        pairs.append((shown, shown))
    options = [
        h("option", {"value": value, "selected": value == shown}, words)
        for value, words in pairs
    ]
    return h("select", facts, options)


def _text(value: Any) -> str:
    """What a control holds for a value."""
    if value is None or value is msgspec.UNSET:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, str | int | float | date):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return "\n".join(map(str, value))
    plain = msgspec.to_builtins(value, enc_hook=str)
    return plain if isinstance(plain, str) else msgspec.json.encode(plain).decode()
