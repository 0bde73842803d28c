"""A line for a terminal that does the same."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from ._operations import Operation

__all__ = ["curl_line"]


def curl_line(operation: Operation, base: str) -> str:
    """The call with curl; `$TOKEN` has to hold a token.

    Args:
        operation: What is called.
        base: Where the host is reached, without a slash at the end.
    """
    return " \\\n  ".join(_parts(operation, base))


def _parts(operation: Operation, base: str) -> Iterator[str]:
    method = "" if operation.method == "GET" else f"-X {operation.method} "
    yield f"curl {method}{quote(base + _path(operation))}"
    if operation.permission is not None:
        # Double quotes: the shell puts the token in.
        yield '-H "Authorization: Bearer $TOKEN"'
    for each in operation.parameters:
        if each.place == "header" and each.required:
            yield f"-H {quote(f'{each.name}: {each.example}')}"
    if operation.body is not None:
        yield f"-H {quote(f'Content-Type: {operation.body.media}')}"
        yield f"-d {quote(operation.body.example)}"


def _path(operation: Operation) -> str:
    path = operation.path
    for each in operation.parameters:
        if each.place == "path":
            path = path.replace(f"{{{each.name}}}", escaped(each.example, safe=""))
    query = {
        each.name: each.example
        for each in operation.parameters
        if each.place == "query" and each.required
    }
    return f"{path}?{urlencode(query)}" if query else path
