"""Every widget once, as a plugin that the browser tests look at."""
# ruff: noqa: ARG001, D103 - sources take the context; their names say what they answer

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from nxforge_core.api import (
    InvalidInputError,
    PluginContext,
    UnavailableError,
    hookimpl,
    ui,
)

READ = "gallery:things:read"
WRITE = "gallery:things:write"
#: What readers did, oldest first.
DEEDS: list[str] = []
#: How often the plugin told that something happened.
TICKS = [0]


class Endpoint(msgspec.Struct, frozen=True):
    """What is entered.

    Attributes:
        name: As people know it.
        interval_s: Seconds between two polls.
        password: Of the device.
    """

    name: Annotated[str, Meta(min_length=2, max_length=40)]
    interval_s: Annotated[int, Meta(ge=5, le=3600)] = 60
    factor: Decimal = Decimal(1)
    kind: Literal["meter", "pdu"] = "meter"
    enabled: bool = True
    password: str | None = None
    tags: tuple[str, ...] = ()
    note: str = ""


async def figures(ctx: PluginContext) -> list[ui.Figure]:
    wave = [math.sin(step / 3) + 2 for step in range(24)]
    return [
        ui.Figure("Load now", Decimal("15.87"), "kW", trend=wave),
        ui.Figure("Energy today", 312.4, "kWh", "4 % less than yesterday"),
        ui.Figure("Ticks", TICKS[0], hint="told by events"),
        ui.Figure("Meters online", "3 of 4", level="warning", hint="1 is silent"),
        ui.Figure("Voltage", None, "V"),
    ]


def times(window: ui.Window, count: int) -> list[datetime]:
    step = (window.end - window.start) / count
    return [window.start + step * place for place in range(count)]


def wave(at: datetime, place: int) -> float | None:
    hour = at.timestamp() / 3600
    if place == 1 and 7 < hour % 24 < 10:
        return None
    return 8 - 2 * place + 1.5 * math.sin(hour / 24 * 6.283) + math.sin(hour * 9) / 4


async def power(ctx: PluginContext, window: ui.Window) -> ui.Series:
    at = times(window, 300)
    lines = [
        ui.Line(f"Rack A{place + 1}", at, [wave(each, place) for each in at])
        for place in range(3)
    ]
    return ui.Series(lines, [ui.Mark(at[200], "a run failed", "bad")])


async def band(ctx: PluginContext, window: ui.Window) -> ui.Series:
    at = times(window, 100)
    middle = [wave(each, 0) or 0.0 for each in at]
    low, high = [v - 1 for v in middle], [v + 1.5 for v in middle]
    return ui.Series(
        [ui.Line("Rack A1", at, middle, low=low, high=high)], note="Means."
    )


async def days(ctx: PluginContext) -> ui.Series:
    first = datetime(2026, 11, 1, tzinfo=UTC)
    at = [first + timedelta(days=place) for place in range(14)]
    lines = [
        ui.Line(name, at, [20 + 5 * math.sin(place + n) for place in range(14)])
        for n, name in enumerate(("Rack A1", "Rack A2"))
    ]
    return ui.Series(lines)


async def strips(ctx: PluginContext) -> ui.Series:
    first = datetime(2026, 11, 1, tzinfo=UTC)
    at = [first + timedelta(hours=place) for place in range(48)]
    lines = [
        ui.Line(f"Rack A{n + 1}", at, [wave(each, n) for each in at]) for n in range(3)
    ]
    return ui.Series(lines)


async def nothing(ctx: PluginContext) -> ui.Series:
    return ui.Series([])


async def things(ctx: PluginContext) -> list[dict[str, object]]:
    now = ctx.clock.now()
    return [
        {
            "id": f"m{place}",
            "name": f"Meter {place:03}",
            "room": f"Room {place % 4}",
            "kw": None if place % 9 == 4 else Decimal(place) / 7,
            "share": place / 200,
            "trend": [math.sin((place + step) / 2) for step in range(12)],
            "seen": now - timedelta(seconds=place * 7),
            "state": ui.State("silent", "bad", "timed out after 10 s")
            if place % 9 == 4
            else ui.State("online", "ok"),
            "more": ui.Link("Details", "thing", {"id": f"m{place}"}),
        }
        for place in range(200)
    ]


