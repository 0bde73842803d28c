"""Groups, tariffs, bills, rules and logins: changed by version, with names kept."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.endpoints import RuleBody, UnknownRuleVersionError
from nxforge_consumption_monitor.groups import (
    DuplicateGroupError,
    GroupBody,
    GroupInUseError,
)
from nxforge_consumption_monitor.models import (
    AuthBody,
    EndpointChange,
    StaleVersionError,
)
from nxforge_consumption_monitor.store import UnknownGroupError
from nxforge_consumption_monitor.tariffs import (
    TariffBody,
    TariffInUseError,
    UnknownSubjectError,
    UnknownTariffError,
)
from nxforge_core.api import InvalidInputError, UnknownItemError

_ANNA: Final[Any] = SimpleNamespace(user=SimpleNamespace(name="anna"))
_FLAT: Final = TariffBody(
    name="flat",
    currency="EUR",
    prices=(Price(valid_from=datetime(2025, 1, 1, tzinfo=UTC), rate=Decimal("0.2")),),
)
_NOBODY: Final = "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"


async def _month(monitor: Any, name: str, **members: Any) -> Any:
    """An endpoint that counts 100 kWh in February 2025."""
    view = await monitor.add(name, interval_s=3600, tz="UTC", **members)
    monitor.clock.instant = datetime(2025, 2, 1, tzinfo=UTC)
    for register in ("1000", "1100"):
        monitor.show(name, register)
        await monitor.round()
        monitor.clock.pass_by(days=28)
    return view


async def test_change_for_another_version_is_refused(monitor: Any) -> None:
    """Who read before somebody else wrote gets 412 and changes nothing."""
    view = await monitor.add("a")
    seen = await routes.get_endpoint(monitor.ctx, view.id)
    one = EndpointChange(location="Hall 1")
    after = await routes.change_endpoint(
        monitor.ctx, _ANNA, view.id, one, if_match=seen.etag
    )
    assert after.etag != seen.etag
    two = EndpointChange(location="Hall 2")
    for call in (
        routes.change_endpoint(monitor.ctx, _ANNA, view.id, two, if_match=seen.etag),
        routes.archive_endpoint(monitor.ctx, view.id, if_match=seen.etag),
        routes.put_credential(
            monitor.ctx, view.id, AuthBody(type="none"), if_match=seen.etag
        ),
    ):
        with pytest.raises(StaleVersionError) as caught:
            await call
        assert caught.value.status == 412
    kept = await routes.get_endpoint(monitor.ctx, view.id)
    assert (kept.location, kept.archived_at) == ("Hall 1", None)
    either = f'"0", {kept.etag}'
    await routes.change_endpoint(monitor.ctx, _ANNA, view.id, two, if_match=either)
    await routes.change_endpoint(monitor.ctx, _ANNA, view.id, one, if_match="*")


async def test_poll_leaves_the_version_of_its_endpoint(monitor: Any) -> None:
    """Whoever edits a form is not refused because a meter was read."""
    view = await monitor.add("a")
    monitor.show("a", "1")
    await monitor.round()
    assert (await routes.get_endpoint(monitor.ctx, view.id)).etag == view.etag


async def test_endpoint_without_readings_is_deleted_and_another_archived(
    monitor: Any,
) -> None:
    """Nothing is left of the one; all readings of the other one are."""
    unread = await monitor.add("a", auth=AuthBody(type="bearer", secret="token-1"))  # noqa: S106  # of this test
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    gone = await routes.archive_endpoint(monitor.ctx, unread.id)
    assert gone.deleted
    for table in ("endpoint", "endpoint_state", "credential", "scrape_attempt"):
        assert await monitor.pool.fetchval(f"select count(*) from {table}") == 0  # noqa: S608
    read = await monitor.add("b")
    monitor.show("b", "1")
    await monitor.round()
    gone = await routes.archive_endpoint(monitor.ctx, read.id)
    assert (gone.deleted, gone.archived_at is None) == (False, False)
    assert await monitor.pool.fetchval("select count(*) from reading") == 1


async def test_rules_keep_every_version_with_who_and_why(monitor: Any) -> None:
    """A new version reads from then on; an older one comes back as the newest."""
    view = await monitor.add("a")
    monitor.show("a", "1")
    await monitor.round()
    before = await monitor.pool.fetch("select * from reading")
    body = RuleBody(rules=monitor.power_rules, note="new firmware")
    await routes.add_rules(monitor.ctx, _ANNA, view.id, body)
    await routes.revert_rules(monitor.ctx, _ANNA, view.id, 1)
    found = await routes.list_rules(monitor.ctx, view.id)
    assert [
        (each.version, each.created_by, each.note, each.is_current) for each in found
    ] == [
        (3, "anna", "as version 1", True),
        (2, "anna", "new firmware", False),
        (1, "", "", False),
    ]
    assert found[0].rules == found[2].rules
    assert await monitor.pool.fetch("select * from reading") == before
    with pytest.raises(UnknownRuleVersionError):
        await routes.revert_rules(monitor.ctx, _ANNA, view.id, 9)


async def test_login_is_changed_apart_and_never_shown(monitor: Any) -> None:
    """The answer tells the kind of login and that there is a secret."""
    view = await monitor.add("a")
    auth = AuthBody(type="basic", username="reader", secret="horse-47")  # noqa: S106  # of this test
    seen = await routes.put_credential(monitor.ctx, view.id, auth)
    assert (seen.type, seen.username, seen.has_secret) == ("basic", "reader", True)
    assert await routes.show_credential(monitor.ctx, view.id) == seen
    await routes.delete_credential(monitor.ctx, view.id)
    assert (await routes.show_credential(monitor.ctx, view.id)).type == "none"
    assert await monitor.pool.fetchval("select count(*) from credential") == 0


async def test_group_bills_its_members_by_its_tariff(monitor: Any) -> None:
    """From a group and a tariff to the bill of a month, over the interface alone."""
    tariff = await routes.create_tariff(monitor.ctx, _FLAT)
    body = GroupBody(name="Rack 1", tz="UTC", tariff_id=tariff.id)
    group = await routes.create_group(monitor.ctx, body)
    view = await _month(monitor, "a", group_id=group.id)
    for subject in (view.id, group.id):
        bill = await routes.show_bill(monitor.ctx, subject, month="2025-02")
        assert (bill.total, bill.currency) == (Decimal("20.00"), "EUR")
    assert (await routes.show_group(monitor.ctx, group.id)).members == 1
    with pytest.raises(UnknownSubjectError):
        await routes.show_bill(monitor.ctx, _NOBODY, month="2025-02")
    with pytest.raises(TariffInUseError):
        await routes.delete_tariff(monitor.ctx, tariff.id)
    with pytest.raises(GroupInUseError):
        await routes.delete_group(monitor.ctx, group.id)


async def test_group_is_checked_before_it_is_written(monitor: Any) -> None:
    """Name, zone, tariff and version; an unused one goes, with its reports."""
    group = await routes.create_group(monitor.ctx, GroupBody(name="Rack 1"))
    assert group.tz == "Europe/Bucharest"
    with pytest.raises(DuplicateGroupError):
        await routes.create_group(monitor.ctx, GroupBody(name="Rack 1"))
    with pytest.raises(InvalidInputError):
        await routes.create_group(monitor.ctx, GroupBody(name="x", tz="Mars/Olympus"))
    other = GroupBody(name="x", tariff_id=_NOBODY)
    with pytest.raises(UnknownTariffError):
        await routes.create_group(monitor.ctx, other)
    body = GroupBody(name="Rack 2", kind="client")
    after = await routes.replace_group(monitor.ctx, group.id, body, if_match=group.etag)
    assert (after.id, after.name, after.kind) == (group.id, "Rack 2", "client")
    with pytest.raises(StaleVersionError):
        await routes.delete_group(monitor.ctx, group.id, if_match=group.etag)
    await routes.delete_group(monitor.ctx, group.id, if_match=after.etag)
    assert await routes.list_groups(monitor.ctx) == []
    for unknown in (group.id, "no id"):
        with pytest.raises(UnknownGroupError):
            await routes.show_group(monitor.ctx, unknown)


async def test_tariff_is_changed_by_version(monitor: Any) -> None:
    """Prices are replaced together; an old version is refused."""
    tariff = await routes.create_tariff(monitor.ctx, _FLAT)
    body = TariffBody(name="flatter", currency="EUR", prices=_FLAT.prices)
    after = await routes.replace_tariff(
        monitor.ctx, tariff.id, body, if_match=tariff.etag
    )
    assert (await routes.show_tariff(monitor.ctx, tariff.id)) == after
    with pytest.raises(StaleVersionError):
        await routes.delete_tariff(monitor.ctx, tariff.id, if_match=tariff.etag)
    await routes.delete_tariff(monitor.ctx, tariff.id, if_match=after.etag)
    with pytest.raises(UnknownItemError):
        await routes.show_tariff(monitor.ctx, tariff.id)
