"""How somebody is spoken to: words, numbers and dates of one language."""

from __future__ import annotations

import re
from copy import copy
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from nxforge_core.api import speaking

from ._catalogues import Catalogues
from ._pseudo import pseudo

__all__ = ["ENGLISH", "Speech", "current", "speak_to", "speech_for"]

#: Made up, for tests: one is read from the left, one from the right.
_PSEUDO: Final[dict[str, Literal["ltr", "rtl"]]] = {"en-XA": "ltr", "ar-XB": "rtl"}
#: Languages that are read from the right.
_RIGHT: Final = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_MOST: Final = 20
#: Whatever browsers claim to understand, no more of it is remembered.
_CACHED: Final = 64


class Speech:
    """A `Speaker` with the numbers and dates of its language.

    Attributes:
        tag: As pages and browsers name it: `en`, `en-GB`, `de`.
        direction: In which it is read.
        plain: English as the code has it, which needs no look-up.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag
        language = tag.partition("-")[0]
        self.pseudo = tag in _PSEUDO
        self.plain = language == "en" and not self.pseudo
        side: Literal["ltr", "rtl"] = "rtl" if language in _RIGHT else "ltr"
        self.direction = _PSEUDO.get(tag, side)
        self._catalogues = Catalogues(_spoken(tag) or tag.partition("-")[0])
        self._locale = "en" if self.pseudo else tag.replace("-", "_")

    def say(self, package: str, text: str) -> str:
        """A text of a package in this language."""
        if self.plain:
            return text
        if self.pseudo:
            return pseudo(text)
        return self._catalogues.of(package).gettext(text)

    def count(self, package: str, one: str, many: str, number: int) -> str:
        """One that depends on a number."""
        if self.plain or self.pseudo:
            return self.say(package, one if number == 1 else many)
        return self._catalogues.of(package).ngettext(one, many, number)

    def number(self, value: Decimal, english: str) -> str:
        """A rounded number as it is written; `english` is how it is here."""
        if self._locale in ("en", "en_US"):
            return english
        from babel import Locale  # noqa: PLC0415

        places = len(english.partition(".")[2])
        locale = Locale.parse(self._locale)
        pattern = copy(locale.decimal_formats[None])
        pattern.frac_prec = (places, places)
        return str(pattern.apply(value, locale))

    def date(self, at: datetime, skeleton: Literal["MMMd", "yMMM"]) -> str:
        """A date in the order and with the names of the language."""
        if self._locale in ("en", "en_US"):
            return f"{at:%b} {at.day}" if skeleton == "MMMd" else f"{at:%b %Y}"
        from babel.dates import format_skeleton  # noqa: PLC0415

        return str(format_skeleton(skeleton, at, locale=self._locale))


def current() -> Speech:
    """That of the reader for whom a page is being made."""
    found = speaking.get()
    return found if isinstance(found, Speech) else ENGLISH


def speak_to(accepted: str) -> Speech:
    """Say what is said from here on, in this task, as its reader wants it.

    Args:
        accepted: The header `Accept-Language`.
    """
    found = speech_for(accepted)
    speaking.set(found)
    return found


def speech_for(accepted: str) -> Speech:
    """The best of what a browser says its reader understands.

    Args:
        accepted: The header `Accept-Language`.
    """
    for tag in _wanted(accepted):
        if tag in _PSEUDO or _spoken(tag):
            return _speech(tag)
    return ENGLISH


@lru_cache(_CACHED)
def _speech(tag: str) -> Speech:
    return Speech(tag)


def _wanted(accepted: str) -> list[str]:
    """Tags, the most wanted first."""
    found: list[tuple[float, str]] = []
    for part in accepted[:500].split(",")[:_MOST]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if _TAG.fullmatch(tag.strip()) and weight > 0:
            found.append((-weight, tag.strip()))
    return [tag for _, tag in sorted(found, key=lambda each: each[0])]


def _spoken(tag: str) -> str:
    """The catalogue that fits: of the region, or of the language; empty for none."""
    language, _, region = tag.partition("-")
    if language == "en":
        return "en" if _known(tag) else ""
    there = Catalogues.languages()
    return next((n for n in (f"{language}_{region}", language) if n in there), "")


@lru_cache(_CACHED)
def _known(tag: str) -> bool:
    """Whether there are formats of it: not everything that looks like a tag is one."""
    if tag == "en":
        return True
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


#: For whom nothing else is known.
ENGLISH: Final = Speech("en")
