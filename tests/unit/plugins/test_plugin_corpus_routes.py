"""Broken plugins whose routes cannot be mounted or say not who may call them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nxforge_core.plugins import Inventory, Problem

HEAD = """
from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, TypedDict

import msgspec
from nxforge_core.api import *

class Strict(Body):
    value: int

class Loose(msgspec.Struct):
    value: int

class Deep(Body):
    parts: dict[str, list[Loose]]

class Again(Body):
    parts: list["Again"] = []
    one: Strict | None = None

@dataclass
class Data:
    value: int

class Typed(TypedDict):
    value: int

class WithData(Body):
    data: Data
    more: Typed

async def handle(ctx: PluginContext) -> str:
    return ""

"""

PERMISSION = {"name": "bad:things:read", "description": "Read things."}


def routes(text: str, more: str = "") -> str:
    """Write a plugin that returns these routes."""
    return f"{HEAD}{more}\n@hookimpl\ndef nxforge_routes():\n    return [{text}]\n"


def own(signature: str, more: str = "") -> str:
    """Write a plugin whose one route has a handler of its own."""
    handler = f"{signature}  # here\n    return ''\n"
    return routes('RouteSpec("POST", "/x", mine, public=True)', more + handler)


AT_HOOK = {
    "no-access": ('RouteSpec("GET", "/x", handle)', "GET /x has neither a permission"),
    "both": (
        'RouteSpec("GET", "/x", handle, "bad:things:read", True)',
        "has the permission 'bad:things:read' and public=True",
    ),
    "undeclared": (
        'RouteSpec("GET", "/x", handle, "bad:things:raed")',
        "needs 'bad:things:raed', which manifest.json does not declare",
    ),
    "method": ('RouteSpec("FETCH", "/x", handle, None, True)', "Invalid enum value"),
    "path-type": ('RouteSpec("GET", 5, handle, None, True)', "Expected `str`"),
    "handler-type": ('RouteSpec("GET", "/x", "handle", None, True)', "`Callable`"),
    "built-in": (
        'RouteSpec("GET", "/x", print, None, True)',
        "builtins.print is not an async function",
    ),
    "no-signature": (
        'RouteSpec("GET", "/x", type, None, True)',
        "builtins.type is not an async function",
    ),
    "no-slash": ('RouteSpec("GET", "x", handle, None, True)', "not well-formed"),
    "slash-last": ('RouteSpec("GET", "/x/", handle, None, True)', "not well-formed"),
    "empty": ('RouteSpec("GET", "", handle, None, True)', "not well-formed"),
    "untyped": ('RouteSpec("GET", "/{id}", handle, None, True)', "not well-formed"),
    "odd-ending": (
        'RouteSpec("GET", "/{a:int}.csv", handle, None, True)',
        "not well-formed",
    ),
    "odd-type": ('RouteSpec("GET", "/{a:b}", handle, None, True)', "not well-formed"),
    "twice": (
        (
            'RouteSpec("GET", "/x/{a:int}", handle, None, True), '
            'RouteSpec("GET", "/x/{b:int}", functools.partial(handle), None, True)'
        ),
        (
            "GET /x/{b:int} is answered by thrown_bad.plugin.handle and already by "
            "thrown_bad.plugin.handle"
        ),
    ),
}

AT_HANDLER = {
    "sync": (own("def mine(ctx: PluginContext) -> str:"), "is not an async function"),
    "unresolvable": (
        own("async def mine(data: Nowhere) -> str:"),
        "cannot be resolved: NameError: name 'Nowhere' is not defined",
    ),
    "unannotated": (
        own("async def mine(ctx, number: int):"),
        "thrown_bad.plugin.mine has no annotation for 'ctx', 'return'",
    ),
    "loose-body": (
        own("async def mine(data: Loose) -> str:"),
        "'data' of thrown_bad.plugin.mine accepts Loose",
    ),
    "loose-part": (own("async def mine(data: Deep) -> str:"), "accepts Loose"),
    "loose-choice": (own("async def mine(data: Loose | None) -> str:"), "s Loose"),
    "data-class": (own("async def mine(data: WithData) -> str:"), "accepts Data"),
    "typed-dict": (own("async def mine(data: WithData) -> str:"), "accepts Typed"),
    "any-body": (
        own("async def mine(data: dict[str, int]) -> str:"),
        "accepts dict[str, int]",
    ),
    "two-structs": (own("async def mine(data: Loose | Deep) -> str:"), "accepts "),
}


@pytest.mark.parametrize(("text", "words"), AT_HOOK.values(), ids=AT_HOOK)
def test_route_that_cannot_be_mounted_is_refused(
    judge: Callable[..., Problem], text: str, words: str
) -> None:
    """The problem names the route, and what to write instead."""
    problem = judge(routes(text), manifest={"permissions": [PERMISSION]})
    assert problem.phase == "validate"
    assert str(problem.file).endswith("thrown_bad/plugin.py")
    assert problem.line is not None
    assert words in problem.message
    assert problem.remedy


@pytest.mark.parametrize(("source", "words"), AT_HANDLER.values(), ids=AT_HANDLER)
def test_handler_that_cannot_be_called_is_refused_at_its_line(
    judge: Callable[..., Problem],
    here: Callable[[], tuple[str, int]],
    source: str,
    words: str,
) -> None:
    """The problem points at the handler."""
    problem = judge(source)
    assert problem.phase == "validate"
    assert (problem.file, problem.line) == here()
    assert words in problem.message


def test_undeclared_permission_is_answered_with_the_nearest(
    judge: Callable[..., Problem],
) -> None:
    """A slip of the pen in a permission's name is recognised."""
    problem = judge(
        routes('RouteSpec("GET", "/x", handle, "bad:things:raed")'),
        manifest={"permissions": [PERMISSION]},
    )
    assert problem.remedy == "did you mean 'bad:things:read'?"


