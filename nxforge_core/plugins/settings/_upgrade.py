"""Stored values of an older version of a plugin's settings, made those of this one."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from nxforge_core.api import SettingsSpec

from ._drawer import Kept
from ._errors import UpgradeFailedError

__all__ = ["upgraded"]


def upgraded(
    plugin: str, spec: SettingsSpec, kept: Mapping[str, Kept]
) -> Mapping[str, Kept]:
    """Ask the plugin for values that fit; without an answer they stay as they are.

    Raises:
        UpgradeFailedError: the plugin's function fails.
    """
    old = min(one.version for one in kept.values())
    values = {name: one.value for name, one in kept.items()}
    if spec.upgrade is not None:
        try:
            values = dict(spec.upgrade(values, old))
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise UpgradeFailedError(plugin, (old, spec.version), why) from error
    latest = max(kept.values(), key=lambda one: one.changed_at)
    return {
        name: msgspec.structs.replace(
            kept.get(name, latest), name=name, value=value, version=spec.version
        )
        for name, value in values.items()
    }
