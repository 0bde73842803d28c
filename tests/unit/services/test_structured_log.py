"""The log: one format, no secrets, and a run's own lines."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from nxforge_core.services import (
    LogFormat,
    LogLevel,
    LogLine,
    capture_lines,
    configure_logging,
    get_log,
    request_id,
    run_id,
)

Configure = Callable[[LogLevel, LogFormat], io.StringIO]


@pytest.fixture
def configure() -> Iterator[Configure]:
    """Configure the process and put its loggers back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def apply(level: LogLevel, format: LogFormat) -> io.StringIO:  # noqa: A002 - as in the API
        stream = io.StringIO()
        configure_logging(level, format, stream)
        return stream

    yield apply
    root.handlers[:] = handlers
    root.setLevel(level)


def _objects(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_log_line_carries_plugin_request_and_run(configure: Configure) -> None:
    """One JSON object a line, with what the line belongs to."""
    stream = configure("info", "json")
    tokens = request_id.set("r-1"), run_id.set(7)
    get_log("temperature-monitor").info("polled", sensors=3, value=Decimal("1.50"))
    request_id.reset(tokens[0])
    run_id.reset(tokens[1])
    (line,) = _objects(stream)
    assert datetime.fromisoformat(line.pop("at")).tzinfo == UTC
    assert line == {
        "level": "info",
        "event": "polled",
        "logger": "nxforge.plugin.temperature-monitor",
        "plugin": "temperature-monitor",
        "request_id": "r-1",
        "run_id": 7,
        "sensors": 3,
        "value": "1.50",
    }


def test_library_records_come_out_in_the_same_form(configure: Configure) -> None:
    """uvicorn, APScheduler and the rest log like the host itself."""
    stream = configure("info", "json")
    for name in ("uvicorn.error", "apscheduler", "procrastinate", "yoyo"):
        logging.getLogger(name).warning("opened %s", "postgresql://u:hunter2@db/x")
        logging.getLogger(name).debug("not wanted")
    lines = _objects(stream)
    assert [line["logger"] for line in lines] == [
        "uvicorn.error",
        "apscheduler",
        "procrastinate",
        "yoyo",
    ]
    assert {line["event"] for line in lines} == {"opened postgresql://***@db/x"}
    assert {line["level"] for line in lines} == {"warning"}


@pytest.mark.parametrize("format", ["json", "console"])
def test_secrets_are_never_written(configure: Configure, format: LogFormat) -> None:  # noqa: A002 - as in the API
    """However a canary gets into a line, it does not come out."""
    stream = configure("debug", format)
    log = get_log("p")
    canary = "hunter2"
    log.info("a", password=canary, api_key=canary, Cookie=canary)
    log.info("b", headers={"Authorization": f"Basic {canary}", "Set-Cookie": canary})
    log.info("c", url=f"https://me:{canary}@host/?token={canary}&page=2")
    log.info("Authorization: Bearer hunter2")
    log.info("e", dsn=f"postgresql://nx:{canary}@db/nx", deep=[{"secret": canary}])
    logging.getLogger("lib").warning("GET http://x/?key=%s", canary)
    try:
        raise ValueError(f"http://me:{canary}@host")  # noqa: EM102, TRY301 - the case
    except ValueError:
        log.exception("f")
        logging.getLogger("lib").exception("g")
    assert len(stream.getvalue()) > 500
    assert canary not in stream.getvalue()


@pytest.mark.parametrize("format", ["json", "console"])
def test_one_event_is_one_line(configure: Configure, format: LogFormat) -> None:  # noqa: A002 - as in the API
    """Line breaks, escapes and direction marks in foreign text stay visible text."""
    stream = configure("info", format)
    evil = "x\n2026-01-01 [error] fake\r\x1b[2J\u2028\u202e"
    get_log("p").info(evil, fact=evil, **{f"name{evil}": 1})
    logging.getLogger("lib").warning(evil)
    text = stream.getvalue()
    assert text.count("\n") == 2
    assert not set(text) & set("\r\x1b\u2028\u202e")


def test_traceback_is_indented_on_the_console(configure: Configure) -> None:
    """A traceback quotes foreign text, so no line of it can pass for an event."""
    stream = configure("info", "console")
    try:
        raise ValueError("first\n2026-01-01 [error] fake")  # noqa: EM101, TRY003, TRY301 - the case
    except ValueError:
        get_log("p").exception("failed", meter=7)
    first, *rest = stream.getvalue().splitlines()
    assert "failed" in first
    assert "meter=7" in first
    assert len(rest) > 3
    assert all(line.startswith("    | ") for line in rest)


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        (["/a.py:1 f", "/b.py:2 g"], "    | /a.py:1 f\n    | /b.py:2 g\n"),
        (7, "    | 7\n"),
    ],
)
def test_stack_of_a_culprit_is_shown_on_the_console(
    configure: Configure, fact: object, shown: str
) -> None:
    """Frames stand below their line; whatever a plugin logs by that name is shown."""
    stream = configure("info", "console")
    get_log("p").error("loop_blocked", stack=fact)
    assert stream.getvalue().endswith(f"\n{shown}")


