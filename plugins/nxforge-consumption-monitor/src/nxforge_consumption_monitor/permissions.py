"""The permissions that the manifest declares."""

from __future__ import annotations

from typing import Final

__all__ = [
    "MANAGE_WEBHOOKS",
    "READ_ENDPOINTS",
    "READ_READINGS",
    "READ_TARIFFS",
    "TEST_ENDPOINTS",
    "UNLOCK_MONTHS",
    "WRITE_ENDPOINTS",
    "WRITE_EVENTS",
    "WRITE_LOCKS",
    "WRITE_READINGS",
    "WRITE_TARIFFS",
]

READ_ENDPOINTS: Final = "consumption-monitor:endpoints:read"
WRITE_ENDPOINTS: Final = "consumption-monitor:endpoints:write"
TEST_ENDPOINTS: Final = "consumption-monitor:endpoints:test"
READ_READINGS: Final = "consumption-monitor:readings:read"
WRITE_READINGS: Final = "consumption-monitor:readings:write"
WRITE_EVENTS: Final = "consumption-monitor:events:write"
READ_TARIFFS: Final = "consumption-monitor:tariffs:read"
WRITE_TARIFFS: Final = "consumption-monitor:tariffs:write"
MANAGE_WEBHOOKS: Final = "consumption-monitor:webhooks:manage"
WRITE_LOCKS: Final = "consumption-monitor:locks:write"
UNLOCK_MONTHS: Final = "consumption-monitor:locks:remove"
