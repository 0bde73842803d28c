"""Operations as methods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ._types import Types
from ._words import attribute, sentence

__all__ = ["methods"]

_Operation = Mapping[str, Any]

_JSON: Final = "application/json"
_EVENTS: Final = "text/event-stream"
#: Below others are pages, which are for browsers.
_FOR_PROGRAMS: Final = ("/api/", "/health/", "/metrics", "/schema/")
_BRACES: Final = re.compile(r"\{(\w+)[^}]*\}")
#: Ways through pages: the answer says where the next begins, or the last item does.
_BY_CURSOR: Final = """\
        while True:
            page = await {call}
            for item in page.data:
                yield item
            if (at := end_of(page.meta)) is None:
                return"""
_BY_ID: Final = """\
        while page := await {call}:
            for item in page:
                yield item
            at = page[-1].id"""


class _Call:
    """One operation of the document.

    Attributes:
        answer: Media type of what it answers; empty where it answers nothing.
    """

    def __init__(self, method: str, path: str, raw: _Operation, types: Types) -> None:
        self.name = raw["operationId"]
        self._method, self._path, self._raw = method.upper(), path, raw
        self._types = types
        good = next(value for key, value in raw["responses"].items() if key < "4")
        self._content: Mapping[str, Any] = good.get("content", {})
        self.answer = _JSON if _JSON in self._content else next(iter(self._content), "")
        self._parameters = raw.get("parameters", [])

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of the answer."""
        found: Mapping[str, Any] = self._content[self.answer]["schema"]
        return found

    def place(self, kind: str) -> dict[str, str]:
        """Attributes by the names that are sent, of one kind of parameters."""
        return {
            each["name"]: attribute(each["name"])
            for each in self._parameters
            if each["in"] == kind
        }

    def signature(self) -> str:
        """Its parameters, those that must be given first."""
        given = ["self"]
        given += [
            f"{attribute(each['name'])}: {self._types.annotation(each['schema'])}"
            for each in self._parameters
            if each["in"] == "path"
        ]
        if body := self._raw.get("requestBody"):
            content = next(iter(body["content"].values()))
            given.append(f"data: {self._types.annotation(content['schema'])}")
        named = [self._optional(each) for each in self._parameters]
        named = [each for each in named if each]
        return ", ".join([*given, *(["*"] if named else []), *named])

    def _optional(self, parameter: Mapping[str, Any]) -> str:
        if parameter["in"] == "path":
            return ""
        kind = self._types.annotation(parameter["schema"])
        name = attribute(parameter["name"])
        if parameter.get("required"):
            return f"{name}: {kind}"
        tail = "" if "None" in kind or kind == "Any" else " | None"
        return f"{name}: {kind}{tail} = None"

    def arguments(self, *, body: bool) -> str:
        """What the request is made of."""
        path = _BRACES.sub(lambda m: f"{{_part({attribute(m[1])})}}", self._path)
        literal = f'f"{path}"' if "{" in path else f'"{path}"'
        parts = [literal, _mapping(self.place("query")), _mapping(self.place("header"))]
        if body and self._raw.get("requestBody"):
            parts.append("data")
        return ", ".join(parts)

    def lines(self) -> Iterator[str]:
        """The text of the method."""
        told = f'        """{sentence(self._raw.get("summary") or self.name)}"""'
        if self.answer == _EVENTS:
            returned = "AsyncIterator[ServerEvent]"
            yield f"    def {self.name}({self.signature()}) -> {returned}:"
            yield told
            yield f"        return self._events({self.arguments(body=False)})"
            return
        kind = self._kind()
        yield f"    async def {self.name}({self.signature()}) -> {kind}:"
        yield told
        sent = f'await self._bytes("{self._method}", {self.arguments(body=True)})'
        yield f"        {self._return(kind, sent)}"

    def _kind(self) -> str:
        if self.answer == _JSON:
            return self._types.annotation(self.schema)
        return "bytes" if self.answer else "None"

    def _return(self, kind: str, sent: str) -> str:
        if self.answer != _JSON:
            return f"return {sent}" if self.answer else sent
        name = self._types.named(self.schema)
        if name is not None and self._types.data_of(name) is not None:
            return f"return self._data({_as_type(kind)}, {sent})"
        return f"return msgspec.json.decode({sent}, type={_as_type(kind)})"

    def walk(self) -> str:
        """A method that goes through all pages, where the operation has pages."""
        query = self.place("query").values()
        if self.answer != _JSON or not {"cursor", "before"} & set(query):
            return ""
        members = self._types.members(self.schema)
        items = members.get("data", {})
        item = self._types.annotation(items.get("items", {}))
        if "cursor" in query and "meta" in members:
            return self._walk(item, "cursor", _BY_CURSOR)
        inner = self._types.members(items.get("items", {}))
        if "before" in query and "meta" not in members and "id" in inner:
            return self._walk(item, "before", _BY_ID)
        return ""

    def _walk(self, item: str, where: str, body: str) -> str:
        query = [each for each in self.place("query").values() if each != where]
        kept = [*self.place("path").values(), *(f"{each}={each}" for each in query)]
        signature = re.sub(rf",( \*,)? {where}: [^,]*= None$", "", self.signature())
        signature = re.sub(rf" {where}: [^,]*= None,", "", signature)
        call = f"self.{self.name}({', '.join([*kept, f'{where}=at'])})"
        return (
            f"    async def each_{self.name}({signature}) -> AsyncIterator[{item}]:\n"
            f'        """Every item of every page of `{self.name}`, one by one."""\n'
            "        at: Any = None\n" + body.format(call=call)
        )


def methods(
    paths: Mapping[str, Mapping[str, _Operation]], types: Types, tags: frozenset[str]
) -> Iterator[str]:
    """The text of a method for each operation for programs, by name."""
    calls = [
        _Call(method, path, raw, types)
        for path, operations in paths.items()
        for method, raw in operations.items()
        if path.startswith(_FOR_PROGRAMS)
        and (not tags or tags & set(raw.get("tags", ())))
    ]
    for call in sorted(calls, key=lambda each: str(each.name)):
        yield "\n".join(call.lines())
        if text := call.walk():
            yield text


def _as_type(kind: str) -> str:
    """The annotation as a value: checkers take nothing but classes for a type."""
    outside = re.sub(r"\[.*\]", "", kind)
    special = "|" in outside or outside in ("Any", "Literal")
    return f"cast(type[{kind}], {kind})" if special else kind


def _mapping(names: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{sent}": {own}' for sent, own in names.items()) + "}"
