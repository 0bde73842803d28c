# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""Overlapping rounds: leases, shards, and what becomes of them when a worker dies."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from nxforge_consumption_monitor.collect import (
    LEASE_SECONDS,
    RUN_SECONDS,
    Collector,
    CollectParams,
)
from nxforge_consumption_monitor.endpoints import change
from nxforge_consumption_monitor.fetch import Pages
from nxforge_consumption_monitor.models import EndpointChange
from nxforge_consumption_monitor.store import give_back, hold_leases, lease_due
from nxforge_core.api import FanOut, HttpRequest, HttpResponse

_READINGS = "select count(*) from reading"
_LEASED = "select count(*) from endpoint_state where leased_until is not null"
_ATTEMPTS = "select count(*) from scrape_attempt"
_EXPIRY = "select max(leased_until) from endpoint_state"
_LOST = "select slot, scrape_ms, error from scrape_attempt where outcome = 'lost'"
_MANY = 60


class Gated:
    """Devices of which one does not answer until it is let."""

    def __init__(self, devices: Any, slow: str) -> None:
        self.devices = devices
        self.slow = slow
        self.asked = asyncio.Event()
        self.let = asyncio.Event()

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Answer, of the slow device later."""
        if self.slow in request.url:
            self.asked.set()
            await self.let.wait()
        page: HttpResponse = await self.devices.fetch(request)
        return page


async def _until(true: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(5):
        while not await true():
            await asyncio.sleep(0.02)


async def _add(monitor: Any, name: str, host: str) -> Any:
    url = f"http://{host}.test/{name}"
    monitor.http.serve(url, '{"kwh": 1, "kw": 1}', "application/json")
    view = await monitor.add(name, url=url)
    # Every slot begins at this instant.
    await monitor.pool.execute("update endpoint set phase_s = 0")
    return view


async def _add_many(monitor: Any, hosts: int = _MANY) -> list[str]:
    views = [await _add(monitor, f"m{n}", f"h{n % hosts}") for n in range(_MANY)]
    return [view.id for view in views]


@pytest.fixture
def later(monitor: Any) -> Any:
    """Slot of the tick after the one of the held clock."""
    return monitor.clock.now() + timedelta(seconds=5)


async def test_overlapping_rounds_poll_an_endpoint_once(
    monitor: Any, later: Any
) -> None:
    """While one round waits for a meter, the next one leaves that meter alone."""
    await _add(monitor, "a", "slow")
    gate = monitor.http = Gated(monitor.http, "slow")
    async with asyncio.TaskGroup() as group:
        first = group.create_task(monitor.round())
        await gate.asked.wait()
        assert (await monitor.round(later)).kind == "idle"
        gate.let.set()
    assert first.result().result["successful"] == 1
    assert len(gate.devices.requests) == 1
    assert await monitor.pool.fetchval(_LEASED) == 0


async def test_slow_device_holds_up_neither_its_round_nor_the_next(
    monitor: Any, later: Any
) -> None:
    """What is there is stored while the round waits, and the next round polls on."""
    await _add(monitor, "a", "slow")
    await _add(monitor, "b", "fast")
    gate = monitor.http = Gated(monitor.http, "slow")
    async with asyncio.TaskGroup() as group:
        first = group.create_task(monitor.round())
        await _until(lambda: monitor.pool.fetchval(_READINGS))
        monitor.http = gate.devices
        await _add(monitor, "c", "fresh")
        monitor.http = gate
        second = await monitor.round(later)
        assert second.result["successful"] == 1
        assert not first.done()
        gate.let.set()
    assert await monitor.pool.fetchval(_READINGS) == 3


async def test_device_that_is_being_polled_is_left_alone_by_the_next_round(
    monitor: Any, later: Any
) -> None:
    """Small devices serve one request at a time, also when rounds overlap."""
    await _add(monitor, "a", "slow")
    gate = Gated(monitor.http, "slow")
    async with asyncio.TaskGroup() as group:
        monitor.http = gate
        group.create_task(monitor.round())
        await gate.asked.wait()
        monitor.http = gate.devices
        await _add(monitor, "b", "SLOW")
        assert (await monitor.round(later)).kind == "idle"
        gate.let.set()
    third = await monitor.round(later + timedelta(seconds=5))
    assert third.result["successful"] == 1


async def test_many_due_endpoints_are_divided_into_shards(monitor: Any) -> None:
    """The round polls nobody; its shards poll all, each endpoint for its own slot."""
    await _add_many(monitor, hosts=20)
    await monitor.pool.execute("update endpoint set phase_s = 295")
    tick = monitor.clock.now()
    fan_out = await monitor.round()
    assert isinstance(fan_out, FanOut)
    assert monitor.http.requests == []
    monitor.clock.pass_by(seconds=30)
    for shard in fan_out.shards:
        outcome = await monitor.collector.collect(monitor.job(tick), shard)
        assert outcome.result["failed"] == 0
    rows = await monitor.pool.fetch("select slot, count(*) from reading group by slot")
    assert [tuple(row) for row in rows] == [(tick - timedelta(seconds=5), _MANY)]
    assert await monitor.pool.fetchval(_LEASED) == 0


async def test_lost_shard_polls_again_just_what_it_had_not_stored(
    monitor: Any, later: Any
) -> None:
    """A worker dies in the middle: nothing is stored twice, and nothing is missing."""
    await _add_many(monitor)
    tick = monitor.clock.now()
    [shard] = (await monitor.round()).shards
    devices, monitor.http = monitor.http, Gated(monitor.http, "//h7.")
    async with asyncio.TaskGroup() as group:
        run = monitor.collector.collect(monitor.job(tick), shard)
        dying = group.create_task(run)
        await _until(lambda: monitor.pool.fetchval(_READINGS))
        dying.cancel()
    assert await monitor.pool.fetchval(_READINGS) < _MANY

    monitor.http = devices
    assert (await monitor.round(later)).kind == "idle"
    again = await monitor.collector.collect(monitor.job(tick), shard)
    assert again.kind == "ok"
    assert await monitor.pool.fetchval(_READINGS) == _MANY
    assert set(Counter(each.url for each in devices.requests).values()) == {1}


async def _lease(monitor: Any) -> None:
    """What a round did before its worker died."""
    now = monitor.clock.now()
    until = now + timedelta(seconds=LEASE_SECONDS)
    async with monitor.pool.transaction() as connection:
        await hold_leases(connection)
        assert await lease_due(connection, now, now=now, until=until, most_of_host=9)


async def test_leases_of_a_dead_round_expire_soon_and_leave_a_lost_attempt(
    monitor: Any,
) -> None:
    """Half a minute later others poll, and the attempts say why nobody did before."""
    await _add(monitor, "a", "one")
    await monitor.pool.execute("update endpoint set interval_s = 5")
    tick = monitor.clock.now()
    await _lease(monitor)

    monitor.clock.pass_by(seconds=LEASE_SECONDS - 1)
    assert (await monitor.round()).kind == "idle"
    monitor.clock.pass_by(seconds=2)
    assert (await monitor.round()).result["successful"] == 1

    [lost] = await monitor.pool.fetch(_LOST)
    assert (lost["slot"], lost["scrape_ms"]) == (tick, 31_000)
    assert lost["error"] == (
        f"the round of {tick:%Y-%m-%dT%H:%M:%S.%fZ} leased it "
        "and did not come to its end"
    )


async def test_next_attempt_of_a_round_tells_the_slot_that_the_first_one_lost(
    monitor: Any,
) -> None:
    """A round taken back late polls the newest slot, and the older one is told."""
    await _add(monitor, "a", "one")
    await monitor.pool.execute("update endpoint set interval_s = 5")
    tick = monitor.clock.now()
    await _lease(monitor)

    monitor.clock.pass_by(seconds=12)
    assert (await monitor.round(tick)).result["successful"] == 1

    [lost] = await monitor.pool.fetch(_LOST)
    assert (lost["slot"], lost["scrape_ms"]) == (tick, 12_000)


async def test_slot_that_was_given_back_and_not_polled_any_more_is_told(
    monitor: Any,
) -> None:
    """Of an endpoint that got no turn in time, whoever polls it next says so."""
    view = await _add(monitor, "a", "one")
    await monitor.pool.execute("update endpoint set interval_s = 5")
    tick = monitor.clock.now()
    await _lease(monitor)
    await give_back(monitor.pool, [view.id], tick)

    monitor.clock.pass_by(seconds=5)
    assert (await monitor.round()).result["successful"] == 1

    [lost] = await monitor.pool.fetch(_LOST)
    assert (lost["slot"], lost["error"]) == (
        tick,
        "its round gave it back: no turn in time, or changed meanwhile",
    )


async def test_slot_that_is_polled_after_all_leaves_no_lost_attempt(
    monitor: Any,
) -> None:
    """Whoever takes a lease over in time for the same slot has nothing to tell."""
    await _add(monitor, "a", "one")
    await _lease(monitor)

    monitor.clock.pass_by(seconds=LEASE_SECONDS + 1)
    assert (await monitor.round()).result["successful"] == 1
    assert await monitor.pool.fetch(_LOST) == []


async def test_round_at_work_renews_its_leases(monitor: Any, later: Any) -> None:
    """However long a device takes, no other round polls it meanwhile."""
    monitor.collector = Collector(Pages(), renewal=0.02)
    await _add(monitor, "a", "slow")
    gate = monitor.http = Gated(monitor.http, "slow")
    async with asyncio.TaskGroup() as group:
        first = group.create_task(monitor.round())
        await gate.asked.wait()
        await _pass_by(monitor, 90)
        assert (await monitor.round(later)).kind == "idle"
        gate.let.set()
    assert first.result().result["successful"] == 1
    assert await monitor.pool.fetchval(_LEASED) == 0


async def test_frozen_round_whose_leases_expired_stores_nothing_twice(
    monitor: Any,
) -> None:
    """Another round has polled the slot meanwhile; the late result is dropped."""
    await _add(monitor, "a", "slow")
    gate = Gated(monitor.http, "slow")
    async with asyncio.TaskGroup() as group:
        monitor.http = gate
        frozen = group.create_task(monitor.round())
        await gate.asked.wait()
        monitor.http = gate.devices
        monitor.clock.pass_by(seconds=LEASE_SECONDS + 1)
        assert (await monitor.round()).result["successful"] == 1
        gate.let.set()
    assert frozen.result().result["duplicate"] == 1
    assert await monitor.pool.fetchval(_ATTEMPTS) == 1


async def _pass_by(monitor: Any, seconds: int) -> None:
    """Let time pass by so that a renewal comes each fifteen seconds."""
    for _ in range(seconds // 15):
        monitor.clock.pass_by(seconds=15)
        due = monitor.clock.now() + timedelta(seconds=LEASE_SECONDS)
        await _until(partial(_renewed, monitor, due))


async def _renewed(monitor: Any, until: Any) -> bool:
    return bool(await monitor.pool.fetchval(_EXPIRY) == until)


async def test_leases_of_a_dead_worker_expire(monitor: Any) -> None:
    """Its endpoints are due again after the run's time; its late shard polls none."""
    await _add_many(monitor)
    tick = monitor.clock.now()
    [shard] = (await monitor.round()).shards
    monitor.clock.pass_by(seconds=RUN_SECONDS - 1)
    assert (await monitor.round()).kind == "idle"
    monitor.clock.pass_by(seconds=2)
    assert isinstance(await monitor.round(), FanOut)
    late = await monitor.collector.collect(monitor.job(tick), shard)
    assert late.kind == "idle"
    assert monitor.http.requests == []


