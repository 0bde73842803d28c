"""Conversations: digest challenges and cookies, kept only in the caller's session."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING, Final

import pytest

from nxforge_core.api import (
    DigestAuth,
    HttpRequest,
    HttpSession,
    InvalidInputError,
    OutboundTimeoutError,
)
from nxforge_core.services import GuardedHttp

if TYPE_CHECKING:
    from .conftest import StartDevice

OK: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ADMIN: Final = DigestAuth("admin", "hunter2")


class Vault:
    """A device that asks for a digest, and checks it by its own arithmetic.

    Attributes:
        uses: How often a nonce is good.
    """

    def __init__(
        self, challenge: str, uses: int = 100, word: str = ADMIN.password
    ) -> None:
        self._challenge = challenge
        self._word = word
        self._uses = self._left = uses
        self._nonce = 0

    def answer(self, head: str) -> bytes:
        """What a request with this head gets."""
        return OK if self._is_good(head) else self._refusal()

    def _refusal(self) -> bytes:
        self._nonce, self._left = self._nonce + 1, self._uses
        wanted = self._challenge.format(nonce=f"n{self._nonce}")
        return (
            f"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {wanted}\r\n"
            "Content-Length: 4\r\n\r\nnope"
        ).encode()

    def _is_good(self, head: str) -> bool:
        found = re.search(r"(?i)^authorization: Digest (.*?)\r$", head, re.MULTILINE)
        if found is None or self._left == 0:
            return False
        parts = {
            name: quoted or plain
            for name, quoted, plain in re.findall(
                r'(\w+)=(?:"([^"]*)"|([^,\s]*))', found[1]
            )
        }
        self._left -= 1
        method, uri, _ = head.split(" ", 2)
        name = parts.get("algorithm", "MD5").lower().replace("-", "")

        def digest(text: str) -> str:
            return hashlib.new(name, text.encode()).hexdigest()

        expected = digest(
            f"{digest(f'admin:rack:{self._word}')}:n{self._nonce}:{parts['nc']}:"
            f"{parts['cnonce']}:auth:{digest(f'{method}:{uri}')}"
        )
        return parts["response"] == expected and parts["uri"] == uri


@pytest.mark.parametrize(
    "challenge",
    [
        'Digest realm="rack", nonce="{nonce}", qop="auth"',
        'Digest realm="rack", nonce="{nonce}", qop="auth", algorithm=SHA-256',
        'Digest realm="rack", nonce="{nonce}", qop="auth", algorithm=SHA256',
        "Digest realm=rack, nonce={nonce}, qop=auth,auth-int, algorithm=MD5",
    ],
)
async def test_digest_is_answered_within_the_fetch(
    http: GuardedHttp, device: StartDevice, challenge: str
) -> None:
    """The first request carries nothing; the second one convinces the device."""
    vault, meter = Vault(challenge), None

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        assert meter is not None
        writer.write(vault.answer(meter.heads[-1]))

    meter = await device(talk)
    url = f"{meter.url}cgi/values?x=a%20b"
    answer = await http.fetch(meter.request(url=url, auth=ADMIN))

    assert (answer.status, answer.body) == (200, b"ok")
    assert ["Authorization: " in head for head in meter.heads] == [False, True]
    assert "hunter2" not in "".join(meter.heads)


async def test_digest_is_kept_by_a_session_until_its_nonce_is_stale(
    http: GuardedHttp, device: StartDevice
) -> None:
    """One exchange for each fetch, and two when the device wants a new nonce."""
    vault = Vault('Digest realm="rack", nonce="{nonce}", qop="auth"', uses=3)
    meter = None

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        assert meter is not None
        writer.write(vault.answer(meter.heads[-1]))

    meter, session = await device(talk), HttpSession()
    asked = []
    for _ in range(5):
        before = len(meter.heads)
        answer = await http.fetch(meter.request(auth=ADMIN, session=session))
        assert answer.status == 200
        asked.append(len(meter.heads) - before)

    assert asked == [2, 1, 1, 2, 1]


async def test_digest_is_sent_once_when_the_password_is_wrong(
    http: GuardedHttp, device: StartDevice
) -> None:
    """The second 401 is the answer: devices lock accounts."""
    vault = Vault('Digest realm="rack", nonce="{nonce}", qop="auth"', word="other")
    meter = None

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        assert meter is not None
        writer.write(vault.answer(meter.heads[-1]))

    meter = await device(talk)

    assert (await http.fetch(meter.request(auth=ADMIN))).status == 401
    assert len(meter.heads) == 2


async def test_digest_answers_no_other_challenge(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A device that wants Basic gets nothing: the password would be readable."""
    meter = await device(
        b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\n"
        b"Content-Length: 0\r\n\r\n"
    )

    assert (await http.fetch(meter.request(auth=ADMIN))).status == 401
    assert len(meter.heads) == 1


