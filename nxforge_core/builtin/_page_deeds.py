"""Doing something on a page: a form is sent to the page's own address."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from nxforge_core.api import InvalidInputError, NxForgeError, RouteSpec
from nxforge_core.api.pages import Done, Link
from nxforge_core.ui import (
    Ask,
    Node,
    Sent,
    Trouble,
    Wish,
    confirmation,
    do,
    h,
    trouble_of,
    wish_of,
)

from ._context import CoreContext
from ._files import HtmlPage
from ._look import look_at, require_widget, shown, wants_json, whole_page
from ._said import said_cookie
from ._security import CallerRequest
from ._told import tell

__all__ = ["ROUTES"]

_READ: Final = "nxforge:pages:read"
_WRONG: Final = 422


class DeedFailedError(NxForgeError):
    """A plugin's function failed in a way that nobody foresaw."""

    code = "deed_failed"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what!r} failed inside the plugin",
            remedy="the log has the details under the request id",
        )
        self.what = what


async def act(
    ctx: CoreContext, request: CallerRequest, plugin: str, name: str
) -> HtmlPage:
    """Do what a form of the page asks for; `nx-widget` names the widget."""
    ask, sent = look_at(ctx, request, plugin, name), await _sent(request)
    widget = sent.fields.get("nx-widget", "")
    wish = wish_of(ask, widget, require_widget(ask, widget), sent)
    if wish.confirm and "nx-sure" not in sent.fields:
        body = [confirmation(wish, ask, sent)]
        return whole_page(ctx, request, ask.page, body, here=ask.path)
    outcome = await _done(ctx, request, wish, ask, sent)
    if wants_json(request):
        return _as_json(request, outcome, ask)
    if isinstance(outcome, Done) and outcome.secret:
        return await shown(ctx, request, ask, _told_once(outcome))
    if isinstance(outcome, Done):
        return _on(request, outcome, ask)
    troubled = msgspec.structs.replace(ask, trouble=outcome)
    answer = await shown(ctx, request, troubled)
    answer.status_code = _WRONG
    return answer


async def _done(
    ctx: CoreContext, request: CallerRequest, wish: Wish, ask: Ask, sent: Sent
) -> Done | Trouble:
    if not wish.keys and wish.what != wish.widget:
        return trouble_of(wish, sent, _NothingSelectedError())
    try:
        outcome = await do(wish, ask, sent)
    except NxForgeError as error:
        return trouble_of(wish, sent, error)
    except (Exception, SystemExit):  # it is a plugin's code
        ask.context.log.exception("deed failed", what=wish.what)
        return trouble_of(wish, sent, DeedFailedError(wish.title))
    if isinstance(outcome, Done):
        target = f"{ask.plugin}/{ask.page.name}/{wish.what}"
        await tell(ctx, request, "page.act", target, (None, {"keys": list(wish.keys)}))
    return outcome


class _NothingSelectedError(InvalidInputError):
    def __init__(self) -> None:
        super().__init__(field="key", value="", remedy="select a row first")
        self.message = "no row is selected"


async def _sent(request: CallerRequest) -> Sent:
    form = await request.form()
    pairs = [(n, t) for n, t in form.multi_items() if isinstance(t, str)]
    return Sent(dict(pairs), [text for name, text in pairs if name == "key"])


def _as_json(request: CallerRequest, outcome: Done | Trouble, ask: Ask) -> HtmlPage:
    content: dict[str, Any]
    if isinstance(outcome, Trouble):
        words = f"{outcome.message} {outcome.remedy}".strip()
        content = {"message": words, "fields": outcome.fields}
    else:
        content = {
            "message": outcome.message,
            "link": _linked(outcome.link, ask),
            "go": ask.href(outcome.go) if outcome.go and not outcome.secret else None,
            "secret": outcome.secret or None,
        }
    # Where the page goes elsewhere, the words wait for it there.
    said = content.get("go") and said_cookie(request, content["message"])
    return HtmlPage(
        msgspec.json.encode(content, enc_hook=str).decode(),
        media_type="application/json",
        status_code=_WRONG if isinstance(outcome, Trouble) else 200,
        cookies=[said] if said else None,
    )


def _linked(link: Link | None, ask: Ask) -> dict[str, str] | None:
    return {"text": link.text, "href": ask.href(link)} if link else None


def _told_once(done: Done) -> list[Node]:
    """A secret goes into the answer itself: no cookie carries it to another page."""
    secret = h("code", {"class": "nx-secret"}, done.secret)
    return [h("p", {"class": "nx-said", "role": "status"}, done.message, " ", secret)]


def _on(request: CallerRequest, done: Done, ask: Ask) -> HtmlPage:
    """Where the reader goes then, with the words for that page."""
    target = ask.href(done.go) if done.go else ask.here({})
    return HtmlPage(
        "",
        status_code=303,
        headers={"location": target},
        cookies=[said_cookie(request, done.message)],
    )


ROUTES = [RouteSpec("POST", "/ui/{plugin:str}/{name:str}", act, permission=_READ)]
