"""Masking of values that are shown to people: messages, `repr`, `nxforge settings`."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MASK", "is_secret_name", "mask_database_url", "masked"]

MASK: Final = "***"

# Greedy up to the last '@': a password may hold '@' or '/' that nobody encoded.
_USER_INFO: Final = re.compile(r"(?<=://)(?P<user>[^:@/\s]*):.*@")
_QUERY: Final = re.compile(
    r"(?i)(?<=[?&])(?P<name>password|passfile|sslpassword)=[^&]*"
)
_SECRET_NAME: Final = re.compile(
    r"(?i)(?:^|[_\-.])(?:api_?)?(?:password|passwd|passphrase|secrets?|tokens?|keys?)$"
)


def mask_database_url(url: str) -> str:
    """The URL without its password."""
    return _QUERY.sub(rf"\g<name>={MASK}", _USER_INFO.sub(rf"\g<user>:{MASK}@", url))


def is_secret_name(name: str) -> bool:
    """Whether a value of this name is shown to nobody: `password`, `api_key`, ..."""
    return _SECRET_NAME.search(name) is not None


def masked(key: str, value: object) -> object:
    """What may be shown of a setting's value."""
    if value is None or value == ():
        return value
    if is_secret_name(key):
        return MASK
    if isinstance(value, dict):
        return {name: masked(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(key, item) for item in value]
    return mask_database_url(value) if isinstance(value, str) else value
