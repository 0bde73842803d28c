"""What plugins tell people: by e-mail and webhook, once a key, until it arrives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from distributions import Site
from reading import Reading, words

from nxforge_core.services.notify._courier import pause_after
from nxforge_core.services.notify._webhook import signature
from nxforge_core.settings import MailSettings, NetworkSettings

Start = Callable[..., Awaitable[Any]]

BELL = """
from nxforge_core.api import *


async def ring(ctx: PluginContext, key: str = "", level: str = "warning") -> int:
    return await ctx.notify.send("Meter 7 is silent", "Since noon.", level=level,
                                 key=key or None)


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/ring", ring, public=True)]
"""
CHANNELS = "/api/v1/notify/channels"
PAGE = "/ui/nxforge/notifications"
RING = "/api/v1/m/bell/ring"


class MailServer:
    """Speaks as much SMTP as it takes to hand a mail over."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.logins: list[str] = []
        self.refuses = 0

    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One conversation."""
        writer.write(b"220 mail\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(message_from_bytes(content))
            if word == b"AUTH":
                self.logins.append(line.decode())
            writer.write(self._answer(word))
            if word == b"QUIT":
                break
        writer.close()

    def _answer(self, word: bytes) -> bytes:
        if word == b"EHLO":
            return b"250-mail\r\n250 AUTH PLAIN\r\n"
        if word == b"AUTH":
            return b"235 welcome\r\n"
        if word == b"MAIL" and self.refuses:
            self.refuses -= 1
            return b"451 later\r\n"
        return b"250 ok\r\n"


class Receiver:
    """Takes webhooks, unless it is told not to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.status = 200

    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(each.split(": ", 1) for each in head.split("\r\n")[1:] if each)
        fields = {name.lower(): value for name, value in fields.items()}
        body = await reader.readexactly(int(fields["content-length"]))
        self.got.append((fields["x-nxforge-signature"], body))
        text = f"HTTP/1.1 {self.status} x\r\ncontent-length: 0\r\n\r\n"
        writer.write(text.encode())
        writer.close()


