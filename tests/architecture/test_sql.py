"""No statement is put together from text: SQL lies in files, values are parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    [*ROOT.glob("nxforge_core/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
)
#: Methods whose first argument is a statement, or the second one where that is a type.
SENDERS = {
    "execute": 0,
    "executemany": 0,
    "fetch": 0,
    "fetchrow": 0,
    "fetchval": 0,
    "structs": 1,
}
#: How a statement begins; words of English that look so are followed by others.
STATEMENT = re.compile(
    r"\s*(?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\("
    r"|(?:create|alter|drop)\s+(?:table|schema|role|database|index|view|function|user"
    r"|type)\b|truncate\s|grant\s|revoke\s|copy\s+\S+\s+(?:from|to)\b|set\s+\w+\s*=)",
    re.IGNORECASE,
)
#: Functions whose results are safe to stand in a statement.
QUOTING = {"int", "quote_identifier", "quote_identifiers"}
#: Longer ones belong into a file, with a name and a sentence.
LONGEST = 60


def name(path: Path) -> str:
    """Show a path the way a reader of the repository knows it."""
    return str(path.relative_to(ROOT))


def built(tree: ast.AST) -> Iterator[ast.expr]:
    """Statements that are put together: by an f-string, `+`, `%`, `format`, `join`."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), *rest]):
                if STATEMENT.match(text) and not all(map(is_harmless, rest)):
                    yield node
            case ast.BinOp(left=ast.Constant(value=str(text))):
                if STATEMENT.match(text):
                    yield node
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")
            ):
                if STATEMENT.match(text):
                    yield node


def is_harmless(part: ast.expr) -> bool:
    """Text, a constant of the module, or a name that a quoting function has made."""
    match part:
        case ast.Constant():
            return True
        case ast.FormattedValue(value=ast.Name(id=constant)):
            return constant.isupper()
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id=function))):
            return function in QUOTING
    return False


def sent(tree: ast.AST) -> Iterator[ast.expr]:
    """What is handed to a method that sends a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            place = SENDERS.get(node.func.attr)
            if place is not None and len(node.args) > place:
                yield node.args[place]


def test_no_statement_is_built_from_text() -> None:
    """Only names may be put into a statement, and only by what quotes them."""
    found = [
        f"{name(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in MODULES
        for node in built(ast.parse(path.read_text("utf-8")))
    ]

    assert found == []


def test_statement_in_code_is_a_short_one() -> None:
    """What is more than a word to the server lies in a named `.sql` file."""
    long = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        for node in sent(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) > LONGEST
    ]

    assert long == []


@pytest.mark.parametrize(
    "code",
    [
        'db.fetch(f"select * from reading where id = {given}")',
        'db.fetch("select * from " + given)',
        'db.fetch("delete from reading where id = %s" % given)',
        'db.fetch("update reading set x = {}".format(given))',
        'sql = f"SET search_path = {given}"',
        'sql = f"create role {given.lower()}"',
    ],
)
def test_built_statement_is_found(code: str) -> None:
    """The test above sees what it looks for."""
    assert [*built(ast.parse(code))]


@pytest.mark.parametrize(
    "code",
    [
        'f"create role {quote_identifier(given)}"',
        'f"SET lock_timeout = {_LIMIT}"',
        'f"updated {given} readings"',
    ],
)
def test_quoted_names_and_words_are_let_through(code: str) -> None:
    """Nor does it see what is none."""
    assert [*built(ast.parse(code))] == []
