"""Where in its interval an endpoint is due."""

from __future__ import annotations

from uuid import UUID

__all__ = ["phase_of"]


def phase_of(endpoint_id: UUID, interval_s: int) -> int:
    """Seconds by which the endpoint's slots lie after multiples of its interval.

    Always the same for one endpoint, and spread over all of them, so that endpoints of
    one interval are not all due at once.
    """
    return endpoint_id.int % interval_s
