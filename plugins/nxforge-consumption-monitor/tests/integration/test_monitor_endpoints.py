"""Endpoints: checked before they are stored, and silent about their secrets."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.models import AuthBody, EndpointBody, EndpointChange
from nxforge_consumption_monitor.report import ReadingsQuery, live, readings_page
from nxforge_core.api import (
    ConflictError,
    InvalidInputError,
    NxForgeError,
    UnknownItemError,
)

_SECRET = "korrekt-horse-47"  # noqa: S105  # of this test only
_AUTH = AuthBody(type="basic", username="reader", secret=_SECRET)
_ANNA: Any = SimpleNamespace(user=SimpleNamespace(name="anna"))
_NOBODY = "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"
_TEXTS = """
select coalesce(string_agg(t::text, ' '), '') from (
    select c::text as t from credential c
    union all select e::text from endpoint e
    union all select r::text from extraction_rule r
    union all select s::text from channel_state s
    union all select p::text from endpoint_state p
    union all select a::text from scrape_attempt a
    union all select d::text from reading d
) all_rows
"""


async def test_created_endpoint_is_shown_with_its_defaults(monitor: Any) -> None:
    """What the body leaves out comes from the settings."""
    view = await monitor.add("a", client_name="ACME")
    assert (view.interval_s, view.timeout_s, view.tz) == (300, 10.0, "Europe/Bucharest")
    assert (view.client_name, view.rule_version, view.has_secret) == ("ACME", 1, False)
    assert await routes.get_endpoint(monitor.ctx, view.id) == view
    assert await routes.list_endpoints(monitor.ctx) == [view]


async def test_secret_is_sent_to_the_device_and_appears_nowhere_else(
    monitor: Any,
) -> None:
    """Neither an answer, nor a table, nor the log ever holds it in clear."""
    view = await monitor.add("a", auth=_AUTH)
    echo = f"<p>{_SECRET}</p><p>password={_SECRET}</p>"
    monitor.http.serve("http://meter.test/a", echo, "text/html")
    await monitor.round()
    assert monitor.http.requests[0].auth.password == _SECRET
    answers = [
        view,
        await routes.list_endpoints(monitor.ctx),
        await live(monitor.ctx),
        await readings_page(monitor.ctx, ReadingsQuery()),
    ]
    shown = msgspec.json.Encoder(decimal_format="number").encode(answers).decode()
    stored = await monitor.pool.fetchval(_TEXTS)
    assert "excerpt" not in shown
    assert _SECRET not in shown + stored + "".join(monitor.log.lines)
    assert "sealed:" not in shown
    assert f"sealed:{_SECRET[::-1]}" in stored
    assert view.has_secret
    assert view.auth.username == "reader"


async def test_bearer_token_travels_as_a_header(monitor: Any) -> None:
    """A token is sent as RFC 6750 says."""
    auth = AuthBody(type="bearer", secret=_SECRET)
    await monitor.add("a", auth=auth)
    monitor.show("a", "1")
    await monitor.round()
    assert monitor.http.requests[0].headers["Authorization"] == f"Bearer {_SECRET}"


async def test_key_travels_in_the_header_that_the_device_wants(monitor: Any) -> None:
    """The header's name is shown, its value never."""
    auth = AuthBody(type="header", username="X-Api-Key", secret=_SECRET)
    view = await monitor.add("a", auth=auth)
    monitor.show("a", "1")
    await monitor.round()
    assert monitor.http.requests[0].headers["X-Api-Key"] == _SECRET
    assert (view.auth.type, view.auth.username) == ("header", "X-Api-Key")


async def test_post_endpoint_sends_its_body_and_headers(monitor: Any) -> None:
    """Devices with JSON-RPC are asked as they want it."""
    await monitor.add("a", method="POST", body="[1]", headers={"X-Unit": "kWh"})
    monitor.show("a", "1")
    await monitor.round()
    [request] = monitor.http.requests
    assert (request.method, request.body) == ("POST", b"[1]")
    assert request.headers == {"X-Unit": "kWh"}


