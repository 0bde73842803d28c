"""A trigger from options of the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

import click

from nxforge_core.api import Cron, Every, Manual, Trigger

__all__ = ["given_trigger", "with_trigger"]

R = TypeVar("R")

_EVERY: Final = re.compile(r"(?P<count>[0-9]{1,9})(?P<unit>[smhd]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_OPTIONS: Final = (
    click.option("--cron", metavar="TEXT", help="Five fields, such as '30 2 * * *'."),
    click.option("--zone", help="IANA name of the zone they are read in; else UTC."),
    click.option("--every", metavar="INTERVAL", help="Such as 90s, 15m, 6h or 1d."),
    click.option("--manual", is_flag=True, help="On demand only."),
    click.option(
        "--jitter", type=float, metavar="SECONDS", help="Of delay at the most."
    ),
)


def with_trigger(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that `given_trigger` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given_trigger(
    *,
    cron: str | None,
    zone: str | None,
    every: str | None,
    manual: bool,
    jitter: float | None,
) -> Trigger:
    """Make the one trigger that the options mean.

    Raises:
        click.UsageError: none or several are meant, or an option does not belong.
    """
    if (cron is not None) + (every is not None) + manual != 1:
        message = "give one of --cron TEXT, --every INTERVAL and --manual"
        raise click.UsageError(message)
    if zone is not None and cron is None:
        message = "--zone belongs to --cron: an interval is the same everywhere"
        raise click.UsageError(message)
    if cron is not None:
        return Cron(cron, zone or "UTC", jitter or 0.0)
    if every is not None:
        return Every(seconds=_seconds(every), jitter=jitter or 0.0)
    if jitter is not None:
        message = "--jitter belongs to a schedule, and --manual is none"
        raise click.UsageError(message)
    return Manual()


def _seconds(text: str) -> int:
    match = _EVERY.fullmatch(text.strip())
    if match is None:
        message = f"--every {text!r}: give a number and s, m, h or d, such as 15m"
        raise click.UsageError(message)
    return int(match["count"]) * _SECONDS[match["unit"]]
