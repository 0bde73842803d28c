"""Who is let through: the header, the cookie, and what is neither."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import RouteSpec, UnauthenticatedError
from nxforge_core.host._access import Access
from nxforge_core.security import Principal
from nxforge_core.security.people import CookieNames

Speak = Callable[..., httpx.AsyncClient]

COOKIE = "nxforge-0badcafe"


async def tell() -> str:
    """Answer."""
    return "told"


API = RouteSpec("GET", "/x", tell, permission="probe:things:read")
WRITE = RouteSpec("POST", "/x", tell, permission="probe:things:write")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer reader", 200),
        ("bearer reader", 200),
        ("BEARER  reader ", 200),
        ("Bearer admin", 200),
        ("Bearer nobody", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("", 401),
        ("reader", 401),
        ("Basic cmVhZGVyOg==", 401),
        ("Bearerreader", 401),
        ("Bearer\treader", 401),
        ("Bearer reader, Bearer admin", 401),
    ],
)
async def test_authorization_header(speak: Speak, header: str, status: int) -> None:
    """Only a bearer token that is known opens the API."""
    answer = await speak(API).get(
        "/api/v1/m/probe/x", headers={"authorization": header}
    )

    assert answer.status_code == status


async def test_first_bearer_counts(speak: Speak) -> None:
    """Of two headers the first token counts; other schemes are passed over."""
    headers = [("authorization", "Basic x"), ("authorization", "Bearer reader")]

    answer = await speak(API).get("/api/v1/m/probe/x", headers=headers)

    assert answer.status_code == 200


async def test_missing_permission_is_forbidden_before_the_body_is_read(
    speak: Speak,
) -> None:
    """A caller who may not write learns that, not what is wrong with the body."""
    answer = await speak(API, WRITE).post(
        "/api/v1/m/probe/x", content=b"{", headers={"authorization": "Bearer reader"}
    )

    assert answer.status_code == 403
    assert "probe:things:write" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("cookie", "status"),
    [
        (f"{COOKIE}=reader", 200),
        (f'a=b; {COOKIE}="reader"; c=d', 200),
        (f'broken="; {{}}; {COOKIE}=reader', 200),
        (f"{COOKIE}=nobody", 401),
        (f"{COOKIE}=", 401),
        (f"{COOKIE}", 401),
        (f"x-{COOKIE}=reader", 401),
        (";;==;", 401),
    ],
)
async def test_cookie_opens_what_is_only_read(
    speak: Speak, cookie: str, status: int
) -> None:
    """A session's cookie counts, whatever else is in the header."""
    page = RouteSpec("GET", "/", tell, permission="probe:things:read")

    answer = await speak(page, prefix="").get("/", headers={"cookie": cookie})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://host"}, 200),
        ({"origin": "http://HOST:80"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://host", "sec-fetch-site": "same-origin"}, 200),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://evil"}, 403),
        ({"origin": "http://host.evil"}, 403),
        ({"origin": "http://host:8080"}, 403),
        ({"origin": "http://host@evil"}, 403),
        ({"origin": "http://host:x"}, 403),
        ({"origin": "file://host"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://host", "sec-fetch-site": "cross-site"}, 403),
        ({"referer": "http://host/"}, 403),
    ],
)
async def test_cookie_changes_nothing_for_other_sites(
    speak: Speak, headers: dict[str, str], status: int
) -> None:
    """What a browser sends unasked counts only from a page of this very host."""
    write = RouteSpec("POST", "/y", tell, permission="probe:things:read", status=200)
    cookie = {"cookie": f"{COOKIE}=reader"}

    answer = await speak(write).post("/api/v1/m/probe/y", headers=headers | cookie)

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "cross_origin"


@pytest.mark.parametrize(("origin", "status"), [("https", 200), ("http", 403)])
async def test_over_tls_a_page_without_it_is_another_site(
    speak: Speak, origin: str, status: int
) -> None:
    """Whoever sits on the way can write a page of this host's name on plain http."""
    write = RouteSpec("POST", "/y", tell, permission="probe:things:read", status=200)
    headers = {"cookie": f"__Host-{COOKIE}=reader", "origin": f"{origin}://host"}

    answer = await speak(write).post("https://host/api/v1/m/probe/y", headers=headers)

    assert answer.status_code == status


async def test_bearer_token_comes_from_anywhere(speak: Speak) -> None:
    """No site can make a browser send a token: its origin says nothing."""
    write = RouteSpec("POST", "/y", tell, permission="probe:things:read", status=200)
    headers = {"authorization": "Bearer reader", "origin": "http://elsewhere"}

    answer = await speak(write).post("/api/v1/m/probe/y", headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("scheme", "name", "status"),
    [
        ("https", f"__Host-{COOKIE}", 200),
        ("https", COOKIE, 401),
        ("http", f"__Host-{COOKIE}", 401),
        ("http", "nxforge-12345678", 401),
    ],
)
async def test_cookie_has_the_name_of_its_connection_and_its_host(
    speak: Speak, scheme: str, name: str, status: int
) -> None:
    """Over TLS a cookie that anybody may have planted does not count."""
    url = f"{scheme}://host/api/v1/m/probe/x"

    answer = await speak(API).get(url, headers={"cookie": f"{name}=reader"})

    assert answer.status_code == status


async def test_bearer_comes_before_the_cookie(speak: Speak) -> None:
    """On pages the header decides where there is one; a proxy's own is no header."""
    page = RouteSpec("GET", "/", tell, permission="probe:things:read")
    client = speak(page, prefix="")
    cookie = {"cookie": f"{COOKIE}=reader"}

    wrong = await client.get("/", headers={**cookie, "authorization": "Bearer x"})
    proxy = await client.get("/", headers={**cookie, "authorization": "Basic x"})

    assert (wrong.status_code, proxy.status_code) == (401, 200)


class Nobody:
    """Knows no token and no session."""

    async def bearer(self, token: str) -> Principal | None:
        """None, of whatever text."""
        assert isinstance(token, str)
        return None

    async def session(self, text: str) -> Principal | None:
        """None, of whatever text."""
        assert isinstance(text, str)
        return None


@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"authorization", b"cookie", b"origin", b"x-other"]),
            st.binary(max_size=80),
        )
    ),
    method=st.sampled_from(["GET", "POST"]),
)
async def test_no_header_does_more_than_fail(
    headers: list[tuple[bytes, bytes]], method: str
) -> None:
    """Whatever bytes come as headers, the answer is that nobody is known."""
    scope = {"headers": headers, "method": method, "scheme": "http"}
    with pytest.raises(UnauthenticatedError):
        await Access(Nobody(), CookieNames("0badcafe")).identify(scope)