@pytest.mark.parametrize(
    ("field", "members"),
    [
        ("url", {"url": "ftp://meter.test/"}),
        ("url", {"url": "/relative"}),
        ("url", {"url": "http://user:pw12345@meter.test/"}),
        ("url", {"url": "http://[::1/"}),
        ("url", {"url": "http://a b/"}),
        ("url", {"url": "http://meter.test/\r\nX: y"}),
        ("url", {"url": "http://meter.test/\0"}),
        ("tz", {"tz": "Mars/Olympus"}),
        ("tz", {"tz": "../../etc/passwd"}),
        ("header", {"headers": {"Authorization": "Basic x"}}),
        ("header", {"headers": {"X-A": "1\r\nX-B: 2"}}),
        ("header", {"headers": {"X-Api-Key": "pw12345"}}),
        (
            "auth.username",
            {"auth": AuthBody(type="header", username="X: Y", secret=_SECRET)},
        ),
        ("max_kw", {"max_kw": Decimal(0)}),
        ("multiplier", {"multiplier": Decimal("NaN")}),
        ("multiplier", {"multiplier": Decimal("1e999999")}),
        ("modulus_kwh", {"modulus_kwh": Decimal("1e-13")}),
        ("tz", {"tz": ""}),
        ("auth.secret", {"auth": AuthBody(type="basic", username="u")}),
        (
            "auth.username",
            {"auth": AuthBody(type="basic", username="a:b", secret=_SECRET)},
        ),
    ],
)
async def test_endpoint_with_a_wrong_value_is_refused_and_nothing_is_stored(
    monitor: Any, field: str, members: dict[str, Any]
) -> None:
    """The error names the value, and no half of an endpoint stays behind."""
    with pytest.raises(InvalidInputError) as caught:
        await monitor.add("a", **members)
    assert caught.value.field == field
    assert "pw12345" not in str(caught.value)
    assert await monitor.pool.fetchval("select count(*) from endpoint") == 0
    assert await monitor.pool.fetchval("select count(*) from credential") == 0


