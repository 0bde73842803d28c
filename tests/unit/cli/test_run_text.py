"""Runs and log lines as the command line prints them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sample_runs import QUEUED

from nxforge_core.api import RunId
from nxforge_core.cli._run_text import line_text, run_text
from nxforge_core.jobs import RunAttempt, RunLine, ShardCount

AT = datetime(2026, 11, 2, 6, 0, 1, 250_000, tzinfo=UTC)
FAILED = msgspec.structs.replace(
    QUEUED,
    slot=AT,
    trigger="manual",
    asked_by="ann",
    rerun_of=RunId(17),
    state="failed",
    attempt=2,
    late=0.0125,
    finished_at=AT,
    why="failed: ValueError: no, at try 2",
    params={"litres": 3},
    error={"type": "ValueError", "message": "no", "traceback": "Trace\n  x\n"},
    lines=2,
    attempts=[
        RunAttempt(
            attempt=1,
            state="lost",
            worker="pc:1",
            started_at=AT,
            ended_at=AT,
            seconds=None,
            error=None,
            note="no sign of life",
        ),
        RunAttempt(
            attempt=2,
            state="failed",
            worker="pc:2",
            started_at=AT,
            ended_at=AT,
            seconds=1.5,
            error=None,
            note=None,
        ),
    ],
)


def test_run_is_shown_with_why_attempts_and_traceback() -> None:
    """An operator reads the whole story of a run without asking for JSON."""
    assert run_text(FAILED).splitlines() == [
        "run 18 of pump/fill",
        "  failed: ValueError: no, at try 2",
        "trigger   manual by ann",
        "slot      2026-11-02 06:00:01.250Z",
        "repeats   run 17",
        "late      0.013 s",
        "log       up to line 2: nxforge runs logs 18",
        "attempts",
        "  1  lost  2026-11-02 06:00:01.250Z on pc:1 (no sign of life)",
        "  2  failed  2026-11-02 06:00:01.250Z on pc:2, 1.500 s",
        'params    {"litres":3}',
        "error",
        "  Trace",
        "    x",
    ]


def test_run_with_shards_is_shown_with_how_far_they_are() -> None:
    """Counts by state stand in one line."""
    shards = ShardCount(total=10, done=3, states={"failed": 1, "succeeded": 2})

    text = run_text(msgspec.structs.replace(FAILED, shards=shards))

    assert "shards    3 of 10 ended: 1 failed, 2 succeeded" in text


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"meter": "m1", "ms": 9}, " meter=m1 ms=9"),
        ({"text": "two words"}, ' text="two words"'),
        ({"empty": ""}, ' empty=""'),
        ({"list": [1, None]}, " list=[1,null]"),
        ({"escape": "\x1b[2J"}, r' escape="\u001b[2J"'),
        ({}, ""),
    ],
)
def test_line_is_shown_with_its_facts(facts: dict[str, Any], shown: str) -> None:
    """Facts are `key=value`; what could be misread, or drive a terminal, is JSON."""
    line = RunLine(line=1, attempt=2, at=AT, level="warning", event="slow", facts=facts)

    assert line_text(line) == f"06:00:01.250 warning  2 slow{shown}"


def test_event_of_a_line_cannot_drive_a_terminal() -> None:
    """A handler's text is shown, never obeyed."""
    line = RunLine(
        line=1, attempt=1, at=AT, level="info", event="a\x1b[2J\nb", facts={}
    )

    assert line_text(line) == r"06:00:01.250 info     1 a\x1b[2J\nb"
