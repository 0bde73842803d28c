"""Words of pages: written in English, shown in the reader's language."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, ClassVar, Final, Protocol, Self

__all__ = ["Speaker", "Texts", "Words", "load_texts", "speaking"]


class Speaker(Protocol):
    """Knows the catalogues of one language."""

    def say(self, package: str, text: str) -> str:
        """A text of a package in that language, or as it is."""
        ...

    def count(self, package: str, one: str, many: str, number: int) -> str:
        """The same of a text that depends on a number."""
        ...


#: Whose language words are said in; None: English.
speaking: Final[ContextVar[Speaker | None]] = ContextVar("speaking", default=None)


class Words(str):
    """A text that becomes one of the reader's language when it is shown.

    It is the English text wherever it is compared, kept or searched, so that names and
    addresses made of it are the same in all languages. `str()` of it, an f-string,
    `format` and `+` are the reader's.
    """

    __slots__ = ("package",)

    package: str

    def __new__(cls, text: str, package: str) -> Self:
        """Take a text of a package."""
        made = super().__new__(cls, text)
        made.package = package
        return made

    def __str__(self) -> str:
        speaker = speaking.get()
        english = str.__str__(self)
        return speaker.say(self.package, english) if speaker else english

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def format(self, *given: object, **named: object) -> str:
        """Fill in values; the translation may have them in another order."""
        return str(self).format(*given, **named)

    def __add__(self, other: str) -> str:
        return str(self) + str(other)

    def __radd__(self, other: str) -> str:
        return str(other) + str(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Words, (str.__str__(self), self.package)


class Texts:
    """The texts of one package.

    ::

        say = load_texts(__package__)
        ui.Page(name="power", title=say("Power"), ...)
        say("{name} is saved.").format(name=name)
        say.count("{n} row is selected", "{n} rows are selected", len(keys))
    """

    #: Of all that said something so far.
    packages: ClassVar[set[str]] = set()

    def __init__(self, package: str) -> None:
        self.package = package
        self.packages.add(package)

    def __call__(self, text: str) -> Words:
        """A text, said when it is shown."""
        return Words(text, self.package)

    def count(self, one: str, many: str, number: int, **named: object) -> str:
        """A text that depends on a number, said now; `{n}` is the number."""
        speaker = speaking.get()
        if speaker is None:
            found = one if number == 1 else many
        else:
            found = speaker.count(self.package, one, many, number)
        return found.format(n=number, **named)


def load_texts(package: str) -> Texts:
    """The texts of a package, whose catalogues lie beside its code.

    A translation is `locale/<language>.po` in the top folder of the package, as
    gettext's tools write it. Without one the English text is shown.

    Args:
        package: Usually `__package__`.
    """
    return Texts(package.partition(".")[0])
