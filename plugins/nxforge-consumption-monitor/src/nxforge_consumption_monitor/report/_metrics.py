"""Latest values and counters as OpenMetrics: what is unknown is left out, never NaN."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    MetricChannel,
    MetricErrors,
    MetricEvents,
    metric_channels,
    metric_errors,
    metric_events,
)
from nxforge_core.api import PluginContext

if TYPE_CHECKING:
    from prometheus_client.metrics_core import GaugeMetricFamily, Metric

__all__ = ["OPEN_METRICS", "open_metrics"]

OPEN_METRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_FRESH_INTERVALS: Final = 2
_BOTH: Final = ("endpoint", "channel")


async def open_metrics(ctx: PluginContext[MonitorSettings]) -> bytes:
    """All enabled endpoints as one text."""
    from prometheus_client.openmetrics.exposition import (  # noqa: PLC0415  # only a scraper pays for it
        generate_latest,
    )

    channels = await metric_channels(ctx.db)
    events = await metric_events(ctx.db)
    errors = await metric_errors(ctx.db)
    families = _Families(channels, events, errors, ctx.clock.now())
    text: bytes = generate_latest(families)  # type: ignore[no-untyped-call]  # it has no annotations
    return text


class _Families:
    """What `generate_latest` asks for families."""

    def __init__(
        self,
        channels: Sequence[MetricChannel],
        events: Sequence[MetricEvents],
        errors: Sequence[MetricErrors],
        now: datetime,
    ) -> None:
        self._channels = channels
        self._events = events
        self._errors = errors
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every family once."""
        fresh = [each for each in self._channels if _is_up(each, self._now)]
        yield _energy(fresh)
        yield _power(fresh)
        yield _registers(fresh)
        yield from _endpoints(self._channels, self._now)
        yield _failed(self._errors)
        yield _counted(self._events)


def _is_up(channel: MetricChannel, now: datetime) -> bool:
    seen = channel.ts or channel.sample_ts
    if channel.outcome != "ok" or seen is None:
        return False
    return (now - seen).total_seconds() <= _FRESH_INTERVALS * channel.interval_s


def _energy(channels: Iterable[MetricChannel]) -> Metric:
    from prometheus_client.metrics_core import (  # noqa: PLC0415  # only a scraper pays for it
        CounterMetricFamily,
    )

    text = "Energy that went through, over rollovers, resets and replacements."
    family = CounterMetricFamily(
        "consumption_energy_watthours", text, labels=_BOTH, unit="watthours"
    )
    for each in channels:
        if each.total_kwh is not None and each.ts is not None:
            family.add_metric(
                (each.name, each.channel),
                float(each.total_kwh * 1000),
                timestamp=each.ts.timestamp(),
            )
    return family


def _power(channels: Iterable[MetricChannel]) -> Metric:
    family = _gauge("consumption_power_watts", "Latest power.", "watts", _BOTH)
    for each in channels:
        if each.power_kw is not None:
            family.add_metric((each.name, each.channel), float(each.power_kw * 1000))
    return family


def _registers(channels: Iterable[MetricChannel]) -> Metric:
    text = "The register as the device shows it."
    family = _gauge("consumption_register_kilowatthours", text, "kilowatthours", _BOTH)
    for each in channels:
        if each.register_kwh is not None:
            family.add_metric((each.name, each.channel), float(each.register_kwh))
    return family


def _endpoints(channels: Sequence[MetricChannel], now: datetime) -> Iterator[Metric]:
    main = [each for each in channels if each.channel == "total"]
    up = _gauge("consumption_up", "1 where the latest poll gave a fresh value.")
    last = _gauge(
        "consumption_last_success_timestamp_seconds",
        "When the latest good reading was taken.",
        "seconds",
    )
    took = _gauge(
        "consumption_scrape_duration_seconds",
        "How long the latest poll took.",
        "seconds",
    )
    failed = _gauge("consumption_failed_polls", "Polls that failed one after another.")
    for each in main:
        name = (each.name,)
        up.add_metric(name, float(_is_up(each, now)))
        failed.add_metric(name, each.failures)
        if each.ts is not None:
            last.add_metric(name, each.ts.timestamp())
        if each.scrape_ms is not None:
            took.add_metric(name, each.scrape_ms / 1000)
    yield from (up, last, took, failed)


def _failed(errors: Iterable[MetricErrors]) -> Metric:
    from prometheus_client.metrics_core import (  # noqa: PLC0415  # only a scraper pays for it
        CounterMetricFamily,
    )

    text = "Polls that gave no value, by reason."
    family = CounterMetricFamily(
        "consumption_scrape_errors", text, labels=("endpoint", "reason")
    )
    for each in errors:
        family.add_metric((each.name, each.reason), each.count)
    return family


def _counted(events: Iterable[MetricEvents]) -> Metric:
    from prometheus_client.metrics_core import (  # noqa: PLC0415  # only a scraper pays for it
        CounterMetricFamily,
    )

    text = "What happened to the register."
    family = CounterMetricFamily("consumption_events", text, labels=(*_BOTH, "type"))
    for each in events:
        family.add_metric((each.name, each.channel, each.type), each.count)
    return family


def _gauge(
    name: str, text: str, unit: str = "", labels: Sequence[str] = ("endpoint",)
) -> GaugeMetricFamily:
    from prometheus_client.metrics_core import (  # noqa: PLC0415  # only a scraper pays for it
        GaugeMetricFamily,
    )

    return GaugeMetricFamily(name, text, labels=labels, unit=unit)