async def test_endpoint_with_a_wrong_rule_is_refused(monitor: Any) -> None:
    """A rule set that cannot work is refused before it ever runs."""
    with pytest.raises(NxForgeError) as caught:
        await monitor.add("a", rules={"energy": [{"step": "teleport"}]})
    assert caught.value.status == 400
    assert await monitor.pool.fetchval("select count(*) from endpoint") == 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "a", "url": "http://x/", "rules": {}, "colour": "red"}',
        b'{"name": "a", "url": "http://x/", "rules": {}, "intervalS": 4}',
        b'{"name": "", "url": "http://x/", "rules": {}}',
        b'{"name": "a", "url": "http://x/", "rules": {}, "auth": {"type": "magic"}}',
    ],
)
def test_body_with_unknown_or_wrong_members_is_refused(body: bytes) -> None:
    """What is not understood is not silently dropped."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=EndpointBody)


async def test_name_belongs_to_one_endpoint_until_it_is_archived(monitor: Any) -> None:
    """Two endpoints never share a name; an archived one gives it back."""
    view = await monitor.add("a")
    other = await monitor.add("b")
    with pytest.raises(ConflictError):
        await monitor.add("a")
    body = EndpointChange(name="a")
    with pytest.raises(ConflictError):
        await routes.change_endpoint(monitor.ctx, _ANNA, other.id, body)
    await routes.archive_endpoint(monitor.ctx, view.id)
    assert (await monitor.add("a")).id != view.id


async def test_change_keeps_what_it_does_not_name(monitor: Any) -> None:
    """A new rule is a new version; the secret stays unless it is named."""
    view = await monitor.add("a", auth=_AUTH, vendor="Raritan")
    body = EndpointChange(location="Rack 1", rules=msgspec.json.decode(view.rules))
    after = await routes.replace_endpoint(monitor.ctx, _ANNA, view.id, body)
    assert (after.location, after.vendor, after.has_secret) == (
        "Rack 1",
        "Raritan",
        True,
    )
    assert (view.rule_version, after.rule_version) == (1, 2)
    none = await routes.change_endpoint(
        monitor.ctx, _ANNA, view.id, EndpointChange(auth=None, vendor=None)
    )
    assert (none.has_secret, none.vendor) == (False, None)
    assert await monitor.pool.fetchval("select count(*) from credential") == 0


@pytest.mark.parametrize(
    "url", ["http://other.test/a", "http://meter.test:81/a", "https://meter.test/a"]
)
async def test_stored_secret_is_not_sent_to_another_host(
    monitor: Any, url: str
) -> None:
    """Whoever may change the address, and not read the secret, cannot have it sent."""
    view = await monitor.add("a", auth=_AUTH)
    with pytest.raises(InvalidInputError) as caught:
        await routes.change_endpoint(
            monitor.ctx, _ANNA, view.id, EndpointChange(url=url)
        )
    assert (caught.value.field, caught.value.value) == ("url", url)
    assert await routes.get_endpoint(monitor.ctx, view.id) == view


async def test_address_changes_with_a_new_login_or_on_the_same_host(
    monitor: Any,
) -> None:
    """Another page of the same device needs no secret, another device a new one."""
    view = await monitor.add("a", auth=_AUTH)
    page = EndpointChange(url="http://meter.test/b?x=1")
    moved = EndpointChange(url="http://other.test/a", auth=_AUTH)
    for change in (page, moved):
        after = await routes.change_endpoint(monitor.ctx, _ANNA, view.id, change)
        assert (after.url, after.has_secret) == (change.url, True)


async def test_archived_endpoint_keeps_its_readings_and_loses_its_secret(
    monitor: Any,
) -> None:
    """Deleting a meter never destroys its billing history."""
    view = await monitor.add("a", auth=_AUTH)
    monitor.show("a", "5")
    await monitor.round()
    gone = await routes.archive_endpoint(monitor.ctx, view.id)
    assert gone.archived_at is not None
    assert await routes.list_endpoints(monitor.ctx) == []
    [kept] = await routes.list_endpoints(monitor.ctx, archived=True)
    assert (kept.id, kept.archived_at) == (gone.id, gone.archived_at)
    page = await readings_page(monitor.ctx, ReadingsQuery(endpoint_id=view.id))
    assert [row.total_kwh for row in page.data] == [5]
    assert await monitor.pool.fetchval("select count(*) from credential") == 0
    with pytest.raises(UnknownItemError):
        await routes.archive_endpoint(monitor.ctx, view.id)


@pytest.mark.parametrize("unknown", [_NOBODY, "rack-1", ""])
async def test_unknown_endpoint_is_not_found(monitor: Any, unknown: str) -> None:
    """Any id that no endpoint has is answered alike."""
    ctx = monitor.ctx
    with pytest.raises(UnknownItemError):
        await routes.get_endpoint(ctx, unknown)
    with pytest.raises(UnknownItemError):
        await routes.change_endpoint(ctx, _ANNA, unknown, EndpointChange(name="x"))
    with pytest.raises(UnknownItemError):
        await routes.poll_endpoint(ctx, unknown)
    with pytest.raises(UnknownItemError):
        await routes.monthly(ctx, unknown)


async def test_endpoint_whose_rules_yield_neither_energy_nor_power_is_refused(
    monitor: Any,
) -> None:
    """An endpoint that could never store a reading is refused when it is made."""
    rules = [{"quantity": "voltage", "steps": [{"step": "json", "path": "v"}]}]
    with pytest.raises(InvalidInputError) as caught:
        await monitor.add("a", rules=rules)
    assert caught.value.field == "rules"
