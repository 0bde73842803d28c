"""The order of the start page."""

from __future__ import annotations

import pytest

from nxforge_core.builtin.home import Layout

OFFERED = ["a/p/one", "a/p/two", "b/p/three"]


def test_nothing_said_is_the_order_of_the_plugins() -> None:
    """Who never said anything sees what is offered, in that order."""
    assert Layout().arranged(OFFERED) == OFFERED


@pytest.mark.parametrize(
    ("name", "step", "order"),
    [
        ("b/p/three", -1, ["a/p/one", "b/p/three", "a/p/two"]),
        ("a/p/one", 1, ["a/p/two", "a/p/one", "b/p/three"]),
        ("a/p/one", -1, OFFERED),
        ("b/p/three", 1, OFFERED),
        ("c/p/gone", 1, OFFERED),
    ],
)
def test_card_moves_among_those_that_are_seen(
    name: str, step: int, order: list[str]
) -> None:
    """A card moves by one place, at the ends not at all."""
    assert Layout().moved(OFFERED, name, step).arranged(OFFERED) == order


def test_plugin_that_is_away_keeps_its_places() -> None:
    """What others do meanwhile leaves the cards of a plugin where they were."""
    whole = Layout().moved(OFFERED, "b/p/three", -1)
    without = ["a/p/one", "a/p/two"]

    moved = whole.moved(without, "a/p/two", -1)

    assert moved.arranged(without) == ["a/p/two", "a/p/one"]
    assert moved.arranged(OFFERED) == ["a/p/two", "b/p/three", "a/p/one"]


def test_newcomer_follows_at_the_end_and_is_shown() -> None:
    """A card that is offered later disturbs no order, and is not hidden."""
    layout = Layout().hiding(OFFERED, "a/p/one", hide=True)

    assert layout.arranged([*OFFERED, "c/p/new"]) == [*OFFERED, "c/p/new"]
    assert list(layout.hidden) == ["a/p/one"]


def test_hidden_card_is_shown_again_where_it_was() -> None:
    """Hiding and showing changes no place."""
    moved = Layout().moved(OFFERED, "b/p/three", -2)
    hidden = moved.hiding(OFFERED, "b/p/three", hide=True)

    shown = hidden.hiding(OFFERED, "b/p/three", hide=False)

    assert shown.arranged(OFFERED) == hidden.arranged(OFFERED)
    assert shown.arranged(OFFERED)[0] == "b/p/three"
    assert list(shown.hidden) == []
