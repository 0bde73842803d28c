"""A module out of an OpenAPI document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Any, Final

from ._calls import methods
from ._types import Types

__all__ = ["write_client"]

#: What is changed in the text of the runtime.
_EDITS: Final = (
    ('"BaseClient", "ServerEvent", "end_of"]', '"Client", "ServerEvent"]'),
    ("import date, datetime\n", "import date, datetime, timedelta\n"),
    ("Any, Generic, Self, TypeVar", "Any, Generic, Literal, Self, TypeVar, cast"),
    ("msgspec\n", "msgspec\nfrom msgspec import UNSET, UnsetType, field\n"),
)
_FIRST: Final = "# ruff: noqa\n# fmt: off\n"
_HEAD: Final = '''class Client(BaseClient):
    """Every operation as a method."""

'''


def write_client(document: Mapping[str, Any], tags: Collection[str] = ()) -> str:
    """The text of a module that needs httpx and msgspec, and nothing of NxForge.

    Args:
        document: What `GET /schema/openapi.json` answers.
        tags: Ids of plugins, `nxforge` is the host; none: all of them.
    """
    types = Types(document["components"]["schemas"])
    calls = list(methods(document["paths"], types, frozenset(tags)))
    client = _HEAD + "\n\n".join(calls) + "\n"
    return "\n\n\n".join([_FIRST + _runtime(), *types.structs(), client])


def _runtime() -> str:
    text = (files(__package__) / "_runtime.py").read_text("utf-8")
    place = text.index("import httpx")
    for before, after in _EDITS:
        # The word stands in the head's sentences, too.
        start = place if before == "msgspec\n" else 0
        text = text[:start] + text[start:].replace(before, after, 1)
    return text.rstrip("\n")
