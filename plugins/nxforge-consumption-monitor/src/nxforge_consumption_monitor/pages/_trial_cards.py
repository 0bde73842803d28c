"""A dry run as cards: what came, what was found in it, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import TrialRule, TrialView, plain
from nxforge_consumption_monitor.templates import find_template
from nxforge_core.api import ui

__all__ = [
    "CANDIDATE_COLUMNS",
    "RULE_COLUMNS",
    "STEP_COLUMNS",
    "answer_facts",
    "candidate_rows",
    "device_rows",
    "number_rows",
    "rule_rows",
    "step_rows",
    "trial_notices",
]

_REFUSED: Final = 400
_NUMBER: Final = re.compile(r"[0-9][0-9.,]*")
RULE_COLUMNS: Final = (
    ui.Column("quantity", "Quantity"),
    ui.Column("state", "Found"),
    ui.Column("raw", "As printed", "code"),
    ui.Column("place", "On the page", "code"),
    ui.Column("beside", "Beside the last reading"),
)
STEP_COLUMNS: Final = (
    ui.Column("quantity", "Quantity"),
    ui.Column("step", "Step", "code"),
    ui.Column("input", "Got", "code"),
    ui.Column("output", "Gave", "code"),
)
CANDIDATE_COLUMNS: Final = (
    ui.Column("value", "Reads"),
    ui.Column("how", "Found by"),
    ui.Column("match", "Match"),
    ui.Column("rule", "Rule", "code"),
)


def trial_notices(view: TrialView) -> list[ui.Notice]:
    """What came of it, in one sentence, and what is worth a look."""
    notices = [_outcome(view)]
    warnings = [*view.warnings, *(w for rule in view.rules for w in rule.warnings)]
    notices += [ui.Notice(each.message, "warning") for each in warnings]
    return notices


def _outcome(view: TrialView) -> ui.Notice:
    if view.error is not None:
        remedy = f" What to do: {view.error.remedy}." if view.error.remedy else ""
        return ui.Notice(f"{view.error.message}.{remedy}", "bad")
    read = [_value(each) for each in view.rules if each.value is not None]
    if read:
        return ui.Notice(f"The device was asked, and it reads {', '.join(read)}.", "ok")
    status = view.response.status if view.response else 0
    if status >= _REFUSED:
        words = f"The device answers {status}: check the address and the login."
        return ui.Notice(words, "bad")
    return _unread(view)


def _unread(view: TrialView) -> ui.Notice:
    """It answers, and no rule reads a number yet: the obvious next step."""
    if count := len(view.candidates):
        words = (
            f"{count} rules read the number. Use the first one: it is the most robust."
        )
        return ui.Notice(words, "ok")
    if view.templates:
        words = "The device answers, and its page is that of a known device: see below."
        return ui.Notice(words, "ok")
    if view.numbers:
        words = "The device answers. Which of its numbers below is the register?"
        return ui.Notice(words, "ok")
    words = (
        "The device answered, and no rule reads a number yet. Type the number on its"
    )
    return ui.Notice(f"{words} display, and test again.", "warning")


def answer_facts(view: TrialView) -> list[ui.Fact]:
    """What was asked, and what the device answered."""
    facts = [ui.Fact("Asked", f"{view.request.method} {view.request.url}", "code")]
    if (answer := view.response) is not None:
        facts += [
            ui.Fact("Status", str(answer.status)),
            ui.Fact("Kind", answer.content_type),
            ui.Fact("Took", f"{answer.elapsed_ms} ms"),
            ui.Fact("Size", f"{answer.bytes:,} bytes"),
        ]
    if (shown := view.certificate) is not None:
        facts += [
            ui.Fact("Certificate", shown.subject),
            ui.Fact("Its SHA-256", shown.sha256, "code"),
            ui.Fact("Ends", shown.not_after, "time"),
        ]
    if view.templates:
        facts.append(ui.Fact("Known devices that fit", ", ".join(view.templates)))
    facts.append(ui.Fact("Beginning of the page", view.excerpt, "code"))
    return facts


def rule_rows(view: TrialView) -> list[dict[str, object]]:
    """What each rule reads; the match stands between angle quotes."""
    return [
        {
            "quantity": _quantity(each),
            "state": _found(each),
            "raw": each.raw_text,
            "place": _marked(each),
            "beside": _beside(each),
        }
        for each in view.rules
    ]


def _quantity(rule: TrialRule) -> str:
    if rule.channel == "total":
        return rule.quantity
    return f"{rule.quantity} of {rule.channel}"


def _found(rule: TrialRule) -> ui.State:
    if rule.error is not None:
        return ui.State("nothing", "bad", rule.error.message)
    if rule.value is None:
        return ui.State("nothing", "bad")
    digit = (
        f"last digit {plain(rule.resolution):f} {rule.unit}" if rule.resolution else ""
    )
    return ui.State(_value(rule), "ok", digit)


def _value(rule: TrialRule) -> str:
    if rule.value is None:
        return "nothing"
    return f"{plain(rule.value):,f} {rule.unit}".strip()


def _marked(rule: TrialRule) -> str:
    """The page around the match; where markup parts the text, its number is marked."""
    number = max(_NUMBER.findall(rule.raw_text), key=len, default="")
    for text in (rule.raw_text, number):
        if text and text in rule.excerpt:
            return rule.excerpt.replace(text, f"»{text}«", 1)
    return rule.excerpt


def _beside(rule: TrialRule) -> object:
    if (found := rule.plausibility) is None:
        return ""
    words = f"{plain(found.energy_kwh):,f} kWh since then"
    return ui.State(found.label, "ok" if found.plausible else "warning", words)


def step_rows(view: TrialView) -> list[dict[str, object]]:
    """Every step of every rule, with what it got and gave."""
    return [
        {
            "quantity": _quantity(rule),
            "step": step.step,
            "input": step.input,
            "output": step.output or "nothing",
        }
        for rule in view.rules
        for step in rule.steps
    ]


def number_rows(view: TrialView) -> list[dict[str, object]]:
    """Numbers of the page that could be the register."""
    return [{"number": each} for each in view.numbers]


def device_rows(view: TrialView) -> list[dict[str, object]]:
    """Known devices whose rules read the page."""
    return [
        {"key": each, "device": find_template(each).title} for each in view.templates
    ]


def candidate_rows(view: TrialView) -> Sequence[dict[str, object]]:
    """Rules that read the number, the most robust one first."""
    return [
        {
            "key": str(place),
            "value": f"{plain(each.value):,f} {each.unit}".strip(),
            "how": each.how,
            "match": each.match,
            "rule": msgspec.json.format(bytes(each.rule), indent=0).decode(),
        }
        for place, each in enumerate(view.candidates)
    ]
