"""Login forms as devices write them, and options as people do."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from nxforge_consumption_monitor.extract import ExtractionError, Page
from nxforge_consumption_monitor.fetch import (
    Credential,
    PageRequest,
    decode_options,
    peer_certificate,
    token_expiry,
)
from nxforge_consumption_monitor.fetch._form import Form, read_form
from nxforge_consumption_monitor.fetch._options import FormOptions
from nxforge_consumption_monitor.fetch._recent import Recent
from nxforge_core.api import (
    Certificate,
    HttpRequest,
    HttpResponse,
    InvalidInputError,
)


def form(html: str, **options: Any) -> Form | None:
    """Read the form of a page."""
    return read_form(Page(html.encode(), "text/html"), FormOptions(**options))


@pytest.mark.parametrize(
    ("html", "sent"),
    [
        pytest.param(
            "<form><input name=u><input type=password name=p></form>",
            {"u": "me", "p": "pw"},
            id="plain",
        ),
        pytest.param(
            "<form><INPUT NAME=U TYPE=TEXT VALUE=admin><input TYPE=Password name=P>"
            "<input type=hidden name=t value='a&amp;b'><input type=submit name=go "
            "value=Login><input type=submit name=no value=Cancel></form>",
            {"U": "me", "P": "pw", "t": "a&b", "go": "Login"},
            id="hidden fields and the first button",
        ),
        pytest.param(
            "<input name=u><input type=password name=p><button>",
            {"u": "me", "p": "pw"},
            id="no form",
        ),
        pytest.param(
            "<table><form action=/x><tr><td><input name=u></td></tr><tr><td>"
            "<input type=password name=p></td></tr></form></table>",
            {"u": "me", "p": "pw"},
            id="a form among rows",
        ),
        pytest.param(
            "<form id=search><input name=q></form><form><input name=u>"
            "<input type=password name=p></form>",
            {"u": "me", "p": "pw"},
            id="the second form",
        ),
        pytest.param(
            "<form><select name=lang><option value=de>D<option value=en selected>E"
            "</select><select name=role><option>admin</select>"
            "<input type=checkbox name=keep checked><input type=checkbox name=no>"
            "<input type=radio name=r value=1><input type=radio name=r value=2 checked>"
            "<input name=u><input type=password name=p></form>",
            {
                "lang": "en",
                "role": "admin",
                "keep": "on",
                "r": "2",
                "u": "me",
                "p": "pw",
            },
            id="what is chosen",
        ),
        pytest.param(
            "<form><input type=password name=pin></form>",
            {"pin": "pw"},
            id="no name is asked for",
        ),
        pytest.param(
            "<form><input name='auth:user'><input type=password name='auth:pw'></form>",
            {"auth:user": "me", "auth:pw": "pw"},
            id="names with a colon",
        ),
    ],
)
def test_form_is_sent_as_a_browser_would(html: str, sent: dict[str, str]) -> None:
    """Fields keep their values; name and password go where they belong."""
    found = form(html)

    assert found is not None
    assert found.filled("me", "pw") == sent


def test_form_says_where_it_is_sent() -> None:
    """Action and method are those of the form with the password."""
    found = form(
        "<form action=/s></form><form action=' /in ' method=get>"
        "<input type=password name=p></form>"
    )

    assert found is not None
    assert (found.action, found.method) == ("/in", "GET")


def test_options_name_what_a_page_leaves_open() -> None:
    """Form, fields and further values can be said."""
    found = form(
        "<form name=a><input type=password name=p></form>"
        "<form name=b><input name=x><input name=y><input name=z></form>",
        form="b",
        username_field="x",
        password_field="z",  # noqa: S106 - the name of a field
        fields={"y": "7", "k": "8"},
    )

    assert found is not None
    assert found.filled("me", "pw") == {"x": "me", "y": "7", "z": "pw", "k": "8"}


@pytest.mark.parametrize("html", ["<p>hello", "<form><input name=u></form>"])
def test_form_is_none_when_nothing_asks_for_a_password(html: str) -> None:
    """Then there is nowhere to send it."""
    assert form(html) is None


@pytest.mark.parametrize("html", ["", "{}", "<div>" * 60_000])
def test_form_is_refused_when_the_page_is_none(html: str) -> None:
    """A page to hurt the parser is refused before it is parsed."""
    with pytest.raises(ExtractionError):
        form(html)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("ntlm", {}),
        ("basic", {"page": "/x"}),
        ("form", {"passwordfield": "x"}),
        ("form", {"method": "PUT"}),
        ("login-json", {}),
        ("login-json", {"url": ""}),
        ("login-json", {"url": "/in", "header": "a b"}),
        ("login-json", {"url": "/in", "header": ""}),
        ("login-json", {"url": "/in", "lifetimeS": 0}),
        ("bearer", {"expiresAt": "2026-03-01T00:00:00"}),
    ],
)
def test_options_are_refused_when_they_do_not_fit(
    kind: str, options: dict[str, object]
) -> None:
    """Each kind has its own, and no other."""
    with pytest.raises(InvalidInputError):
        decode_options(kind, options)


@pytest.mark.parametrize("options", [None, {}, "{}", '{"loggedOut": "x"}'])
def test_options_come_as_object_or_text(options: dict[str, object] | str) -> None:
    """From the API as an object, from the database as its text."""
    assert isinstance(decode_options("form", options), FormOptions)


def jwt(claims: object) -> str:
    """Return a token with these claims."""
    text = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{text}.signature"


@pytest.mark.parametrize(
    ("secret", "options", "ends"),
    [
        (jwt({"exp": 1_800_000_000}), {}, datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (
            jwt({"exp": 1_800_000_000}),
            {"expiresAt": "2026-03-01T00:00:00Z"},
            datetime(2026, 3, 1, tzinfo=UTC),
        ),
        (jwt({}), {}, None),
        (jwt({"exp": "soon"}), {}, None),
        (jwt({"exp": 1e300}), {}, None),
        ("a.b.c", {}, None),
        ("a.ü.c", {}, None),
        ("plain", {}, None),
    ],
)
def test_token_says_when_it_ends(
    secret: str, options: dict[str, object], ends: datetime | None
) -> None:
    """A JWT says it itself, the options overrule it, other tokens say nothing."""
    given = Credential(
        kind="bearer", secret=secret, options=decode_options("bearer", options)
    )

    assert token_expiry(given) == ends


async def test_certificate_is_asked_for_without_any_credential() -> None:
    """Who decides whom to trust has not told their password yet."""
    known = Certificate("ab" * 32, "CN=pdu", datetime(2030, 1, 1, tzinfo=UTC))
    asked: list[HttpRequest] = []

    class Device:
        async def fetch(self, request: HttpRequest) -> HttpResponse:
            asked.append(request)
            return HttpResponse(
                status=401,
                headers={},
                body=b"",
                url=request.url,
                elapsed=0.1,
                certificate=known,
            )

    request = PageRequest(
        url="https://me:pw@pdu:8443/values?token=t",
        headers={"X-Key": "k"},
        auth=Credential(kind="bearer", secret="t"),  # noqa: S106 - of a test
    )

    assert await peer_certificate(request, Device()) == known
    assert asked == [
        HttpRequest(url="https://pdu:8443/", tls="insecure", max_bytes=524_288)
    ]
    assert await peer_certificate(PageRequest(url="http://pdu/"), Device()) is None


def test_recent_forgets_what_was_not_used_for_longest() -> None:
    """The room is for what is used, whatever its weight."""
    recent = Recent[str](10, len)
    for key, thing in (("a", "xxxx"), ("b", "xxxx")):
        recent.put(key, thing)
    recent.get("a")
    recent.put("c", "xxxx")

    assert [recent.get(key) for key in "abc"] == ["xxxx", None, "xxxx"]
    recent.put("a", "x" * 11)
    assert len(recent) == 0
