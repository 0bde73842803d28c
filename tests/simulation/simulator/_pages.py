"""How devices show their values: six kinds of page, each in two layouts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ._meter import Answer
from ._traits import Traits

__all__ = ["STYLES", "Page", "page"]

_KILO, _MEGA = 1000, 1_000_000
_NUMBERS = {"no_number": "x x x", "nan": "nan", "blank": ""}


@dataclass(frozen=True)
class Page:
    """What goes over the wire."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class _Shown:
    values: tuple[str, str, str]
    layout: int
    local: datetime | None


def page(traits: Traits, answer: Answer) -> Page:
    """The page of an answer.

    Args:
        traits: Of the device.
        answer: To show.
    """
    if answer.fault in {"refused_login", "locked_out"}:
        return Page(401, "text/html", b"<html><body>Login required</body></html>")
    if answer.fault == "error_page":
        html = b"<html><body><h1>Error</h1><p>Try again in 10 minutes</p></body></html>"
        return Page(200, "text/html", html)
    mark = "," if traits.style == "latin" else "."
    energy = _energy(answer, traits.resolution, coarse=traits.coarse).replace(".", mark)
    watts = f"{answer.watts} W"
    volts = f"{answer.volts // 10}{mark}{answer.volts % 10} V"
    values = (energy, watts, volts)
    local = None
    if answer.clock is not None:
        local = datetime.fromtimestamp(answer.clock, ZoneInfo(traits.zone))
    return _STYLES[traits.style](_Shown(values, answer.layout, local))


def _energy(answer: Answer, resolution: int, *, coarse: bool) -> str:
    if answer.fault in _NUMBERS:
        # The unit stays: it is the number that is missing.
        return f"{_NUMBERS[answer.fault]} kWh"
    wh, spare = answer.register, len(str(resolution)) - 1
    if wh < _KILO:
        return f"{wh} Wh"
    if wh < _MEGA:
        return _cut(f"{wh // _KILO}.{wh % _KILO:03d}", spare) + " kWh"
    return _cut(f"{wh // _MEGA}.{wh % _MEGA:06d}", spare + coarse) + " MWh"


def _cut(number: str, digits: int) -> str:
    return number[: len(number) - digits]


def _json(shown: _Shown) -> Page:
    names = ("total", "power", "voltage"), ("Energy", "P", "U")
    values = dict(zip(names[shown.layout], shown.values, strict=True))
    body = {"ENERGY": {"Total": values}} if shown.layout else {"emeter": values}
    if shown.local:
        body |= {"time": shown.local.timestamp()}
    return Page(200, "application/json", json.dumps(body).encode())


def _table(shown: _Shown) -> Page:
    names = ("Active energy", "Active power", "Voltage"), ("Energy", "Power", "U1")
    rows = list(zip(names[shown.layout], shown.values, strict=True))
    if shown.local:
        rows.append(("Clock", f"{shown.local:%Y-%m-%d %H:%M:%S}"))
    text = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    html = f"<html><body><table id=m{shown.layout}>{text}</table></body></html>"
    return Page(200, "text/html; charset=utf-8", html.encode())


def _latin(shown: _Shown) -> Page:
    name = "Gesamtenergie für Kühlung" if shown.layout else "Zählerstand"
    names = (f"{name}:", "Leistung:", "Spannung €:")
    rows = list(zip(names, shown.values, strict=True))
    if shown.local:
        rows.append(("Gerätezeit:", f"{shown.local:%d.%m.%Y %H:%M:%S}"))
    text = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows)
    html = (
        "<html><head><meta http-equiv=Content-Type"
        f' content="text/html; charset=windows-1252"></head><table>{text}</table>'
    )
    return Page(200, "text/html", html.encode("windows-1252"))


def _obis(shown: _Shown) -> Page:
    codes = "1-0:1.8.1" if shown.layout else "1-0:1.8.0", "1-0:1.7.0", "1-0:32.7.0"
    lines = ["/SIM5 meter", ""]
    if shown.local:
        season = "S" if shown.local.dst() else "W"
        lines.append(f"0-0:1.0.0({shown.local:%y%m%d%H%M%S}{season})")
    for code, value in zip(codes, shown.values, strict=True):
        number, _, unit = value.rpartition(" ")
        lines.append(f"{code}({number}*{unit})")
    return Page(200, "text/plain", "\r\n".join([*lines, "!"]).encode())


def _xml(shown: _Shown) -> Page:
    tags = "activeEnergy" if shown.layout else "energy", "power", "voltage"
    text = "".join(
        f"<{tag}>{value}</{tag}>" for tag, value in zip(tags, shown.values, strict=True)
    )
    if shown.local:
        text += f"<time>{shown.local.isoformat()}</time>"
    xml = f'<?xml version="1.0"?><values>{text}</values>'
    return Page(200, "text/xml", xml.encode())


def _script(shown: _Shown) -> Page:
    names = "sum" if shown.layout else "total", "p", "u"
    values: dict[str, object] = dict(zip(names, shown.values, strict=True))
    if shown.local:
        values |= {"t": round(shown.local.timestamp() * 1000)}
    html = (
        "<html><head><script>var x = 1;</script>"
        f'<script id="data" type="application/json">{json.dumps(values)}</script>'
        "</head><body><h1>PDU</h1></body></html>"
    )
    return Page(200, "text/html", html.encode())


_STYLES: dict[str, Callable[[_Shown], Page]] = {
    "json": _json,
    "table": _table,
    "latin": _latin,
    "obis": _obis,
    "xml": _xml,
    "script": _script,
}
STYLES = tuple(_STYLES)