async def test_digest_is_within_the_one_deadline(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Both exchanges together end at `timeout`."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=x, nonce=y\r\n"
            b"Content-Length: 0\r\n\r\n"
        )

    meter = await device(talk)
    with pytest.raises(OutboundTimeoutError):
        await http.fetch(meter.request(auth=ADMIN, timeout=0.5))


async def test_session_sends_what_the_host_set(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Cookies of every answer, redirects included, by their paths, until taken back."""
    answers = iter(
        [
            (
                b"HTTP/1.1 302 Go\r\nLocation: /in\r\n"
                b"Set-Cookie: sid=1; Path=/; HttpOnly\r\n"
                b"Set-Cookie: deep=2; Path=/deep\r\nContent-Length: 0\r\n\r\n"
            ),
            OK,
            OK,
            (
                b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=; Max-Age=0; Path=/\r\n"
                b"Content-Length: 2\r\n\r\nok"
            ),
            OK,
        ]
    )

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(next(answers))

    meter, session = await device(talk), HttpSession()
    for path in ("", "deep/x", "", ""):
        url = meter.url + path
        await http.fetch(meter.request(url=url, session=session))

    assert [cookies(head) for head in meter.heads] == [
        set(),
        {"sid=1"},
        {"sid=1", "deep=2"},
        {"sid=1"},
        set(),
    ]


def cookies(head: str) -> set[str]:
    """Return the cookies of a request."""
    found = re.search(r"(?i)^cookie: (.*?)\r$", head, re.MULTILINE)
    return set(found[1].split("; ")) if found else set()


async def test_session_tells_others_nothing(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Another session, or none, sends no cookie of this one."""
    meter = await device(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    )
    for session in (HttpSession(), HttpSession(), None):
        await http.fetch(meter.request(session=session))

    assert [cookies(head) for head in meter.heads] == [set(), set(), set()]


async def test_session_is_refused_for_another_host(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Its cookies could go nowhere else even by mistake."""
    meter, session = await device(OK), HttpSession()
    await http.fetch(meter.request(session=session))

    with pytest.raises(InvalidInputError, match="session"):
        await http.fetch(HttpRequest(url="http://127.0.0.2/", session=session))


async def test_session_stays_small_when_a_device_sets_ever_new_cookies(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Fifty are kept, none of over 4 kB; those that are known can still change."""
    count = 0

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        many = "".join(f"Set-Cookie: c{count}-{n}=x; Path=/\r\n" for n in range(9))
        text = f"{many}Set-Cookie: sid={count}; Path=/\r\n"
        text += f"Set-Cookie: long={'x' * 5000}; Path=/\r\nContent-Length: 0"
        writer.write(f"HTTP/1.1 200 OK\r\n{text}\r\n\r\n".encode())

    meter, session = await device(talk), HttpSession()
    for _ in range(12):
        assert (await http.fetch(meter.request(session=session))).status == 200

    sent = cookies(meter.heads[-1])
    assert len(sent) == 50
    assert "sid=11" in sent
    assert not any(cookie.startswith("long=") for cookie in sent)


async def test_session_leaves_a_cookie_of_the_request_alone(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Who writes the header has the last word."""
    meter = await device(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    )
    session = HttpSession()
    for _ in range(2):
        await http.fetch(meter.request(session=session, headers={"Cookie": "own=1"}))

    assert [cookies(head) for head in meter.heads] == [{"own=1"}, {"own=1"}]
