"""Its migrations can be undone to the last, and applied again to the same shape."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path

from nxforge_core.api import MigrationsSpec, NxForgeError, load_sql
from nxforge_core.database import (
    Corner,
    Pool,
    migrate,
    prepare_corner,
    rollback,
)
from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.testing import Databases

__all__ = ["CHECK"]


_SQL = load_sql("nxforge_core.kit")
_REMEDY = "write NAME.rollback.sql for each file, and take back all that it does"


async def _check(case: Case) -> Iterable[Finding]:
    if (spec := case.parts.migrations) is None:
        return []
    databases = Databases(case.server)
    try:
        with databases.fresh() as address:
            pool = Pool(address, search_path="public")
            try:
                corner = await prepare_corner(pool, address, case.id, None)
                return await _judge(case, spec, pool, corner)
            finally:
                await pool.close()
    finally:
        databases.close()


async def _judge(
    case: Case, spec: MigrationsSpec, pool: Pool, corner: Corner
) -> list[Finding]:
    with as_file(files(spec.package) / spec.folder) as folder:
        empty = await _shape(pool, corner)
        try:
            first = await _up(case, pool, corner, folder)
            for _ in first[0]:
                await rollback(corner.address, corner.schema, case.id, folder)
            left = await _shape(pool, corner) - empty
            again = await _up(case, pool, corner, folder)
        except NxForgeError as error:
            return [Finding(error.message, error.remedy)]
    findings = [Finding(f"undone, it leaves: {line}", _REMEDY) for line in sorted(left)]
    odd = sorted(first[1] ^ again[1])
    return findings + [
        Finding(f"applied again, it differs: {line}", _REMEDY) for line in odd
    ]


async def _up(
    case: Case, pool: Pool, corner: Corner, folder: Path
) -> tuple[tuple[str, ...], set[str]]:
    done = await migrate(corner.address, corner.schema, case.id, folder)
    return done.applied, await _shape(pool, corner)


async def _shape(pool: Pool, corner: Corner) -> set[str]:
    rows = await pool.fetch(_SQL.shape, corner.schema)
    return {str(row["line"]) for row in rows}


CHECK = Check("round-trip", "dependable", "running", _check)
