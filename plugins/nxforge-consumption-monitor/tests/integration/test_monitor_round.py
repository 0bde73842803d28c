"""Collection rounds against PostgreSQL: once per slot, each failure contained."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor.collect import POLL_JOB
from nxforge_consumption_monitor.endpoints import change, remove
from nxforge_consumption_monitor.models import (
    AuthBody,
    ChannelRow,
    EndpointChange,
    RoundRow,
    Verdict,
)
from nxforge_consumption_monitor.routes import poll_endpoint
from nxforge_consumption_monitor.store import due_endpoints, store_round
from nxforge_core.api import (
    HttpRequest,
    HttpResponse,
    OutboundDeniedError,
    OutboundTimeoutError,
)

_WRONG = "wrong-one"
_READINGS = "select register_kwh, power_kw, quality from reading order by ts"
_ATTEMPTS = "select outcome from scrape_attempt order by started_at"


def _reading(endpoint_id: str, ts: datetime) -> ChannelRow:
    nothing: dict[str, Any] = dict.fromkeys(ChannelRow.__struct_fields__)
    known: dict[str, Any] = {
        "endpoint_id": endpoint_id,
        "channel": "total",
        "ts": ts,
        "register_kwh": Decimal(5),
        "quality": "measured",
        "reason": "",
        "rule_version": 1,
        "raw_text": "5",
        "raw_unit": "kWh",
        "ts_source": "poll",
    }
    return ChannelRow(**nothing | known)


async def test_round_stores_a_reading_of_every_due_endpoint(monitor: Any) -> None:
    """Energy and power arrive exactly as the devices show them."""
    await monitor.add("a")
    await monitor.add("b")
    monitor.show("a", "64142.010626", "2.352553")
    monitor.show("b", "0.1", "-0.62034")
    outcome = await monitor.round()
    assert outcome.kind == "ok"
    assert outcome.result == {
        "success": True,
        "total": 2,
        "successful": 2,
        "failed": 0,
        "errors": [],
        "duplicate": 0,
    }
    rows = await monitor.pool.fetch(_READINGS)
    assert {(row["register_kwh"], row["power_kw"]) for row in rows} == {
        (Decimal("64142.010626"), Decimal("2.352553")),
        (Decimal("0.1"), Decimal("-0.62034")),
    }


async def test_round_is_idle_when_the_slot_is_stored_already(monitor: Any) -> None:
    """A second tick within the endpoint's interval polls nobody."""
    await monitor.add("a")
    monitor.show("a", "1")
    await monitor.round()
    outcome = await monitor.round()
    assert outcome.kind == "idle"
    assert len(monitor.http.requests) == 1
    assert await monitor.pool.fetchval("select count(*) from reading") == 1


async def test_slot_is_the_endpoints_own_due_time(monitor: Any) -> None:
    """The tick that found the endpoint does not move its slots."""
    await monitor.add("a", interval_s=300)
    await monitor.pool.execute("update endpoint set phase_s = 120")
    monitor.show("a", "1")
    await monitor.round()
    monitor.clock.pass_by(minutes=5, seconds=3)
    await monitor.round()
    rows = await monitor.pool.fetch("select slot from reading order by slot")
    assert [f"{row['slot']:%H:%M:%S}" for row in rows] == ["11:57:00", "12:02:00"]


async def test_two_rounds_of_one_slot_store_one_reading(monitor: Any) -> None:
    """A double fire, a second host, a worker that wakes up late: one reading."""
    await monitor.add("a")
    monitor.show("a", "1")
    outcomes = await asyncio.gather(*(monitor.round() for _ in range(4)))
    assert await monitor.pool.fetchval("select count(*) from reading") == 1
    assert await monitor.pool.fetchval("select count(*) from scrape_attempt") == 1
    polled = [each.result for each in outcomes if each.kind != "idle"]
    assert sum(1 - each["duplicate"] for each in polled) == 1


async def test_late_write_of_an_older_slot_stores_nothing(monitor: Any) -> None:
    """A frozen worker cannot put an old state over a newer one."""
    view = await monitor.add("a")
    monitor.show("a", "10")
    [frozen] = await due_endpoints(monitor.pool, [view.id], slot=monitor.clock.now())
    monitor.clock.pass_by(minutes=5)
    await monitor.round()
    late = Verdict(
        row=RoundRow(
            endpoint_id=frozen.id,
            slot=frozen.slot,
            revision=frozen.revision,
            failures=0,
            auth_failures=0,
            retry_at=None,
            outcome="ok",
            error="",
            started_at=monitor.clock.now(),
            scrape_ms=1,
            http_status=200,
            bytes=1,
            excerpt=None,
            device_ts=None,
            clock_skewed=False,
            certificate_ends_at=None,
        ),
        channels=(_reading(frozen.id, monitor.clock.now() + timedelta(seconds=1)),),
    )
    assert await store_round(monitor.pool, [late]) == set()
    rows = await monitor.pool.fetch(_READINGS)
    assert [row["register_kwh"] for row in rows] == [10]


