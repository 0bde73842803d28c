"""Whether a plugin can be told of events, and may be."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence

from nxforge_core.api import SubscriptionSpec
from nxforge_core.events import covers

from ._check import Scope, is_async, label
from ._nearest import suggest
from ._problem import Fault

__all__ = ["check_events"]


def check_events(specs: Sequence[SubscriptionSpec], scope: Scope) -> Iterator[Fault]:
    """Judge all subscriptions of a plugin."""
    good: list[str] = []
    for spec in specs:
        what = f"subscription to {spec.pattern!r}"
        misfits = list(scope.misfits(what, spec))
        yield from misfits or _check(what, spec, scope)
        good += [] if misfits else [spec.label]
    yield from scope.names("subscription", good)


def _check(what: str, spec: SubscriptionSpec, scope: Scope) -> Iterator[Fault]:
    yield from _check_handler(what, spec, scope)
    listens = scope.owner.manifest.events.listens
    if not covers(listens, spec.pattern):
        message = f"{what}: manifest.json does not list it in events.listens"
        remedy = suggest(spec.pattern, listens, otherwise="add it there")
        yield scope.fault(message, remedy)
    if not spec.timeout > 0:
        message = f"{what}: timeout is {spec.timeout!r}"
        yield scope.fault(message, "give it more than 0 s")


def _check_handler(what: str, spec: SubscriptionSpec, scope: Scope) -> Iterator[Fault]:
    if not is_async(spec.handler):
        yield from scope.awaitable(what, spec.handler)
        return
    try:
        inspect.signature(spec.handler).bind("ctx", "event")
    except TypeError:
        yield scope.fault(
            f"{what}: {label(spec.handler)} cannot be called with (ctx, event)",
            "write it as 'async def handler(ctx, event)'",
            near=spec.handler,
        )
