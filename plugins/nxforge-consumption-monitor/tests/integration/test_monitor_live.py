"""Live values are those of now: fresh, stale, offline, and never 0 for unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.groups import GroupBody
from nxforge_consumption_monitor.health import collection_health
from nxforge_consumption_monitor.report import live


async def test_endpoint_without_reading_is_offline_and_unknown(monitor: Any) -> None:
    """Before the first reading everything is unknown, which is not zero."""
    await monitor.add("a")
    answer = await live(monitor.ctx)
    [endpoint] = answer.data.endpoints
    assert (endpoint.status, endpoint.state) == ("offline", "offline")
    assert endpoint.last_reading is None
    assert endpoint.register_kwh is endpoint.month_kwh is None
    assert endpoint.age_s is None
    assert answer.data.summary.total_power_kw is None
    assert answer.timestamp == monitor.clock.now()


async def test_state_ages_from_fresh_to_stale_to_offline(monitor: Any) -> None:
    """A month-old success is not online."""
    await monitor.add("a", interval_s=60)
    monitor.show("a", "5")
    await monitor.round()
    seen = []
    for seconds in (0, 119, 2, 238, 2):
        monitor.clock.pass_by(seconds=seconds)
        [endpoint] = (await live(monitor.ctx)).data.endpoints
        seen.append((endpoint.state, endpoint.status))
    assert seen == [
        ("fresh", "online"),
        ("fresh", "online"),
        ("stale", "online"),
        ("stale", "online"),
        ("offline", "offline"),
    ]


async def test_failed_attempt_keeps_the_last_register(monitor: Any) -> None:
    """A failure is shown as an error and zeroes nothing."""
    await monitor.add("a")
    monitor.show("a", "5")
    await monitor.round()
    monitor.clock.pass_by(minutes=5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    answer = await live(monitor.ctx)
    [endpoint] = answer.data.endpoints
    assert (endpoint.status, endpoint.register_kwh) == ("error", Decimal(5))
    assert "500" in (endpoint.error or "")
    assert answer.data.summary.total_kwh == 5
    assert answer.data.summary.active_endpoints == 0


async def test_suspect_reading_does_not_become_the_live_value(monitor: Any) -> None:
    """An impossible jump waits for the next reading before it is shown."""
    await monitor.add("a")
    for register in ("100", "90000"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    [endpoint] = (await live(monitor.ctx)).data.endpoints
    assert (endpoint.register_kwh, endpoint.quality) == (Decimal(100), "suspect")


async def test_summary_leaves_disabled_endpoints_out_of_the_sums(monitor: Any) -> None:
    """They are counted and add nothing."""
    await monitor.add("a")
    off = await monitor.add("b")
    for register in ("10", "12"):
        monitor.show("a", register)
        monitor.show("b", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    await monitor.pool.execute(
        "update endpoint set enabled = false where id = $1", off.id
    )
    summary = (await live(monitor.ctx)).data.summary
    assert (summary.total_endpoints, summary.active_endpoints) == (2, 1)
    assert (summary.total_kwh, summary.monthly_consumption) == (Decimal(12), Decimal(2))


async def test_today_and_month_begin_at_the_endpoints_own_midnight(
    monitor: Any,
) -> None:
    """Each endpoint's day is that of its zone."""
    monitor.clock.instant = monitor.clock.instant.replace(hour=0, minute=0)
    await monitor.add("utc", tz="UTC", interval_s=3600)
    await monitor.add("tokyo", tz="Asia/Tokyo", interval_s=3600)
    for hour in range(24):
        for name in ("utc", "tokyo"):
            monitor.show(name, str(100 + hour))
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    monitor.clock.pass_by(seconds=-1)
    tokyo, utc = (await live(monitor.ctx)).data.endpoints
    assert (utc.today_kwh, utc.month_kwh) == (Decimal(23), Decimal(23))
    assert (tokyo.today_kwh, tokyo.month_kwh) == (Decimal(8), Decimal(23))


async def test_health_tells_failing_endpoints_and_missing_rounds(monitor: Any) -> None:
    """It is failing when most endpoints fail, or when nobody polls any more."""
    assert (await collection_health(monitor.ctx)).state == "ok"
    await monitor.add("a")
    monitor.show("a", "1")
    await monitor.round()
    assert (await collection_health(monitor.ctx)).state == "ok"
    monitor.clock.pass_by(hours=1)
    silent = await collection_health(monitor.ctx)
    assert (silent.state, "is a worker running?" in silent.detail) == ("failing", True)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    broken = await collection_health(monitor.ctx)
    assert (broken.state, broken.detail) == ("failing", "1 of 1 endpoints fail")


async def test_power_only_device_has_power_and_no_energy(monitor: Any) -> None:
    """Energy that nobody measured stays unknown."""
    rules = monitor.power_rules
    await monitor.add("a", rules=rules)
    monitor.http.serve("http://meter.test/a", '{"kw": 0.5}', "application/json")
    await monitor.round()
    [endpoint] = (await live(monitor.ctx)).data.endpoints
    assert endpoint.power_kw == Decimal("0.5")
    assert endpoint.last_reading is not None
    assert endpoint.last_reading.power == 500
    assert endpoint.register_kwh is endpoint.month_kwh is None


async def test_groups_and_feeds_are_summed_and_breakers_told(monitor: Any) -> None:
    """A rack has its power, its A and B side, and who of it is not known."""
    rack = await routes.create_group(monitor.ctx, GroupBody(name="Rack 1"))
    step = {"quantity": "current", "steps": [{"step": "json", "path": "a"}]}
    unit = {"step": "unit", "fixed": "A"}
    rules = {
        "rules": [
            *monitor.power_rules["rules"],
            step | {"steps": [*step["steps"], unit]},
        ]
    }
    for name, ref in (("a", "feed:A"), ("b", "feed:B")):
        await monitor.add(
            name, rules=rules, group_id=rack.id, external_ref=ref, breaker_a=Decimal(16)
        )
        body = '{"kw": 1.5, "a": 6.4}'
        monitor.http.serve(f"http://meter.test/{name}", body, "application/json")
    await monitor.add("elsewhere")
    await monitor.round()
    monitor.http.serve("http://meter.test/b", "oops", "text/plain", 500)
    data = (await live(monitor.ctx)).data
    [group] = data.summary.groups
    assert (group.group_name, group.power_kw, group.missing) == ("Rack 1", 3, [])
    assert group.feeds is not None
    assert (group.feeds.a_kw, group.feeds.both_kw) == (Decimal("1.5"), 3)
    assert data.endpoints[0].breaker_percent == 40
    monitor.clock.pass_by(minutes=5)
    await monitor.round()
    answer = await live(monitor.ctx, rack.id)
    assert [each.name for each in answer.data.endpoints] == ["a", "b"]
    [group] = answer.data.summary.groups
    assert (group.power_kw, group.missing) == (Decimal("1.5"), ["b"])
    assert group.feeds is not None
    assert group.feeds.both_kw is None
