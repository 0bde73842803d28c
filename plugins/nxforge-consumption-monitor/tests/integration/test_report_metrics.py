"""OpenMetrics as the parser of the client library reads it."""

from __future__ import annotations

from typing import Any, Final

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from nxforge_consumption_monitor import routes

_LABELS: Final = ("endpoint", "channel", "type", "reason")


async def _samples(monitor: Any) -> dict[tuple[str, ...], float]:
    answer = await routes.metrics(monitor.ctx)
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, *(sample.labels[n] for n in _LABELS if n in sample.labels)): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


async def test_values_counters_and_health_of_an_endpoint(monitor: Any) -> None:
    """The counter is the unwrapped register: a reset does not let it fall."""
    await monitor.add('ra"ck')
    for register in ("100", "102", "3", "5"):
        monitor.show('ra"ck', register, "2.3525534")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    samples = await _samples(monitor)
    label = 'ra"ck'
    assert samples["consumption_register_kilowatthours", label, "total"] == 5
    assert samples["consumption_energy_watthours_total", label, "total"] == 107_000
    assert samples["consumption_power_watts", label, "total"] == 2352.553
    assert samples["consumption_up", label] == 1
    assert samples["consumption_events_total", label, "total", "reset"] == 1


async def test_failed_and_silent_endpoints_have_no_values(monitor: Any) -> None:
    """They are down, and their value lines are left out."""
    await monitor.add("never")
    await monitor.add("failed")
    monitor.show("never", '"x"')
    monitor.show("failed", "7")
    await monitor.round()
    monitor.clock.pass_by(minutes=5)
    monitor.http.serve("http://meter.test/failed", "oops", "text/plain", 500)
    await monitor.round()
    samples = await _samples(monitor)
    assert (
        samples["consumption_up", "never"] == samples["consumption_up", "failed"] == 0
    )
    assert samples["consumption_failed_polls", "failed"] == 1
    names = {key[0] for key in samples}
    assert "consumption_energy_watthours_total" not in names
    assert "consumption_power_watts" not in names


async def test_stale_endpoint_is_down(monitor: Any) -> None:
    """A value of an hour ago is not told as that of now."""
    await monitor.add("a")
    monitor.show("a", "7")
    await monitor.round()
    monitor.clock.pass_by(hours=1)
    samples = await _samples(monitor)
    assert samples["consumption_up", "a"] == 0
    assert ("consumption_register_kilowatthours", "a", "total") not in samples


async def test_failed_polls_are_counted_by_reason_and_outlast_retention(
    monitor: Any,
) -> None:
    """A counter that never falls, also where the attempts themselves are deleted."""
    await monitor.add("a")
    monitor.show("a", '"x"')
    for _ in range(2):
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    await monitor.pool.execute("delete from scrape_attempt")
    monitor.clock.pass_by(hours=1)
    monitor.show("a", "7")
    await monitor.round()
    samples = await _samples(monitor)
    assert samples["consumption_scrape_errors_total", "a", "no_number"] == 2
    assert samples["consumption_scrape_errors_total", "a", "http_status"] == 1
    assert samples["consumption_up", "a"] == 1
