"""Translations of packages, as they lie beside their code."""

from __future__ import annotations

import io
from collections.abc import Collection
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable

from nxforge_core.api import Texts

__all__ = ["Catalogues"]


class Catalogues:
    """The catalogues of one language, read when a package's first word is said.

    Attributes:
        language: `de`, or `pt_BR`.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def of(self, package: str) -> NullTranslations:
        """That of a package; English where it has none."""
        return _read(package, self.language)

    @staticmethod
    def languages() -> Collection[str]:
        """Those that some package has: what others do not say stays English."""
        return frozenset().union(*map(_there, Texts.packages))


def _there(package: str) -> frozenset[str]:
    """Those of a package that may have been uninstalled while the host serves."""
    try:
        return _languages(package)
    except ModuleNotFoundError:
        return frozenset()


@cache
def _languages(package: str) -> frozenset[str]:
    folder = files(package) / "locale"
    if not folder.is_dir():
        return frozenset()
    names = [entry.name for entry in folder.iterdir()]
    return frozenset(n.removesuffix(".po") for n in names if n.endswith(".po"))


@cache
def _read(package: str, language: str) -> NullTranslations:
    if language not in _there(package):
        return NullTranslations()
    return _compiled(files(package) / "locale" / f"{language}.po")


def _compiled(file: Traversable) -> NullTranslations:
    # Who reads English only does not wait for it.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    machine = io.BytesIO()
    write_mo(machine, read_po(io.BytesIO(file.read_bytes())))
    machine.seek(0)
    return GNUTranslations(machine)
