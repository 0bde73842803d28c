"""Plugin zero's routes over a host that is only made up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from nxforge_core.api import (
    PluginContext,
    PluginId,
    PluginInfo,
    RouteSpec,
    RunId,
    UnknownItemError,
    decode_manifest,
    ui,
)
from nxforge_core.builtin import (
    RESERVED_IDS,
    CheckResult,
    CoreContext,
    LiveStreams,
    Readiness,
)
from nxforge_core.builtin import plugin as zero
from nxforge_core.host._access import Access
from nxforge_core.host._application import build_application
from nxforge_core.host._request import RequestShell
from nxforge_core.jobs import Pulse, RunFilter, RunLine
from nxforge_core.plugins import Plugin, PluginSpecs, Problem
from nxforge_core.security import Principal, RoleBook
from nxforge_core.security.people import CookieNames
from nxforge_core.services import SystemClock, get_log

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
MANIFEST = decode_manifest(
    (files("nxforge_core.builtin") / "manifest.json").read_bytes()
)


WELL = Readiness(ready=True, checks={"database": "ok"})


class Doorman:
    """Knows the roles as tokens."""

    async def bearer(self, token: str) -> Principal | None:
        """Somebody with that role."""
        return RoleBook.of([MANIFEST]).principal("somebody", token)

    async def session(self, text: str) -> Principal | None:
        """Nobody is logged in."""
        assert text
        return None


async def half_texts(_: Any) -> list[dict[str, str]]:
    """Answer what is no whole text."""
    return [{"name": "a\ud800b"}]


async def secret_page(_: Any) -> list[ui.Figure]:
    """Answer what not everybody may see."""
    return [ui.Figure("Secret", "unmistakable")]


async def greet() -> str:
    """Greet."""
    return "hello"


@dataclass
class MadeUpHost:
    """Implements `Host` with what a test puts into it."""

    installed: list[Plugin] = field(default_factory=list)
    shown: list[tuple[ui.Page, PluginContext[Any]]] = field(default_factory=list)
    state: Readiness = WELL
    checks: list[CheckResult] = field(default_factory=list)
    edition: str = "one"
    started: list[tuple[Any, ...]] = field(default_factory=list)
    runs: Any = None
    plans: Any = None
    statistics: Any = None
    told: list[tuple[str, str]] = field(default_factory=list)
    streams: LiveStreams = field(default_factory=lambda: LiveStreams(asyncio.Event()))

    @property
    def security(self) -> Any:
        """Nothing but a trail."""
        return SimpleNamespace(audit=self)

    async def add(self, _: Any, action: str, target: str, __: Any) -> None:
        """Note it."""
        self.told.append((action, target))

    async def look_for_plugins(self) -> None:
        """Nobody calls pip here."""

    def plugins(self) -> Sequence[Plugin]:
        """Those of the test."""
        return self.installed

    def pages(self) -> Sequence[tuple[ui.Page, PluginContext[Any]]]:
        """Those of the test."""
        return self.shown

    def modules_of(self, plugin: str) -> None:
        """None of any plugin."""
        del plugin

    async def check_plugin(self, plugin: str) -> Sequence[CheckResult]:
        """What the test says, of any plugin."""
        del plugin
        return self.checks

    async def readiness(self) -> Readiness:
        """What the test says."""
        return self.state

    async def openapi(self) -> Mapping[str, Any]:
        """A document of nothing."""
        return {"openapi": "3.1.0", "servers": [{"url": "/"}]}

    async def run_job(
        self, plugin: str, job: str, params: Mapping[str, Any], caller: Principal
    ) -> RunId:
        """Note it."""
        self.started.append((plugin, job, dict(params), caller.name))
        return RunId(7)

    async def cancel_run(self, run: RunId, caller: Principal) -> None:
        """Note it."""
        self.started.append(("cancel", run, caller.name))

    async def rerun(self, run: RunId, only: str, caller: Principal) -> RunId:
        """Note it."""
        self.started.append(("rerun", run, only, caller.name))
        return RunId(8)

    async def metrics(self, *, openmetrics: bool = False) -> bytes:
        """One of them."""
        del openmetrics
        return b"nxforge_runs_running 1.0\n"


def context(plugin: str) -> PluginContext[Any]:
    """A plugin's context with its log."""
    unused: Any = None
    return PluginContext(
        plugin=PluginInfo(PluginId(plugin), plugin, "1.0"),
        settings=None,
        db=unused,
        http=unused,
        browser=unused,
        secrets=unused,
        jobs=unused,
        events=unused,
        log=get_log(plugin),
        clock=SystemClock(),
    )


