"""A simulated rack for the demo: seven meters with web pages, on loopback only.

The registers grow with real time, so what the demo collects can be checked by eye.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

__all__ = ["CREDENTIALS", "SimulatedMeter", "rack_application"]

#: What the page with a login expects.
CREDENTIALS: Final = ("admin", "secret123")

_SLOW_SECONDS: Final = 1.5
_HTML: Final = "text/html; charset=utf-8"
_SCRIPTED: Final = """<html><body><h1>Rack meter</h1><div id="values"></div><script>
fetch("scripted/values").then(answer => answer.json()).then(({kwh, kw}) => {
  values.innerHTML = `<b id="total-kwh">${kwh} kWh</b> <b id="power">${kw} kW</b>`;
});
</script></body></html>"""


class SimulatedMeter:
    """A meter whose load swings around a mean.

    Args:
        start_kwh: What the register showed at the start.
        mean_kw: Mean load; it swings by a fifth with a period of a minute.
        now: Seconds since the start.
    """

    def __init__(
        self, start_kwh: str, mean_kw: float, now: Callable[[], float]
    ) -> None:
        self._start = Decimal(start_kwh)
        self._mean = mean_kw
        self._now = now

    def power_kw(self) -> Decimal:
        """The load now, in kW with three decimals."""
        swing = 0.2 * math.sin(self._now() * math.tau / 60)
        return Decimal(f"{self._mean * (1 + swing):.3f}")

    def register_kwh(self) -> Decimal:
        """The register now, in kWh: the integral of the load, with six decimals."""
        seconds = self._now()
        swing = 0.2 * 60 / math.tau * (1 - math.cos(seconds * math.tau / 60))
        energy = self._mean * (seconds + swing) / 3600
        return self._start + Decimal(f"{energy:.6f}")


def rack_application(now: Callable[[], float]) -> Litestar:
    """The seven meters as one application: `/plain`, `/table`, `/json`, and so on."""
    handlers = [
        _plain(SimulatedMeter("12543.5", 3.2, now)),
        _table(SimulatedMeter("11234.56", 5.4, now)),
        _json(SimulatedMeter("5415.41419", 2.4, now)),
        _locked(SimulatedMeter("8234.2", 1.8, now)),
        _unreliable(SimulatedMeter("5432.1", 0.9, now)),
        _slow(SimulatedMeter("15678.9", 4.1, now)),
        *_scripted(SimulatedMeter("9876.5", 2.9, now)),
    ]
    return Litestar(handlers, openapi_config=None, logging_config=None)


def _plain(meter: SimulatedMeter) -> HTTPRouteHandler:
    @get("/plain", media_type=_HTML)
    async def show() -> str:
        return _page(meter)

    return show


def _table(meter: SimulatedMeter) -> HTTPRouteHandler:
    @get("/table", media_type=_HTML)
    async def show() -> str:
        return (
            "<table><tr><th>Total energy</th>"
            f"<td>{meter.register_kwh():,.3f} kWh</td></tr>"
            f"<tr><th>Active power</th><td>{meter.power_kw() * 1000:,.0f} W</td></tr>"
            "</table>"
        )

    return show


def _json(meter: SimulatedMeter) -> HTTPRouteHandler:
    @get("/json")
    async def show() -> dict[str, Any]:
        return {
            "emdata:0": {"total_act": float(meter.register_kwh() * 1000)},
            "em:0": {"total_act_power": float(meter.power_kw() * 1000)},
        }

    return show


def _locked(meter: SimulatedMeter) -> HTTPRouteHandler:
    @get("/locked", media_type=_HTML)
    async def show(request: Request[Any, Any, Any]) -> Response[str]:
        if request.headers.get("authorization") != _basic(*CREDENTIALS):
            headers = {"WWW-Authenticate": 'Basic realm="Power Meter"'}
            return Response("login required", status_code=401, headers=headers)
        return Response(_page(meter), media_type=_HTML)

    return show


def _unreliable(meter: SimulatedMeter) -> HTTPRouteHandler:
    attempts = itertools.count()

    @get("/unreliable", media_type=_HTML)
    async def show() -> str:
        if next(attempts) % 3:
            raise HTTPException(status_code=503, detail="busy")
        return _page(meter)

    return show


def _slow(meter: SimulatedMeter) -> HTTPRouteHandler:
    @get("/slow", media_type=_HTML)
    async def show() -> str:
        await asyncio.sleep(_SLOW_SECONDS)
        return _page(meter)

    return show


def _scripted(meter: SimulatedMeter) -> list[HTTPRouteHandler]:
    """A page without a number in it: its script fetches them."""

    @get("/scripted", media_type=_HTML)
    async def show() -> str:
        return _SCRIPTED

    @get("/scripted/values")
    async def values() -> dict[str, str]:
        return {"kwh": f"{meter.register_kwh():.3f}", "kw": str(meter.power_kw())}

    return [show, values]


def _page(meter: SimulatedMeter) -> str:
    return (
        "<html><body><h1>Rack meter</h1>"
        f'<p>Energy: <b id="total-kwh">{meter.register_kwh():.3f} kWh</b></p>'
        f'<p>Power: <b id="power">{meter.power_kw()} kW</b></p></body></html>'
    )


def _basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
