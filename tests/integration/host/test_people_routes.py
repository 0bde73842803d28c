"""People over HTTP: the first run, sessions on several hosts, and attackers."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from nxforge_core.security import CONSOLE, Limits
from nxforge_core.security.people import NewPerson
from nxforge_core.settings import ServerSettings

Start = Callable[..., Awaitable[Any]]

HERE = {"origin": "http://host"}
PASSWORD = "seven green lamps"  # noqa: S105 - of a test
NEW = "four quiet rivers"


@pytest.fixture(name="start")
async def forgetful(start: Start) -> Start:
    """Hosts whose clients send no cookie but those a test names."""

    async def begin(*enable: str, **changes: Any) -> Any:
        made = await start(*enable, **changes)

        async def forget(_: httpx.Response) -> None:
            made.client.cookies.clear()

        made.client.event_hooks = {"response": [forget]}
        return made

    return begin


@pytest.fixture
async def host(start: Start) -> Any:
    """A host without plugins."""
    return await start()


def cookies(answer: httpx.Response) -> dict[str, str]:
    """What a browser sends after this answer."""
    pairs = [each.partition(";")[0] for each in answer.headers.get_list("set-cookie")]
    return {"cookie": "; ".join(pairs), **HERE}


async def person(host: Any, name: str, role: str) -> dict[str, str]:
    """Somebody who is logged in."""
    security = host.running.security
    await security.accounts.create(NewPerson(name=name, role=role), CONSOLE)
    code = await security.links.reset(name, CONSOLE)
    body = {"code": code, "password": PASSWORD}
    return cookies(await host.client.post("/api/v1/password-reset", json=body))


async def test_first_run_by_form(host: Any) -> None:
    """Looking at the link shows a form; sending it makes the administrator, once."""
    code = await host.running.security.links.setup()
    path, form = f"/setup/{code}", {"name": "ada", "password": PASSWORD}
    shown = await host.client.get(path)
    foreign = await host.client.post(path, data=form, headers={"origin": "http://x"})
    unsaid = await host.client.post(path, data=form)
    weak = await host.client.post(
        path, data={"name": "ada", "password": "adaadaadaada"}, headers=HERE
    )
    made = await host.client.post(path, data=form, headers=HERE)
    again = await host.client.post(path, data=form, headers=HERE)
    me = await host.client.get("/api/v1/me", headers=cookies(made))

    assert '<form method="post"' in shown.text
    assert "script-src 'self'" in shown.headers["content-security-policy"]
    assert (foreign.status_code, unsaid.status_code) == (403, 403)
    assert weak.status_code == 400
    assert (made.status_code, made.headers["location"]) == (303, "/ui/nxforge/setup")
    assert again.status_code == 401
    assert me.json()["data"] == {"name": "ada", "role": "admin", "permissions": ["*"]}
    assert (await host.client.get(path)).status_code == 401


async def test_hosts_share_one_first_run(start: Start) -> None:
    """A link of one host works on another, and ends those of all."""
    first, second = await start(), await start()
    codes = [await each.running.security.links.setup() for each in (first, second)]
    body = {"code": codes[0], "name": "ada", "password": PASSWORD}
    made = await second.client.post("/api/v1/setup", json=body)
    late = await first.client.post("/api/v1/setup", json={**body, "code": codes[1]})
    me = await first.client.get("/api/v1/me", headers=cookies(made))

    assert (made.status_code, late.status_code) == (200, 401)
    assert me.status_code == 200


async def until_denied(host: Any, headers: dict[str, str]) -> float:
    """Seconds until a session or a token is dead here."""
    began = time.perf_counter()
    while (await host.client.get("/api/v1/me", headers=headers)).status_code == 200:
        assert time.perf_counter() - began < 5
        await asyncio.sleep(0.01)
    return time.perf_counter() - began


@pytest.mark.timeout(60)  # three hosts and a process
async def test_revoked_session_is_dead_in_every_process_within_a_second(
    start: Start, nxforge: Callable[..., Awaitable[str]]
) -> None:
    """Ended on one host, by another process, or with its account: dead on all."""
    hosts = [await start() for _ in range(3)]
    ada = await person(hosts[0], "ada", "admin")
    bob = [await person(hosts[0], "bob", "viewer")]
    for _ in range(2):
        body = {"name": "bob", "password": PASSWORD}
        bob.append(cookies(await hosts[1].client.post("/api/v1/login", json=body)))
    for each in hosts:
        for headers in (ada, *bob):
            answer = await each.client.get("/api/v1/me", headers=headers)
            assert answer.status_code == 200
    listed = await hosts[2].client.get("/api/v1/me/sessions", headers=bob[0])
    mine = [one["id"] for one in listed.json()["data"] if one["current"]]
    ended = await hosts[2].client.delete(f"/api/v1/sessions/{mine[0]}", headers=ada)
    ends = [await until_denied(each, bob[0]) for each in hosts]
    out = await hosts[0].client.post("/api/v1/logout", headers=bob[1])
    ends += [await until_denied(each, bob[1]) for each in hosts]
    token = await hosts[0].client.post(
        "/api/v1/tokens", json={"name": "ci"}, headers=bob[2]
    )
    bearer = {"authorization": f"Bearer {token.json()['data']['text']}"}
    for each in hosts:
        assert (await each.client.get("/api/v1/me", headers=bearer)).status_code == 200
    await nxforge("users", "deactivate", "bob")
    ends += [await until_denied(each, bob[2]) for each in hosts]
    ends += [await until_denied(each, bearer) for each in hosts]

    assert (ended.status_code, out.status_code) == (204, 204)
    assert "Max-Age=0" in out.headers["set-cookie"]
    assert max(ends) < 1


async def test_open_stream_has_to_show_that_it_still_may(start: Start) -> None:
    """Whatever is revoked ends streams everywhere; clients come again by themselves."""
    first, second = await start(), await start()
    made = await first.running.security.tokens.create("wall", "viewer")
    tap = second.running.hub.open_tap(lambda _: False)
    await first.running.security.tokens.revoke(made.id)
    await tap.next(1.0)

    assert tap.ended == "renew"
    assert second.running.streams.renewed == 1


async def test_role_of_somebody_who_is_in_counts_at_once(start: Start) -> None:
    """Another role ends the sessions; an own role's change follows them."""
    first, second = await start(), await start()
    ada = await person(first, "ada", "admin")
    role = {"permissions": ["nxforge:me:*", "nxforge:jobs:read"]}
    made = await first.client.put("/api/v1/roles/watch", json=role, headers=ada)
    eve = await person(first, "eve", "watch")
    before = await second.client.get("/api/v1/jobs", headers=eve)
    role = {"permissions": ["nxforge:me:*"]}
    await first.client.put("/api/v1/roles/watch", json=role, headers=ada)
    await asyncio.sleep(0.5)
    after = await second.client.get("/api/v1/jobs", headers=eve)
    still = await second.client.get("/api/v1/me", headers=eve)
    await first.client.patch("/api/v1/users/eve", json={"role": "viewer"}, headers=ada)
    await until_denied(second, eve)

    assert made.json()["data"]["permissions"] == ["nxforge:jobs:read", "nxforge:me:*"]
    assert (before.status_code, after.status_code) == (200, 403)
    assert still.status_code == 200


