# ruff: noqa: S106 - the secrets are those of this file
"""Fetching a page: credentials, logins, conditions, and what is kept of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec
import pytest

from nxforge_consumption_monitor.extract import UnexpectedContentError
from nxforge_consumption_monitor.fetch import (
    Answer,
    Credential,
    LoginPageError,
    LoginRefusedError,
    LoginStatusError,
    PageRequest,
    Pages,
    check_content,
    decode_options,
)
from nxforge_core.api import (
    BasicAuth,
    DigestAuth,
    HttpRequest,
    HttpResponse,
    OutboundConnectError,
    OutboundTimeoutError,
)

URL: Final = "http://pdu/values?all=1"
PAGE: Final = b"<td class=energy>12345.6 kWh</td>"
FORM: Final = (
    b"<form action='/login' method=post><input type=hidden name=csrf value=c7>"
    b"<input name=user><input type=password name=pw></form>"
)
Device = Callable[[HttpRequest], HttpResponse]


class FakeHttp:
    """A device as a function, and what it was asked."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.requests: list[HttpRequest] = []

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Answer as the device does."""
        self.requests.append(request)
        return self._device(request)

    @property
    def paths(self) -> list[str]:
        """Method and path of each request."""
        return [f"{r.method} {r.url.removeprefix('http://pdu')}" for r in self.requests]


def answer(
    body: bytes = PAGE, status: int = 200, url: str = URL, **headers: str
) -> HttpResponse:
    """Return an answer; underscores in names of headers are dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status=status, headers=named, body=body, url=url, elapsed=0.01)


def credential(kind: str, **options: object) -> Credential:
    """Return a credential of admin, `hunter2`."""
    return Credential(
        kind=kind,  # type: ignore[arg-type] # the test's
        username="admin",
        secret="hunter2",
        options=decode_options(kind, options),
    )


def asked(auth: Credential, **facts: Any) -> PageRequest:
    """Return a request for the page."""
    return PageRequest(**{"url": URL, "key": "e1", "auth": auth, **facts})


@pytest.mark.parametrize(
    ("kind", "headers", "auth"),
    [
        ("none", {}, None),
        ("basic", {}, BasicAuth("admin", "hunter2")),
        ("digest", {}, DigestAuth("admin", "hunter2")),
        ("bearer", {"Authorization": "Bearer hunter2"}, None),
        ("header", {"admin": "hunter2"}, None),
        ("cookie", {"Cookie": "admin=hunter2"}, None),
    ],
)
async def test_credential_travels_as_its_kind_says(
    kind: str, headers: Mapping[str, str], auth: BasicAuth | None
) -> None:
    """Six kinds need one request each, and the endpoint's own headers stay."""
    http = FakeHttp(lambda _: answer())

    got = await Pages().fetch(asked(credential(kind), headers={"X": "1"}), http)

    assert got.response.body == PAGE
    assert [(r.headers, r.auth) for r in http.requests] == [
        ({"X": "1", **headers}, auth)
    ]


async def test_whole_cookie_header_is_sent_when_the_cookie_has_no_name() -> None:
    """What a person copied from a browser is sent as it is."""
    http = FakeHttp(lambda _: answer())
    auth = Credential(kind="cookie", secret="a=1; b=2")

    await Pages().fetch(asked(auth), http)

    assert http.requests[0].headers == {"Cookie": "a=1; b=2"}


async def test_digest_keeps_its_session_until_the_credential_changes() -> None:
    """The challenge is answered ahead, and never with another password."""
    http, pages = FakeHttp(lambda _: answer()), Pages()
    first = credential("digest")
    for auth in (first, first, msgspec.structs.replace(first, secret="new")):
        await pages.fetch(asked(auth), http)

    one, two, three = (r.session for r in http.requests)
    assert one is not None
    assert one is two
    assert three is not None
    assert three is not one


class FormDevice:
    """A device with a form: logged in is who sent the right one.

    Attributes:
        known: Sessions that are logged in.
    """

    def __init__(self, login: str = "/values?all=1") -> None:
        self.known: set[int] = set()
        self.sent: list[dict[str, list[str]]] = []
        self._login = login

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        path = request.url.removeprefix("http://pdu")
        if request.method == "POST" and path == "/login":
            data = parse_qs((request.body or b"").decode())
            self.sent.append(data)
            if data["pw"] == ["hunter2"]:
                self.known.add(id(request.session))
            return answer(b"<p>thank you", url=request.url)
        if id(request.session) in self.known:
            return answer(url=request.url)
        return answer(FORM, url=request.url, content_type="text/html")


