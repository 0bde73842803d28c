"""Checklists: steps in order, the next one first of all, nothing where none is."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import ui
from nxforge_core.ui import Sent, to_html, wish_of

STEPS = [
    ui.Step(title="One", done=True, text="It is.", link=ui.Link("See", "one")),
    ui.Step(title="Two <b>", done=False, link=ui.Link("Do it", "two")),
    ui.Step(title="Three", done=False),
]


async def drawn(looks: Any, steps: Any, **more: Any) -> LexborHTMLParser:
    """The card of a checklist."""
    [card] = await looks.cards(ui.Checklist("Set-up", looks.giving(steps), **more))
    return LexborHTMLParser(to_html(card))


async def test_next_step_stands_out(looks: Any) -> None:
    """The first open one is the current one, and its way is the primary button."""
    tree = await drawn(looks, STEPS)
    marked = tree.css("[aria-current=step]")

    assert [each.css_first("strong").text() for each in marked] == ["Two <b>, open"]
    assert [each.text() for each in tree.css("a.primary")] == ["Do it"]
    assert tree.css_first("a").attributes["href"] == "/nx/ui/probe/one"
    assert "1 of 3 done" in tree.text()
    assert len(tree.css("ol > li")) == 3
    assert tree.css_first("form") is None


async def test_nothing_to_do_takes_no_room(looks: Any) -> None:
    """The card is there, for what may come, and is not seen."""
    tree = await drawn(looks, [])

    assert "hidden" in tree.css_first("article").attributes
    assert tree.css_first("li") is None


async def test_something_else_than_steps_is_contained(looks: Any) -> None:
    """The card says that it could not be shown."""
    tree = await drawn(looks, ["One"])

    assert "ContentError" in tree.css_first("[data-failed]").text()


async def test_dismissing_calls_the_function(looks: Any) -> None:
    """A button without a script, for who has one to press."""
    dismiss = looks.giving(ui.Done("Gone."))
    widget = ui.Checklist("Set-up", looks.giving(STEPS), dismiss=dismiss)
    tree = await drawn(looks, STEPS, dismiss=dismiss)
    wish = wish_of(looks.ask(looks.page(widget)), "set-up", widget, Sent({}, []))

    assert tree.css_first("form button").text() == "Do not show again"
    assert tree.css_first("form").attributes["method"] == "post"
    assert wish.deed is dismiss