async def test_nobody_gives_or_takes_more_than_they_hold(host: Any) -> None:
    """Who may manage people, roles and tokens does not become an administrator."""
    ada = await person(host, "ada", "admin")
    desk = ["nxforge:me:*", "nxforge:users:*", "nxforge:roles:*", "nxforge:tokens:*"]
    role = {"permissions": desk}
    await host.client.put("/api/v1/roles/desk", json=role, headers=ada)
    eve = await person(host, "eve", "desk")
    me = await host.client.get("/api/v1/me", headers=eve)

    async def asks(method: str, path: str, body: Any = None) -> tuple[int, str]:
        answer = await host.client.request(
            method, f"/api/v1/{path}", json=body, headers=eve
        )
        return answer.status_code, answer.json().get("error", {}).get("code", "")

    beyond = (403, "beyond_own")
    assert me.json()["data"]["permissions"] == sorted(desk)
    assert await asks("POST", "users", {"name": "x", "role": "admin"}) == beyond
    assert await asks("PATCH", "users/eve", {"role": "admin"}) == beyond
    assert await asks("PATCH", "users/ada", {"role": "desk"}) == beyond
    assert await asks("PATCH", "users/ada", {"active": False}) == beyond
    assert await asks("POST", "users/ada/password-link") == beyond
    assert await asks("PUT", "roles/desk", {"permissions": ["*"]}) == beyond
    assert await asks("PUT", "roles/x", {"permissions": ["nxforge:*"]}) == beyond
    assert await asks("POST", "tokens", {"name": "x", "role": "operator"}) == beyond
    assert await asks("PUT", "roles/admin", {"permissions": []}) == (
        409,
        "duplicate_name",
    )
    assert (await asks("POST", "users", {"name": "x", "role": "desk"}))[0] == 201
    assert (await asks("POST", "users/x/password-link"))[0] == 201


