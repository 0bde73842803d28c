"""Wrong use of the command line: one clear message, the right exit code, no change."""

from __future__ import annotations

import os
import socket

import pytest
from processes import Command

pytestmark = pytest.mark.timeout(90)


def one_line(text: str) -> str:
    """The error line; a traceback is a failure of its own."""
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, text
    return lines[0]


def test_taken_port_is_named_with_the_option_to_change(command: Command) -> None:
    """A port somebody listens on ends `serve` before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = command.run("serve", "--port", str(port))

    assert found.returncode == 1
    assert f"127.0.0.1:{port}" in one_line(found.stderr)
    assert "--port" in found.stderr
    assert not command.data.exists()


def test_unreachable_database_is_named_without_its_password(command: Command) -> None:
    """The message names host and port and the setting, never the password."""
    url = "postgresql://nx:canary-secret@127.0.0.1:1/nx"
    command.config.write_text("[database]\nwait = 0\n")

    found = command.run("serve", "--port", "0", "--database-url", url)

    assert found.returncode == 1
    assert "127.0.0.1:1" in one_line(found.stderr)
    assert "NXFORGE_DATABASE_URL" in found.stderr
    assert "canary-secret" not in found.stderr


def test_read_only_data_directory_is_named(command: Command) -> None:
    """A data directory that cannot be written ends the command with its path."""
    found = command.run("serve", "--port", "0", "--data-dir", "/sys/nxforge")

    assert found.returncode == 1
    assert "/sys/nxforge" in one_line(found.stderr)


def test_unknown_setting_names_the_nearest_right_one(command: Command) -> None:
    """A misspelt key of the file is an error that offers the right one."""
    command.config.write_text("[server]\nprot = 80\n")

    found = command.run("settings")

    assert found.returncode == 2
    assert "server.prot" in found.stderr
    assert "server.port" in found.stderr


def test_unknown_plugin_to_enable_is_refused(command: Command) -> None:
    """Enabling what is not installed changes nothing and names what is."""
    found = command.run("plugins", "enable", "consumption-moniter")

    assert found.returncode == 2
    assert "consumption-moniter" in one_line(found.stderr)
    assert "consumption-monitor" in found.stderr


def test_unknown_role_is_refused_with_the_roles(command: Command) -> None:
    """`tokens create` with a wrong role prints no token."""
    found = command.run("tokens", "create", "me", "--role", "root")

    assert found.returncode == 2
    assert found.stdout == ""
    assert "admin, operator, viewer" in found.stderr


def test_unknown_command_is_wrong_use(command: Command) -> None:
    """A command that neither the core nor a plugin has ends with exit code 2."""
    found = command.run("sreve")

    assert found.returncode == 2
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0"])
def test_demo_for_no_time_at_all_is_refused(command: Command, seconds: str) -> None:
    """A duration that is none is wrong use, and nothing is started for it."""
    found = command.run("demo", "--port", "0", "--for", seconds)

    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    assert "--for" in found.stderr


def test_parameters_that_are_no_text_are_refused(command: Command) -> None:
    """Bytes that are no UTF-8 are wrong use, as broken JSON is."""
    found = command.run("jobs", "run", "a", "b", "--params", os.fsdecode(b"\xff"))

    assert found.returncode == 2
    assert "--params" in one_line(found.stderr)
