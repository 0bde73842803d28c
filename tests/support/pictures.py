"""Pictures of pages: made small, kept, and compared as somebody who squints does."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Final

from PIL import Image, ImageStat

__all__ = ["keep", "load", "sheet", "unlike"]

#: Pixels of a block, in which fonts of two machines have the same amount of ink.
_BLOCK: Final = 10
_COLOURS: Final = 24
#: Of the places where there is ink in both: 1 is the same, 0 is chance.
_ALIKE: Final = 0.75
#: Of 255, between how light both are: a theme, or a style sheet that is not there.
_SHADE: Final = 12.0


def sheet(shots: Sequence[bytes], high: int) -> Image.Image:
    """Pictures beside each other at half their size, cut at the bottom."""
    halves = [Image.open(io.BytesIO(shot)).convert("RGB").reduce(2) for shot in shots]
    wide = sum(each.width for each in halves)
    made = Image.new("RGB", (wide, high), "white")
    left = 0
    for each in halves:
        made.paste(each.crop((0, 0, each.width, high)), (left, 0))
        left += each.width
    return made


def keep(picture: Image.Image, path: Path, colours: int = _COLOURS) -> None:
    """Write it, in few colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small = picture.quantize(colours, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def load(path: Path) -> Image.Image:
    """One that was kept."""
    with Image.open(path) as kept:
        return kept.convert("RGB")


def unlike(kept: Image.Image, made: Image.Image) -> str:
    """In what they differ; empty where somebody who squints sees the same.

    Glyphs and edges differ between machines. What does not is where there is something
    and where there is nothing, and whether it is light or dark.
    """
    if kept.size != made.size:
        return f"{made.size} instead of {kept.size}"
    one, other = _blocks(kept), _blocks(made)
    shade = sum(abs(a[0] - b[0]) for a, b in zip(one, other, strict=True)) / len(one)
    if shade > _SHADE:
        return f"lighter or darker by {shade:.0f} of 255"
    alike = _correlation([ink for _, ink in one], [ink for _, ink in other])
    return f"only {alike:.2f} alike" if alike < _ALIKE else ""


def _blocks(picture: Image.Image) -> list[tuple[float, float]]:
    """How light each block is, and how much ink there is in it."""
    grey = picture.convert("L")
    found = []
    for top in range(0, grey.height - _BLOCK + 1, _BLOCK):
        for left in range(0, grey.width - _BLOCK + 1, _BLOCK):
            part = ImageStat.Stat(grey.crop((left, top, left + _BLOCK, top + _BLOCK)))
            found.append((part.mean[0], min(part.stddev[0], 40.0)))
    return found


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    mean, mean_other = sum(one) / len(one), sum(other) / len(other)
    pairs = [(a - mean, b - mean_other) for a, b in zip(one, other, strict=True)]
    spread = sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))
    # Two pages without any ink are alike.
    return sum(a * b for a, b in pairs) / spread if spread else float(one == other)
