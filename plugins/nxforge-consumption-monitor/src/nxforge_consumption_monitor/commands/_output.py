"""Where a command writes to, and in which words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import click

__all__ = ["LOCALE", "MODE", "OUTPUT", "opened"]

_FILE: Final = click.Path(dir_okay=False, writable=True, path_type=Path)
OUTPUT: Final = click.option("--output", type=_FILE, help="Else standard output.")
MODE: Final = click.option(
    "--mode",
    type=click.Choice(["machine", "human"]),
    default="machine",
    show_default=True,
    help="For programs, or for people.",
)
LOCALE: Final = click.option(
    "--locale", default="en", show_default=True, help="Language of people's files."
)


@contextmanager
def opened(output: Path | None) -> Iterator[BinaryIO]:
    """The file, or standard output, which stays open."""
    if output is None:
        yield sys.stdout.buffer
        return
    with output.open("wb") as file:
        yield file
