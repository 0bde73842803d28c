"""Metrics of runs."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from nxforge_core.jobs import JobMeters


@pytest.fixture
def registry() -> CollectorRegistry:
    """The registry of one host."""
    return CollectorRegistry()


def test_run_is_counted_with_its_state_and_seconds(registry: CollectorRegistry) -> None:
    """A scraper sees how many runs ended how, and how long they took."""
    meters = JobMeters(registry)
    meters.claimed("pump", "fill", late=0.02)
    inside = registry.get_sample_value("nxforge_runs_running", {"plugin": "pump"})
    meters.ended("pump", "fill", "failed", 1.5)
    meters.released("pump")

    job = {"plugin": "pump", "job": "fill"}
    value = registry.get_sample_value
    assert inside == 1
    assert value("nxforge_runs_running", {"plugin": "pump"}) == 0
    assert value("nxforge_runs_total", {**job, "state": "failed"}) == 1
    assert value("nxforge_run_seconds_sum", job) == 1.5
    assert value("nxforge_run_lateness_seconds_bucket", {**job, "le": "0.025"}) == 1


def test_later_attempt_is_not_late(registry: CollectorRegistry) -> None:
    """Only a first attempt has a lateness, and none is negative."""
    meters = JobMeters(registry)
    meters.claimed("pump", "fill", late=None)
    meters.claimed("pump", "fill", late=-0.5)

    job = {"plugin": "pump", "job": "fill"}
    assert registry.get_sample_value("nxforge_run_lateness_seconds_count", job) == 1
    assert registry.get_sample_value("nxforge_run_lateness_seconds_sum", job) == 0


def test_skipped_and_taken_back_are_counted(registry: CollectorRegistry) -> None:
    """What never ran here shows, too."""
    meters = JobMeters(registry)
    meters.skipped("pump", "fill")
    meters.taken_back("pump", "fill")

    job = {"plugin": "pump", "job": "fill"}
    value = registry.get_sample_value
    assert value("nxforge_runs_total", {**job, "state": "skipped"}) == 1
    assert value("nxforge_runs_taken_back_total", job) == 1


def test_two_hosts_count_apart() -> None:
    """Hosts of one process share no counter."""
    first, second = CollectorRegistry(), CollectorRegistry()
    JobMeters(first).taken_back("pump", "fill")
    JobMeters(second)

    job = {"plugin": "pump", "job": "fill"}
    assert second.get_sample_value("nxforge_runs_taken_back_total", job) is None
