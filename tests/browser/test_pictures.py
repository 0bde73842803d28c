"""The comparison of pictures: blind to glyphs, not to a broken layout."""

from __future__ import annotations

import pytest
from pictures import unlike
from PIL import Image, ImageDraw, ImageFilter


def page(
    *, left: int = 60, ground: str = "#f5f6f8", ink: str = "#17191f", glyph: int = 4
) -> Image.Image:
    """Something like a page: a menu, and lines of words in cards."""
    picture = Image.new("RGB", (300, 200), ground)
    draw = ImageDraw.Draw(picture)
    for line in range(8):
        draw.rectangle((4, 6 + line * 12, 40, 9 + line * 12), fill=ink)
    for card in range(3):
        top = 8 + card * 62
        draw.rectangle((left, top, left + 200, top + 54), fill="white", outline="#ccc")
        for line in range(4):
            for word in range(0, 150 - line * 25, glyph * 3):
                at = (left + 10 + word, top + 8 + line * 11)
                draw.rectangle((*at, at[0] + glyph * 2, at[1] + 4), fill=ink)
    return picture


def test_glyphs_of_another_machine_are_the_same() -> None:
    """Letters a little wider, edges softer, everything a pixel lower."""
    kept = page()
    soft = kept.filter(ImageFilter.GaussianBlur(0.6))
    lower = Image.new("RGB", kept.size, "#f5f6f8")
    lower.paste(kept, (0, 1))

    assert unlike(kept, soft) == ""
    assert unlike(kept, page(glyph=5)) == ""
    assert unlike(kept, lower) == ""


@pytest.mark.parametrize(
    "broken",
    [
        page(left=95),
        page(ground="#0f1218"),
        page(ink="#f0f0f0"),
        Image.new("RGB", (300, 200), "#f5f6f8"),
        page().crop((0, 0, 300, 150)),
        page().transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    ],
    ids=["moved", "dark", "no ink", "empty", "cut", "mirrored"],
)
def test_broken_layout_is_not(broken: Image.Image) -> None:
    """Cards elsewhere, another ground, nothing there."""
    assert unlike(page(), broken) != ""
