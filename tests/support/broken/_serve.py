"""Broken in what it does while the host serves."""

from __future__ import annotations

from ._broken import Broken

__all__ = ["SERVE"]


def _job(body: str, more: str = "") -> str:
    return (
        f"{more}async def toil(ctx: JobContext, params: NoParams) -> None:\n"
        f"    {body}\n\n\n@hookimpl\ndef nxforge_jobs():\n"
        '    return [JobSpec(name="toil", title="Toil", handler=toil)]\n'
    )


def _route(body: str, more: str = "") -> str:
    return (
        f"{more}async def tell(ctx: PluginContext) -> str:\n"
        f'    {body}\n    return "told"\n\n\n@hookimpl\ndef nxforge_routes():\n'
        '    return [RouteSpec("GET", "/tell", tell, public=True)]\n'
    )


SERVE = (
    Broken(
        id="route-raises",
        check="answers",
        phase="serve",
        says="500",
        source=_route('raise RuntimeError("speechless")'),
    ),
    Broken(
        id="job-raises",
        check="jobs",
        phase="serve",
        says="RuntimeError: tired",
        source=_job('raise RuntimeError("tired")'),
    ),
    Broken(
        id="job-blocks",
        check="loop",
        phase="serve",
        says="it blocked the event loop for ",
        source=_job("time.sleep(0.4)", "import time\n\n\n"),
    ),
    Broken(
        id="subscription-raises",
        check="events",
        phase="serve",
        says="RuntimeError: unheard of",
        source="async def hear(ctx, event):\n"
        '    raise RuntimeError("unheard of")\n\n\n@hookimpl\ndef nxforge_events():\n'
        '    return [SubscriptionSpec("module.*", hear)]\n',
        manifest={"events": {"listens": ["module.*"]}},
    ),
    Broken(
        id="page-raises",
        check="pages",
        phase="serve",
        says="RuntimeError: unspeakable",
        source="async def panel(ctx):\n"
        '    raise RuntimeError("unspeakable")\n\n\n@hookimpl\ndef nxforge_pages():\n'
        '    body = [ui.Stats("Now", panel)]\n'
        '    return [ui.Page(name="start", title="It", body=body, public=True)]\n',
    ),
    Broken(
        id="pool-leaks",
        check="connections",
        phase="serve",
        says="all 4 connections of its pool are in use",
        remedy="leave every block",
        source=_route(
            "KEPT.append(ctx.db.transaction())\n    await KEPT[-1].__aenter__()",
            "KEPT = []\n\n\n",
        ),
        slow=True,
    ),
    Broken(
        id="job-clings",
        check="cancel",
        phase="serve",
        says="succeeded",
        source=_job(
            "end = time.monotonic() + 3\n"
            "    while time.monotonic() < end:\n"
            "        try:\n            await asyncio.sleep(0.1)\n"
            "        except asyncio.CancelledError:\n            pass",
            "import asyncio\nimport time\n\n\n",
        ),
        quiet=True,
    ),
    Broken(
        id="settings-take-all",
        check="bad-settings",
        phase="serve",
        says="object",
        source="from typing import Any\n\nimport msgspec\n\n\n"
        "class Wishes(msgspec.Struct, frozen=True):\n"
        "    address: Any = None\n\n\n@hookimpl\ndef nxforge_settings():\n"
        "    return SettingsSpec(Wishes)\n",
        quiet=True,
    ),
)
