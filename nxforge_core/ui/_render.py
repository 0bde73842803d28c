"""HTML out of views, by Jinja templates that escape everything."""

from __future__ import annotations

from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

from ._assets import STYLE, asset_path

__all__ = ["render_error", "render_login", "render_password"]


def render_login(problem: str, *, root: str) -> str:
    """What a person without a session sees.

    Args:
        problem: Why; empty where there is none.
        root: The path the host is mounted at, without a slash at its end.
    """
    return _render("login.html", root, problem=problem, root=root)


def render_password(kind: Literal["setup", "reset"], name: str, *, root: str) -> str:
    """The form for a password that is to be set.

    Args:
        kind: Of the first administrator, or a new one.
        name: Whose; asked for where it is empty.
        root: The path the host is mounted at, without a slash at its end.
    """
    title = "First administrator" if kind == "setup" else "New password"
    return _render("password.html", root, title=title, name=name)


def render_error(
    title: str, detail: str, *, remedy: str, request_id: str, root: str
) -> str:
    """What a person sees where there is no page to be seen."""
    return _render(
        "error.html",
        root,
        title=title,
        detail=detail,
        remedy=remedy,
        request_id=request_id,
    )


def _render(template: str, mount: str, **facts: object) -> str:
    return (
        _environment()
        .get_template(template)
        .render(style=mount + asset_path(STYLE), **facts)
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nxforge_core.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _plain(value: object) -> str:
    """Text that nothing vouches for, so that it is escaped, and that can be encoded."""
    return str(value).encode(errors="replace").decode()
