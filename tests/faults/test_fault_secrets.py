"""F30: secrets are typed wherever one can be, and looked for in all that comes out."""

from __future__ import annotations

import base64
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import httpx
import pytest
from echo import RULES, Echo
from hosts import Host, Installation, until
from matrix import Fault

MONITOR: Final = "consumption-monitor"
API: Final = f"/api/v1/m/{MONITOR}"
#: What a page, a log or a table could spell otherwise.
ODD: Final = "&<\"'/+ %ä"
#: Kinds of credentials by device, with the page that is read.
LOGINS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "basic": ("page", {}),
    "digest": ("digest", {}),
    "bearer": ("json", {}),
    "header": ("page", {"username": "X-Key"}),
    "cookie": ("json", {"username": "sid"}),
    "form": ("form", {}),
    "login-json": ("page", {"options": {"url": "token"}}),
}
#: A header holds nothing but what its grammar allows.
PLAIN: Final = frozenset({"bearer", "header", "cookie"})
_FIELD: Final = re.compile(r"{(\w+)}")
COMMANDS: Final = (
    ("settings",),
    ("plugins", "list"),
    ("secrets", "rotate"),
    ("runs", "list"),
    ("audit", "export"),
    (MONITOR, "export"),
)
_CALL: Final = """
from nxforge_core.cli import main
for words in {commands}:
    print(chr(12) + " ".join(words), flush=True)
    try:
        main(words)
    except SystemExit as end:
        assert not end.code, words
"""


class Canaries:
    """Texts that appear nowhere else, and what is known of where they turned up."""

    def __init__(self) -> None:
        self._cores: dict[str, bytes] = {}
        self.places = 0
        self.seen: list[str] = []

    def new(self, name: str, odd: str = "") -> str:
        """A secret of this name."""
        core = f"kanarie{secrets.token_hex(8)}"
        self._cores[name] = core.encode()
        return f"{core}{odd}"

    def know(self, name: str, text: str) -> None:
        """Look for what somebody else has made, too."""
        self._cores[name] = text.encode()

    def told(self, name: str, echo: Echo) -> bool:
        """Whether the device got the secret, and so had it to show."""
        core = self._cores.get(name, b"?").decode()
        # A digest proves the password without telling it.
        sign = "Digest" if name == "digest" else core
        return any(sign in each for each in echo.told.get(name, ()))

    def search(self, place: str, content: str | bytes) -> None:
        """Look for each of them in any spelling."""
        self.places += 1
        data = content.encode() if isinstance(content, str) else content
        for name, core in self._cores.items():
            if any(each in data for each in _spelt(core)):
                self.seen.append(f"{name} in {place}")


def _spelt(core: bytes) -> Iterator[bytes]:
    yield core
    yield core.hex().encode()
    for shift in range(3):
        # What is the same whatever stands before and behind it.
        yield base64.b64encode(b"x" * shift + core)[4 * (shift > 0) : -4]


@pytest.fixture
def echo() -> Iterator[Echo]:
    """The device."""
    made = Echo()
    yield made
    made.end()


@pytest.fixture
def canaries() -> Canaries:
    """Nothing typed yet."""
    return Canaries()


@pytest.mark.fault("F30", "secrets typed, devices echo them", short=7, long=7, share=1)
def test_no_secret_comes_out_anywhere(
    fault: Fault, installation: Installation, echo: Echo, canaries: Canaries
) -> None:
    """Dump, log, every route as administrator, exports, commands: 0 occurrences."""
    installation.configure(MONITOR)
    config = installation.command.config
    config.write_text(config.read_text().replace("[log]", '[log]\nlevel = "debug"'))
    token = installation.command.token()
    canaries.know("token", token)
    host = installation.serve().ready()
    with installation.client(host, token) as client:
        names = list(LOGINS)[: fault.times]
        for name in names:
            fault.inject(partial(_endpoint, client, echo, canaries, name))
        fault.inject(partial(_others, client, echo, canaries))
        until(partial(_polled, client, len(names)), 0.1 if fault.removed else 20)
        fault.landed(sum(canaries.told(name, echo) for name in names))
        _routes(client, canaries)
    for words, said in _commands(installation):
        canaries.search(words, said)
    installation.stop()
    _rest(installation, host, canaries)
    assert fault.removed or canaries.seen == []
    fault.figure("places where a secret turned up", len(canaries.seen), limit=0)
    if not fault.removed:
        fault.figure("places short of 150", 150 - canaries.places, limit=0)


