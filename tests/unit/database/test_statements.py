"""What is told about a statement before it is sent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nxforge_core.database import NaiveDatetimeError
from nxforge_core.database._statements import check_arguments, leaves_session_clean


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  -- why\n/* and how */ select set_of_things FROM t;",
        "INSERT INTO t VALUES ($1) ON CONFLICT (x) DO UPDATE SET x = 1",
        "UPDATE t SET x = 1",
        "WITH a AS (SELECT 1) DELETE FROM t",
        "SELECT pg_advisory_xact_lock(1)",
    ],
)
def test_plain_query_leaves_the_session_clean(sql: str) -> None:
    """Such a connection goes back without a reset."""
    assert leaves_session_clean(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SET search_path = x",
        "SELECT 1; SET search_path = x",
        "SELECT set_config('a', 'b', false)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock_shared(1)",
        "SELECT 1 INTO TEMP t",
        "LISTEN x",
        "DO $$ BEGIN END $$",
        "CALL p()",
        "CREATE TEMP TABLE t (x int)",
        "-- SELECT\nSET x = 1",
        "",
    ],
)
def test_anything_else_is_taken_as_touching_the_session(sql: str) -> None:
    """Where it is not plain, the connection is reset."""
    assert not leaves_session_clean(sql)


def test_naive_datetime_is_named_by_position() -> None:
    """Alone, in a list and behind an aware one."""
    aware, naive = datetime.now(UTC), datetime(2026, 1, 1)  # noqa: DTZ001 - the subject
    check_arguments([1, aware, [aware, aware], "x", None, []])
    for arguments in ([aware, naive], [1, [naive]], [1, (aware, naive)]):
        with pytest.raises(NaiveDatetimeError) as refused:
            check_arguments(arguments)
        assert refused.value.position == 2
        assert "aware" in refused.value.remedy
