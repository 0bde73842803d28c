"""Rows of ways to choose from, and sentences that are not always there."""

from __future__ import annotations

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import ui


async def drawn(looks: Any, widget: Any) -> LexborHTMLParser:
    """The page with this widget."""
    return LexborHTMLParser(await looks.html(looks.page(widget)))


async def test_chosen_way_is_marked(looks: Any) -> None:
    """Each row has its label and its ways; the chosen one is the current one."""
    rows = [
        ui.Choice(
            "Period",
            [ui.Link("day", "report", {"p": "day"}), ui.Link("week", "report")],
            chosen="week",
        ),
        ui.Choice("Files", [ui.Link("CSV", "/api/v1/report.csv")]),
    ]
    tree = await drawn(looks, ui.Choices("Report", looks.giving(rows)))
    assert [each.text() for each in tree.css("#report dt")] == ["Period", "Files"]
    assert [each.attributes["href"] for each in tree.css("#report dd a")] == [
        "/nx/ui/probe/report?p=day",
        "/nx/ui/probe/report",
        "/nx/api/v1/report.csv",
    ]
    assert [each.text() for each in tree.css("#report [aria-current]")] == ["week"]


async def test_notices_say_what_there_is_to_say(looks: Any) -> None:
    """Each in its box with its way on; a bad one is told at once."""
    notices = [
        ui.Notice("Gaps.", "warning", link=ui.Link("Which", "gaps")),
        ui.Notice("Lost.", "bad"),
    ]
    tree = await drawn(looks, ui.Notices("Notes", looks.giving(notices)))
    boxes = tree.css("#notes .nx-notice-box")
    assert [each.text() for each in boxes] == ["warning: Gaps. Which", "bad: Lost. "]
    assert boxes[1].attributes["role"] == "alert"


async def test_nothing_to_tell_leaves_no_box(looks: Any) -> None:
    """The card is there to be asked again, and empty."""
    tree = await drawn(looks, ui.Notices("Notes", looks.giving([]), every=30))
    card = tree.css_first("#notes")
    assert card.attributes["data-every"] == "30"
    assert tree.css("#notes .nx-notice-box") == []


@pytest.mark.parametrize("content", [None, "text", [1], {"a": 1}])
@pytest.mark.parametrize("kind", [ui.Choices, ui.Notices])
async def test_other_answers_fail_their_own_card(
    looks: Any, kind: Any, content: object
) -> None:
    """A source that answers something else is told so in the log, its card says it."""
    tree = await drawn(looks, kind("Card", looks.giving(content)))
    assert "data-failed" in tree.css_first("#card").attributes


async def test_widget_that_needs_a_parameter_waits_for_it(looks: Any) -> None:
    """What shows a draft is not there before there is one."""
    notice = ui.Notice("Of the draft.", needs="draft", name="of-it")
    page = looks.page(ui.Notice("Always."), notice)
    shown = [
        LexborHTMLParser(await looks.html(page, params=params)).css_first("#of-it")
        for params in ({}, {"draft": "x"})
    ]
    assert [each is not None for each in shown] == [False, True]
