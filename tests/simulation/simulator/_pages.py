"""How devices show their values: six kinds of page, each in two layouts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from ._meter import Answer, Traits

__all__ = ["STYLES", "Page", "page"]

_KILO, _MEGA = 1000, 1_000_000
_NUMBERS = {"no_number": "x x x", "nan": "nan", "blank": ""}


@dataclass(frozen=True)
class Page:
    """What goes over the wire."""

    status: int
    content_type: str
    body: bytes


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
    return _STYLES[traits.style](energy, watts, volts, answer.layout)


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


def _json(energy: str, watts: str, volts: str, layout: int) -> Page:
    names = ("total", "power", "voltage"), ("Energy", "P", "U")
    values = dict(zip(names[layout], (energy, watts, volts), strict=True))
    body = {"emeter": values} if layout == 0 else {"ENERGY": {"Total": values}}
    return Page(200, "application/json", json.dumps(body).encode())


def _table(energy: str, watts: str, volts: str, layout: int) -> Page:
    labels = ("Active energy", "Active power", "Voltage"), ("Energy", "Power", "U1")
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>"
        for label, value in zip(labels[layout], (energy, watts, volts), strict=True)
    )
    html = f"<html><body><table id=m{layout}>{rows}</table></body></html>"
    return Page(200, "text/html; charset=utf-8", html.encode())


def _latin(energy: str, watts: str, volts: str, layout: int) -> Page:
    name = "Zählerstand" if layout == 0 else "Gesamtenergie für Kühlung"
    html = (
        "<html><head><meta http-equiv=Content-Type"
        ' content="text/html; charset=windows-1252"></head><body><table>'
        f"<tr><th>{name}:</th><td>{energy}</td></tr>"
        f"<tr><th>Leistung:</th><td>{watts}</td></tr>"
        f"<tr><th>Spannung €:</th><td>{volts}</td></tr></table></body></html>"
    )
    return Page(200, "text/html", html.encode("windows-1252"))


def _obis(energy: str, watts: str, volts: str, layout: int) -> Page:
    code = "1-0:1.8.0" if layout == 0 else "1-0:1.8.1"
    lines = ("/SIM5 meter", "", f"{code}({_starred(energy)})")
    lines += (f"1-0:1.7.0({_starred(watts)})", f"1-0:32.7.0({_starred(volts)})", "!")
    return Page(200, "text/plain", "\r\n".join(lines).encode())


def _starred(value: str) -> str:
    number, _, unit = value.rpartition(" ")
    return f"{number}*{unit}"


def _xml(energy: str, watts: str, volts: str, layout: int) -> Page:
    tag = "energy" if layout == 0 else "activeEnergy"
    xml = (
        '<?xml version="1.0"?><values>'
        f"<{tag}>{energy}</{tag}><power>{watts}</power>"
        f"<voltage>{volts}</voltage></values>"
    )
    return Page(200, "text/xml", xml.encode())


def _script(energy: str, watts: str, volts: str, layout: int) -> Page:
    name = "total" if layout == 0 else "sum"
    data = json.dumps({name: energy, "p": watts, "u": volts})
    html = (
        "<html><head><script>var x = 1;</script>"
        f'<script id="data" type="application/json">{data}</script></head>'
        "<body><h1>PDU</h1></body></html>"
    )
    return Page(200, "text/html", html.encode())


_STYLES: dict[str, Callable[[str, str, str, int], Page]] = {
    "json": _json,
    "table": _table,
    "latin": _latin,
    "obis": _obis,
    "xml": _xml,
    "script": _script,
}
STYLES = tuple(_STYLES)
