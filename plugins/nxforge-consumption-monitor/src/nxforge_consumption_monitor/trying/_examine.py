"""All that is read out of one answer. No I/O: it runs beside the loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import (
    Document,
    Explanation,
    ExtractionError,
    Page,
    RuleSet,
    explain,
    extract,
)
from nxforge_consumption_monitor.finding import Candidate, Wanted, find_number
from nxforge_consumption_monitor.templates import load_templates

from ._energies import energies

__all__ = ["Findings", "examine"]

#: Seconds for trying templates, which is an offer and no part of the answer.
_SECONDS: Final = 1.0


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer gives.

    Attributes:
        text: The page; empty where it is none.
        charset: It was read in.
        told: The dry run of the rules; None without rules.
        templates: Ids of those whose rules fit.
        numbers: With a unit of energy, where nobody says what to look for.
    """

    text: str = ""
    charset: str | None = None
    told: Explanation | None = None
    candidates: tuple[Candidate, ...] = ()
    templates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def examine(
    page: Page,
    rules: RuleSet | None,
    wanted: Wanted | None,
    clock: Callable[[], float] = time.monotonic,
) -> Findings:
    """Read a page in every way that was asked for; failures are part of the answer."""
    try:
        decoded = Document(page).decoded()
        text, charset = decoded.text, decoded.charset
    except ExtractionError:
        text, charset = "", None
    return Findings(
        text=text,
        charset=charset,
        told=None if rules is None else explain(rules, page),
        candidates=_candidates(page, wanted),
        templates=tuple(_fitting(page, clock)),
        numbers=energies(text) if rules is None and wanted is None else (),
    )


def _candidates(page: Page, wanted: Wanted | None) -> tuple[Candidate, ...]:
    if wanted is None:
        return ()
    try:
        return find_number(page, wanted)
    except ExtractionError:
        return ()


def _fitting(page: Page, clock: Callable[[], float]) -> list[str]:
    end = clock() + _SECONDS
    fitting: list[str] = []
    for template in load_templates():
        if clock() > end:
            break
        try:
            extract(template.rules, page)
        except ExtractionError:
            continue
        fitting.append(template.id)
    return fitting