async def test_shard_that_begins_late_prolongs_its_leases(
    monitor: Any, later: Any
) -> None:
    """No round takes endpoints from a shard that waited long for a worker."""
    await _add_many(monitor)
    tick = monitor.clock.now()
    [shard] = (await monitor.round()).shards
    monitor.collector = Collector(Pages(), renewal=0.02)
    monitor.clock.pass_by(seconds=RUN_SECONDS - 1)
    gate = monitor.http = Gated(monitor.http, "//h7.")
    async with asyncio.TaskGroup() as group:
        group.create_task(monitor.collector.collect(monitor.job(tick), shard))
        await gate.asked.wait()
        await _pass_by(monitor, 60)
        assert (await monitor.round(later)).kind == "idle"
        gate.let.set()
    assert await monitor.pool.fetchval(_READINGS) == _MANY


async def test_next_attempt_of_a_round_takes_over_its_leases(monitor: Any) -> None:
    """A worker that died between leasing and polling costs nobody a slot."""
    await _add(monitor, "a", "one")
    tick = monitor.clock.now()
    async with monitor.pool.transaction() as connection:
        await hold_leases(connection)
        leased = await lease_due(
            connection,
            tick,
            now=tick,
            until=tick + timedelta(seconds=RUN_SECONDS),
            most_of_host=250,
        )
    assert [each.host for each in leased] == ["one.test"]
    assert (await monitor.round(tick)).result["successful"] == 1


