"""F28: whatever comes over HTTP, from whomever."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hosts import Installation, until
from matrix import Fault
from rack import Rack

pytest.importorskip("schemathesis", reason="its dependency group is `fuzz`")

from onslaught import Caller, Onslaught

MONITOR = "/api/v1/m/consumption-monitor"
#: A token that this is the id of is not hit by chance.
FAR = 1 << 40
SERVES = ("running", "degraded")
LIMITS = "[server]\nstranger_rate = 0\ncaller_rate = 0\n"


@pytest.fixture
def base(installation: Installation) -> str:
    """Where a host with both monitors listens."""
    installation.configure("consumption-monitor", "temperature-monitor", more=LIMITS)
    return installation.serve().ready().base


@pytest.fixture
def tokens(installation: Installation, base: str) -> dict[str, str]:
    """A token of each role, and none; an administrator's for another plugin only."""
    assert base
    installation.query(
        "SELECT setval(pg_get_serial_sequence('nxforge.token', 'id'), %s)", FAR
    )
    tokens = {"admin": installation.command.token(), "nobody": ""}
    wanted = [{"role": "operator"}, {"role": "viewer"}]
    wanted.append({"role": "admin", "plugins": ["temperature-monitor"]})
    with client(base, tokens["admin"]) as admin:
        for name, body in zip(("operator", "viewer", "foreign"), wanted, strict=True):
            answer = admin.post("/api/v1/tokens", json={"name": name, **body})
            tokens[name] = answer.json()["data"]["text"]
    return tokens


def client(base: str, token: str) -> httpx.Client:
    """An HTTP client of the host."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=15)


@pytest.fixture
def known(base: str, tokens: dict[str, str], rack: Rack) -> dict[str, str]:
    """What is there to be asked for: a meter with a reading, a group, a person."""
    with client(base, tokens["admin"]) as admin:

        def made(path: str, body: Any) -> str:
            answer = admin.post(path, json=body)
            assert answer.status_code in (200, 201), answer.text
            return str(answer.json()["data"].get("id", ""))

        meter = made(f"{MONITOR}/endpoints", rack.endpoint(0))
        until(lambda: admin.get(f"{MONITOR}/summary").json()["data"], 5)
        group = made(f"{MONITOR}/groups", {"name": "floor"})
        made("/api/v1/users", {"name": "anna", "role": "viewer"})
    return {
        **dict.fromkeys(("endpoint_id", "given_id", "subject_id"), meter),
        **dict.fromkeys(("group_id", "report_id"), group),
        "plugin": "consumption-monitor",
        "name": "anna",
        "run_id": "1",
        "version": "1",
    }


@pytest.fixture
def callers(base: str, tokens: dict[str, str]) -> dict[str, Caller]:
    """Those of the tokens, whoever may least first."""
    made = {}
    for who in ("nobody", "foreign", "viewer", "operator", "admin"):
        held = []
        if tokens[who]:
            with client(base, tokens[who]) as asking:
                held = asking.get("/api/v1/me").json()["data"]["permissions"]
        made[who] = Caller(tokens[who], held)
    return made


def put_back(base: str, admin: Caller) -> None:
    """Enable again what a caller who may do that has switched off."""
    with client(base, admin.token) as asking:
        for plugin in asking.get("/api/v1/plugins").json()["data"]:
            if plugin["state"] not in SERVES:
                enabled = asking.post(f"/api/v1/plugins/{plugin['id']}/enable")
                assert enabled.json()["data"]["state"] in SERVES, enabled.text


@pytest.mark.timeout(0)
@pytest.mark.fault(
    "F28", "hostile and well-formed input, by each role", short=2, long=150
)
def test_no_input_breaks_the_host_or_its_rules(
    fault: Fault,
    seed: int,
    base: str,
    callers: dict[str, Caller],
    known: dict[str, str],
    pytestconfig: pytest.Config,
) -> None:
    """No 500, no answer that the document does not know, nobody beyond their role."""
    examples = pytestconfig.getoption("--examples") or fault.times
    with client(base, callers["admin"].token) as admin:
        document = admin.get("/schema/openapi.json").json()
    onslaught = Onslaught(base, document, known, seed)

    def storm() -> None:
        for operation in onslaught.operations():
            onslaught.strike(operation, examples, callers)
            put_back(base, callers["admin"])

    fault.inject(storm)
    fault.landed(onslaught.refused)

    for name in ("failed", "violations", "trespasses"):
        found = getattr(onslaught, name)
        for words, count in found.most_common():
            print(f"{name} {count} times: {words}")  # noqa: T201 - shown where it fails
    fault.figure("answers from 500 on", onslaught.failed.total(), limit=0)
    fault.figure("violations of the document", onslaught.violations.total(), limit=0)
    fault.figure("requests beyond the role", onslaught.trespasses.total(), limit=0)
