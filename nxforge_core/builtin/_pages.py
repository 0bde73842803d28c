"""Pages for people: the start page, the pages of plugins."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request

from nxforge_core.api import (
    ForbiddenError,
    RouteSpec,
    UnknownItemError,
)
from nxforge_core.api.pages import Page
from nxforge_core.security import Principal
from nxforge_core.ui import (
    ASSETS,
    HTML,
    PAGE_HEADERS,
    SCRIPT_PATH,
    STYLE_PATH,
    gather,
    render_page,
)

from ._context import CoreContext
from ._door import root_of
from ._files import HtmlPage, ScriptFile, StyleFile

__all__ = ["ROUTES"]

_READ: Final = "nxforge:pages:read"
_FOREVER: Final = "public, max-age=31536000, immutable"

_Request = Request[Principal, Any, Any]


async def home(ctx: CoreContext, request: _Request) -> HtmlPage:
    """The start page: what the plugins want to be seen first."""
    shown = [
        await gather(page, context)
        for page, context in ctx.host.pages()
        if page.home and _may(page, request.user)
    ]
    text = render_page("Overview", shown, root=root_of(request), now=ctx.clock.now())
    return _html(text)


async def show_page(
    ctx: CoreContext, request: _Request, plugin: str, name: str
) -> HtmlPage:
    """One page of a plugin."""
    for page, context in ctx.host.pages():
        if (context.plugin.id, page.name) == (plugin, name):
            if not _may(page, request.user):
                raise ForbiddenError(str(page.permission), request.user.name)
            view = await gather(page, context)
            text = render_page(
                page.title,
                [view],
                root=root_of(request),
                now=ctx.clock.now(),
            )
            return _html(text)
    raise UnknownItemError(kind="page", value=f"{plugin}/{name}")


async def show_style() -> StyleFile:
    """The style sheet."""
    return StyleFile(**_asset(STYLE_PATH))


async def show_script() -> ScriptFile:
    """The module that keeps values fresh."""
    return ScriptFile(**_asset(SCRIPT_PATH))


def _asset(path: str) -> dict[str, Any]:
    asset = ASSETS[path]
    headers = {"Cache-Control": _FOREVER}
    return {
        "content": asset.body,
        "media_type": asset.media_type,
        "headers": headers,
    }


def _may(page: Page, caller: Principal) -> bool:
    return page.public or caller.may(str(page.permission))


def _html(text: str) -> HtmlPage:
    return HtmlPage(text, media_type=HTML, headers=PAGE_HEADERS)


ROUTES = [
    RouteSpec("GET", "/", home, permission=_READ),
    RouteSpec("GET", "/ui/{plugin:str}/{name:str}", show_page, permission=_READ),
    RouteSpec("GET", STYLE_PATH, show_style, public=True),
    RouteSpec("GET", SCRIPT_PATH, show_script, public=True),
]
