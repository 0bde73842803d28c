"""Rows become structs by Python field name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from nxforge_core.database import RowShapeError
from nxforge_core.database._rows import as_structs


class Inner(msgspec.Struct, frozen=True):
    """Nested in a jsonb column."""

    n: int


class Row(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One row."""

    total_kwh: Decimal
    inner: Inner | None = None


def test_camel_case_names_do_not_matter() -> None:
    """The column is `total_kwh` though JSON says `totalKwh`."""
    rows: list[dict[str, Any]] = [
        {"inner": {"n": 1}, "total_kwh": Decimal("1.0")},
        {"inner": None, "total_kwh": Decimal(2)},
    ]
    assert as_structs(Row, rows) == [
        Row(total_kwh=Decimal("1.0"), inner=Inner(n=1)),
        Row(total_kwh=Decimal(2)),
    ]
    assert as_structs(Row, []) == []


def test_shape_errors_name_struct_and_columns() -> None:
    """What is missing and what is too much, in one message."""
    with pytest.raises(RowShapeError) as refused:
        as_structs(Row, [{"totalKwh": 1}])
    assert str(refused.value) == (
        "the query's columns do not fit Row: no column for total_kwh; "
        "no field for totalKwh"
    )


def test_nested_value_of_wrong_shape_is_refused() -> None:
    """Converted fields are converted strictly."""
    with pytest.raises(msgspec.ValidationError):
        as_structs(Row, [{"total_kwh": Decimal(1), "inner": {"n": "1"}}])
