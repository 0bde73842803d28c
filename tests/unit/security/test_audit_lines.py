"""The trail as text, and what its hashes are made of."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security.audit import (
    GENESIS,
    AuditEntry,
    Link,
    csv_lines,
    json_lines,
    link_hash,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def entry(**more: Any) -> AuditEntry:
    """A row."""
    facts = {"id": 1, "at": NOW, "actor": "ada", "kind": "person", "action": "x.y"}
    rest = {"target": "t", "before": None, "after": None, "address": "", "request": ""}
    return AuditEntry(**(facts | rest | more))


async def rows(*entries: AuditEntry) -> AsyncIterator[AuditEntry]:
    """As the trail gives them."""
    for one in entries:
        yield one


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=cmd|"/c"!A1']
)
async def test_no_cell_is_a_formula(text: str) -> None:
    """What spreadsheets would compute is text to them."""
    made = entry(actor=text, target=text, address=text, request=text)
    body = b"".join([line async for line in csv_lines(rows(made))]).decode()
    cells = list(csv.reader(io.StringIO(body, newline="")))[1]

    assert cells[2] == cells[5] == cells[8] == cells[9] == f"'{text}"
    assert cells[0] == "1"


async def test_export_says_all_there_is() -> None:
    """Each row is one line of JSON or of CSV; changes are JSON in their cell."""
    made = entry(before={"role": "viewer"}, after={"role": 'a"b,\n'})
    lines = [json.loads(line) async for line in json_lines(rows(made, made))]
    body = b"".join([line async for line in csv_lines(rows(made))]).decode()
    head, cells = csv.reader(io.StringIO(body, newline=""))

    assert len(lines) == 2
    assert lines[0]["after"] == {"role": 'a"b,\n'}
    assert head[:4] == ["id", "at", "actor", "kind"]
    assert json.loads(cells[7]) == {"role": 'a"b,\n'}


def link(**more: Any) -> Link:
    """A row as the chain sees it."""
    facts: dict[str, Any] = {"id": 1, "micros": 2, "previous": GENESIS, "hash": b""}
    texts = dict.fromkeys(("actor", "kind", "action", "target", "address"), "x")
    return Link(
        **(facts | texts | {"before": None, "after": None, "request": ""} | more)
    )


@given(
    first=st.text("ab:,-01", max_size=6),
    second=st.text("ab:,-01", max_size=6),
    third=st.text("ab:,-01", max_size=6),
    fourth=st.text("ab:,-01", max_size=6),
)
def test_no_two_rows_read_the_same(
    first: str, second: str, third: str, fourth: str
) -> None:
    """What is moved from one part to the next changes the hash."""
    one = link_hash(link(actor=first, kind=second))
    other = link_hash(link(actor=third, kind=fourth))

    assert (one == other) == ((first, second) == (third, fourth))


@pytest.mark.parametrize("part", Link.__struct_fields__[:-1])
def test_every_part_counts(part: str) -> None:
    """A row that differs anywhere has another hash; null is not an empty text."""
    kept = link()
    value: Any = {"id": 9, "micros": 9, "previous": b"\1" * 32}.get(part, "")
    value = "y" if value == "" and part == "request" else value
    changed = msgspec.structs.replace(kept, **{part: value})

    assert link_hash(changed) != link_hash(kept)