async def test_token_never_makes_what_reaches_further_than_itself(host: Any) -> None:
    """A limited token of an administrator stays as limited as it was made."""
    await person(host, "ada", "admin")
    security = host.running.security
    ada = await security.accounts.find("ada")
    limits = Limits(["nxforge:tokens:manage", "nxforge:me:*", "nxforge:users:*"])
    made = await security.tokens.create_own("ci", ada.id, limits=limits, by=CONSOLE)
    bearer = {"authorization": f"Bearer {made.text}"}
    wanted = [
        {"name": "a"},
        {"name": "b", "permissions": ["*"]},
        {"name": "c", "permissions": ["nxforge:*"]},
        {"name": "d", "role": "viewer", "permissions": ["nxforge:me:read"]},
    ]
    codes = [
        (await host.client.post("/api/v1/tokens", json=one, headers=bearer)).status_code
        for one in wanted
    ]
    narrow = {"name": "e", "permissions": ["nxforge:users:read"]}
    good = await host.client.post("/api/v1/tokens", json=narrow, headers=bearer)
    link = await host.client.post("/api/v1/users/ada/password-link", headers=bearer)

    assert codes == [403, 403, 403, 403]
    assert good.status_code == 201
    assert link.status_code == 403


async def test_only_who_holds_it_uses_a_token_as_a_cookie_or_the_reverse(
    host: Any,
) -> None:
    """The text of a session is no bearer token, and a token is no cookie."""
    ada = await person(host, "ada", "viewer")
    name, _, text = ada["cookie"].split("; ")[0].partition("=")
    bearer = await host.bearer("admin")
    token = bearer["authorization"].removeprefix("Bearer ")
    as_bearer = await host.client.get(
        "/api/v1/me", headers={"authorization": f"Bearer {text}"}
    )
    as_cookie = await host.client.get(
        "/api/v1/me", headers={"cookie": f"{name}={token}"}
    )

    assert (as_bearer.status_code, as_cookie.status_code) == (401, 401)


async def test_planted_session_is_not_taken_over(host: Any) -> None:
    """Logging in never goes on with the text that the browser came with."""
    planted = await person(host, "eve", "viewer")
    await person(host, "ada", "admin")
    body = {"name": "ada", "password": PASSWORD}
    entered = await host.client.post("/api/v1/login", json=body, headers=planted)
    me = await host.client.get("/api/v1/me", headers=planted)

    assert entered.status_code == 200
    assert planted["cookie"].split("; ")[0] not in cookies(entered)["cookie"]
    assert me.status_code == 401


