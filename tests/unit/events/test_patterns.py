"""Which names a pattern means."""

from __future__ import annotations

import pytest

from nxforge_core.events import covers, matches


@pytest.mark.parametrize(
    ("pattern", "name", "meant"),
    [
        ("metric.collected", "metric.collected", True),
        ("metric.collected", "metric.collected.late", False),
        ("metric.*", "metric.collected", True),
        ("metric.*", "metrics.collected", False),
        ("metric.*", "metric", False),
        ("*", "job.failed", True),
    ],
)
def test_pattern_means_a_name_or_all_that_begin_so(
    pattern: str, name: str, *, meant: bool
) -> None:
    """Only `*` at the end stands for something else than itself."""
    assert matches(pattern, name) is meant


@pytest.mark.parametrize(
    ("allowed", "wanted", "covered"),
    [
        (("job.*",), "job.*", True),
        (("job.*",), "job.failed", True),
        (("job.failed",), "job.*", False),
        (("job.*", "*"), "metric.*", True),
        (("job.*",), "*", False),
        ((), "job.failed", False),
    ],
)
def test_pattern_is_covered_by_one_that_means_as_much(
    allowed: tuple[str, ...], wanted: str, *, covered: bool
) -> None:
    """Nobody hears more than the manifest says."""
    assert covers(allowed, wanted) is covered