@pytest.fixture
def host() -> MadeUpHost:
    """A host without plugins."""
    return MadeUpHost()


@pytest.fixture
async def client(host: MadeUpHost) -> AsyncIterator[httpx.AsyncClient]:
    """A client of plugin zero."""
    core = CoreContext(**vars(context("nxforge")), host=host)
    access = Access(Doorman(), CookieNames("0badcafe"))
    application = build_application(zero.nxforge_routes(), "", core, access)
    shell = RequestShell(None)

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await shell.run(application.asgi, scope, receive, send)

    async with AsyncExitStack() as stack:
        transport = httpx.ASGITransport(serve)
        made = httpx.AsyncClient(transport=transport, base_url="http://host")
        yield await stack.enter_async_context(made)


def as_role(role: str) -> dict[str, str]:
    """Headers of a caller with a role."""
    return {"authorization": f"Bearer {role}"}


def test_every_permission_of_the_core_is_declared_and_used() -> None:
    """Routes ask for permissions of the manifest, and each of those is asked for."""
    asked = {route.permission for route in zero.nxforge_routes() if route.permission}

    assert asked == {permission.name for permission in MANIFEST.permissions}


def test_ids_of_commands_are_reserved() -> None:
    """No plugin may be called like a command of the core or a path of its own."""
    assert {"plugins", "serve", "tokens", "demo"} <= RESERVED_IDS


