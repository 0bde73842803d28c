"""The endpoint and the channel that an event is about."""

from __future__ import annotations

from decimal import Decimal

from nxforge_consumption_monitor.models import UnknownEndpointError, parse_endpoint_id
from nxforge_consumption_monitor.store import (
    HeldEndpoint,
    channels_of,
    hold_endpoint,
)
from nxforge_core.api import Connection, InvalidInputError

__all__ = ["held", "known_channel", "modulus_of"]


async def held(connection: Connection, endpoint_id: str) -> HeldEndpoint:
    """Hold an endpoint still to the end of the transaction.

    Raises:
        UnknownEndpointError: there is none with the id.
    """
    found = await hold_endpoint(connection, parse_endpoint_id(endpoint_id))
    if found is None:
        raise UnknownEndpointError(endpoint_id)
    return found


async def known_channel(connection: Connection, endpoint_id: str, channel: str) -> None:
    """Refuse a channel that the endpoint does not have.

    Raises:
        InvalidInputError: naming those that it has.
    """
    known = await channels_of(connection, endpoint_id)
    if channel not in known:
        remedy = f"give one of {', '.join(known)}"
        raise InvalidInputError(field="channel", value=channel, remedy=remedy)


def modulus_of(endpoint: HeldEndpoint) -> Decimal | None:
    """The register's first impossible value; None where nobody said it."""
    if endpoint.modulus_kwh is not None:
        return endpoint.modulus_kwh
    digits = endpoint.register_digits
    return None if digits is None else Decimal(10) ** digits
