"""Whether pages can be shown, and whether each says who may read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nxforge_core.api.pages import Page, Text

from ._check import Scope
from ._problem import Fault

__all__ = ["check_pages"]


def check_pages(pages: Sequence[Page], scope: Scope) -> Iterator[Fault]:
    """Judge all pages of a plugin."""
    good: list[Page] = []
    for page in pages:
        misfits = list(_misfits(page, scope))
        yield from misfits or _check(page, scope)
        if not misfits:
            good.append(page)
    yield from scope.names("page", [page.name for page in good])


def _misfits(page: Page, scope: Scope) -> Iterator[Fault]:
    found = list(scope.misfits(f"page {page.name}", page))
    yield from found
    for widget in () if found else page.body:
        yield from scope.misfits(f"page {page.name}", widget)


def _check(page: Page, scope: Scope) -> Iterator[Fault]:
    what = f"page {page.name}"
    yield from scope.access(what, page.permission, public=page.public)
    for widget in page.body:
        if not isinstance(widget, Text):
            yield from scope.awaitable(f"{what}, {widget.title!r}", widget.source)
