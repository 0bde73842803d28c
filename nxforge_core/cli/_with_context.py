"""Commands of plugins that ask for the plugin's context."""

from __future__ import annotations

from copy import copy
from typing import Any

import click

from nxforge_core.api import CommandSpec

from ._context import Where, asynchronous, with_settings

__all__ = ["bound_command"]


def bound_command(plugin: str, spec: CommandSpec) -> click.Command:
    """The command as it is reached: with its context, where it asks for that."""
    called = spec.command.callback
    if not spec.context or called is None:
        return spec.command

    @with_settings
    @asynchronous
    async def run(*, where: Where, **given: Any) -> Any:
        from nxforge_core.host import open_context  # noqa: PLC0415  # slow to import

        async with open_context(where.load().settings, plugin) as context:
            return await called(ctx=context, **given)

    bound = copy(spec.command)
    bound.callback = run
    # click keeps the options of a function that is no command yet, the last one first
    more: list[click.Parameter] = getattr(run, "__click_params__", [])
    bound.params = [*spec.command.params, *reversed(more)]
    return bound
