"""`manifest.json`: what a plugin says of itself, read before its code is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = [
    "Capability",
    "Emission",
    "EventNames",
    "Manifest",
    "Navigation",
    "Permission",
    "decode_manifest",
    "manifest_schema",
]

Capability = Literal["network", "browser", "storage", "secrets"]

_Id = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        min_length=3,
        max_length=50,
        description="Kebab-case; equal to the name of the entry point.",
    ),
]
_Words = Annotated[str, Meta(min_length=1, max_length=500)]
_Name = Annotated[str, Meta(min_length=1, max_length=100)]
_PermissionName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]*(:[a-z][a-z0-9-]*){1,3}$",
        description="The plugin's id, what, which action: `meter:readings:read`.",
    ),
]


_EventName = Annotated[
    str,
    Meta(
        pattern=r"^(\*|[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*)*\.([a-z][a-z0-9_-]*|\*))$",
        max_length=100,
        description="Words with dots between them; `*` at the end is all that follows.",
    ),
]
_Relation = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{0,62}$",
        description="Name of a table or a view in the plugin's own schema.",
    ),
]


class Permission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A permission of the plugin's own vocabulary, with a sentence for the admin.

    Attributes:
        roles: Built-in roles that hold it from the start; `admin` always does.
    """

    name: _PermissionName
    description: _Words
    roles: tuple[Literal["operator", "viewer"], ...] = ()


class Navigation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the plugin's pages stand in the menu."""

    section: _Name
    order: int = 100


class Emission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events that a plugin publishes.

    Attributes:
        name: `metric.collected`, or `meter.*` for all that begin so.
        permission: Of the plugin's own; what a consumer of the API needs to see
            them. Without one no consumer does.
    """

    name: _EventName
    permission: _PermissionName | None = None


class EventNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events that a plugin publishes, and those it listens to."""

    emits: tuple[Emission, ...] = ()
    listens: tuple[_EventName, ...] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Contents of `manifest.json` in the plugin's top-level package.

    Version, author, licence and Python range come from the distribution's metadata.

    Attributes:
        core: Range of nxforge-core versions, PEP 440: `>=0.1,<1`.
        requires: Ids of plugins this one needs, each with a version range.
        readable: Tables and views of its schema that logins for reports may read;
            nothing else of it is open to them.
    """

    id: _Id
    display_name: _Name
    description: _Words
    core: _Words
    requires: Mapping[_Id, str] = {}
    permissions: tuple[Permission, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    events: EventNames = EventNames()
    readable: tuple[_Relation, ...] = ()
    navigation: Navigation | None = None
    homepage: str | None = None


def decode_manifest(raw: bytes) -> Manifest:
    """Read a manifest strictly.

    Raises:
        msgspec.DecodeError: not JSON, or (its subclass `ValidationError`) a field is
            missing, unknown or of the wrong form; the text names its path.
    """
    return msgspec.json.decode(raw, type=Manifest)


def manifest_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the manifest, made from the struct."""
    schema = msgspec.json.schema(Manifest)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
