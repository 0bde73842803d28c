"""A host that starts anew behind its listening socket, while clients go on asking."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from processes import Command, Server

pytestmark = pytest.mark.timeout(120)


class Steady(threading.Thread):
    """A client that asks fifty times a second, on connections that it keeps or not."""

    def __init__(self, base: str, token: str, *, keep: bool) -> None:
        super().__init__(daemon=True)
        limits = httpx.Limits(max_keepalive_connections=1 if keep else 0)
        self._client = httpx.Client(
            base_url=base,
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=30,
            limits=limits,
        )
        self.failed: list[str] = []
        self.answered = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Ask until told that it is over."""
        while not self.over.wait(0.02):
            try:
                answer = self._client.get("/api/v1/me")
            except httpx.HTTPError as error:
                self.failed.append(repr(error))
                continue
            if answer.status_code == 200:
                self.answered += 1
            else:
                self.failed.append(answer.text)
        self._client.close()


@contextmanager
def asked(server: Server, token: str) -> Iterator[list[Steady]]:
    """Clients that ask all the time, on kept and on new connections."""
    clients = [Steady(server.base, token, keep=keep) for keep in (True, True, False)]
    for client in clients:
        client.start()
    yield clients
    for client in clients:
        client.over.set()
    for client in clients:
        client.join(40)


def starts(server: Server) -> int:
    """How often the process said that it listens."""
    return sum("NxForge listens on" in line for line in server.log)


def until_started(server: Server, times: int) -> None:
    """Wait until it has started so often."""
    end = time.monotonic() + 30
    while starts(server) < times:
        assert time.monotonic() < end, "".join(server.log)
        assert server.process.poll() is None, "".join(server.log)
        threading.Event().wait(0.05)


def test_hang_up_starts_the_process_anew_and_fails_no_request(
    command: Command, serve: Callable[..., Server]
) -> None:
    """Twice anew under load: one process id, one address, each request answered."""
    server = serve()
    token = command.token("viewer")
    with asked(server, token) as clients:
        server.process.send_signal(signal.SIGHUP)
        until_started(server, 2)
        said = command.run("restart")
        until_started(server, 3)
        before = [client.answered for client in clients]
        threading.Event().wait(0.5)

    assert said.returncode == 0, said.stderr
    assert [client.failed for client in clients] == [[], [], []]
    assert all(
        client.answered > known for client, known in zip(clients, before, strict=True)
    )
    assert server.stop(signal.SIGTERM) == 0
    assert {line.split()[-1] for line in server.log if "listens on" in line} == {
        server.base
    }
