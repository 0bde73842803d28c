"""The parameters of shards, from what a handler returned."""

from __future__ import annotations

from typing import Final

import msgspec

from nxforge_core.api import FanOut, JobSpec, RunId
from nxforge_core.jobs._errors import (
    NestedFanOutError,
    ShardLimitError,
    ShardParamsError,
)
from nxforge_core.jobs._plain import holds_nul

__all__ = ["MOST_SHARDS", "shard_params"]

#: Shards of one run at the most.
MOST_SHARDS: Final = 10_000


def shard_params(
    fan_out: FanOut, spec: JobSpec, run: RunId, shard: int
) -> tuple[str, ...]:
    """Write the parameters of each shard of a run as JSON text.

    `shard` is above 0 where that run is a shard itself.

    Raises:
        NestedFanOutError: a shard fans out.
        ShardLimitError: there are too many.
        ShardParamsError: one of them is not of the job's struct, or not JSON.
    """
    if shard:
        raise NestedFanOutError(run, shard)
    if len(fan_out.shards) > MOST_SHARDS:
        raise ShardLimitError(len(fan_out.shards), MOST_SHARDS)
    return tuple(
        _params_text(number, params, spec.params)
        for number, params in enumerate(fan_out.shards, start=1)
    )


def _params_text(number: int, params: object, wanted: type[msgspec.Struct]) -> str:
    if not isinstance(params, wanted):
        fault = f"it is a {type(params).__name__}"
        raise ShardParamsError(number, wanted.__name__, fault)
    try:
        text = msgspec.json.encode(params).decode()
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise ShardParamsError(number, wanted.__name__, str(error)) from error
    if holds_nul(text):
        raise ShardParamsError(number, wanted.__name__, "a text in it holds a NUL")
    return text