def test_exception_is_text_in_json(configure: Configure) -> None:
    """The traceback is one member, with its line breaks."""
    stream = configure("info", "json")
    try:
        raise KeyError("x")  # noqa: EM101, TRY301 - the case
    except KeyError:
        get_log(None).exception("failed")
    (line,) = _objects(stream)
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("KeyError: 'x'")
    assert (line["level"], line["logger"]) == ("error", "nxforge")


def test_facts_cannot_replace_what_the_log_writes(configure: Configure) -> None:
    """A plugin that says it is another one is shown as a fact."""
    stream = configure("info", "json")
    get_log("p").info("x", plugin="other", level="debug", at=1, _record=2)
    (line,) = _objects(stream)
    assert (line["plugin"], line["plugin_"]) == ("p", "other")
    assert (line["level"], line["level_"], line["at_"]) == ("info", "debug", 1)


def test_log_survives_facts_that_fail_to_print(configure: Configure) -> None:
    """A plugin's broken `__str__`, huge values and odd types do not stop a job."""

    class Broken:
        def __str__(self) -> str:
            raise RuntimeError

    stream = configure("info", "json")
    loop: list[Any] = []
    loop.append(loop)
    get_log("p").info(
        "x", a=Broken(), b="y" * 100_000, c=loop, d=2**80, e=float("nan"), f="\ud800"
    )
    (line,) = _objects(stream)
    assert line["a"] == "<Broken that fails to print: RuntimeError>"
    assert len(line["b"]) < 9_000
    assert line["d"] == str(2**80)
    assert line["e"] is None
    assert line["f"] == "\\ud800"


def test_level_holds_for_everything(configure: Configure) -> None:
    """Below the level nothing is written, by nobody."""
    stream = configure("warning", "console")
    get_log("p").info("no")
    logging.getLogger("lib").info("no")
    get_log("p").warning("yes")
    assert stream.getvalue().count("\n") == 1


def test_configuring_twice_writes_once(configure: Configure) -> None:
    """The last call counts."""
    first, second = configure("info", "json"), configure("info", "json")
    get_log("p").info("x")
    assert first.getvalue() == ""
    assert len(_objects(second)) == 1


def test_unconfigured_log_is_readable_through_foreign_handlers() -> None:
    """An application that embeds the host sees event and facts in its own format."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("nxforge.plugin.embedded-one")
    logger.addHandler(handler)
    try:
        get_log("embedded-one").warning("slow meter", seconds=3, password="x")  # noqa: S106 - the case
    finally:
        logger.removeHandler(handler)
    expected = "slow meter plugin='embedded-one' seconds=3 password='***'\n"
    assert stream.getvalue() == expected


def test_capture_gets_lines_whatever_the_level_of_the_host(
    configure: Configure,
) -> None:
    """A run's log has its info lines even where the host writes errors only."""
    stream, lines = configure("error", "json"), list[LogLine]()
    with capture_lines(lines.append):
        get_log("p").info("read", meter=1, token="t")  # noqa: S106 - the case
        get_log("p").debug("not captured")
    get_log("p").info("after the run")
    (line,) = lines
    assert (line.level, line.event) == ("info", "read")
    assert line.facts == {"meter": 1, "token": "***"}
    assert line.at.tzinfo == UTC
    assert stream.getvalue() == ""


def test_capture_gets_what_libraries_log(configure: Configure) -> None:
    """Once, with their name and traceback, when the process logs through us."""
    configure("info", "json")
    lines: list[LogLine] = []
    with capture_lines(lines.append):
        get_log("p").info("ours")
        try:
            raise OSError("http://u:hunter2@x")  # noqa: EM101, TRY301 - the case
        except OSError:
            logging.getLogger("lib").exception("theirs %s", "password=hunter2")
    assert [line.event for line in lines] == ["ours", "theirs password=***"]
    assert lines[1].facts["logger"] == "lib"
    assert "Traceback" in str(lines[1].facts["exception"])
    assert "hunter2" not in repr(lines)


async def test_capture_follows_tasks_and_threads_and_keeps_runs_apart() -> None:
    """Two runs at once: each gets what its own tasks and threads log."""
    log = get_log("p")

    async def run(name: str) -> list[str]:
        lines: list[LogLine] = []
        with capture_lines(lines.append):
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.to_thread(log.info, f"{name} thread"))
                group.create_task(_later(log.info, f"{name} task"))
        return sorted(line.event for line in lines)

    one, two = await asyncio.gather(run("one"), run("two"))
    assert one == ["one task", "one thread"]
    assert two == ["two task", "two thread"]


async def _later(say: Callable[[str], None], text: str) -> None:
    await asyncio.sleep(0)
    say(text)


def test_importing_the_log_configures_nothing() -> None:
    """No handler and no level of the process changes before it is asked for."""
    root = logging.getLogger()
    before = (root.level, len(root.handlers))
    get_log("p").debug("x")
    assert (root.level, len(root.handlers)) == before
    assert logging.getLogger("nxforge").handlers == []
