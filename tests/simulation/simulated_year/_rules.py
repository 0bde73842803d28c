"""How an operator would read each page: by style and layout."""

from __future__ import annotations

from typing import Any

from simulator import Traits

__all__ = ["rules_of"]

_QUANTITIES = ("energy", "power", "voltage")
_Step = dict[str, Any]


def _json(*path: str) -> list[_Step]:
    return [{"step": "json", "path": each} for each in path]


def _label(*label: str) -> list[_Step]:
    return [{"step": "label", "label": each} for each in label]


def _kv(*key: str) -> list[_Step]:
    return [{"step": "kv", "key": each} for each in key]


def _tag(*tag: str) -> list[_Step]:
    return [{"step": "regex", "pattern": f"<{each}>([^<]*)</{each}>"} for each in tag]


def _script(*name: str) -> list[_Step]:
    return [
        {"step": "json", "path": each, "fromScript": "script#data"} for each in name
    ]


_STEPS: dict[str, tuple[list[_Step], list[_Step]]] = {
    "json": (
        _json("emeter.total", "emeter.power", "emeter.voltage"),
        _json("ENERGY.Total.Energy", "ENERGY.Total.P", "ENERGY.Total.U"),
    ),
    "table": (
        _label("Active energy", "Active power", "Voltage"),
        _label("Energy", "Power", "U1"),
    ),
    "latin": (
        _label("Zählerstand", "Leistung", "Spannung €"),
        _label("Gesamtenergie für Kühlung", "Leistung", "Spannung €"),
    ),
    "obis": (
        _kv("1-0:1.8.0", "1-0:1.7.0", "1-0:32.7.0"),
        _kv("1-0:1.8.1", "1-0:1.7.0", "1-0:32.7.0"),
    ),
    "xml": (
        _tag("energy", "power", "voltage"),
        _tag("activeEnergy", "power", "voltage"),
    ),
    "script": (_script("total", "p", "u"), _script("sum", "p", "u")),
}


_CLOCKS: dict[str, tuple[_Step, str]] = {
    "json": ({"step": "json", "path": "time"}, "epoch"),
    "table": ({"step": "label", "label": "Clock"}, "auto"),
    "latin": ({"step": "label", "label": "Gerätezeit"}, "%d.%m.%Y %H:%M:%S"),
    "obis": ({"step": "kv", "key": "0-0:1.0.0"}, "dsmr"),
    "xml": ({"step": "regex", "pattern": "<time>([^<]*)</time>"}, "iso"),
    "script": (_script("t")[0], "auto"),
}


def rules_of(traits: Traits, layout: int) -> dict[str, object]:
    """The rule set of a page."""
    style = traits.style
    number = {"step": "number", "format": "comma" if style == "latin" else "dot"}
    steps = _STEPS[style][layout]
    rules = [
        {"quantity": quantity, "steps": [first, number, {"step": "unit"}]}
        for quantity, first in zip(_QUANTITIES, steps, strict=True)
    ]
    if traits.has_clock:
        rules.append({"quantity": "device_time", "steps": _clock(traits)})
    return {"rules": rules}


def _clock(traits: Traits) -> list[_Step]:
    found, form = _CLOCKS[traits.style]
    step: _Step = {"step": "time", "format": form}
    return [found, step | ({"tz": traits.zone} if form == "dsmr" else {})]