@pytest.mark.parametrize(
    "path", ["/login", "/api/v1/login", "/api/v1/setup", "/api/v1/password-reset"]
)
async def test_no_other_site_logs_a_browser_in(host: Any, path: str) -> None:
    """Not even into the attacker's own account."""
    await person(host, "eve", "viewer")
    body = {"name": "eve", "password": PASSWORD, "code": "x"}
    fields = {"json": body} if path.startswith("/api") else {"data": body}
    answer = await host.client.post(path, headers={"origin": "http://evil"}, **fields)

    assert answer.status_code in (400, 403)
    assert "set-cookie" not in answer.headers


async def test_forged_address_buys_no_further_try(start: Start) -> None:
    """Another `X-Forwarded-For` for each guess is one address, but from a proxy."""
    host = await start()
    behind = await start(server=ServerSettings(trusted_proxies=("127.0.0.1",)))
    await person(host, "ada", "viewer")

    async def guess(where: Any, number: int) -> int:
        answer = await where.client.post(
            "/api/v1/login",
            json={"name": "ada", "password": "x"},
            headers={"x-forwarded-for": f"192.0.2.{number}"},
        )
        return int(answer.status_code)

    direct = [await guess(host, number) for number in range(8)]
    proxied = [await guess(behind, number) for number in range(8)]

    assert direct == [401] * 6 + [429] * 2
    assert proxied == [401] * 8


async def test_cookies_over_tls_and_below_a_mount(host: Any, speak: Any) -> None:
    """`__Host-`, Secure and the whole host with TLS; the mount's path without."""
    await person(host, "ada", "viewer")
    body = {"name": "ada", "password": PASSWORD}
    secure = await host.client.post("https://host/api/v1/login", json=body)
    outer = Starlette(routes=[Mount("/nx", app=host.app)])
    async with speak(outer) as client:
        plain = await client.post("/nx/api/v1/login", json=body)
        me = await client.get("/nx/api/v1/me", headers=cookies(plain))
        page = await client.get("/nx/login")

    for each in secure.headers.get_list("set-cookie"):
        assert re.match(r"__Host-nxforge-[0-9a-f]{8}(-device)?=nxf_", each)
        for part in ("HttpOnly", "Path=/;", "SameSite=lax", "Secure"):
            assert part in each
    for each in plain.headers.get_list("set-cookie"):
        assert each.startswith("nxforge-")
        assert "Path=/nx;" in each
        assert "Secure" not in each
    assert me.status_code == 200
    assert 'action="/nx/login"' in page.text


async def test_own_password_and_sessions(host: Any) -> None:
    """Changing the password keeps the browser in, with another text, alone."""
    first = await person(host, "ada", "viewer")
    body = {"name": "ada", "password": PASSWORD}
    second = cookies(await host.client.post("/api/v1/login", json=body))
    wrong = await host.client.post(
        "/api/v1/me/password", json={"current": "x", "password": NEW}, headers=first
    )
    right = {"current": PASSWORD, "password": NEW}
    changed = await host.client.post("/api/v1/me/password", json=right, headers=first)
    body["password"] = NEW
    third = cookies(await host.client.post("/api/v1/login", json=body))
    ended = await host.client.delete("/api/v1/me/sessions", headers=third)
    left = await host.client.get("/api/v1/me/sessions", headers=third)

    assert (wrong.status_code, changed.status_code) == (401, 200)
    for old in (first, second):
        assert (await host.client.get("/api/v1/me", headers=old)).status_code == 401
    assert ended.json()["data"] == {"ended": 1}
    assert [one["current"] for one in left.json()["data"]] == [True]


async def test_token_without_an_account_has_no_sessions(host: Any) -> None:
    """It is told that only a person has them."""
    admin = await host.bearer("admin")
    answer = await host.client.get("/api/v1/me/sessions", headers=admin)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "person_required"


