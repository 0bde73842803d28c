"""Secrets of endpoints: sealed before they are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import msgspec

from nxforge_consumption_monitor.fetch import (
    Credential,
    decode_options,
    token_expiry,
)
from nxforge_consumption_monitor.models import AuthBody, EndpointChange
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import CredentialRow, insert_credential
from nxforge_core.api import Connection, PluginContext

from ._check import check_auth

__all__ = ["changed_secret", "store_secret"]

_Context = PluginContext[MonitorSettings]


async def changed_secret(
    ctx: _Context,
    connection: Connection,
    body: EndpointChange,
    old: str | None,
) -> str | None:
    """The credential that an endpoint has after a change; answers its id."""
    if body.auth is msgspec.UNSET:
        return old
    if body.auth is None:
        return None
    check_auth(body.auth)
    return await store_secret(ctx, connection, body.auth)


async def store_secret(
    ctx: _Context, connection: Connection, auth: AuthBody | None
) -> str | None:
    """Seal a secret and store it; answers its id, or None without one."""
    if auth is None or auth.type == "none":
        return None
    credential_id = str(uuid4())
    row = CredentialRow(
        id=credential_id,
        kind=auth.type,
        username=auth.username,
        sealed_secret=ctx.secrets.seal(auth.secret),
        options=msgspec.json.encode(auth.options).decode(),
        token_expires_at=_expiry(auth),
    )
    await insert_credential(connection, row)
    return credential_id


def _expiry(auth: AuthBody) -> datetime | None:
    options = decode_options(auth.type, auth.options)
    login = Credential(
        kind=auth.type, username=auth.username, secret=auth.secret, options=options
    )
    return token_expiry(login)
