"""`nxforge`: finds the command, runs it, ends with one clear line if it fails."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from nxforge_core.api import NxForgeError, visible

from ._group import CommandGroup

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code.

    0 is success, 1 a failure, 2 wrong use.
    """
    group = CommandGroup(name="nxforge", help="A plugin platform on PostgreSQL.")
    try:
        code = group.main(arguments, "nxforge", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NxForgeError as error:
        sys.exit(_report(error))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def _report(error: NxForgeError) -> int:
    click.echo(f"error: {visible(error.message)}", err=True)
    if error.remedy:
        click.echo(f"hint: {visible(error.remedy)}", err=True)
    return error.exit_code
