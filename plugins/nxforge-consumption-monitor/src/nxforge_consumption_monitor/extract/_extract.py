"""All values of a page at once."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import Final

import msgspec

from ._doubt import doubted
from ._errors import (
    AuthRefusedError,
    ExtractionError,
    HttpStatusError,
    Outcome,
    UnexpectedContentError,
)
from ._excerpt import excerpt
from ._json import looks_like_markup
from ._measurement import Measurement
from ._page import Document, Page
from ._rules import Rule, RuleSet
from ._run import run
from ._source import SourceMissingError
from ._state import State
from ._unit import Quantity

__all__ = ["Extraction", "Missing", "Pages", "extract", "measurement_of", "open_page"]

_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is not required and not there, and why."""

    quantity: Quantity
    channel: str
    outcome: Outcome
    message: str


class Extraction(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules find in a page; the properties speak of channel `total`."""

    measurements: tuple[Measurement, ...]
    missing: tuple[Missing, ...] = ()

    def find(self, quantity: Quantity, channel: str = "total") -> Measurement | None:
        """The measurement of a quantity, None when the page has none."""
        for each in self.measurements:
            if each.quantity == quantity and each.channel == channel:
                return each
        return None

    @property
    def energy_kwh(self) -> Decimal | None:
        """The register."""
        return self._value("energy")

    @property
    def power_kw(self) -> Decimal | None:
        """The power now."""
        return self._value("power")

    @property
    def voltage_v(self) -> Decimal | None:
        """The voltage."""
        return self._value("voltage")

    @property
    def current_a(self) -> Decimal | None:
        """The current."""
        return self._value("current")

    @property
    def power_factor(self) -> Decimal | None:
        """The power factor."""
        return self._value("pf")

    @property
    def frequency_hz(self) -> Decimal | None:
        """The frequency."""
        return self._value("frequency")

    @property
    def resolution_kwh(self) -> Decimal | None:
        """The register's resolution, None when unknown."""
        energy = self.find("energy")
        return energy.resolution if energy else None

    @property
    def raw_text(self) -> str:
        """What the device shows as its register, or as its first value."""
        return self._main().raw_text

    @property
    def raw_unit(self) -> str:
        """The unit of `raw_text`."""
        return self._main().raw_unit

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is worth a look in any value, each once."""
        return tuple(dict.fromkeys(w for m in self.measurements for w in m.warnings))

    def _main(self) -> Measurement:
        return self.find("energy") or self.measurements[0]

    def _value(self, quantity: Quantity) -> Decimal | None:
        found = self.find(quantity)
        return found.value if found else None


def extract(rules: RuleSet, page: Page) -> Extraction:
    """Find the values of a page.

    The page is decoded and parsed once for all rules.

    Raises:
        ExtractionError: The page is not what it should be, or a required value is not
            there; its `outcome` is the word for the scrape attempt.
    """
    pages = Pages(rules, page)
    found: list[Measurement] = []
    missing: list[Missing] = []
    first: ExtractionError | None = None
    for rule in rules.rules:
        try:
            found.append(measurement_of(rule, run(rule, pages.of(rule))))
        except ExtractionError as error:
            if rule.required:
                raise
            first = first or error
            missing.append(_missing(rule, error))
    if first is not None and not found:
        raise first
    return Extraction(measurements=doubted(found), missing=tuple(missing))


class Pages:
    """The endpoint's own page and the further ones, each opened once.

    Raises:
        ExtractionError: the own page cannot be the expected one.
    """

    def __init__(self, rules: RuleSet, page: Page) -> None:
        self._others = page.others
        self._open = {"": open_page(rules, page)}

    def of(self, rule: Rule) -> Document:
        """The page that a rule reads.

        Raises:
            ExtractionError: it is not there, or its status is an error.
        """
        name = rule.source
        if name not in self._open:
            if name not in self._others:
                raise SourceMissingError(name)
            self._open[name] = _opened(self._others[name])
        return self._open[name]


def _opened(page: Page) -> Document:
    if page.status in _REFUSED:
        raise AuthRefusedError(page.status)
    if page.status >= HTTPStatus.BAD_REQUEST:
        raise HttpStatusError(page.status)
    return Document(page)


def open_page(rules: RuleSet, page: Page) -> Document:
    """Check that a page can be the expected one.

    Raises:
        ExtractionError: It cannot: a refused login, an error status, other content.
    """
    document = _opened(page)
    match rules.content:
        case "json":
            document.json()
        case "html" if not looks_like_markup(document.decoded().text):
            raise UnexpectedContentError(expected="HTML", text=document.decoded().text)
        case "text" if looks_like_markup(document.decoded().text):
            raise UnexpectedContentError(
                expected="plain text", text=document.decoded().text
            )
        case _:
            pass
    if rules.marker is not None and rules.marker not in document.decoded().text:
        expected = f"a page with {rules.marker!r}"
        raise UnexpectedContentError(expected=expected, text=document.decoded().text)
    return document


def measurement_of(rule: Rule, state: State) -> Measurement:
    """What a rule found, to be stored."""
    return Measurement(
        quantity=rule.quantity,
        channel=rule.channel,
        value=state.number,
        raw_text=excerpt(state.text),
        raw_unit=excerpt(state.unit, 40),
        resolution=state.resolution,
        warnings=state.warnings,
    )


def _missing(rule: Rule, error: ExtractionError) -> Missing:
    return Missing(
        quantity=rule.quantity,
        channel=rule.channel,
        outcome=error.outcome,
        message=error.message,
    )
