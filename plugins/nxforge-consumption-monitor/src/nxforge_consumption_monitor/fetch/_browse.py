"""Pages that need a browser, as the same answer that HTTP gives."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import (
    Browser,
    BrowserError,
    BrowserPage,
    BrowserRequest,
    HttpResponse,
)

from ._answer import Answer
from ._redact import redact
from ._request import PageRequest
from ._steps import fill_steps

__all__ = ["browse"]

#: What a document becomes in a browser, whatever it was.
_HTML: Final = "text/html; charset=utf-8"


async def browse(request: PageRequest, browser: Browser) -> Answer:
    """Visit the page and do the endpoint's steps.

    Raises:
        BrowserMissingError: there is no browser here; it names the remedy.
        OutboundError: no page; a `BrowserError` has what there was instead.
    """
    secrets = request.auth.shapes()
    try:
        page = await browser.fetch(_visit(request, secrets))
    except BrowserError as error:
        error.html = redact(error.html, secrets)
        error.message = redact(error.message, secrets)
        error.args = (error.message,)
        raise
    return Answer(_response(page), secrets=secrets)


def _visit(request: PageRequest, secrets: tuple[str, ...]) -> BrowserRequest:
    auth = request.auth
    return BrowserRequest(
        url=request.url,
        steps=fill_steps(request.steps, auth),
        headers={**request.headers, **auth.headers()},
        auth=auth.login(),
        timeout=request.timeout_s,
        max_bytes=request.max_bytes,
        tls="insecure" if request.tls == "insecure" else "verify",
        hidden=secrets,
    )


def _response(page: BrowserPage) -> HttpResponse:
    return HttpResponse(
        status=page.status,
        headers={"content-type": _HTML},
        body=page.html.encode("utf-8", "replace"),
        url=page.url,
        elapsed=page.timings["total"],
    )
