"""Decisions of the engine that need no database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from nxforge_core.api import (
    Cron,
    Every,
    InvalidInputError,
    JobContext,
    JobSpec,
    Manual,
    NoParams,
    Outcome,
    PluginId,
    Retry,
    RunId,
    Trigger,
)
from nxforge_core.jobs import EngineOptions, FencedError, trigger_words
from nxforge_core.jobs._plain import error_json, json_text
from nxforge_core.jobs.catalog._params import checked_params, read_params
from nxforge_core.jobs.triggers._misfire import MOST_CAUGHT_UP, plan_misfires
from nxforge_core.jobs.triggers._spread import spread
from nxforge_core.jobs.work._lines import RunLines, StoredLine
from nxforge_core.jobs.work._verdict import retry_delay, verdict_of, verdict_of_time
from nxforge_core.services import LogLine

_START = datetime(2026, 1, 1, tzinfo=UTC)
_SLOTS = [_START + timedelta(minutes=n) for n in range(3)]


class Window(msgspec.Struct, frozen=True):
    """A part of the parameters."""

    hours: int = 1


class Wanted(msgspec.Struct, frozen=True):
    """Parameters of a job."""

    meter: str
    window: Window = Window()


async def _nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


def _spec(**facts: object) -> JobSpec:
    return JobSpec(name="probe", title="Probe", handler=_nothing, **facts)  # type: ignore[arg-type]  # facts of many types


@pytest.mark.parametrize(
    ("params", "field", "remedy"),
    [
        ({}, "params.meter", "object missing required field `meter`"),
        ({"meter": 7}, "params.meter", "expected `str`, got `int`"),
        (
            {"meter": "a", "window": {"hours": "2"}},
            "params.window.hours",
            "expected `int`, got `str`",
        ),
        (
            {"meter": "a", "metre": 1},
            "params.metre",
            "the job 'probe' has no such parameter: did you mean 'meter'?",
        ),
        (
            {"meter": "a", "x": 1},
            "params.x",
            "the job 'probe' has no such parameter: it takes meter, window",
        ),
    ],
)
def test_wrong_parameters_are_named(
    params: dict[str, object], field: str, remedy: str
) -> None:
    """Whatever is wrong with parameters, the error says which, and what would fit."""
    with pytest.raises(InvalidInputError) as refused:
        checked_params(_spec(params=Wanted), params)
    assert (refused.value.field, refused.value.remedy) == (field, remedy)


def test_right_parameters_come_back_as_given() -> None:
    """What was accepted is stored as JSON and read as the job's struct."""
    spec = _spec(params=Wanted)
    text = checked_params(spec, {"meter": "a", "window": {"hours": 2}})
    assert read_params(spec, text) == Wanted("a", Window(2))
    assert checked_params(_spec(), None) is None
    assert read_params(_spec(), None) == NoParams()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.50"), '"12.50"'),
        (float("nan"), "null"),
        ("a\x00b", '"a\\ufffdb"'),
        ("a\\u0000b", '"a\\\\u0000b"'),
        ({"at": _START}, '{"at":"2026-01-01T00:00:00Z"}'),
    ],
)
def test_values_become_json_that_postgresql_takes(value: object, text: str) -> None:
    """Decimals are text, and what jsonb refuses is replaced."""
    assert json_text(value) == text


def test_value_that_is_no_json_says_so() -> None:
    """A result that cannot be stored is shown instead of failing the run."""
    stored = msgspec.json.decode(json_text({"x": object}))
    assert stored["value"] == "{'x': <class 'object'>}"
    assert "unsupported" in stored["notJson"]
    assert msgspec.json.decode(json_text("x" * 1_000_001))["limit"] == 1_000_000
    assert msgspec.json.decode(json_text("\ud800"))["value"] == "'\\ud800'"


def test_error_keeps_its_remedy() -> None:
    """Type, message, traceback; and the remedy of the family's errors."""
    stored = msgspec.json.decode(
        error_json(InvalidInputError(field="rate", value=-1, remedy="give 0 or more"))
    )
    assert stored["type"] == "InvalidInputError"
    assert stored["message"] == "rate is -1, which is not valid"
    assert stored["remedy"] == "give 0 or more"
    assert "remedy" not in msgspec.json.decode(error_json(FencedError(1, 2)))  # type: ignore[arg-type]  # a plain number does


@pytest.mark.parametrize(
    ("value", "state", "outcome", "result"),
    [
        (None, "succeeded", "ok", None),
        ({"n": 1}, "succeeded", "ok", '{"n":1}'),
        (Outcome.ok([1]), "succeeded", "ok", "[1]"),
        (Outcome.partial([1]), "succeeded", "partial", "[1]"),
        (Outcome.failed([1]), "failed", "failed", "[1]"),
        (Outcome.idle(), "succeeded", "idle", None),
    ],
)
def test_returned_value_is_judged(
    value: object, state: str, outcome: str, result: str | None
) -> None:
    """What a handler returns decides state, outcome and result, and is final."""
    verdict = verdict_of(value, _spec(), RunId(1))
    assert (verdict.state, verdict.outcome, verdict.result) == (state, outcome, result)
    assert not verdict.retry


def test_timeout_may_be_tried_again() -> None:
    """A handler that took too long is a failed attempt like any other."""
    verdict = verdict_of_time(_spec(timeout=1.5), abandoned=False)
    assert (verdict.state, verdict.retry, verdict.note) == ("timed_out", True, None)


