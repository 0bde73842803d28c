"""A listening socket that a process is started with."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from nxforge_core.cli._process import inherited


@pytest.fixture
def handed() -> Iterator[socket.socket]:
    """A listening socket, as the process before had it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.mark.parametrize("name", ["nxforge/127.0.0.1/0", "nxforge.socket", ""])
def test_handed_socket_is_taken(handed: socket.socket, name: str) -> None:
    """What a service manager or the program itself hands over is listened on."""
    environ = {
        "LISTEN_PID": str(os.getpid()),
        "LISTEN_FDS": "1",
        "LISTEN_FDNAMES": name,
        "PATH": "/bin",
    }
    address = handed.getsockname()

    taken = inherited("127.0.0.1/0", environ, handed.detach())
    assert taken is not None
    with taken:
        found = taken.getsockname()

    assert found == address
    assert environ == {"PATH": "/bin"}


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"LISTEN_PID": "1", "LISTEN_FDS": "1"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "0"},
    ],
)
def test_socket_of_another_process_is_left_alone(
    handed: socket.socket, environ: dict[str, str]
) -> None:
    """Without a word for this very process there is no handed socket."""
    assert inherited("127.0.0.1/0", environ, handed.fileno()) is None
    assert handed.fileno() > 0


def test_own_socket_of_another_address_is_closed(handed: socket.socket) -> None:
    """Where the settings name another address since, that one is listened on."""
    number = handed.detach()
    environ = {
        "LISTEN_PID": str(os.getpid()),
        "LISTEN_FDS": "1",
        "LISTEN_FDNAMES": "nxforge/127.0.0.1/8080",
    }

    assert inherited("127.0.0.1/9090", environ, number) is None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)
