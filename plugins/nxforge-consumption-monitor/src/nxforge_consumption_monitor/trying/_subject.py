"""What is to be tried: a stored endpoint with changes, or a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from nxforge_consumption_monitor.endpoints import (
    check_auth,
    check_destination,
    check_request,
)
from nxforge_consumption_monitor.extract import RuleSet, decode_rules
from nxforge_consumption_monitor.fetch import (
    Credential,
    PageRequest,
    decode_options,
    page_request,
)
from nxforge_consumption_monitor.models import (
    BROWSER_S,
    DueEndpoint,
    EndpointChange,
    TrialBody,
    UnknownEndpointError,
    parse_endpoint_id,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import due_endpoints
from nxforge_core.api import InvalidInputError, PluginContext

__all__ = ["Subject", "subject_of"]

_Context = PluginContext[MonitorSettings]
#: Later than any slot: an endpoint is tried whether it is due or not.
_AHEAD: Final = timedelta(days=3650)
_BLANK: Final[dict[str, object]] = {
    "id": "",
    "name": "",
    "host": "",
    "method": "GET",
    "headers": {},
    "body": None,
    "gap_after_s": None,
    "max_kw": "50",
    "multiplier": "1",
    "modulus_kwh": None,
    "register_digits": None,
    "resolution_kwh": None,
    "reset_policy": "from_zero",
    "tls_mode": "verify",
    "tls_pin": None,
    "client": "http",
    "browser_steps": "[]",
    "expect_type": "",
    "expect_text": "",
    "rule_version": 0,
    "rules": "",
    "auth_type": None,
    "username": None,
    "sealed_secret": None,
    "auth_options": None,
    "channels": "[]",
    "revision": 0,
    "device_ts": None,
    "clock_skewed": False,
    "failures": 0,
    "auth_failures": 0,
    "slot": datetime(1970, 1, 1, tzinfo=UTC),
}


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it would be polled.

    Attributes:
        stored: It is one of the database, with a last reading.
        rules: None where only a number is looked for.
    """

    endpoint: DueEndpoint
    request: PageRequest
    rules: RuleSet | None
    stored: bool


async def subject_of(ctx: _Context, body: TrialBody) -> Subject:
    """Put together what is to be tried, and check it as if it was to be stored.

    A stored secret is used, and never sent to another place than it was given for.

    Raises:
        UnknownEndpointError: there is none with the id.
        InvalidInputError: a value is not acceptable.
        RuleError: the rules are none.
    """
    before = await _before(ctx, body)
    endpoint = msgspec.structs.replace(before, **_changes(body))
    check_request(
        url=endpoint.url,
        headers=endpoint.headers,
        tz=endpoint.tz,
        tls=(endpoint.tls_mode, endpoint.tls_pin),
        numbers={
            name: getattr(endpoint, name)
            for name in ("max_kw", "multiplier", "modulus_kwh", "resolution_kwh")
        },
    )
    stored = body.endpoint_id is not None
    rules = decode_rules(endpoint.rules.encode()) if endpoint.rules else None
    keeps_login = body.auth is msgspec.UNSET
    if keeps_login and before.sealed_secret is not None:
        check_destination(before.url, endpoint.url)
    return Subject(
        endpoint=endpoint,
        request=msgspec.structs.replace(
            _request(ctx, endpoint, body), sources=rules.sources if rules else {}
        ),
        rules=rules,
        stored=stored,
    )


async def _before(ctx: _Context, body: TrialBody) -> DueEndpoint:
    if body.endpoint_id is None:
        return _fresh(ctx, body)
    endpoint_id = parse_endpoint_id(body.endpoint_id)
    slot = ctx.clock.now() + _AHEAD
    found = await due_endpoints(ctx.db, [endpoint_id], slot=slot)
    if not found:
        raise UnknownEndpointError(body.endpoint_id)
    return found[0]


def _fresh(ctx: _Context, body: TrialBody) -> DueEndpoint:
    if body.url is msgspec.UNSET:
        remedy = "give the device's address, or the 'endpointId' of a stored endpoint"
        raise InvalidInputError(field="url", value=None, remedy=remedy)
    settings = ctx.settings
    known = {
        "url": body.url,
        "tz": settings.time_zone,
        "interval_s": settings.interval_s,
        "timeout_s": BROWSER_S if body.client == "browser" else settings.timeout_s,
    }
    return msgspec.convert(_BLANK | known, DueEndpoint)


def _changes(body: TrialBody) -> dict[str, Any]:
    given = {
        name: value
        for name in EndpointChange.__struct_fields__
        if (value := getattr(body, name)) is not msgspec.UNSET
    }
    changes = {n: v for n, v in given.items() if n in DueEndpoint.__struct_fields__}
    if "expect" in given:
        changes["expect_type"] = given["expect"].content_type
        changes["expect_text"] = given["expect"].marker
    for name in ("rules", "browser_steps"):
        if name in given:
            changes[name] = msgspec.json.encode(given[name]).decode()
    return changes


def _request(ctx: _Context, endpoint: DueEndpoint, body: TrialBody) -> PageRequest:
    auth = body.auth
    if auth is msgspec.UNSET:
        request = page_request(endpoint, ctx.secrets)
    else:
        bare = msgspec.structs.replace(
            endpoint, auth_type=None, username=None, sealed_secret=None
        )
        request = page_request(
            msgspec.structs.replace(bare, auth_options=None), ctx.secrets
        )
    if auth is not msgspec.UNSET and auth is not None:
        check_auth(auth)
        login = Credential(
            kind=auth.type,
            username=auth.username,
            secret=auth.secret,
            options=decode_options(auth.type, auth.options),
        )
        request = msgspec.structs.replace(request, auth=login)
    # Nothing of a trial is kept: neither its login nor its page.
    return msgspec.structs.replace(request, key="")
