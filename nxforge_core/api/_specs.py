"""The smaller specs that hooks return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

import click
import msgspec
from msgspec import Meta

__all__ = ["CommandSpec", "Health", "HealthSpec", "MigrationsSpec", "SettingsSpec"]


class MigrationsSpec(msgspec.Struct, frozen=True):
    """Where a plugin's migrations lie.

    Attributes:
        package: Importable name of the plugin's package, usually `__package__`.
        folder: Folder of `.sql` files inside it, named number, verb, object; beside
            each one optionally its undo, `<name>.rollback.sql`.
    """

    package: str
    folder: str = "migrations"


class SettingsSpec(msgspec.Struct, frozen=True):
    """The plugin's settings: a frozen struct with a default for every field.

    Values come from `[plugin.<id>]` of the settings file, from the environment,
    `NXFORGE_PLUGIN__<ID>__<FIELD>` with `_` for each `-`, and, for what neither of them
    says, from what admins set while the host runs: `ctx.settings` is what counts now.
    Fields named like passwords, tokens and keys are sealed and never shown.

    Attributes:
        changed: Called as `changed(ctx, before)` in every process after the settings
            changed; `ctx.settings` has the new ones. An error of it is logged.
        version: Of the struct: a higher one than what is stored calls `upgrade`.
        upgrade: Called as `upgrade(values, version)` with what admins set, as JSON
            has it, and the version it is of; answers what fits the struct as it is.
    """

    model: type[msgspec.Struct]
    changed: Callable[..., Awaitable[None]] | None = None
    version: Annotated[int, Meta(ge=1)] = 1
    upgrade: Callable[[Mapping[str, Any], int], Mapping[str, Any]] | None = None


class Health(msgspec.Struct, frozen=True):
    """What a health check found."""

    state: Literal["ok", "failing"]
    detail: str = ""


class HealthSpec(msgspec.Struct, frozen=True):
    """A named check, called with the `PluginContext`; an error counts as failing."""

    name: str
    check: Callable[..., Awaitable[Health]]


class CommandSpec(msgspec.Struct, frozen=True):
    """A command line command, reached as `nxforge <plugin> <name>`.

    Attributes:
        context: The command's function is async and takes `ctx`, the plugin's
            `PluginContext`. Then the command has the options `--config`, `--data-dir`
            and `--database-url` as well, and the database is opened when it is called;
            the plugin need not be enabled.
    """

    command: click.Command
    context: bool = False

    @property
    def name(self) -> str:
        """What the person types."""
        return str(self.command.name)

    def invoke(self, arguments: list[str]) -> Any:
        """Run the command as its own program."""
        return self.command.main(arguments, standalone_mode=False)
