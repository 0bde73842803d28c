"""A host at work: what plugins and the core answer over HTTP."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

Start = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("meter")


@pytest.fixture
async def host(start: Start) -> Any:
    """A host with the plugin `meter` at work."""
    return await start("meter")


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The body of an error answer, its fixed members checked."""
    body: dict[str, Any] = answer.json()
    assert answer.status_code == status, body
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["success"] is False
    assert body["detail"] == body["error"]["message"]
    assert body["requestId"] == answer.headers["x-request-id"]
    return body


async def test_host_starts_answers_and_stops(start: Start) -> None:
    """A started host is alive and ready; a stopped one answers 503."""
    host = await start("meter")
    alive = await host.client.get("/health/live")
    ready = await host.client.get("/health/ready")
    await host.app.stop()
    after = await host.client.get("/health/live")

    assert alive.json() == {"success": True, "data": {"status": "ok"}}
    assert ready.status_code == 200, ready.text
    assert ready.json()["data"]["checks"]["database"] == "ok"
    assert problem(after, 503)["error"]["code"] == "host_stopped"


async def test_answer_is_wrapped_and_keeps_every_digit(host: Any) -> None:
    """Data comes in the envelope, decimals as exact JSON numbers both ways."""
    text = '{"meterId": 7, "value": 12345678901234567890.10}'
    headers = {**await host.bearer("operator"), "content-type": "application/json"}

    added = await host.client.post(
        "/api/v1/m/meter/readings", content=text, headers=headers
    )
    listed = await host.client.get("/api/v1/m/meter/readings", headers=headers)

    assert added.status_code == 201, added.text
    assert '"value":12345678901234567890.10' in listed.text
    assert json.loads(listed.text, parse_float=Decimal) == {
        "success": True,
        "data": [{"meterId": 7, "value": Decimal("12345678901234567890.10")}],
    }


async def test_status_without_content_has_no_body(host: Any) -> None:
    """A route that answers 204 answers nothing else."""
    answer = await host.client.delete(
        "/api/v1/m/meter/readings/7", headers=await host.bearer("operator")
    )

    assert (answer.status_code, answer.content) == (204, b"")


async def test_extra_member_is_named(host: Any) -> None:
    """A JSON body with a member too many is refused by its name; nothing is stored."""
    headers = await host.bearer("admin")
    body = {"meterId": 1, "value": 1, "colour": "red"}

    answer = await host.client.post(
        "/api/v1/m/meter/readings", json=body, headers=headers
    )
    stored = await host.client.get("/api/v1/m/meter/readings", headers=headers)

    assert "colour" in problem(answer, 400)["detail"]
    assert stored.json()["data"] == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"meterId": "many", "value": 1}', "meterId"),
        ('{"meterId": 1}', "value"),
        ("[]", "object"),
        ('{"meterId": 1, ', ""),
        ("", ""),
        ("\x00\xff", ""),
    ],
)
async def test_wrong_body_is_a_bad_request(host: Any, body: str, said: str) -> None:
    """Whatever a body is, it is refused with the place of the fault."""
    headers = {**await host.bearer("admin"), "content-type": "application/json"}

    answer = await host.client.post(
        "/api/v1/m/meter/readings", content=body.encode("latin-1"), headers=headers
    )

    assert said in problem(answer, 400)["detail"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/m/meter/readings?limit=many", "limit"),
        ("/api/v1/runs?limit=0", "limit"),
        ("/api/v1/runs?before=99999999999999999999", "before"),
        ("/api/v1/runs?state=tired", "state"),
        ("/api/v1/runs/99999999999999999999", "run_id"),
    ],
)
async def test_wrong_parameter_is_named(host: Any, path: str, name: str) -> None:
    """A path or query parameter of a wrong type or size is a 400 that names it."""
    answer = await host.client.get(path, headers=await host.bearer("admin"))

    assert name in problem(answer, 400)["detail"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/v1/m/nobody/readings", "'nobody'"),
        ("/api/v1/m/meter/nothing", "/api/v1/m/meter/nothing"),
        ("/api/v1/m/", ""),
        ("/api/v1/plugins/nobody", "'nobody'"),
        ("/api/v1/plugins/nobody/health", "'nobody'"),
        ("/api/v1/runs/4711", "4711"),
        ("/nowhere", "/nowhere"),
        ("/schema", "/schema"),
        ("/schema/swagger", "/schema/swagger"),
        ("/schema/redoc", ""),
        ("/schema/elements", ""),
        ("/schema/rapidoc", ""),
        ("/schema/scalar", ""),
        ("/schema/oauth2-redirect.html", ""),
    ],
)
async def test_unknown_path_is_not_found(host: Any, path: str, said: str) -> None:
    """What is not there is a 404 that names it; so are Litestar's own pages."""
    answer = await host.client.get(path, headers=await host.bearer("admin"))

    assert said in problem(answer, 404)["detail"]


