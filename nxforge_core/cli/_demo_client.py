"""What the demo does over HTTP, with a token, like any other client."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

import click
import httpx

from nxforge_core.api import NxForgeError

from ._context import print_table
from ._rules import demo_endpoints

__all__ = ["DemoClient", "DemoRequestError"]

_MONITOR: Final = "/api/v1/m/consumption-monitor"
_COLLECT: Final = "/api/v1/jobs/consumption-monitor/collect-consumption/runs"


class DemoRequestError(NxForgeError):
    """The demo's own host refused a request of the demo."""

    code = "demo"

    def __init__(self, method: str, path: str, answer: httpx.Response) -> None:
        super().__init__(
            f"{method} {path} answered {answer.status_code}: {answer.text[:500]}",
            remedy="start the demo without --data-dir, or report this",
        )


class DemoClient:
    """Registers the simulated meters and tells what was read.

    Args:
        base: URL of the host.
        token: With the role admin.
    """

    def __init__(self, base: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(base_url=base, headers=headers, trust_env=False)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.__aexit__(kind, error, traceback)

    async def register(self, rack: str) -> None:
        """Make an endpoint of each meter, or point the one there is at this rack."""
        known = {one["name"]: one["id"] for one in await self._endpoints()}
        for body in demo_endpoints(rack):
            if (identity := known.get(body["name"])) is None:
                await self._ask("POST", f"{_MONITOR}/endpoints", json=body)
            else:
                path = f"{_MONITOR}/endpoints/{identity}"
                # With its login: a stored one is not sent to another address.
                place = {key: body[key] for key in ("url", "auth") if key in body}
                await self._ask("PATCH", path, json=place)
        await self._ask("POST", _COLLECT)

    async def summary(self) -> int:
        """Print what was read; answers how many readings are stored."""
        live = await self._ask("GET", f"{_MONITOR}/live")
        page = await self._ask(
            "GET", f"{_MONITOR}/readings", params={"success": "true", "limit": 1}
        )
        rows = [
            [one["name"], one["registerKwh"], one["powerKw"], one["state"]]
            for one in live["data"]["endpoints"]
        ]
        print_table(["endpoint", "register kWh", "power kW", "state"], rows)
        total = int(page["meta"]["total"])
        click.echo(f"{total} readings stored")
        return total

    async def _endpoints(self) -> list[dict[str, Any]]:
        answer = await self._ask("GET", f"{_MONITOR}/endpoints")
        return list(answer["data"])

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = await self._http.request(method, path, **more)
        if answer.is_error:
            raise DemoRequestError(method, path, answer)
        return dict(answer.json())
