"""Pages, and what divides them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, Union

import msgspec

from ._action import Action
from ._chart import Chart
from ._checklist import Checklist
from ._choices import Choices
from ._custom import Custom
from ._detail import Detail
from ._form import Form
from ._logs import Logs
from ._part import VERSION, Part, Source
from ._stats import Stats
from ._status import StatusBar
from ._table import Table
from ._values import Link
from ._words import Empty, Notice, Notices, Text

__all__ = ["Page", "Section", "Tab", "Tabs", "Widget"]


class Section(Part, frozen=True, tag="section"):
    """Widgets under one heading, with an anchor."""

    title: str
    body: Sequence[Widget]
    text: str = ""


class Tab(msgspec.Struct, frozen=True):
    """One of several; its sources are asked when it is chosen."""

    name: str
    title: str
    body: Sequence[Widget]


class Tabs(Part, frozen=True, tag="tabs"):
    """One of several bodies, chosen in the address: `?tab=NAME`."""

    tabs: Sequence[Tab]


#: What a page is made of.
Widget: TypeAlias = Union[  # noqa: UP007 - names that are defined later
    Action,
    Chart,
    Checklist,
    Choices,
    Custom,
    Detail,
    Empty,
    Form,
    Logs,
    Notice,
    Notices,
    Section,
    Stats,
    StatusBar,
    Table,
    Tabs,
    Text,
]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a plugin, at `/ui/<plugin>/<name>`.

    Attributes:
        permission: What the reader needs; either this or `public=True`.
        home: Shown on the start page as well.
        heading: Answers the name of what a page is about, which is its title then: a
            meter's, where the menu has none. Where it answers nothing, or cannot, the
            title stays.
        intro: One sentence below the title.
        icon: Of the menu: `bolt`, `chart`, `clock`, `gear`, `grid`, `key`, `list`,
            `log`, `plug`, `pulse`, `report`, `shield`, `table`, `thermometer`,
            `user`, `warning`.
        menu: Whether the menu names it; a page about one thing is reached by links.
        windows: Spans of time to choose from, such as `1h`, `24h` and `7d`; a page
            with a chart has some anyhow.
        window: The one it begins with.
        links: At the end of the title's line; the first is the obvious next step.
        first: Answers the `Step` of the installation's set-up that is taken on this
            page, done or not; the set-up of a new host shows it.
        version: Of the vocabulary it is written in.
    """

    name: str
    title: str
    body: Sequence[Widget]
    permission: str | None = None
    public: bool = False
    home: bool = False
    heading: Source | None = None
    intro: str = ""
    icon: str = ""
    menu: bool = True
    windows: Sequence[str] = ("1h", "6h", "24h", "7d", "30d")
    window: str = "24h"
    links: Sequence[Link] = ()
    first: Source | None = None
    version: int = VERSION
