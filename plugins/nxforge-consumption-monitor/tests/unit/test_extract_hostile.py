"""Pages made to hurt the host end with a word, and never with anything else."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.extract import (
    ExtractionError,
    Page,
    TooComplexError,
    decode_rules,
    explain,
    extract,
)
from nxforge_consumption_monitor.extract._page import Document
from nxforge_consumption_monitor.extract._structure import Survey, measure

SIZE: Final = 400_000


def rule(*steps: dict[str, Any]) -> Any:
    """Return a rule set of one rule."""
    return decode_rules([{"quantity": "energy", "steps": list(steps)}])


def filled(unit: str) -> str:
    """Return a page of repeated text."""
    return (unit * (SIZE // len(unit) + 1))[:SIZE]


def attributes(count: int, first: int = 0) -> str:
    """Return that many different attributes."""
    return " ".join(f"a{i}" for i in range(first, first + count))


CSS = rule({"step": "css", "selector": "td.energy"})
HOSTILE = {
    "nested blocks": filled("<div>"),
    "nested formatting": filled("<b>"),
    "nested tables": filled("<table><tr><td>"),
    "cells outside of a table": filled("<td><div>"),
    "end tags that close nothing": filled("<div></span>"),
    "end tags that do not reach": filled("<div><table><tr><td></div>"),
    "forgotten formatting": "".join(f"<p><b a={i}>x</p>" for i in range(20_000)),
    "formatting built again": "<p>"
    + "".join(f"<b a={i}>" for i in range(400))
    + filled("</p><p>x"),
    "tags in a raw element of svg": "<svg><style>" + filled("<div>"),
    "tags after a comment that ends at once": "<!-->" + filled("<div>"),
    "void elements of svg": "<svg>" + filled("<input>"),
    "one tag of many attributes": f"<p {attributes(50_000)}>",
    "a body of many attributes": "".join(
        f"<body {attributes(200, 200 * i)}>" for i in range(300)
    ),
    "many tags": filled("<i></i>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_page_is_too_complex_when_parsing_it_would_hurt(name: str) -> None:
    """What makes a parser slow or large is refused before it is parsed."""
    with pytest.raises(ExtractionError) as raised:
        extract(CSS, Page(HOSTILE[name].encode()))

    assert raised.value.outcome == "too_complex"
    assert "limit" in raised.value.message


REAL = {
    "forgotten cells": "<table>" + "<tr><td><font size=2>a<td><b>b" * 2000,
    "forgotten items": "<ul>" + "<li>x" * 5000,
    "forgotten paragraphs": "<p>x" * 5000,
    "forgotten options": "<select>" + "<option>x" * 5000,
    "properly nested": ("<div>" * 400 + "x" + "</div>" * 400) * 20,
    "a drawing": "<svg>" + "<path d='M0'/>" * 5000 + "</svg>",
    "a script with comparisons": f"<script>{'if (a<b) c();' * 5000}</script>",
    "anchors that are not closed": "<a name=x><p>y" * 2000,
    "forms between rows": "<table>" + "<form><tr><td>x</td></tr></form>" * 1000,
    "a comment full of tags": "<!--" + "<div>" * 5000 + "-->",
    "an attribute full of tags": f"<p title='{'<div>' * 5000}'>",
    "256 attributes": f"<p {attributes(256)}>",
}


@pytest.mark.parametrize("name", REAL)
def test_page_is_accepted_when_it_is_only_careless(name: str) -> None:
    """Pages of real devices forget end tags; that alone is no reason to refuse."""
    assert measure(REAL[name]).depth <= 512


COSTLY = {
    "ancestors": ("<div>" * 400 + "</div>" * 400) * 10,
    "siblings": "<i></i>" * 20_000,
}


@pytest.mark.parametrize(
    ("page", "selector"),
    [
        ("ancestors", "i div div div"),
        ("siblings", "i ~ i ~ b"),
        ("siblings", "i:nth-child(2n)"),
        ("siblings", "i:last-of-type"),
    ],
)
def test_selector_is_too_complex_when_matching_would_hurt(
    page: str, selector: str
) -> None:
    """A page cannot make an innocent selector try millions of ways."""
    rules = rule({"step": "css", "selector": selector, "index": 0})

    with pytest.raises(ExtractionError) as raised:
        extract(rules, Page(COSTLY[page].encode()))

    assert raised.value.outcome == "too_complex"


def test_pattern_with_nested_repeats_ends() -> None:
    """The pattern that blocks other engines for hours is linear here."""
    rules = rule({"step": "regex", "pattern": r"(\d+)+\s*kWh$"})

    with pytest.raises(ExtractionError) as raised:
        extract(rules, Page(b"1" * 200_000))

    assert raised.value.outcome == "selector_missing"


def test_body_above_the_limit_is_too_large() -> None:
    """A direct caller cannot hand in more than 2 MB."""
    with pytest.raises(ExtractionError) as raised:
        extract(CSS, Page(b" " * (2 * 1024 * 1024 + 1)))

    assert raised.value.outcome == "too_large"


RULE_SETS = [
    CSS,
    rule({"step": "css", "selector": "*", "index": -1}),
    rule({"step": "css", "selector": "td + td", "index": 0, "ownText": True}),
    rule({"step": "label", "label": "a", "match": "contains"}),
    rule({"step": "label", "label": "a", "match": "regex", "direction": "below"}),
    rule({"step": "json", "path": "$..a", "select": "first"}),
    rule({"step": "json", "path": "[*]", "select": "sum"}),
    rule({"step": "json", "path": "$"}),
    rule({"step": "json", "path": "a", "fromScript": "script"}),
    rule({"step": "guard", "path": "$..*", "operator": ">", "value": 1}),
    rule({"step": "kv", "key": "a", "separator": "="}),
    rule({"step": "regex", "pattern": "(?s)a(.*)"}, {"step": "json", "path": "[0]"}),
    rule({"step": "number"}, {"step": "unit", "fixed": "Wmin"}),
]
TAGS = [
    "a",
    "b",
    "p",
    "td",
    "tr",
    "table",
    "div",
    "li",
    "select",
    "option",
    "svg",
    "path",
    "script",
    "form",
    "font",
    "h1",
    "br",
]
SOUP = st.lists(
    st.one_of(
        st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(['"', "<!--", "-->", "<", "{", "}", "[", ":", "a", "1", "="]),
        st.text(max_size=5),
    ),
    max_size=60,
).map(lambda parts: "".join(parts).encode("utf-8", "replace"))
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("ab"), inner)
    ),
    max_leaves=10,
)


def outcomes(body: bytes, content_type: str = "") -> set[str]:
    """Apply all rules to a page; anything but an extraction error gets out."""
    page = Page(body, content_type)
    words = set()
    for rules in RULE_SETS:
        try:
            extract(rules, page)
            words.add("ok")
        except ExtractionError as error:
            words.add(error.outcome)
            # A message that cannot be encoded would break the answer that tells it.
            error.message.encode()
        told = explain(rules, page)
        msgspec.json.encode(told)
    return words


@given(st.binary(max_size=300), st.text(max_size=40))
def test_bytes_end_with_a_word(body: bytes, content_type: str) -> None:
    """Any bytes with any content type give a value or an extraction error."""
    assert outcomes(body, f"text/html; charset={content_type}")


@given(SOUP)
def test_tag_soup_ends_with_a_word(body: bytes) -> None:
    """So does any mixture of tags."""
    assert outcomes(body)


@given(JSONS)
def test_json_ends_with_a_word(value: object) -> None:
    """So does any JSON, with what Python calls JSON beside the standard."""
    assert outcomes(json.dumps(value).encode())


@given(SOUP, st.integers(1, 300))
def test_model_is_never_less_deep_than_the_tree(body: bytes, times: int) -> None:
    """Repeating anything makes the model at least as deep as the parser's tree."""
    document = Document(Page(body * times))
    try:
        root, survey = document.tree()
    except ExtractionError:
        return

    deepest, waiting = 0, [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in node.iter())

    # A row brings its table section, a page its html and body.
    assert deepest <= 4 * survey.exact.depth + 8


@given(SOUP, st.integers(1, 60))
def test_page_that_is_only_counted_keeps_the_limits(body: bytes, times: int) -> None:
    """Reading it tag by tag finds no more than the count said, and no offence."""
    try:
        survey = Survey(html := (body * times).decode("latin-1"))
    except TooComplexError:
        return
    read = measure(html)
    assert read.tags <= survey.bounds.tags
    assert read.depth <= survey.bounds.depth


def test_page_with_a_tag_that_hides_attributes_behind_quotes_is_read() -> None:
    """An end within quotes does not make a tag look short."""
    hidden = " ".join(f"a{i}='>'" for i in range(300))
    with pytest.raises(TooComplexError, match="256 attributes"):
        Survey(f"<p {hidden}>")
