"""The demo's endpoints: where each simulated meter is and how its page is read."""

from __future__ import annotations

from typing import Any, Final

from ._rack import CREDENTIALS

__all__ = ["SCRIPTED", "demo_endpoints"]

#: The one whose page needs a browser.
SCRIPTED: Final = "Rack A4 page of scripts"

_INTERVAL_SECONDS: Final = 5


def demo_endpoints(base: str) -> list[dict[str, Any]]:
    """Bodies for `POST endpoints` of the consumption monitor.

    Args:
        base: URL of the simulated rack, without a slash at its end.
    """
    username, secret = CREDENTIALS
    auth = {"type": "basic", "username": username, "secret": secret}
    page = _page_rules()
    return [
        _endpoint("Rack A1 plain page", f"{base}/plain", page),
        _endpoint("Rack A1 table page", f"{base}/table", _table_rules()),
        _endpoint("Rack A2 JSON device", f"{base}/json", _json_rules()),
        _endpoint("Rack A2 page with login", f"{base}/locked", page, auth=auth),
        _endpoint("Rack A3 unreliable page", f"{base}/unreliable", page),
        _endpoint("Rack A3 slow page", f"{base}/slow", page),
        _endpoint(
            SCRIPTED,
            f"{base}/scripted",
            page,
            client="browser",
            browserSteps=[{"action": "wait", "selector": "#power"}],
        ),
    ]


def _endpoint(
    name: str, url: str, rules: list[dict[str, Any]], **more: object
) -> dict[str, Any]:
    return {
        "name": name,
        "url": url,
        "rules": rules,
        "intervalS": _INTERVAL_SECONDS,
        "location": name[:7],
        **more,
    }


def _page_rules() -> list[dict[str, Any]]:
    return [
        _rule("energy", {"step": "css", "selector": "#total-kwh"}, "dot"),
        _rule("power", {"step": "css", "selector": "#power"}, "dot"),
    ]


def _table_rules() -> list[dict[str, Any]]:
    return [
        _rule("energy", {"step": "label", "label": "Total energy"}, "dot"),
        _rule("power", {"step": "label", "label": "Active power"}, "dot"),
    ]


def _json_rules() -> list[dict[str, Any]]:
    energy = {"step": "json", "path": '["emdata:0"].total_act'}
    power = {"step": "json", "path": '["em:0"].total_act_power'}
    return [
        _rule("energy", energy, "dot", unit="Wh"),
        _rule("power", power, "dot", unit="W"),
    ]


def _rule(
    quantity: str, step: dict[str, Any], number: str, unit: str | None = None
) -> dict[str, Any]:
    fixed = {"fixed": unit} if unit else {}
    steps = [step, {"step": "number", "format": number}, {"step": "unit", **fixed}]
    return {"quantity": quantity, "steps": steps}
