"""Candidate rules, each tried on the page, the most robust first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, TypeAlias, get_args

import msgspec

from nxforge_consumption_monitor.extract import (
    BASE_UNIT,
    Document,
    ExtractionError,
    NumberStep,
    Page,
    Quantity,
    Rule,
    RuleSet,
    decode_script,
    looks_like_markup,
    open_page,
    run,
)

from ._html import html_proposals, script_selector
from ._json import json_proposals
from ._proposal import How, Proposal
from ._sums import sums
from ._text import pattern_proposals, text_proposals
from ._trial import Trial, trials
from ._wanted import Match, Wanted
from ._xml import xml_proposals

__all__ = ["Candidate", "find_number"]

_Order: TypeAlias = "tuple[bool, int, bool, bool, bool, int, int]"

_MOST: Final = 20
_MAX_TRIALS: Final = 400
_SECONDS: Final = 2.0
_RANK: Final[dict[How, int]] = {how: rank for rank, how in enumerate(get_args(How))}
_MAX_SCRIPTS: Final = 20
#: Any rule will do to open a page.
_ANY: Final = Rule(quantity="energy", steps=(NumberStep(),))
#: Roots of pages and fragments of them, which may be well-formed XML as well.
_PAGES: Final = frozenset(
    {"a", "b", "body", "center", "div", "dl", "font", "form", "h1", "h2", "h3", "html"}
    | {"main", "ol", "p", "pre", "script", "section", "span", "strong", "table", "td"}
    | {"tr", "ul"}
)


class Candidate(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A rule that yields the number.

    Attributes:
        rule: Ready to be stored.
        how: By what the place is known; a key or label outlasts a position.
        match: Whether the page has the number as typed, with more digits, or one so
            close to it that the register may have counted on since.
        value: What the rule gives, in `unit`.
        resolution: Worth of the last digit, in `unit`.
        warnings: What is worth a look, one word each; `unit_assumed`: nothing on the
            page says in which unit it counts.
    """

    rule: Rule
    how: How
    match: Match
    quantity: Quantity
    value: Decimal
    unit: str
    raw_text: str
    raw_unit: str
    resolution: Decimal | None
    warnings: tuple[str, ...] = ()


def find_number(
    page: Page, wanted: Wanted, clock: Callable[[], float] = time.monotonic
) -> tuple[Candidate, ...]:
    """Propose rules that yield a number which a person sees.

    Args:
        page: The answer.
        wanted: What was typed.
        clock: Seconds; the search ends after two of them, whatever the page is.

    Raises:
        ExtractionError: The page cannot be read at all.
    """
    document = open_page(RuleSet(rules=(_ANY,)), page)
    end = clock() + _SECONDS
    found = _found(document, wanted, clock, end)
    if not found:
        moving = msgspec.structs.replace(wanted, is_moving=True)
        found = _found(document, moving, clock, end)
    return found


def _found(
    document: Document, wanted: Wanted, clock: Callable[[], float], end: float
) -> tuple[Candidate, ...]:
    found: dict[bytes, tuple[_Order, Candidate]] = {}
    for tried, trial in enumerate(_trials(document, wanted)):
        if clock() > end or tried >= _MAX_TRIALS:
            break
        candidate = _verified(trial, document)
        if candidate is not None:
            key = msgspec.json.encode(candidate.rule.steps)
            found.setdefault(key, (_order(trial, len(found)), candidate))
    ranked = sorted(found.values(), key=lambda each: each[0])
    return tuple(candidate for _, candidate in ranked[:_MOST])


def _trials(document: Document, wanted: Wanted) -> Iterator[Trial]:
    seen: list[Proposal] = []
    for proposal in _proposals(document):
        seen.append(proposal)
        yield from trials(proposal, wanted)
    yield from sums(seen, wanted)


def _order(trial: Trial, position: int) -> _Order:
    return (
        trial.how == "pattern",
        trial.reading,
        trial.match != "exact",
        not trial.is_hinted,
        bool(trial.warnings),
        _RANK[trial.how],
        position,
    )


def _proposals(document: Document) -> Iterator[Proposal]:
    text = document.decoded().text
    first = _from_markup if looks_like_markup(text) else _from_text
    yield from first(document)
    yield from pattern_proposals(text)


def _from_text(document: Document) -> Iterator[Proposal]:
    try:
        data = document.json()
    except ExtractionError:
        return text_proposals(document.decoded().text)
    return json_proposals(data)


def _from_markup(document: Document) -> Iterator[Proposal]:
    try:
        root = document.xml()
    except ExtractionError:
        return _from_html(document)
    if str(root.tag).lower() in _PAGES:
        return _from_html(document)
    return xml_proposals(root)


def _from_html(document: Document) -> Iterator[Proposal]:
    try:
        root, _ = document.tree()
    except ExtractionError:
        return
    yield from html_proposals(root)
    for script in root.css("script")[:_MAX_SCRIPTS]:
        selector = script_selector(script)
        try:
            data = decode_script(script.text())
        except ExtractionError:
            continue
        yield from json_proposals(data, selector)


def _verified(trial: Trial, document: Document) -> Candidate | None:
    # Nothing is proposed that was not really run.
    try:
        state = run(trial.rule, document)
    except ExtractionError:
        return None
    if not trial.accepts(state.number):
        return None
    return Candidate(
        rule=trial.rule,
        how=trial.how,
        match=trial.match,
        quantity=trial.rule.quantity,
        value=state.number,
        unit=BASE_UNIT[trial.rule.quantity],
        raw_text=state.text[:200],
        raw_unit=state.unit,
        resolution=state.resolution,
        warnings=(*state.warnings, *trial.warnings),
    )
