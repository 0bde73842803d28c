"""Numbers in text: telegrams, keys and values, and whatever stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import re2

from nxforge_consumption_monitor.extract import DecodeStep, KvStep, RegexStep, RuleError

from ._proposal import Proposal

__all__ = ["pattern_proposals", "text_proposals"]

_MAX_LINES: Final = 5_000
_MAX_LINE: Final = 400
_SHORT: Final = 60
_OBIS: Final = re.compile(r"\s*([0-9A-Za-z.:*-]{3,40})(\(.*)")
_GROUP: Final = re.compile(r"\(([^()]*)\)")
_PAIR: Final = re.compile(r"\s*[\"']?([\w .:/-]{1,80}?)[\"']?\s*([=:])\s*(.*)")
_METRIC: Final = re.compile(r"([A-Za-z_:][\w:]*(?:\{[^{}]{0,300}\})?) ([-+0-9.eE]+)")
_TOKEN: Final = re.compile(r"(?<![\w.,])[-+]?[0-9][0-9.,'’ ]*")  # noqa: RUF001 - data
_CONTEXT: Final = 60
_MAX_TOKENS: Final = 2_000
_VALUE: Final = r"([-+]?[0-9](?:[0-9.,]*[0-9])?(?:\s?[A-Za-z·]{1,6}\b)?)"
_SPACES: Final = re.compile(r"(?:\\[ \t\r])+")


def text_proposals(text: str) -> Iterator[Proposal]:
    """Numbers behind a key in their line, and a page that is nothing but a number."""
    if len(text) <= _SHORT:
        yield Proposal(how="key", steps=(DecodeStep(),), text=text)
    for line in text.splitlines()[:_MAX_LINES]:
        if len(line) > _MAX_LINE or not any(c.isdigit() for c in line):
            continue
        yield from _telegram(line)
        yield from _pair(line)
        yield from _metric(line)


def pattern_proposals(text: str) -> Iterator[Proposal]:
    """Numbers by what is printed before them: the last resort."""
    for count, found in enumerate(_TOKEN.finditer(text)):
        if count >= _MAX_TOKENS:
            return
        before = text[max(0, found.start() - _CONTEXT) : found.start()]
        # What changes with the time must not be part of the pattern.
        before = re.split(r"[0-9\n]", before)[-1][-40:]
        if not any(c.isalpha() for c in before):
            continue
        behind = text[found.end() : found.end() + 20]
        pattern = _SPACES.sub(lambda _: r"\s+", re2.escape(before)) + _VALUE
        try:
            step = RegexStep(pattern=pattern)
        except RuleError:
            continue
        yield Proposal(
            how="pattern",
            steps=(step,),
            text=found[0] + behind.partition("<")[0],
            hint=before.strip(),
        )


def _telegram(line: str) -> Iterator[Proposal]:
    found = _OBIS.fullmatch(line.rstrip())
    if found is None:
        return
    key = found[1].partition("*")[0]
    for index, value in enumerate(_GROUP.findall(found[2])):
        step = KvStep(key=key, index=index)
        yield Proposal(how="key", steps=(step,), text=value, hint=key)


def _pair(line: str) -> Iterator[Proposal]:
    found = _PAIR.fullmatch(line.rstrip())
    if found is not None and found[3]:
        key = found[1].strip()
        step = KvStep(key=key, separator=found[2])
        yield Proposal(how="key", steps=(step,), text=found[3], hint=key)


def _metric(line: str) -> Iterator[Proposal]:
    found = _METRIC.match(line)
    if found is not None:
        pattern = rf"(?m)^{re2.escape(found[1])} ([-+0-9.eE]+)"
        step = RegexStep(pattern=pattern)
        yield Proposal(how="key", steps=(step,), text=found[2], hint=found[1])
