"""Runs and log lines as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from nxforge_core.api import visible
from nxforge_core.jobs import RunAttempt, RunDetail, RunLine

__all__ = ["line_text", "run_text"]


def run_text(run: RunDetail) -> str:
    """Everything about a run: why, when, attempts, shards, result, error."""
    return "\n".join(map(visible, _lines(run)))


def line_text(line: RunLine) -> str:
    """One line: time, level, attempt, event, facts as `key=value`."""
    facts = line.facts if isinstance(line.facts, dict) else {"facts": line.facts}
    shown = "".join(f" {key}={_value(fact)}" for key, fact in facts.items())
    at = line.at.astimezone(UTC).strftime("%H:%M:%S.%f")[:-3]
    return visible(f"{at} {line.level:<8} {line.attempt} {_plain(line.event)}{shown}")


def _lines(run: RunDetail) -> Iterator[str]:
    yield f"run {run.id} of {run.plugin}/{run.job}"
    yield f"  {run.why}"
    yield from _facts(run)
    if run.shards is not None:
        count = run.shards
        states = ", ".join(f"{many} {state}" for state, many in count.states.items())
        yield f"shards    {count.done} of {count.total} ended: {states}"
    if run.attempts:
        yield "attempts"
        yield from (f"  {_attempt(one)}" for one in run.attempts)
    for name in ("params", "progress", "result", "again"):
        if (content := getattr(run, name)) is not None:
            yield f"{name:<9} {_json(content)}"
    if run.error is not None:
        yield "error"
        yield from (f"  {text}" for text in _error(run.error).splitlines())


def _facts(run: RunDetail) -> Iterator[str]:
    asked = f" by {run.asked_by}" if run.asked_by else ""
    yield f"trigger   {run.trigger}{asked}"
    yield f"slot      {_time(run.slot)}"
    if run.parent is not None:
        yield f"shard     {run.shard} of run {run.parent}"
    if run.rerun_of is not None:
        yield f"repeats   run {run.rerun_of}"
    if run.late is not None:
        yield f"late      {run.late:.3f} s"
    if run.lines:
        yield f"log       up to line {run.lines}: nxforge runs logs {run.id}"


def _attempt(one: RunAttempt) -> str:
    took = "" if one.seconds is None else f", {one.seconds:.3f} s"
    begun = "not begun" if one.started_at is None else _time(one.started_at)
    where = "" if one.worker is None else f" on {one.worker}"
    note = f" ({one.note})" if one.note else ""
    return f"{one.attempt}  {one.state}  {begun}{where}{took}{note}"


def _error(error: object) -> str:
    if isinstance(error, dict) and "traceback" in error:
        remedy = f"\nremedy: {error['remedy']}" if "remedy" in error else ""
        return f"{str(error['traceback']).rstrip()}{remedy}"
    return _json(error)


def _value(fact: object) -> str:
    plain = isinstance(fact, str) and fact and not any(map(_is_awkward, fact))
    return str(fact) if plain else _json(fact)


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _is_awkward(sign: str) -> bool:
    # Control characters would let a log line write over others on a terminal.
    return sign.isspace() or sign in '"=' or not sign.isprintable()


def _json(content: object) -> str:
    return msgspec.json.encode(content).decode()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "Z"