async def test_disabled_plugin_answers_unavailable(start: Start) -> None:
    """An installed plugin that is not enabled answers 503 and says how to enable it."""
    host = await start()

    answer = await host.client.get("/api/v1/m/meter/hello")

    body = problem(answer, 503)
    assert body["error"]["code"] == "plugin_unavailable"
    assert "nxforge plugins enable meter" in body["remedy"]
    assert answer.headers["retry-after"] == "10"
    assert not any(name.startswith("cast_") for name in __import__("sys").modules)


@pytest.mark.parametrize("route", ["broken", "leave"])
async def test_raising_route_tells_nothing_of_the_error(
    host: Any, route: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A route that raises, or calls sys.exit, is a 500 with an id and no secret."""
    answer = await host.client.get(
        f"/api/v1/m/meter/{route}", headers=await host.bearer("viewer")
    )
    alive = await host.client.get("/health/live")

    body = problem(answer, 500)
    assert "swordfish" not in answer.text
    assert body["requestId"]
    assert "request failed" in caplog.text
    assert alive.status_code == 200


async def test_lone_error_of_a_task_group_counts(host: Any) -> None:
    """An error of the family keeps its status through a task group."""
    answer = await host.client.get(
        "/api/v1/m/meter/shared", headers=await host.bearer("viewer")
    )

    assert "meter 7" in problem(answer, 404)["detail"]


async def test_unnamed_status_is_answered(host: Any) -> None:
    """A status that no standard names reaches the client as it is."""
    answer = await host.client.get(
        "/api/v1/m/meter/teapot", headers=await host.bearer("viewer")
    )

    assert problem(answer, 499)["title"] == "Status 499"


async def test_head_is_get_without_body(host: Any) -> None:
    """HEAD has the status and the length of GET and no body."""
    got = await host.client.get("/api/v1/m/meter/hello")
    head = await host.client.head("/api/v1/m/meter/hello")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


async def test_options_lists_methods(host: Any) -> None:
    """OPTIONS names what a path answers, HEAD with GET."""
    answer = await host.client.options("/api/v1/m/meter/readings")

    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_wrong_method_names_the_right_ones(host: Any) -> None:
    """A method that a path does not answer is a 405 with the ones it does."""
    answer = await host.client.put("/api/v1/m/meter/readings")

    assert problem(answer, 405)["error"]["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_page_shows_the_plugin_and_keeps_a_failure_in_its_card(
    host: Any,
) -> None:
    """The start page has the plugin's figures beside the words of a failing source."""
    answer = await host.client.get("/", headers=await host.bearer("viewer"))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "12.50" in answer.text
    assert "ValueError" in answer.text
    assert "unspeakable" not in answer.text


async def test_me_tells_who_calls(host: Any) -> None:
    """A caller sees name, role and permissions."""
    answer = await host.client.get("/api/v1/me", headers=await host.bearer("viewer"))

    data = answer.json()["data"]
    assert data["role"] == "viewer"
    assert "meter:readings:read" in data["permissions"]
    assert "meter:readings:write" not in data["permissions"]
