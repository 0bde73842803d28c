"""What is around every page: header, menu, title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import load_texts

from ._assets import ICONS, MODULES, SCRIPTS, STYLE, asset_path
from ._tree import Node, h, hidden_text, to_html
from ._words import stamp
from .speech import current, spoken_scripts

__all__ = ["MenuGroup", "MenuItem", "Shell", "document", "document_tree", "icon"]

say = load_texts("nxforge_core")

_PRODUCT: Final = "NxForge"


class MenuItem(msgspec.Struct, frozen=True):
    """A page that the menu names; `href` is complete."""

    title: str
    href: str
    icon: str = ""


class MenuGroup(msgspec.Struct, frozen=True):
    """Pages under one heading."""

    title: str
    items: Sequence[MenuItem]


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """What the surroundings of a page say.

    Attributes:
        here: Address of the page without parameters, as in the menu.
        tools: At the end of the title's line.
        stream: Path of the events' stream; empty: the page is not live.
        edition: Of the plugins that are at work.
        bare: Nothing but the product's name above: the reader is not in.
        wall: Address without it, where the page hangs on a wall: larger, and nothing to
            press but the way out.
    """

    root: str
    title: str
    now: datetime
    intro: str = ""
    here: str = ""
    reader: str = ""
    menu: Sequence[MenuGroup] = ()
    tools: Sequence[Node] = ()
    stream: str = ""
    edition: str = ""
    bare: bool = False
    wall: str = ""


def document(shell: Shell, body: Sequence[Node]) -> str:
    """The whole page as HTML."""
    return f"<!doctype html>{to_html(document_tree(shell, body))}"


def document_tree(shell: Shell, body: Sequence[Node]) -> Node:
    """The whole page."""
    speech = current()
    main = h(
        "main",
        {"id": "main", "tabindex": "-1"},
        _title(shell),
        h("div", {"class": "nx-grid", "id": "nx-body"}, list(body)),
    )
    return h(
        "html",
        {
            "lang": speech.tag,
            "dir": speech.direction,
            "data-wall": True if shell.wall else None,
        },
        _head(shell),
        h(
            "body",
            {
                "data-root": shell.root,
                "data-stream": shell.stream or None,
                "data-edition": shell.edition or None,
                "data-words": spoken_scripts(speech),
            },
            h("a", {"class": "nx-skip", "href": "#main"}, say("Skip to content")),
            _header(shell),
            _menu(shell),
            main,
            h("div", {"id": "nx-said", "class": "nx-hidden", "role": "status"}),
        ),
    )


def icon(name: str, root: str) -> Node:
    """A drawing of our own, which says nothing to those who do not see it."""
    use = h("use", {"href": f"{root}{asset_path(ICONS)}#{name}"})
    return h("svg", {"class": "nx-icon", "aria-hidden": "true"}, use)


def _head(shell: Shell) -> Node:
    at = shell.root
    meta: list[Mapping[str, object]] = [
        {"charset": "utf-8"},
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "color-scheme", "content": "light dark"},
    ]
    links: list[Mapping[str, object]] = [
        {"rel": "icon", "href": f"{at}{asset_path('logo.svg')}"},
        {"rel": "stylesheet", "href": f"{at}{asset_path(STYLE)}"},
        *({"rel": "modulepreload", "href": f"{at}{asset_path(m)}"} for m in MODULES),
    ]
    boot, start = (f"{at}{asset_path(name)}" for name in SCRIPTS)
    return h(
        "head",
        None,
        [h("meta", facts) for facts in meta],
        h("title", None, f"{shell.title} - {_PRODUCT}"),
        [h("link", facts) for facts in links],
        h("script", {"src": boot}),
        h("script", {"src": start, "type": "module"}),
    )


def _header(shell: Shell) -> Node:
    root = shell.root
    menu = {
        "id": "nx-menu",
        "class": "nx-round",
        "popovertarget": "nx-nav",
        "aria-label": say("Menu"),
        "type": "button",
    }
    product = h("span", {"class": "name"}, _PRODUCT)
    home = {"class": "nx-brand", "href": f"{root}/", "aria-label": _PRODUCT}
    brand = h("a", home, icon("logo", root), product)
    return h(
        "header",
        {"class": "nx-top"},
        h("button", menu, icon("list", root)) if shell.menu else None,
        brand,
        h("span", {"class": "nx-grow"}),
        _leave(shell) if shell.wall else None,
        None if shell.bare else _state(shell),
        _user(shell) if shell.reader else None,
    )


def _leave(shell: Shell) -> Node:
    words = say("Leave the wall display")
    return h("a", {"class": "nx-leave", "href": shell.wall}, words)


def _state(shell: Shell) -> Node:
    """Without a script nothing changes by itself: the way to do it by hand."""
    return h(
        "div",
        {"class": "nx-state", "id": "nx-state"},
        h("span", {"role": "status"}, say("As of {now}").format(now=stamp(shell.now))),
        h("a", {"href": ""}, say("Show again")),
    )


def _user(shell: Shell) -> list[Node]:
    """Who is in, and the way out."""
    facts = {
        "class": "nx-user",
        "type": "button",
        "popovertarget": "nx-me",
        "title": shell.reader,
    }
    name = h("span", {"class": "name"}, hidden_text(say("You: ")), shell.reader)
    out = h(
        "form",
        {"method": "post", "action": f"{shell.root}/logout"},
        h("button", {"class": "nx-button", "type": "submit"}, say("Log out")),
    )
    words = h("p", None, say("Logged in as "), h("strong", None, shell.reader))
    return [
        h("button", facts, icon("user", shell.root), name),
        h("div", {"id": "nx-me", "class": "nx-me", "popover": True}, words, out),
    ]


def _menu(shell: Shell) -> Node | None:
    if not shell.menu:
        return None
    groups = [
        h(
            "div",
            None,
            h("h2", None, group.title),
            h("ul", None, [_item(item, shell) for item in group.items]),
        )
        for group in shell.menu
    ]
    facts = {
        "id": "nx-nav",
        "class": "nx-nav",
        "aria-label": say("Main"),
        "popover": True,
    }
    return h("nav", facts, groups)


def _item(item: MenuItem, shell: Shell) -> Node:
    current = "page" if item.href == shell.here else None
    link = h(
        "a",
        {"href": item.href, "aria-current": current},
        icon(item.icon or "page", shell.root),
        item.title,
    )
    return h("li", None, link)


def _title(shell: Shell) -> Node:
    intro = h("p", {"class": "nx-intro"}, shell.intro) if shell.intro else None
    words = h("div", None, h("h1", None, shell.title), intro)
    tools = (
        h("div", {"class": "nx-page-tools"}, list(shell.tools)) if shell.tools else None
    )
    return h("div", {"class": "nx-page-head"}, words, tools)
