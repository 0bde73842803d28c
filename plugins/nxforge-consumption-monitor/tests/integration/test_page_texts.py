"""Pages in another language: every word of the monitor asks for its translation."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from looking import look
from reading import texts_of
from selectolax.lexbor import LexborHTMLParser

from nxforge_consumption_monitor.groups import GroupBody, create_group
from nxforge_consumption_monitor.plugin import nxforge_pages
from nxforge_consumption_monitor.templates import load_templates
from nxforge_core.api import speaking
from nxforge_core.ui.speech import Speech

#: Text that belongs to somebody else: to the machine, to people, to devices.
FOREIGN: Final = frozenset({"code", "pre", "time", "bdi", "script", "title"})
LETTERS: Final = re.compile(r"[A-Za-z]{2}")
#: A text that was asked for has such a sign, and so has each part of it.
ASKED: Final = re.compile("[⟦àéîöûýçñšžÀÉÎÖÛÝÇÑŠŽ]")
#: What meters, groups, devices, zones and files are called, and units.
NAMES: Final = frozenset(
    {
        *(each.title for each in load_templates()),
        *("NxForge", "hall", "Rack 1", "Room 1", "Acme"),
        *("basic", "bearer", "cookie", "digest", "form", "header", "login-json"),
        *("CSV", "JSON", "PDF", "XLSX", "SHA-256", "total", "HTTP", "URL"),
        *("Europe/Bucharest", "UTC", "kW", "kWh", "GET", "POST"),
    }
)
#: Dates, lengths, names with a unit or a sign, examples of what is typed in, errors,
#: ways to log in, and the notes of a report: it is a document with a digest.
CODE: Final = re.compile(
    r"(← )?[A-Z][a-z]+ \d+( →)?|\d+ (min|days)|min|M?Wh"
    r"|hall (\(\w+\)|[✕+])|https://chat\.example\.org/hooks/meters|http://192\.0\.2\.10/status"
    r"|(name,url|time;kWh|peak Mon).*|GET /events lists the ids|Not final: .*"
)


def untranslated(tree: LexborHTMLParser) -> list[str]:
    """Texts with words in them that nobody asked a translation of."""
    body = tree.css_first("main")
    assert body is not None
    found = {
        " ".join(text.split())
        for text in texts_of(body, FOREIGN)
        if LETTERS.search(text)
    }
    return sorted(t for t in found if not ASKED.search(t) and not is_foreign(t))


def is_foreign(text: str) -> bool:
    """Whether it is nobody's to translate."""
    return text in NAMES or CODE.fullmatch(text) is not None


@pytest.fixture
async def endpoint(monitor: Any) -> Any:
    """One that is read, in a group, and one that fails."""
    group = await create_group(monitor.ctx, GroupBody(name="Rack 1"))
    view = await monitor.add(
        "hall", location="Room 1", client_name="Acme", group_id=group.id
    )
    for register in ("100", "101", "0.5"):
        monitor.show("hall", register, "1.5")
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    return view


PAGES: Final = {page.name: page for page in nxforge_pages()}


async def test_every_word_of_the_monitor_is_translated(
    monitor: Any, endpoint: Any
) -> None:
    """What is left is somebody's name, a date, or what a program reads."""
    token = speaking.set(Speech("en-XA"))
    shown = {
        name: [
            await look(monitor, page, **params) for params in _params(name, endpoint)
        ]
        for name, page in PAGES.items()
    }
    speaking.reset(token)
    left = {
        name: sorted({each for page in pages for each in untranslated(page.tree)})
        for name, pages in shown.items()
    }

    assert {name: texts for name, texts in left.items() if texts} == {}


def _params(name: str, endpoint: Any) -> list[dict[str, str]]:
    known = {"id": endpoint.id}
    if name == "endpoint":
        return [{**known, "tab": tab} for tab in ("course", "readings", "polls")]
    if name == "group":
        return [{"id": endpoint.group_id}]
    if name == "event":
        return [{"id": "1"}]
    if name == "mark":
        return [{"endpoint": endpoint.id}]
    return [{}] if name not in ("tariff", "webhook") else []
