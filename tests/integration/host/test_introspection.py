"""What tools may rely on: members of the introspection API are only ever added."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

Start = Callable[..., Awaitable[Any]]

#: Path and the members that were promised. A name is never taken out of this table.
FROZEN = {
    "/api/v1/plugins": {
        *("id", "displayName", "description", "distribution", "version", "state"),
        *("since", "reason", "adds", "hooks"),
    },
    "/api/v1/plugins/meter": {
        *("id", "displayName", "description", "distribution", "version", "state"),
        *("since", "reason", "adds", "hooks"),
    },
    "/api/v1/plugins/meter/hooks": {"hook", "milliseconds", "outcome"},
    "/api/v1/plugins/meter/routes": {
        *("plugin", "method", "path", "permission", "public", "answers"),
    },
    "/api/v1/plugins/meter/plan": {
        *("plugin", "distribution", "version", "before", "change", "parts"),
        *("migrations", "consent", "collisions", "unread", "problem", "remedy"),
        *("restart", "rehearsal"),
    },
    "/api/v1/plugins/meter/migrations": {
        *("id", "state", "transactional", "wayBack", "appliedAt"),
    },
    "/api/v1/plugins/meter/health": {"id", "state", "checks"},
    "/api/v1/plugins/meter/usage": {"jobs"},
    "/api/v1/routes": {
        *("plugin", "method", "path", "permission", "public", "answers"),
    },
    "/health/live": {"status"},
    "/health/ready": {"status", "checks"},
    "/health/deep": {"ready", "checks", "plugins", "failing"},
}


@pytest.mark.usefixtures("meter")
async def test_members_that_were_promised_are_there(start: Start) -> None:
    """Each answer has all of them, whatever came since."""
    host = await start("meter")
    headers = await host.bearer("admin")
    lost: dict[str, set[str]] = {}
    for path, members in FROZEN.items():
        answer = await host.client.get(path, headers=headers)
        data = answer.json()["data"]
        found = data[0] if isinstance(data, list) else data
        lost[path] = members - found.keys()

    assert {path: gone for path, gone in lost.items() if gone} == {}
    for path in ("/metrics", "/schema/openapi.json"):
        assert (await host.client.get(path, headers=headers)).status_code == 200


@pytest.mark.usefixtures("meter")
async def test_every_route_is_listed_with_who_may(start: Start) -> None:
    """The list has what the OpenAPI document has; a disabled plugin answers not."""
    host = await start("meter")
    headers = await host.bearer("admin")
    document = await host.running.openapi()
    listed = (await host.client.get("/api/v1/routes", headers=headers)).json()["data"]
    await host.client.post("/api/v1/plugins/meter/disable", headers=headers)
    path = "/api/v1/plugins/meter/routes"
    off = (await host.client.get(path, headers=headers)).json()["data"]

    plain = {each["path"].replace(":int}", "}") for each in listed}
    assert {path for path in document["paths"] if "/m/meter/" in path} <= plain
    assert all(each["public"] or each["permission"] for each in listed)
    assert {each["plugin"] for each in listed} == {"nxforge", "meter"}
    assert {each["answers"] for each in off} <= {False}
