"""Which pages a reader finds where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nxforge_core.api import Manifest, PluginContext, load_texts
from nxforge_core.api.pages import Page
from nxforge_core.security import Principal
from nxforge_core.ui import MenuGroup, MenuItem

from ._context import CoreContext

__all__ = ["allowed_pages", "may_open", "menu_of"]

say = load_texts("nxforge_core")

_Pages = Sequence[tuple[Page, PluginContext]]
_OWN: Final = "nxforge"
_SYSTEM: Final = "System"
_LAST: Final = 1_000_000


def allowed_pages(ctx: CoreContext, reader: Principal) -> _Pages:
    """Pages that the reader may see."""
    return [
        (page, context) for page, context in ctx.host.pages() if may_open(page, reader)
    ]


def may_open(page: Page, reader: Principal) -> bool:
    """Whether the reader may see the page."""
    return page.public or reader.may(str(page.permission))


def menu_of(ctx: CoreContext, pages: _Pages, root: str) -> list[MenuGroup]:
    """The menu: the start page, each plugin's section in order, the system's last."""
    manifests = {str(plugin.id): plugin.manifest for plugin in ctx.host.plugins()}
    sections: dict[str, list[MenuItem]] = {}
    ordered = sorted(pages, key=lambda each: _order(manifests, each[1].plugin.id))
    for page, context in ordered:
        if not page.menu:
            continue
        plugin = context.plugin.id
        section = _section(manifests, plugin)
        href = f"{root}/ui/{plugin}/{page.name}"
        sections.setdefault(section, []).append(MenuItem(page.title, href, page.icon))
    home = MenuGroup(say("Home"), [MenuItem(say("Overview"), f"{root}/", "grid")])
    return [home, *(MenuGroup(title, items) for title, items in sections.items())]


def _section(manifests: Mapping[str, Manifest | None], plugin: str) -> str:
    if plugin == _OWN:
        return say(_SYSTEM)
    manifest = manifests.get(plugin)
    if manifest is None:
        return plugin
    navigation = manifest.navigation
    return navigation.section if navigation else manifest.display_name


def _order(manifests: Mapping[str, Manifest | None], plugin: str) -> tuple[int, str]:
    if plugin == _OWN:
        return _LAST, plugin
    manifest = manifests.get(plugin)
    navigation = manifest.navigation if manifest else None
    return (navigation.order if navigation else 100), plugin
