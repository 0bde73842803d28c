"""PostgreSQL's data made once, whole or not at all."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from pathlib import Path
from typing import Final

from ._confinement import Confinement
from ._errors import EmbeddedServerError
from ._layout import Layout

__all__ = ["ROLE", "ensure_cluster"]

ROLE: Final = "nxforge"
_FRESH: Final = "cluster.new-"
#: Seconds; initdb takes one, on a slow disk ten.
_DEADLINE: Final = 120


async def ensure_cluster(
    layout: Layout, confinement: Confinement, binaries: Path, password: str
) -> None:
    """Run `initdb` in a sibling folder and rename it; a kill leaves no half cluster.

    Raises:
        EmbeddedServerError: initdb failed; its words are in the message.
    """
    if layout.cluster.exists():
        return
    for left in layout.data_dir.glob(_FRESH + "*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = layout.data_dir / f"{_FRESH}{secrets.token_hex(4)}"
    once = layout.write_temporary(password)
    try:
        with layout.refusals_named(fresh):
            fresh.mkdir(mode=0o700)
            confinement.own(fresh, once)
        await _initdb(layout, confinement, binaries, fresh, once)
        with layout.refusals_named(layout.cluster):
            fresh.rename(layout.cluster)
    finally:
        once.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


async def _initdb(
    layout: Layout, confinement: Confinement, binaries: Path, fresh: Path, once: Path
) -> None:
    options = ["--auth=scram-sha-256", f"--username={ROLE}", f"--pwfile={once}"]
    options += ["--encoding=UTF8", "--locale=C", "--no-instructions"]
    command = confinement.once(binaries / "initdb", "-D", fresh, *options)
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd="/",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_DEADLINE):
            words, _ = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        tail = " / ".join(words.decode("utf-8", "replace").splitlines()[-3:])
        raise EmbeddedServerError(layout.data_dir, f"initdb failed: {tail}")
