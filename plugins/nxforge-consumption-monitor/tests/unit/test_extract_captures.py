"""Real answers of devices give the figures that were checked by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nxforge_consumption_monitor.extract import (
    Extraction,
    ExtractionError,
    Page,
    decode_rules,
    explain,
    extract,
)

RULES = sorted((Path(__file__).resolve().parents[1] / "rules").glob("*.json"))
SIX = Decimal("0.000001")


def capture(name: str) -> bytes:
    """Return a captured answer from the folder beside the repository."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "noxfile.py").exists() or (folder / ".git").exists():
            path = folder.parent / "shared" / "fixtures" / name
            if path.exists():
                return path.read_bytes()
    pytest.skip(f"shared/fixtures/{name} is not beside the repository")


def read(name: str) -> tuple[dict[str, Any], Page]:
    """Return the rule file of a capture, and the capture as it is served."""
    path = next(rules for rules in RULES if rules.stem == name)
    data = json.loads(path.read_text("utf-8"))
    status = data.get("status", 200)
    return data, Page(capture(name), data["contentType"], status)


def extracted(name: str) -> Extraction:
    """Apply the rules of a capture to it."""
    data, page = read(name)
    return extract(decode_rules(data["rules"]), page)


def value(found: Extraction, quantity: Any, channel: str) -> Decimal:
    """Return one value of an extraction, which must be there."""
    measurement = found.find(quantity, channel)
    assert measurement is not None
    return measurement.value


@pytest.mark.parametrize("name", [path.stem for path in RULES])
def test_capture_gives_the_checked_figures(name: str) -> None:
    """Energy and power of each capture are equal as decimals; errors are the named."""
    data, page = read(name)
    rules = decode_rules(data["rules"])
    expected = data["expect"]
    if "error" in expected:
        with pytest.raises(ExtractionError) as raised:
            extract(rules, page)
        assert raised.value.outcome == expected["error"]
        return

    found = extract(rules, page)

    assert found.energy_kwh == Decimal(expected["energyKwh"])
    assert found.power_kw == Decimal(expected["powerKw"])
    assert found.raw_text


def test_captures_have_a_rule_each_except_xml() -> None:
    """No captured answer is left out by accident."""
    capture("INDEX.md")
    folder = next(
        parent.parent / "shared" / "fixtures"
        for parent in Path(__file__).resolve().parents
        if (parent.parent / "shared" / "fixtures").exists()
    )
    names = {p.name for p in folder.iterdir() if p.is_file()}

    missing = names - {path.stem for path in RULES} - {"INDEX.md"}

    assert {name for name in missing if not name.endswith(".xml")} == set()


def test_raritan_poles_are_refused_when_one_is_not_valid() -> None:
    """A pole that says `valid: false` makes the total unknown, not smaller."""
    data, page = read("raritan_px3_rack0_feed_blue_bulk_readings.json")
    body = json.loads(page.body)
    body["result"]["responses"][13]["json"]["result"]["_ret_"]["valid"] = False

    with pytest.raises(ExtractionError) as raised:
        extract(decode_rules(data["rules"]), Page(json.dumps(body).encode()))

    assert raised.value.outcome == "no_number"
    assert raised.value.reason == "not_available"


def test_envoy_page_tells_its_coarse_resolution() -> None:
    """Units come from the text, and 133 MWh is known to the next 1000 kWh only."""
    found = extracted("enphase_envoy_3.17_production.html")

    assert found.resolution_kwh == 1000
    assert found.raw_text == "133 MWh"
    assert found.raw_unit == "MWh"


def test_envoy_without_meter_has_no_consumption() -> None:
    """An absent current transformer is absent, not 0 kWh."""
    found = extracted("enphase_envoy_4.2_ct_disabled_production.json")

    assert found.find("energy", "consumption") is None
    assert [each.channel for each in found.missing] == ["consumption", "consumption"]
    assert "activeCount" in found.missing[0].message


def test_float_noise_is_rounded_away() -> None:
    """395.89999999999998 V is 395.9 V, and tells nothing of the resolution."""
    found = extracted("fronius_getmeterrealtimedata_device0.json")

    assert value(found, "voltage", "l1_l2") == Decimal("395.900000")
    measurement = found.find("voltage", "l1_l2")
    assert measurement is not None
    assert measurement.resolution is None


def test_printed_digits_are_all_kept() -> None:
    """A register printed with seven decimals keeps the seventh."""
    found = extracted("dsmr_easymeter_q3d_telegram.txt")

    assert str(found.energy_kwh) == "52185.7825309"
    assert found.resolution_kwh == Decimal("1E-7")


def test_other_channels_are_found_beside_the_total() -> None:
    """Export and a second phase are values of their own."""
    em = extracted("shelly_gen1_em_status.json")
    sml = extracted("tasmota_status8_sml_3phase.json")

    assert value(em, "energy", "export") == Decimal("653.673700")
    assert value(em, "energy", "l2") == Decimal("173.411300")
    assert value(sml, "energy", "export") == Decimal("582.456900")
    assert value(sml, "power", "l2") == Decimal("-0.111")


@pytest.mark.parametrize("name", [path.stem for path in RULES])
def test_capture_can_be_explained(name: str) -> None:
    """The dry run tells the same result, every text short enough to be shown."""
    data, page = read(name)

    told = explain(decode_rules(data["rules"]), page)

    texts = [
        t for r in told.rules for s in r.steps for t in (s.step, s.input, s.output)
    ]
    assert all(len(text) <= 200 for text in texts)
    if "error" in data["expect"]:
        error = told.error or told.rules[0].error
        assert error is not None
        assert error.outcome == data["expect"]["error"]
    else:
        assert told.rules[0].value == Decimal(data["expect"]["energyKwh"])
        assert told.rules[0].unit == "kWh"
