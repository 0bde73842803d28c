"""Which passwords are accepted, and how they are checked."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security.people import LoginBusyError, WeakPasswordError
from nxforge_core.security.people._hashing import Hasher
from nxforge_core.security.people._password import check_password

KNOWN = ("ada.lovelace", "Ada Lovelace", "ada@example.org", "nxforge", "rack-host")


@pytest.mark.parametrize(
    "password",
    [
        "seven green lamps",
        "zwölf blaue Äpfel",
        "日本語のパスワードです長い",
        "            a b c d e f",
        "correct horse battery staples",
        "x7$kQ2!mP9zL",
        "no digits no capitals",
        "ada and seven lamps",
        "a" * 60 + "bcdef" + "z" * 63,
        "🔑🐴🔋📎🌈🍏🍎🍐🍊🍋🍌🍉",
    ],
)
def test_long_enough_is_good_enough(password: str) -> None:
    """No rule asks for kinds of characters; 128 of them are taken."""
    check_password(password, 12, KNOWN)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "fewer than 12"),
        ("", "fewer than 12"),
        ("x y z " * 43, "more than 256"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("121212121212", "repeats"),
        ("password12345", "everybody tries"),
        ("Password2026!!", "everybody tries"),
        ("!!ADMINISTRATOR!!", "everybody tries"),
        ("CorrectHorseBatteryStaple", "everybody tries"),
        ("abcdefghijkl", "everybody tries"),
        ("123456789012", "everybody tries"),
        ("987654321098", "everybody tries"),
        ("AdaLovelace1843", "name that others know"),
        ("nxforge-nxforge1", "name that others know"),
        ("rack-host-2026", "name that others know"),
        ("ada@example.org", "name that others know"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, why: str) -> None:
    """Short, common, repeated, or made of names: the error says which, not what."""
    with pytest.raises(WeakPasswordError, match=why) as caught:
        check_password(password, 12, KNOWN)
    assert not password or password not in str(caught.value)


@given(text=st.text(max_size=300), known=st.lists(st.text(max_size=20), max_size=4))
def test_any_text_is_judged(text: str, known: list[str]) -> None:
    """Whatever is typed, the answer is yes or no."""
    try:
        check_password(text, 12, known)
    except WeakPasswordError:
        return
    assert 12 <= len(text) <= 256


async def test_hash_is_argon2id_at_the_recommended_cost() -> None:
    """19 MiB, two passes, one lane; twice the same password is two hashes."""
    hasher = Hasher()
    first, second = await hasher.hash("x"), await hasher.hash("x")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert not hasher.is_dated(first)
    assert hasher.is_dated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$xrv5Jg")


async def test_only_the_very_password_is_right() -> None:
    """Nothing is cut, folded or trimmed; garbage in the table is nobody's password."""
    hasher = Hasher()
    kept = await hasher.hash("Seven \ud800 lamps")

    assert await hasher.verify(kept, "Seven \ud800 lamps")
    for wrong in ("seven \ud800 lamps", "Seven \ud800 lamps ", "Seven", ""):
        assert not await hasher.verify(kept, wrong)
    assert not await hasher.verify("no hash", "x")
    assert not await hasher.verify(None, "somebody else's")


async def test_nobody_takes_as_long_as_somebody() -> None:
    """By the time of an answer no account can be told from none."""
    hasher = Hasher()
    kept = await hasher.hash("x")
    await hasher.verify(None, "y")
    somebody, nobody = [], []
    for _ in range(9):
        for held, times in ((kept, somebody), (None, nobody)):
            began = time.perf_counter()
            await hasher.verify(held, "y")
            times.append(time.perf_counter() - began)

    assert median(nobody) == pytest.approx(median(somebody), rel=0.6)


async def test_flood_of_log_ins_is_turned_away() -> None:
    """Only so many wait for their turn; the loop is never held up by a hash."""
    hasher = Hasher()
    kept = await hasher.hash("x")
    await hasher.verify(kept, "x")
    answers = await asyncio.gather(
        *(hasher.verify(kept, "x") for _ in range(40)), return_exceptions=True
    )

    assert answers.count(True) == 32
    assert sum(isinstance(answer, LoginBusyError) for answer in answers) == 8
