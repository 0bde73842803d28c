"""What this process counts of runs, for whoever scrapes metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

__all__ = ["JobMeters"]

_SECONDS: Final = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600)
_LATE: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300)


class JobMeters:
    """Counters of the runs that this process worked for.

    Every attempt that is `claimed` must be `released`, whatever becomes of it.

    Args:
        registry: Of one host: two hosts of a process count apart.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        # Costs what `nxforge runs list` has no use for.
        from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415

        of_job = ("plugin", "job")
        self._runs = Counter(
            "nxforge_runs",
            "Runs that ended here.",
            (*of_job, "state"),
            registry=registry,
        )
        self._seconds = Histogram(
            "nxforge_run_seconds",
            "How long the last attempt of a run took.",
            of_job,
            buckets=_SECONDS,
            registry=registry,
        )
        self._late = Histogram(
            "nxforge_run_lateness_seconds",
            "From the instant a run was due to its first attempt.",
            of_job,
            buckets=_LATE,
            registry=registry,
        )
        self._running = Gauge(
            "nxforge_runs_running",
            "Attempts in hand now.",
            ("plugin",),
            registry=registry,
        )
        self._taken_back = Counter(
            "nxforge_runs_taken_back",
            "Attempts whose worker vanished.",
            of_job,
            registry=registry,
        )

    def claimed(self, plugin: str, job: str, late: float | None) -> None:
        """Count an attempt that begins; `late` seconds are those of a first one."""
        self._running.labels(plugin).inc()
        if late is not None:
            # Clocks of two machines may differ: nothing begins before it is due.
            self._late.labels(plugin, job).observe(max(late, 0.0))

    def released(self, plugin: str) -> None:
        """Count out an attempt that is no longer in hand."""
        self._running.labels(plugin).dec()

    def ended(self, plugin: str, job: str, state: str, seconds: float | None) -> None:
        """Count a run that reached its last state, after so many seconds of work."""
        self._runs.labels(plugin, job, state).inc()
        if seconds is not None:
            self._seconds.labels(plugin, job).observe(seconds)

    def taken_back(self, plugin: str, job: str) -> None:
        """Count an attempt that was taken from a worker without signs of life."""
        self._taken_back.labels(plugin, job).inc()

    def skipped(self, plugin: str, job: str) -> None:
        """Count a slot that got no run because the job was busy or disabled."""
        self._runs.labels(plugin, job, "skipped").inc()
