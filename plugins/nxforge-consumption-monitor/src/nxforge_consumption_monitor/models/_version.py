"""Versions of what people change: an entity tag for each, and changes that name one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from nxforge_core.api import ConflictError

__all__ = ["StaleVersionError", "check_version", "version_tag"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class StaleVersionError(ConflictError):
    """A change was made for another version than the stored one."""

    code = "stale_version"
    status = 412

    def __init__(self, given: str, current: str) -> None:
        super().__init__(
            f"the change is for version {given}, and {current} is stored",
            remedy="read it again, and make the change on what is there now",
        )
        self.given = given
        self.current = current


def version_tag(updated_at: datetime) -> str:
    """The entity tag of what was changed last at an instant; rests are no change."""
    return f'"{(updated_at - _EPOCH) // _MICROSECOND:x}"'


def check_version(match: str | None, updated_at: datetime) -> None:
    """Refuse a change of what somebody changed meanwhile.

    Args:
        match: The header If-Match; None: whatever is stored.
        updated_at: Of what is stored.

    Raises:
        StaleVersionError: none of the tags is that of the stored version.
    """
    if match is None or match.strip() == "*":
        return
    current = version_tag(updated_at)
    if current not in {tag.strip() for tag in match.split(",")}:
        raise StaleVersionError(match, current)
