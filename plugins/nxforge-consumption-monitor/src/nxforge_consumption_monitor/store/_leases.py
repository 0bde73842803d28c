"""Who polls what: a lease keeps overlapping rounds from one endpoint and device."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nxforge_consumption_monitor.models import LeasedEndpoint
from nxforge_core.api import Connection

from ._statements import SQL

__all__ = ["give_back", "hold_leases", "lease_due", "renew_leases"]


async def hold_leases(connection: Connection) -> None:
    """Wait until no other round leases, and keep others from it until the commit."""
    await connection.execute(SQL.hold_leases)


async def lease_due(
    connection: Connection,
    lease: datetime,
    *,
    now: datetime,
    until: datetime,
    most_of_host: int,
    due_by: datetime | None = None,
) -> list[LeasedEndpoint]:
    """Lease what is due; comes after `hold_leases`, in its transaction.

    A slot that an earlier run leased and did not store is told as a lost attempt.

    Args:
        connection: In a transaction.
        lease: Slot of the run that leases; its own leases are renewed.
        now: What another run's lease or a pause lasts beyond is left out.
        until: When the leases expire.
        most_of_host: Endpoints of one host and port at the most.
        due_by: Their due instants lie at it or before; None: now.

    Returns:
        The leased endpoints, those that waited longest first and what failed last.
    """
    return await connection.structs(
        LeasedEndpoint, SQL.lease_due, now, lease, until, most_of_host, due_by or now
    )


async def renew_leases(
    connection: Connection,
    ids: Sequence[str],
    lease: datetime,
    *,
    until: datetime,
) -> None:
    """Have the leases that are still the run's expire at another time.

    Args:
        connection: Any.
        ids: Of endpoints.
        lease: Slot of the run that leased them.
        until: When they shall expire.
    """
    await connection.execute(SQL.renew_leases, ids, lease, until)


async def give_back(
    connection: Connection, ids: Sequence[str], lease: datetime
) -> None:
    """End leases that the run of the slot still has: the endpoints are due again."""
    await connection.execute(SQL.give_back, ids, lease)
