"""Logging in: by the device's form, or by JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from math import inf
from typing import Final, cast
from urllib.parse import quote, urlencode

import msgspec

from nxforge_consumption_monitor.extract import Page
from nxforge_core.api import HttpResponse, HttpSession

from ._asking import Asking, plain
from ._errors import LoginPageError, LoginRefusedError, LoginStatusError
from ._form import Form, read_form
from ._options import FormOptions, JsonLoginOptions
from ._request import PageRequest
from ._ticket import REFUSED, Ticket, stranger_sign

__all__ = ["form_login", "json_login"]

_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_ERRORS: Final = 400


async def form_login(
    request: PageRequest, options: FormOptions, asking: Asking
) -> Ticket:
    """Fetch the page with the form, fill it in, send it, keep the cookies.

    Raises:
        OutboundError: the device cannot be asked, or does not let us in.
        ExtractionError: the page with the form is no HTML.
    """
    session = HttpSession()
    url = asking.place(options.page)
    shown = await asking.ask(url, headers=request.headers, session=session)
    _check(shown)
    content_type = shown.headers.get("content-type", "")
    page = Page(shown.body, content_type, shown.status)
    form = await asyncio.to_thread(read_form, page, options)
    if form is None:
        raise LoginPageError(plain(url), "the page has no field for the password")
    _check(await _send(request, options, asking, form, session, shown.url))
    return Ticket(session=session)


async def _send(
    request: PageRequest,
    options: FormOptions,
    asking: Asking,
    form: Form,
    session: HttpSession,
    page: str,
) -> HttpResponse:
    url = asking.place(options.submit or form.action or page, page)
    method = options.method or form.method
    data = urlencode(form.filled(request.auth.username, request.auth.secret))
    headers = {**request.headers, "Referer": page}
    if method == "GET":
        url = f"{url.partition('?')[0]}?{data}"
        return await asking.ask(url, headers=headers, session=session)
    headers["Content-Type"] = _FORM_TYPE
    return await asking.ask(
        url, method="POST", headers=headers, body=data.encode(), session=session
    )


async def json_login(
    request: PageRequest, options: JsonLoginOptions, asking: Asking
) -> Ticket:
    """Send name and password as JSON, and keep the token or the cookies.

    Raises:
        OutboundError: the device cannot be asked, or does not let us in.
    """
    words = {"username": request.auth.username, "password": request.auth.secret}
    link = options.url.replace("{username}", quote(words["username"], safe=""))
    url, session = asking.place(link), HttpSession()
    answer = await asking.ask(
        url,
        method="POST",
        headers={**request.headers, "Content-Type": "application/json"},
        body=msgspec.json.encode(_replaced(options.body, words)),
        session=session,
    )
    _check(answer)
    if sign := stranger_sign(options, answer):
        raise LoginRefusedError(plain(url), sign)
    lifetime = inf if options.lifetime_s is None else options.lifetime_s
    until = asyncio.get_running_loop().time() + lifetime
    if not options.token:
        return Ticket(session=session, until=until)
    return _token_ticket(options, _token(options.token, answer, url), session, until)


def _token_ticket(
    options: JsonLoginOptions, token: str, session: HttpSession, until: float
) -> Ticket:
    header, parameter = options.header, options.parameter
    return Ticket(
        session=session,
        headers={header: options.prefix + token} if header and not parameter else {},
        parameters={parameter: token} if parameter else {},
        secrets=(token, quote(token, safe="")),
        until=until,
    )


def _check(answer: HttpResponse) -> None:
    url = plain(answer.url)
    if answer.status in REFUSED:
        raise LoginRefusedError(url, f"the device answers {answer.status}")
    if answer.status >= _ERRORS:
        raise LoginStatusError(url, answer.status)


def _token(path: str, answer: HttpResponse, url: str) -> str:
    try:
        found: object = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise LoginPageError(plain(url), "the answer is no JSON") from None
    for key in path.split("."):
        if isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        # Geist answers 200 to a wrong password, only without a token.
        raise LoginRefusedError(plain(url), f"the answer has no token at {path!r}")
    return str(found)


def _replaced(template: object, words: Mapping[str, str]) -> object:
    """The template with its placeholders replaced, each text read once."""
    if isinstance(template, dict):
        return {key: _replaced(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [_replaced(value, words) for value in template]
    if isinstance(template, str):
        for name in ("username", "password"):
            head, found, tail = template.partition(f"{{{name}}}")
            if found:
                left = cast("str", _replaced(head, words))
                return left + words[name] + cast("str", _replaced(tail, words))
    return template