async def facts(ctx: PluginContext, params: ui.Params) -> list[ui.Fact]:
    return [
        ui.Fact("Id", params.get("id", "none"), "code"),
        ui.Fact("Load", Decimal("3.25"), "number", "kW", help="Of all phases."),
        ui.Fact("Since", ctx.clock.now() - timedelta(hours=5), "age"),
        ui.Fact("State", ui.State("online", "ok")),
        ui.Fact("Serial number", None),
    ]


async def beats(ctx: PluginContext) -> list[ui.Strip]:
    now = ctx.clock.now()

    def strip(name: str, bad: set[int], state: str, level: Any) -> ui.Strip:
        moments = [
            ui.Beat("bad" if n in bad else "ok", now - timedelta(minutes=40 - n))
            for n in range(40)
        ]
        return ui.Strip(name, moments, level, state, f"{100 - len(bad)} %")

    return [
        strip("Rack A4", {3, 4, 37, 38, 39}, "timed out after 10 s", "bad"),
        strip("Rack A1", set(), "online", "ok"),
        strip("Rack A2", {12}, "online", "ok"),
    ]


async def lines(ctx: PluginContext) -> list[ui.LogLine]:
    now = ctx.clock.now()
    found = [
        ui.LogLine(f"polled meter {n}", now - timedelta(seconds=60 - n), "info", n)
        for n in range(1, 60)
    ]
    trace = (
        "Traceback (most recent call last):\n  File 'meter.py', line 7\nTimeoutError"
    )
    return [*found, ui.LogLine("no answer within 10 s", now, "error", 60, trace)]


async def broken(ctx: PluginContext) -> list[ui.Figure]:
    words = "the meters are asleep"
    raise UnavailableError(words, remedy="wake them up")


async def rename(ctx: PluginContext, data: Endpoint, reader: ui.Reader) -> ui.Done:
    if data.name == "taken":
        raise InvalidInputError(field="name", value="taken", remedy="choose another")
    DEEDS.append(f"{reader.name} saved {data}")
    show = ui.Link("Show", "thing", {"id": "m1"})
    go = ui.Link("All", "all") if data.note == "on to the next" else None
    return ui.Done(f"{data.name} is saved.", show, go)


async def held(ctx: PluginContext) -> dict[str, object]:
    return {"name": "Rack A1", "interval_s": 30, "tags": ("north", "cellar")}


async def pause(ctx: PluginContext, keys: list[str]) -> ui.Done:
    DEEDS.append(f"paused {','.join(keys)}")
    return ui.Done(f"{len(keys)} paused: {', '.join(keys)}.")


async def clear(ctx: PluginContext) -> ui.Done:
    DEEDS.append("cleared")
    return ui.Done("Everything is cleared.")


async def fail(ctx: PluginContext) -> None:
    words = "unspeakable"
    raise ValueError(words)


async def done(ctx: PluginContext) -> list[dict[str, object]]:
    return [{"what": deed} for deed in DEEDS]


async def steps(ctx: PluginContext) -> list[ui.Step]:
    link = ui.Link("Look", "thing")
    return [
        ui.Step(title="A rack", done=True, text="There is one.", link=link),
        ui.Step(title="A meter", done=False, text="It is missing.", link=link),
        ui.Step(title="A report", done=False, text="A month from now."),
    ]


async def ways(ctx: PluginContext, params: ui.Params) -> list[ui.Choice]:
    spans = [ui.Link(each, "all", {"span": each}) for each in ("Day", "Month", "Year")]
    rooms = [ui.Link(f"Room {n}", "all", {"room": f"Room {n}"}) for n in range(3)]
    chosen = params.get("span", "Month")
    return [ui.Choice("Period", spans, chosen), ui.Choice("Group", rooms)]


async def warnings(ctx: PluginContext) -> list[ui.Notice]:
    link = ui.Link("Which ones", "thing")
    return [ui.Notice("Two meters are silent.", "warning", link)]


async def silence(ctx: PluginContext) -> list[ui.Notice]:
    return []


async def ticks(ctx: PluginContext) -> dict[str, object]:
    return {"ticks": TICKS[0]}


