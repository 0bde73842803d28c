"""What jobs cost: collection at its largest, and plain runs beside it."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.beat import Beat
from tests.benchmarks.collection import (
    Collection,
    another_worker,
    collecting,
    install_plain_jobs,
)
from tests.benchmarks.meters import meters

__all__ = ["measure"]

_ENDPOINTS: Final = 10_000
_HOSTS: Final = 100
#: Runs whose way through the queue is measured.
_RUNS: Final = 200
_ROUNDS: Final = 3
_LOAD: Final = 1_000
_LOAD_SECONDS: Final = 62.0
_REST_SECONDS: Final = 20.0
#: Seconds to an answer of meters that keep a process waiting.
_SLOW: Final = 0.1

_SHARDS: Final = """
select extract(epoch from min(started_at))::double precision
from run where parent = $1
"""
_QUEUED: Final = """
select extract(epoch from started_at - queued_at)::double precision * 1000 as late
from run where plugin = 'plain-jobs' and trigger = 'manual' and finished_at is not null
"""
_LATE: Final = """
select late * 1000 as late from run
where plugin = 'plain-jobs' and trigger = 'schedule' and finished_at is not null
  and queued_at > now() - make_interval(secs => $1)
"""


def measure() -> dict[str, float]:
    """Milliseconds, microseconds or ratios, as the names say; all in one run.

    `loop_*`: 10,000 endpoints due at once, on a beat of 1 ms in the host's process:
    how late it came at the worst, how long the loop's own thread worked without a
    pause at the worst, and how late the beat came in the same process at rest.
    `scheduling_us`: CPU time of the process for each due endpoint, from the wish for
    a round until its first shard begins. `queue_*`: from queued to begun, at rest.
    `late_*`: from due to begun, of 200 plain runs a minute beside 200 polls a second,
    which come as 1,000 at once every 5 s, and of the same runs at rest.
    `*_two_processes_ratio`: endpoints a second of host and worker to those of the
    host alone; `busy` with meters that answer at once, where host, database and meters
    use all of two cores, `waiting` with meters that take 100 ms.
    """
    found: dict[str, float] = {}
    for part in (_at_once, _beside_load, _two_processes):
        found |= _run(part)
    return found


def _run(part: Callable[[Path], Coroutine[Any, Any, dict[str, float]]]) -> Any:
    import uvloop  # noqa: PLC0415  # as `nxforge serve` does

    with (
        tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(part(Path(folder)))


async def _at_once(data: Path) -> dict[str, float]:
    beat = Beat()
    with meters(_HOSTS) as ports:
        async with collecting(data, scheduler=False) as collection, beat.running():
            await collection.add(_ENDPOINTS, ports, 3600)
            await asyncio.sleep(3)
            rest = beat.latest()[0]
            rounds = [await _round(collection, beat) for _ in range(_ROUNDS)]
    worst = {key: max(each[key] for each in rounds) for key in rounds[0]}
    return {
        "loop_late_ms_at_rest": round(rest, 1),
        "loop_late_ms": round(worst["late"], 1),
        "loop_late_over_20_ms": worst["often"],
        "loop_busy_ms": round(worst["busy"], 1),
        "scheduling_us": round(
            statistics.median(each["scheduling"] for each in rounds), 1
        ),
        "endpoints_per_second": round(
            statistics.median(each["rate"] for each in rounds)
        ),
    }


async def _round(collection: Collection, beat: Beat) -> dict[str, float]:
    await collection.all_due()
    began = time.time()
    run, row = await collection.collect()
    first = await collection.core.fetchval(_SHARDS, run)
    late = beat.latest(began)
    return {
        "late": late[0],
        "often": sum(each > 20 for each in late),
        "busy": beat.busiest(began)[0],
        "scheduling": 1e6 * beat.process_seconds(began, first) / _ENDPOINTS,
        "rate": _ENDPOINTS / (row["ended"] - row["began"]),
    }


async def _beside_load(data: Path) -> dict[str, float]:
    with meters(_HOSTS, 0.02) as ports:
        async with _plain_host(data) as collection:
            queued = await _queue(collection)
            at_rest = await _late(collection, _REST_SECONDS)
            await collection.add(_LOAD, ports, 5)
            late = await _late(collection, _LOAD_SECONDS)
            polls = await collection.monitor.fetchval("select count(*) from reading")
    return {
        "queue_p50_ms": round(statistics.median(queued), 1),
        "queue_p99_ms": round(_p99(queued), 1),
        "late_p50_ms_at_rest": round(statistics.median(at_rest), 1),
        "late_p99_ms_at_rest": round(_p99(at_rest), 1),
        "late_runs": len(late),
        "late_p50_ms": round(statistics.median(late), 1),
        "late_p99_ms": round(_p99(late), 1),
        "late_polls_per_second": round(polls / _LOAD_SECONDS),
    }


async def _late(collection: Collection, seconds: float) -> list[float]:
    await asyncio.sleep(seconds)
    return [row["late"] for row in await collection.core.fetch(_LATE, seconds)]


@asynccontextmanager
async def _plain_host(data: Path) -> AsyncIterator[Collection]:
    site = data / "site"
    install_plain_jobs(site)
    sys.path.insert(0, str(site))
    try:
        async with collecting(data, scheduler=True, plain=True) as collection:
            yield collection
    finally:
        sys.path.remove(str(site))


async def _queue(collection: Collection) -> list[float]:
    for _ in range(_RUNS):
        await collection.begin("plain-jobs", "wish")
        await asyncio.sleep(0.05)
    rows = await collection.core.fetch(_QUEUED)
    return [row["late"] for row in rows]


async def _two_processes(data: Path) -> dict[str, float]:
    busy = await _compared(data / "busy", _ENDPOINTS, 0.0)
    waiting = await _compared(data / "waiting", _ENDPOINTS // 5, _SLOW)
    return {
        "busy_per_second": round(busy[0]),
        "busy_two_processes_ratio": round(busy[1] / busy[0], 2),
        "waiting_per_second": round(waiting[0]),
        "waiting_two_processes_ratio": round(waiting[1] / waiting[0], 2),
    }


async def _compared(data: Path, count: int, delay: float) -> tuple[float, float]:
    alone: list[float] = []
    both: list[float] = []
    with meters(_HOSTS, delay) as ports:
        async with collecting(data, scheduler=False) as collection:
            await collection.add(count, ports, 3600)
            for _ in range(_ROUNDS):
                alone.append(await _rate(collection, count, 1))
                async with another_worker(data):
                    both.append(await _rate(collection, count, 2))
    return statistics.median(alone), statistics.median(both)


async def _rate(collection: Collection, count: int, processes: int) -> float:
    await collection.all_due()
    run, row = await collection.collect()
    if await collection.workers(run) != processes:
        raise RuntimeError(run, processes)
    return float(count / (row["ended"] - row["began"]))


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
