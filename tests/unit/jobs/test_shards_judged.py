"""What a handler may return as shards, and what becomes of wrong ones."""

from __future__ import annotations

import msgspec
import pytest

from nxforge_core.api import FanOut, JobContext, JobSpec, NoParams, Outcome, RunId
from nxforge_core.jobs.catalog._params import read_params
from nxforge_core.jobs.work._shards import MOST_SHARDS
from nxforge_core.jobs.work._verdict import verdict_of


class Part(msgspec.Struct, frozen=True):
    """Parameters of the job."""

    ids: tuple[int, ...] = ()
    text: str = ""


class Stubborn(Part, frozen=True):
    """A part that is no JSON."""

    odd: object = object


async def _nothing(ctx: JobContext, params: Part) -> None:
    """Succeed."""


_SPEC = JobSpec(name="probe", title="Probe", handler=_nothing, params=Part)


def test_shards_keep_their_parameters_and_order() -> None:
    """Each shard's parameters are stored as the job reads them again."""
    parts = tuple(Part(ids=(n,)) for n in range(3))
    verdict = verdict_of(FanOut(parts), _SPEC, RunId(1))
    assert verdict.state == "waiting"
    assert tuple(read_params(_SPEC, text) for text in verdict.shards) == parts


def test_no_shards_are_idle() -> None:
    """A FanOut of nothing is a run that found nothing due."""
    verdict = verdict_of(FanOut(()), _SPEC, RunId(1))
    assert (verdict.state, verdict.outcome) == ("succeeded", "idle")


@pytest.mark.parametrize(
    ("fan_out", "shard", "words"),
    [
        (FanOut((Part(),)), 2, "run 7 is shard 2 of another and returned a FanOut"),
        (FanOut((Part(),) * (MOST_SHARDS + 1)), 0, "10001 shards, 10000 are the most"),
        (
            FanOut((Part(), NoParams())),
            0,
            "shard 2 are no Part to store: it is a NoPar",
        ),
        (FanOut((Part(text="a\x00"),)), 0, "a text in it holds a NUL"),
        (FanOut((Stubborn(),)), 0, "Encoding objects of type type is unsupported"),
    ],
)
def test_wrong_shards_fail_the_run_with_words(
    fan_out: FanOut, shard: int, words: str
) -> None:
    """What cannot be fanned out fails the run, says why, and is not tried again."""
    verdict = verdict_of(fan_out, _SPEC, RunId(7), shard)
    assert (verdict.state, verdict.shards, verdict.retry) == ("failed", (), False)
    assert verdict.error is not None
    assert words in msgspec.json.decode(verdict.error)["message"]


def test_shard_without_work_is_no_idle_run() -> None:
    """An idle shard counts as one that succeeded: its row stays for its parent."""
    assert verdict_of(Outcome.idle(), _SPEC, RunId(1), 3).outcome == "ok"


def test_parameters_that_repeat_what_failed_are_stored() -> None:
    """`again` becomes JSON; of another struct it is left out, and a note says so."""
    kept = verdict_of(Outcome.partial(1, again=Part(ids=(4,))), _SPEC, RunId(1))
    assert kept.again == '{"ids":[4],"text":""}'
    wrong = verdict_of(Outcome.partial(1, again=NoParams()), _SPEC, RunId(1))
    assert (wrong.again, wrong.note) == (None, "`again` is no Part: ignored")
    assert wrong.outcome == "partial"
