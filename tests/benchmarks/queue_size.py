"""How big the queue's tables become, by the number of deliveries that went through.

`python -m tests.benchmarks queue`, or this file with a number: a million takes minutes.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import asyncpg

from nxforge_core.database import EmbeddedServer, ServerAddress
from nxforge_core.jobs.delivery._nxq import install_queue

__all__ = ["measure"]

_WORKERS: Final = 4
#: Deliveries of one worker between two commits.
_BATCH: Final = 20
_LOOKS: Final = 10

#: As the engine has it: defer, fetch, finish with the row's end.
_PREPARE: Final = """
create schema nxforge;
create table nxforge.queue_schema (version text primary key);
"""
_BATCH_OF: Final = """
create function nxq.batch(queue text, worker bigint, size integer) returns void
language plpgsql set search_path = nxq as $$
declare found_job procrastinate_jobs;
begin
    perform procrastinate_defer_jobs_v1(array_agg(row(
        queue, 'nxforge.run', 0, null, null,
        jsonb_build_object('run_id', number, 'attempt', 1), null
    )::procrastinate_job_to_defer_v1)) from generate_series(1, size) as number;
    loop
        found_job := procrastinate_fetch_job_v2(array[queue]::varchar[], worker);
        exit when found_job.id is null;
        perform procrastinate_finish_job_v1(found_job.id, 'succeeded', true);
    end loop;
end $$
"""
_SIZE: Final = """
select sum(pg_table_size(oid))::bigint as tables,
    sum(pg_indexes_size(oid))::bigint as indexes
from pg_class where relnamespace = 'nxq'::regnamespace and relkind = 'r'
"""
_DEAD: Final = """
select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables
where schemaname = 'nxq'
"""


def measure(jobs: int = 20_000) -> dict[str, float]:
    """Bytes after each tenth of the deliveries, and deliveries each second."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder) / "postgresql", jobs))


async def _measure(folder: Path, jobs: int) -> dict[str, float]:
    async with EmbeddedServer(folder) as address:
        eyes = await _connect(address)
        await eyes.execute(_PREPARE)
        await install_queue(address.conninfo("benchmark"))
        await eyes.execute(_BATCH_OF)
        found: dict[str, float] = {}
        began = time.perf_counter()
        for tenth in range(1, _LOOKS + 1):
            share = jobs // _LOOKS // _WORKERS
            async with asyncio.TaskGroup() as group:
                for number in range(_WORKERS):
                    group.create_task(_work(address, number, share))
            found |= await _look(eyes, tenth * jobs // _LOOKS)
        found["deliveries each second"] = round(jobs / (time.perf_counter() - began))
        await eyes.close()
    return found


async def _connect(address: ServerAddress) -> asyncpg.Connection:
    return await asyncpg.connect(**address.asyncpg_arguments())


async def _work(address: ServerAddress, number: int, jobs: int) -> None:
    connection = await _connect(address)
    worker = await connection.fetchval(
        "insert into nxq.procrastinate_workers default values returning id"
    )
    for _ in range(jobs // _BATCH):
        await connection.execute(
            "select nxq.batch($1, $2, $3)", f"nx_bench_{number}", worker, _BATCH
        )
    await connection.execute(
        "delete from nxq.procrastinate_workers where id = $1", worker
    )
    await connection.close()


async def _look(eyes: asyncpg.Connection, done: int) -> dict[str, float]:
    size = await eyes.fetchrow(_SIZE)
    rows = await eyes.fetchval("select count(*) from nxq.procrastinate_jobs")
    return {
        f"tables after {done}": size["tables"],
        f"indexes after {done}": size["indexes"],
        f"dead rows after {done}": await eyes.fetchval(_DEAD),
        f"rows after {done}": rows,
    }


if __name__ == "__main__":
    for what, figure in measure(int(sys.argv[1])).items():
        print(f"{what:24} {figure:>14,}")  # noqa: T201  # it is a program
