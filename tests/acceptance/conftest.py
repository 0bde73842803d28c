"""Hosts, workers and device servers that end with the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import Command, Pages, Server


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command line on a fresh data directory."""
    return Command(tmp_path)


@pytest.fixture
def serve(command: Command) -> Iterator[Callable[..., Server]]:
    """Start servers that end with the test."""
    running: list[Server] = []

    def start(*arguments: str) -> Server:
        running.append(Server(command, *arguments))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def pages() -> Iterator[Pages]:
    """A device server that ends with the test."""
    server = Pages()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)
