"""Forms out of structs: what is entered becomes a value, or every fault is told."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import ui
from nxforge_core.ui import to_html
from nxforge_core.ui.forms import BadFieldsError, decode, fields_of


class Phase(Enum):
    """One of three."""

    ONE = "l1"
    TWO = "l2"


class Meter(msgspec.Struct, frozen=True):
    """What is entered.

    Attributes:
        name: As people know it,
            on two lines.
        interval: Seconds between two polls.
    """

    name: Annotated[str, Meta(min_length=2, max_length=9)]
    interval: Annotated[int, Meta(ge=5, le=3600)] = 60
    factor: Decimal = Decimal(1)
    limit: Annotated[float, Meta(gt=0)] | None = None
    kind: Literal["meter", "pdu"] = "meter"
    phase: Phase | None = None
    enabled: bool = True
    tags: tuple[str, ...] = ()
    ports: list[int] = []
    since: datetime | None = None
    seen: Annotated[datetime, Meta(tz=False)] | None = None
    extra: dict[str, int] = {}
    password: str | None = None
    note: str = "none"

    def __post_init__(self) -> None:
        if self.kind == "pdu" and self.interval < 10:
            what = "a PDU is asked every 10 s at the most"
            raise ValueError(what)


async def submit(_: Any, data: Meter) -> None:
    """Take it."""


FORM = ui.Form("Meter", Meter, submit)
WHOLE = {"name": "Rack", "enabled": "on", "interval": "30"}


def read(**sent: str) -> Meter:
    """The value of what was sent."""
    value = decode(Meter, fields_of(FORM), {**WHOLE, **sent})
    assert isinstance(value, Meter)
    return value


def test_every_kind_of_field_is_read() -> None:
    """Numbers, choices, lists, instants and JSON come out as the struct has them."""
    found = read(
        factor="1.25",
        limit="2.5",
        kind="pdu",
        phase="l2",
        tags="north\n\n cellar ",
        ports="1\n2",
        since="2026-03-01T12:00",
        seen="2026-03-01T12:00",
        extra='{"a": 1}',
        password=" p ",  # noqa: S106 - nobody's
        note="",
    )

    assert found == Meter(
        name="Rack",
        interval=30,
        factor=Decimal("1.25"),
        limit=2.5,
        kind="pdu",
        phase=Phase.TWO,
        tags=("north", "cellar"),
        ports=[1, 2],
        since=datetime(2026, 3, 1, 12, tzinfo=UTC),
        seen=datetime(2026, 3, 1, 12),  # noqa: DTZ001 - what the wall shows
        extra={"a": 1},
        password=" p ",  # noqa: S106 - nobody's
        note="",
    )


def test_empty_field_is_nothing_or_the_default() -> None:
    """What is left empty is None where that fits, else what the struct says."""
    found = read(interval="", limit="", password="", enabled="")

    assert (found.interval, found.limit, found.password) == (60, None, None)
    assert found.enabled is False


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "This is missing."),
        ("name", "x", "a text of 9 characters at the most, 2 at the least"),
        ("interval", "soon", "a whole number from 5 to 3600"),
        ("interval", "4", "a whole number from 5 to 3600"),
        ("interval", "1.5", "a whole number from 5 to 3600"),
        ("limit", "0", "a number above 0"),
        ("kind", "ups", "one of the choices"),
        ("ports", "1\nx", "one per line"),
        ("since", "noon", "date and time in UTC"),
        ("seen", "2026-03-01T12:00+01:00", "date and time such as"),
        ("extra", "{", "JSON of the right form"),
    ],
)
def test_wrong_field_is_told_what_fits(field: str, text: str, words: str) -> None:
    """The message beside a field says what to give."""
    with pytest.raises(BadFieldsError) as caught:
        read(**{field: text})

    assert list(caught.value.fields) == [field]
    assert words in caught.value.fields[field]


def test_all_faults_are_told_at_once() -> None:
    """Nobody corrects one field to learn of the next."""
    with pytest.raises(BadFieldsError) as caught:
        read(name="", interval="x", extra="[")

    assert set(caught.value.fields) == {"name", "interval", "extra"}


def test_rule_of_the_struct_itself_is_told_of_the_whole() -> None:
    """What only all fields together show is said above them."""
    with pytest.raises(BadFieldsError) as caught:
        read(kind="pdu", interval="5")

    assert caught.value.whole == "a PDU is asked every 10 s at the most"


@given(sent=st.dictionaries(st.sampled_from(Meter.__struct_fields__), st.text()))
def test_whatever_is_sent_is_a_value_or_a_fault(sent: dict[str, str]) -> None:
    """No text leads to any other error, and no fault is without words."""
    found: Any = None
    told = True
    try:
        found = decode(Meter, fields_of(FORM), sent)
    except BadFieldsError as error:
        told = bool(error.fields or error.whole)

    assert told
    if found is not None:
        assert msgspec.convert(msgspec.structs.asdict(found), Meter) == found


async def test_form_shows_what_is_held_and_never_a_secret(looks: Any) -> None:
    """Controls fit the types, texts help, and a password is not in the page."""
    held = {"name": "Rack", "password": "unspeakable", "tags": ["a", "b"]}
    fields = {"interval": ui.Field("Every", unit="s"), "note": ui.Field(lines=3)}
    form = ui.Form("Meter", Meter, submit, looks.giving(held), fields)

    [card] = await looks.cards(form)

    tree = LexborHTMLParser(to_html(card))
    text = tree.html or ""
    kinds = {
        node.attributes["name"]: node.attributes.get("type")
        for node in tree.css("input[name]")
    }
    assert kinds["interval"] == "number"
    assert kinds["password"] == "password"  # noqa: S105 - a control's kind
    assert kinds["enabled"] == "checkbox"
    assert kinds["since"] == "datetime-local"
    assert tree.css_first("input[name=interval]").attributes["max"] == "3600"
    assert tree.css_first("textarea[name=tags]").text() == "a\nb"
    assert "As people know it, on two lines." in text
    assert "unspeakable" not in text
    assert [o.text() for o in tree.css("select[name=kind] option")] == ["meter", "pdu"]


async def test_choices_are_asked_for_when_the_form_is_shown(looks: Any) -> None:
    """What is held stays chosen, although nobody could choose it now."""
    rooms = looks.giving([("", "no room"), ("n", "North")])
    fields = {"name": ui.Field("Room", choices=rooms)}
    shown = []
    for held in ("n", "gone"):
        source = looks.giving({"name": held})
        form = ui.Form("Meter", Meter, submit, source, fields)
        [card] = await looks.cards(form)
        chosen = LexborHTMLParser(to_html(card)).css_first("[name=name] [selected]")
        shown.append((chosen.attributes["value"], chosen.text()))

    assert shown == [("n", "North"), ("gone", "gone")]


async def test_choices_that_are_no_pairs_are_refused(looks: Any) -> None:
    """The card says what the source should have answered."""
    fields = {"name": ui.Field(choices=looks.giving(["North"]))}
    [card] = await looks.cards(ui.Form("Meter", Meter, submit, fields=fields))

    assert "ContentError" in to_html(card)


async def test_rare_fields_are_folded_until_they_say_something(looks: Any) -> None:
    """The fold is open where a field holds something of its own."""
    fields = {"factor": ui.Field(folded=True)}
    opened = []
    for held in ({}, {"factor": Decimal(2)}):
        form = ui.Form("Meter", Meter, submit, looks.giving(held), fields)
        [card] = await looks.cards(form)
        fold = LexborHTMLParser(to_html(card)).css_first("details")
        opened.append("open" in fold.attributes)
        assert fold.css_first("[name=factor]") is not None
        assert fold.css_first("[name=name]") is None

    assert opened == [False, True]
