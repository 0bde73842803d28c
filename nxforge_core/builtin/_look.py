"""From a request to a look at a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec

from nxforge_core.api import ForbiddenError, PluginContext, UnknownItemError
from nxforge_core.api.pages import Page, Reader, Widget
from nxforge_core.security import Principal
from nxforge_core.ui import (
    HTML,
    PAGE_HEADERS,
    Ask,
    Node,
    Shell,
    document,
    document_tree,
    find_widget,
    h,
    heading_of,
    prepared,
    show_page,
    show_page_tools,
    window_of,
)

from ._caller import Caller
from ._context import CoreContext
from ._door import root_of, speak_with
from ._files import HtmlPage
from ._menu import allowed_pages, may_open, menu_of
from ._said import forget_cookie, said_before
from ._security import CallerRequest

__all__ = [
    "STREAM",
    "ask_of",
    "look_at",
    "require_widget",
    "shown",
    "wants_json",
    "whole_page",
]

STREAM: Final = "/api/v1/ui/stream"
_LONGEST: Final = 1_000


def look_at(ctx: CoreContext, request: CallerRequest, plugin: str, name: str) -> Ask:
    """A look at a page that runs and that the reader may see.

    Raises:
        UnknownItemError: there is none of the name.
        ForbiddenError: the reader lacks its permission.
    """
    return ask_of(ctx, request, *_find_page(ctx, request.user, plugin, name))


def _find_page(
    ctx: CoreContext, reader: Principal, plugin: str, name: str
) -> tuple[Page, PluginContext]:
    for page, context in ctx.host.pages():
        if (context.plugin.id, page.name) == (plugin, name):
            if not may_open(page, reader):
                raise ForbiddenError(str(page.permission), reader.name)
            return page, context
    raise UnknownItemError(kind="page", value=f"{plugin}/{name}")


def ask_of(
    ctx: CoreContext, request: CallerRequest, page: Page, context: PluginContext
) -> Ask:
    """What is asked for; parameters that are too long are none."""
    speak_with(request)
    params = {
        name: text[:_LONGEST]
        for name, text in request.query_params.items()
        if isinstance(text, str) and len(name) <= _LONGEST
    }
    now = ctx.clock.now()
    return prepared(
        Ask(
            page=page,
            context=context,
            reader=_reader(request, context),
            now=now,
            window=window_of(page, params, now),
            params=params,
            root=root_of(request),
            modules=_modules(ctx, context.plugin.id),
        )
    )


def _reader(request: CallerRequest, context: PluginContext) -> Reader:
    caller = request.user
    if isinstance(context, CoreContext):
        return Caller(caller.name, caller.may, request)
    return Reader(caller.name, caller.may)


def _modules(ctx: CoreContext, plugin: str) -> str | None:
    bundle = ctx.host.modules_of(plugin)
    return bundle.base if bundle else None


def require_widget(ask: Ask, name: str) -> Widget:
    """One of the page's widgets that the reader may see.

    Raises:
        UnknownItemError: there is none of the name.
    """
    found = find_widget(ask, name)
    if found is None:
        raise UnknownItemError(kind="widget", value=name)
    return found


async def shown(
    ctx: CoreContext, request: CallerRequest, ask: Ask, before: Sequence[Node] = ()
) -> HtmlPage:
    """The document of a page: what stands `before`, then its cards."""
    body = [*before, *await show_page(ask)]
    tools = show_page_tools(ask)
    page = msgspec.structs.replace(ask.page, title=await heading_of(ask))
    return whole_page(ctx, request, page, body, tools=tools, here=ask.path)


def _wall(request: CallerRequest, path: str) -> str:
    """The way back from a page on a wall; empty where it is on none."""
    given = request.query_params
    if "wall" not in given:
        return ""
    return f"{path}?{urlencode({n: t for n, t in given.items() if n != 'wall'})}"


def whole_page(
    ctx: CoreContext,
    request: CallerRequest,
    page: Page,
    body: Sequence[Node],
    *,
    tools: Sequence[Node] = (),
    here: str = "",
) -> HtmlPage:
    """The document around cards; for a script that asks for JSON it is a tree."""
    root = root_of(request)
    pages = allowed_pages(ctx, request.user)
    shell = Shell(
        root=root,
        title=page.title,
        now=ctx.clock.now(),
        intro=page.intro,
        here=here or f"{root}/",
        reader=request.user.name,
        menu=menu_of(ctx, pages, root),
        tools=tools,
        stream=f"{root}{STREAM}",
        wall=_wall(request, here or f"{root}/"),
        edition=ctx.host.edition,
    )
    said = said_before(request)
    if said:
        body = [h("p", {"class": "nx-said", "role": "status"}, said), *body]
    as_tree = wants_json(request)
    return HtmlPage(
        msgspec.json.encode(document_tree(shell, body)).decode()
        if as_tree
        else document(shell, body),
        media_type="application/json" if as_tree else HTML,
        headers=PAGE_HEADERS,
        cookies=[forget_cookie(request)] if said else None,
    )


def wants_json(request: CallerRequest) -> bool:
    """Whether a script asks, and not somebody who looks."""
    return request.headers.get("accept", "").startswith("application/json")
