"""Each setting refuses what it cannot be."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.settings import SettingsError, plugin_settings

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    if case.parts.settings is None:
        return []
    model = case.parts.settings.model
    remedy = "give the field the narrowest type that fits, in place of Any"
    return [
        Finding(f"the setting {field.name!r} takes anything", remedy)
        for field in msgspec.structs.fields(model)
        if _takes(model, field.name, case.id)
    ]


def _takes(model: type[msgspec.Struct], name: str, plugin: str) -> bool:
    for nonsense in ({"no": [{"such": "thing"}]}, [[["nothing"]]]):
        try:
            plugin_settings(model, {name: nonsense}, plugin=plugin)
        except SettingsError:
            return False
    return True


CHECK = Check("bad-settings", "dependable", "specs", _check)