CHARTS = [
    ui.Chart("Power", power, unit="kW", limits=[ui.Limit(9.5, "breaker")]),
    ui.Chart("Band", band, unit="kW", width="half", height="small"),
    ui.Chart("Steps", power, kind="step", width="half", height="small"),
    ui.Chart("Area", power, kind="area", width="half", height="small"),
    ui.Chart("Stacked", power, kind="stacked", width="half", height="small"),
    ui.Chart("Days", days, unit="kWh", kind="bar", width="half", height="small"),
    ui.Chart("Heat", strips, kind="heat", width="half", height="small"),
    ui.Chart("Empty chart", nothing, height="small"),
]
THINGS = ui.Table(
    "Meters",
    things,
    [
        ui.Column("name", "Meter", sort=True),
        ui.Column("room", sort=True),
        ui.Column("kw", "Load", "number", "kW", places=2, sort=True),
        ui.Column("share", "Share", "share", sort=True),
        ui.Column("trend", "Last hour", "trend"),
        ui.Column("seen", "Last reading", "age", sort=True),
        ui.Column("state", "State"),
        ui.Column("more", "More"),
        ui.Column("id", "Id", "code", hidden=True),
    ],
    key="id",
    sort="name",
    search=True,
    filters=[ui.Filter("room", "Room", [f"Room {n}" for n in range(4)])],
    actions=[
        ui.RowAction("pause", "Pause", pause, confirm="Pause {n}?", many=True),
        ui.RowAction("secret", "Secret", pause, permission="gallery:things:hide"),
    ],
    size=20,
)
BODY = [
    ui.Notice("The gallery shows every widget once.", "info"),
    ui.Notices("Warnings", warnings),
    ui.Notices("Silence", silence),
    ui.Choices("Choose", ways),
    ui.Checklist("To do", steps, dismiss=clear),
    ui.Stats("Now", figures, live="gallery.ticked"),
    *CHARTS,
    THINGS,
    ui.StatusBar("Heartbeat", beats, width="two-thirds"),
    ui.Detail("One meter", facts, width="third"),
    ui.Form(
        "Endpoint",
        Endpoint,
        rename,
        held,
        {"interval_s": ui.Field(unit="s"), "note": ui.Field(lines=3)},
        width="half",
    ),
    ui.Section(
        "Words",
        [
            ui.Text(
                "# Hello\n\n**Bold**, *soft*, `code`, [a link](thing).\n\n- a\n- b"
            ),
            ui.Notice("Something is not right.", "warning"),
            ui.Empty(
                "Reports", "Monthly reports will be here.", ui.Link("Go", "thing")
            ),
        ],
        "What is said.",
        width="half",
    ),
    ui.Action("Clear", clear, confirm="Clear everything?", style="danger"),
    ui.Action("Fail", fail, text="It fails each time.", permission=WRITE),
    ui.Logs("Log", lines),
    ui.Stats("Asleep", broken, width="half"),
    ui.Table("Deeds", done, [ui.Column("what")], csv=False, width="half"),
    ui.Custom(
        title="Gauge",
        module="gauge.js",
        props={"most": 20},
        source=ticks,
        live="gallery.ticked",
        fallback="The gauge needs JavaScript.",
        width="half",
    ),
    ui.Custom(
        title="Broken module",
        module="broken.js",
        fallback="This stands there instead.",
        width="half",
    ),
]


@hookimpl
def nxforge_pages() -> list[ui.Page]:
    tabs = [
        ui.Tab("facts", "Facts", [ui.Detail("Thing", facts)]),
        ui.Tab("log", "Log", [ui.Logs("Log", lines)]),
    ]
    return [
        ui.Page(
            name="all",
            title="Gallery",
            intro="Every widget once.",
            icon="grid",
            permission=READ,
            body=BODY,
            links=[ui.Link("Add a meter", "thing"), ui.Link("Other", "thing")],
        ),
        ui.Page(
            name="thing",
            title="Thing",
            permission=READ,
            menu=False,
            body=[ui.Tabs(tabs)],
        ),
    ]


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx: PluginContext) -> AsyncIterator[None]:
    async def tick() -> None:
        while True:
            await asyncio.sleep(0.5)
            TICKS[0] += 1
            await ctx.events.publish("gallery.ticked", {"ticks": TICKS[0]})

    async with asyncio.TaskGroup() as group:
        task = group.create_task(tick())
        yield
        task.cancel()