async def test_unready_host_says_what_is_wrong(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """Each failing part is named; those that are well are not."""
    host.state = Readiness(ready=False, checks={"database": "gone", "jobs": "ok"})

    answer = await client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_ready"
    assert answer.json()["detail"] == "the host is not ready: database: gone"


async def test_alive_host_is_alive_though_unready(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """Whoever restarts dead processes must not restart this one."""
    host.state = Readiness(ready=False, checks={"database": "gone"})

    assert (await client.get("/health/live")).status_code == 200


async def test_plugin_is_shown_with_what_it_adds_and_its_problem(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """State, version, reason with place, and everything the plugin adds."""
    problem = Problem(
        plugin="pump",
        distribution="nxforge-pump",
        phase="migrate",
        message="it fails",
        remedy="mend it",
        at=NOW,
        file="001.sql",
        line=3,
    )
    specs = PluginSpecs(routes=(RouteSpec("GET", "/greet", greet, public=True),))
    pump = Plugin(
        id=PluginId("pump"),
        distribution="nxforge-pump",
        version="1.2",
        manifest=None,
        state="quarantined",
        wanted=True,
        since=NOW,
        problem=problem,
        folder=Path("/somewhere"),
        specs=specs,
    )
    host.installed = [pump]

    (shown,) = (
        await client.get("/api/v1/plugins", headers=as_role("operator"))
    ).json()["data"]

    assert (shown["id"], shown["version"], shown["state"]) == (
        "pump",
        "1.2",
        "quarantined",
    )
    reason = shown["reason"]
    assert (reason["phase"], reason["file"], reason["line"]) == (
        "migrate",
        "001.sql",
        3,
    )
    assert (reason["message"], reason["remedy"]) == ("it fails", "mend it")
    assert shown["adds"]["routes"] == [
        {"method": "GET", "path": "/greet", "permission": None, "public": True}
    ]
    assert shown["since"] == "2026-11-02T06:00:00Z"


async def test_manifest_schema_is_no_plugin(client: httpx.AsyncClient) -> None:
    """The path of the schema is not taken for a plugin's."""
    answer = await client.get(
        "/api/v1/plugins/manifest-schema", headers=as_role("operator")
    )

    assert answer.json()["data"]["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize(
    ("body", "params"), [(None, {}), ({}, {}), ({"params": {"a": 1}}, {"a": 1})]
)
async def test_job_is_run_by_the_caller(
    client: httpx.AsyncClient, host: MadeUpHost, body: Any, params: dict[str, Any]
) -> None:
    """A manual run is queued with the caller's name; the answer says where it is."""
    answer = await client.post(
        "/api/v1/jobs/pump/fill/runs", json=body, headers=as_role("operator")
    )

    assert answer.status_code == 202, answer.text
    assert answer.json()["data"] == {"id": 7, "link": "/api/v1/runs/7"}
    assert host.started == [("pump", "fill", params, "somebody")]


async def test_job_request_with_an_extra_member_starts_nothing(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """A misspelt member is named, and nothing runs."""
    answer = await client.post(
        "/api/v1/jobs/pump/fill/runs", json={"parms": {}}, headers=as_role("admin")
    )

    assert answer.status_code == 400
    assert "parms" in answer.json()["detail"]
    assert host.started == []


@pytest.mark.parametrize(
    ("role", "status", "seen"), [("viewer", 403, False), ("admin", 200, True)]
)
async def test_page_is_shown_to_who_may_see_it(
    client: httpx.AsyncClient, host: MadeUpHost, role: str, status: int, *, seen: bool
) -> None:
    """A page's own permission counts, on its path and on the start page."""
    page = ui.Page(
        name="inner",
        title="Inner",
        body=[ui.Stats("Figures", secret_page)],
        permission="pump:inner:read",
        home=True,
    )
    host.shown = [(page, context("pump"))]

    alone = await client.get("/ui/pump/inner", headers=as_role(role))
    home = await client.get("/", headers=as_role(role))
    data = await client.get("/api/v1/ui/data/pump/inner/figures", headers=as_role(role))
    card = await client.get(
        "/api/v1/ui/cards/pump/inner/figures", headers=as_role(role)
    )

    assert alone.status_code == data.status_code == card.status_code == status
    assert ("unmistakable" in alone.text) is seen
    assert ("unmistakable" in data.text) is seen
    assert ("unmistakable" in card.text) is seen
    assert home.status_code == 200
    assert ("unmistakable" in home.text) is seen


@pytest.mark.parametrize("kind", ["data", "cards", "files"])
async def test_half_a_character_breaks_no_answer(
    client: httpx.AsyncClient, host: MadeUpHost, kind: str
) -> None:
    """What a plugin answers can always be sent, as data, as a card and as a file."""
    table = ui.Table("Rows", half_texts, [ui.Column("name")])
    page = ui.Page(name="inner", title="Inner", body=[table], public=True)
    host.shown = [(page, context("pump"))]

    answer = await client.get(
        f"/api/v1/ui/{kind}/pump/inner/rows", headers=as_role("viewer")
    )

    assert answer.status_code == 200
    assert "a?b" in answer.text


@pytest.mark.parametrize("path", ["/ui/pump/none", "/ui/none/inner"])
async def test_unknown_page_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    """A page that no plugin has is a 404."""
    answer = await client.get(path, headers=as_role("viewer"))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("mark", "kind"),
    [('stylesheet" href="', "text/css"), ('script src="', "text/java")],
)
async def test_assets_may_be_kept_for_ever(
    client: httpx.AsyncClient, mark: str, kind: str
) -> None:
    """What a page loads is public, typed and cached."""
    page = await client.get("/", headers=as_role("viewer"))
    path = page.text.partition(mark)[2].partition('"')[0]

    answer = await client.get(path)

    assert answer.headers["content-type"].startswith(kind)
    assert "immutable" in answer.headers["cache-control"]


@dataclass
class MadeUpRuns:
    """One run that ended, and what was asked about it."""

    asked: list[Any] = field(default_factory=list)

    async def list_runs(self, wanted: Any, **page: Any) -> list[Any]:
        """None, and note what was asked."""
        self.asked.append((wanted, page))
        return []

    async def list_shards(self, run: RunId, **page: Any) -> list[Any]:
        """None, and note what was asked."""
        self.asked.append((run, page))
        return []

    async def get_run(self, run: RunId) -> Any:
        """Hardly anything."""
        return {"id": run}

    async def pulse(self, run: RunId) -> Pulse:
        """It ended; there is no run but number 7."""
        if run != 7:
            raise UnknownItemError(kind="run", value=run)
        return Pulse(
            state="succeeded",
            attempt=1,
            note=None,
            ended=True,
            progress=None,
            lines=2,
        )

    async def run_logs(self, run: RunId, after: int, *rest: Any, **more: Any) -> Any:
        """Lines up to the second."""
        self.asked.append((run, after, rest, more))
        return [
            RunLine(line=n, attempt=1, at=NOW, level="info", event="a\nb", facts={})
            for n in range(after + 1, 3)
        ]


async def test_runs_are_filtered_by_everything_that_tells_them_apart(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """Every filter of the route reaches the store, several states too."""
    host.runs = MadeUpRuns()
    answer = await client.get(
        "/api/v1/runs?plugin=pump&job=fill&state=failed&state=lost&trigger=manual"
        "&parent=3&since=2026-11-02T06:00:00Z&before=9&limit=5",
        headers=as_role("viewer"),
    )
    wanted = RunFilter(
        plugin="pump",
        job="fill",
        states=["failed", "lost"],
        trigger="manual",
        parent=RunId(3),
        since=NOW,
    )

    assert answer.status_code == 200, answer.text
    assert host.runs.asked == [(wanted, {"limit": 5, "before": 9})]


@pytest.mark.parametrize(
    "query", ["state=done", "trigger=cron", "limit=0", "since=soon", "parent=-1"]
)
async def test_wrong_filter_of_runs_is_refused(
    client: httpx.AsyncClient, host: MadeUpHost, query: str
) -> None:
    """What cannot be meant is a 400 that names the parameter."""
    host.runs = MadeUpRuns()

    answer = await client.get(f"/api/v1/runs?{query}", headers=as_role("viewer"))

    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text
    assert host.runs.asked == []


async def test_run_is_cancelled_and_repeated_by_who_may(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """An operator ends and repeats runs; a viewer does neither."""
    host.runs = MadeUpRuns()
    operator, viewer = as_role("operator"), as_role("viewer")

    cancelled = await client.post("/api/v1/runs/7/cancel", headers=operator)
    repeated = await client.post(
        "/api/v1/runs/7/rerun", json={"only": "failed"}, headers=operator
    )
    whole = await client.post("/api/v1/runs/7/rerun", headers=operator)
    denied = [
        (await client.post(f"/api/v1/runs/7/{word}", headers=viewer)).status_code
        for word in ("cancel", "rerun")
    ]

    assert (cancelled.status_code, cancelled.json()["data"]) == (202, {"id": 7})
    assert repeated.json()["data"] == {"id": 8, "link": "/api/v1/runs/8"}
    assert whole.status_code == 202
    assert denied == [403, 403]
    assert host.started == [
        ("cancel", 7, "somebody"),
        ("rerun", 7, "failed", "somebody"),
        ("rerun", 7, "all", "somebody"),
    ]


async def test_events_of_a_run_are_sent_as_the_standard_says(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """Lines carry ids, each datum is one line of JSON, and the end is an event."""
    host.runs = MadeUpRuns()

    answer = await client.get("/api/v1/runs/7/events", headers=as_role("viewer"))
    blocks = answer.text.strip().split("\n\n")

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert blocks[0] == "retry: 2000"
    assert blocks[1].startswith('id: 1\nevent: line\ndata: {"line":1,')
    assert r'"event":"a\nb"' in blocks[1]
    assert blocks[-2].startswith("event: state\ndata: ")
    assert blocks[-1] == 'event: end\ndata: {"reason":"finished","state":"succeeded"}'
    assert len(host.streams) == 0


@pytest.mark.parametrize(
    ("query", "headers", "first"),
    [("", {"last-event-id": "1"}, 2), ("?after=1", {}, 2), ("", {}, 1)],
)
async def test_events_resume_after_the_last_one(
    client: httpx.AsyncClient,
    host: MadeUpHost,
    query: str,
    headers: dict[str, str],
    first: int,
) -> None:
    """A browser that lost the connection misses no line and sees none twice."""
    host.runs = MadeUpRuns()

    answer = await client.get(
        f"/api/v1/runs/7/events{query}", headers={**as_role("viewer"), **headers}
    )

    assert answer.text.partition("id: ")[2][0] == str(first)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("9/events", {}, 404),
        ("7/events?level=loud", {}, 400),
        ("7/events", {"last-event-id": "one"}, 400),
        ("7/events", {"last-event-id": "9" * 30}, 400),
    ],
)
async def test_wrong_stream_is_a_problem_and_no_stream(
    client: httpx.AsyncClient,
    host: MadeUpHost,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    """What cannot be followed is told before a stream begins."""
    host.runs = MadeUpRuns()

    answer = await client.get(
        f"/api/v1/runs/{path}", headers={**as_role("viewer"), **headers}
    )

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(host.streams) == 0


async def test_stream_beyond_the_most_is_refused(
    client: httpx.AsyncClient, host: MadeUpHost
) -> None:
    """The hundredth and first reader is told to close one."""
    host.runs = MadeUpRuns()
    for _ in range(100):
        host.streams.admit()

    answer = await client.get("/api/v1/runs/7/events", headers=as_role("viewer"))
    host.streams.leave()
    again = await client.get("/api/v1/runs/7/events", headers=as_role("viewer"))

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "too_many_streams"
    assert "close one" in answer.text
    assert again.status_code == 200


async def test_metrics_are_text_for_who_may_read_them(
    client: httpx.AsyncClient,
) -> None:
    """Prometheus reads its own text format; a viewer does not."""
    answer = await client.get("/metrics", headers=as_role("operator"))
    denied = await client.get("/metrics", headers=as_role("viewer"))

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text == "nxforge_runs_running 1.0\n"
    assert denied.status_code == 403
