"""Starting, stopping, killing: what a process manager and an operator see."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import Command, Server, Worker

pytestmark = pytest.mark.timeout(120)


def servers_left(data: Path) -> list[str]:
    """Command lines of PostgreSQL processes that belong to a data directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(data) in line and "postgres" in line:
            found.append(line)
    return found


def test_sigterm_ends_the_host_and_leaves_no_server(
    command: Command, serve: Callable[..., Server]
) -> None:
    """`serve` ends with exit code 0 and takes its PostgreSQL with it."""
    server = serve()

    code = server.stop(signal.SIGTERM)

    assert code == 0
    assert servers_left(command.data) == []


def test_token_survives_a_kill(command: Command, serve: Callable[..., Server]) -> None:
    """After `kill -9` the next start needs no help and knows what was committed."""
    first = serve()
    token = command.token("viewer")
    killed = first.stop(signal.SIGKILL)
    second = serve()
    with second.client(token) as client:
        me = client.get("/api/v1/me")

    assert killed == -signal.SIGKILL
    assert me.json()["data"]["role"] == "viewer"


def test_worker_runs_what_a_host_without_worker_queues(
    command: Command, serve: Callable[..., Server]
) -> None:
    """`serve --no-worker` queues, `nxforge worker` on the same directory executes."""
    command.config.write_text('[plugins]\nenable = ["temperature-monitor"]\n')
    server = serve("--no-worker")
    job = "/api/v1/jobs/temperature-monitor/cleanup-readings/runs"
    with server.client(command.token()) as client:
        run = client.post(job).json()["data"]["id"]
        queued = client.get(f"/api/v1/runs/{run}").json()["data"]["state"]
        worker = Worker(command)
        state = worker.until_done(
            lambda: client.get(f"/api/v1/runs/{run}").json()["data"]["state"]
        )
        code = worker.stop()

    assert queued == "queued"
    assert state == "succeeded"
    assert code == 0
