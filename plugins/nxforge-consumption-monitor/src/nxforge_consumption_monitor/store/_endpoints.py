"""Endpoints, their rules and their sealed secrets in the database."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_core.api import Connection

from ._errors import DuplicateNameError
from ._statements import SQL

__all__ = [
    "NO_NOTE",
    "CredentialRow",
    "EndpointRow",
    "RuleNote",
    "StoredEndpoint",
    "StoredRule",
    "archive_endpoint",
    "change_group",
    "delete_endpoint",
    "forget_credential",
    "has_history",
    "insert_credential",
    "insert_endpoint",
    "insert_rule",
    "list_endpoints",
    "list_rules",
    "lock_endpoint",
    "note_token_expiry",
    "release_endpoint",
    "update_endpoint",
]


class StoredEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as `list_endpoints` reads it."""

    id: str
    name: str
    url: str
    kind: str
    type: str
    vendor: str | None
    location: str | None
    client_name: str | None
    external_ref: str | None
    enabled: bool
    method: str
    headers: dict[str, str]
    body: str | None
    interval_s: int
    timeout_s: float
    tz: str
    max_kw: Decimal
    multiplier: Decimal
    modulus_kwh: Decimal | None
    resolution_kwh: Decimal | None
    reset_policy: str
    register_digits: int | None
    gap_after_s: int | None
    group_id: str | None
    breaker_a: Decimal | None
    phases: int | None
    certified: bool
    tls_mode: str
    tls_pin: str | None
    client: str
    browser_steps: list[dict[str, object]]
    expect: dict[str, str]
    tariff_id: str | None
    rule_version: int
    rules: str
    auth_type: str
    username: str
    auth_options: str
    has_secret: bool
    auth_locked: bool
    token_expires_at: datetime | None
    last_auth_error_at: datetime | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    last_read_at: datetime | None
    last_outcome: str | None
    last_error: str | None


class EndpointRow(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it is written; fields in the order of the statements."""

    id: str
    name: str
    url: str
    kind: str
    type: str
    vendor: str | None
    location: str | None
    client_name: str | None
    external_ref: str | None
    enabled: bool
    method: str
    headers: dict[str, str]
    body: str | None
    interval_s: int
    phase_s: int
    timeout_s: float
    tz: str
    max_kw: Decimal
    multiplier: Decimal
    modulus_kwh: Decimal | None
    resolution_kwh: Decimal | None
    reset_policy: str
    register_digits: int | None
    gap_after_s: int | None
    group_id: str | None
    breaker_a: Decimal | None
    phases: int | None
    certified: bool
    tls_mode: str
    tls_pin: str | None
    client: str
    browser_steps: list[dict[str, object]]
    expect: dict[str, str]
    tariff_id: str | None
    rule_version: int
    credential_id: str | None


class CredentialRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed secret as it is written; fields in the order of the statement.

    Attributes:
        options: JSON.
    """

    id: str
    kind: str
    username: str
    sealed_secret: str
    options: str
    token_expires_at: datetime | None


class RuleNote(msgspec.Struct, frozen=True):
    """Who gave an endpoint other rules, and why."""

    by: str = ""
    text: str = ""


#: Nobody said.
NO_NOTE: Final = RuleNote()


class StoredRule(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a rule set; `rules` is JSON."""

    version: int
    rules: str
    created_at: datetime
    created_by: str
    note: str
    is_current: bool


async def list_endpoints(
    connection: Connection, endpoint_id: str | None = None, *, archived: bool = False
) -> list[StoredEndpoint]:
    """All endpoints by name, or the one with the id."""
    return await connection.structs(
        StoredEndpoint, SQL.list_endpoints, endpoint_id, archived
    )


async def insert_endpoint(connection: Connection, row: EndpointRow) -> None:
    """Write a new endpoint, its guard row and that of its main channel.

    Raises:
        DuplicateNameError: another endpoint has the name.
    """
    await _refuse_taken_name(connection, row)
    await connection.execute(SQL.insert_endpoint, *msgspec.structs.astuple(row))


async def update_endpoint(connection: Connection, row: EndpointRow) -> None:
    """Write an endpoint as it is now wanted.

    Raises:
        DuplicateNameError: another endpoint has the name.
    """
    await _refuse_taken_name(connection, row)
    await connection.execute(SQL.update_endpoint, *msgspec.structs.astuple(row))


async def _refuse_taken_name(connection: Connection, row: EndpointRow) -> None:
    # Writers come one by one here, so the look-up holds until the write.
    await connection.execute(SQL.hold_names)
    if await connection.fetchval(SQL.name_taken, row.name, row.id):
        raise DuplicateNameError(row.name)


async def change_group(connection: Connection, endpoint_id: str, at: datetime) -> None:
    """Keep which group an endpoint belongs to, before it is written with another."""
    await connection.execute(SQL.change_group, endpoint_id, at)


async def lock_endpoint(connection: Connection, endpoint_id: str) -> str | None:
    """Hold the endpoint still for this transaction; answers its credential's id."""
    value = await connection.fetchval(SQL.lock_endpoint, endpoint_id)
    return None if value is None else str(value)


async def release_endpoint(connection: Connection, endpoint_id: str) -> None:
    """Make a changed endpoint start afresh: no pause, no result of the old one."""
    await connection.execute(SQL.release_endpoint, endpoint_id)


async def insert_rule(
    connection: Connection,
    endpoint_id: str,
    version: int,
    rules: str,
    note: RuleNote = NO_NOTE,
) -> None:
    """Write one version of a rule set, given as JSON."""
    await connection.execute(
        SQL.insert_rule, endpoint_id, version, rules, note.by, note.text
    )


async def list_rules(connection: Connection, endpoint_id: str) -> list[StoredRule]:
    """All versions of an endpoint's rule set, the newest first."""
    return await connection.structs(StoredRule, SQL.list_rules, endpoint_id)


async def insert_credential(connection: Connection, row: CredentialRow) -> None:
    """Write a sealed secret."""
    await connection.execute(SQL.insert_credential, *msgspec.structs.astuple(row))


async def note_token_expiry(
    connection: Connection, endpoint_id: str, until: datetime
) -> None:
    """Keep when the token ends with which an endpoint logs in."""
    await connection.execute(SQL.note_token_expiry, endpoint_id, until)


async def forget_credential(connection: Connection, credential_id: str) -> None:
    """Delete a secret that no endpoint uses any more."""
    await connection.execute(SQL.delete_credential, credential_id)


async def archive_endpoint(connection: Connection, endpoint_id: str) -> None:
    """Put an endpoint away; its readings stay."""
    await connection.execute(SQL.archive_endpoint, endpoint_id)


async def has_history(connection: Connection, endpoint_id: str) -> bool:
    """Whether anything was ever read or decided about an endpoint."""
    return bool(await connection.fetchval(SQL.has_history, endpoint_id))


async def delete_endpoint(connection: Connection, endpoint_id: str) -> None:
    """Delete an endpoint without history, with all that was set for it."""
    await connection.execute(SQL.delete_endpoint_parts, endpoint_id)
    await connection.execute(SQL.delete_endpoint, endpoint_id)
