"""The endpoint that readings are brought in for."""

from __future__ import annotations

from nxforge_consumption_monitor.store.books import Target, known_targets
from nxforge_core.api import Connection

from ._errors import UnclearTargetError, UnknownTargetError

__all__ = ["find_target"]


async def find_target(connection: Connection, reference: str) -> Target:
    """The endpoint with an id, a name or an external reference.

    An id counts before a name, and a name before a reference.

    Raises:
        UnknownTargetError: none that is not archived has it.
        UnclearTargetError: several have the external reference.
    """
    found = await known_targets(connection, reference)
    if not found:
        raise UnknownTargetError(reference)
    first = found[0]
    is_named = reference == first.name or reference.lower() == first.id
    if len(found) > 1 and not is_named:
        raise UnclearTargetError(reference, [each.name for each in found])
    return first