async def test_endpoint_changed_during_its_poll_is_polled_again(monitor: Any) -> None:
    """What was read by the old definition is not stored; the next tick polls anew."""
    view = await monitor.add("a")
    monitor.show("a", "1")

    class ChangedMeanwhile:
        async def fetch(self, request: HttpRequest) -> HttpResponse:
            body = EndpointChange(multiplier=Decimal(40))
            await change(monitor.ctx, view.id, body)
            page: HttpResponse = await devices.fetch(request)
            return page

    devices, monitor.http = monitor.http, ChangedMeanwhile()
    outcome = await monitor.round()
    monitor.http = devices
    assert outcome.result["duplicate"] == 1
    assert await monitor.pool.fetchval("select count(*) from reading") == 0
    await monitor.round()
    assert await monitor.pool.fetchval("select total_kwh from reading") == 40


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((401, "<p>Login</p>", "text/html"), "auth"),
        ((403, "no", "text/plain"), "auth"),
        ((500, "oops", "text/plain"), "http_status"),
        ((200, "<html><body>Page Not Found</body></html>", "text/html"), None),
        ((200, '{"kwh": "x x x", "kw": 1}', "application/json"), "no_number"),
        ((200, '{"kw": 1}', "application/json"), "selector_missing"),
        ((200, '{"kwh": 1', "application/json"), "decode"),
        ((200, '{"kwh": 1e15, "kw": 1}', "application/json"), "sanity"),
        (OutboundTimeoutError("http://meter.test/bad", 10.0), "timeout"),
        (
            OutboundDeniedError("http://meter.test/bad", "10.0.0.1", "not allowed"),
            "denied",
        ),
        (ValueError("a bug somewhere"), "internal"),
    ],
)
async def test_failing_endpoint_leaves_an_attempt_and_no_reading(
    monitor: Any, answer: Any, outcome: str | None
) -> None:
    """Its failure is named, and the endpoint beside it is stored."""
    bad = await monitor.add("bad")
    await monitor.add("good")
    monitor.show("good", "7")
    url = "http://meter.test/bad"
    if isinstance(answer, Exception):
        monitor.http.pages[url] = answer
    else:
        status, body, content_type = answer
        monitor.http.serve(url, body, content_type, status)
    result = await monitor.round()
    assert result.kind == "partial"
    assert (result.result["successful"], result.result["failed"]) == (1, 1)
    [fault] = result.result["errors"]
    assert fault["endpoint"] == "bad"
    assert fault["error"]
    attempt = await monitor.pool.fetchrow(
        "select outcome, error from scrape_attempt where endpoint_id = $1", bad.id
    )
    assert attempt["outcome"] == (outcome or "unexpected_content")
    readings = await monitor.pool.fetch(_READINGS)
    assert [row["register_kwh"] for row in readings] == [7]


async def test_round_fails_when_every_endpoint_fails(monitor: Any) -> None:
    """A run whose every item failed is not a success."""
    await monitor.add("a")
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    outcome = await monitor.round()
    assert outcome.kind == "failed"
    assert outcome.result["success"] is False


async def test_device_that_never_answers_ends_as_a_timeout(monitor: Any) -> None:
    """Even an HTTP client without a deadline of its own holds up no round."""
    await monitor.add("a", timeout_s=0.01)

    class Silent:
        async def fetch(self, request: HttpRequest) -> HttpResponse:
            await asyncio.Event().wait()
            raise AssertionError(request)

    monitor.http = Silent()
    outcome = await monitor.round()
    assert outcome.kind == "failed"
    assert [row["outcome"] for row in await monitor.pool.fetch(_ATTEMPTS)] == [
        "timeout"
    ]


