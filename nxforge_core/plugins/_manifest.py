"""`manifest.json` from a folder, checked before any code of the plugin is imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nxforge_core.api import (
    Emission,
    EventNames,
    Manifest,
    Navigation,
    Permission,
    decode_manifest,
)

from ._errors import ManifestError
from ._nearest import suggest
from ._origin import Place

__all__ = ["MANIFEST", "manifest_place", "read_manifest"]

MANIFEST: Final = "manifest.json"

_UNKNOWN: Final = re.compile(r"unknown field `(?P<field>[^`]*)`")
_MISSING: Final = re.compile(r"missing required field `(?P<field>[^`]*)`")
_PATH: Final = re.compile(r" `\$(?P<path>[^`]*)`\Z")
_BYTE: Final = re.compile(r"\(byte (?P<byte>\d+)\)\Z")
_ENCODING: Final = "it holds a byte that is not UTF-8"
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_STRUCTS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "emits": Emission,
    "events": EventNames,
    "permissions": Permission,
    "navigation": Navigation,
}

#: What any plugin may tell of, beside what bears its own name.
_SHARED: Final = ("metric.", "alert.")


def read_manifest(file: Path, plugin: str) -> Manifest:
    """Read and check the manifest of a plugin.

    Args:
        file: The manifest.
        plugin: Name of the entry point, which the manifest must repeat as `id`.

    Raises:
        ManifestError: the file is missing, no JSON, or a value in it is wrong; the
            error names the field, and the line where there is one.
    """
    raw = _read(file)
    try:
        raw.decode("utf-8")  # msgspec would tell a position inside the string only
        manifest = decode_manifest(raw)
    except msgspec.ValidationError as error:
        raise _wrong_field(str(error), file) from None
    except msgspec.DecodeError as error:
        raise _no_json(str(error), file, _before(str(error), raw)) from None
    except UnicodeDecodeError as error:
        raise _no_json(_ENCODING, file, raw[: error.start]) from None
    for field, what, remedy in _contradictions(manifest, plugin):
        raise ManifestError(what, remedy=remedy, place=manifest_place(file, field))
    return manifest


def manifest_place(file: Path, field: str) -> Place:
    """The line of a field, if the field's name stands in the file exactly once."""
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []  # taken away since it was read
    pattern = re.compile(rf'"{re.escape(field)}"\s*:')
    hits = [number for number, text in enumerate(lines, 1) if pattern.search(text)]
    return Place(str(file), hits[0] if len(hits) == 1 else None)


def _read(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        remedy = f"the distribution must install {file}"
        place = Place(str(file), None)
        raise ManifestError(what, remedy=remedy, place=place) from None
    return raw


def _before(reason: str, raw: bytes) -> bytes:
    match = _BYTE.search(reason)
    return raw[: int(match["byte"])] if match else raw.rstrip()


def _no_json(reason: str, file: Path, before: bytes) -> ManifestError:
    line = before.count(b"\n") + 1
    return ManifestError(
        f"is no JSON: {reason}, line {line}",
        remedy=f"correct line {line} of {file}",
        place=Place(str(file), line),
    )


def _wrong_field(reason: str, file: Path) -> ManifestError:
    match = _PATH.search(reason)
    names = _NAME.findall(match["path"]) if match else []
    what = f"does not fit: {reason}"
    if unknown := _UNKNOWN.search(reason):
        field = unknown["field"]
        inner = next((name for name in reversed(names) if name in _STRUCTS), "")
        known = _STRUCTS.get(inner, Manifest).__struct_fields__
        remedy = suggest(field, known, otherwise=f"allowed are {', '.join(known)}")
    elif missing := _MISSING.search(reason):
        field = missing["field"]
        remedy = f"add the field {field!r}"
    else:
        field = names[-1] if names else ""
        remedy = f"correct the field {field!r}" if field else "write a JSON object"
    return ManifestError(what, remedy=remedy, place=manifest_place(file, field))


def _contradictions(manifest: Manifest, plugin: str) -> Iterator[tuple[str, str, str]]:
    if manifest.id != plugin:
        what = f"has the id {manifest.id!r}, and the entry point is named {plugin!r}"
        yield "id", what, "give both the same name"
    for permission in manifest.permissions:
        if not permission.name.startswith(f"{plugin}:"):
            what = f"declares the permission {permission.name!r}, which is not its own"
            yield "permissions", what, f"begin the permission's name with '{plugin}:'"
    yield from _foreign_events(manifest, plugin)
    ranges = [("core", manifest.core)]
    ranges += [("requires", wanted) for wanted in manifest.requires.values()]
    for field, wanted in ranges:
        if not _is_range(wanted):
            what = f"has {wanted!r} in {field!r}, which is no range of versions"
            yield field, what, "write a range as pip does, for example '>=0.1,<1'"


def _foreign_events(manifest: Manifest, plugin: str) -> Iterator[tuple[str, str, str]]:
    declared = {permission.name for permission in manifest.permissions}
    stems = (f"{plugin}.", *_SHARED)
    for emission in manifest.events.emits:
        if not emission.name.startswith(stems):
            what = f"emits {emission.name!r}, which is not its own"
            words = ", ".join(repr(stem) for stem in stems)
            yield "emits", what, f"begin the event's name with one of {words}"
        if emission.permission not in {None, *declared}:
            what = f"lets {emission.permission!r} see events and does not declare it"
            yield "emits", what, "add it to 'permissions' there"


def _is_range(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True
