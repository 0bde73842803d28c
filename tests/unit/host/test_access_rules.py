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

Speak = Callable[..., httpx.AsyncClient]

COOKIE = "nxforge-session"


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
        ("x-nxforge-session=reader", 401),
        (";;==;", 401),
    ],
)
async def test_cookie_opens_pages(speak: Speak, cookie: str, status: int) -> None:
    """A session's cookie opens pages, whatever else is in the header."""
    page = RouteSpec("GET", "/", tell, permission="probe:things:read")

    answer = await speak(page, prefix="").get("/", headers={"cookie": cookie})

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/api/v1/m/probe/x", "//api/v1/m/probe/x"])
async def test_cookie_never_opens_the_api(speak: Speak, path: str) -> None:
    """However the path is written, the API wants the header."""
    answer = await speak(API).get(
        f"http://host{path}", headers={"cookie": f"{COOKIE}=reader"}
    )

    assert answer.status_code == 401


async def test_bearer_comes_before_the_cookie(speak: Speak) -> None:
    """On pages the header decides where there is one; a proxy's own is no header."""
    page = RouteSpec("GET", "/", tell, permission="probe:things:read")
    client = speak(page, prefix="")
    cookie = {"cookie": f"{COOKIE}=reader"}

    wrong = await client.get("/", headers={**cookie, "authorization": "Bearer x"})
    proxy = await client.get("/", headers={**cookie, "authorization": "Basic x"})

    assert (wrong.status_code, proxy.status_code) == (401, 200)


class Nobody:
    """Knows no token."""

    async def principal(self, token: str) -> Principal | None:
        """None, of whatever text."""
        assert isinstance(token, str)
        return None


@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"authorization", b"cookie", b"x-other"]),
            st.binary(max_size=80),
        )
    ),
    cookie=st.booleans(),
)
async def test_no_header_does_more_than_fail(
    headers: list[tuple[bytes, bytes]], *, cookie: bool
) -> None:
    """Whatever bytes come as headers, the answer is that nobody is known."""
    with pytest.raises(UnauthenticatedError):
        await Access(Nobody()).identify(headers, cookie=cookie)
