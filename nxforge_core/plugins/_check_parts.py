"""Whether the smaller specs hold: migrations, settings, health checks, commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from importlib.resources import files

import msgspec

from nxforge_core.api import CommandSpec, HealthSpec, MigrationsSpec, SettingsSpec

from ._candidate import top_level
from ._check import Scope, needs_values
from ._problem import Fault

__all__ = ["check_commands", "check_health", "check_migrations", "check_settings"]


def check_migrations(spec: MigrationsSpec | None, scope: Scope) -> Iterator[Fault]:
    """Judge whether there is a migration where the plugin says they lie."""
    if spec is None:
        return
    misfits = list(scope.misfits("nxforge_migrations", spec))
    yield from misfits or _check_folder(spec, scope)


def check_settings(spec: SettingsSpec | None, scope: Scope) -> Iterator[Fault]:
    """Judge whether the settings can be had without any value of the operator."""
    if spec is None:
        return
    misfits = list(scope.misfits("nxforge_settings", spec))
    misfits = misfits or list(scope.structs("nxforge_settings", spec.model))
    yield from misfits or _check_model(spec.model, scope)


def check_health(checks: Sequence[HealthSpec], scope: Scope) -> Iterator[Fault]:
    """Judge all health checks of a plugin."""
    good: list[str] = []
    for each in checks:
        what = f"health check {each.name}"
        misfits = list(scope.misfits(what, each))
        yield from misfits or scope.awaitable(what, each.check)
        good += [] if misfits else [each.name]
    yield from scope.names("health check", good)


def check_commands(commands: Sequence[CommandSpec], scope: Scope) -> Iterator[Fault]:
    """Judge all commands of a plugin."""
    misfits = [
        fault for each in commands for fault in scope.misfits("nxforge_commands", each)
    ]
    yield from misfits or scope.names("command", [each.name for each in commands])
    if not misfits:
        for each in commands:
            yield from _check_command(each, scope)


def _check_command(spec: CommandSpec, scope: Scope) -> Iterator[Fault]:
    called = spec.command.callback
    if not spec.context or called is None:
        return
    what = f"command {spec.name}"
    yield from scope.awaitable(what, called)
    if "ctx" not in inspect.signature(called).parameters:
        yield scope.fault(
            f"{what} asks for the context and its function takes no 'ctx'",
            "name a parameter 'ctx', or leave out context=True",
            near=called,
        )


def _check_folder(spec: MigrationsSpec, scope: Scope) -> Iterator[Fault]:
    what = f"the folder {spec.folder!r} of {spec.package!r}"
    if top_level(spec.package) != scope.owner.package:
        yield scope.fault(
            f"{what} belongs to another package than {scope.owner.package!r}",
            "keep the migrations in the plugin's own package: package=__package__",
        )
    elif why := _no_migrations(spec):
        remedy = "ship it in the wheel, with files such as '001_create_reading.sql'"
        yield scope.fault(f"{what} {why}", remedy)


def _no_migrations(spec: MigrationsSpec) -> str:
    try:
        folder = files(spec.package).joinpath(spec.folder)
    except (ImportError, TypeError, ValueError):
        return "cannot be found: there is no such package"
    if not folder.is_dir():
        return "does not exist"
    names = [entry.name for entry in folder.iterdir()]
    steps = [name for name in names if name.endswith(".sql")]
    if all(name.endswith(".rollback.sql") for name in steps):
        return "holds no migration"
    return ""


def _check_model(model: type[msgspec.Struct], scope: Scope) -> Iterator[Fault]:
    if not model.__struct_config__.frozen:
        message = f"the settings struct {model.__name__} is not frozen"
        yield scope.fault(message, "say frozen=True in its class line")
    if needed := needs_values(model):
        message = f"{model.__name__} has no default for {', '.join(needed)}"
        yield scope.fault(message, "give every setting a default")
