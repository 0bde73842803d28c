"""Every page of the demo, by an address at which it has something to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from typing import Any, Final

import httpx

__all__ = ["WITHOUT", "demo_pages", "pages_of_code"]

#: Says what is wrong with the thing that it is asked for: the demo has none.
WITHOUT: Final = frozenset({"/ui/consumption-monitor/event"})

_MONITOR: Final = "/api/v1/m/consumption-monitor"
_SENSORS: Final = "/api/v1/m/temperature-monitor/sensors"
_SENSOR: Final = "hall-of-the-walk"
#: Of pages that are about one thing; ids that the demo makes are found out.
_PARAMS: Final[Mapping[str, str]] = {
    "/ui/nxforge/job": "plugin=consumption-monitor&job=collect-consumption",
    "/ui/nxforge/run": "id=1",
    "/ui/nxforge/plugin": "id=consumption-monitor",
    "/ui/nxforge/plugin-plan": "id=consumption-monitor",
    "/ui/nxforge/operation": "id=post_networks",
    "/ui/temperature-monitor/sensor": f"name={_SENSOR}",
}
_NEW: Final[Mapping[str, Mapping[str, Any]]] = {
    "groups": {"name": "Hall of the walk"},
    "webhooks": {
        "name": "Hook of the walk",
        "url": "http://127.0.0.1:9/hook",
        "secret": "seven green lamps",
        "enabled": False,
    },
    "tariffs": {
        "name": "Tariff of the walk",
        "currency": "EUR",
        "prices": [{"validFrom": "2025-01-01T00:00:00+00:00", "rate": "0.31"}],
    },
}


def pages_of_code() -> Iterator[str]:
    """The path of each page that the host and its plugins have, by their hooks."""
    from nxforge_core.builtin.pages import PAGES  # noqa: PLC0415  # a test's own import

    yield from (f"/ui/nxforge/{page.name}" for page in PAGES)
    for entry in entry_points(group="nxforge.plugins"):
        if (hook := getattr(entry.load(), "nxforge_pages", None)) is not None:
            yield from (f"/ui/{entry.name}/{page.name}" for page in hook())


def demo_pages(base: str, session: Mapping[str, Any]) -> dict[str, str]:
    """Path and address of every page; makes one of each thing that has a page.

    Args:
        base: Where the demo is.
        session: Of an administrator, as a browser keeps it.
    """
    [cookie] = session["cookies"]
    headers = {"origin": base}
    with httpx.Client(
        base_url=base,
        cookies={cookie["name"]: cookie["value"]},
        headers=headers,
        timeout=30,
    ) as client:
        made = {what: _made(client, what, body) for what, body in _NEW.items()}
        made["endpoints"] = client.get(f"{_MONITOR}/endpoints").json()["data"][0]["id"]
        client.post(_SENSORS, json={"name": _SENSOR})
        assert client.get(f"{_SENSORS}/{_SENSOR}").status_code == 200
    own = {f"/ui/consumption-monitor/{w[:-1]}": f"id={key}" for w, key in made.items()}
    own["/ui/consumption-monitor/mark"] = f"endpoint={made['endpoints']}"
    params = {**_PARAMS, **own}
    return {
        path: f"{path}?{params[path]}" if path in params else path
        for path in pages_of_code()
    }


def _made(client: httpx.Client, what: str, body: Mapping[str, Any]) -> str:
    """The id of the one of this name."""
    for each in client.get(f"{_MONITOR}/{what}").json()["data"]:
        if each["name"] == body["name"]:
            return str(each["id"])
    answer = client.post(f"{_MONITOR}/{what}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])
