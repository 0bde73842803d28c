"""What one version of a plugin may do and adds, as words that can be compared."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from nxforge_core.api import Manifest, MigrationsSpec, RouteSpec
from nxforge_core.plugins._plugin import PluginSpecs

__all__ = ["Grants", "Surface", "grants_of", "surface_of"]


class Grants(msgspec.Struct, frozen=True):
    """What an admin agrees to.

    Attributes:
        permissions: That the plugin defines, and lets roles have.
        capabilities: What it uses beyond its own tables: `network`, `emits alert.*`.
    """

    permissions: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()

    def beyond(self, agreed: Grants) -> Grants:
        """What is here and not there."""
        return Grants(
            tuple(one for one in self.permissions if one not in agreed.permissions),
            tuple(one for one in self.capabilities if one not in agreed.capabilities),
        )

    def joined(self, other: Grants) -> Grants:
        """Both together."""
        more = other.beyond(self)
        return Grants(
            self.permissions + more.permissions, self.capabilities + more.capabilities
        )

    def words(self) -> tuple[str, ...]:
        """Each as people read it."""
        return (
            *(f"permission {one}" for one in self.permissions),
            *(f"capability {one}" for one in self.capabilities),
        )


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """What a version adds to the host.

    Attributes:
        routes: `GET /readings (meter:readings:read)`; a public one says `(public)`.
        settings: Names of its fields.
        migrations: Folder in its package; None where it has no tables.
        packages: Versions of its distribution and of those that it requires.
    """

    version: str
    grants: Grants
    requires: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    migrations: str | None = None
    packages: Mapping[str, str] = {}


def grants_of(manifest: Manifest) -> Grants:
    """What a manifest asks for."""
    events = manifest.events
    return Grants(
        tuple(each.name for each in manifest.permissions),
        (
            *manifest.capabilities,
            *(f"emits {each.name}" for each in events.emits),
            *(f"listens {each}" for each in events.listens),
        ),
    )


def surface_of(
    version: str, manifest: Manifest, specs: PluginSpecs, packages: Mapping[str, str]
) -> Surface:
    """What a version adds, by its manifest and the answers of its hooks."""
    model = specs.settings.model if specs.settings else None
    fields = msgspec.structs.fields(model) if model else ()
    return Surface(
        version=version,
        grants=grants_of(manifest),
        requires=tuple(f"{one} {wanted}" for one, wanted in manifest.requires.items()),
        routes=tuple(map(_route, specs.routes)),
        jobs=tuple(job.name for job in specs.jobs),
        pages=tuple(page.name for page in specs.pages),
        settings=tuple(field.name for field in fields),
        subscriptions=tuple(f"{one.name} {one.pattern}" for one in specs.events),
        checks=tuple(check.name for check in specs.health),
        migrations=_folder(specs.migrations) if specs.migrations else None,
        packages=packages,
    )


def _folder(found: MigrationsSpec) -> str:
    return "/".join([*found.package.split(".")[1:], found.folder])


def _route(route: RouteSpec) -> str:
    who = "public" if route.public else route.permission
    return f"{route.method} {route.path} ({who})"