async def test_form_login_sends_hidden_fields_and_keeps_its_session() -> None:
    """Three requests for the first page, and one for each later one."""
    device = FormDevice()
    http, pages = FakeHttp(device), Pages()
    request = asked(credential("form"))

    for _ in range(3):
        assert (await pages.fetch(request, http)).response.body == PAGE

    assert http.paths == [
        "GET /values?all=1",
        "POST /login",
        "GET /values?all=1",
        "GET /values?all=1",
        "GET /values?all=1",
    ]
    assert device.sent == [{"csrf": ["c7"], "user": ["admin"], "pw": ["hunter2"]}]
    assert http.requests[1].headers["Referer"] == URL


async def test_form_login_is_made_once_more_when_it_is_over() -> None:
    """The device forgot us: one new login, in the same poll."""
    device = FormDevice()
    http, pages = FakeHttp(device), Pages()
    request = asked(credential("form"))
    await pages.fetch(request, http)
    device.known.clear()

    assert (await pages.fetch(request, http)).response.body == PAGE

    assert http.paths.count("POST /login") == 2


async def test_form_login_is_made_anew_when_the_credential_changes() -> None:
    """A changed endpoint begins as a stranger."""
    device = FormDevice()
    http, pages = FakeHttp(device), Pages()
    for page in ("", "/values"):
        await pages.fetch(asked(credential("form", page=page)), http)

    assert http.paths.count("POST /login") == 2


async def test_wrong_password_is_sent_once() -> None:
    """One login in a poll, and the refusal names no secret."""
    http = FakeHttp(FormDevice())
    auth = msgspec.structs.replace(credential("form"), secret="wrong-one")

    with pytest.raises(LoginRefusedError) as caught:
        await Pages().fetch(asked(auth), http)

    assert caught.value.reason == "auth"
    assert http.paths.count("POST /login") == 1
    assert "wrong-one" not in f"{caught.value} {caught.value.message}"


async def test_marker_tells_a_stranger_where_the_page_has_password_fields() -> None:
    """With `loggedOut` a page of settings is a page like others."""
    settings = b"<td>1 kWh</td><input type=password name=new>"

    def device(request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/in"):
            return answer(FORM, url=request.url)
        return answer(settings if request.session else b"please sign in")

    http = FakeHttp(device)
    auth = credential("form", page="/in", loggedOut="sign in")

    got = await Pages().fetch(asked(auth), http)

    assert got.response.body == settings


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (answer(b"<p>no form", url=URL), LoginPageError),
        (answer(FORM.replace(b"/login", b"http://evil/login")), LoginPageError),
        (answer(FORM.replace(b"/login", b"https://pdu/login")), LoginPageError),
        (answer(FORM.replace(b"/login", b"http://[::1")), LoginPageError),
        (answer(b"", status=503), LoginStatusError),
        (answer(b"", status=403), LoginRefusedError),
    ],
)
async def test_form_login_sends_no_password_when_its_page_is_wrong(
    page: HttpResponse, error: type[Exception]
) -> None:
    """Nothing is sent to another place, and each reason has its error."""
    http = FakeHttp(lambda _: page)

    with pytest.raises(error):
        await Pages().fetch(asked(credential("form")), http)

    assert [r.method for r in http.requests] == ["GET"]