async def test_hostile_text_of_one_device_does_not_spoil_the_round(
    monitor: Any,
) -> None:
    """NUL characters, which PostgreSQL refuses, stay the problem of one endpoint."""
    await monitor.add("bad")
    await monitor.add("good")
    monitor.show("good", "7")
    monitor.http.serve("http://meter.test/bad", b"\0\xff{\0", "application/json")
    outcome = await monitor.round()
    assert outcome.kind == "partial"
    assert await monitor.pool.fetchval("select count(*) from reading") == 1
    assert await monitor.pool.fetchval("select count(*) from scrape_attempt") == 2


async def test_refused_login_pauses_the_endpoint_until_it_is_changed(
    monitor: Any,
) -> None:
    """After two refusals the device is left alone, so that it locks nobody out."""
    auth = AuthBody(type="basic", username="u", secret=_WRONG)
    view = await monitor.add("a", auth=auth)
    monitor.http.serve("http://meter.test/a", "no", "text/plain", 401)
    for _ in range(5):
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    assert len(monitor.http.requests) == 2
    await change(monitor.ctx, view.id, EndpointChange(auth=auth))
    monitor.show("a", "1")
    assert (await monitor.round()).kind == "ok"


async def test_failing_endpoint_rests_longer_and_longer(monitor: Any) -> None:
    """A dead device costs fewer and fewer polls."""
    await monitor.add("a", interval_s=5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    for _ in range(60):
        await monitor.round()
        monitor.clock.pass_by(seconds=5)
    assert len(monitor.http.requests) == 7


async def test_disabled_and_archived_endpoints_are_not_polled(monitor: Any) -> None:
    """Neither one that is switched off nor one that is put away is asked."""
    await monitor.add("off", enabled=False)
    gone = await monitor.add("gone")
    await remove(monitor.ctx, gone.id)
    assert (await monitor.round()).kind == "idle"
    assert monitor.http.requests == []


async def test_forced_poll_does_not_wait_for_the_slot(monitor: Any) -> None:
    """A person's poll is queued for exactly that endpoint and stores a reading."""
    view = await monitor.add("a")
    other = await monitor.add("b")
    monitor.show("a", "1")
    monitor.show("b", "1")
    await monitor.round()
    monitor.clock.pass_by(seconds=1)
    queued = await poll_endpoint(monitor.ctx, view.id)
    assert monitor.jobs.asked == [(POLL_JOB, {"endpointIds": [view.id]})]
    assert (queued.run_id, queued.endpoint_id) == (1, view.id)
    await monitor.round(endpoint_ids=(view.id,))
    count = "select count(*) from reading where endpoint_id = $1"
    assert await monitor.pool.fetchval(count, view.id) == 2
    assert await monitor.pool.fetchval(count, other.id) == 1


async def test_concurrency_is_bounded_and_one_host_is_asked_once_at_a_time(
    monitor: Any,
) -> None:
    """Small devices serve one request at a time, and the round has its own limit."""
    for number in range(6):
        url = f"http://host{number}.test/"
        await monitor.add(f"far{number}", url=url)
        monitor.http.serve(url, '{"kwh": 1, "kw": 1}', "application/json")
    await monitor.round(concurrency=2)
    assert monitor.http.most_at_once == 2
    monitor.http.most_at_once = 0
    for number in range(6):
        await monitor.add(f"near{number}")
        monitor.show(f"near{number}", "1")
    await monitor.round(concurrency=6)
    assert monitor.http.most_at_once == 1


async def test_reading_far_from_every_prepared_month_is_stored(monitor: Any) -> None:
    """A clock that is years off loses no reading."""
    monitor.clock.instant = datetime(2081, 7, 1, tzinfo=UTC)
    await monitor.add("a")
    monitor.show("a", "1")
    await monitor.round()
    assert await monitor.pool.fetchval("select count(*) from reading") == 1


async def test_round_stores_what_it_polled_when_time_runs_out(monitor: Any) -> None:
    """Endpoints without a turn stay due and are first in the next round."""
    for name in ("a", "b", "c"):
        await monitor.add(name)
        monitor.show(name, "1")
    # Every slot begins at this instant, so none passes while the polls take their time.
    await monitor.pool.execute("update endpoint set phase_s = 0")
    devices = monitor.http

    class Slow:
        async def fetch(self, request: HttpRequest) -> HttpResponse:
            monitor.clock.pass_by(seconds=45)
            page: HttpResponse = await devices.fetch(request)
            return page

    monitor.http = Slow()
    first = await monitor.round(concurrency=1)
    second = await monitor.round(concurrency=1)
    assert (first.result["total"], second.result["total"]) == (2, 1)
    assert await monitor.pool.fetchval("select count(*) from reading") == 3