def test_all_faults_of_all_routes_are_listed(judge: Callable[..., Problem]) -> None:
    """Two wrong routes make one problem with every fault in it."""
    text = 'RouteSpec("GET", "x", handle), RouteSpec("GET", "/y", handle)'
    message = judge(routes(text)).message
    assert message.startswith("3 faults: ")
    assert "GET x: the path is not well-formed" in message
    assert "GET x has neither" in message
    assert "GET /y has neither" in message


@pytest.mark.parametrize(
    "annotation",
    ["Strict", "Again", "list[Strict]", "Strict | None", "Annotated[Strict, 'doc']"],
)
def test_body_of_strict_structs_is_accepted(
    install: Callable[..., Path], boot: Callable[..., Inventory], annotation: str
) -> None:
    """Strict structs may be nested, optional, listed and described."""
    install("fine", own(f"async def mine(data: {annotation}) -> str:"))
    plugin = boot("fine")["fine"]
    assert plugin.problem is None
    assert [route.path for route in plugin.specs.routes] == ["/x"]


@pytest.mark.parametrize(
    "path", ["/", "/a", "/a/b-c_d.e~f", "/{a:int}", "/a/{b:uuid}/c", "/{rest:path}"]
)
def test_well_formed_path_is_accepted(
    install: Callable[..., Path], boot: Callable[..., Inventory], path: str
) -> None:
    """Literal segments and typed parameters make a path."""
    install("fine", routes(f'RouteSpec("GET", "{path}", handle, public=True)'))
    assert boot("fine")["fine"].problem is None


def test_one_path_may_have_several_methods(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """Method and path together make a route."""
    spec = 'RouteSpec("{}", "/x", handle, public=True)'
    install("fine", routes(f"{spec.format('GET')}, {spec.format('DELETE')}"))
    assert len(boot("fine")["fine"].specs.routes) == 2
