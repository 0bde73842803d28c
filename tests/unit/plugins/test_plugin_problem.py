"""Problems made of errors: whose line they name, and what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from nxforge_core.api import NxForgeError, PluginId, UnavailableError
from nxforge_core.plugins import Owner, Problem

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
HERE = Owner(
    id=PluginId("meter"), distribution="nxforge-meter", folder=Path(__file__).parent
)
ELSEWHERE = Owner(
    id=PluginId("meter"), distribution="nxforge-meter", folder=Path("/nowhere")
)


class MigrationBrokeError(NxForgeError):
    """An error that knows its file, as that of a migration does."""

    def __init__(self, file: Path | None, line: int) -> None:
        super().__init__("step 2 failed", remedy="mend the step")
        self.file = file
        self.line = line


def raised(function: partial[None]) -> BaseException:
    """What a call raises."""
    with pytest.raises((ValueError, UnavailableError)) as caught:
        function()
    return caught.value


def fail() -> None:
    """Fail on the line the tests look for."""
    int("no number")


def wrap() -> None:
    """Wrap a failure in an error whose own line is the one to show."""
    try:
        fail()
    except ValueError as error:
        raise UnavailableError("gone", remedy="wait") from error  # noqa: EM101 - any error of the family will do


def test_problem_names_the_deepest_line_of_the_plugin() -> None:
    """The innermost frame inside the package counts."""
    problem = Problem.from_error(raised(partial(fail)), HERE, "serve", NOW)
    assert problem.file == __file__
    assert problem.line == fail.__code__.co_firstlineno + 2
    assert problem.message.startswith("ValueError: invalid literal for int()")
    assert problem.at == NOW
    assert "Traceback" in str(problem.traceback)


def test_problem_of_foreign_code_has_no_line() -> None:
    """Frames outside the package are nobody's line to mend."""
    problem = Problem.from_error(raised(partial(fail)), ELSEWHERE, "serve", NOW)
    assert (problem.file, problem.line) == (None, None)
    assert problem.remedy.startswith("report this to the plugin's author")


def test_problem_of_a_wrapped_error_keeps_words_and_traceback() -> None:
    """The outer error has the words, the traceback shows the inner one too."""
    problem = Problem.from_error(raised(partial(wrap)), HERE, "serve", NOW)
    assert (problem.message, problem.remedy) == ("gone", "wait")
    assert "invalid literal" in str(problem.traceback)


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [
        (Path("/a/002_x.sql"), 7, ("/a/002_x.sql", 7)),
        (Path("/a/002_x.sql"), 0, ("/a/002_x.sql", None)),
        (None, 7, (None, None)),
    ],
)
def test_problem_takes_the_place_an_error_knows_itself(
    file: Path | None, line: int, place: tuple[str | None, int | None]
) -> None:
    """An error of a migration names a line of SQL, which no frame can."""
    error = MigrationBrokeError(file, line)
    problem = Problem.from_error(error, ELSEWHERE, "migrate", NOW)
    assert (problem.file, problem.line) == place
    assert problem.traceback is None


def test_problem_without_a_folder_has_no_line() -> None:
    """A plugin whose package was not found has no lines of its own."""
    owner = Owner(id=PluginId("meter"), distribution="nxforge-meter")
    problem = Problem.from_error(raised(partial(fail)), owner, "start", NOW)
    assert (problem.file, problem.line) == (None, None)


def test_problem_of_an_error_without_text_is_its_kind() -> None:
    """An error that says nothing is at least named."""
    assert Problem.from_error(ValueError(), HERE, "start", NOW).message == "ValueError"


def test_problem_finds_the_line_behind_a_link(tmp_path: Path) -> None:
    """A package reached through a link is still the plugin's own."""
    link = tmp_path / "linked"
    link.symlink_to(Path(__file__).parent)
    owner = Owner(id=PluginId("meter"), distribution="nxforge-meter", folder=link)
    problem = Problem.from_error(raised(partial(fail)), owner, "start", NOW)
    assert problem.file == __file__


def test_problem_of_an_error_that_is_its_own_cause_is_found() -> None:
    """`raise error from error` and a circle of causes end the search, not the host."""
    first, second = ValueError("first"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    group = ExceptionGroup("both", [first, second])
    group.__cause__ = first

    for error in (first, group):
        problem = Problem.from_error(error, ELSEWHERE, "import", NOW)
        assert problem.line is None
