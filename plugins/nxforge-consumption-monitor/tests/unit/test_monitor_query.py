"""Texts of a readings query become values, or an error that names the text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nxforge_consumption_monitor.report import (
    ReadingsQuery,
    decode_query,
    encode_cursor,
)
from nxforge_consumption_monitor.store import RowKey
from nxforge_core.api import InvalidInputError

_ZONE = ZoneInfo("Europe/Bucharest")
_ID = "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-31", datetime(2025, 3, 30, 21, tzinfo=UTC)),
        ("2025-03-31T06:00Z", datetime(2025, 3, 31, 6, tzinfo=UTC)),
        ("2025-03-31T06:00:00+03:00", datetime(2025, 3, 31, 3, tzinfo=UTC)),
        ("2025-03-31T06:00:00 03:00", datetime(2025, 3, 31, 3, tzinfo=UTC)),
        ("2025-03-31T06:00:00", datetime(2025, 3, 31, 3, tzinfo=UTC)),
    ],
)
def test_query_reads_dates_and_instants(text: str, instant: datetime) -> None:
    """A date is local midnight; an instant without offset is local as well."""
    assert decode_query(ReadingsQuery(low=text), _ZONE).low == instant


@pytest.mark.parametrize(
    ("field", "members"),
    [
        ("from", {"low": "yesterday"}),
        ("to", {"high": "31.03.2025"}),
        ("from", {"low": "0001-01-01"}),
        ("from", {"low": "0001-01-01T00:00+14:00"}),
        ("to", {"high": "9999-12-31T23:59-14:00"}),
        ("to", {"low": "2025-03-31", "high": "2025-03-30"}),
        ("limit", {"limit": "0"}),
        ("limit", {"limit": "1001"}),
        ("limit", {"limit": "ten"}),
        ("limit", {"limit": "9" * 5000}),
        ("limit", {"limit": "²"}),
        ("success", {"success": "maybe"}),
        ("endpointId", {"endpoint_id": "rack-1"}),
        ("cursor", {"cursor": "ÿ"}),
        ("cursor", {"cursor": "bm90aGluZw"}),
    ],
)
def test_query_names_the_value_it_cannot_read(
    field: str, members: dict[str, Any]
) -> None:
    """A wrong text is an error of the caller that names the parameter."""
    with pytest.raises(InvalidInputError) as caught:
        decode_query(ReadingsQuery(**members), _ZONE)
    assert caught.value.field == field


def test_query_takes_the_defaults_when_nothing_is_given() -> None:
    """Without parameters the newest hundred rows of all endpoints are meant."""
    wanted = decode_query(ReadingsQuery(), _ZONE)
    assert (wanted.limit, wanted.endpoint_id, wanted.success) == (100, None, None)


def test_cursor_comes_back_as_the_row_it_was_made_of() -> None:
    """The next page begins exactly where the last one ended."""
    key = RowKey(datetime(2025, 3, 31, 6, 0, 0, 123456, tzinfo=UTC), _ID, "total")
    query = ReadingsQuery(cursor=encode_cursor(key), limit="1000", success="TRUE")
    wanted = decode_query(query, _ZONE)
    assert (wanted.after, wanted.limit, wanted.success) == (key, 1000, True)
