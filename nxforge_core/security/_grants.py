"""What may be written where permissions and wildcards are asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nxforge_core.api import InvalidInputError

__all__ = ["check_grants"]

_SEGMENT: Final = r"(?:\*|[a-z0-9][a-z0-9_-]{0,63})"
_GRANT: Final = re.compile(rf"{_SEGMENT}(?::{_SEGMENT}){{0,7}}\Z")
_MOST: Final = 200


def check_grants(field: str, permissions: Sequence[str]) -> None:
    """Refuse what is no permission and no wildcard for some.

    Raises:
        InvalidInputError: naming the one.
    """
    if len(permissions) > _MOST:
        remedy = f"up to {_MOST}; a wildcard stands for many"
        raise InvalidInputError(field=field, value=len(permissions), remedy=remedy)
    for grant in permissions:
        if not _GRANT.match(grant):
            remedy = "write it as 'meter:readings:read', 'meter:*' or '*'"
            raise InvalidInputError(field=field, value=grant, remedy=remedy)
