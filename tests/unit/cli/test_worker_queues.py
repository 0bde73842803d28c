"""`nxforge worker --queues`."""

from __future__ import annotations

from click.testing import CliRunner

from nxforge_core.api import UnknownItemError
from nxforge_core.cli.worker import command


def test_worker_refuses_a_queue_of_no_plugin() -> None:
    """A misspelled plugin is named, with those there are, before anything starts."""
    refused = CliRunner().invoke(command, ["--queues", "consumption-monitor, nobody"])
    assert isinstance(refused.exception, UnknownItemError)
    assert refused.exception.value == "nobody"
    assert "consumption-monitor" in str(refused.exception.remedy)
