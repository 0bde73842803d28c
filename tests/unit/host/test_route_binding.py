"""From route specs to answers, without a host around them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

import httpx
import msgspec
import pytest
from litestar import Request, Response
from litestar.params import QueryParameter

from nxforge_core.api import Body, Model, PluginContext, RouteSpec, Success
from nxforge_core.host._application import PluginApplication
from nxforge_core.host._errors import RouteRefusedError

Speak = Callable[..., httpx.AsyncClient]
Build = Callable[..., PluginApplication]
PREFIX = "/api/v1/m/probe"


class Amount(Body):
    """A body with a decimal and a number."""

    amount: Decimal
    pieces: int = 1


class Listed(Success[list[int]]):
    """An envelope with a member of its own."""

    total_count: int


async def settings_of(ctx: PluginContext) -> str:
    """Tell the settings."""
    return str(ctx.settings)


async def echo(data: Amount) -> Decimal:
    """Answer the amount."""
    return data.amount


async def maybe(data: Amount | None = None) -> str:
    """Take a body or none."""
    return "nothing" if data is None else str(data.amount)


async def many(data: list[Amount]) -> int:
    """Count."""
    return len(data)


async def listed() -> Listed:
    """Answer more than data."""
    return Listed(data=[1], total_count=1)


async def own() -> Response[str]:
    """Answer a response of one's own."""
    return Response("plain", media_type="text/plain", status_code=202)


async def renamed(
    given_state: Annotated[str, QueryParameter(name="state")],
    limit: Annotated[int, msgspec.Meta(ge=1)] = 5,
) -> str:
    """Take a query parameter that has a name of its own."""
    return f"{given_state} {limit}"


async def path_and_query(number: int, word: str = "none") -> str:
    """Take one of each."""
    return f"{number} {word}"


async def ask(request: Request[Any, Any, Any]) -> str:
    """Look at the request itself."""
    return str(request.headers["x-probe"])


async def partly(first: str, word: str) -> str:
    """Be called with one argument given before."""
    return f"{first} {word}"


async def nothing() -> None:
    """Answer nothing."""


def route(
    handler: Any, method: Any = "GET", path: str = "/x", **more: Any
) -> RouteSpec:
    """A public route."""
    return RouteSpec(method, path, handler, public=True, **more)


async def test_context_is_handed_over_and_no_parameter(speak: Speak) -> None:
    """`ctx` is filled by the host, whatever the query says."""
    answer = await speak(route(settings_of)).get(f"{PREFIX}/x?ctx=other")

    assert answer.json() == {"success": True, "data": "the settings"}


@pytest.mark.parametrize(
    "text", ["0.10", "12345678901234567890.123456789", "1e-7", "-0.0", "5"]
)
async def test_decimal_of_a_body_is_exact(speak: Speak, text: str) -> None:
    """A JSON number reaches a Decimal as it was written."""
    answer = await speak(route(echo, "POST")).post(
        f"{PREFIX}/x", content=f'{{"amount": {text}}}'
    )

    got = answer.text.removeprefix('{"data":').removesuffix(',"success":true}')
    assert Decimal(got) == Decimal(text)
    assert len(got.replace("E", "e")) >= len(text.rstrip("0")) - 1


@pytest.mark.parametrize(
    ("body", "key", "said"),
    [
        ('{"amount": 1, "colour": 2}', "", "colour"),
        ('{"amount": "one"}', "amount", "decimal"),
        ('{"amount": 1, "pieces": "7"}', "pieces", "int"),
        ('{"pieces": 7}', "", "amount"),
        ("[1]", "", "object"),
        ("{", "", "no JSON"),
        ("", "data", "is missing"),
    ],
)
async def test_body_that_does_not_fit_is_told_where(
    speak: Speak, body: str, key: str, said: str
) -> None:
    """The fault of a body is named with its place."""
    answer = await speak(route(echo, "POST")).post(f"{PREFIX}/x", content=body)

    problem = answer.json()
    assert answer.status_code == 400, problem
    assert said in problem["detail"]
    assert problem["error"]["code"] == "validation"
    if problem["error"]["details"]:
        assert problem["error"]["details"][0]["key"] == key


