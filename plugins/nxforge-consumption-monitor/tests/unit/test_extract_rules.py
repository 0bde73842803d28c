"""Rule sets are data; what is wrong with them is named when they are read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor.extract import RuleError, RuleSet, decode_rules


def rules(*steps: dict[str, Any], quantity: str = "energy") -> list[dict[str, Any]]:
    """Return a rule set of one rule."""
    return [{"quantity": quantity, "steps": list(steps)}]


JSON = {"step": "json", "path": "a.b"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"{", "truncated"),
        (b"\xff", "malformed"),
        (b"[" * 100_000, "deep"),
        (b'{"rules": []}', "length >= 1"),
        ({"rules": rules(JSON), "extra": 1}, "extra"),
        (rules({"step": "json", "patth": "a"}), "patth"),
        ([rules(JSON)[0] | {"source": "two"}], "no source 'two'"),
        ({"rules": rules(JSON), "sources": {"two": {"url": "/b"}}}, "no rule reads"),
        (rules({"step": "xpath", "path": "a"}), "xpath"),
        (rules({"step": "json", "path": "a["}), "a["),
        (rules({"step": "json", "path": "$.a["}), "$.a["),
        (rules({"step": "json", "path": "a..b"}), "a..b"),
        (rules({"step": "json", "path": "$..a..b"}), "$..a..b"),
        (rules({"step": "json", "path": "$[?search(@.a, '(a+)+')]"}), "search"),
        (rules({"step": "css", "selector": "td:has(b)"}), "td:has(b)"),
        (rules({"step": "css", "selector": ":h\\61s(b)"}), "escaped"),
        (rules({"step": "css", "selector": 'td:contains("x")'}), "td:contains"),
        (rules({"step": "css", "selector": "\ud800"}), "no CSS selector"),
        (rules({"step": "regex", "pattern": "("}), "missing )"),
        (rules({"step": "regex", "pattern": "(a)", "group": 2}), "2 does not exist"),
        (rules({"step": "label", "label": "(", "match": "regex"}), "missing )"),
        (rules(JSON, {"step": "unit", "fixed": "VA"}), "'VA'"),
        (rules(JSON, {"step": "unit", "fixed": "mwh"}), "milli or mega"),
        (rules(JSON, {"step": "scale", "factor": "0"}), "no factor"),
        (rules(JSON, {"step": "scale", "factor": "NaN"}), "no factor"),
        (rules(JSON, {"step": "number", "format": "german"}), "german"),
        (rules({"step": "decode", "charset": "rot13"}), "rot13"),
        (rules({"step": "guard", "path": "a", "operator": ">", "value": "x"}), "'x'"),
        (rules(JSON, quantity="gas"), "gas"),
        (rules(JSON) + rules(JSON), "two rules"),
        ([{"quantity": "energy", "steps": [JSON], "channel": "A B"}], "regex"),
        (7, "got `int`"),
    ],
)
def test_rule_error_names_the_value_and_a_remedy(source: object, words: str) -> None:
    """Each mistake in a rule is told with the value and with what to write instead."""
    with pytest.raises(RuleError) as raised:
        decode_rules(source)

    assert words in raised.value.message
    assert raised.value.remedy
    assert raised.value.status == 400


def test_rule_error_tells_the_place() -> None:
    """The message leads to the step that is wrong."""
    with pytest.raises(RuleError) as raised:
        decode_rules(rules(JSON, {"step": "regex", "pattern": "("}))

    assert "$.rules[0].steps[1]" in raised.value.message


def test_rule_set_survives_storage() -> None:
    """What is encoded is decoded to an equal rule set."""
    source = rules(
        {"step": "guard", "path": "ok", "operator": "==", "value": True},
        {"step": "json", "path": "[?type==eim].x", "default": "0.5", "select": "sum"},
        {"step": "scale", "factor": "40"},
        {"step": "unit", "fixed": "Wh"},
    )
    read = decode_rules(source)

    stored = msgspec.json.encode(read)

    assert isinstance(read, RuleSet)
    assert decode_rules(stored) == read
    assert decode_rules(stored.decode()) == read
