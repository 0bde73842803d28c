"""What stands on pages, piece by piece: cards as trees, content as data and files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from litestar import Response

from nxforge_core.api import InvalidInputError, RouteSpec
from nxforge_core.api.pages import Table, Widget
from nxforge_core.ui import PAGE_HEADERS, Ask, csv_of, data_of, show_widget

from ._context import CoreContext
from ._files import CsvFile
from ._look import look_at, require_widget
from ._security import CallerRequest
from ._shared import shared_by

__all__ = ["ROUTES"]

_READ: Final = "nxforge:pages:read"
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number", enc_hook=str).encode


async def show_one(
    ctx: CoreContext, request: CallerRequest, plugin: str, page: str, widget: str
) -> Response[bytes]:
    """One card of a page as a tree: name, attributes, children of each element."""
    ask = look_at(ctx, request, plugin, page)
    found = require_widget(ask, widget)

    async def make() -> bytes:
        return _encoded(await show_widget(ask, found))

    return await _shared(ctx, request, ask, found, make)


async def read_one(
    ctx: CoreContext, request: CallerRequest, plugin: str, page: str, widget: str
) -> Response[bytes]:
    """The content of one widget as data; `at` is when it was asked for."""
    ask = look_at(ctx, request, plugin, page)
    found = require_widget(ask, widget)

    async def make() -> bytes:
        at = round(ask.now.timestamp() * 1000)
        return _encoded({"success": True, "data": await data_of(found, ask), "at": at})

    return await _shared(ctx, request, ask, found, make)


async def read_csv(
    ctx: CoreContext, request: CallerRequest, plugin: str, page: str, widget: str
) -> CsvFile:
    """All rows of a table that fit, as CSV."""
    ask = look_at(ctx, request, plugin, page)
    table = require_widget(ask, widget)
    if not (isinstance(table, Table) and table.csv):
        remedy = "name a table of the page"
        raise InvalidInputError(field="widget", value=widget, remedy=remedy)
    named = f'attachment; filename="{widget}.csv"'
    headers = {**PAGE_HEADERS, "content-disposition": named}
    return CsvFile(
        await csv_of(table, ask), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _shared(
    ctx: CoreContext,
    request: CallerRequest,
    ask: Ask,
    widget: Widget,
    make: Callable[[], Awaitable[bytes]],
) -> Response[bytes]:
    """Answer what somebody else has just been answered, where it is the same."""
    shared = shared_by(request, ask, widget)
    body = await (ctx.host.shared.answer(*shared, make) if shared else make())
    return Response(body, media_type="application/json", headers=PAGE_HEADERS)


def _encoded(content: Any) -> bytes:
    try:
        return _ENCODE(content)
    except UnicodeEncodeError:  # half a character, in a text of a plugin
        return _ENCODE(_whole(content))


def _whole(content: Any) -> Any:
    """The same with a question mark for each half of a character."""
    if isinstance(content, str):
        return content.encode(errors="replace").decode()
    if isinstance(content, Mapping):
        return {_whole(name): _whole(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_whole(each) for each in content]
    if isinstance(content, msgspec.Struct):
        return _whole(msgspec.structs.asdict(content))
    return content


_PATH: Final = "{plugin:str}/{page:str}/{widget:str}"

ROUTES = [
    RouteSpec("GET", f"/api/v1/ui/cards/{_PATH}", show_one, permission=_READ),
    RouteSpec("GET", f"/api/v1/ui/data/{_PATH}", read_one, permission=_READ),
    RouteSpec("GET", f"/api/v1/ui/files/{_PATH}", read_csv, permission=_READ),
]