async def listening(handler: Any) -> tuple[asyncio.Server, int]:
    """A server on loopback."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


@pytest.fixture
def bell(site: Site) -> None:
    """The plugin `bell`, installed."""
    site.add("bell", BELL)


async def settled(admin: Reading, count: int = 1) -> list[dict[str, Any]]:
    """Deliveries, once so many of them were attempted."""
    async with asyncio.timeout(5):
        while True:
            found = (await admin.get("/api/v1/notify/deliveries")).json()["data"]
            if sum(each["attempts"] > 0 for each in found) >= count and all(
                each["state"] != "pending" or each["error"] for each in found
            ):
                return list(found)
            await asyncio.sleep(0.02)


async def add(host: Any, admin: Reading, **body: Any) -> Any:
    """Set up a channel."""
    return await host.client.post(CHANNELS, json=body, headers=admin.headers)


@pytest.mark.usefixtures("bell")
async def test_mail_is_sent_once_a_key_with_the_log_in(start: Start) -> None:
    """To everybody of the channel; the password is shown to nobody."""
    mail = MailServer()
    server, port = await listening(mail)
    settings = MailSettings("127.0.0.1", port, "none", "nx", "swordfish", "nx@site.org")
    async with server:
        host = await start("bell", mail=settings)
        admin = Reading(host.client, await host.bearer("admin"))
        made = await add(host, admin, name="ops", to=["a@site.org", "b@site.org"])
        told = [(await host.client.get(f"{RING}?key=x")).json()["data"] for _ in "ab"]
        found = await settled(admin)

    assert made.status_code == 201, made.text
    assert told == [1, 0]
    assert [each["state"] for each in found] == ["delivered"]
    assert len(mail.mails) == len(mail.logins) == 1
    assert mail.mails[0]["Subject"] == "Meter 7 is silent"
    assert mail.mails[0]["To"] == "a@site.org, b@site.org"
    assert "Since noon." in str(mail.mails[0].get_payload())
    assert "swordfish" not in (await admin.get("/api/v1/settings")).text


@pytest.mark.usefixtures("bell")
async def test_what_fails_is_tried_again_until_it_arrives(start: Start) -> None:
    """The failure is told; the same mail goes out when its time has come."""
    mail = MailServer()
    mail.refuses = 1
    server, port = await listening(mail)
    async with server:
        host = await start("bell", mail=MailSettings("127.0.0.1", port, "none"))
        admin = Reading(host.client, await host.bearer("admin"))
        await add(host, admin, name="ops", to=["a@site.org"])
        await host.client.get(RING)
        failed = await settled(admin)
        database = host.running.core.database
        await database.execute("update notice_delivery set next_at = now()")
        await database.execute("select pg_notify('nxforge_notices', '')")
        async with asyncio.timeout(5):
            while not mail.mails:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)
        found = await settled(admin)

    assert failed[0]["state"] == "pending"
    assert "451" in failed[0]["error"]
    assert (found[0]["state"], found[0]["attempts"]) == ("delivered", 2)


@pytest.mark.usefixtures("bell")
async def test_webhook_is_signed_and_wants_what_it_wants(start: Start) -> None:
    """Under the network policy; less than its level and other plugins it is spared."""
    receiver = Receiver()
    server, port = await listening(receiver)
    network = NetworkSettings(allow=("127.0.0.1",))
    url = f"http://127.0.0.1:{port}/hook?token=swordfish"
    async with server:
        host = await start("bell", network=network)
        admin = Reading(host.client, await host.bearer("admin"))
        made = await add(host, admin, name="a", url=url, secret="s", level="warning")  # noqa: S106 - of a test
        await add(host, admin, name="b", url=url, plugin="other")
        quiet = await host.client.get(f"{RING}?level=info")
        loud = await host.client.get(RING)
        found = await settled(admin)
        database = host.running.core.database
        rows = await database.fetch("select notify_channel::text from notify_channel")

    signed, body = receiver.got[0]
    at = int(signed.split(",")[0].removeprefix("t="))
    assert (quiet.json()["data"], loud.json()["data"]) == (0, 1)
    assert [each["state"] for each in found] == ["delivered"]
    assert json.loads(body)["subject"] == "Meter 7 is silent"
    assert signed == signature("s", body, datetime.fromtimestamp(at, UTC))
    assert "swordfish" not in made.text + str(rows)


@pytest.mark.usefixtures("bell")
async def test_receiver_outside_the_policy_is_not_reached(start: Start) -> None:
    """The delivery says why, without the address."""
    receiver = Receiver()
    server, port = await listening(receiver)
    async with server:
        host = await start("bell")
        admin = Reading(host.client, await host.bearer("admin"))
        url = f"http://127.0.0.1:{port}/hook"
        channel = (await add(host, admin, name="a", url=url)).json()["data"]["id"]
        path = f"{CHANNELS}/{channel}"
        tested = await host.client.post(f"{path}/test", headers=admin.headers)
        found = await settled(admin)
        gone = await host.client.delete(path, headers=admin.headers)
        after = await admin.get("/api/v1/notify/deliveries")

    assert (tested.status_code, gone.status_code) == (204, 204)
    assert "refused" in found[0]["error"]
    assert receiver.got == []
    assert after.json()["data"] == []


@pytest.mark.parametrize(
    "wrong",
    [{"to": ["no address"]}, {"to": []}, {"url": "ftp://x/"}, {"to": ["a@b\nBcc:c@d"]}],
)
async def test_channel_that_leads_nowhere_is_refused(
    start: Start, wrong: dict[str, Any]
) -> None:
    """With what would do."""
    host = await start()
    admin = Reading(host.client, await host.bearer("admin"))
    answer = await add(host, admin, name="x", **wrong)

    assert answer.status_code == 400
    assert "example.org" in answer.text


async def test_channel_is_set_up_tested_and_removed_on_the_page(start: Start) -> None:
    """What is wrong is said beside the field; the test shows what became of it."""
    host = await start()
    admin = Reading(host.client, await host.bearer("admin"))
    wrong = await admin.press(PAGE, "add", name="ops", to="nobody")
    right = await admin.press(PAGE, "add", name="ops", to="a@site.org\nb@site.org")
    channel = (await admin.get(CHANNELS)).json()["data"][0]
    tested = await admin.press(PAGE, "channels", **{"nx-one": f"test:{channel['id']}"})
    await settled(admin)
    page = await admin.see(PAGE)
    gone = await admin.press(PAGE, "channels", **{"nx-one": f"remove:{channel['id']}"})

    assert "ops@example.org" in wrong.json()["fields"]["to"]
    assert right.json()["message"] == "ops will be told."
    assert channel["to"] == "a@site.org, b@site.org"
    assert tested.status_code == gone.status_code == 200
    assert "Test of ops" in words(page, "told")
    assert "name one in mail.host" in words(page, "told")
    assert (await admin.get(CHANNELS)).json()["data"] == []


def test_pauses_grow_and_end() -> None:
    """From half a minute to three hours, for about a day and a half."""
    pauses = [pause_after(attempt) for attempt in range(1, 17)]

    assert pauses[0] == timedelta(seconds=30)
    assert max(filter(None, pauses)) == timedelta(hours=3)
    assert pauses[-1] is None
    whole = sum(filter(None, pauses), timedelta())
    assert timedelta(hours=18) < whole < timedelta(hours=36)
