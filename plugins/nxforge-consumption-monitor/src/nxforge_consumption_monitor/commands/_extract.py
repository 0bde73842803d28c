"""A rule set on a saved page, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from nxforge_consumption_monitor.extract import (
    Explanation,
    Page,
    RuleSet,
    RuleTrace,
    decode_rules,
    explain,
)
from nxforge_consumption_monitor.templates import decode_template
from nxforge_core.api import NxForgeError, visible

__all__ = ["NoValueError", "extract_command"]

_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


class NoValueError(NxForgeError):
    """A dry run in which a rule that is required gave no value."""

    code = "no_value"

    def __init__(self, failed: int, total: int) -> None:
        super().__init__(
            f"{failed} of {total} rules give no value on this page",
            remedy="the output shows the step that failed and what to change",
        )


class _Named(msgspec.Struct):
    """A template has an id; rules have none."""

    id: str | None = None


@click.command("extract")
@click.argument("rule", type=_EXISTING)
@click.argument("page", type=_EXISTING)
@click.option("--content-type", default="", help="As the device's header says it.")
@click.option("--status", default=200, show_default=True, help="HTTP status.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=(str, _EXISTING),
    help="Name and saved answer of a further page, again and again.",
)
def extract_command(
    rule: Path,
    page: Path,
    content_type: str,
    status: int,
    sources: Sequence[tuple[str, Path]],
) -> None:
    """Try the rules in the file RULE on the saved answer PAGE, step by step.

    RULE is a list of rules or a device template.

    Prints JSON: value, unit, quantity, steps and warnings of the first rule, and of all
    rules under "rules". Nothing is stored and no device is asked.
    """
    rules = _rules(rule)
    others = {name: Page(path.read_bytes()) for name, path in sources}
    told = explain(rules, Page(page.read_bytes(), content_type, status, others))
    shown = msgspec.json.format(msgspec.json.encode(_shown(told)), indent=2)
    click.echo(visible(shown.decode(), lines=True))
    failed = _failed(told)
    if told.error is not None:
        failed = len(rules.rules)
    if failed:
        raise NoValueError(failed, len(rules.rules))


def _rules(file: Path) -> RuleSet:
    source = file.read_bytes()
    try:
        name = msgspec.json.decode(source, type=_Named).id
    except msgspec.DecodeError:
        name = None
    if name is None:
        return decode_rules(source)
    return decode_template(file.name, source).rules


def _failed(told: Explanation) -> int:
    lost = [each for each in told.rules if each.error is not None]
    is_blank = len(lost) == len(told.rules)
    return sum(each.required or is_blank for each in lost)


def _shown(told: Explanation) -> dict[str, Any]:
    rules = [_rule(each) for each in told.rules]
    nothing: dict[str, Any] = {
        "value": None,
        "unit": "",
        "quantity": None,
        "steps": [],
        "warnings": [],
        "error": told.error,
    }
    return {**(rules[0] if rules else nothing), "rules": rules}


def _rule(told: RuleTrace) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "value": _plain(told.value),
        "unit": told.unit,
        "quantity": told.quantity,
        "channel": told.channel,
        "required": told.required,
        "resolution": _plain(told.resolution),
        "rawText": told.raw_text,
        "rawUnit": told.raw_unit,
        "steps": told.steps,
        "warnings": told.warnings,
        "error": told.error,
    }
    return shown


def _plain(value: Decimal | None) -> str | None:
    # As text: most readers of JSON would make a binary float of a number.
    return None if value is None else f"{value:f}"
