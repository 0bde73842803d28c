"""`manifest.json`: what a plugin says of itself, read before its code is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = [
    "Capability",
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


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Contents of `manifest.json` in the plugin's top-level package.

    Version, author, licence and Python range come from the distribution's metadata.

    Attributes:
        core: Range of nxforge-core versions, PEP 440: `>=0.1,<1`.
        requires: Ids of plugins this one needs, each with a version range.
    """

    id: _Id
    display_name: _Name
    description: _Words
    core: _Words
    requires: Mapping[_Id, str] = {}
    permissions: tuple[Permission, ...] = ()
    capabilities: tuple[Capability, ...] = ()
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
