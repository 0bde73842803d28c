"""From the number on a display to an endpoint that is polled."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from looking import act, done, look

from nxforge_consumption_monitor.endpoints import list_all, show
from nxforge_consumption_monitor.models import AuthBody
from nxforge_consumption_monitor.pages import endpoint_form_page
from nxforge_core.api import ui
from nxforge_core.ui import Trouble

_PAGE = '<html><body><b id="kwh">12,543.5 kWh</b></body></html>'


def way(outcome: ui.Done | Trouble) -> dict[str, str]:
    """Where the reader goes then."""
    go = done(outcome).go
    assert go is not None
    return dict(go.params)


def fields(**more: str) -> dict[str, str]:
    """What is entered of a meter that shows its register on a page."""
    known = {
        "name": "Hall",
        "url": "http://meter.test/hall",
        "login": "none",
        "client": "http",
        "max_kw": "50",
        "multiplier": "1",
    }
    return known | more


async def test_number_on_the_display_becomes_an_endpoint(monitor: Any) -> None:
    """Enter, test, use the first rule, save: the endpoint reads the number."""
    monitor.http.serve("http://meter.test/hall", _PAGE, "text/html")
    page = endpoint_form_page()
    empty = await look(monitor, page)
    assert empty.failed == []
    assert "Fill in the form" in empty.text("what-came-of-it")

    tested = way(await act(monitor, page, "entry", fields(find="12543.5")))
    seen = await look(monitor, page, **tested)
    assert seen.failed == []
    assert "rules read the number" in seen.text("what-came-of-it")
    assert seen.rows("candidates")[0][0] == "12,543.5 kWh"
    used = way(await act(monitor, page, "candidates", {"nx-one": "use:0"}, **tested))
    found = await look(monitor, page, **used)
    assert found.failed == []
    assert "it reads 12,543.5 kWh" in found.text("what-came-of-it")
    assert "»12,543.5 kWh«" in found.text("found")
    assert "200" in found.text("answer")
    saved = way(await act(monitor, page, "save", **used))
    [stored] = await list_all(monitor.ctx)
    assert (stored.id, stored.name) == (saved["id"], "Hall")
    await monitor.round()
    value = await monitor.pool.fetchval("select total_kwh from channel_state")
    assert value == Decimal("12543.5")


async def test_device_that_does_not_answer_is_said_with_what_to_do(
    monitor: Any,
) -> None:
    """A fault is an answer; the form keeps what was entered."""
    monitor.http.serve("http://meter.test/hall", "oops", "text/plain", 500)
    page = endpoint_form_page()
    tested = way(await act(monitor, page, "entry", fields(find="5")))
    seen = await look(monitor, page, **tested)
    assert "500" in seen.text("what-came-of-it")
    name = seen.card("entry").css_first("[name=name]")
    assert name is not None
    assert name.attributes["value"] == "Hall"


async def test_known_device_brings_its_rules(monitor: Any) -> None:
    """Of the address its host is enough."""
    answer = '{"total_power_import_kwh": 13779.338, "active_power_w": -543}'
    monitor.http.serve("http://meter.test/api/v1/data", answer, "application/json")
    page = endpoint_form_page()
    entered = fields(url="http://meter.test", template="homewizard-p1")
    tested = way(await act(monitor, page, "entry", entered))
    seen = await look(monitor, page, **tested)
    assert "13,779.338 kWh" in seen.text("what-came-of-it")
    await act(monitor, page, "save", **tested)
    [stored] = await list_all(monitor.ctx)
    assert stored.url == "http://meter.test/api/v1/data"


async def test_password_is_kept_from_the_test_to_the_save_and_never_shown(
    monitor: Any,
) -> None:
    """It is sealed meanwhile, and the form is empty where it was."""
    monitor.show("hall", "5")
    rules = '[{"quantity": "energy", "steps": [{"step": "json", "path": "kwh"}]}]'
    page = endpoint_form_page()
    login = {"login": "basic", "username": "reader", "password": "hush-hush"}
    entered = fields(rules=rules, **login)
    tested = way(await act(monitor, page, "entry", entered))
    seen = await look(monitor, page, **tested)
    assert "hush-hush" not in str(seen.card("entry").html)
    await act(monitor, page, "save", **tested)
    [stored] = await list_all(monitor.ctx)
    assert stored.auth.has_secret
    sealed = await monitor.pool.fetchval("select sealed_secret from credential")
    assert monitor.ctx.secrets.open(sealed) == "hush-hush"


async def test_stored_endpoint_is_changed_and_keeps_its_login(monitor: Any) -> None:
    """What is not entered again stays: the secret, and what the form does not have."""
    login = AuthBody(type="basic", username="reader", secret="hush-hush")  # noqa: S106 - of nothing
    endpoint = await monitor.add("hall", auth=login, breaker_a=Decimal(16))
    monitor.show("hall", "5")
    page = endpoint_form_page()
    form = await look(monitor, page, id=endpoint.id)
    assert form.failed == []
    rules = form.card("entry").css_first("[name=rules]")
    assert rules is not None
    entered = fields(
        name="New hall", rules=rules.text(), login="basic", username="reader"
    )
    tested = way(await act(monitor, page, "entry", entered, id=endpoint.id))
    assert tested["id"] == endpoint.id
    way(await act(monitor, page, "save", **tested))
    changed = await show(monitor.ctx, endpoint.id)
    assert (changed.name, changed.breaker_a) == ("New hall", 16)
    assert changed.auth.has_secret


async def test_rules_that_are_no_json_are_refused_beside_their_field(
    monitor: Any,
) -> None:
    """Nothing is asked then."""
    page = endpoint_form_page()
    outcome = await act(monitor, page, "entry", fields(rules="kwh"))
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["rules"]
    assert monitor.http.requests == []


async def test_nothing_is_saved_that_was_not_tested(monitor: Any) -> None:
    """Without a draft, or with that of another host, the words say what to do."""
    for params in ({}, {"draft": "unknown"}):
        outcome = await act(monitor, endpoint_form_page(), "save", **params)
        assert isinstance(outcome, Trouble)
        assert "fill in the form again" in outcome.remedy


async def test_draft_without_rules_is_not_stored(monitor: Any) -> None:
    """Found candidates are no choice yet."""
    monitor.http.serve("http://meter.test/hall", _PAGE, "text/html")
    page = endpoint_form_page()
    tested = way(await act(monitor, page, "entry", fields(find="12543.5")))
    outcome = await act(monitor, page, "save", **tested)
    assert isinstance(outcome, Trouble)
    assert "use a rule that reads it" in str(outcome)
    assert await list_all(monitor.ctx) == []


async def test_address_is_enough_to_begin_with(monitor: Any) -> None:
    """The numbers of the page are offered; the one that is chosen finds its rules."""
    monitor.http.serve("http://meter.test/hall", _PAGE, "text/html")
    page = endpoint_form_page()
    asked = way(await act(monitor, page, "entry", fields()))
    seen = await look(monitor, page, **asked)
    assert seen.failed == []
    assert "Which of its numbers" in seen.text("what-came-of-it")
    assert seen.rows("numbers")[0][0] == "12,543.5 kWh"
    assert not seen.has("found")
    one = {"nx-one": "register:12,543.5 kWh"}
    chosen = way(await act(monitor, page, "numbers", one, **asked))
    assert (await look(monitor, page, **chosen)).rows("candidates")


async def test_known_device_is_recognised_by_its_page(monitor: Any) -> None:
    """It is offered by name, and reads at once when it is chosen."""
    answer = '{"total_power_import_kwh": 13779.338, "active_power_w": -543}'
    monitor.http.serve("http://meter.test/api/v1/data", answer, "application/json")
    page = endpoint_form_page()
    entered = fields(url="http://meter.test/api/v1/data")
    asked = way(await act(monitor, page, "entry", entered))
    seen = await look(monitor, page, **asked)
    assert "a known device" in seen.text("what-came-of-it")
    assert any("HomeWizard" in row[0] for row in seen.rows("devices"))
    one = {"nx-one": "device:homewizard-p1"}
    chosen = way(await act(monitor, page, "devices", one, **asked))
    found = await look(monitor, page, **chosen)
    assert "13,779.338 kWh" in found.text("what-came-of-it")
    done(await act(monitor, page, "save", **chosen))
    [(_, params)] = monitor.jobs.asked
    [stored] = await list_all(monitor.ctx)
    assert params == {"endpointIds": [stored.id]}