async def test_round_late_within_its_tick_leaves_the_next_instant_to_the_next(
    monitor: Any,
) -> None:
    """An endpoint of five seconds is polled once for each of its due instants."""
    await _add(monitor, "a", "one")
    await monitor.pool.execute("update endpoint set interval_s = 5, phase_s = 4")
    tick = monitor.clock.now()
    slots = "select array_agg(slot order by slot) from scrape_attempt"
    for late in (4.5, 0.1, 4.9, 0.2):
        monitor.clock.instant = tick + timedelta(seconds=late)
        await monitor.round(tick)
        tick += timedelta(seconds=5)
    found = await monitor.pool.fetchval(slots)
    first = tick - timedelta(seconds=21)
    assert found == [first + timedelta(seconds=5 * n) for n in range(4)]


async def test_rounds_that_waited_long_ask_a_device_once(monitor: Any) -> None:
    """What is a tick late or more is given up, and not made up for in a burst."""
    await _add(monitor, "a", "one")
    await monitor.pool.execute("update endpoint set interval_s = 5")
    tick = monitor.clock.now()
    monitor.clock.instant = tick + timedelta(seconds=60)
    for number in range(10):
        await monitor.round(tick + timedelta(seconds=5 * number))
    assert len(monitor.http.requests) == 1