async def test_body_may_be_left_out_where_it_has_a_default(speak: Speak) -> None:
    """No body is the default; one that is there is read."""
    client = speak(route(maybe, "POST"))

    without = await client.post(f"{PREFIX}/x")
    given = await client.post(f"{PREFIX}/x", json={"amount": 2})

    assert (without.json()["data"], given.json()["data"]) == ("nothing", "2")


async def test_body_may_be_a_list(speak: Speak) -> None:
    """A list of bodies is read strictly as well."""
    client = speak(route(many, "POST"))

    good = await client.post(f"{PREFIX}/x", json=[{"amount": 1}, {"amount": 2}])
    bad = await client.post(f"{PREFIX}/x", json=[{"amount": 1}, {"amuont": 2}])

    assert good.json()["data"] == 2
    assert bad.status_code == 400


async def test_subclass_of_the_envelope_is_not_wrapped(speak: Speak) -> None:
    """Members beside `data` stand beside it."""
    answer = await speak(route(listed)).get(f"{PREFIX}/x")

    assert answer.json() == {"success": True, "data": [1], "totalCount": 1}


async def test_response_of_a_handler_is_left_alone(speak: Speak) -> None:
    """A handler may answer what is no JSON."""
    answer = await speak(route(own)).get(f"{PREFIX}/x")

    assert (answer.status_code, answer.text) == (202, "plain")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_nothing_is_null_in_the_envelope(speak: Speak) -> None:
    """A handler without an answer answers null, or with 204 no body at all."""
    client = speak(route(nothing), route(nothing, "DELETE", status=204))

    got = await client.get(f"{PREFIX}/x")
    deleted = await client.delete(f"{PREFIX}/x")

    assert got.json() == {"success": True, "data": None}
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert "content-type" not in deleted.headers


async def test_query_parameter_may_have_another_name(speak: Speak) -> None:
    """What an author says of a parameter is kept, its bounds with it."""
    client = speak(route(renamed))

    good = await client.get(f"{PREFIX}/x?state=busy&limit=2")
    bad = await client.get(f"{PREFIX}/x?state=busy&limit=0")

    assert good.json()["data"] == "busy 2"
    assert bad.status_code == 400
    assert "limit" in bad.json()["detail"]


async def test_path_and_query_are_told_apart(speak: Speak) -> None:
    """A name in the path comes from there, every other one from the query."""
    client = speak(route(path_and_query, path="/{number:int}"))

    both = await client.get(f"{PREFIX}/7?word=hi&number=8")
    wrong = await client.get(f"{PREFIX}/seven")

    assert both.json()["data"] == "7 hi"
    assert wrong.status_code == 404


async def test_request_is_handed_over(speak: Speak) -> None:
    """A handler may look at the request itself."""
    answer = await speak(route(ask)).get(f"{PREFIX}/x", headers={"x-probe": "seen"})

    assert answer.json()["data"] == "seen"


async def test_partial_is_a_handler(speak: Speak) -> None:
    """A function with an argument given before asks for the others only."""
    handler = functools.partial(partly, "one")

    answer = await speak(route(handler)).get(f"{PREFIX}/x?word=two")

    assert answer.json()["data"] == "one two"


@pytest.mark.parametrize(
    "name", ["body", "cookies", "headers", "query", "scope", "socket", "state"]
)
def test_reserved_parameter_is_refused(build: Build, name: str) -> None:
    """A parameter that Litestar would fill with something else is no parameter."""
    namespace: dict[str, Any] = {}
    exec(f"async def handler({name}: str) -> str: return {name}", namespace)  # noqa: S102  # the name is the test's

    with pytest.raises(RouteRefusedError, match=repr(name)) as caught:
        build(route(namespace["handler"]))

    assert caught.value.line == 1
    assert f"given_{name}" in caught.value.remedy


def test_route_among_others_is_named_when_refused(build: Build) -> None:
    """Of many routes the one that cannot be mounted is told, with its line."""
    bad = route(path_and_query, path="/{number:int}/{number:int}")

    with pytest.raises(RouteRefusedError, match="number:int") as caught:
        build(route(nothing), bad, route(listed, "POST"))

    assert caught.value.route is bad
    assert caught.value.file == __file__
    assert caught.value.line == path_and_query.__code__.co_firstlineno


