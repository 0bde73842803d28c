"""What commands share: options of the settings, async bodies, tables."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from nxforge_core.api import visible
from nxforge_core.settings import LoadedSettings, load_settings

__all__ = [
    "Where",
    "asynchronous",
    "print_json",
    "print_table",
    "with_settings",
]

P = ParamSpec("P")
R = TypeVar("R")

_PATH = click.Path(path_type=Path, resolve_path=True)
_OPTIONS = [
    click.option("--config", type=_PATH, help="Settings file."),
    click.option("--data-dir", type=_PATH, help="Data directory."),
    click.option("--database-url", help="PostgreSQL 15 or newer; else the embedded."),
]


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says of the host's settings and data."""

    config: Path | None = None
    data_dir: Path | None = None
    database_url: str | None = None

    def load(
        self,
        more: Mapping[str, object] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> LoadedSettings:
        """The settings, with what the command line says on top.

        Args:
            more: Further values of the command line by dotted key; None is not given.
            environ: The process's by default.

        Raises:
            SettingsError: a key is unknown or a value is not acceptable.
        """
        folder = None if self.data_dir is None else str(self.data_dir)
        given = {"data_dir": folder, "database.url": self.database_url, **(more or {})}
        return load_settings(file=self.config, environ=environ, overrides=given)


def with_settings(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that say where settings and data are, as one argument `where`."""

    @wraps(command)
    def gathered(
        *,
        config: Path | None,
        data_dir: Path | None,
        database_url: str | None,
        **given: object,
    ) -> R:
        return command(where=Where(config, data_dir, database_url), **given)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def asynchronous(command: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, R]:
    """Let click call an async function, on uvloop where there is one."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(command(*args, **kwargs))

    return run


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415  # absent on platforms it does not support
    except ImportError:
        return None
    return uvloop.new_event_loop


def print_json(content: object) -> None:
    """One JSON document on standard output."""
    from nxforge_core.host import encode  # noqa: PLC0415  # only where it is asked for

    sys.stdout.write(visible(encode(content).decode(), lines=True) + "\n")
    # Whoever reads a log through a pipe while it grows waits for no full buffer.
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A plain table, as wide as its cells."""
    cells = [[str(column).upper() for column in columns]]
    cells += [[_shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        line = "  ".join(cell.ljust(widths[place]) for place, cell in enumerate(row))
        click.echo(line.rstrip())


def _shown(cell: object) -> str:
    match cell:
        case None:
            return "-"
        case float():
            return f"{cell:.3f}"
        case datetime():
            return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
        case _:
            return visible(str(cell))