async def test_run_of_another_slot_polls_the_endpoints_of_a_shard_anyway(
    monitor: Any,
) -> None:
    """Re-running a lost shard polls what it should have polled, leased or not."""
    await _add_many(monitor)
    [shard] = (await monitor.round()).shards
    monitor.clock.pass_by(minutes=10)
    assert (await monitor.collector.collect(monitor.job(), shard)).kind == "ok"
    assert await monitor.pool.fetchval(_READINGS) == _MANY


async def test_round_names_just_the_failed_endpoints_for_another_run(
    monitor: Any,
) -> None:
    """Re-running what failed polls those and no other."""
    await _add(monitor, "good", "a")
    bad = await _add(monitor, "bad", "b")
    monitor.http.serve("http://b.test/bad", "oops", "text/plain", 500)
    outcome = await monitor.round()
    assert outcome.kind == "partial"
    assert outcome.again == CollectParams(endpoint_ids=(bad.id,))

    monitor.clock.pass_by(seconds=1)
    failed = await monitor.collector.collect(monitor.job(), outcome.again)
    assert (failed.kind, failed.again) == ("failed", outcome.again)
    assert len(monitor.http.requests) == 3


async def test_one_round_takes_a_bounded_number_of_endpoints_of_a_device(
    monitor: Any,
) -> None:
    """A gateway with very many meters fits into one shard; the others wait."""
    for name in ("a", "b", "c"):
        await _add(monitor, name, "gateway")
    tick = monitor.clock.now()
    async with monitor.pool.transaction() as connection:
        leased = await lease_due(
            connection,
            tick,
            now=tick,
            until=tick + timedelta(seconds=RUN_SECONDS),
            most_of_host=2,
        )
    assert len(leased) == 2


async def test_endpoint_changed_while_leased_is_due_again_after_its_poll(
    monitor: Any, later: Any
) -> None:
    """The lease of a poll whose result no longer counts is given back."""
    view = await _add(monitor, "a", "slow")
    gate = monitor.http = Gated(monitor.http, "slow")
    async with asyncio.TaskGroup() as group:
        first = group.create_task(monitor.round())
        await gate.asked.wait()
        await change(monitor.ctx, view.id, EndpointChange(interval_s=60))
        gate.let.set()
    assert first.result().result["duplicate"] == 1
    assert (await monitor.round(later)).result["successful"] == 1


async def test_simultaneous_rounds_share_what_is_due(monitor: Any) -> None:
    """Many processes lease at one instant: each endpoint goes to one of them."""
    await _add_many(monitor)
    slots = [monitor.clock.now() + timedelta(seconds=5 * n) for n in range(4)]
    answers = await asyncio.gather(*map(monitor.round, slots))
    leased = [
        endpoint
        for answer in answers
        if isinstance(answer, FanOut)
        for shard in answer.shards
        for endpoint in shard.endpoint_ids
    ]
    assert len(leased) == len(set(leased)) == _MANY
