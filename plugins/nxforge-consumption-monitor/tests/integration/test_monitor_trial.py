"""The dry run of an endpoint tells everything, stores nothing, shows no secret."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor.models import AuthBody, TrialBody, TrialView
from nxforge_consumption_monitor.trying import Trier
from nxforge_core.api import (
    Certificate,
    HttpResponse,
    InvalidInputError,
    OutboundConnectError,
    OutboundTimeoutError,
    UnknownItemError,
    UsageError,
)

_SECRET = "korrekt-horse-47"  # noqa: S105  # of this test only
_AUTH = AuthBody(type="basic", username="reader", secret=_SECRET)
_NOBODY = "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"
_URL = "http://meter.test/a"
_LABEL: list[object] = [
    {"quantity": "energy", "steps": [{"step": "label", "label": "Total"}]}
]
_COUNT = """
select (select count(*) from reading) + (select count(*) from scrape_attempt)
     + (select count(*) from credential) + (select count(*) from extraction_rule)
     + (select count(*) from endpoint)
"""


def table(text: str) -> str:
    """A page with one value."""
    return f"<table><tr><td>Total</td><td>{text}</td></tr></table>"


async def tried(monitor: Any, **members: Any) -> TrialView:
    """A dry run of these members."""
    return await Trier().run(monitor.ctx, TrialBody(**members))


def shown(view: TrialView) -> str:
    """The answer as text."""
    return msgspec.json.Encoder(decimal_format="number").encode(view).decode()


async def test_new_endpoint_is_tried_and_nothing_is_stored(monitor: Any) -> None:
    """Request, answer, steps, match and number are told; no table changes."""
    monitor.http.serve(_URL, table("1 234,5 kWh"), "text/html; charset=utf-8")
    before = await monitor.pool.fetchval(_COUNT)

    view = await tried(monitor, url=_URL, rules=_LABEL, headers={"X-Unit": "kWh"})

    assert view.outcome == "ok"
    assert view.error is None
    assert (view.request.method, view.request.url) == ("GET", _URL)
    assert view.request.headers == {"X-Unit": "kWh"}
    assert view.response is not None
    assert (view.response.status, view.response.charset) == (200, "utf-8")
    assert view.response.elapsed_ms == 10
    [rule] = view.rules
    assert (rule.value, rule.unit, rule.resolution) == (
        Decimal("1234.5"),
        "kWh",
        Decimal("0.1"),
    )
    assert (rule.raw_text, rule.raw_unit) == ("1 234,5 kWh", "kWh")
    assert (rule.line, rule.column) == (1, 30)
    assert "<td>1 234,5 kWh</td>" in rule.excerpt
    assert [step.output for step in rule.steps][:2] == ["1 234,5 kWh", "1234.5"]
    assert rule.steps[0].place == "right of the label 'Total'"
    assert rule.plausibility is None
    assert await monitor.pool.fetchval(_COUNT) == before


async def test_stored_endpoint_is_tried_with_changes(monitor: Any) -> None:
    """Members that are given count, the others are those of the endpoint."""
    stored = await monitor.add("a", method="POST", body="[1]")
    monitor.show("a", "7.5")

    same = await tried(monitor, endpoint_id=stored.id)
    other = await tried(monitor, endpoint_id=stored.id, body="[2]", rules=_LABEL)

    assert [rule.value for rule in same.rules] == [Decimal("7.5"), Decimal("1.5")]
    assert other.outcome == "unexpected_content"
    assert [r.body for r in monitor.http.requests] == [b"[1]", b"[2]"]


async def test_stored_secret_is_used_and_never_shown(monitor: Any) -> None:
    """A device that prints the password back tells nobody what it is."""
    stored = await monitor.add("a", auth=_AUTH)
    echo = f"<p>{_SECRET}</p><p>password={_SECRET}</p>" + table(f"{_SECRET} 5 kWh")
    monitor.http.serve(_URL, echo, f"text/html; x={_SECRET}")

    view = await tried(monitor, endpoint_id=stored.id, rules=_LABEL, find="5")

    assert monitor.http.requests[0].auth.password == _SECRET
    assert (view.request.auth, view.request.username) == ("basic", "reader")
    assert _SECRET not in shown(view)
    assert "sealed:" not in shown(view)
    assert "***" in view.excerpt


async def test_given_secret_is_used_and_never_shown(monitor: Any) -> None:
    """A new login is tried before it is stored, and is no more visible than later."""
    auth = AuthBody(type="header", username="X-Key", secret=_SECRET)
    monitor.http.serve(_URL, table(f"5 kWh {_SECRET}"), "text/html")

    view = await tried(monitor, url=_URL, rules=_LABEL, auth=auth)

    assert monitor.http.requests[0].headers["X-Key"] == _SECRET
    assert view.rules[0].value == 5
    assert _SECRET not in shown(view)


@pytest.mark.parametrize(
    "url",
    [
        "http://other.test/a",
        "https://meter.test/a",
        "http://meter.test:8080/a",
        "http://meter.test.evil/a",
    ],
)
async def test_stored_secret_is_never_sent_to_another_place(
    monitor: Any, url: str
) -> None:
    """Host, scheme and port are those that the secret was given for."""
    stored = await monitor.add("a", auth=_AUTH)

    with pytest.raises(InvalidInputError):
        await tried(monitor, endpoint_id=stored.id, url=url)

    assert monitor.http.requests == []


async def test_other_place_is_tried_without_the_stored_secret(monitor: Any) -> None:
    """Who gives a login of their own, or none, may ask another device."""
    stored = await monitor.add("a", auth=_AUTH)
    monitor.http.serve("http://other.test/", table("5 kWh"), "text/html")

    view = await tried(
        monitor,
        endpoint_id=stored.id,
        url="http://other.test/",
        auth=None,
        rules=_LABEL,
    )

    assert view.rules[0].value == 5
    assert monitor.http.requests[0].auth is None


async def test_number_is_compared_with_the_last_reading(monitor: Any) -> None:
    """A register that fell, or rose more than it can, is told before it is stored."""
    stored = await monitor.add("a", max_kw=Decimal(10))
    monitor.show("a", "100")
    await monitor.round()
    monitor.clock.pass_by(hours=1)

    labels = {}
    for kwh in ("104", "99.9995", "3", "900"):
        monitor.show("a", kwh)
        view = await tried(monitor, endpoint_id=stored.id)
        beside = view.rules[0].plausibility
        assert beside is not None
        assert beside.last_register_kwh == 100
        labels[kwh] = (beside.label, beside.plausible, beside.energy_kwh)

    assert labels == {
        "104": ("ok", True, Decimal(4)),
        "99.9995": ("jitter", True, Decimal(0)),
        "3": ("suspect_low", False, Decimal(0)),
        "900": ("suspect_high", False, Decimal(0)),
    }


async def test_number_is_looked_for_without_any_rule(monitor: Any) -> None:
    """From the number on the display to a rule, with nothing else known."""
    monitor.http.serve(_URL, table("12.345,6 kWh"), "text/html")

    view = await tried(monitor, url=_URL, find="12345,6")

    first = view.candidates[0]
    assert (first.how, first.match, first.value) == (
        "label",
        "exact",
        Decimal("12345.6"),
    )
    assert msgspec.json.decode(first.rule)["steps"] == [
        {"step": "label", "label": "Total"}
    ]
    assert view.rules == []
    again = await tried(monitor, url=_URL, rules=[msgspec.json.decode(first.rule)])
    assert again.rules[0].value == Decimal("12345.6")


async def test_known_device_is_recognised(monitor: Any) -> None:
    """The templates that fit the page are named."""
    body = '{"power": 61.35, "energy_since_boot": 39184220.5, "relay": true}'
    monitor.http.serve(_URL, body, "application/json")

    view = await tried(monitor, url=_URL, find="61.35 W")

    assert view.templates == ["mystrom-switch"]


@pytest.mark.parametrize(
    ("text", "codes", "modulus"),
    [
        ("00012345 kWh", [], (8, Decimal(100_000_000))),
        ("012345,6 kWh", [], (6, Decimal(1_000_000))),
        ("00012345 Wh", [], (8, Decimal(100_000))),
        ("12345 kWh", [], None),
        ("1.234 kWh", ["ambiguous_decimal", "format_unpinned"], None),
        ("133 MWh", ["coarse_resolution"], None),
        ("-5.25 kWh", ["negative_energy"], None),
    ],
)
async def test_register_is_doubted_where_it_should_be(
    monitor: Any, text: str, codes: list[str], modulus: object
) -> None:
    """Padding, resolution and format are told, each with a sentence."""
    monitor.http.serve(_URL, table(text), "text/html")

    [rule] = (await tried(monitor, url=_URL, rules=_LABEL)).rules

    told = rule.modulus and (rule.modulus.digits, rule.modulus.modulus_kwh)
    assert [each.code for each in rule.warnings] == codes
    assert all(len(each.message) > 20 for each in rule.warnings)
    assert told == modulus


async def test_milliwatts_and_impossible_power_are_told(monitor: Any) -> None:
    """A factor of a million, or of a thousand, is seen before it is billed."""
    monitor.http.serve(_URL, '{"p": 61000}', "application/json")
    steps = [{"step": "json", "path": "p"}]
    codes = {}
    for unit in ("mW", "W", "kW"):
        rules = [
            {"quantity": "power", "steps": [*steps, {"step": "unit", "fixed": unit}]}
        ]
        [rule] = (await tried(monitor, url=_URL, rules=rules)).rules
        codes[unit] = [each.code for each in rule.warnings]

    assert codes == {"mW": ["milli_unit"], "W": [], "kW": ["power_above_max"]}


async def test_formats_that_disagree_are_flagged_before_the_rule_is_saved(
    monitor: Any,
) -> None:
    """12,5 and then 1,234: the second alone is an error, and the first says how."""
    monitor.http.serve(_URL, table("1,234 kWh"), "text/html")

    [pin] = (await tried(monitor, url=_URL, rules=_LABEL, observed=["12,5 kWh"])).rules
    [bad] = (await tried(monitor, url=_URL, rules=_LABEL, observed=["1.234,5"])).rules
    [worse] = (
        await tried(monitor, url=_URL, rules=_LABEL, observed=["12,5", "12.5"])
    ).rules

    assert pin.value is None
    assert pin.error is not None
    assert pin.error.outcome == "ambiguous_number"
    assert pin.format is not None
    assert (pin.format.verdict, pin.format.format) == ("pin", "comma")
    assert bad.format is not None
    assert bad.format.format == "comma"
    assert worse.format is not None
    assert worse.format.verdict == "conflict"
    assert [each.code for each in worse.warnings] == ["format_conflict"]


async def test_texts_of_stored_readings_are_remembered(monitor: Any) -> None:
    """What the endpoint printed before counts without being sent again."""
    stored = await monitor.add("a", rules=_LABEL)
    monitor.http.serve(_URL, table("12,5 kWh"), "text/html")
    await monitor.round()
    monitor.http.serve(_URL, table("1,234 kWh"), "text/html")

    [rule] = (await tried(monitor, endpoint_id=stored.id)).rules

    assert rule.format is not None
    assert rule.format.texts == ["12,5 kWh", "1,234 kWh"]
    assert (rule.format.verdict, rule.format.format) == ("pin", "comma")
    assert [each.code for each in rule.warnings] == ["format_unpinned"]


async def test_certificate_that_is_not_trusted_is_shown_for_pinning(
    monitor: Any,
) -> None:
    """A device's own certificate can be pinned from what the dry run tells."""
    url = "https://pdu.test/data"
    certificate = Certificate("ab" * 32, "CN=pdu", datetime(2030, 1, 1, tzinfo=UTC))
    monitor.http.pages[url] = OutboundConnectError(url, "self-signed", reason="tls")
    monitor.http.pages["https://pdu.test/"] = HttpResponse(
        status=200,
        headers={},
        body=b"x",
        url=url,
        elapsed=0.01,
        certificate=certificate,
    )

    view = await tried(monitor, url=url, rules=_LABEL, auth=_AUTH)

    assert view.outcome == "tls"
    assert view.response is None
    assert view.certificate is not None
    assert view.certificate.sha256 == "ab" * 32
    assert monitor.http.requests[-1].auth is None


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (("x x x", "text/html", 200), "no_number"),
        (("nan", "text/html", 200), "no_number"),
        ((" kWh", "text/html", 200), "no_number"),
        (("1,234 kWh", "text/html", 200), "ambiguous_number"),
        (("5 m3", "text/html", 200), "unit"),
        (("5 mwh", "text/html", 200), "unit"),
        (("5", "text/html", 200), "unit"),
        (("5 kWh", "text/html", 401), "auth"),
        (("5 kWh", "text/html", 500), "http_status"),
    ],
)
async def test_page_without_a_value_has_its_named_outcome(
    monitor: Any, page: tuple[str, str, int], outcome: str
) -> None:
    """Unknown is never 0, and the error says what to do."""
    text, content_type, status = page
    monitor.http.serve(_URL, table(text), content_type, status)

    view = await tried(monitor, url=_URL, rules=_LABEL)

    assert view.outcome == outcome
    assert view.error is not None
    assert view.error.message
    assert view.error.remedy
    assert all(rule.value is None for rule in view.rules)


