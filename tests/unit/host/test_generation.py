"""What answers under which prefix, and the document of all of it."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from nxforge_core.api import UnknownItemError
from nxforge_core.host._errors import PluginClosedError
from nxforge_core.host._generation import Closed, Generation
from nxforge_core.host._openapi import compose


async def core(scope: Any, receive: Any, send: Any) -> None:
    """Stand for plugin zero."""


async def meter(scope: Any, receive: Any, send: Any) -> None:
    """Stand for a plugin."""


GENERATION = Generation(
    core=core,
    plugins={"meter": meter},
    closed={"pump": Closed("pump", "quarantined in phase start", "look there")},
)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", core),
        ("/api/v1/plugins", core),
        ("/api/v1/m", core),
        ("/api/v1/m/meter", meter),
        ("/api/v1/m/meter/", meter),
        ("/api/v1/m/meter/readings", meter),
        ("//api/v1/m/meter/readings", core),
        ("/API/v1/m/meter", core),
    ],
)
def test_path_finds_its_application(path: str, target: Any) -> None:
    """The plugin's id is one whole segment below the prefix; all else is the core's."""
    assert GENERATION.find(path) is target


@pytest.mark.parametrize("path", ["/api/v1/m/pump", "/api/v1/m/pump/x"])
def test_closed_plugin_says_why(path: str) -> None:
    """A plugin that does not serve is named with reason and remedy."""
    with pytest.raises(PluginClosedError, match=r"'pump'.*phase start") as caught:
        GENERATION.find(path)

    assert (caught.value.remedy, caught.value.status) == ("look there", 503)


@pytest.mark.parametrize("plugin", ["", "meters", "mete", "meter%2F", ".."])
def test_unknown_plugin_is_named(plugin: str) -> None:
    """No other segment is taken for a plugin."""
    with pytest.raises(UnknownItemError) as caught:
        GENERATION.find(f"/api/v1/m/{plugin}/x")

    assert caught.value.value == plugin


def faults(document: Any) -> list[Exception]:
    """What is wrong with an OpenAPI 3.1 document."""
    return list(OpenAPIV31SpecValidator(document).iter_errors())


def document(*paths: str, **schemas: Any) -> dict[str, Any]:
    """A plugin's document with GET on some paths, each answering `Item`."""
    answer = {"$ref": "#/components/schemas/Item"}
    content = {"application/json": {"schema": answer}}
    schemas.setdefault("Item", {"type": "object"})
    return {
        "paths": {
            path: {
                "get": {"responses": {"200": {"description": "", "content": content}}}
            }
            for path in paths
        },
        "components": {"schemas": schemas},
    }


def test_schemas_of_plugins_keep_apart() -> None:
    """Two plugins may call a schema alike, and one like a part of another's name."""
    other = document("/b", Item={"type": "string"}, ItemList={"type": "array"})

    composed = compose("1.0", {"one": document("/a"), "two": other})

    schemas = composed["components"]["schemas"]
    assert schemas["one.Item"] == {"type": "object"}
    assert schemas["two.Item"] == {"type": "string"}
    assert schemas["two.ItemList"] == {"type": "array"}
    answer = composed["paths"]["/b"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/two.Item"
    }
    assert faults(composed) == []


def test_operations_never_share_a_name() -> None:
    """Paths that read alike in words still get names of their own, always the same."""
    paths = ("/api/v1/m/x/a-b", "/api/v1/m/x/a_b", "/api/v1/m/x/a/b")

    names = [
        [
            each["get"]["operationId"]
            for each in compose("1", {"x": found})["paths"].values()
        ]
        for found in (document(*paths), document(*reversed(paths)))
    ]

    assert len(set(names[0])) == 3
    assert sorted(names[0]) == sorted(names[1])


def test_document_without_plugins_is_valid() -> None:
    """Nothing at all is a valid document."""
    composed = compose("1.0", {})

    assert faults(composed) == []
    assert composed["paths"] == {}
