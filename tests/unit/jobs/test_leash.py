"""What a handler opened ends with its attempt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

import pytest

from nxforge_core.api import (
    HttpRequest,
    JobName,
    PluginContext,
    PluginId,
    PluginInfo,
    RunId,
)
from nxforge_core.jobs import RunEndedError
from nxforge_core.jobs.work._leash import Leash
from nxforge_core.jobs.work._leashed import job_context
from nxforge_core.jobs.work._ledger import Claim
from nxforge_core.jobs.work._lines import RunLines
from nxforge_core.jobs.work._usage import UsageProbe

_CLAIM: Final = Claim(
    id=RunId(1),
    plugin=PluginId("meter-probe"),
    job=JobName("probe"),
    slot=datetime(2026, 1, 1, tzinfo=UTC),
    attempt=1,
    tries=0,
    params=None,
    age=0.0,
    lines=0,
)


class Wire:
    """A connection that can be cut."""

    def __init__(self) -> None:
        self.was_cut = False

    def cut(self) -> None:
        """End it."""
        self.was_cut = True


async def _answer(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def _never() -> None:
    await asyncio.Event().wait()


async def test_calls_before_the_end_answer_as_without_a_leash() -> None:
    """A held call gives what it gives, and its errors are its own."""
    leash = Leash(RunId(1))
    assert await leash.hold(_answer, 7) == 7
    with pytest.raises(TypeError):
        await leash.hold(_answer)  # type: ignore[call-arg]  # the point of it


async def test_call_after_the_end_is_refused() -> None:
    """From its end on nothing goes through, and nothing is begun for it."""
    leash = Leash(RunId(5))
    await leash.end()
    with pytest.raises(RunEndedError, match="run 5 has ended"):
        await leash.hold(_answer, 7)
    with pytest.raises(RunEndedError), leash.lend(_wire()):
        pytest.fail("lent after the end")


async def test_call_in_hand_is_interrupted_at_the_end() -> None:
    """A task inside a call learns there that its run has ended, and may go on."""
    leash = Leash(RunId(1))
    learned: list[Exception] = []

    async def linger() -> str:
        try:
            await leash.hold(_never)
        except RunEndedError as error:
            learned.append(error)
        await asyncio.sleep(0)
        return "went on"

    task = asyncio.get_running_loop().create_task(linger())
    await asyncio.sleep(0)
    await leash.end()
    assert await task == "went on"
    assert len(learned) == 1
    assert task.cancelling() == 0


async def test_cancellation_before_the_end_stays_one() -> None:
    """A handler that is cancelled inside a call sees its cancellation."""
    leash = Leash(RunId(1))
    task = asyncio.get_running_loop().create_task(leash.hold(_never))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_open_transaction_is_cut_and_never_committed() -> None:
    """A connection in hand is cut at the end; leaving its block then is an error."""
    leash, wire = Leash(RunId(1)), _wire()
    committed: list[str] = []

    @asynccontextmanager
    async def transaction() -> AsyncIterator[None]:
        with leash.lend(wire):
            yield
        committed.append("commit")

    with pytest.raises(RunEndedError):
        async with transaction():
            await leash.end()
    assert wire.was_cut
    assert committed == []


async def test_connection_that_was_given_back_is_not_cut() -> None:
    """The end touches nothing that is no longer in hand."""
    leash, wire = Leash(RunId(1)), _wire()
    with leash.lend(wire):
        pass
    await leash.end()
    assert not wire.was_cut


def test_usage_tells_what_was_opened(tmp_path: Any) -> None:
    """A file that stays open is one more than before; closed it is none."""
    probe = UsageProbe()
    with (tmp_path / "kept").open("w"):
        assert probe.growth().files == 1
    assert probe.growth().files == 0


def _wire() -> Any:
    return Wire()


class Stuck:
    """HTTP and jobs that never answer."""

    async def fetch(self, _request: object) -> None:
        """Never answer."""
        await _never()

    async def run(self, _job: str, _params: object = None) -> None:
        """Never answer."""
        await _never()


async def test_requests_of_a_context_end_with_it() -> None:
    """What a handler asked of HTTP or of other jobs is given up, and then refused."""
    leash, stuck = Leash(RunId(1)), Stuck()
    unused: Any = None
    plugin = PluginContext(
        plugin=PluginInfo(PluginId("meter-probe"), "meter-probe", "1.0"),
        settings=None,
        db=unused,
        http=cast("Any", stuck),
        browser=cast("Any", stuck),
        secrets=unused,
        jobs=cast("Any", stuck),
        events=unused,
        log=unused,
        clock=unused,
    )
    context = job_context(plugin, _CLAIM, RunLines(cast("Any", stuck), 0), leash)
    loop = asyncio.get_running_loop()
    request = HttpRequest(url="http://meter/")
    tasks = [
        loop.create_task(context.http.fetch(request)),
        loop.create_task(context.jobs.run("other")),
    ]
    await asyncio.sleep(0)
    await leash.end()
    for task in tasks:
        with pytest.raises(RunEndedError):
            await task
    with pytest.raises(RunEndedError):
        await context.progress(1, 2, "late")
    with pytest.raises(RunEndedError):
        async with context.transaction():
            pytest.fail("begun after the end")
