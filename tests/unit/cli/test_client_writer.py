"""A client out of a document: names, kinds, pages, streams, errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from nxforge_core.api import InvalidInputError
from nxforge_core.cli.client import command, write_client


def body(schema: Any, media: str = "application/json") -> Any:
    """A good answer with this schema."""
    return {"200": {"content": {media: {"schema": schema}}}}


def ref(name: str) -> dict[str, str]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, kind: str) -> dict[str, Any]:
    """A parameter that may be left out."""
    return {"name": name, "in": "query", "schema": {"type": kind}}


THING = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "maxKw": {"type": "number"},
        "from": {"oneOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"enum": ["a", "b", None]},
        "more": {"oneOf": [ref("p.Thing"), ref("q.Thing")]},
    },
    "required": ["id", "maxKw"],
}
DOCUMENT: dict[str, Any] = {
    "tags": [{"name": "p"}, {"name": "q"}],
    "paths": {
        "/api/v1/things": {
            "get": {
                "operationId": "get_things",
                "tags": ["p"],
                "parameters": [query("limit", "integer"), query("before", "integer")],
                "responses": body(ref("p.Success_things")),
            },
            "post": {
                "operationId": "post_things",
                "tags": ["p"],
                "requestBody": {
                    "content": {"application/json": {"schema": ref("p.Thing")}}
                },
                "responses": {"204": {}},
            },
        },
        "/api/v1/pages/{name}": {
            "get": {
                "operationId": "get_pages",
                "tags": ["q"],
                "parameters": [
                    {"name": "name", "in": "path", "schema": {"type": "string"}},
                    query("cursor", "string"),
                    query("open", "boolean"),
                ],
                "responses": body(ref("q.Page")),
            }
        },
        "/api/v1/live": {
            "get": {
                "operationId": "get_live",
                "tags": ["q"],
                "responses": body({}, "text/event-stream"),
            }
        },
        "/ui/page": {
            "get": {"operationId": "get_ui", "responses": body({}, "text/html")}
        },
    },
    "components": {
        "schemas": {
            "p.Thing": THING,
            "q.Thing": {"type": "object"},
            "p.Success_things": {
                "properties": {
                    "success": {"const": True},
                    "data": {"type": "array", "items": ref("p.Thing")},
                }
            },
            "q.Page": {
                "properties": {
                    "success": {"const": True},
                    "data": {"type": "array", "items": {"type": "integer"}},
                    "meta": ref("q.Meta"),
                },
                "required": ["data", "meta"],
            },
            "q.Meta": {
                "properties": {"nextCursor": {"type": ["string", "null"]}},
            },
        }
    },
}


@pytest.fixture
def made() -> Iterator[Any]:
    """The module that is made of the document."""
    module = ModuleType("made_client")
    sys.modules[module.__name__] = module
    exec(compile(write_client(DOCUMENT), "made.py", "exec"), vars(module))  # noqa: S102 - it is what is tested
    yield module
    del sys.modules[module.__name__]


@pytest.fixture
def client(made: Any) -> Callable[[Any], Any]:
    """A client whose host is a function."""

    def build(host: Callable[[httpx.Request], httpx.Response]) -> Any:
        http = httpx.AsyncClient(transport=httpx.MockTransport(host))
        return made.Client("http://host/nx/", "secret", http)

    return build


def test_names_and_kinds_are_those_of_python(made: Any) -> None:
    """Two plugins' structs of one name stay apart; what cannot be told is anything."""
    kinds = made.PThing.__annotations__

    assert kinds["max_kw"] == "Decimal"
    assert kinds["from_"] == "str | None | UnsetType"
    assert kinds["kind"] == "Literal['a', 'b'] | None | UnsetType"
    assert kinds["more"] == "Any"
    assert not hasattr(made.Client, "get_ui")
    assert made.QThing


