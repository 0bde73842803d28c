"""What people do on the monitor's pages is what the API does."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from looking import act, done, look

from nxforge_consumption_monitor.endpoints import show
from nxforge_consumption_monitor.groups import GroupBody, create_group
from nxforge_consumption_monitor.pages import (
    ALERTS_PAGE,
    ENDPOINT_PAGE,
    ENDPOINTS_PAGE,
    EVENT_PAGE,
    EVENTS_PAGE,
    LOCKS_PAGE,
)
from nxforge_core.ui import Trouble


async def test_endpoints_are_disabled_and_enabled_together(monitor: Any) -> None:
    """All of those that were selected."""
    ids = [(await monitor.add(name)).id for name in ("a", "b")]
    many = {"nx-many": "disable"}
    said = done(await act(monitor, ENDPOINTS_PAGE, "endpoints", many, ids)).message
    assert said == "2 endpoints are not polled any more."
    assert not any([(await show(monitor.ctx, each)).enabled for each in ids])
    many = {"nx-many": "enable"}
    done(await act(monitor, ENDPOINTS_PAGE, "endpoints", many, ids[:1]))
    assert [(await show(monitor.ctx, each)).enabled for each in ids] == [True, False]


async def test_endpoint_is_polled_now(monitor: Any) -> None:
    """A run of the job is queued, from the list and from its own page."""
    endpoint = await monitor.add("a")
    many = {"nx-many": "poll"}
    done(await act(monitor, ENDPOINTS_PAGE, "endpoints", many, [endpoint.id]))
    done(await act(monitor, ENDPOINT_PAGE, "poll-now", id=endpoint.id))
    assert [params for _, params in monitor.jobs.asked] == [
        {"endpointIds": [endpoint.id]}
    ] * 2


async def test_archiving_keeps_what_was_read(monitor: Any) -> None:
    """One without a reading is deleted, and the words say so."""
    kept = await monitor.add("a")
    monitor.show("a", "5")
    await monitor.round()
    gone = await monitor.add("b")
    many = {"nx-many": "archive"}
    said = done(
        await act(monitor, ENDPOINTS_PAGE, "endpoints", many, [kept.id, gone.id])
    ).message
    assert said.endswith("Of 1 nothing was ever read: deleted.")
    page = await look(monitor, ENDPOINTS_PAGE)
    assert [row[1] for row in page.rows("endpoints")] == ["a"]


async def proposed(monitor: Any) -> str:
    """The id of an event that the readings propose: the register fell."""
    await monitor.add("a")
    for register in ("1000", "1001", "0.5", "0.6"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    return str(await monitor.pool.fetchval("select id from meter_event"))


async def test_event_shows_what_each_decision_would_change(monitor: Any) -> None:
    """A preview changes nothing; the decision does."""
    event = await proposed(monitor)
    page = await look(monitor, EVENT_PAGE, id=event)
    assert page.failed == []
    assert "waits for a decision" in page.text("event")
    assert page.has("if-confirmed")
    assert page.has("if-dismissed")
    fields = {"old_kwh": "1002", "new_kwh": "0", "note": "new board"}
    outcome = await act(monitor, EVENT_PAGE, "confirm", fields, id=event)
    assert f"Event {event} is confirmed" in done(outcome).message
    [row] = (await look(monitor, EVENTS_PAGE)).rows("events")
    assert row[1] == "● confirmed by somebody"
    assert row[4:6] == ["1,002.000", "0.000"]


async def test_event_can_be_dismissed(monitor: Any) -> None:
    """And not twice: the second time is told, not done."""
    event = await proposed(monitor)
    done(await act(monitor, EVENT_PAGE, "dismiss", id=event))
    again = await act(monitor, EVENT_PAGE, "dismiss", id=event)
    assert isinstance(again, Trouble)
    assert "dismissed" in again.message


async def test_event_has_its_page_however_old_it_is(monitor: Any) -> None:
    """Five hundred newer ones do not hide it."""
    endpoint = await monitor.add("a")
    await monitor.pool.execute(
        """
        insert into meter_event (endpoint_id, channel, ts, type, origin)
        select $1::uuid, 'total', $2::timestamptz - n * interval '1 min', 'jump', 'user'
        from generate_series(0, 500) as n
        """,
        endpoint.id,
        monitor.clock.now(),
    )
    oldest = "select id from meter_event order by ts limit 1"
    event = str(await monitor.pool.fetchval(oldest))
    page = await look(monitor, EVENT_PAGE, id=event)
    assert page.failed == []
    assert "waits for a decision" in page.text("event")


async def test_event_of_no_number_is_said(monitor: Any) -> None:
    """An address that names none breaks nothing else."""
    for params in ({}, {"id": "x"}, {"id": "7"}):
        page = await look(monitor, EVENT_PAGE, **params)
        assert page.failed


async def test_month_is_locked_and_unlocked(monitor: Any) -> None:
    """Both stand in the list of who did what."""
    monitor.clock.instant = datetime(2025, 2, 27, 12, tzinfo=UTC)
    await monitor.add("a", interval_s=3600)
    register = Decimal(100)
    for _ in range(60):
        monitor.show("a", str(register))
        await monitor.round()
        register += 1
        monitor.clock.pass_by(hours=1)
    fields = {"month": "2025-02", "force": "on", "note": "invoice 7"}
    said = done(await act(monitor, LOCKS_PAGE, "lock-a-month", fields)).message
    assert said == "February 2025 of every meter is locked."
    assert (await look(monitor, LOCKS_PAGE)).rows("locks")[0][0] == "2025-02"
    fields = {"month": "2025-02", "note": "wrong meter"}
    said = done(await act(monitor, LOCKS_PAGE, "unlock-a-month", fields)).message
    assert said == "February 2025 of every meter is unlocked."
    again = await act(monitor, LOCKS_PAGE, "unlock-a-month", fields)
    assert isinstance(again, Trouble)
    assert list(again.fields) == ["month"]
    rows = (await look(monitor, LOCKS_PAGE)).rows("who-did-what")
    assert [row[4] for row in rows] == ["somebody", "somebody"]


async def test_month_of_an_unknown_group_is_refused_beside_the_field(
    monitor: Any,
) -> None:
    """The words stand where they belong."""
    fields = {"month": "2025-02", "group": "nobody"}
    outcome = await act(monitor, LOCKS_PAGE, "lock-a-month", fields)
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["group"]


async def test_rule_is_added_turned_and_deleted(monitor: Any) -> None:
    """By the name of a meter, which people know."""
    await monitor.add("a")
    before = len((await look(monitor, ALERTS_PAGE)).rows("rules"))
    fields = {"kind": "power_kw", "threshold": "12.5", "meter": "a", "for_min": "5"}
    done(await act(monitor, ALERTS_PAGE, "add-a-rule", fields))
    rows = (await look(monitor, ALERTS_PAGE)).rows("rules")
    assert len(rows) == before + 1
    [own] = [row for row in rows if "power kw" in row]
    assert "12.5 kW" in own
    assert "a" in own
    key = await monitor.pool.fetchval(
        "select id from alert_rule where kind = 'power_kw'"
    )
    done(await act(monitor, ALERTS_PAGE, "rules", {"nx-one": f"turn:{key}"}))
    enabled = "select enabled from alert_rule where id = $1"
    assert await monitor.pool.fetchval(enabled, key) is False
    done(await act(monitor, ALERTS_PAGE, "rules", {"nx-one": f"delete:{key}"}))
    assert len((await look(monitor, ALERTS_PAGE)).rows("rules")) == before


async def test_rule_of_an_unknown_meter_is_refused(monitor: Any) -> None:
    """Beside the field."""
    fields = {"kind": "power_kw", "threshold": "12.5", "meter": "nobody"}
    outcome = await act(monitor, ALERTS_PAGE, "add-a-rule", fields)
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["meter"]


async def test_rule_of_a_group_names_it(monitor: Any) -> None:
    """Chosen by its name, watched by its id; a meter beside it is refused."""
    group = await create_group(monitor.ctx, GroupBody(name="Rack 1"))
    meter = await monitor.add("a", group_id=group.id)
    fields = {"kind": "power_kw", "threshold": "12.5", "group": group.id}
    done(await act(monitor, ALERTS_PAGE, "add-a-rule", fields))
    rows = (await look(monitor, ALERTS_PAGE)).rows("rules")
    [own] = [row for row in rows if "power kw" in row]
    assert "Rack 1" in own
    both = {**fields, "meter": meter.name}
    assert isinstance(await act(monitor, ALERTS_PAGE, "add-a-rule", both), Trouble)
