"""Settings of another host, pasted in: looked at first, then taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._settings_import import (
    SettingsImport,
    SettingsImported,
    import_settings,
)

__all__ = ["IMPORT"]

say = load_texts("nxforge_core")

#: Keys that a sentence names.
_NAMED: Final = 6


class ImportEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A settings file.

    Attributes:
        toml: As another host exports it. A secret is written out, or left out.
        apply: Otherwise you are told what would be.
    """

    toml: Annotated[str, Meta(min_length=1, max_length=200_000)]
    apply: bool = False


async def _import(ctx: CoreContext, data: ImportEntry, reader: Caller) -> ui.Done:
    wanted = SettingsImport(toml=data.toml, apply=data.apply)
    found = await import_settings(ctx, reader.request, wanted)
    return ui.Done(" ".join(_words(found, applied=data.apply)))


def _words(found: SettingsImported, *, applied: bool) -> list[str]:
    changed = say("Changed: {keys}.") if applied else say("Would change: {keys}.")
    words = [
        _sentence(changed, found.changes),
        _sentence(say("Only the settings file changes: {keys}."), found.elsewhere),
        _sentence(say("Not known here: {keys}."), found.unknown),
        say.count("{n} is the same.", "{n} are the same.", found.same),
    ]
    return [each for each in words if each]


def _sentence(words: str, keys: Sequence[str]) -> str:
    if not keys:
        return ""
    more = len(keys) - _NAMED
    named = ", ".join(keys[:_NAMED])
    if more > 0:
        named = say("{keys} and {n} more").format(keys=named, n=more)
    return words.format(keys=named)


IMPORT: Final = ui.Form(
    say("Import"),
    ImportEntry,
    _import,
    name="import",
    fields={
        "toml": ui.Field(label=say("Settings file"), lines=8),
        "apply": ui.Field(label=say("Change them")),
    },
    permission="nxforge:settings:manage",
    button=say("Compare"),
    text=say(
        "What another host exports. Settings of plugins can be taken over at once; "
        "those of the host itself are changed in its file, and you are told which."
    ),
)