def test_retry_delay_doubles_up_to_its_bound() -> None:
    """Back-off doubles, stays under its maximum and is spread by a fifth at most."""
    spec = _spec(retry=Retry(attempts=9, backoff=10, backoff_max=35))
    delays = [retry_delay(spec, 1, tries) for tries in (0, 1, 2, 5000)]
    for delay, most in zip(delays, (10, 20, 35, 35), strict=True):
        assert 0.8 * most <= delay <= most
    assert retry_delay(spec, 1, 0) == retry_delay(spec, 1, 0)


def test_spread_is_even_and_repeatable() -> None:
    """The same facts give the same number; many facts fill the whole range."""
    numbers = [spread("plugin", "job", n) for n in range(1000)]
    assert numbers == [spread("plugin", "job", n) for n in range(1000)]
    assert 0 <= min(numbers) < 0.01
    assert 0.99 < max(numbers) < 1
    assert 0.45 < sum(numbers) / 1000 < 0.55


def test_missed_slots_are_merged_into_the_last() -> None:
    """run_once runs the last missed slot, or none when a later one ran already."""
    plan = plan_misfires("run_once", _SLOTS, ran_later=False)
    assert plan.run == (_SLOTS[2],)
    assert [slot for slot, _ in plan.record] == _SLOTS[:2]
    plan = plan_misfires("run_once", _SLOTS, ran_later=True)
    assert plan.run == ()
    assert [slot for slot, _ in plan.record] == _SLOTS


def test_missed_slots_are_skipped_or_all_run() -> None:
    """Skip records every slot; run_all runs the latest up to its cap."""
    assert plan_misfires("skip", _SLOTS, ran_later=False).run == ()
    many = [_START + timedelta(minutes=n) for n in range(MOST_CAUGHT_UP + 2)]
    plan = plan_misfires("run_all", many, ran_later=True)
    assert plan.run == tuple(many[2:])
    assert [slot for slot, _ in plan.record] == many[:2]


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (Manual(), "on demand"),
        (Every(seconds=1), "every second"),
        (Every(seconds=90), "every 90 seconds"),
        (Every(minutes=15), "every 15 minutes"),
        (Every(hours=24), "every day"),
        (Cron("0 3 * * *", "Europe/Berlin"), "cron 0 3 * * * (Europe/Berlin)"),
    ],
)
def test_trigger_is_told_in_words(trigger: Trigger, words: str) -> None:
    """Lists say when a job runs."""
    assert trigger_words(trigger) == words


def test_queue_name_is_of_the_installation() -> None:
    """Each installation has its own queue name, short and plain."""
    options = EngineOptions(instance="0123abcd-0000-4000-8000-000000000000")
    assert options.queue == "nx_0123abcd"


def test_queue_of_a_plugin_fits_into_a_channel_name() -> None:
    """However long the plugin's id: PostgreSQL's channels have 63 bytes."""
    options = EngineOptions(instance="0123abcd-0000-4000-8000-000000000000")
    names = {options.queue_of(PluginId(one)) for one in ("a", "b", "x" * 200)}
    assert len(names) == 3
    assert {len(f"procrastinate_queue_v1#{name}") for name in names} == {43}


class Shelf:
    """A store of lines in memory that can be out of order."""

    def __init__(self) -> None:
        self.lines: dict[int, StoredLine] = {}
        self.progress: list[str] = []
        self.broken = False

    async def store_lines(self, lines: Sequence[StoredLine]) -> None:
        """Add lines."""
        if self.broken:
            raise OSError
        self.lines |= {line.line: line for line in lines}

    async def cut_lines(self, above: int, up_to: int) -> None:
        """Remove lines."""
        kept = {n: line for n, line in self.lines.items() if not above < n <= up_to}
        self.lines = kept

    async def store_progress(self, progress: str) -> None:
        """Replace the progress."""
        self.progress.append(progress)


def _line(event: str) -> LogLine:
    return LogLine(_START, "info", event, {})


@pytest.mark.parametrize("batch", [1, 3, 100])
async def test_long_log_loses_its_oldest_middle(batch: int) -> None:
    """Past its bound a log keeps the first half and the newest half."""
    shelf = Shelf()
    lines = RunLines(shelf, 0, most=10)
    for number in range(1, 101):
        lines.add(_line(str(number)))
        if number % batch == 0:
            await lines.flush()
    await lines.flush()
    assert sorted(shelf.lines) == [1, 2, 3, 4, 5, 96, 97, 98, 99, 100]
    assert shelf.lines[97].event == "97"


async def test_lines_wait_for_a_store_that_is_away() -> None:
    """Lines that could not be stored are stored the next time, with later ones."""
    shelf = Shelf()
    lines = RunLines(shelf, 7)
    lines.add(_line("first"))
    shelf.broken = True
    with pytest.raises(OSError):  # noqa: PT011 - the store's own
        await lines.flush()
    shelf.broken = False
    lines.add(_line("second"))
    await lines.flush()
    assert [(n, line.event) for n, line in shelf.lines.items()] == [
        (8, "first"),
        (9, "second"),
    ]


async def test_only_the_latest_progress_is_stored() -> None:
    """Progress reported a thousand times costs one statement for each batch."""
    shelf = Shelf()
    lines = RunLines(shelf, 0)
    await asyncio.gather(*(lines.report(n, 1000, "reading") for n in range(1000)))
    await lines.flush()
    await lines.flush()
    assert shelf.progress == ['{"done":999,"total":1000,"text":"reading"}']


async def test_huge_lines_are_cut() -> None:
    """One line cannot fill the table."""
    shelf = Shelf()
    lines = RunLines(shelf, 0)
    lines.add(LogLine(_START, "info", "e" * 5000, {"page": "x" * 50_000}))
    await lines.flush()
    assert len(shelf.lines[1].event) == 2000
    assert len(shelf.lines[1].facts) < 1500