def _endpoint(client: httpx.Client, echo: Echo, canaries: Canaries, name: str) -> None:
    """Store an endpoint, try it, poll it."""
    page, more = LOGINS[name]
    secret = canaries.new(name, "" if name in PLAIN else ODD)
    body = {
        "name": name,
        "url": echo.url(name, page),
        "rules": RULES,
        "auth": {"type": name, "username": "ada", "secret": secret, **more},
    }
    tried = client.post(f"{API}/endpoints/test", json=body)
    canaries.search(f"dry run of {name}", tried.text)
    made = client.post(f"{API}/endpoints", json=body)
    canaries.search(f"answer to {name}", made.text)
    assert made.status_code == 201, made.text
    found = made.json()["data"]
    again = client.post(
        f"{API}/endpoints/test", json={"endpointId": found["id"], "find": "12"}
    )
    canaries.search(f"dry run of the stored {name}", again.text)
    client.post(f"{API}/endpoints/{found['id']}/poll")


def _others(client: httpx.Client, echo: Echo, canaries: Canaries) -> None:
    """A webhook, people, and what is refused with a secret in it."""
    odd = {"secret": canaries.new("webhook", ODD), "url": echo.url("hook", "failing")}
    hook = client.post(f"{API}/webhooks", json={"name": "hook", **odd})
    assert hook.status_code == 201, hook.text
    canaries.search("answer to the webhook", hook.text)
    client.post(f"{API}/webhooks/{hook.json()['data']['id']}/test")
    person = {"name": "grace", "role": "viewer"}
    canaries.search("new person", client.post("/api/v1/users", json=person).text)
    wrong = canaries.new("refused")
    refused = [
        ("POST", "/api/v1/login", {"name": "grace", "password": wrong}),
        ("POST", "/login", {"name": "grace", "password": wrong}),
        ("POST", f"{API}/endpoints", {"auth": {"type": "key", "secret": wrong}}),
        ("POST", f"{API}/endpoints", {"auth": {"type": "basic", "secret": [wrong]}}),
        ("POST", f"{API}/endpoints/test", {"auth": {"type": "basic", "word": wrong}}),
        ("POST", f"{API}/webhooks", {"name": "x", "secret": wrong, "url": 5}),
        ("POST", f"{API}/endpoints/bulk", {"rows": [{"secret": wrong}]}),
    ]
    for method, path, body in refused:
        answer = client.request(method, path, json=body)
        assert 400 <= answer.status_code < 500, (path, answer.text)
        canaries.search(f"refusal of {path}", answer.text)


def _polled(client: httpx.Client, count: int) -> bool:
    shown = client.get(f"{API}/readings", params={"success": "false"}).json()["data"]
    return len({each["endpointId"] for each in shown}) >= count


def _routes(client: httpx.Client, canaries: Canaries) -> None:
    """Every route that shows something, for whatever there is to show."""
    paths = client.get("/schema/openapi.json").json()["paths"]
    known = _known(client)
    for path, methods in paths.items():
        if "get" not in methods or path.startswith(("/login/", "/setup/", "/reset/")):
            continue
        for ids in known:
            filled = _FIELD.sub(partial(_value, ids), path)
            canaries.search(filled, _content(client, filled))
            if "{endpoint_id}" not in path:
                break


def _value(ids: Mapping[str, Any], field: re.Match[str]) -> str:
    return str(ids.get(field[1], 1))


def _known(client: httpx.Client) -> list[dict[str, Any]]:
    """Values of the parameters of routes: one set for each endpoint."""
    endpoints = client.get(f"{API}/endpoints").json()["data"]
    runs = client.get("/api/v1/runs", params={"limit": 50}).json()["data"]
    hooks = client.get(f"{API}/webhooks").json()["data"]
    return [
        {
            "plugin": MONITOR,
            "job": "collect",
            "name": "grace",
            "endpoint_id": each["id"],
            "run_id": runs[place % len(runs)]["id"],
            "webhook_id": hooks[0]["id"] if hooks else 1,
        }
        for place, each in enumerate(endpoints)
    ]


def _content(client: httpx.Client, path: str) -> bytes:
    """What a route answers; of a stream, what it says at once."""
    content = b""
    try:
        with client.stream("GET", path, timeout=0.3) as answer:
            for part in answer.iter_raw():
                content += part
    except httpx.ReadTimeout:
        pass
    return content


def _commands(installation: Installation) -> Iterator[tuple[str, str]]:
    """What commands print: the real ones, in one process."""
    code = _CALL.format(commands=COMMANDS)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=installation.command.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    for said in ran.stdout.split("\f")[1:]:
        words, _, text = said.partition("\n")
        yield words, text
    yield "what commands complain of", ran.stderr


def _rest(installation: Installation, host: Host, canaries: Canaries) -> None:
    """The database and the logs, and nothing but the key file has the keys."""
    key_file = installation.command.data / "secret.key"
    for place, line in enumerate(key_file.read_text().splitlines()):
        if not line.startswith("#"):
            canaries.know(f"key {place}", line)
    dump = installation.postmaster.dump(installation.database)
    assert "nx1:" in dump
    canaries.search("the dump", dump)
    canaries.search("the log", host.log.read_bytes())
    for path in installation.command.data.rglob("*"):
        if path.is_file() and path != key_file:
            canaries.search(str(path), path.read_bytes())
