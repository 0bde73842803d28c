# ruff: noqa: ASYNC110 - looks at lists, where nobody sets an event
"""What a host tells of plugins and of runs, and whom it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from distributions import Site

from nxforge_core.settings import JobSettings

LISTENER = """
from nxforge_core.api import *

HEARD = []


async def hear(ctx, event):
    HEARD.append((event.name, event.source, dict(event.data)))
    if event.name == "listener.said":
        await ctx.events.publish("listener.answered", {"to": event.data["text"]})


async def keep(ctx, event):
    HEARD.append(("kept " + event.name, event.source, dict(event.data)))


async def say(ctx: PluginContext, text: str) -> str:
    await ctx.events.publish("listener.said", {"text": text})
    return "said"


async def good(ctx, params):
    await ctx.events.publish("listener.ran", {"run": ctx.run.id})
    return {"kwh": 5}


async def bad(ctx, params):
    raise ValueError("no meter")


async def idle(ctx, params):
    return Outcome.idle()


@hookimpl
def nxforge_events():
    return [
        SubscriptionSpec("*", hear),
        SubscriptionSpec("job.*", keep, durable=True),
    ]


@hookimpl
def nxforge_routes():
    return [RouteSpec("POST", "/say", say, public=True)]


@hookimpl
def nxforge_jobs():
    return [JobSpec(name=job.__name__, title="Job", handler=job)
            for job in (good, bad, idle)]
"""
MANIFEST = {"events": {"emits": [{"name": "listener.*"}], "listens": ["*"]}}
BROKEN = "raise ValueError('broken')"


async def heard(until: Callable[[list[Any]], object]) -> list[Any]:
    """What the plugin was told, as soon as it is enough."""
    from cast_listener import plugin  # noqa: PLC0415 - made by the test

    found: list[Any] = plugin.HEARD
    async with asyncio.timeout(10):
        while not until(found):
            await asyncio.sleep(0.02)
    return found


async def test_plugin_tells_and_is_told_in_its_process(
    site: Site, start: Callable[..., Awaitable[Any]]
) -> None:
    """A route publishes, a handler hears it and publishes on."""
    site.add("listener", LISTENER, manifest=MANIFEST)
    hosted = await start("listener")

    answer = await hosted.client.post("/api/v1/m/listener/say?text=hello")

    assert answer.status_code == 200, answer.text
    found = await heard(lambda all_: any(n == "listener.answered" for n, *_ in all_))
    headers = await hosted.bearer("admin")
    usage = await hosted.client.get("/api/v1/plugins/listener/usage", headers=headers)
    metrics = await hosted.client.get("/metrics", headers=headers)
    assert usage.json()["data"]["events"]["published"] == 2
    assert usage.json()["data"]["events"]["failed"] == 0
    published = 'nxforge_events_total{fate="published",plugin="listener"} 2.0'
    assert published in metrics.text
    assert ("listener.said", "listener", {"text": "hello"}) in found
    assert ("listener.answered", "listener", {"to": "hello"}) in found


async def test_state_of_each_plugin_is_told(
    site: Site, start: Callable[..., Awaitable[Any]]
) -> None:
    """Subscribers learn which plugins run, and which one does not and why."""
    site.add("listener", LISTENER, manifest=MANIFEST)
    site.add("broken", BROKEN)
    await start("listener", "broken")

    found = await heard(
        lambda all_: sum(n.startswith("module.") for n, *_ in all_) == 2
    )

    told = {data["id"]: (name, data) for name, source, data in found}
    assert told["listener"][0] == "module.running"
    name, data = told["broken"]
    assert (name, data["phase"]) == ("module.quarantined", "import")
    assert "broken" in data["message"]


async def test_runs_are_told_when_they_begin_and_end(
    site: Site, start: Callable[..., Awaitable[Any]]
) -> None:
    """Also to durable subscribers, once; a run that was idle is not worth a word."""
    site.add("listener", LISTENER, manifest=MANIFEST)
    hosted = await start("listener", jobs=JobSettings(scheduler=False))
    run = hosted.running.engine.run_now
    await run("listener", "idle", None, by="test")
    await run("listener", "good", None, by="test")
    await run("listener", "bad", None, by="test")

    def enough(all_: list[Any]) -> bool:
        return {"kept job.completed", "kept job.failed"} <= {name for name, *_ in all_}

    found = await heard(enough)
    await asyncio.sleep(0.3)
    told = [(n, d["job"], d.get("state")) for n, _, d in found if "job." in n]

    assert sorted(told, key=str) == [
        ("job.completed", "good", "succeeded"),
        ("job.failed", "bad", "failed"),
        ("job.started", "bad", None),
        ("job.started", "good", None),
        ("kept job.completed", "good", "succeeded"),
        ("kept job.failed", "bad", "failed"),
        ("kept job.started", "bad", None),
        ("kept job.started", "good", None),
    ]
    (failed,) = [d for n, _, d in found if n == "job.failed"]
    assert failed["error"] == "no meter"
    assert [d for n, _, d in found if n == "listener.ran"]
    left = await hosted.running.core.database.fetchval(
        "select count(*) from event_delivery"
    )
    assert left == 0


async def test_enabling_a_plugin_is_told(
    site: Site,
    start: Callable[..., Awaitable[Any]],
    nxforge: Callable[..., Awaitable[str]],
) -> None:
    """The word of an admin, given to another process, reaches this one."""
    site.add("listener", LISTENER, manifest=MANIFEST)
    site.add("other", "")
    await start("listener")

    await nxforge("plugins", "enable", "other")

    found = await heard(lambda all_: any(n == "module.enabled" for n, *_ in all_))
    assert [d["id"] for n, _, d in found if n == "module.enabled"] == ["other"]
