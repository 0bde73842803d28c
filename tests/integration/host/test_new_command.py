"""`nxforge new`: what it writes is a plugin, whatever it begins with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from distributions import Site

from nxforge_core.cli.new import command

#: Processes that import everything: on a busy machine they take their time.
#: What it writes is no matter of the server or of the newer Python.
pytestmark = [pytest.mark.patient, pytest.mark.timeout(90)]

Start = Callable[..., Awaitable[Any]]
ALL = "routes,jobs,migrations,pages,module"


def _new(folder: Path, plugin: str, parts: str) -> Path:
    done = CliRunner().invoke(
        command, [plugin, "--with", parts, "--folder", str(folder)]
    )
    assert done.exit_code == 0, done.output
    return folder / f"nxforge-{plugin}"


def _install(site: Site, project: Path) -> None:
    (package,) = (project / "src").iterdir()
    shutil.copytree(package, site.folder / package.name)
    site.describe(project.name.removeprefix("nxforge-"), package.name)


@pytest.mark.parametrize(
    "parts",
    ["routes", "jobs", "migrations", "pages", "module", "jobs,pages,routes", ALL],
)
async def test_new_plugin_runs_as_it_was_written(
    start: Start, site: Site, tmp_path: Path, parts: str
) -> None:
    """Any choice of parts makes a plugin that a host runs."""
    _install(site, _new(tmp_path, "rack-notes", parts))

    host = await start("rack-notes")

    plugin = host.running.inventory["rack-notes"]
    assert (plugin.state, plugin.problem) == ("running", None)


async def test_new_plugin_does_what_its_texts_say(
    start: Start, site: Site, tmp_path: Path
) -> None:
    """Its route stores, its page shows what was stored, its module is served."""
    _install(site, _new(tmp_path, "rack-notes", ALL))
    host = await start("rack-notes")
    headers = await host.bearer("operator")
    notes = "/api/v1/m/rack-notes/notes"

    added = await host.client.post(
        notes, json={"text": "Mind the gap"}, headers=headers
    )
    listed = await host.client.get(notes, headers=headers)
    page = await host.client.get("/ui/rack-notes/start", headers=headers)

    assert added.status_code == 201, added.text
    assert [note["text"] for note in listed.json()["data"]] == ["Mind the gap"]
    assert "Mind the gap" in page.text
    assert "hello.js" in page.text


@pytest.mark.parametrize("parts", ["routes", ALL])
def test_new_plugin_passes_its_own_checks(
    site: Site, tmp_path: Path, parts: str
) -> None:
    """Its tests on hosts of their own, the linter and the formatter find nothing."""
    project = _new(tmp_path, "rack-notes", parts)
    _install(site, project)
    for check in (
        ["pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"],
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *check],
            cwd=project,
            env={"PYTHONPATH": str(site.folder), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Rack Notes"], "'Rack Notes'"),
        (["serve"], "name of a command"),
        (["rack-notes", "--with", "routes,sauce"], "'sauce'"),
    ],
)
def test_what_cannot_be_written_is_said(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    """A name or a part that cannot be names itself; nothing is written."""
    done = CliRunner().invoke(command, [*arguments, "--folder", str(tmp_path)])

    text = f"{done.exception} {getattr(done.exception, 'remedy', '')}"
    assert said in text
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder that is there is left as it is."""
    project = _new(tmp_path, "rack-notes", "routes")
    (project / "README.md").write_text("mine", "utf-8")

    done = CliRunner().invoke(command, ["rack-notes", "--folder", str(tmp_path)])

    assert "is there already" in str(done.exception)
    assert (project / "README.md").read_text("utf-8") == "mine"
