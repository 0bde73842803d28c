"""Pages in another language: every word of the host asks for its translation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from distributions import Site
from reading import Reading, texts_of
from selectolax.lexbor import LexborHTMLParser

PSEUDO = {"accept-language": "en-XA"}
JOB = "plugin=meter&job=read"
PAGES = [
    "/login",
    *(
        f"/ui/nxforge/{path}"
        for path in (
            "jobs",
            "runs",
            "plugins",
            "plugin?id=meter",
            "plugin?id=torn",
            "health",
            "events",
            "users",
            "tokens",
            "audit",
            "settings",
            "setup",
        )
    ),
]
#: Text that belongs to somebody else: to the machine, to plugins, to people.
FOREIGN = frozenset({"code", "pre", "time", "bdi", "script"})
LETTERS = re.compile(r"[A-Za-z]{2}")
#: A text that was asked for has such a sign, and so has each part of it.
ASKED = re.compile("[⟦àéîöûýçñšžÀÉÎÖÛÝÇÑŠŽ]")
#: What installed plugins, people and roles are called, and the product.
NAMES = frozenset(
    {
        *("NxForge", "nxforge", "Meter", "Meters", "Torn", "Made by a test.", "start"),
        *("nxforge-meter", "nxforge-torn", "admin of a test", "console"),
        *("admin", "operator", "viewer", "GET", "POST", "DELETE"),
        *("tokens", "jobs", "networks", "page", "roles", "runs", "users", "plugins"),
    }
)
#: Numbers with the sign of a unit, names of permissions, actions, hooks and what they
#: answered; and what an error says, which is looked for in logs and in documentation.
CODE = re.compile(
    r"[a-z*-]+:[a-z:*-]+|[a-z]+\.[a-z.]+|\d+ [A-Z]\w+|[A-Z]\w+Spec"
    r"|[\d.,]+\s(ms|MB)"
    r"|imported|raised|error"
    r"|import: RuntimeError: torn|report this to the plugin's author.*"
    r"|the host's login '\w+' is a superuser.*"
)


@pytest.fixture
async def reading(site: Site, meter: Any, start: Any) -> Reading:
    """An administrator of a host with a plugin that works and one that does not."""
    assert meter.is_dir()
    site.add("torn", "raise RuntimeError('torn')")
    host = await start("meter", "torn")
    return Reading(host.client, {**await host.bearer("admin"), **PSEUDO})


def is_foreign(text: str) -> bool:
    """Whether it is a name, or names with commas between them."""
    parts = [text] if CODE.fullmatch(text) else text.split(", ")
    return all(part in NAMES or CODE.fullmatch(part) for part in parts)


def untranslated(tree: LexborHTMLParser) -> list[str]:
    """Texts with words in them that nobody asked a translation of."""
    body = tree.body
    assert body is not None
    found = {text.strip() for text in texts_of(body, FOREIGN) if LETTERS.search(text)}
    return sorted(t for t in found if not ASKED.search(t) and not is_foreign(t))


@pytest.mark.parametrize("path", PAGES)
async def test_every_word_of_the_host_is_translated(
    reading: Reading, path: str
) -> None:
    """What is left is listed, and is not the host's."""
    tree = await reading.see(path)
    root = tree.css_first("html")

    assert root is not None
    assert root.attributes["lang"] == "en-XA"
    assert untranslated(tree) == []
