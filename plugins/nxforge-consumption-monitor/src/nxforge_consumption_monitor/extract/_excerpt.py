"""Device text cut to what a person reads in one line."""

from __future__ import annotations

__all__ = ["EXCERPT_CHARS", "excerpt"]

EXCERPT_CHARS = 200


def excerpt(text: str, limit: int = EXCERPT_CHARS) -> str:
    """Return printable `text` of at most `limit` characters.

    Lone surrogates of a hostile page would break every encoder downstream.
    """
    head = text[: limit + 1].encode("utf-8", "replace").decode("utf-8")
    clean = "".join(c if c.isprintable() or c == "\n" else " " for c in head)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
