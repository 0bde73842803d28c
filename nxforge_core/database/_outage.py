"""Telling an outage and a value out of range from wrong SQL."""

from __future__ import annotations

import socket
import ssl
from typing import Final

from asyncpg import exceptions

__all__ = ["outage_passes", "outage_reason", "unstorable_reason"]

_SERVER_BUSY: Final = (
    exceptions.PostgresConnectionError,
    exceptions.CannotConnectNowError,
    exceptions.AdminShutdownError,
    exceptions.CrashShutdownError,
    exceptions.DiskFullError,
    exceptions.TooManyConnectionsError,
)
_SERVER_GONE: Final = (
    *_SERVER_BUSY,
    exceptions.InvalidAuthorizationSpecificationError,
)
_REFUSED_AT_LOGIN: Final = (
    exceptions.PostgresError,
    exceptions.InterfaceError,
    exceptions.InternalClientError,
)

#: Of the network and yet nothing that a server's start would mend.
_MISTAKEN: Final = (socket.gaierror, ssl.SSLError, PermissionError)

#: What the server says of texts and numbers that its types cannot hold.
_REFUSED_VALUES: Final = (
    exceptions.CharacterNotInRepertoireError,
    exceptions.NumericValueOutOfRangeError,
    exceptions.UntranslatableCharacterError,
)


def unstorable_reason(error: BaseException) -> str | None:
    """Say in words which value fits no column, without showing the value.

    Args:
        error: What asyncpg raised for a statement.

    Returns:
        None where the error is about something else, such as an argument's type.
    """
    if isinstance(error, _REFUSED_VALUES):
        return str(error)
    # asyncpg's own text holds the value, which may be a secret; its cause does not.
    cause = error.__cause__ if isinstance(error, exceptions.DataError) else None
    if isinstance(cause, UnicodeEncodeError):
        return "text with a lone surrogate"
    return str(cause) if isinstance(cause, OverflowError) else None


def outage_reason(error: BaseException, *, connecting: bool) -> str | None:
    """Say in words why the database cannot answer.

    Args:
        error: What asyncpg raised.
        connecting: It happened before any statement was sent, so whatever
            PostgreSQL said is about the login and not about SQL of ours.

    Returns:
        None where the error is no outage.
    """
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "its host name is not known"
    if isinstance(error, ConnectionRefusedError | FileNotFoundError):
        return "nothing listens there"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    expected = _SERVER_GONE + _REFUSED_AT_LOGIN if connecting else _SERVER_GONE
    return str(error) if isinstance(error, expected) else None


def outage_passes(error: BaseException) -> bool:
    """Whether a server that boots, recovers or restarts would explain an outage.

    Args:
        error: What asyncpg raised when it was to connect.
    """
    if isinstance(error, OSError):
        return not isinstance(error, _MISTAKEN)
    return isinstance(error, _SERVER_BUSY)
