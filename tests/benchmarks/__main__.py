"""`python -m tests.benchmarks [NAME...] [--json FILE]`: run them, print JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.benchmarks import (
    browsing,
    charts,
    dashboards,
    http_overhead,
    jobs,
    memory,
    painting,
    polling,
    queue_size,
    reports,
    rounds,
    start_up,
)

BENCHMARKS: Final[dict[str, Callable[[], dict[str, float]]]] = {
    "http": http_overhead.measure,
    "start": start_up.measure,
    "memory": memory.measure,
    "jobs": jobs.measure,
    "queue": queue_size.measure,
    "reports": reports.measure,
    "polling": polling.measure,
    "rounds": rounds.measure,
    "browser": browsing.measure,
    "charts": charts.measure,
    "dashboards": dashboards.measure,
    "painting": painting.measure,
}


def main() -> None:
    """Measure what is named, or everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = {name: BENCHMARKS[name]() for name in given.names or BENCHMARKS}
    text = json.dumps(found, indent=2)
    print(text)  # noqa: T201  # it is a program
    if given.json:
        given.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
