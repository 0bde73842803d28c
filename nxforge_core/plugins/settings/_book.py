"""The settings of plugins as admins see and change them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from nxforge_core.api import (
    Clock,
    Database,
    SettingsSpec,
    UnknownItemError,
)
from nxforge_core.security import KeyRing
from nxforge_core.security.audit import Actor, add_audit
from nxforge_core.settings import (
    MASK,
    LoadedSettings,
    Problem,
    SettingsError,
    is_secret_name,
    masked,
)

from ._drawer import Drawer, Kept
from ._errors import SettingFixedError, SettingRefusedError
from ._resolve import Told, layered, resolve, tell_settings, to_json
from ._upgrade import upgraded

__all__ = ["SettingsBook"]

_Facts = dict[str, Any]
_NOTHING: Final[Mapping[str, object]] = {}


class SettingsBook:
    """Reads and changes what is stored of plugins' settings.

    What a file, the environment or a program says is fixed: each value has one place
    where it is changed.

    Args:
        loaded: What the host was told.
        database: The core's schema.
        keys: Seal what is secret.
    """

    def __init__(
        self, loaded: LoadedSettings, database: Database, keys: KeyRing, clock: Clock
    ) -> None:
        self._loaded = loaded
        self._database = database
        self._keys = keys
        self._clock = clock

    async def open(self, plugin: str, spec: SettingsSpec) -> Any:
        """The plugin's struct as it is now; older stored values are upgraded.

        Raises:
            SettingsError: a value does not fit.
            UpgradeFailedError: the plugin could not make older values fit.
        """
        kept = await self._drawer(plugin).read()
        if any(one.version < spec.version for one in kept.values()):
            kept = await self._upgrade(plugin, spec)
        return resolve(spec, layered(spec, self._loaded, plugin, kept), plugin)

    async def tell(self, plugin: str, spec: SettingsSpec) -> list[Told]:
        """Every setting with its value and source; no secret.

        Raises:
            SettingsError: a value does not fit.
        """
        kept = await self._drawer(plugin).read()
        return tell_settings(spec, self._loaded, plugin, kept)

    async def layers(self, specs: Mapping[str, SettingsSpec]) -> LoadedSettings:
        """All settings of the host and of these plugins, those stored among them."""
        settings = self._loaded
        for plugin, spec in specs.items():
            kept = await self._drawer(plugin).read()
            settings = layered(spec, settings, plugin, kept)
        return settings

    async def change(
        self,
        plugin: str,
        spec: SettingsSpec,
        by: Actor,
        given: Mapping[str, object] = _NOTHING,
        unset: Collection[str] = (),
    ) -> None:
        """Set some, and have others be their defaults again; all or nothing.

        Raises:
            UnknownItemError: the plugin has no setting of a name.
            SettingFixedError: a file or the environment says it.
            SettingRefusedError: a value does not fit.
        """
        self._check_names(plugin, spec, [*given, *unset])
        async with self._database.transaction() as connection:
            drawer = Drawer(connection, plugin, self._keys.for_plugin(plugin))
            await drawer.lock()
            kept = await drawer.read()
            wanted = {name: one for name, one in kept.items() if name not in unset}
            wanted |= {name: self._new(spec, name, given[name], by) for name in given}
            struct = self._judged(plugin, spec, wanted)
            wanted |= {
                name: self._new(spec, name, to_json(getattr(struct, name)), by)
                for name in given
            }
            change = _changed(kept, wanted)
            if change == ({}, {}):
                return
            await drawer.drop(set(kept) - set(wanted))
            await drawer.put(wanted[name] for name in given)
            await add_audit(connection, by, "settings.change", plugin, change)

    async def unset(self, plugin: str, names: Collection[str], by: Actor) -> list[str]:
        """Forget stored values, whatever the plugin's code is; none: all of them.

        Returns:
            Names of what was forgotten.
        """
        async with self._database.transaction() as connection:
            drawer = Drawer(connection, plugin, self._keys.for_plugin(plugin))
            await drawer.lock()
            kept = await drawer.names()
            gone = [name for name in kept if not names or name in names]
            if not gone:
                return []
            await drawer.drop(gone)
            change = (dict.fromkeys(gone, "set"), dict.fromkeys(gone, "default"))
            await add_audit(connection, by, "settings.change", plugin, change)
        return gone

    def _drawer(self, plugin: str) -> Drawer:
        return Drawer(self._database, plugin, self._keys.for_plugin(plugin))

    def _check_names(
        self, plugin: str, spec: SettingsSpec, names: Collection[str]
    ) -> None:
        fixed = self._loaded.settings.plugin.get(plugin, {})
        for name in names:
            if name not in spec.model.__struct_fields__:
                remedy = f"it has {', '.join(spec.model.__struct_fields__)}"
                raise UnknownItemError(kind="setting", value=name, remedy=remedy)
            if name in fixed:
                source = self._loaded.sources[f"plugin.{plugin}.{name}"]
                raise SettingFixedError(plugin, name, source)

    def _judged(
        self, plugin: str, spec: SettingsSpec, wanted: Mapping[str, Kept]
    ) -> Any:
        for name, one in wanted.items():
            if _holds_mask(one.value):
                what = f"has {MASK}, which stands for what is shown to nobody"
                problem = Problem(f"plugin.{plugin}.{name}", "", what, "write it out")
                raise SettingRefusedError(name, problem)
        try:
            return resolve(spec, layered(spec, self._loaded, plugin, wanted), plugin)
        except SettingsError as error:
            problem = error.problems[0]
            name = problem.key.removeprefix(f"plugin.{plugin}").removeprefix(".")
            raise SettingRefusedError(name, problem) from error

    def _new(self, spec: SettingsSpec, name: str, value: object, by: Actor) -> Kept:
        return Kept(
            name=name,
            value=value,
            version=spec.version,
            changed_by=by.name,
            changed_at=self._clock.now(),
        )

    async def _upgrade(self, plugin: str, spec: SettingsSpec) -> Mapping[str, Kept]:
        async with self._database.transaction() as connection:
            drawer = Drawer(connection, plugin, self._keys.for_plugin(plugin))
            await drawer.lock()
            kept = await drawer.read()  # another process may have been faster
            if all(one.version >= spec.version for one in kept.values()):
                return kept
            new = upgraded(plugin, spec, kept)
            self._judged(plugin, spec, new)
            await drawer.drop(set(kept) - set(new))
            await drawer.put(new.values())
            return new


def _holds_mask(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_mask, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_mask, value))
    return isinstance(value, str) and MASK in value


def _changed(
    before: Mapping[str, Kept], after: Mapping[str, Kept]
) -> tuple[_Facts, _Facts]:
    """What is different, fit for the trail."""
    names = [
        name
        for name in {**before, **after}
        if name not in before
        or name not in after
        or before[name].value != after[name].value
    ]
    return _facts(before, names), _facts(after, names)


def _facts(kept: Mapping[str, Kept], names: Collection[str]) -> _Facts:
    return {
        name: MASK if is_secret_name(name) else masked(name, kept[name].value)
        for name in names
        if name in kept
    }