class Item(Model):
    """An answer."""

    meter_id: int


async def item(number: int) -> Item:
    """Answer one item.

    More about it.
    """
    return Item(meter_id=number)


def test_document_reads_like_the_source(build: Build) -> None:
    """Summary, parameters and answer are what the author wrote."""
    document = build(route(item, path="/{number:int}")).openapi()

    operation = document["paths"][f"{PREFIX}/{{number}}"]["get"]
    assert operation["summary"] == "Answer one item."
    assert [each["in"] for each in operation["parameters"]] == ["path"]
    assert operation["security"] == []
    assert "Item" in document["components"]["schemas"]


async def plain_body(request: Request[Any, Any, Any]) -> float:
    """Read the body oneself."""
    return float((await request.json())["amount"])


def test_annotation_that_names_nothing_is_refused(build: Build) -> None:
    """A route whose handler cannot be read is named with what is missing."""
    namespace: dict[str, Any] = {}
    exec("async def handler(data: 'Nowhere') -> str: return ''", namespace)  # noqa: S102  # the annotation is the test's

    with pytest.raises(RouteRefusedError, match="Nowhere"):
        build(route(namespace["handler"], "POST"))


async def test_body_without_a_type_is_plain_data(speak: Speak) -> None:
    """A handler that reads the request itself gets plain data."""
    answer = await speak(route(plain_body, "POST")).post(
        f"{PREFIX}/x", json={"amount": 1.5}
    )

    assert answer.json()["data"] == 1.5


async def named(name: str) -> str:
    """Answer the name."""
    return f"all of {name}"


async def as_csv(name: str) -> Response[str]:
    """Answer the name as a file."""
    return Response(f"file of {name}", media_type="text/csv")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/m/a.csv", "file of a"),
        ("/m/a.b.csv", "file of a.b"),
        ("/m/a.xml", '{"data":"all of a.xml","success":true}'),
        ("/m/a", '{"data":"all of a","success":true}'),
        ("/n/a.csv", '{"data":"all of a.csv","success":true}'),
    ],
)
async def test_ending_of_a_path_chooses_the_route(
    speak: Speak, path: str, answer: str
) -> None:
    """What nobody wrote an ending for stays part of the parameter."""
    client = speak(
        route(named, path="/m/{name:str}"),
        route(named, path="/n/{name:str}"),
        route(as_csv, path="/m/{name:str}.csv"),
    )

    assert (await client.get(PREFIX + path)).text == answer


async def test_route_with_an_ending_answers_every_method(speak: Speak) -> None:
    """HEAD has the head of GET, OPTIONS tells both."""
    client = speak(route(as_csv, path="/m/{name:str}.csv"))

    assert (await client.head(f"{PREFIX}/m/a.csv")).status_code == 200
    options = await client.options(f"{PREFIX}/m/a.csv")
    assert options.headers["allow"] == "GET, HEAD, OPTIONS"
    assert (await client.get(f"{PREFIX}/m/a")).status_code == 404


def test_document_shows_an_ending_as_it_was_written(build: Build) -> None:
    """The path of the document is the one to call."""
    document = build(route(as_csv, path="/m/{name:str}.csv")).openapi()

    assert f"{PREFIX}/m/{{name}}.csv" in document["paths"]


class Versioned(Model):
    """An answer that knows its version."""

    name: str

    @property
    def etag(self) -> str:
        """Of the version."""
        return '"7"'


async def answer_versioned() -> Versioned:
    """Answer a version."""
    return Versioned(name="a")


async def test_answer_with_an_entity_tag_is_sent_with_it(speak: Speak) -> None:
    """A property `etag` is the header; the body does not repeat it."""
    route = RouteSpec("GET", "/x", answer_versioned, public=True)

    answer = await speak(route).get("/api/v1/m/probe/x")

    assert answer.headers["etag"] == '"7"'
    assert answer.json() == {"success": True, "data": {"name": "a"}}
