"""Runs the plugin's jobs: one line of JSON in, one line of JSON out for each."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

import msgspec

from nxforge_consumption_monitor.jobs import jobs
from nxforge_core.api import Outcome
from nxforge_core.database import Pool, ServerAddress

from ._context import SCHEMA, Surroundings


async def _main() -> None:
    address = msgspec.json.decode(sys.argv[1], type=ServerAddress)
    around = Surroundings(Pool(address, search_path=SCHEMA))
    specs = {spec.name: spec for spec in jobs()}
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    _say({"ready": True})
    while line := await lines.readline():
        asked = json.loads(line)
        around.clock.instant = datetime.fromisoformat(asked["at"])
        spec = specs[asked["job"]]
        params = msgspec.convert(asked["params"], spec.params)
        try:
            _say(_told(await spec.handler(around.job(spec.name), params)))
        except Exception as error:  # noqa: BLE001 - the run shows it
            _say({"error": repr(error)})
    await around.close()


def _told(result: object) -> Any:
    if isinstance(result, Outcome):
        return {"kind": result.kind, "result": msgspec.to_builtins(result.result)}
    return {"kind": type(result).__name__, "result": msgspec.to_builtins(result)}


def _say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()


asyncio.run(_main())
