"""The API reference on pages: every operation, by plugin, with what it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from reading import Reading, words

Start = Callable[..., Awaitable[Any]]

PAGE = "/ui/nxforge/api"
ONE = "/ui/nxforge/operation?id="


@pytest.fixture
async def host(meter: Any, start: Start) -> Any:
    """A host with the plugin `meter`."""
    assert meter.is_dir()
    return await start("meter")


async def test_every_operation_has_its_page(host: Any) -> None:
    """Listed by plugin; each opens and shows all of its cards."""
    viewer = Reading(host.client, await host.bearer("viewer"))
    document = (await viewer.get("/schema/openapi.json")).json()
    page = await viewer.see(PAGE)
    links = [each.attributes["href"] for each in page.css("#operations tbody a")]
    names = [
        raw["operationId"]
        for methods in document["paths"].values()
        for raw in methods.values()
    ]

    assert [str(each).partition("?id=")[2] for each in links] == names
    assert [each.text() for each in page.css("#operations .nx-group .name")] == [
        "The host",
        "Meter",
    ]
    for name in names[:: len(names) // 8]:
        await viewer.see(ONE + name)


async def test_operation_says_all_one_needs_to_call_it(host: Any) -> None:
    """Permission, body, answers with errors, a line for a terminal, the module."""
    viewer = Reading(host.client, await host.bearer("viewer"))
    page = await viewer.see(f"{ONE}post_meter_readings")
    module = page.css_first("nx-plugin")

    assert "you may not meter:readings:write" in words(page, "about")
    assert "meterId a whole number" in words(page, "body")
    assert "curl -X POST http://host/api/v1/m/meter/readings" in words(page, "curl")
    assert '-H "Authorization: Bearer $TOKEN"' in words(page, "curl")
    assert "403 The caller lacks the permission" in words(page, "answers")
    assert "data.meterId" in words(page, "answer")
    assert '"allowed":false' in str(module.attributes["data-props"])
    found = await viewer.get(str(module.attributes["data-module"]))
    assert found.headers["content-type"].startswith("text/javascript")


async def test_list_is_narrowed_down(host: Any) -> None:
    """By words of path and summary, by method, by what the reader may."""
    viewer = Reading(host.client, await host.bearer("viewer"))
    searched = await viewer.see(f"{PAGE}?operations.q=allow-list")
    narrowed = await viewer.see(
        f"{PAGE}?operations.f.method=DELETE&operations.f.mine=no"
    )

    assert len(searched.css("#operations tbody a")) < 10
    assert "/api/v1/m/meter/readings/{meter_id}" in words(narrowed, "operations")
    assert "GET" not in {
        each.text(strip=True)[1:] for each in narrowed.css("#operations .nx-pill")
    }


async def test_unknown_operation_is_said_in_the_cards(host: Any) -> None:
    """The page stands; what it is about is not there."""
    viewer = Reading(host.client, await host.bearer("viewer"))
    answer = await viewer.get(f"{ONE}get_nothing")

    assert answer.status_code == 200
    assert "get_nothing" in answer.text
    assert "data-failed" in answer.text


async def test_document_is_made_once_however_many_ask(host: Any) -> None:
    """All cards of a page ask at once; it is new where other plugins are at work."""
    first = await host.running.openapi()
    host.running.show(host.running.started)
    found = await asyncio.gather(*(host.running.openapi() for _ in range(4)))

    assert all(each is found[0] for each in found)
    assert await host.running.openapi() is found[0] is not first
