"""Alerts in the database: found by the job, kept from first sign to end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.alerts import watch
from nxforge_consumption_monitor.models import (
    AcknowledgeBody,
    AlertRuleBody,
    StaleVersionError,
)
from nxforge_core.api import (
    Certificate,
    ConflictError,
    HttpResponse,
    InvalidInputError,
    NoParams,
    OutboundTimeoutError,
    UnknownItemError,
)

_GROUP = "7d5a1f0e-3c1b-4a53-9a7e-0a1b2c3d4e5f"
_ALICE: Any = SimpleNamespace(user=SimpleNamespace(name="alice"))


async def _watch(monitor: Any) -> tuple[int, int]:
    result = await watch(monitor.job(), NoParams())
    return result.fired, result.resolved


async def _alerts(monitor: Any, **query: Any) -> list[Any]:
    return (await routes.list_alerts(monitor.ctx, **query)).data


async def _rule(monitor: Any, kind: Any, threshold: str, **fields: Any) -> Any:
    body = AlertRuleBody(kind=kind, threshold=Decimal(threshold), **fields)
    return await routes.create_alert_rule(monitor.ctx, body)


async def _pass(monitor: Any, minutes: int) -> None:
    """Minutes in which the job runs and polls happen."""
    for _ in range(minutes):
        monitor.clock.pass_by(minutes=1)
        await monitor.round()
        await watch(monitor.job(), NoParams())


def _fail(monitor: Any, name: str) -> None:
    url = f"http://meter.test/{name}"
    monitor.http.pages[url] = OutboundTimeoutError(url, 10)


async def _silent(monitor: Any, minutes: int) -> Any:
    view = await monitor.add("a", interval_s=60)
    monitor.show("a", "5")
    await _pass(monitor, 2)
    _fail(monitor, "a")
    await _pass(monitor, minutes)
    return view


async def test_silent_endpoint_is_an_alert_until_it_answers(monitor: Any) -> None:
    """It fires once, after a quarter of an hour, and ends with the next reading."""
    view = await _silent(monitor, 14)
    assert await _alerts(monitor, given_state="firing") == []
    await _pass(monitor, 2)
    [alert] = await _alerts(monitor, given_state="firing")
    assert (alert.kind, alert.endpoint_name, alert.told) == ("offline", "a", 1)
    assert "no complete answer within 10 s" in alert.message
    monitor.show("a", "6")
    await _pass(monitor, 15)
    [alert] = await _alerts(monitor, endpoint_id=view.id, kind="offline")
    assert alert.state == "resolved"
    assert alert.message.endswith("is over")


async def test_alert_and_its_end_are_published(monitor: Any) -> None:
    """Other plugins hear how bad it is, of which endpoint, and what kind of error."""
    view = await _silent(monitor, 17)
    monitor.show("a", "6")
    await _pass(monitor, 15)
    told = [
        (name, data)
        for name, data in monitor.events.published
        if name.startswith("alert.") and data["labels"]["kind"] == "offline"
    ]
    assert [name for name, _ in told] == ["alert.created", "alert.resolved"]
    _, data = told[0]
    assert (data["severity"], data["state"]) == ("warning", "firing")
    assert data["message"].startswith("a gives no reading")
    labels = data["labels"]
    assert (labels["endpointId"], labels["endpointName"]) == (view.id, "a")
    assert labels["errorType"] == "scraping_failure"


async def test_people_are_told_of_an_alert_and_of_its_end(monitor: Any) -> None:
    """Each once, by a key; where nobody can be told the alert is there all the same."""
    await _silent(monitor, 17)
    monitor.notify.away = True
    monitor.show("a", "6")
    await _pass(monitor, 15)
    [(level, subject, key)] = monitor.notify.told

    assert (level, key is not None) == ("warning", True)
    assert subject.startswith("a gives no reading")
    assert any("people not told" in line for line in monitor.log.lines)
    assert await _alerts(monitor, given_state="firing", kind="offline") == []


async def test_late_start_sends_no_old_alert_again(monitor: Any) -> None:
    """While nobody polled nobody was silent, and what was known is not news."""
    await _silent(monitor, 20)
    await monitor.add("b", interval_s=60)
    monitor.show("b", "1")
    await _pass(monitor, 1)
    monitor.clock.pass_by(hours=30)
    assert await _watch(monitor) == (0, 0)
    await _pass(monitor, 10)
    told = {
        each.endpoint_name: each.told for each in await _alerts(monitor) if each.told
    }
    assert told == {"a": 1}


async def test_silence_is_told_again_after_an_hour(monitor: Any) -> None:
    """Then it was no restart; from then on twice a day."""
    await _silent(monitor, 16)
    await _pass(monitor, 70)
    [alert] = await _alerts(monitor, given_state="firing")
    assert alert.told == 2


async def test_changed_page_is_not_silence(monitor: Any) -> None:
    """Whoever gets the alert knows whether to look at the network or at the rule."""
    await monitor.add("a", interval_s=60)
    monitor.show("a", "5")
    await _pass(monitor, 2)
    monitor.http.serve("http://meter.test/a", '{"new": 1}', "application/json")
    await _pass(monitor, 45)
    [alert] = await _alerts(monitor, given_state="firing")
    assert alert.kind == "page_changed"
    assert "dry run" in alert.remedy


async def test_proposed_reset_waits_for_a_decision(monitor: Any) -> None:
    """Somebody confirms it, and the alert ends."""
    await monitor.add("a")
    for register in ("100", "102", "3", "5"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    assert await _watch(monitor) == (1, 0)
    [alert] = await _alerts(monitor, given_state="firing")
    assert alert.kind == "register_event"
    await monitor.pool.execute("update meter_event set state = 'confirmed'")
    assert await _watch(monitor) == (0, 1)


async def test_frozen_register_under_load_is_an_alert(monitor: Any) -> None:
    """Three answers repeat it although power says that energy flows."""
    await monitor.add("a")
    for register in ("100", "101", "101", "101", "101"):
        monitor.show(name="a", kwh=register, kw="45")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    await _watch(monitor)
    [alert] = await _alerts(monitor, kind="no_change")
    assert (alert.state, alert.value) == ("firing", 3)
    monitor.show("a", "105", "45")
    await monitor.round()
    assert await _watch(monitor) == (0, 1)


async def test_wrong_unit_shows_within_an_hour(monitor: Any) -> None:
    """The register says a thousandth of what the power says."""
    await monitor.add("a")
    for step in range(14):
        monitor.show("a", f"{Decimal(100) + Decimal(step) / 1000}", "12.5")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    await _watch(monitor)
    [alert] = await _alerts(monitor, kind="power_energy_mismatch")
    assert alert.state == "firing"
    assert alert.value == Decimal("99.904")


async def test_day_without_consumption_is_an_alert(monitor: Any) -> None:
    """The device answers for a day, and nothing flows."""
    await monitor.add("a", interval_s=3600)
    for _ in range(26):
        monitor.show("a", "7", "0")
        await monitor.round()
        monitor.clock.pass_by(hours=1)
        await watch(monitor.job(), NoParams())
    [alert] = await _alerts(monitor, given_state="firing")
    assert (alert.kind, alert.value) == ("zero_hours", 25)


async def test_certificate_that_ends_is_told_two_weeks_before(monitor: Any) -> None:
    """The poll saw it."""
    await monitor.add("a")
    monitor.http.pages["http://meter.test/a"] = HttpResponse(
        status=200,
        headers={"content-type": "application/json"},
        body=b'{"kwh": 1, "kw": 1}',
        url="https://meter.test/a",
        elapsed=0.01,
        certificate=Certificate(
            "0" * 64, "CN=a", monitor.clock.now() + timedelta(days=15)
        ),
    )
    await monitor.round()
    assert await _watch(monitor) == (0, 0)
    monitor.clock.pass_by(days=1, minutes=1)
    await monitor.round()
    await _watch(monitor)
    [alert] = await _alerts(monitor, kind="certificate_days")
    assert (alert.state, alert.value) == ("firing", Decimal("13.999"))


async def test_budget_and_power_of_one_endpoint(monitor: Any) -> None:
    """A rule of a person watches the endpoint it names."""
    view = await monitor.add("a")
    await monitor.add("b")
    await _rule(monitor, "month_kwh", "2", endpoint_id=view.id)
    await _rule(monitor, "power_kw", "10", endpoint_id=view.id)
    for register in ("100", "101", "102"):
        for name in ("a", "b"):
            monitor.show(name, register, "1.5")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    assert await _watch(monitor) == (1, 0)
    [alert] = await _alerts(monitor)
    assert (alert.endpoint_id, alert.kind, alert.value) == (view.id, "month_kwh", 2)


async def test_forecast_goes_on_like_the_last_days(monitor: Any) -> None:
    """Energy so far, and the mean of the week for the rest of the month."""
    await monitor.add("a")
    await _rule(monitor, "forecast_kwh", "100")
    for step in range(14):
        monitor.show("a", str(100 + step), "12")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    await _watch(monitor)
    [alert] = await _alerts(monitor, kind="forecast_kwh")
    # 13 kWh in 65 minutes are 12 kW, and the month in Bucharest ends at 21:00 UTC.
    hours = Decimal(21 * 24 + 9) - Decimal(70) / 60
    assert abs(alert.value - (13 + 12 * hours)) < Decimal("0.1")


async def test_rule_of_a_group_watches_its_members(monitor: Any) -> None:
    """And nobody else; who leaves the group has no alert any more."""
    await monitor.pool.execute(
        "insert into endpoint_group (id, name, tz) values ($1, 'rack', 'UTC')", _GROUP
    )
    inside = await monitor.add("in", group_id=_GROUP)
    await monitor.add("out")
    await _rule(monitor, "power_kw", "10", group_id=_GROUP)
    for name in ("in", "out"):
        monitor.show(name, "5", "20")
    await monitor.round()
    assert await _watch(monitor) == (1, 0)
    [alert] = await _alerts(monitor, group_id=_GROUP)
    assert alert.endpoint_id == inside.id
    await monitor.pool.execute("update endpoint set group_id = null")
    assert await _watch(monitor) == (0, 1)


async def test_value_that_is_not_known_is_neither_firing_nor_normal(
    monitor: Any,
) -> None:
    """No data and an error are states of their own."""
    view = await monitor.add("a", interval_s=60)
    await _rule(monitor, "power_kw", "10")
    await _rule(monitor, "breaker_percent", "80", endpoint_id=view.id)
    monitor.show("a", "5", "1")
    await _pass(monitor, 1)
    _fail(monitor, "a")
    await _pass(monitor, 20)
    states = {each.kind: each.state for each in await _alerts(monitor)}
    assert states["power_kw"] == "no_data"
    assert states["breaker_percent"] == "error"
    summary = await routes.alert_summary(monitor.ctx)
    assert (summary.states.firing, summary.states.error) == (1, 1)
    assert (summary.endpoints_watched, summary.endpoints_normal) == (1, 0)
    assert summary.watched_at == monitor.clock.now()


async def test_rule_that_is_stopped_ends_its_alerts(monitor: Any) -> None:
    """An alert that nobody looks after does not stay open for ever."""
    await monitor.add("a")
    monitor.show("a", "5", "20")
    await monitor.round()
    rule = await _rule(monitor, "power_kw", "10")
    assert await _watch(monitor) == (1, 0)
    stopped = AlertRuleBody(kind="power_kw", threshold=Decimal(10), enabled=False)
    await routes.replace_alert_rule(monitor.ctx, rule.id, stopped)
    assert await _watch(monitor) == (0, 1)
    assert await _alerts(monitor, given_state="firing") == []
    await routes.delete_alert_rule(monitor.ctx, rule.id)
    assert await _alerts(monitor) == []


async def test_acknowledged_alert_says_who_and_is_not_repeated(monitor: Any) -> None:
    """Half a day later nobody is told again; forgotten, they are."""
    await monitor.add("a", interval_s=86_400)
    monitor.show("a", "5", "20")
    await monitor.round()
    await _rule(monitor, "power_kw", "10")
    await _watch(monitor)
    [alert] = await _alerts(monitor)
    body = AcknowledgeBody(note="known")
    known = await routes.acknowledge_alert(monitor.ctx, alert.id, body, _ALICE)
    assert (known.acknowledged_by, known.note) == ("alice", "known")
    assert (await routes.alert_summary(monitor.ctx)).acknowledged == 1
    for _ in range(14 * 15):
        monitor.clock.pass_by(minutes=4)
        await watch(monitor.job(), NoParams())
    [alert] = await _alerts(monitor, kind="power_kw")
    assert (alert.state, alert.told) == ("firing", 1)
    await routes.unacknowledge_alert(monitor.ctx, alert.id)
    await watch(monitor.job(), NoParams())
    [alert] = await _alerts(monitor, kind="power_kw")
    assert alert.told == 2


async def test_silence_holds_for_the_next_alert_of_the_same_rule(monitor: Any) -> None:
    """Until it ends, and never for what is over."""
    await monitor.add("a")
    monitor.show("a", "5", "20")
    await monitor.round()
    await _rule(monitor, "power_kw", "10")
    await _watch(monitor)
    [alert] = await _alerts(monitor)
    until = monitor.clock.now() + timedelta(minutes=8)
    body = AcknowledgeBody(until=until)
    await routes.acknowledge_alert(monitor.ctx, alert.id, body, _ALICE)
    for power in ("1", "20"):
        monitor.clock.pass_by(minutes=2)
        monitor.show("a", "5", power)
        await monitor.pool.execute("update endpoint_state set last_slot = null")
        await monitor.round()
        await _watch(monitor)
    assert [(each.state, each.told) for each in await _alerts(monitor)] == [
        ("firing", 0),
        ("resolved", 1),
    ]
    monitor.clock.pass_by(minutes=4)
    assert await _watch(monitor) == (1, 0)
    with pytest.raises(ConflictError):
        await routes.acknowledge_alert(monitor.ctx, alert.id, AcknowledgeBody(), _ALICE)
    with pytest.raises(InvalidInputError):
        await routes.acknowledge_alert(monitor.ctx, alert.id, body, _ALICE)


async def test_alerts_come_page_by_page(monitor: Any) -> None:
    """Each once, the newest first; the last page says so."""
    for name in "abc":
        await monitor.add(name)
        monitor.show(name, "5", "20")
    await monitor.round()
    await _rule(monitor, "power_kw", "10", severity="critical")
    await _watch(monitor)
    first = await routes.list_alerts(monitor.ctx, limit="2", severity="critical")
    cursor = first.meta.next_cursor
    second = await routes.list_alerts(monitor.ctx, limit="2", cursor=cursor)
    ids = [each.id for each in [*first.data, *second.data]]
    assert len(ids) == 3
    assert ids == sorted(set(ids), reverse=True)
    assert second.meta.next_cursor is None
    assert (await routes.get_alert(monitor.ctx, ids[0])).id == ids[0]


async def test_change_for_another_version_of_a_rule_is_refused(monitor: Any) -> None:
    """Nobody undoes what they have not seen."""
    rule = await _rule(monitor, "power_kw", "10")
    body = AlertRuleBody(kind="power_kw", threshold=Decimal(12))
    after = await routes.replace_alert_rule(monitor.ctx, rule.id, body, rule.etag)
    assert after.etag != rule.etag
    with pytest.raises(StaleVersionError):
        await routes.replace_alert_rule(monitor.ctx, rule.id, body, rule.etag)
    with pytest.raises(StaleVersionError):
        await routes.delete_alert_rule(monitor.ctx, rule.id, rule.etag)
    await routes.delete_alert_rule(monitor.ctx, rule.id, after.etag)


async def test_wrong_rules_are_named(monitor: Any) -> None:
    """A threshold that does not fit, an endpoint and a rule that are not there."""
    with pytest.raises(InvalidInputError):
        await _rule(monitor, "power_kw", "0")
    with pytest.raises(InvalidInputError):
        await _rule(monitor, "no_change", "2")
    with pytest.raises(UnknownItemError):
        await _rule(monitor, "power_kw", "1", endpoint_id=_GROUP)
    with pytest.raises(UnknownItemError):
        await _rule(monitor, "power_kw", "1", group_id=_GROUP)
    with pytest.raises(InvalidInputError):
        await _rule(monitor, "power_kw", "1", endpoint_id=_GROUP, group_id=_GROUP)
    rule = await _rule(monitor, "power_kw", "1")
    other = AlertRuleBody(kind="peak_kw", threshold=Decimal(1))
    with pytest.raises(InvalidInputError):
        await routes.replace_alert_rule(monitor.ctx, rule.id, other)
    with pytest.raises(UnknownItemError):
        await routes.replace_alert_rule(monitor.ctx, 999, other)
    with pytest.raises(UnknownItemError):
        await routes.delete_alert_rule(monitor.ctx, 999)
    with pytest.raises(UnknownItemError):
        await routes.get_alert_rule(monitor.ctx, 999)
    with pytest.raises(InvalidInputError):
        await routes.list_alerts(monitor.ctx, given_state="loud")
    with pytest.raises(UnknownItemError):
        await routes.get_alert(monitor.ctx, 999)
