"""Languages: words of each package's own catalogue, numbers and dates by locale."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from nxforge_core.api import Texts, Words, load_texts, speaking
from nxforge_core.ui._words import number
from nxforge_core.ui.speech import Speech, pseudo, script_texts, speech_for

GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Power of {name}"
msgstr "Leistung von {name}"

msgid "{n} meter"
msgid_plural "{n} meters"
msgstr[0] "{n} Zähler"
msgstr[1] "{n} Zähler zusammen"
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package of a plugin that speaks German, too."""
    name = "spoken_meters"
    (tmp_path / name / "locale").mkdir(parents=True)
    (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / name / "locale" / "de.po").write_text(GERMAN, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield name
    sys.modules.pop(name, None)


@pytest.fixture
def german() -> Iterator[Speech]:
    """Somebody who reads German is looking."""
    speech = Speech("de")
    token = speaking.set(speech)
    yield speech
    speaking.reset(token)


def test_package_that_was_uninstalled_takes_no_language_away(package: str) -> None:
    """Languages of the others are still spoken while one is gone."""
    load_texts("gone_meters.pages")
    load_texts(f"{package}.pages")
    try:
        assert speech_for("de").tag == "de"
    finally:
        Texts.packages.discard("gone_meters")


def test_words_are_said_when_they_are_shown(package: str) -> None:
    """The same object is English in code, and German where a German looks."""
    say = load_texts(f"{package}.pages")
    asked = speech_for("de-CH,de;q=0.9,en;q=0.8")
    title = say("Power of {name}")
    before = str(title)
    token = speaking.set(Speech("de"))
    said = title.format(name="A1")
    counted = [say.count("{n} meter", "{n} meters", n) for n in (1, 3)]
    other = str(say("Not translated"))
    speaking.reset(token)

    Texts.packages.discard(package)

    assert asked.tag == "de-CH"
    assert (before, said) == ("Power of {name}", "Leistung von A1")
    assert counted == ["1 Zähler", "3 Zähler zusammen"]
    assert other == "Not translated"
    assert say.count("{n} meter", "{n} meters", 1) == "1 meter"


def test_words_are_text_everywhere(german: Speech) -> None:
    """They fit where a text does, compare as English, and add up as said."""

    class Titled(msgspec.Struct):
        title: str

    words = Words("Power", "nxforge_core")

    assert german.tag == "de"
    assert msgspec.convert({"title": words}, Titled).title == "Power"
    assert words.lower() == "power"
    assert "the " + words + "!" == "the Power!"
    assert f"{words:>6}" == " Power"


@pytest.mark.parametrize(
    ("accepted", "tag", "direction"),
    [
        ("", "en", "ltr"),
        ("en-GB,en;q=0.9", "en-GB", "ltr"),
        ("fr;q=0.5,en-IN;q=0.9", "en-IN", "ltr"),
        ("tlh,xx-YY;q=0.8", "en", "ltr"),
        ("ar-XB", "ar-XB", "rtl"),
        ("en-XA;q=0.3,en;q=0.1", "en-XA", "ltr"),
        ("en-NOWHERE,../../etc;q=0.9,en;q=x", "en", "ltr"),
        (",".join(["zz"] * 1000), "en", "ltr"),
    ],
)
def test_language_is_what_the_browser_asks_for(
    accepted: str, tag: str, direction: str
) -> None:
    """The most wanted one that pages can be shown in; else English."""
    speech = speech_for(accepted)

    assert (speech.tag, speech.direction) == (tag, direction)


def test_numbers_and_dates_are_written_as_there() -> None:
    """Points, commas, groups of digits and months, by language and region."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    value = Decimal("1234567.50")
    found: dict[str, tuple[str, str, str]] = {}
    for tag in ("en", "en-IN", "de", "fr"):
        token = speaking.set(Speech(tag))
        found[tag] = (number(value, 2), number(-1234), Speech(tag).date(at, "MMMd"))
        speaking.reset(token)

    assert found == {
        "en": ("1,234,567.50", "\N{MINUS SIGN}1,234", "Mar 1"),
        "en-IN": ("12,34,567.50", "\N{MINUS SIGN}1,234", "1 Mar"),
        "de": ("1.234.567,50", "\N{MINUS SIGN}1.234", "1. März"),
        "fr": ("1\u202f234\u202f567,50", "\N{MINUS SIGN}1\u202f234", "1 mars"),
    }


def test_pseudo_language_keeps_places_for_values() -> None:
    """Longer, accented, and with the same places."""
    said = pseudo("Save {n} rows")

    assert said == "⟦Šàvé {n} röwš····⟧"
    assert said.format(n=3) == "⟦Šàvé 3 röwš····⟧"


def test_words_of_scripts_are_found() -> None:
    """Each call of `say` in the host's modules has its text in the catalogue."""
    texts = script_texts()

    assert "Reconnecting…" in texts
    assert "{hits} of {all}" in texts
    assert len(texts) > 30
