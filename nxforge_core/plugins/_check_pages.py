"""Whether pages can be shown, and whether each says who may read it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from nxforge_core.api.pages import (
    VERSION,
    Action,
    Checklist,
    Custom,
    Form,
    Page,
    Table,
    Widget,
    all_widgets,
    bodies_of,
)

from ._check import Scope, is_async, label
from ._host_permissions import host_permissions
from ._nearest import suggest
from ._problem import Fault

__all__ = ["check_pages"]

#: Every part begins with a letter, a digit or a hyphen: none leads out of the folder.
_MODULE: Final = re.compile(r"(?:[A-Za-z0-9-][\w.-]*/)*[A-Za-z0-9-][\w.-]*\.m?js\Z")
#: What a source may take beside the context, and what does something may.
_ASKS: Final = ("window", "query", "reader", "params")
_DOES: Final = ("reader", "params")


def check_pages(pages: Sequence[Page], scope: Scope) -> Iterator[Fault]:
    """Judge all pages of a plugin."""
    good: list[Page] = []
    for page in pages:
        misfits = list(_misfits(page, scope))
        yield from misfits or _check(page, scope)
        if not misfits:
            good.append(page)
    yield from scope.names("page", [page.name for page in good])


def _misfits(page: Page, scope: Scope) -> Iterator[Fault]:
    what = f"page {page.name}"
    found = list(scope.misfits(what, page))
    yield from found
    if not found:
        for part in _parts(page.body):
            yield from scope.misfits(what, part)


def _parts(body: Sequence[Widget]) -> Iterator[msgspec.Struct]:
    """Widgets, tabs, and the structs that both are made of, those around first."""
    for widget in body:
        yield widget
        for field in widget.__struct_fields__:
            value = getattr(widget, field)
            inner = value if isinstance(value, list | tuple) else [value]
            yield from (
                one
                for one in inner
                if isinstance(one, msgspec.Struct) and field != "body"
            )
        for inside in bodies_of(widget):
            yield from _parts(inside)


def _check(page: Page, scope: Scope) -> Iterator[Fault]:
    what = f"page {page.name}"
    yield from scope.access(what, page.permission, public=page.public)
    if page.version > VERSION:
        yield scope.fault(
            f"{what} is written in version {page.version} of the vocabulary, and this "
            f"host knows {VERSION}",
            "install a newer nxforge-core, and say so in 'core' of the manifest",
        )
    if page.first is not None:
        yield from _check_function(f"{what}, 'first'", page.first, (), scope)
    widgets = list(all_widgets(page.body))
    yield from scope.names("widget", [each.name for each in widgets if each.name])
    for widget in widgets:
        yield from _check_widget(what, widget, scope)


def _check_widget(page: str, widget: Widget, scope: Scope) -> Iterator[Fault]:
    what = f"{page}, {getattr(widget, 'title', '')!r}"
    if widget.permission is not None:
        # A card may be about what the host knows, as of runs.
        others = host_permissions()
        yield from scope.access(what, widget.permission, public=False, others=others)
    source = getattr(widget, "source", None)
    if source is not None:
        yield from _check_function(what, source, _ASKS, scope)
    if isinstance(widget, Action):
        yield from _check_function(what, widget.run, _DOES, scope)
    if isinstance(widget, Checklist) and widget.dismiss is not None:
        yield from _check_function(what, widget.dismiss, _DOES, scope)
    if isinstance(widget, Form):
        yield from _check_form(what, widget, scope)
    if isinstance(widget, Table):
        yield from _check_table(what, widget, scope)
    if isinstance(widget, Custom):
        yield from _check_module(what, widget.module, scope)


def _check_form(what: str, form: Form, scope: Scope) -> Iterator[Fault]:
    yield from scope.structs(what, form.model)
    yield from _check_function(what, form.submit, (*_DOES, "data"), scope)
    for field in form.fields.values():
        if field.choices is not None:
            yield from _check_function(what, field.choices, _ASKS, scope)


def _check_table(what: str, table: Table, scope: Scope) -> Iterator[Fault]:
    yield from scope.names("row action", [each.name for each in table.actions])
    for action in table.actions:
        yield from _check_function(
            f"{what}, {action.title!r}", action.run, (*_DOES, "keys"), scope
        )
        if action.permission is not None:
            yield from scope.access(what, action.permission, public=False)
    if table.actions and not table.key:
        remedy = "say key='id', the member that tells rows apart"
        yield scope.fault(f"{what} has actions and no key", remedy)


def _check_module(what: str, module: str, scope: Scope) -> Iterator[Fault]:
    """A module that is not in the package as it is installed: a wheel left it out."""
    if not _MODULE.match(module):
        remedy = "name a file below the folder 'ui', such as 'gauge.js'"
        yield scope.fault(f"{what}: {module!r} is no module's path", remedy)
        return
    folder = scope.owner.folder
    if folder is None or not (folder / "ui" / module).is_file():
        yield scope.fault(
            f"{what}: the package has no file ui/{module}",
            "ship it in the wheel: hatchling takes the files of a package, setuptools "
            "those that package-data names",
        )


def _check_function(
    what: str, function: Callable[..., Any], known: Sequence[str], scope: Scope
) -> Iterator[Fault]:
    yield from scope.awaitable(what, function)
    if not is_async(function):
        return
    given = list(inspect.signature(function).parameters.values())
    for each in given[1:]:
        if each.name in known or each.default is not inspect.Parameter.empty:
            continue
        yield scope.fault(
            f"{what}: {label(function)} takes {each.name!r}, which nobody hands over",
            suggest(each.name, known, otherwise=f"take of {', '.join(known)}"),
            near=function,
        )
