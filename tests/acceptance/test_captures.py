"""Every capture of a real device, served over loopback and collected by the job."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from processes import ROOT, Command, Pages, Server

RULES = ROOT / "plugins/nxforge-consumption-monitor/tests/rules"
CAPTURES = ROOT.parent / "shared/fixtures"
MONITOR = "/api/v1/m/consumption-monitor"
WAIT_SECONDS = 60

pytestmark = [
    pytest.mark.skipif(
        not CAPTURES.is_dir(), reason="the captures lie beside the project only"
    ),
    pytest.mark.timeout(180),
]


def exact(answer: httpx.Response) -> Any:
    """Parse an answer with its numbers as decimals."""
    assert answer.status_code < 400, answer.text
    return json.loads(answer.text, parse_float=Decimal, parse_int=Decimal)


def rounded(value: Decimal) -> Decimal:
    """The six decimals that the index of the captures gives."""
    return value.quantize(Decimal("0.000001"))


@pytest.fixture
def cases(pages: Pages) -> dict[str, dict[str, Any]]:
    """The rule and the expectation of each capture, by file name; pages are served."""
    found = {}
    for file in sorted(RULES.glob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        capture = CAPTURES / file.stem
        if case.get("serve", True):
            status = case.get("status", 200)
            kind = case["contentType"]
            pages.pages[f"/{capture.name}"] = (status, kind, capture.read_bytes())
            found[capture.name] = case
    return found


def collected(client: httpx.Client) -> dict[str, Any]:
    """Run the collection job and wait for its end."""
    path = "/api/v1/jobs/consumption-monitor/collect-consumption/runs"
    run = exact(client.post(path))["data"]["id"]
    for _ in range(WAIT_SECONDS * 5):
        found = exact(client.get(f"/api/v1/runs/{run}"))["data"]
        if found["finishedAt"]:
            return dict(found)
        threading.Event().wait(0.2)
    pytest.fail(f"run {run} did not end: {found}")


def test_every_capture_gives_the_figures_of_the_index(
    command: Command,
    serve: Callable[..., Server],
    pages: Pages,
    cases: dict[str, dict[str, Any]],
) -> None:
    """Energy and power equal the index as decimals; faulty answers leave no reading."""
    command.config.write_text(
        '[plugins]\nenable = ["consumption-monitor"]\n'
        f'[network]\nallow = ["{pages.address}"]\n'
    )
    server = serve("--no-scheduler")
    with server.client(command.token()) as client:
        identities = register(client, pages, cases)
        collected(client)
        found = {name: outcome(client, one) for name, one in identities.items()}

    expected = {name: wanted(case["expect"]) for name, case in cases.items()}
    assert len(expected) >= 20
    assert found == expected


def register(
    client: httpx.Client, pages: Pages, cases: dict[str, dict[str, Any]]
) -> dict[str, str]:
    """Make an endpoint of each capture; answers their ids."""
    identities = {}
    for name, case in cases.items():
        body = {
            "name": name,
            "url": f"http://{pages.address}/{name}",
            "method": case.get("method", "GET"),
            "rules": case["rules"],
            "intervalS": 3600,
            "maxKw": 1000,
        }
        answer = client.post(f"{MONITOR}/endpoints", json=body)
        identities[name] = exact(answer)["data"]["id"]
    return identities


def outcome(client: httpx.Client, identity: str) -> dict[str, Any]:
    """What the API says of the channel `total` after an endpoint's one attempt."""
    params = {"endpointId": identity}
    rows = exact(client.get(f"{MONITOR}/readings", params=params))["data"]
    good = [row for row in rows if row["success"]]
    if not good:
        return {"error": rows[0]["outcome"], "readings": 0}
    good = [row for row in good if row["channel"] == "total"]
    row = good[0]
    power = row["powerKw"]
    return {
        "energy": rounded(row["registerKwh"]),
        "power": None if power is None else rounded(power),
        "readings": len(good),
    }


def wanted(expect: dict[str, Any]) -> dict[str, Any]:
    """The expectation in the form of `outcome`."""
    if "error" in expect:
        return {"error": expect["error"], "readings": 0}
    power = expect.get("powerKw")
    return {
        "energy": rounded(Decimal(expect["energyKwh"])),
        "power": None if power is None else rounded(Decimal(power)),
        "readings": 1,
    }


def test_rule_files_name_captures_that_exist() -> None:
    """No rule is for a capture that is not there."""
    strays = [file.name for file in RULES.glob("*.json") if not known(file)]

    assert strays == []


def known(file: Path) -> bool:
    """Whether the rule's capture is among the captures."""
    return (CAPTURES / file.stem).exists()
