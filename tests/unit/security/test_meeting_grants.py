"""What two grants cover together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security import Principal, grants, meet

PART = st.sampled_from(["a", "b", "*"])
GRANT = st.lists(PART, min_size=1, max_size=4).map(":".join)
NAME = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=5).map(":".join)


@given(one=GRANT, other=GRANT, name=NAME)
def test_meeting_covers_what_both_cover(one: str, other: str, name: str) -> None:
    """Neither more nor less, whatever the wildcards."""
    met = meet(one, other)
    both = grants(one, name) and grants(other, name)

    assert (met is not None and grants(met, name)) == both


@given(
    held=st.frozensets(GRANT, max_size=4),
    limit=st.frozensets(GRANT, max_size=4),
    name=NAME,
)
def test_limited_caller_may_what_both_allow(
    held: frozenset[str], limit: frozenset[str], name: str
) -> None:
    """A token never exceeds its holder, nor its own limits."""
    caller = Principal("ada", "viewer", held)
    limited = caller.within(limit)

    assert limited.may(name) == (
        caller.may(name) and any(grants(each, name) for each in limit)
    )


@given(one=GRANT, other=GRANT, name=NAME)
def test_held_grant_covers_all_that_the_wanted_one_would(
    one: str, other: str, name: str
) -> None:
    """Who may give a grant away already holds each permission it covers."""
    caller = Principal("ada", "viewer", frozenset({one}))

    if not caller.lacks([other]) and grants(other, name):
        assert caller.may(name)


@pytest.mark.parametrize(
    ("held", "wanted"), [("meter:*", "*"), ("meter:a", "meter:*"), ("*:read", "a:*")]
)
def test_narrow_grant_does_not_stand_for_a_wide_one(held: str, wanted: str) -> None:
    """A part of something is not the whole."""
    assert Principal("ada", "viewer", frozenset({held})).lacks([wanted]) == [wanted]
