"""Drafts are kept for their owner, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nxforge_consumption_monitor.pages._drafts import Drafts, UnknownDraftError

NOW = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)


def test_owner_finds_the_draft_again() -> None:
    """By its name, which nobody can guess."""
    drafts: Drafts[str] = Drafts()
    first, second = (drafts.keep("ann", text, NOW) for text in ("one", "two"))
    assert first != second
    assert drafts.find("ann", first, NOW) == "one"
    assert drafts.find("ann", second, NOW) == "two"


@pytest.mark.parametrize(
    ("owner", "later"), [("bob", timedelta()), ("ann", timedelta(minutes=30))]
)
def test_draft_is_nobody_elses_and_not_for_ever(owner: str, later: timedelta) -> None:
    """Whoever else has the address sees nothing, and neither does a late comer."""
    drafts: Drafts[str] = Drafts()
    name = drafts.keep("ann", "one", NOW)
    with pytest.raises(UnknownDraftError):
        drafts.find(owner, name, NOW + later)


def test_what_is_stored_is_forgotten() -> None:
    """Its name leads nowhere then; forgetting it twice is no fault."""
    drafts: Drafts[str] = Drafts()
    name = drafts.keep("ann", "one", NOW)
    drafts.forget(name)
    drafts.forget(name)
    with pytest.raises(UnknownDraftError):
        drafts.find("ann", name, NOW)


def test_oldest_draft_makes_room() -> None:
    """However many are begun, two hundred are kept."""
    drafts: Drafts[int] = Drafts()
    names = [drafts.keep("ann", place, NOW) for place in range(201)]
    with pytest.raises(UnknownDraftError):
        drafts.find("ann", names[0], NOW)
    assert drafts.find("ann", names[1], NOW) == 1
    assert drafts.find("ann", names[200], NOW) == 200
