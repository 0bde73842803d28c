"""From a stored endpoint to what is shown."""

from __future__ import annotations

from typing import Any

import msgspec

from nxforge_consumption_monitor.models import (
    AuthView,
    EndpointView,
    RemovedEndpointView,
)
from nxforge_consumption_monitor.store import StoredEndpoint

__all__ = ["removed_view", "view_of"]


def view_of(stored: StoredEndpoint) -> EndpointView:
    """Show an endpoint; a secret is not even read for it."""
    return EndpointView(**_fields(stored))


def removed_view(stored: StoredEndpoint, *, deleted: bool) -> RemovedEndpointView:
    """Show an endpoint that was put away or deleted."""
    return RemovedEndpointView(deleted=deleted, **_fields(stored))


def _fields(stored: StoredEndpoint) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(stored)
    auth = AuthView(
        type=fields.pop("auth_type"),
        username=fields.pop("username"),
        has_secret=stored.has_secret,
        options=msgspec.Raw(fields.pop("auth_options").encode()),
        locked=fields.pop("auth_locked"),
        token_expires_at=fields.pop("token_expires_at"),
        last_error_at=fields.pop("last_auth_error_at"),
    )
    fields["rules"] = msgspec.Raw(stored.rules.encode())
    return fields | {"auth": auth}
