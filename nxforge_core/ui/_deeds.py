"""What readers do on pages: which function it is, and what it is handed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from nxforge_core.api import (
    InvalidInputError,
    NxForgeError,
    UnknownItemError,
    load_texts,
)
from nxforge_core.api.pages import (
    Action,
    Checklist,
    Deed,
    Done,
    Form,
    RowAction,
    Table,
    Widget,
)

from ._ask import Ask, takes
from ._trouble import Trouble
from .forms import BadFieldsError, decode, fields_of
from .widgets._row_actions import allowed

__all__ = ["Sent", "Wish", "do", "trouble_of", "wish_of"]

say = load_texts("nxforge_core")

#: Seconds that it may take: a longer one queues a run and says so.
_PATIENCE: Final = 60.0
_MOST_KEYS: Final = 10_000


class Sent(msgspec.Struct, frozen=True):
    """What a form carried: the last text of each field, all keys of rows."""

    fields: Mapping[str, str]
    keys: Sequence[str]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a reader wants done.

    Attributes:
        what: The widget's name, with that of a row's action.
        confirm: Asked before; empty: nothing.
        form: Whose content is handed over.
        keys: Of rows.
    """

    widget: str
    what: str
    title: str
    deed: Deed
    confirm: str = ""
    form: Form | None = None
    keys: Sequence[str] = ()


def wish_of(ask: Ask, name: str, widget: Widget, sent: Sent) -> Wish:
    """Which of the widget's functions is meant.

    Raises:
        UnknownItemError: none that the reader may use.
    """
    if isinstance(widget, Action):
        return Wish(
            widget=name,
            what=name,
            title=widget.title,
            deed=widget.run,
            confirm=widget.confirm,
        )
    if isinstance(widget, Form):
        return Wish(
            widget=name,
            what=name,
            title=widget.title,
            deed=widget.submit,
            confirm=widget.confirm,
            form=widget,
        )
    if isinstance(widget, Checklist) and widget.dismiss is not None:
        return Wish(widget=name, what=name, title=widget.title, deed=widget.dismiss)
    if isinstance(widget, Table):
        return _row_wish(ask, name, widget, sent)
    raise UnknownItemError(kind="action", value=name)


async def do(wish: Wish, ask: Ask, sent: Sent) -> Done | Trouble:
    """Do it; what is wrong with what was sent is an answer, too.

    Raises:
        NxForgeError: it cannot be done; the words are for the reader.
    """
    given: dict[str, Any] = {
        "reader": ask.reader,
        "params": ask.own_params,
    }
    if wish.what != wish.widget:
        given["keys"] = list(wish.keys)
    try:
        if wish.form is not None:
            fields = fields_of(wish.form)
            given["data"] = decode(wish.form.model, fields, sent.fields)
        wanted = {name: given[name] for name in given if takes(wish.deed, name)}
        async with asyncio.timeout(_PATIENCE):
            done = await wish.deed(ask.context, **wanted)
    except BadFieldsError as error:
        return _trouble(wish, sent, error.whole, fields=error.fields)
    except InvalidInputError as error:
        return _invalid(wish, sent, error)
    return (
        done
        if isinstance(done, Done)
        else Done(say("Saved.") if wish.form else say("Done."))
    )


def trouble_of(wish: Wish, sent: Sent, error: NxForgeError) -> Trouble:
    """An error as the page shows it."""
    return _trouble(wish, sent, f"{error.message}.", error.remedy)


def _row_wish(ask: Ask, name: str, table: Table, sent: Sent) -> Wish:
    action, _, key = sent.fields.get("nx-one", "").partition(":")
    many = sent.fields.get("nx-many", "")
    keys = [key] if action else list(sent.keys)[:_MOST_KEYS]
    for each in allowed(table, ask):
        fits = each.single if action else each.many
        if each.name == (action or many) and fits:
            return _row_wish_of(name, each, keys)
    raise UnknownItemError(kind="action", value=action or many)


def _row_wish_of(name: str, action: RowAction, keys: Sequence[str]) -> Wish:
    return Wish(
        widget=name,
        what=f"{name}/{action.name}",
        title=action.title,
        deed=action.run,
        confirm=str(action.confirm).replace("{n}", str(len(keys))) if keys else "",
        keys=keys,
    )


def _invalid(wish: Wish, sent: Sent, error: InvalidInputError) -> Trouble:
    fields = fields_of(wish.form) if wish.form else []
    named = {_bare(each.name): each.name for each in fields}
    if (name := named.get(_bare(error.field))) is not None:
        words = error.remedy or error.message
        return _trouble(wish, sent, fields={name: f"{words[:1].upper()}{words[1:]}."})
    return trouble_of(wish, sent, error)


def _bare(name: str) -> str:
    """The same for `register_kwh` and what an API calls `registerKwh`."""
    return name.replace("_", "").casefold()


def _trouble(
    wish: Wish,
    sent: Sent,
    message: str = "",
    remedy: str = "",
    fields: Mapping[str, str] | None = None,
) -> Trouble:
    secret = (
        {each.name for each in fields_of(wish.form) if each.secret} if wish.form else ()
    )
    kept = {name: text for name, text in sent.fields.items() if name not in secret}
    return Trouble(
        widget=wish.widget,
        message=message,
        remedy=remedy,
        fields=fields or {},
        sent=kept,
    )
