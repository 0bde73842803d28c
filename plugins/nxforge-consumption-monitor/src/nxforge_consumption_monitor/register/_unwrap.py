"""One reading after the other: turn a register that falls into a total that never does.

A register falls for five causes: jitter, glitch, reset, rollover, replacement. One
reading cannot tell a glitch from a reset, so what cannot be explained waits for the
next reading to explain it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from ._limits import Limits
from ._state import Reading, RegisterState
from ._step import Event, Label, Point, Revision, Step

__all__ = ["dismissal", "step"]

_ZERO = Decimal(0)
_SUSPECT: frozenset[Label] = frozenset({"suspect_high", "suspect_low"})


class _Mark(NamedTuple):
    register: Decimal
    ts: datetime


def step(state: RegisterState, reading: Reading, limits: Limits) -> Step:
    """Judge one reading by what is known of the channel.

    Every reading gets an answer; none raises. A reading that is not later than the one
    before is `out_of_order` and changes nothing: to count it, run `unwrap` over the
    stored readings.

    Args:
        state: What the previous step returned; `RegisterState()` at the beginning.
        reading: A reading later than those before it.
        limits: Fields of the endpoint.

    Returns:
        The new state with the label, the energy added, the points of the total, the
        events to propose and the revisions of earlier readings.
    """
    if _is_invalid(state, reading):
        return Step(state=state, label="invalid_zero")
    if state.seen is not None and reading.ts <= state.seen:
        return Step(state=state, label="out_of_order")
    if state.v0 is None or state.t0 is None:
        return _begin(state, reading, limits)
    base = _Mark(state.v0, state.t0)
    label, energy = _judge(base, reading, limits)
    if label in _SUSPECT:
        return _doubt(state, reading, label, base, limits)
    return _accept(state, reading, label, energy, limits)


def dismissal(state: RegisterState) -> tuple[Revision, ...]:
    """The revision that rejects the pending reading and its repetitions, if any."""
    if state.pending_t is None or state.pending_until is None:
        return ()
    label: Label = (
        "rejected_spike" if state.pending_kind == "high" else "rejected_glitch"
    )
    return (Revision(state.pending_t, state.pending_until, label),)


def _is_invalid(state: RegisterState, reading: Reading) -> bool:
    if not reading.valid or not reading.register_kwh.is_finite():
        return True
    return state.v0 is not None and state.v0 > 0 and reading.is_blank


def _begin(state: RegisterState, reading: Reading, limits: Limits) -> Step:
    # after a meter event of unknown registers the total goes on, it does not begin
    is_new = state.t0 is None
    total = limits.energy(_ZERO, reading.register_kwh) if is_new else state.total
    return Step(
        state=RegisterState(v0=reading.register_kwh, t0=reading.ts, total=total),
        label="first",
        points=(Point(reading.ts, total),),
    )


def _judge(base: _Mark, reading: Reading, limits: Limits) -> tuple[Label, Decimal]:
    before, after, elapsed = base.register, reading.register_kwh, reading.ts - base.ts
    rise = limits.energy(before, after)
    if rise >= 0:
        return ("ok", rise) if limits.allows(rise, elapsed) else ("suspect_high", _ZERO)
    if limits.is_jitter(rise):
        return "jitter", _ZERO
    wrapped = limits.wrapped(before, after, elapsed)
    return ("suspect_low", _ZERO) if wrapped is None else ("rollover", wrapped)


def _accept(
    state: RegisterState,
    reading: Reading,
    label: Label,
    energy: Decimal,
    limits: Limits,
) -> Step:
    register, total = reading.register_kwh, state.total + energy
    high_water = state.v0 if label == "jitter" else register
    events: tuple[Event, ...] = ()
    if label == "rollover" and limits.modulus_kwh is not None:
        events = (Event("rollover", reading.ts, limits.modulus_kwh, _ZERO),)
    return Step(
        state=RegisterState(v0=high_water, t0=reading.ts, total=total),
        label=label,
        energy_kwh=energy,
        points=(Point(reading.ts, total),),
        events=events,
        revisions=dismissal(state),
    )


def _doubt(
    state: RegisterState, reading: Reading, label: Label, base: _Mark, limits: Limits
) -> Step:
    is_high = label == "suspect_high"
    first = _waiting(state, is_high=is_high)
    if first is None:
        return _wait(state, reading, label)
    rise = limits.energy(first.register, reading.register_kwh)
    elapsed = reading.ts - (state.pending_until or first.ts)
    # an equal value confirms nothing: a stuck frame repeats itself, a counter counts
    if rise > 0 and limits.allows(rise, elapsed):
        if is_high:
            jump = Event("jump", first.ts, base.register, first.register)
            return _confirm(state, reading, jump, first, limits)
        return _reset(state, reading, first, base, limits)
    if rise <= 0 and limits.is_jitter(rise):
        return Step(state=replace(state, pending_until=reading.ts), label=label)
    return _wait(state, reading, label)


def _waiting(state: RegisterState, *, is_high: bool) -> _Mark | None:
    if state.pending_v is None or state.pending_t is None:
        return None
    if is_high != (state.pending_kind == "high"):
        return None
    return _Mark(state.pending_v, state.pending_t)


def _wait(state: RegisterState, reading: Reading, label: Label) -> Step:
    return Step(
        state=RegisterState(
            v0=state.v0,
            t0=state.t0,
            total=state.total,
            pending_kind="high" if label == "suspect_high" else "low",
            pending_v=reading.register_kwh,
            pending_t=reading.ts,
            pending_until=reading.ts,
        ),
        label=label,
        revisions=dismissal(state),
    )


def _reset(
    state: RegisterState, reading: Reading, first: _Mark, base: _Mark, limits: Limits
) -> Step:
    if state.pending_kind == "asked":
        return _ask(state, reading)
    begin = first.register
    if limits.reset_policy != "rebase" and limits.is_anew(base.register, begin):
        counted = limits.energy(_ZERO, begin)
        begin = _ZERO if limits.allows(counted, first.ts - base.ts) else begin
    event = Event("reset", first.ts, base.register, begin)
    if limits.reset_policy == "ask":
        return _ask(state, reading, event)
    return _confirm(state, reading, event, first, limits)


def _ask(state: RegisterState, reading: Reading, *events: Event) -> Step:
    asked = replace(
        state,
        pending_kind="asked",
        pending_v=reading.register_kwh,
        pending_until=reading.ts,
    )
    return Step(state=asked, label="suspect_low", events=events)


def _confirm(
    state: RegisterState, reading: Reading, event: Event, first: _Mark, limits: Limits
) -> Step:
    at_break = state.total + limits.energy(event.new_kwh, first.register)
    total = at_break + limits.energy(first.register, reading.register_kwh)
    label: Label = "reset" if event.type == "reset" else "jump_rebased"
    return Step(
        state=RegisterState(v0=reading.register_kwh, t0=reading.ts, total=total),
        label="ok",
        energy_kwh=total - state.total,
        points=(Point(first.ts, at_break), Point(reading.ts, total)),
        events=(event,),
        revisions=(Revision(first.ts, first.ts, label),),
    )
