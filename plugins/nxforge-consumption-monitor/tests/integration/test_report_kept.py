"""The kept answer of `live` is no older than the last round."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from litestar import Litestar, get
from litestar.di import Provide

from nxforge_consumption_monitor.report import KeptLive
from nxforge_consumption_monitor.routes import live_route


async def test_kept_answer_is_made_again_after_a_round(monitor: Any) -> None:
    """What a round stored is seen by the next request, whoever wrote it."""
    kept = KeptLive()
    await monitor.add("a")
    first = await kept.answer(monitor.ctx)
    assert await kept.answer(monitor.ctx) is first
    monitor.show("a", "5")
    await monitor.round()
    second = await kept.answer(monitor.ctx)
    assert second.tag != first.tag
    [endpoint] = json.loads(second.body)["data"]["endpoints"]
    assert endpoint["registerKwh"] == 5


async def test_tag_stays_until_a_state_changes(monitor: Any) -> None:
    """Ages alone make no new tag; turning stale does, without any write."""
    kept = KeptLive()
    await monitor.add("a", interval_s=60)
    monitor.show("a", "5")
    await monitor.round()
    first = await kept.answer(monitor.ctx)
    monitor.clock.pass_by(seconds=100)
    assert await kept.answer(monitor.ctx, first.tag) is first
    younger = await kept.answer(monitor.ctx)
    assert (younger.tag, younger is first) == (first.tag, False)
    assert json.loads(younger.body)["data"]["endpoints"][0]["ageS"] == 100
    monitor.clock.pass_by(seconds=21)
    stale = await kept.answer(monitor.ctx, first.tag)
    assert stale.tag != first.tag
    assert json.loads(stale.body)["data"]["endpoints"][0]["state"] == "stale"


async def test_changed_endpoint_is_seen_at_once(monitor: Any) -> None:
    """An archived endpoint is gone from the next answer."""
    kept = KeptLive()
    view = await monitor.add("a")
    await monitor.add("b")
    await kept.answer(monitor.ctx)
    await monitor.pool.execute(
        "update endpoint set archived_at = now(), enabled = false where id = $1",
        view.id,
    )
    answer = json.loads((await kept.answer(monitor.ctx)).body)
    assert [each["name"] for each in answer["data"]["endpoints"]] == ["b"]


@pytest.mark.filterwarnings("ignore:.*Inferred dependency")
async def test_request_with_the_tag_is_answered_without_a_body(monitor: Any) -> None:
    """304 until something changed, then the whole answer with another tag."""
    await monitor.add("a")

    async def ctx() -> Any:
        return monitor.ctx

    handler = get("/live")(live_route().handler)
    application = Litestar([handler], dependencies={"ctx": Provide(ctx)})
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        first = await client.get("/live")
        assert first.status_code == 200, first.text
        assert first.headers["content-type"] == "application/json"
        tag = {"if-none-match": first.headers["etag"]}
        again = await client.get("/live", headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        monitor.show("a", "5")
        await monitor.round()
        changed = await client.get("/live", headers=tag)
    assert changed.status_code == 200
    assert changed.json()["data"]["endpoints"][0]["registerKwh"] == 5