async def test_body_and_answer_keep_every_digit(made: Any, client: Any) -> None:
    """A decimal goes out as a number, and comes back as it was; so does the token."""
    seen: list[httpx.Request] = []

    def host(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.method == "POST":
            return httpx.Response(204)
        return httpx.Response(
            200, content=b'{"data": [{"id": 1, "maxKw": 1.10, "new": 0}]}'
        )

    async with client(host) as api:
        await api.post_things(made.PThing(id=1, max_kw=Decimal("12.50"), from_=None))
        [thing] = await api.get_things(limit=1)

    assert seen[0].read() == b'{"id":1,"maxKw":12.50,"from":null}'
    assert seen[0].headers["authorization"] == "Bearer secret"
    assert str(seen[1].url) == "http://host/nx/api/v1/things?limit=1"
    assert str(thing.max_kw) == "1.10"


async def test_pages_follow_each_other(client: Any) -> None:
    """By the id of the last item, or by what the answer says is next."""

    def host(request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        if request.url.path.endswith("/things"):
            first = int(asked.get("before", 4)) - 1
            items = [{"id": each, "maxKw": 0} for each in (first, first - 1)]
            return httpx.Response(200, json={"data": items if first > 0 else []})
        assert request.url.raw_path.startswith(b"/nx/api/v1/pages/a%2Fb?")
        assert asked["open"] == "true"
        at = int(asked.get("cursor", 0))
        meta = {"nextCursor": str(at + 1) if at < 2 else None}
        return httpx.Response(200, json={"data": [at], "meta": meta})

    async with client(host) as api:
        things = [each.id async for each in api.each_get_things()]
        numbers = [each async for each in api.each_get_pages("a/b", open=True)]

    assert things == [3, 2, 1, 0]
    assert numbers == [0, 1, 2]


async def test_stream_is_read_event_by_event(client: Any) -> None:
    """Signs of life are passed over; data may have several lines."""
    text = ': alive\n\nevent: metric\nid: 7\ndata: {\ndata: "kw": 1.50}\n\ndata: 1\n\n'

    async with client(lambda _: httpx.Response(200, text=text)) as api:
        events = [event async for event in api.get_live()]

    assert [(each.name, each.id) for each in events] == [
        ("metric", "7"),
        ("message", ""),
    ]
    assert events[0].data == {"kw": Decimal("1.50")}


@pytest.mark.parametrize("call", ["get_things", "get_live"])
async def test_error_has_the_words_of_the_host(
    made: Any, client: Any, call: str
) -> None:
    """Of plain answers and of streams; what is no problem document has its status."""
    problem = {
        "detail": "there is none",
        "remedy": "add one",
        "requestId": "r-1",
        "error": {"code": "none"},
    }
    answers = iter([httpx.Response(404, json=problem), httpx.Response(502, text="<p>")])

    async def ask(api: Any) -> None:
        asked = getattr(api, call)()
        if call == "get_live":
            await anext(asked)
        await asked

    async with client(lambda _: next(answers)) as api:
        with pytest.raises(made.ApiError, match="there is none") as failed:
            await ask(api)
        with pytest.raises(made.ApiError, match="HTTP 502"):
            await ask(api)

    error = failed.value
    facts = error.status, error.code, error.remedy, error.request_id
    assert facts == (404, "none", "add one", "r-1")


def test_command_writes_what_was_asked_for(tmp_path: Path) -> None:
    """Of one plugin, or an error that names the choices."""
    source, target = tmp_path / "openapi.json", tmp_path / "client.py"
    source.write_text(json.dumps(DOCUMENT), "utf-8")
    words = [str(source), str(target), "--plugin"]
    runner = CliRunner()

    done = runner.invoke(command, [*words, "p"])
    failed = runner.invoke(command, [*words, "x"])
    source.write_text("{}", "utf-8")
    empty = runner.invoke(command, words[:2])

    assert done.exit_code == 0, done.output
    assert "get_things" in target.read_text("utf-8")
    assert "get_live" not in target.read_text("utf-8")
    assert isinstance(failed.exception, InvalidInputError)
    assert "the document has p, q" in failed.exception.remedy
    assert isinstance(empty.exception, InvalidInputError)
