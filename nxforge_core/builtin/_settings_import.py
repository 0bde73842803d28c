"""A settings file of another host: what of it differs here, and what can be taken."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import Body, InvalidInputError, Model, RouteSpec
from nxforge_core.plugins.settings import Told
from nxforge_core.settings import explain

from ._context import CoreContext
from ._security import CallerRequest, actor_of
from ._settings import specs_of

__all__ = ["ROUTES", "SettingsImport", "SettingsImported", "import_settings"]

_PLUGIN: Final = "plugin."


class SettingsImport(Body):
    """A settings file as `GET /api/v1/settings/nxforge.toml` writes it.

    Attributes:
        apply: Change what can be changed; otherwise only look.
    """

    toml: Annotated[str, Meta(max_length=200_000)]
    apply: bool = False


class SettingsImported(Model):
    """What a settings file means for this host, by dotted keys.

    Attributes:
        changes: Settings of plugins that are others, or were.
        elsewhere: Others that differ: the host's own, and what a file or the
            environment says. They are changed there.
        unknown: Of plugins that do not run here, and what no host has.
        same: How many are as they are here.
    """

    changes: list[str]
    elsewhere: list[str]
    unknown: list[str]
    same: int


async def import_settings(
    ctx: CoreContext, request: CallerRequest, data: SettingsImport
) -> SettingsImported:
    """Compare, and change settings of plugins: those of each all or nothing."""
    file = _read(data.toml)
    found = _Found(await _here(ctx), file)
    specs, by = specs_of(ctx), actor_of(request)
    if data.apply:
        for plugin, values in found.wanted.items():
            await ctx.host.change_settings(plugin, specs[plugin], by, values, ())
    return SettingsImported(
        changes=found.changes,
        elsewhere=found.elsewhere,
        unknown=found.unknown,
        same=found.same,
    )


class _Found:
    """Compares each value of the file with the one that is here."""

    def __init__(self, here: Mapping[str, _Here], file: Mapping[str, Any]) -> None:
        self.changes: list[str] = []
        self.elsewhere: list[str] = []
        self.unknown: list[str] = []
        self.same = 0
        self.wanted: dict[str, dict[str, Any]] = {}
        for key, value in _flat(file):
            self._judge(key, value, here.get(key))

    def _judge(self, key: str, value: Any, one: _Here | None) -> None:
        if one is None:
            self.unknown.append(key)
        elif one.value == value:
            self.same += 1
        elif one.fixed:
            self.elsewhere.append(key)
        else:
            self.changes.append(key)
            plugin, _, name = key.removeprefix(_PLUGIN).partition(".")
            self.wanted.setdefault(plugin, {})[name] = value


class _Here(msgspec.Struct, frozen=True):
    value: Any
    fixed: bool


async def _here(ctx: CoreContext) -> Mapping[str, _Here]:
    """Every setting that this host has, by its key."""
    own = {
        each.key: _Here(_decoded(each.value), fixed=True)
        for each in explain(ctx.host.loaded, {})
        if not each.key.startswith(_PLUGIN)
    }
    for plugin, spec in specs_of(ctx).items():
        told = await ctx.host.settings_book.tell(plugin, spec)
        own |= {f"{_PLUGIN}{plugin}.{each.name}": _told(each) for each in told}
    return own


def _told(one: Told) -> _Here:
    # A secret is shown to nobody, so it is another in any case.
    return _Here(msgspec.UNSET if one.secret else one.value, one.fixed)


def _decoded(text: str) -> Any:
    """A value as it is explained: JSON, or words for what is not told."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return msgspec.UNSET


def _read(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = f"give a settings file in TOML: {error}"
        raise InvalidInputError(field="toml", value="", remedy=remedy) from error


def _flat(file: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Settings by dotted keys: what a plugin's setting holds is one value."""
    for section, values in file.items():
        if not isinstance(values, dict):
            yield section, _plain(values)
        elif section == _PLUGIN[:-1]:
            for plugin, own in values.items():
                inside = own if isinstance(own, dict) else {}
                for name, value in inside.items():
                    yield f"{_PLUGIN}{plugin}.{name}", _plain(value)
        else:
            for name, value in values.items():
                yield f"{section}.{name}", _plain(value)


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


ROUTES = [
    RouteSpec(
        "POST",
        "/api/v1/settings/import",
        import_settings,
        permission="nxforge:settings:manage",
    ),
]
