"""`report`: a month as a file, for who has the database and no browser at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.export import (
    FileOptions,
    Kind,
    endpoint_paper,
    group_paper,
    report_file,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._output import LOCALE, MODE, OUTPUT, opened

__all__ = ["report_command"]

_FORMATS: Final = click.Choice(["csv", "xlsx", "html", "pdf", "json"])
_Context = PluginContext[MonitorSettings]


@click.command("report")
@click.argument("month")
@click.option("--group", default=report.EVERY_ENDPOINT, help="Id; else all endpoints.")
@click.option("--endpoint", help="Id of one endpoint instead.")
@click.option("--format", "kind", type=_FORMATS, default="csv", show_default=True)
@MODE
@LOCALE
@OUTPUT
async def report_command(  # noqa: PLR0913  # one parameter for each option
    ctx: _Context,
    *,
    month: str,
    group: str,
    endpoint: str | None,
    kind: str,
    mode: str,
    locale: str,
    output: Path | None,
) -> None:
    """Write the report of MONTH, such as 2025-03, as a file.

    By default it is the report of all endpoints, on standard output.
    """
    if kind == "json":
        body = await _json(ctx, group, endpoint, month)
    else:
        options = FileOptions(mode=mode, locale=locale)
        body = await _file(ctx, group, endpoint, month, _kind(kind), options)
    with opened(output) as file:
        file.write(body)


def _kind(text: str) -> Kind:
    kinds: dict[str, Kind] = {
        "csv": "csv",
        "xlsx": "xlsx",
        "html": "html",
        "pdf": "pdf",
    }
    return kinds[text]


async def _json(ctx: _Context, group: str, endpoint: str | None, month: str) -> bytes:
    if endpoint is not None:
        answer = await report.monthly(ctx, endpoint, None, month)
        return report.canonical(answer) + b"\n"
    found = await report.group_month(ctx, group, None, month)
    text, _ = report.canonical_month(found.data)
    return text.encode() + b"\n"


async def _file(  # one argument for each option
    ctx: _Context,
    group: str,
    endpoint: str | None,
    month: str,
    kind: Kind,
    options: FileOptions,
) -> bytes:
    paper = (
        await group_paper(ctx, group, None, month)
        if endpoint is None
        else await endpoint_paper(ctx, endpoint, None, month)
    )
    # Nobody prints a page for programs.
    if kind in {"html", "pdf"}:
        options = FileOptions(mode="human", locale=options.locale)
    return (await report_file(ctx, paper, kind, options)).body
