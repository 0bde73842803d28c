"""What people type in: registers, webhooks, lists of endpoints."""

from __future__ import annotations

from typing import Any

from looking import act, done, look

from nxforge_consumption_monitor.endpoints import list_all
from nxforge_consumption_monitor.pages import (
    WEBHOOK_PAGE,
    WEBHOOKS_PAGE,
    endpoint_form_page,
    endpoint_import_page,
    type_in_page,
)
from nxforge_consumption_monitor.webhooks import webhooks
from nxforge_core.ui import Trouble

_RULES = '"[{""quantity"":""power"",""steps"":[{""step"":""json"",""path"":""kw""}]}]"'
_LIST = f"name,url,rules\na,http://meter.test/a,{_RULES}\nb,nowhere,{_RULES}\n"


async def test_register_is_looked_at_and_then_stored(monitor: Any) -> None:
    """It is read by the clock of the site, and a look stores nothing."""
    endpoint = await monitor.add("a", interval_s=3600)
    page = type_in_page()
    empty = await look(monitor, page, endpoint=endpoint.id)
    assert empty.failed == []
    chosen = empty.card("read").css_first("[name=endpoint] [selected]")
    at = empty.card("read").css_first("[name=timestamp]")
    assert chosen is not None
    assert at is not None
    assert (chosen.text(), at.attributes["value"]) == ("a", "2025-03-10T14:00")

    entered = {
        "endpoint": endpoint.id,
        "timestamp": "2025-03-01T06:00",
        "register_kwh": "1234.5",
        "channel": "total",
    }
    go = done(await act(monitor, page, "read", entered)).go
    assert go is not None
    seen = await look(monitor, page, **go.params)
    assert seen.failed == []
    assert "1,234.5 kWh would count as manual" in seen.text("outcome")
    assert await monitor.pool.fetchval("select count(*) from reading") == 0
    said = done(await act(monitor, page, "store-it", **go.params)).message
    assert said == "1234.5 kWh of a is stored: manual."
    at_utc = "select to_char(ts at time zone 'UTC', 'HH24:MI') from reading"
    assert await monitor.pool.fetchval(at_utc) == "04:00"


async def test_register_of_tomorrow_is_refused_beside_its_field(monitor: Any) -> None:
    """As the API says it, by the name that the form gives the field."""
    endpoint = await monitor.add("a")
    entered = {
        "endpoint": endpoint.id,
        "timestamp": "2025-03-11T14:00",
        "register_kwh": "5",
        "channel": "total",
    }
    page = type_in_page()
    later = await act(monitor, page, "read", entered)
    assert isinstance(later, Trouble)
    assert list(later.fields) == ["timestamp"]
    entered |= {"timestamp": "2025-03-09T14:00", "register_kwh": "-5"}
    negative = await act(monitor, page, "read", entered)
    assert isinstance(negative, Trouble)
    assert list(negative.fields) == ["register_kwh"]


def webhook(**more: str) -> dict[str, str]:
    """What is entered of a webhook that is told of new alerts."""
    known = {
        "name": "chat",
        "url": "https://chat.test/hook",
        "min_severity": "info",
        "new": "on",
        "over": "on",
        "enabled": "on",
    }
    return known | more


async def test_webhook_gets_a_secret_that_is_shown_once(monitor: Any) -> None:
    """One that is left empty is made; it stands on no page afterwards."""
    outcome = done(await act(monitor, WEBHOOKS_PAGE, "add-a-webhook", webhook()))
    assert len(outcome.secret) >= 16
    [stored] = await webhooks(monitor.ctx)
    assert stored.events == ["alert.created", "alert.resolved"]
    page = await look(monitor, WEBHOOK_PAGE, id=stored.id)
    assert page.failed == []
    assert outcome.secret not in page.text("webhook") + page.text("change")
    kept = webhook(name="chat", again="on", unsure="on", paused="on")
    done(await act(monitor, WEBHOOK_PAGE, "change", kept, id=stored.id))
    [changed] = await webhooks(monitor.ctx)
    assert changed.events == []
    sealed = await monitor.pool.fetchval("select sealed_secret from webhook")
    assert monitor.ctx.secrets.open(sealed) == outcome.secret


async def test_webhook_is_tested_and_deleted(monitor: Any) -> None:
    """The test stands in its log; one that is off is told why it is not sent."""
    done(await act(monitor, WEBHOOKS_PAGE, "add-a-webhook", webhook()))
    [stored] = await webhooks(monitor.ctx)
    one = {"nx-one": f"test:{stored.id}"}
    done(await act(monitor, WEBHOOKS_PAGE, "webhooks", one))
    done(await act(monitor, WEBHOOK_PAGE, "send-a-test", id=stored.id))
    rows = (await look(monitor, WEBHOOK_PAGE, id=stored.id)).rows("sent")
    assert [row[1] for row in rows] == ["webhook.test"] * 2
    off = {name: text for name, text in webhook().items() if name != "enabled"}
    done(await act(monitor, WEBHOOK_PAGE, "change", off, id=stored.id))
    idle = await act(monitor, WEBHOOK_PAGE, "send-a-test", id=stored.id)
    assert isinstance(idle, Trouble)
    gone = {"nx-one": f"delete:{stored.id}"}
    done(await act(monitor, WEBHOOKS_PAGE, "webhooks", gone))
    assert (await look(monitor, WEBHOOKS_PAGE)).rows("webhooks") == []


async def test_webhook_that_is_told_nothing_is_refused(monitor: Any) -> None:
    """No choice would mean everything to the API."""
    fields = {"name": "chat", "url": "https://chat.test/hook", "min_severity": "info"}
    outcome = await act(monitor, WEBHOOKS_PAGE, "add-a-webhook", fields)
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["new"]


async def test_list_is_looked_at_and_its_good_rows_are_created(monitor: Any) -> None:
    """The row that is not taken says what to do; nobody else sees the list."""
    page = endpoint_import_page()
    assert (await look(monitor, page)).failed == []
    go = done(await act(monitor, page, "list", {"text": _LIST})).go
    assert go is not None
    seen = await look(monitor, page, **go.params)
    assert seen.failed == []
    assert "Of 2 rows 1 would be endpoints" in seen.text("outcome")
    assert seen.rows("rejected")[0][:2] == ["3", "b"]
    assert seen.rows("created") == [["2", "a"]]
    assert await list_all(monitor.ctx) == []
    done(await act(monitor, page, "create-them", **go.params))
    assert [each.name for each in await list_all(monitor.ctx)] == ["a"]
    again = await act(monitor, page, "create-them", **go.params)
    assert isinstance(again, Trouble)


async def test_text_that_is_no_list_is_told(monitor: Any) -> None:
    """With the columns that have no meaning."""
    outcome = await act(
        monitor, endpoint_import_page(), "list", {"text": "name;colour\na;red"}
    )
    assert isinstance(outcome, Trouble)
    assert "'colour'" in outcome.message


async def test_endpoint_is_duplicated_without_its_password(monitor: Any) -> None:
    """The form holds the rest, under another name."""
    known = await monitor.add("a", interval_s=77, location="Hall")
    page = await look(monitor, endpoint_form_page(), copy=known.id)
    assert page.failed == []
    held = {
        name: page.card("entry").css_first(f"[name={name}]")
        for name in ("name", "interval_s", "location", "password")
    }
    shown = {name: node.attributes.get("value") for name, node in held.items() if node}
    assert shown == {
        "name": "a (copy)",
        "interval_s": "77",
        "location": "Hall",
        "password": None,
    }
