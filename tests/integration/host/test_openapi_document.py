"""The composed OpenAPI document of a host with plugins."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

Start = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("meter")


@pytest.fixture
async def document(start: Start) -> dict[str, Any]:
    """The document of a host with the plugin `meter`, as a client gets it."""
    host = await start("meter")
    answer = await host.client.get(
        "/schema/openapi.json", headers=await host.bearer("viewer")
    )
    found: dict[str, Any] = answer.json()
    return found


def faults(document: Any) -> list[Exception]:
    """What is wrong with an OpenAPI 3.1 document."""
    return list(OpenAPIV31SpecValidator(document).iter_errors())


async def test_document_is_valid(document: dict[str, Any]) -> None:
    """It is a valid OpenAPI 3.1 document."""
    assert faults(document) == []
    assert document["openapi"] == "3.1.0"


async def test_bodies_take_no_extra_member(document: dict[str, Any]) -> None:
    """What routes accept is closed, what they answer is open."""
    schemas = document["components"]["schemas"]

    assert schemas["meter.NewReading"]["additionalProperties"] is False
    assert schemas["nxforge.RunRequest"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["meter.Reading"]
    assert set(schemas["meter.NewReading"]["required"]) == {"meterId", "value"}


async def test_decimals_are_numbers(document: dict[str, Any]) -> None:
    """Decimals are JSON numbers in both directions."""
    schemas = document["components"]["schemas"]

    for name in ("meter.Reading", "meter.NewReading"):
        assert schemas[name]["properties"]["value"]["type"] == "number"


async def test_parameters_say_where_they_come_from(document: dict[str, Any]) -> None:
    """Query and path parameters are told apart, with type and default."""
    listed = document["paths"]["/api/v1/m/meter/readings"]["get"]["parameters"]
    removed = document["paths"]["/api/v1/m/meter/readings/{meter_id}"]["delete"]

    assert [(one["name"], one["in"]) for one in listed] == [("limit", "query")]
    assert listed[0]["schema"] == {"type": "integer", "default": 2}
    assert [(one["name"], one["in"]) for one in removed["parameters"]] == [
        ("meter_id", "path")
    ]


async def test_operations_are_named_once_and_tell_their_errors(
    document: dict[str, Any],
) -> None:
    """Each operation has a name, a tag, a summary and the errors it can answer."""
    found = [
        operation
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    names = [operation["operationId"] for operation in found]
    post = document["paths"]["/api/v1/m/meter/readings"]["post"]
    hello = document["paths"]["/api/v1/m/meter/hello"]["get"]

    assert len(set(names)) == len(names) > 15
    assert all(operation["summary"] for operation in found)
    assert {tag for operation in found for tag in operation["tags"]} == {
        "nxforge",
        "meter",
    }
    everywhere = {"400", "404", "409", "415", "421", "429", "503"}
    assert set(post["responses"]) == everywhere | {"201", "401", "403", "412", "413"}
    assert set(hello["responses"]) == everywhere | {"200"}
    assert post["x-permission"] == "meter:readings:write"
    assert hello["security"] == []


async def test_document_has_no_foreign_address(document: dict[str, Any]) -> None:
    """Nothing in it points to a server that is not ours."""
    assert "http://" not in json.dumps(document)
    assert "https://" not in json.dumps(document)
    assert document["servers"] == [{"url": "/"}]
