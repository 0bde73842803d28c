"""The sentence that explains a run, over every state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest
from sample_runs import QUEUED

from nxforge_core.jobs import RunState, ShardCount
from nxforge_core.jobs.reading._why import explain

AT = QUEUED.slot
LATER = AT + timedelta(minutes=5)
ERROR = {"type": "ValueError", "message": "no such meter\nat all", "traceback": "..."}
HALF = ShardCount(total=10, done=3, states={"succeeded": 2, "failed": 1, "queued": 7})

CASES: list[tuple[dict[str, Any], str]] = [
    ({"state": "queued"}, "queued: waits for a worker since 2026-11-02 06:00:00Z"),
    (
        {"state": "queued", "begins_at": LATER},
        "queued: begins at 2026-11-02 06:05:00Z",
    ),
    (
        {
            "state": "queued",
            "attempt": 2,
            "begins_at": LATER,
            "note": "try 1 of 3 failed",
        },
        "queued: attempt 2 begins at 2026-11-02 06:05:00Z (try 1 of 3 failed)",
    ),
    (
        {
            "state": "queued",
            "attempt": 2,
            "note": "given back: its worker stopped",
        },
        "queued: attempt 2 begins at once (given back: its worker stopped)",
    ),
    (
        {"state": "running", "worker": "pc:1", "started_at": AT},
        "running: attempt 1 on pc:1 since 2026-11-02 06:00:00Z",
    ),
    (
        {
            "state": "running",
            "worker": "pc:1",
            "started_at": AT,
            "progress": {"done": 4, "total": 9, "text": ""},
            "cancelled_by": "ann",
        },
        (
            "running: attempt 1 on pc:1 since 2026-11-02 06:00:00Z, 4 of 9 done; "
            "ann asked for its end"
        ),
    ),
    ({"state": "waiting", "shards": HALF}, "waiting: 3 of 10 shards ended"),
    ({"state": "waiting"}, "waiting: its shards are being made"),
    ({"state": "succeeded", "outcome": "ok"}, "succeeded: everything worked"),
    (
        {"state": "succeeded", "outcome": "ok", "tries": 2},
        "succeeded: everything worked, at try 3",
    ),
    (
        {"state": "succeeded", "outcome": "partial"},
        "succeeded: some items failed",
    ),
    (
        {"state": "succeeded", "outcome": "partial", "shards": HALF},
        "succeeded: 2 of 10 shards succeeded",
    ),
    ({"state": "succeeded", "outcome": "idle"}, "succeeded: nothing was due"),
    (
        {"state": "failed", "error": ERROR, "tries": 1},
        "failed: ValueError: no such meter, at try 2",
    ),
    (
        {"state": "failed", "error": {"type": "KeyError", "message": ""}},
        "failed: KeyError",
    ),
    (
        {"state": "failed", "outcome": "failed"},
        "failed: the handler says that every item failed",
    ),
    (
        {"state": "failed", "shards": ShardCount(total=2, done=2, states={"lost": 2})},
        "failed: 0 of 2 shards succeeded",
    ),
    ({"state": "failed"}, "failed: no error was stored"),
    (
        {
            "state": "timed_out",
            "error": {"type": "TimeoutError", "message": "no result within 5 s"},
            "note": "the handler ignores its cancellation",
        },
        (
            "timed out: TimeoutError: no result within 5 s "
            "(the handler ignores its cancellation)"
        ),
    ),
    (
        {"state": "cancelled", "cancelled_by": "ann"},
        "cancelled: by ann before it began",
    ),
    (
        {"state": "cancelled", "cancelled_by": "ann", "started_at": AT},
        "cancelled: by ann after it began",
    ),
    (
        {"state": "skipped", "note": "run 17 was not finished"},
        "skipped: run 17 was not finished",
    ),
    ({"state": "skipped"}, "skipped: the job was busy"),
    (
        {"state": "misfired", "note": "coalesced into a later slot"},
        "misfired: coalesced into a later slot",
    ),
    ({"state": "misfired"}, "misfired: nobody could run this slot in time"),
    ({"state": "lost", "losses": 1}, "lost: its worker vanished once"),
    (
        {"state": "lost", "losses": 4, "note": "no sign of life"},
        "lost: its worker vanished 4 times (no sign of life)",
    ),
]


@pytest.mark.parametrize(("facts", "sentence"), CASES)
def test_run_explains_itself_in_one_sentence(
    facts: dict[str, Any], sentence: str
) -> None:
    """An operator reads why, with the run, the time or the error that is the cause."""
    assert explain(msgspec.structs.replace(QUEUED, **facts)) == sentence


def test_every_state_has_its_words() -> None:
    """No state is left unexplained, in this table and in the code."""
    assert {facts["state"] for facts, _ in CASES} == set(get_args(RunState))