async def test_device_that_does_not_answer_has_its_named_outcome(monitor: Any) -> None:
    """A time-out is part of the answer, not an error of the route."""
    monitor.http.pages[_URL] = OutboundTimeoutError(_URL, 10.0)

    view = await tried(monitor, url=_URL, rules=_LABEL)

    assert view.outcome == "timeout"
    assert (view.response, view.rules, view.excerpt) == (None, [], "")


async def test_expected_content_is_checked_as_in_a_round(monitor: Any) -> None:
    """A page that is another one is refused, though its rules would match."""
    monitor.http.serve(_URL, table("5 kWh"), "text/html")

    members = {"url": _URL, "rules": _LABEL, "expect": {"contentType": "json"}}
    body = msgspec.convert(members, TrialBody)
    view = await Trier().run(monitor.ctx, body)

    assert view.outcome == "unexpected_content"


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"url": "ftp://meter.test/", "rules": _LABEL},
        {"url": _URL, "rules": []},
        {"url": _URL, "rules": _LABEL, "headers": {"Cookie": "a=b"}},
        {"url": _URL, "rules": _LABEL, "tls_mode": "pinned"},
        {"url": _URL, "rules": _LABEL, "max_kw": Decimal(-1)},
        {"url": _URL, "rules": _LABEL, "auth": AuthBody(type="basic", username="a")},
        {"url": _URL, "find": "nothing"},
    ],
)
async def test_trial_refuses_what_could_not_be_stored(
    monitor: Any, members: dict[str, Any]
) -> None:
    """A mistake is told before the device is asked."""
    with pytest.raises(UsageError) as raised:
        await tried(monitor, **members)

    assert raised.value.status == 400
    assert monitor.http.requests == []


async def test_trial_of_an_endpoint_that_is_not_there_is_refused(monitor: Any) -> None:
    """An unknown id is named."""
    with pytest.raises(UnknownItemError):
        await tried(monitor, endpoint_id=_NOBODY)


async def test_trial_of_a_paused_login_is_told(monitor: Any) -> None:
    """Who tries a login that was refused twice is warned that it may lock."""
    stored = await monitor.add("a", auth=_AUTH)
    monitor.http.serve(_URL, "no", "text/plain", 401)
    for _ in range(2):
        await monitor.round()
        monitor.clock.pass_by(minutes=30)

    view = await tried(monitor, endpoint_id=stored.id)

    assert view.outcome == "auth"
    assert [each.code for each in view.warnings] == ["auth_paused"]
