"""`nxforge check` and `pytest --nxforge-plugin`, on what `nxforge new` writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributions import Site

from nxforge_core.cli.new import command as new
from nxforge_core.kit import Finding, NoSubjectError, Report, Verdict, open_subject

#: Processes that import everything: on a busy machine they take their time.
#: What it judges is no matter of the server or of the newer Python.
pytestmark = [pytest.mark.patient, pytest.mark.timeout(120)]

ALL = "routes,jobs,migrations,pages,module"
CHOICES = ["routes", "jobs", "migrations", "pages", "module", "jobs,pages,routes", ALL]


def _new(folder: Path, parts: str) -> Path:
    arguments = ["rack-notes", "--with", parts, "--folder", str(folder)]
    done = CliRunner().invoke(new, arguments)
    assert done.exit_code == 0, done.output
    return folder / "nxforge-rack-notes"


def _run(folder: Path, *arguments: str, path: str = "") -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _check(folder: Path, *arguments: str) -> tuple[int, str]:
    code = "from nxforge_core.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", *arguments],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_new_plugin_with_everything_is_exemplary(tmp_path: Path) -> None:
    """The folder that was written is built, judged, and keeps every check."""
    project = _new(tmp_path, ALL)

    code, out = _check(tmp_path, str(project), "--level", "exemplary")

    assert code == 0, out
    assert out.splitlines()[-1] == "rack-notes 0.1.0: exemplary"


@pytest.mark.long
@pytest.mark.parametrize("parts", CHOICES)
def test_new_plugin_with_any_choice_is_exemplary(tmp_path: Path, parts: str) -> None:
    """Whatever a plugin begins with, it keeps every check."""
    code, out = _check(tmp_path, str(_new(tmp_path, parts)), "--json")

    report = json.loads(out.splitlines()[0])
    assert (code, report["level"]) == (0, "exemplary"), out


@pytest.mark.long
@pytest.mark.parametrize(
    ("plugin", "missed"),
    [
        # Two hundred modules take longer to import than a plugin should.
        ("consumption-monitor", {"start-up"}),
        ("temperature-monitor", set()),
    ],
)
def test_plugins_of_this_repository_are_judged(
    tmp_path: Path, plugin: str, missed: set[str]
) -> None:
    """Both keep every check but those that are known."""
    _, out = _check(tmp_path, plugin, "--json")

    report = json.loads(out.splitlines()[0])
    broken = {each["check"] for each in report["verdicts"] if each["findings"]}
    assert broken == missed, out
    assert report["level"] == ("dependable" if missed else "exemplary")


@pytest.mark.long
def test_wheel_without_its_assets_is_found(tmp_path: Path) -> None:
    """A file that the build leaves out is missed where the plugin needs it."""
    project = _new(tmp_path, "routes,migrations")
    file = project / "pyproject.toml"
    text = file.read_text("utf-8")
    part = "[tool.hatch.build.targets.wheel]\n"
    file.write_text(text.replace(part, f'{part}exclude = ["*.sql"]\n'), "utf-8")

    code, out = _check(tmp_path, str(project))

    assert code == 1, out
    assert "ship it in the wheel" in out


def test_pytest_makes_each_check_a_test(site: Site, tmp_path: Path) -> None:
    """What is broken fails with its words, what cannot be reached is skipped."""
    site.add("unguarded", "raise RuntimeError('no luck')")

    code, out = _run(
        tmp_path,
        *("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"),
        *("--nxforge-plugin", "unguarded"),
        path=str(site.folder),
    )

    assert code == 1, out
    assert "RuntimeError: no luck" in out
    assert "1 failed" in out
    assert "skipped" in out


@pytest.mark.parametrize("given", ["nobody", "there-is-no.whl"])
def test_what_is_no_plugin_is_said(given: str) -> None:
    """A name that nobody installed is named, with what may be given."""
    with pytest.raises(NoSubjectError, match=given), open_subject(given):
        pass


def test_level_is_that_of_which_all_is_kept() -> None:
    """A broken check of a level leaves the one below; an unreached one does, too."""
    kept = Verdict("a", "works", "kept")
    broken = Verdict("b", "dependable", "broken", (Finding("it leaks", "mend it"),))
    unreached = Verdict("b", "dependable", "unreached")
    top = Verdict("c", "exemplary", "kept")

    levels = [
        Report(plugin="p", version="1", verdicts=verdicts).level
        for verdicts in ([kept, top], [kept, broken, top], [kept, unreached], [broken])
    ]

    assert levels == ["exemplary", "works", "works", "works"]
