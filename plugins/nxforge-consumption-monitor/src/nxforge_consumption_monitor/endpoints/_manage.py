"""The life of an endpoint. Everything is checked before anything is written."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from nxforge_consumption_monitor.models import (
    BROWSER_S,
    AuthBody,
    EndpointBody,
    EndpointChange,
    EndpointView,
    RemovedEndpointView,
    UnknownEndpointError,
    check_version,
    parse_endpoint_id,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    NO_NOTE,
    EndpointRow,
    RuleNote,
    StoredEndpoint,
    archive_endpoint,
    change_group,
    delete_endpoint,
    forget_credential,
    has_history,
    insert_edit,
    insert_endpoint,
    insert_rule,
    keep_multiplier,
    list_endpoints,
    lock_endpoint,
    release_endpoint,
    update_endpoint,
)
from nxforge_core.api import Connection, PluginContext

from ._browser import check_browser
from ._check import (
    check_auth,
    check_destination,
    check_headers,
    check_id,
    check_pin,
    check_positive,
    check_rules,
    check_url,
    check_zone,
)
from ._edits import difference
from ._phase import phase_of
from ._secret import changed_secret, store_secret
from ._view import removed_view, view_of

__all__ = ["change", "create", "create_in", "list_all", "remove", "show"]

_Context = PluginContext[MonitorSettings]

_POSITIVE: Final = (
    "max_kw",
    "multiplier",
    "modulus_kwh",
    "resolution_kwh",
    "breaker_a",
)


async def list_all(ctx: _Context, *, archived: bool = False) -> list[EndpointView]:
    """All endpoints by name."""
    return [view_of(each) for each in await list_endpoints(ctx.db, archived=archived)]


async def show(ctx: _Context, endpoint_id: str) -> EndpointView:
    """One endpoint, archived or not.

    Raises:
        UnknownItemError: there is none with the id.
    """
    return view_of(await _find(ctx.db, endpoint_id, archived=True))


async def create(ctx: _Context, body: EndpointBody) -> EndpointView:
    """Store a new endpoint; it is due at once.

    Raises:
        InvalidInputError: a value is not acceptable.
        DuplicateNameError: another endpoint has the name.
    """
    async with ctx.db.transaction() as connection:
        return await create_in(ctx, connection, body)


async def create_in(
    ctx: _Context, connection: Connection, body: EndpointBody
) -> EndpointView:
    """The same within a transaction. Everything is checked before it is written."""
    wanted = _with_defaults(body, ctx.settings)
    _check(wanted)
    rules = check_rules(body.rules)
    if body.auth:
        check_auth(body.auth)
    credential_id = await store_secret(ctx, connection, body.auth)
    row = _row(uuid4(), wanted, rule_version=1, credential_id=credential_id)
    await insert_endpoint(connection, row)
    await insert_rule(connection, row.id, 1, rules)
    return view_of(await _find(connection, row.id))


async def change(
    ctx: _Context,
    endpoint_id: str,
    body: EndpointChange,
    *,
    match: str | None = None,
    rule: RuleNote = NO_NOTE,
) -> EndpointView:
    """Change what the body names; the rest stays. The endpoint starts afresh.

    Args:
        ctx: Of the host.
        endpoint_id: Of the endpoint.
        body: The changes.
        match: The versions that the change is for; None: any.
        rule: Who changes it, and why it gets other rules.

    Raises:
        UnknownItemError: there is none with the id, or it is archived.
        StaleVersionError: somebody changed it meanwhile.
        InvalidInputError: a value is not acceptable.
        DuplicateNameError: another endpoint has the name.
    """
    async with ctx.db.transaction() as connection:
        endpoint_id = parse_endpoint_id(endpoint_id)
        old_credential = await lock_endpoint(connection, endpoint_id)
        before = await _find(connection, endpoint_id)
        check_version(match, before.updated_at)
        wanted = _merged(before, body)
        _check(wanted)
        if old_credential is not None and body.auth is msgspec.UNSET:
            check_destination(before.url, wanted["url"])
        version = await _store_rules(connection, before, body, rule)
        credential_id = await changed_secret(ctx, connection, body, old_credential)
        row = _row(
            UUID(endpoint_id),
            wanted,
            rule_version=version,
            credential_id=credential_id,
        )
        if row.multiplier != before.multiplier:
            at = ctx.clock.now()
            await keep_multiplier(connection, row.id, before.multiplier, at)
        if row.group_id != before.group_id:
            await change_group(connection, row.id, ctx.clock.now())
        await update_endpoint(connection, row)
        await release_endpoint(connection, endpoint_id)
        if old_credential is not None and credential_id != old_credential:
            await forget_credential(connection, old_credential)
        after = view_of(await _find(connection, endpoint_id))
        at, login = ctx.clock.now(), body.auth is not msgspec.UNSET
        changes = difference(view_of(before), after, login=login)
        await insert_edit(connection, row.id, changes, by=rule.by, at=at)
        return after


async def remove(
    ctx: _Context, endpoint_id: str, *, match: str | None = None
) -> RemovedEndpointView:
    """Put an endpoint away: its readings stay, its secret is deleted.

    One of which nothing was ever read is deleted.

    Raises:
        UnknownItemError: there is none with the id, or it is archived already.
        StaleVersionError: somebody changed it meanwhile.
    """
    async with ctx.db.transaction() as connection:
        endpoint_id = parse_endpoint_id(endpoint_id)
        credential_id = await lock_endpoint(connection, endpoint_id)
        before = await _find(connection, endpoint_id)
        check_version(match, before.updated_at)
        deleted = not await has_history(connection, endpoint_id)
        if deleted:
            await delete_endpoint(connection, endpoint_id)
        else:
            await archive_endpoint(connection, endpoint_id)
            await release_endpoint(connection, endpoint_id)
            before = await _find(connection, endpoint_id, archived=True)
        if credential_id is not None:
            await forget_credential(connection, credential_id)
        return removed_view(before, deleted=deleted)


async def _find(
    connection: Connection, endpoint_id: str, *, archived: bool = False
) -> StoredEndpoint:
    known = parse_endpoint_id(endpoint_id)
    found = await list_endpoints(connection, known, archived=archived)
    if not found:
        raise UnknownEndpointError(endpoint_id)
    return found[0]


def _with_defaults(body: EndpointBody, settings: MonitorSettings) -> dict[str, Any]:
    wanted: dict[str, Any] = msgspec.structs.asdict(body)
    wanted["interval_s"] = body.interval_s or settings.interval_s
    seconds = BROWSER_S if body.client == "browser" else settings.timeout_s
    wanted["timeout_s"] = body.timeout_s or seconds
    wanted["tz"] = settings.time_zone if body.tz is None else body.tz
    return wanted


def _merged(before: StoredEndpoint, body: EndpointChange) -> dict[str, Any]:
    wanted: dict[str, Any] = msgspec.structs.asdict(before)
    changes = msgspec.structs.asdict(body)
    wanted.update({k: v for k, v in changes.items() if v is not msgspec.UNSET})
    return wanted


def _check(wanted: dict[str, Any]) -> None:
    check_url(wanted["url"])
    check_zone(wanted["tz"])
    check_headers(wanted["headers"])
    for field in _POSITIVE:
        check_positive(field, wanted[field])
    for field in ("group_id", "tariff_id"):
        check_id(field, wanted[field])
    check_pin(wanted["tls_mode"], wanted["tls_pin"])
    check_browser(wanted, _auth_kind(wanted))


def _auth_kind(wanted: dict[str, Any]) -> str:
    """The kind of the login given now, else of the one that is stored."""
    if "auth" not in wanted:
        return str(wanted["auth_type"])
    auth: AuthBody | None = wanted["auth"]
    return auth.type if auth is not None else "none"


def _row(
    endpoint_id: UUID,
    wanted: dict[str, Any],
    *,
    rule_version: int,
    credential_id: str | None,
) -> EndpointRow:
    fixed: dict[str, Any] = {
        "id": str(endpoint_id),
        "phase_s": phase_of(endpoint_id, wanted["interval_s"]),
        "rule_version": rule_version,
        "credential_id": credential_id,
        "expect": _present(msgspec.to_builtins(wanted["expect"])),
    }
    fields: dict[str, Any] = {
        name: wanted.get(name) for name in EndpointRow.__struct_fields__
    }
    return EndpointRow(**fields | fixed)


def _present(expect: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in expect.items() if text}


async def _store_rules(
    connection: Connection,
    before: StoredEndpoint,
    body: EndpointChange,
    rule: RuleNote,
) -> int:
    if body.rules is msgspec.UNSET:
        return before.rule_version
    version = before.rule_version + 1
    await insert_rule(connection, before.id, version, check_rules(body.rules), rule)
    return version
