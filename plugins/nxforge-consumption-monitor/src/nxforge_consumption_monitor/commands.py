"""Commands that need no database."""

from __future__ import annotations

from pathlib import Path

import click

from nxforge_consumption_monitor.extract import (
    Explanation,
    Fault,
    Page,
    RuleTrace,
    decode_rules,
    explain,
)
from nxforge_core.api import NxForgeError

__all__ = ["NoValueError", "extract_command"]

_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


class NoValueError(NxForgeError):
    """A dry run in which a rule gave no value."""

    code = "no_value"

    def __init__(self, failed: int, total: int) -> None:
        super().__init__(
            f"{failed} of {total} rules give no value on this page",
            remedy="the output above shows the step that failed and what to change",
        )


@click.command("extract")
@click.argument("rule", type=_EXISTING)
@click.argument("page", type=_EXISTING)
@click.option("--content-type", default="", help="As the device's header says it.")
@click.option("--status", default=200, show_default=True, help="HTTP status.")
def extract_command(rule: Path, page: Path, content_type: str, status: int) -> None:
    """Try the rule set in the file RULE on the saved answer PAGE, step by step.

    Nothing is stored and no device is asked.
    """
    rules = decode_rules(rule.read_bytes())
    told = explain(rules, Page(page.read_bytes(), content_type, status))
    _print(told)
    failed = sum(each.error is not None for each in told.rules)
    if told.error is not None:
        failed = len(rules.rules)
    if failed:
        raise NoValueError(failed, len(rules.rules))


def _print(told: Explanation) -> None:
    if told.error is not None:
        _print_fault(told.error)
    for each in told.rules:
        _print_rule(each)


def _print_rule(told: RuleTrace) -> None:
    click.echo(f"{told.quantity} ({told.channel})")
    for number, step in enumerate(told.steps, 1):
        click.echo(f"  {number}. {step.step}")
        click.echo(f"     -> {step.output or '(failed)'}")
    if told.error is not None:
        _print_fault(told.error)
        return
    resolution = f", resolution {told.resolution:f}" if told.resolution else ""
    click.echo(f"  = {told.value:f} {told.unit}{resolution}")
    for warning in told.warnings:
        click.echo(f"  warning: {warning}")


def _print_fault(fault: Fault) -> None:
    click.echo(f"  {fault.outcome}: {fault.message}")
    if fault.remedy:
        click.echo(f"  {fault.remedy}")
