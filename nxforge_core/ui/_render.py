"""HTML out of views, by Jinja templates that escape everything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from nxforge_core.ui._assets import STYLE_PATH
from nxforge_core.ui._view import PageView

__all__ = ["render_login", "render_page"]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nxforge_core.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(
    title: str, pages: Sequence[PageView], *, root: str, refresh_seconds: int
) -> str:
    """One document that shows the pages below each other.

    Args:
        root: The path the host is mounted at, without a slash at its end.
        refresh_seconds: After which the browser asks again.
    """
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=title,
            pages=pages,
            style=root + STYLE_PATH,
            refresh=refresh_seconds,
        )
    )


def render_login(problem: str, *, root: str) -> str:
    """What a person without a session sees."""
    template = _environment().get_template("login.html")
    return template.render(problem=problem, style=root + STYLE_PATH)
