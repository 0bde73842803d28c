"""People whom the application around the host knows, and where it is mounted."""

from __future__ import annotations

from typing import Any

import pytest

from nxforge_core.api import Manifest, UnauthenticatedError
from nxforge_core.host import Visitor
from nxforge_core.host._access import Access
from nxforge_core.host._litestar import below
from nxforge_core.host._throttle import Throttle
from nxforge_core.host._visitor import Visitors
from nxforge_core.security import Principal, RoleBook
from nxforge_core.security.people import CookieNames, CrossOriginError

OWN = "own"
ROLES = RoleBook.of(list[Manifest]())


class Own:
    """The host's own tokens: one."""

    async def bearer(self, token: str) -> Principal | None:
        """Whose token it is."""
        return Principal("own", "viewer", frozenset()) if token == OWN else None

    async def session(self, text: str) -> Principal | None:
        """There is none."""
        del text
        return None


class Outer:
    """Reads a member of the scope, as an outer middleware leaves one."""

    async def visitor(self, scope: Any) -> Visitor | None:
        """Whoever is there."""
        found: Visitor | None = scope.get("visitor")
        return found


def access(throttle: Throttle | None = None) -> Access:
    """A door with a visitors' entrance."""
    visitors = Visitors(Outer(), ROLES)
    return Access(Own(), CookieNames("0badcafe"), throttle, visitors)


def scope(method: str = "GET", *headers: tuple[bytes, bytes], **more: Any) -> Any:
    """A request."""
    facts = {"method": method, "headers": list(headers), "scheme": "http"}
    return facts | {"client": ("192.0.2.7", 1), **more}


async def test_visitor_holds_what_the_role_holds() -> None:
    """An admin of the outer application may do everything, under their own name."""
    found = await access().identify(scope(visitor=Visitor("mona", "admin")))

    assert (found.name, found.role, found.person) == ("mona", "admin", None)
    assert found.may("anything:at:all")


async def test_own_credentials_count_for_whom_the_outer_application_does_not_know() -> (
    None
):
    """A token of the host still opens it, and without one nobody is let in."""
    known = await access().identify(scope("GET", (b"authorization", b"Bearer own")))

    assert known.name == "own"
    with pytest.raises(UnauthenticatedError):
        await access().identify(scope())


@pytest.mark.parametrize(
    "header", [(), ((b"origin", b"http://evil.example"), (b"host", b"host"))]
)
async def test_ambient_proof_counts_for_own_pages_only(header: Any) -> None:
    """A page of another site, or what does not say where it is from, is refused."""
    request = scope("POST", *header, visitor=Visitor("mona", "admin"))

    with pytest.raises(CrossOriginError):
        await access().identify(request)


async def test_proof_that_no_browser_adds_needs_no_origin() -> None:
    """A key in a header is no cookie."""
    request = scope("POST", visitor=Visitor("robot", "operator", ambient=False))

    assert (await access().identify(request)).name == "robot"


async def test_each_visitor_has_an_allowance_of_their_own() -> None:
    """Who asks too often is slowed down, and nobody else."""
    door = access(Throttle(0, 1, lambda: 0.0))
    for _ in range(10):
        await door.identify(scope(visitor=Visitor("greedy", "viewer")))

    with pytest.raises(Exception, match="greedy"):
        await door.identify(scope(visitor=Visitor("greedy", "viewer")))
    assert (await door.identify(scope(visitor=Visitor("other", "viewer")))).name


@pytest.mark.parametrize(
    ("outer", "raw", "cut", "root", "path"),
    [
        ("", b"/nx", "/", "/nx", "/nx"),
        ("", b"/nx/ui/a?b=c", "/ui/a/", "/nx", "/nx/ui/a"),
        ("", b"/nx/a%20b/", "/a b/", "/nx", "/nx/a b/"),
        ("", b"/nx/%C3%A9", "/e/", "/nx", "/nx/é"),
        ("", b"", "/ui/a/", "/nx", "/nx/ui/a/"),
        ("/shop", b"/shop/nx/a", "/a/", "/shop/nx", "/shop/nx/a"),
        ("/shop", b"/nx/a", "/a/", "/shop/nx", "/shop/nx/a"),
    ],
)
def test_path_below_litestar_is_what_was_asked_for(
    outer: str, raw: bytes, cut: str, root: str, path: str
) -> None:
    """No slash is added, and the root says where the host is."""
    given = {"root_path": outer, "raw_path": raw, "path": cut}

    found = below(given, "/nx")

    assert (found["root_path"], found["path"]) == (root, path)
