"""From the environment's entry points to candidates, without importing a plugin."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from importlib import metadata
from itertools import groupby
from operator import attrgetter
from typing import Final

from packaging.version import InvalidVersion, Version

from nxforge_core.api import Clock, parse_plugin_id
from nxforge_core.api.errors import InvalidInputError

from ._candidate import BUILT_IN, Candidate, package_folder
from ._entries import Entry, read_entries
from ._errors import (
    DuplicatePluginError,
    EntryPointError,
    RefusedError,
    ReservedIdError,
)
from ._manifest import MANIFEST, read_manifest
from ._problem import Owner, Problem

__all__ = ["discover"]

_MODULE: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*\Z")


def discover(
    distributions: Iterable[metadata.Distribution] | None = None,
    *,
    clock: Clock,
    reserved: Collection[str] = (),
) -> tuple[Candidate | Problem, ...]:
    """Find the installed plugins and read their manifests. Imports none of them.

    Args:
        distributions: Where to look; by default everything installed.
        clock: Dates the problems.
        reserved: Ids that are names of core commands; plugin zero's always is one.

    Returns:
        For each id, in order, a candidate or the reason why it is none.
    """
    found = metadata.distributions() if distributions is None else distributions
    taken = {BUILT_IN, *reserved}
    return tuple(
        _judged(list(entries), taken, clock)
        for _, entries in groupby(read_entries(found), key=attrgetter("id"))
    )


def _judged(
    entries: Sequence[Entry], taken: Collection[str], clock: Clock
) -> Candidate | Problem:
    try:
        return _candidate(entries, taken)
    except RefusedError as error:
        owner = Owner(
            id=entries[0].id,
            distribution=", ".join(entry.distribution for entry in entries),
        )
        return Problem.from_error(error, owner, error.phase, clock.now())


def _candidate(entries: Sequence[Entry], taken: Collection[str]) -> Candidate:
    entry = entries[0]
    if entry.id in taken:
        raise ReservedIdError(entry.id)
    if len(entries) > 1:
        raise DuplicatePluginError(entry.id, [each.distribution for each in entries])
    _check(entry)
    folder = package_folder(entry.module)
    file = folder / MANIFEST
    return Candidate(
        id=entry.id,
        distribution=entry.distribution,
        version=entry.version,
        module=entry.module,
        folder=folder,
        manifest_file=file,
        manifest=read_manifest(file, entry.id),
    )


def _check(entry: Entry) -> None:
    try:
        parse_plugin_id(entry.id)
        Version(entry.version)
    except InvalidInputError as error:
        what = f"is named {entry.id!r}, which is no plugin id"
        raise EntryPointError(what, remedy=error.remedy) from None
    except InvalidVersion:
        what = f"lies in a distribution whose version is {entry.version!r}"
        remedy = "install the distribution again; its version must follow PEP 440"
        raise EntryPointError(what, remedy=remedy) from None
    if not _MODULE.match(entry.module):
        what = f"names {entry.module!r}, which is no module"
        remedy = "write id = \"package.module\", without ':' and without an object"
        raise EntryPointError(what, remedy=remedy)
