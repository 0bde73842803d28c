"""`nxforge check`: the conformance kit."""

from __future__ import annotations

import asyncio
import io
from typing import Final

import click

from nxforge_core.api import visible
from nxforge_core.kit import CHECKS, Finding, Report, examine, open_subject
from nxforge_core.kit import Level as KitLevel
from nxforge_core.services import configure_logging
from nxforge_core.testing import running_server

from ._context import print_json

__all__ = ["command"]

_MARKS: Final = {"kept": "ok", "broken": "BROKEN", "unreached": "not reached"}


@click.command("check")
@click.argument("plugin")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--level",
    type=click.Choice(["works", "dependable", "exemplary"]),
    default="works",
    show_default=True,
    help="Fail where the plugin does not reach it.",
)
@click.option(
    "--database-url",
    help="A server whose login may create databases and roles; else an embedded one, "
    "for the moment.",
)
def command(
    plugin: str, level: KitLevel, database_url: str | None, *, as_json: bool
) -> int:
    """Judge a plugin on a real host: its id, its folder, or its wheel."""
    # What the host logs meanwhile is provoked, and told by the findings.
    configure_logging("error", "console", io.StringIO())
    with open_subject(plugin) as subject, running_server(database_url) as server:
        report = asyncio.run(examine(subject, server, CHECKS))
    if as_json:
        print_json(report)
    else:
        _print(report)
    return 0 if report.reaches(level) else 1


def _print(report: Report) -> None:
    for each in report.verdicts:
        click.echo(f"{each.level:<11} {each.check:<14} {_MARKS[each.state]}")
        for finding in each.findings:
            _print_finding(finding)
    name = f"{report.plugin} {report.version}".strip()
    if report.level is None:
        click.echo(f"{name} does not work yet")
    else:
        click.echo(f"{name}: {report.level}")


def _print_finding(finding: Finding) -> None:
    click.echo(f"    {visible(finding.message)}")
    if finding.file:
        click.echo(f"    at {visible(finding.file)}:{finding.line or 1}")
    if finding.remedy:
        click.echo(f"    hint: {visible(finding.remedy)}")