async def test_trail_tells_who_did_what_from_where_without_secrets(host: Any) -> None:
    """By the API and as a file; a viewer sees none of it."""
    ada = await person(host, "ada", "admin")
    eve = await person(host, "eve", "viewer")
    await host.client.patch("/api/v1/users/eve", json={"email": "e@x.org"}, headers=ada)
    token = await host.client.post("/api/v1/tokens", json={"name": "ci"}, headers=ada)
    rows = (await host.client.get("/api/v1/audit?limit=2", headers=ada)).json()["data"]
    older = await host.client.get(
        f"/api/v1/audit?before={rows[-1]['id']}&action=users.create", headers=ada
    )
    lines = (await host.client.get("/api/v1/audit/export", headers=ada)).text
    table = await host.client.get("/api/v1/audit/export?format=csv", headers=ada)
    head = (await host.client.get("/api/v1/audit/head", headers=ada)).json()["data"]
    denied = await host.client.get("/api/v1/audit", headers=eve)

    assert [row["action"] for row in rows] == ["tokens.create", "users.change"]
    assert rows[1]["before"] == {"email": None}
    assert rows[1]["after"] == {"email": "e@x.org"}
    assert (rows[1]["actor"], rows[1]["kind"]) == ("ada", "person")
    assert rows[1]["address"] == "127.0.0.1"
    assert rows[1]["request"]
    assert [row["target"] for row in older.json()["data"]] == ["eve", "ada"]
    assert len(lines.splitlines()) == head["id"] == len(table.text.splitlines()) - 1
    assert 'filename="audit.csv"' in table.headers["content-disposition"]
    assert denied.status_code == 403
    for secret in (PASSWORD, token.json()["data"]["text"], ada["cookie"][-20:]):
        assert secret not in lines


async def test_failed_login_is_logged_without_its_password(
    host: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who tried, from where and what became of it is in the host's log."""
    await host.client.post(
        "/api/v1/login", json={"name": "ada", "password": "unmistakable"}
    )
    captured = capsys.readouterr()
    text = caplog.text + captured.out + captured.err

    assert "login failed" in text
    assert "wrong_login" in text
    assert "unmistakable" not in text


@pytest.mark.timeout(120)  # fourteen processes
async def test_commands_keep_people_and_the_trail(
    nxforge: Callable[..., Awaitable[str]],
) -> None:
    """Accounts, roles, tokens and links without a host, each told in the trail."""
    made = await nxforge("users", "create", "ada", "--role", "admin")
    setup = await nxforge("users", "setup-link")
    await nxforge("users", "roles", "set", "watch", "meter:*", "--description", "See")
    roles = await nxforge("users", "roles", "list")
    await nxforge("users", "create", "bob", "--role", "watch")
    in_use = await nxforge("users", "roles", "remove", "watch", expected=2)
    token = await nxforge("tokens", "create", "ci", "--user", "bob", "--days", 7)
    both = await nxforge("tokens", "create", "x", expected=2)
    await nxforge("users", "set-role", "bob", "viewer")
    await nxforge("users", "roles", "remove", "watch")
    people = await nxforge("users", "list")
    trail = await nxforge("audit", "list")

    assert made.startswith("/reset/")
    assert setup.startswith("/setup/")
    assert "meter:*" in roles
    assert "bob" in in_use
    assert token.startswith("nxf_")
    assert "--role or --user" in both
    assert re.search(r"bob +viewer +True", people)
    assert "console:" in trail
    assert "roles.remove" in trail
    assert token[:16] not in trail


@pytest.mark.timeout(60)  # five processes
async def test_commands_verify_and_export_the_trail(
    nxforge: Callable[..., Awaitable[str]],
) -> None:
    """The head is printed, and a head from elsewhere is compared with the chain."""
    await nxforge("tokens", "create", "=ci", "--role", "viewer", expected=2)
    token = await nxforge("tokens", "create", "ci", "--role", "viewer")
    whole = await nxforge("audit", "verify")
    kept = await nxforge("audit", "verify", "--head", whole.split()[-1])
    wrong = await nxforge("audit", "verify", "--head", f"1:{'0' * 64}", expected=1)
    table = await nxforge("audit", "export", "--format", "csv")

    assert re.fullmatch(r"1 rows, whole; head 1:[0-9a-f]{64}\n", whole)
    assert kept == whole
    assert "1: it is not the row that was kept" in wrong
    assert "tokens.create" in table
    assert token.strip() not in table
