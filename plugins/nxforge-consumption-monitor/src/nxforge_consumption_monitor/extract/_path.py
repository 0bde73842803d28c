"""Paths into JSON: RFC 9535, and the short form people write."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import islice
from typing import Final

from jsonpath import JSONPathEnvironment, JSONPathError
from jsonpath.path import JSONPath

from ._errors import RuleError, TooComplexError
from ._json import Json

__all__ = ["MAX_MATCHES", "check_path", "find", "places", "standard_path"]

MAX_MATCHES: Final = 10_000
_MAX_CHARS: Final = 500
_SEGMENT: Final = re.compile(
    r"""\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|\['(?P<single>[^'\\]*)'\]"""
    r"""|\[\?(?P<key>[^\[\]=<>!]+?)\s*==\s*(?P<value>"[^"]*"|'[^']*'|[^\]]+?)\s*\]"""
    r"""|(?P<index>\[[-0-9:,\s*]+\])"""
    r"""|(?P<dot>\.?)(?P<name>[^.\[\]]+)"""
)
_LITERAL: Final = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false|null|\"[^\"]*\"|'[^']*'"
)


def check_path(path: str) -> None:
    """Refuse a path that cannot be followed.

    Raises:
        RuleError: It is no path, or may cost too much on a large document.
    """
    _compiled(path)


def find(path: str, document: Json) -> list[Json]:
    """Return what `path` selects in `document`, in its order.

    Raises:
        RuleError: It is no path.
        TooComplexError: It selects too much.
    """
    compiled = _compiled(path)
    if not isinstance(document, dict | list):
        # jsonpath would take a text for JSON to decode.
        return [document] if compiled.empty() else []
    try:
        matches = compiled.finditer(document)
        found = [match.obj for match in islice(matches, MAX_MATCHES + 1)]
    except (JSONPathError, RecursionError, ArithmeticError, TypeError):
        # A filter that compares what cannot be compared selects nothing.
        return []
    if len(found) > MAX_MATCHES:
        raise TooComplexError(limit=f"{MAX_MATCHES} values of the path {path!r}")
    return found  # type: ignore[return-value]  # parts of the document we gave it


def places(path: str, document: Json, most: int) -> list[str]:
    """Return where the first things stand that `path` selects, as RFC 9535 paths."""
    compiled = _compiled(path)
    if not isinstance(document, dict | list):
        return []
    matches = compiled.finditer(document)
    try:
        return [match.path for match in islice(matches, most)]
    except (JSONPathError, RecursionError, ArithmeticError, TypeError):
        return []


def standard_path(path: str) -> str:
    """Return the RFC 9535 spelling of `path`, which may be in the short form.

    Raises:
        RuleError: It is neither.
    """
    if path.startswith("$"):
        return path
    parts, position = ["$"], 0
    while position < len(path):
        found = _SEGMENT.match(path, position)
        if found is None or _lacks_dot(found):
            raise _no_path(path, f"cannot be read from {path[position:][:40]!r} on")
        parts.append(_segment(found, path))
        position = found.end()
    return "".join(parts)


def _lacks_dot(found: re.Match[str]) -> bool:
    # A key follows a dot, except where the path begins.
    return bool(found["name"]) and bool(found["dot"]) == (found.start() == 0)


def _segment(found: re.Match[str], path: str) -> str:
    if found["index"]:
        return found["index"]
    if found["key"]:
        keys = "".join(
            f"[{json.dumps(key)}]" for key in found["key"].strip().split(".")
        )
        return f"[?@{keys}=={_literal(found['value'])}]"
    if found["name"]:
        name = found["name"].strip()
        return "[*]" if name == "*" else f"[{json.dumps(name)}]"
    try:
        quoted = (
            json.loads(f'"{found["quoted"]}"') if found["quoted"] else found["single"]
        )
    except ValueError:
        raise _no_path(path, "has a quoted key that is no JSON string") from None
    return f"[{json.dumps(quoted or '')}]"


def _literal(value: str) -> str:
    return value if _LITERAL.fullmatch(value) else json.dumps(value)


def _environment() -> JSONPathEnvironment:
    environment = JSONPathEnvironment(strict=True)
    # These two run patterns of the rule on text of the device without a time bound;
    # the regex step does it in linear time.
    for name in ("match", "search"):
        environment.function_extensions.pop(name, None)
    return environment


_ENVIRONMENT: Final = _environment()


@lru_cache(maxsize=512)
def _compiled(path: str) -> JSONPath:
    if not path or len(path) > _MAX_CHARS:
        raise _no_path(
            path, f"has {len(path)} characters; 1 to {_MAX_CHARS} are allowed"
        )
    standard = standard_path(path)
    if standard.count("..") > 1:
        raise _no_path(path, "has more than one '..', which costs too much")
    try:
        compiled = _ENVIRONMENT.compile(standard)
    except (JSONPathError, RecursionError, ValueError) as error:
        what = str(error).splitlines()[0] if str(error) else "is no JSON path"
        raise _no_path(path, what) from None
    if not isinstance(compiled, JSONPath):
        raise _no_path(path, "combines paths; use a combine step")
    return compiled


def _no_path(path: str, what: str) -> RuleError:
    return RuleError(
        field="path",
        what=f"{path[:100]!r} {what}",
        remedy="write keys separated by dots, such as 'emeters[0].total', quoted keys "
        "as [\"em:0\"], a filter as [?type==eim], or an RFC 9535 path with '$'",
    )
