"""Settings of jobs that are tables and lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from nxforge_core.settings import SettingsError, load_settings


def test_limits_and_queues_come_from_variables() -> None:
    """A table is JSON in a variable, a list is comma separated."""
    environ = {
        "HOME": "/home/ann",
        "NXFORGE_JOBS_LIMITS": '{"racks": 4}',
        "NXFORGE_JOBS_QUEUES": "racks, meters",
    }
    jobs = load_settings(file=None, environ=environ).settings.jobs
    assert jobs.limits == {"racks": 4}
    assert jobs.queues == ("racks", "meters")


def test_limits_come_from_a_file(tmp_path: Path) -> None:
    """In the file it is a table."""
    file = tmp_path / "nxforge.toml"
    file.write_text("[jobs]\nlimits = { racks = 4 }\n")
    loaded = load_settings(file=file, environ={"HOME": "/home/ann"})
    assert loaded.settings.jobs.limits == {"racks": 4}


@pytest.mark.parametrize("text", ["{", '{"racks": 0}', "4"])
def test_wrong_limits_are_refused(text: str) -> None:
    """What is no table of numbers from 1 names the setting."""
    environ = {"HOME": "/home/ann", "NXFORGE_JOBS_LIMITS": text}
    with pytest.raises(SettingsError, match=r"jobs\.limits"):
        load_settings(file=None, environ=environ)
