"""`nxforge doctor`: what an installation would be safer without."""

from __future__ import annotations

import click

from nxforge_core.api import NxForgeError

from ._context import Where, asynchronous, print_json, print_table, with_settings
from ._installed import find_installed

__all__ = ["WeakInstallationError", "command"]


class WeakInstallationError(NxForgeError):
    """Something is open to somebody now."""

    code = "weak_installation"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} findings of level 'high'",
            remedy="do what the findings say, then look again",
        )
        self.count = count


@click.command("doctor")
@click.option("--security", is_flag=True, help="What weakens security: all there is.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def command(where: Where, *, security: bool, as_json: bool) -> None:
    """Report weak settings, files, logins and tokens, each with its remedy.

    The exit code is 1 where a finding is of level 'high'.
    """
    from nxforge_core.host.doctor import examine  # noqa: PLC0415  # slow to import
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    del security  # there are no other checks yet; scripts should say which they mean
    found = await examine(where.load(), find_installed(), SystemClock())
    if as_json:
        print_json(found)
    elif found:
        rows = [[one.level, one.code, one.what, one.remedy] for one in found]
        print_table(["level", "code", "what", "remedy"], rows)
    else:
        click.echo("nothing found")
    if high := sum(one.level == "high" for one in found):
        raise WeakInstallationError(high)
