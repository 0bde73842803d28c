"""A dry run as cards: what came, what was found in it, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import TrialRule, TrialView, plain
from nxforge_consumption_monitor.templates import find_template
from nxforge_core.api import load_texts, ui

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

say = load_texts(__package__)

_REFUSED: Final = 400
_NUMBER: Final = re.compile(r"[0-9][0-9.,]*")
RULE_COLUMNS: Final = (
    ui.Column("quantity", say("Quantity")),
    ui.Column("state", say("Found")),
    ui.Column("raw", say("As printed"), "code"),
    ui.Column("place", say("On the page"), "code"),
    ui.Column("beside", say("Beside the last reading")),
)
STEP_COLUMNS: Final = (
    ui.Column("quantity", say("Quantity")),
    ui.Column("step", say("Step"), "code"),
    ui.Column("input", say("Got"), "code"),
    ui.Column("output", say("Gave"), "code"),
)
CANDIDATE_COLUMNS: Final = (
    ui.Column("value", say("Reads")),
    ui.Column("how", say("Found by")),
    ui.Column("match", say("Match")),
    ui.Column("rule", say("Rule"), "code"),
)


def trial_notices(view: TrialView) -> list[ui.Notice]:
    """What came of it, in one sentence, and what is worth a look."""
    notices = [_outcome(view)]
    warnings = [*view.warnings, *(w for rule in view.rules for w in rule.warnings)]
    notices += [ui.Notice(each.message, "warning") for each in warnings]
    return notices


def _outcome(view: TrialView) -> ui.Notice:
    if view.error is not None:
        remedy = (
            say(" What to do: {remedy}.").format(remedy=view.error.remedy)
            if view.error.remedy
            else ""
        )
        return ui.Notice(f"{view.error.message}.{remedy}", "bad")
    read = [_value(each) for each in view.rules if each.value is not None]
    if read:
        return ui.Notice(
            say("The device was asked, and it reads {values}.").format(
                values=", ".join(read)
            ),
            "ok",
        )
    status = view.response.status if view.response else 0
    if status >= _REFUSED:
        words = say(
            "The device answers {status}: check the address and the login."
        ).format(status=status)
        return ui.Notice(words, "bad")
    return _unread(view)


def _unread(view: TrialView) -> ui.Notice:
    """It answers, and no rule reads a number yet: the obvious next step."""
    if count := len(view.candidates):
        words = say(
            "{count} rules read the number. Use the first one: it is the most robust."
        ).format(count=count)
        return ui.Notice(words, "ok")
    if view.templates:
        words = say(
            "The device answers, and its page is that of a known device: see below."
        )
        return ui.Notice(words, "ok")
    if view.numbers:
        words = say("The device answers. Which of its numbers below is the register?")
        return ui.Notice(words, "ok")
    words = say(
        "The device answered, and no rule reads a number yet. Type the number on its"
        " display, and test again."
    )
    return ui.Notice(words, "warning")


def answer_facts(view: TrialView) -> list[ui.Fact]:
    """What was asked, and what the device answered."""
    facts = [ui.Fact(say("Asked"), f"{view.request.method} {view.request.url}", "code")]
    if (answer := view.response) is not None:
        facts += [
            ui.Fact(say("Status"), str(answer.status)),
            ui.Fact(say("Kind"), answer.content_type),
            ui.Fact(say("Took"), f"{answer.elapsed_ms} ms"),
            ui.Fact(say("Size"), f"{answer.bytes:,} bytes"),
        ]
    if (shown := view.certificate) is not None:
        facts += [
            ui.Fact(say("Certificate"), shown.subject),
            ui.Fact(say("Its SHA-256"), shown.sha256, "code"),
            ui.Fact(say("Ends"), shown.not_after, "time"),
        ]
    if view.templates:
        facts.append(ui.Fact(say("Known devices that fit"), ", ".join(view.templates)))
    facts.append(ui.Fact(say("Beginning of the page"), view.excerpt, "code"))
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
    return say("{quantity} of {channel}").format(
        quantity=rule.quantity, channel=rule.channel
    )


def _found(rule: TrialRule) -> ui.State:
    if rule.error is not None:
        return ui.State(say("nothing"), "bad", rule.error.message)
    if rule.value is None:
        return ui.State(say("nothing"), "bad")
    digit = (
        say("last digit {digit:f} {unit}").format(
            digit=plain(rule.resolution), unit=rule.unit
        )
        if rule.resolution
        else ""
    )
    return ui.State(_value(rule), "ok", digit)


def _value(rule: TrialRule) -> str:
    if rule.value is None:
        return say("nothing")
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
    words = say("{plain:,f} kWh since then").format(plain=plain(found.energy_kwh))
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