class TokenDevice:
    """A device that gives tokens for the right password."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.sent: list[Any] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if "/api/auth/" in request.url:
            self.sent.append(json.loads(request.body or b""))
            self.tokens.append(f"token-{len(self.tokens)}-secret")
            return answer(json.dumps({"data": {"token": self.tokens[-1]}}).encode())
        given = request.headers.get("Authorization", "") + request.url
        good = bool(self.tokens) and self.tokens[-1] in given
        return answer() if good else answer(b"", status=401)


async def test_json_login_gets_a_token_and_sends_it() -> None:
    """Name and password fill the template, the token travels in the header."""
    device = TokenDevice()
    http, pages = FakeHttp(device), Pages()
    auth = credential(
        "login-json",
        url="/api/auth/{username}",
        body={"cmd": "login", "data": {"password": "{password}", "list": [1, "x"]}},
        token="data.token",
    )
    for _ in range(2):
        got = await pages.fetch(asked(auth), http)

    assert got.response.body == PAGE
    assert http.paths == [
        "POST /api/auth/admin",
        "GET /values?all=1",
        "GET /values?all=1",
    ]
    assert device.sent == [
        {"cmd": "login", "data": {"password": "hunter2", "list": [1, "x"]}}
    ]
    assert http.requests[2].headers == {"Authorization": "Bearer token-0-secret"}
    assert "token-0-secret" in got.secrets


async def test_json_login_is_made_once_more_when_the_token_is_refused() -> None:
    """A token that ended is no failure; one that is refused at once is."""
    device = TokenDevice()
    http, pages = FakeHttp(device), Pages()
    auth = credential("login-json", url="/api/auth/x", token="data.token")
    await pages.fetch(asked(auth), http)
    device.tokens.append("another")

    assert (await pages.fetch(asked(auth), http)).response.status == 200
    assert http.paths.count("POST /api/auth/x") == 2


async def test_json_login_is_made_anew_when_its_lifetime_is_over() -> None:
    """After `lifetimeS` the token is not even tried."""
    http, pages = FakeHttp(TokenDevice()), Pages()
    auth = credential("login-json", url="/api/auth/x", token="data.token", lifetimeS=60)
    loop = asyncio.get_running_loop()
    await pages.fetch(asked(auth), http)
    now = loop.time
    loop.time = lambda: now() + 61  # type: ignore[method-assign] # a later time
    try:
        await pages.fetch(asked(auth), http)
    finally:
        loop.time = now  # type: ignore[method-assign] # as it was

    assert [path.split()[0] for path in http.paths] == ["POST", "GET", "POST", "GET"]


async def test_token_in_the_query_is_in_no_error() -> None:
    """It is part of the URL, and the URL of every message."""

    def device(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return answer(b'{"token": "deadbeef"}')
        raise OutboundConnectError(request.url, "no connection", reason="connect")

    http = FakeHttp(device)
    auth = credential("login-json", url="/in", header="", parameter="sid")

    with pytest.raises(OutboundConnectError) as caught:
        await Pages().fetch(asked(auth), http)

    assert http.requests[1].url == "http://pdu/values?all=1&sid=deadbeef"
    assert "deadbeef" not in f"{caught.value} {caught.value.message}"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(b'{"error": "wrong password"}'), LoginRefusedError),
        (answer(b'{"token": ""}'), LoginRefusedError),
        (answer(b'{"token": false}'), LoginRefusedError),
        (answer(b"[]"), LoginRefusedError),
        (answer(b"{}", status=401), LoginRefusedError),
        (answer(b"{}", status=500), LoginStatusError),
        (answer(b"<html>"), LoginPageError),
        (answer(b"\xff\xfe"), LoginPageError),
    ],
)
async def test_json_login_ends_when_there_is_no_token(
    reply: HttpResponse, error: type[Exception]
) -> None:
    """The page is not asked for, and the password is sent once."""
    http = FakeHttp(lambda _: reply)

    with pytest.raises(error):
        await Pages().fetch(asked(credential("login-json", url="/in")), http)

    assert len(http.requests) == 1


async def test_json_login_without_token_lives_on_cookies() -> None:
    """The session that logged in asks for the page."""
    http = FakeHttp(lambda _: answer())

    await Pages().fetch(asked(credential("login-json", url="/in", token="")), http)

    login, page = http.requests
    assert login.session is page.session
    assert page.headers == {}


async def test_all_requests_of_a_poll_share_one_deadline() -> None:
    """A login that takes its time leaves less for the page."""

    class Slow(FakeHttp):
        async def fetch(self, request: HttpRequest) -> HttpResponse:
            await asyncio.sleep(0.06)
            return await super().fetch(request)

    http = Slow(FormDevice())

    with pytest.raises(OutboundTimeoutError, match=r"within 0\.1 s"):
        await Pages().fetch(asked(credential("form"), timeout_s=0.1), http)

    left = [r.timeout for r in http.requests]
    assert left == sorted(left, reverse=True)
    assert left[0] <= 0.1


class Clockwork:
    """A device that numbers its pages, with an ETag made by `tag`."""

    def __init__(self, tag: Callable[[int], str]) -> None:
        self.count = 0
        self._tag = tag

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 304 to who has the page."""
        etag = self._tag(self.count)
        if request.headers.get("If-None-Match") == etag:
            return answer(b"", status=304)
        return answer(b"page %d" % self.count, etag=etag)


async def test_unchanged_page_is_answered_from_the_last_one() -> None:
    """A validator that changed with its page is used, and a 304 stands for it."""
    device = Clockwork(lambda count: f'"{count}"')
    http, pages, got = FakeHttp(device), Pages(), []
    for device.count in (0, 0, 1, 1, 1, 2, 2):
        found = await pages.fetch(asked(Credential()), http)
        got.append((found.response.body, found.response.status, found.unchanged))

    assert got == [
        (b"page 0", 200, False),
        (b"page 0", 200, False),
        (b"page 1", 200, False),
        (b"page 1", 200, True),
        (b"page 1", 200, True),
        (b"page 2", 200, False),
        (b"page 2", 200, True),
    ]


