"""Tariffs are entered as people write them, and bill whom they are given."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from looking import act, done, look

from nxforge_consumption_monitor.endpoints import show
from nxforge_consumption_monitor.groups import GroupBody, create_group, show_group
from nxforge_consumption_monitor.pages import TARIFF_PAGE, TARIFFS_PAGE
from nxforge_consumption_monitor.tariffs import list_tariffs, show_tariff
from nxforge_core.ui import Trouble


def fields(**more: str) -> dict[str, str]:
    """What is entered of a tariff with a peak and a fee."""
    known = {
        "name": "Day and night",
        "currency": "EUR",
        "valid_from": "2025-01-01",
        "rate": "0.20",
        "windows": "peak Mon-Fri 07:00-20:00 0,32\nSunday rate Sun 00:00-00:00 0.15",
        "fixed_monthly": "12",
        "tax_percent": "19",
        "demand": "0",
        "contracted_kw": "0",
        "pue": "1",
    }
    return known | more


async def stored(monitor: Any) -> str:
    """The id of a new tariff."""
    go = done(await act(monitor, TARIFFS_PAGE, "add-a-tariff", fields())).go
    assert go is not None
    return str(go.params["id"])


async def test_tariff_is_entered_as_people_write_it(monitor: Any) -> None:
    """Bands are lines, days are names, and a price begins at local midnight."""
    empty = await look(monitor, TARIFFS_PAGE)
    assert empty.failed == []
    first = empty.card("add-a-tariff").css_first("[name=valid_from]")
    assert first is not None
    assert first.attributes["value"] == "2025-01-01"

    tariff = await show_tariff(monitor.pool, await stored(monitor))
    [price] = tariff.prices
    assert price.valid_from == datetime(2024, 12, 31, 22, tzinfo=UTC)
    assert [(each.name, each.weekdays, each.price) for each in price.windows] == [
        ("peak", (0, 1, 2, 3, 4), Decimal("0.32")),
        ("Sunday rate", (6,), Decimal("0.15")),
    ]
    assert (price.fixed_monthly, price.tax_percent) == (Decimal(12), Decimal(19))
    [row] = (await look(monitor, TARIFFS_PAGE)).rows("tariffs")
    assert row[0] == "Day and night"
    assert row[1].endswith("else 0.2")
    assert "nothing" in row[4]


async def test_price_from_a_later_day_leaves_the_earlier_one(monitor: Any) -> None:
    """The same day replaces; what the form holds is the latest price."""
    key = await stored(monitor)
    later = fields(valid_from="2025-07-01", rate="0.25", windows="")
    done(await act(monitor, TARIFF_PAGE, "price", later, id=key))
    page = await look(monitor, TARIFF_PAGE, id=key)
    assert page.failed == []
    rows = [row[:4] for row in page.rows("prices")]
    assert rows[0] == ["2025-07-01", "open", "● later", "0.25"]
    assert rows[1][:3] == ["2025-01-01", "2025-06-30", "● holds now"]
    held = page.card("price").css_first("[name=rate]")
    assert held is not None
    assert held.attributes["value"] == "0.25"

    again = fields(valid_from="2025-07-01", rate="0.27", windows="")
    done(await act(monitor, TARIFF_PAGE, "price", again, id=key))
    prices = (await show_tariff(monitor.pool, key)).prices
    assert [each.rate for each in prices] == [Decimal("0.2"), Decimal("0.27")]
    chosen = await look(monitor, TARIFF_PAGE, id=key, price="0")
    bands = chosen.card("price").css_first("[name=windows]")
    assert bands is not None
    assert bands.text().splitlines()[0] == "peak Mon-Fri 07:00-20:00 0.32"
    done(await act(monitor, TARIFF_PAGE, "prices", {"nx-one": "drop:1"}, id=key))
    assert len((await show_tariff(monitor.pool, key)).prices) == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("windows", "peak Mon-Fry 07:00-20:00 0.32"),
        ("windows", "0.32"),
        ("blocks", "1000"),
        ("currency", "Euro"),
        ("pue", "0"),
        ("valid_from", "soon"),
    ],
)
async def test_what_cannot_be_read_is_told_beside_its_field(
    monitor: Any, field: str, text: str
) -> None:
    """Nothing is stored."""
    outcome = await act(monitor, TARIFFS_PAGE, "add-a-tariff", fields(**{field: text}))
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == [field]
    assert await list_tariffs(monitor.pool) == []


async def test_blocks_are_entered_instead_of_a_price(monitor: Any) -> None:
    """Up to how many kWh, then the rest."""
    blocks = fields(rate="", windows="", blocks="1000 0.30\nrest 0.25")
    done(await act(monitor, TARIFFS_PAGE, "add-a-tariff", blocks))
    [tariff] = await list_tariffs(monitor.pool)
    limits = [each.up_to_kwh for each in tariff.prices[0].blocks]
    assert limits == [Decimal(1000), None]
    [row] = (await look(monitor, TARIFFS_PAGE)).rows("tariffs")
    assert row[1] == "1000 0.3; rest 0.25"


async def test_tariff_bills_a_group_a_meter_and_all_that_have_none(
    monitor: Any,
) -> None:
    """What is billed already keeps its tariff."""
    key = await stored(monitor)
    group = await create_group(monitor.ctx, GroupBody(name="Rack 1"))
    ids = [
        (await monitor.add("a", group_id=group.id)).id,
        (await monitor.add("b")).id,
        (await monitor.add("c")).id,
    ]
    for whom in (f"group:{group.id}", f"meter:{ids[1]}", "all"):
        done(await act(monitor, TARIFF_PAGE, "bill", {"whom": whom}, id=key))
    assert (await show_group(monitor.ctx, group.id)).tariff_id == key
    billed = [(await show(monitor.ctx, each)).tariff_id for each in ids]
    assert billed == [None, key, key]
    page = await look(monitor, TARIFF_PAGE, id=key)
    assert page.failed == []
    assert [row[1] for row in page.rows("subjects")] == ["Rack 1", "b", "c"]

    kept = await act(monitor, TARIFF_PAGE, "delete-the-tariff", id=key)
    assert isinstance(kept, Trouble)
    keys = [f"group:{group.id}", *(f"meter:{each}" for each in ids[1:])]
    release = {"nx-many": "release"}
    done(await act(monitor, TARIFF_PAGE, "subjects", release, keys, id=key))
    done(await act(monitor, TARIFF_PAGE, "delete-the-tariff", id=key))
    assert await list_tariffs(monitor.pool) == []


async def test_nobody_of_the_name_is_billed(monitor: Any) -> None:
    """What the form does not offer is refused beside its field."""
    key = await stored(monitor)
    outcome = await act(monitor, TARIFF_PAGE, "bill", {"whom": "everybody"}, id=key)
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["whom"]
