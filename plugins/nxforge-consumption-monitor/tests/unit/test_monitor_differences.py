"""Stored hours, days and months beside computed ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from nxforge_consumption_monitor.models import RollupRow
from nxforge_consumption_monitor.restate import Locks, differences
from nxforge_consumption_monitor.store import HeldEndpoint

_NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)


def _row(hour: int, kwh: str, **members: Any) -> RollupRow:
    nothing: dict[str, Any] = dict.fromkeys(RollupRow.__struct_fields__)
    known = {
        "channel": "total",
        "grain": "hour",
        "start_ts": _NOON + timedelta(hours=hour),
        "end_ts": _NOON + timedelta(hours=hour + 1),
        "energy_kwh": Decimal(kwh),
    }
    return RollupRow(**nothing | known | members)


def _rows(*rows: RollupRow) -> dict[tuple[str, datetime], RollupRow]:
    return {(row.grain, row.start_ts): row for row in rows}


def _nobody(row: RollupRow) -> bool:
    del row
    return False


def _energies(found: Any) -> list[tuple[Decimal | None, Decimal | None]]:
    return [(each.before_kwh, each.after_kwh) for each in found]


def test_rows_that_agree_are_no_difference() -> None:
    """However many zeros the database adds to a number."""
    found = differences(
        _rows(_row(0, "1.500000")), _rows(_row(0, "1.5")), first=None, locked=_nobody
    )
    assert found == []


def test_changed_new_and_vanished_rows_are_differences() -> None:
    """In order of time, each with what was and what is."""
    found = differences(
        _rows(_row(0, "1"), _row(1, "2"), _row(2, "3")),
        _rows(_row(1, "2.5"), _row(2, "3"), _row(3, "4")),
        first=None,
        locked=_nobody,
    )
    assert _energies(found) == [(1, None), (2, Decimal("2.5")), (None, 4)]


def test_rows_computed_from_readings_that_are_gone_stay() -> None:
    """Retention deletes readings, not what was computed from them."""
    first = _NOON + timedelta(hours=1, minutes=30)
    found = differences(
        _rows(_row(0, "1"), _row(1, "2"), _row(2, "3")),
        _rows(_row(1, "0.5"), _row(2, "3.5")),
        first=first,
        locked=_nobody,
    )
    assert _energies(found) == [(3, Decimal("3.5"))]


def test_first_row_of_all_is_compared_though_it_began_before_its_reading() -> None:
    """Without an older row there is nothing that retention could have deleted."""
    found = differences(
        _rows(_row(0, "1")),
        _rows(_row(0, "2")),
        first=_NOON + timedelta(minutes=3),
        locked=_nobody,
    )
    assert _energies(found) == [(1, 2)]


def test_locked_row_is_listed_even_where_it_agrees() -> None:
    """Its month may have been adjusted before; what agrees now takes that back."""
    [found] = differences(
        _rows(_row(0, "1")), _rows(_row(0, "1")), first=None, locked=lambda _: True
    )
    assert found.locked


def test_locks_cover_what_touches_a_month_of_the_endpoints_zone() -> None:
    """March begins at 18:15 UTC in Kathmandu: the hour around it is locked as well."""
    nothing: dict[str, Any] = dict.fromkeys(HeldEndpoint.__struct_fields__)
    endpoint = HeldEndpoint(**nothing | {"id": "x", "tz": "Asia/Kathmandu"})
    locks = Locks(endpoint, [date(2025, 3, 1)], {})
    begin = datetime(2025, 2, 28, 18, tzinfo=UTC)
    hour = timedelta(hours=1)
    around = [
        _row(0, "1", start_ts=at, end_ts=at + hour)
        for at in (begin - hour, begin, begin + hour)
    ]
    assert [locks.covers(row) for row in around] == [False, True, True]
    assert not locks.hold(begin)
    assert locks.hold(begin + timedelta(minutes=15))