async def test_validator_that_stays_while_the_page_moves_is_never_used() -> None:
    """An ETag of the file behind the page would stop the meter."""
    device = Clockwork(lambda _: '"file"')
    http, pages, got = FakeHttp(device), Pages(), []
    for device.count in range(5):
        got.append((await pages.fetch(asked(Credential()), http)).response.body)

    assert got == [b"page %d" % count for count in range(5)]
    assert all(not r.headers for r in http.requests)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://pdu/other"},
        {"headers": {"X": "2"}},
        {"auth": Credential(kind="bearer", secret="x")},
        {"method": "POST"},
        {"key": ""},
        {"key": "e2"},
    ],
)
async def test_condition_is_of_the_same_request_only(change: dict[str, Any]) -> None:
    """What belongs to another request, or to none, is asked for whole."""
    device = Clockwork(lambda count: f'"{count}"')
    http, pages = FakeHttp(device), Pages()
    for device.count in (0, 1):
        await pages.fetch(asked(Credential()), http)

    got = await pages.fetch(asked(**{"auth": Credential(), **change}), http)

    assert got.response.body == b"page 1"
    assert not got.unchanged


async def test_large_pages_are_not_kept() -> None:
    """Over 64 kB a page is asked for whole each time."""

    def device(request: HttpRequest) -> HttpResponse:
        assert "If-None-Match" not in request.headers
        size = 70_000 + len(http.requests)
        return answer(b"x" * size, etag=f'"{size}"')

    http, pages = FakeHttp(device), Pages()
    for _ in range(4):
        assert not (await pages.fetch(asked(Credential()), http)).unchanged


@pytest.mark.parametrize(("second", "asks"), [(5, True), (0, False)])
async def test_date_is_a_validator_when_it_is_surely_past(
    second: int,
    asks: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """A page may change again within the second of its date."""

    def device(_: HttpRequest) -> HttpResponse:
        minute = len(http.requests)
        changed = f"Tue, 03 Mar 2026 10:{minute:02}:00 GMT"
        return answer(
            b"page %d" % minute,
            last_modified=changed,
            date=f"Tue, 03 Mar 2026 10:{minute:02}:{second:02} GMT",
        )

    http, pages = FakeHttp(device), Pages()
    for _ in range(3):
        await pages.fetch(asked(Credential()), http)

    assert ("If-Modified-Since" in http.requests[2].headers) is asks


@pytest.mark.parametrize(
    ("expected", "body", "content_type", "good"),
    [
        ("json", b' {"a": 1}', "text/html", True),
        ("json", b"\xef\xbb\xbf[1]", "", True),
        ("json", b"<html>404</html>", "application/json", False),
        ("xml", b"<?xml version='1.0'?><a/>", "text/plain", True),
        ("xml", b"<!DOCTYPE html><p>", "text/xml", False),
        ("html", b"<table>", "text/html", True),
        ("html", b"<!doctype html><table>", "", True),
        ("html", b'{"a": 1}', "application/json", False),
        ("application/json", b"x", "application/json; charset=utf-8", True),
        ("application/json", b"{}", "text/html", False),
    ],
)
def test_content_is_what_was_expected(
    expected: str,
    body: bytes,
    content_type: str,
    good: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """A 200 with another page is `unexpected_content`."""
    request = asked(Credential(), expect_type=expected)
    found = Answer(answer(body, content_type=content_type))

    if good:
        check_content(request, found)
        return
    with pytest.raises(UnexpectedContentError, match="expected"):
        check_content(request, found)


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ("Zähler 7".encode(), True),
        ("Zähler 7".encode("cp1252"), True),
        (b"Error", False),
    ],
)
def test_content_has_the_expected_text(body: bytes, good: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """A required text is found whatever the page's charset is."""
    request = asked(Credential(), expect_text="Zähler")

    if good:
        check_content(request, Answer(answer(body)))
        return
    with pytest.raises(UnexpectedContentError, match="Zähler"):
        check_content(request, Answer(answer(body)))


def test_content_of_a_refusal_is_not_judged() -> None:
    """A 401 stays a 401."""
    request = asked(Credential(), expect_type="json")
    check_content(request, Answer(answer(b"<html>", status=401)))


def test_texts_show_no_secret() -> None:
    """Neither of a credential nor of a request or an answer."""
    request = asked(credential("basic"), headers={"X-Key": "hunter2"})
    shown = f"{request} {request.auth} {Answer(answer(b'hunter2'), secrets=('x',))}"

    assert "hunter2" not in shown


def test_shapes_are_all_a_page_may_show() -> None:
    """Plain, as Basic, in a URL, in a form, in JSON."""
    auth = Credential(kind="basic", username="me", secret='a b"/ü')

    assert set(auth.shapes()) == {
        'a b"/ü',
        "bWU6YSBiIi/DvA==",
        "a%20b%22/%C3%BC",
        "a+b%22%2F%C3%BC",
        'a b\\"/ü',
    }
