"""Colours of all themes can be told apart: contrast as WCAG 2.2 measures it."""

from __future__ import annotations

import re

import pytest

from nxforge_core.ui import own_assets

STYLE = own_assets().files["nx.css"].body.decode()
THEMES = ["light", "dark", "contrast", "contrast in the dark"]
LEVELS = ("ok", "warning", "bad")


PAIR = re.compile(r"--nx-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme by name."""
    rule = r'\[data-theme="contrast"\]' if "contrast" in theme else r":root"
    found = re.search(rf"^{rule} \{{\n(.*?)^\}}", STYLE, re.DOTALL | re.MULTILINE)
    assert found is not None
    pairs = PAIR.findall(found[1])
    assert len(pairs) == 23
    return {name: dark if "dark" in theme else light for name, light, dark in pairs}


def luminance(colour: str) -> float:
    """Relative luminance."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_ground(theme: str) -> None:
    """Text has 4.5 to 1, in high contrast 7 to 1."""
    found = tokens(theme)
    least = 7.0 if "contrast" in theme else 4.5
    pairs = [
        (text, ground)
        for ground in ("ground", "card")
        for text in ("ink", "quiet", "accent", *LEVELS)
    ]
    pairs += [(level, f"{level}-soft") for level in LEVELS]
    pairs += [("ink", f"{level}-soft") for level in LEVELS]
    pairs += [("accent", "soft"), ("ink", "soft"), ("on-accent", "accent")]

    bad = {
        pair: round(contrast(found[pair[0]], found[pair[1]]), 2)
        for pair in pairs
        if contrast(found[pair[0]], found[pair[1]]) < least
    }
    assert bad == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_edges_can_be_seen(theme: str) -> None:
    """Lines of charts, edges of controls and marks have 3 to 1 on a card."""
    found = tokens(theme)
    seen = [*(f"s{place}" for place in range(1, 9)), "edge", "accent", *LEVELS]

    bad = {
        name: round(contrast(found[name], found["card"]), 2)
        for name in seen
        if contrast(found[name], found["card"]) < 3.0
    }
    assert bad == {}


def test_wish_of_the_system_is_the_named_theme() -> None:
    """Who says nothing gets what the system asks for, with the same colours."""
    more = STYLE.partition("(prefers-contrast: more)")[2].partition("\n}\n")[0]
    named = STYLE.partition('[data-theme="contrast"] {')[2].partition("}")[0]

    assert STYLE.partition(":root {")[2].lstrip().startswith("color-scheme: light dark")
    assert PAIR.findall(more) == PAIR.findall(named)
    assert len(PAIR.findall(named)) == 23


def test_style_mirrors_and_rests() -> None:
    """Edges begin and end, for both ways of reading; motion ends where unwanted."""
    sided = re.compile(r"^\s+(?:margin|padding|border)-(?:left|right)\b", re.MULTILINE)

    assert sided.findall(STYLE) == []
    assert "prefers-reduced-motion: reduce" in STYLE
    assert "forced-colors: active" in STYLE
