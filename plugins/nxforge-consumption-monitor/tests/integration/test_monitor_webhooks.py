"""Webhooks: written with the alert, signed, tried again, none in another's way."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.alerts import watch
from nxforge_consumption_monitor.models import (
    AlertRuleBody,
    StaleVersionError,
    WebhookBody,
    WebhookChange,
)
from nxforge_consumption_monitor.webhooks import MOST_ATTEMPTS, deliver
from nxforge_core.api import (
    ConflictError,
    HttpRequest,
    HttpResponse,
    InvalidInputError,
    NoParams,
    OutboundTimeoutError,
    UnknownItemError,
)
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp

_SECRET: Final = "a secret of some length"  # noqa: S105  # of a receiver of this test
_ABSENT: Final = "7d5a1f0e-3c1b-4a53-9a7e-0a1b2c3d4e5f"


class Receiver:
    """A web server that keeps what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.is_silent = False
        self.got: list[tuple[dict[str, str], bytes]] = []

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        lines = [line.partition(": ") for line in head.split("\r\n")[1:]]
        self.got.append(({key.lower(): value for key, _, value in lines}, body))
        if not self.is_silent:
            writer.write(f"HTTP/1.0 {self.status} X\r\n\r\n".encode())
        writer.close()

    @property
    def events(self) -> list[str]:
        """Types of what came, in order."""
        return [json.loads(body)["type"] for _, body in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on loopback."""
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/alerts"
    yield made
    server.close()


@pytest.fixture
async def open_http(monitor: Any) -> AsyncIterator[None]:
    """The host's own client for deliveries; devices stay canned."""
    made = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]))
    monitor.http.delivering = made
    yield
    await made.close()


async def _hook(monitor: Any, url: str, name: str = "on call", **fields: Any) -> Any:
    body = WebhookBody(name=name, url=url, secret=_SECRET, **fields)
    return await routes.create_webhook(monitor.ctx, body)


async def _fire(monitor: Any) -> None:
    """An alert about too much power."""
    await monitor.add("a", interval_s=86_400, external_ref="rack:A1")
    monitor.show("a", "5", "20")
    await monitor.round()
    body = AlertRuleBody(kind="power_kw", threshold=Decimal(10))
    await routes.create_alert_rule(monitor.ctx, body)
    await watch(monitor.job(), NoParams())


async def _deliver(monitor: Any) -> Any:
    job = monitor.job()
    http = monitor.http.delivering
    parts = {name: getattr(job, name) for name in job.__dataclass_fields__}
    return await deliver(type(job)(**parts | {"http": http}), NoParams())


async def _log(monitor: Any, hook: Any) -> list[Any]:
    return (await routes.list_deliveries(monitor.ctx, hook.id)).data


def _is_signed(headers: dict[str, str], body: bytes) -> bool:
    parts = dict(part.split("=") for part in headers["x-nxforge-signature"].split(","))
    signed = parts["t"].encode() + b"." + body
    expected = hmac.new(_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"])


@pytest.mark.usefixtures("open_http")
async def test_alert_arrives_signed(monitor: Any, receiver: Receiver) -> None:
    """Whoever knows the secret can tell that it is ours; its words are complete."""
    await _hook(monitor, receiver.url)
    await _fire(monitor)
    assert (await _deliver(monitor)).result == {"delivered": 1, "failed": 0}
    [(headers, body)] = receiver.got
    sent = json.loads(body)
    assert _is_signed(headers, body)
    assert not _is_signed(headers, body + b" ")
    assert headers["x-nxforge-event-id"] == sent["id"]
    assert (sent["type"], sent["data"]["value"]) == ("alert.created", 20)
    assert sent["data"]["message"].startswith("a draws 20 kW (limit 10 kW), since")
    labels = sent["data"]["labels"]
    assert (labels["endpointName"], labels["errorType"]) == ("a", "power_kw")
    assert labels["externalRef"] == "rack:A1"
    assert (await _deliver(monitor)).kind == "idle"


@pytest.mark.usefixtures("open_http")
async def test_kill_between_alert_and_delivery_loses_nothing(
    monitor: Any, receiver: Receiver
) -> None:
    """The event is there with the alert, and neither is there without the other."""
    await _hook(monitor, receiver.url)
    await monitor.pool.execute(
        "create function refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'killed'; end $$"
    )
    await monitor.pool.execute(
        "create trigger refuse before insert on webhook_delivery "
        "execute function refuse()"
    )
    with pytest.raises(Exception, match="killed"):
        await _fire(monitor)
    assert await monitor.pool.fetchval("select count(*) from alert") == 0
    await monitor.pool.execute("drop trigger refuse on webhook_delivery")
    await watch(monitor.job(), NoParams())
    # Nobody is left who knows of it but the database.
    assert await monitor.pool.fetchval("select count(*) from webhook_delivery") == 1
    await _deliver(monitor)
    assert receiver.events == ["alert.created"]


@pytest.mark.usefixtures("open_http")
async def test_worker_killed_after_sending_sends_the_same_event_again(
    monitor: Any, receiver: Receiver
) -> None:
    """At least once, and the receiver can tell by the id."""
    await _hook(monitor, receiver.url)
    await _fire(monitor)
    await _deliver(monitor)
    await monitor.pool.execute("update webhook_delivery set state = 'pending'")
    await _deliver(monitor)
    ids = {headers["x-nxforge-event-id"] for headers, _ in receiver.got}
    assert (len(receiver.got), len(ids)) == (2, 1)


@pytest.mark.usefixtures("open_http")
@pytest.mark.parametrize("fault", ["500", "silent"])
async def test_failed_delivery_is_tried_again(
    monitor: Any, receiver: Receiver, fault: str
) -> None:
    """Half a minute later, and not before."""
    hook = await _hook(monitor, receiver.url)
    await _fire(monitor)
    receiver.status = 500
    receiver.is_silent = fault == "silent"
    assert (await _deliver(monitor)).kind == "partial"
    [delivery] = await _log(monitor, hook)
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert delivery.outcome == ("connect" if receiver.is_silent else "http_status")
    receiver.status, receiver.is_silent = 200, False
    monitor.clock.pass_by(seconds=20)
    assert (await _deliver(monitor)).kind == "idle"
    monitor.clock.pass_by(seconds=20)
    await _deliver(monitor)
    [delivery] = await _log(monitor, hook)
    assert (delivery.state, delivery.attempts, delivery.error) == ("delivered", 2, "")
    assert (await routes.get_webhook(monitor.ctx, hook.id)).failures == 0


class Late:
    """A client whose receiver never answers, or not before the run is over."""

    def __init__(self, *, hangs: bool = False) -> None:
        self._hangs = hangs

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Wait in vain."""
        if self._hangs:
            await asyncio.Event().wait()
        raise OutboundTimeoutError(request.url, request.timeout)


async def test_receiver_that_is_too_slow_is_asked_again(monitor: Any) -> None:
    """Each time the pause is about twice as long."""
    hook = await _hook(monitor, "https://alerts.example.net/")
    await _fire(monitor)
    monitor.http.delivering = Late()
    pauses = []
    for _ in range(4):
        await _deliver(monitor)
        [delivery] = await _log(monitor, hook)
        pauses.append((delivery.next_at - monitor.clock.now()).total_seconds())
        monitor.clock.instant = delivery.next_at
    assert (delivery.outcome, delivery.attempts) == ("timeout", 4)
    assert [24 * 2**n <= each <= 36 * 2**n for n, each in enumerate(pauses)] == (
        [True] * 4
    )


@pytest.mark.usefixtures("open_http")
async def test_run_that_is_cut_off_while_it_sends_loses_nothing(
    monitor: Any, receiver: Receiver
) -> None:
    """The event still waits, and the next run sends it."""
    hook = await _hook(monitor, receiver.url)
    await _fire(monitor)
    real, monitor.http.delivering = monitor.http.delivering, Late(hangs=True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await _deliver(monitor)
    [delivery] = await _log(monitor, hook)
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    monitor.http.delivering = real
    await _deliver(monitor)
    assert receiver.events == ["alert.created"]


async def test_denied_address_shows_in_the_log(
    monitor: Any, receiver: Receiver
) -> None:
    """The network policy holds for deliveries, and says what to change."""
    hook = await _hook(monitor, receiver.url)
    await _fire(monitor)
    monitor.http.delivering = GuardedHttp(NetworkPolicy.parse([]))
    await _deliver(monitor)
    await monitor.http.delivering.close()
    [delivery] = await _log(monitor, hook)
    assert (delivery.state, delivery.outcome) == ("pending", "denied")
    assert "network.allow" in delivery.error
    assert "/alerts" not in delivery.error
    assert receiver.got == []


@pytest.mark.usefixtures("open_http")
async def test_dead_webhook_holds_up_no_other(monitor: Any, receiver: Receiver) -> None:
    """It is tried once in a run, and the others get all of theirs."""
    dead = await _hook(monitor, "http://127.0.0.1:9/", "dead")
    await _hook(monitor, receiver.url, "well")
    await _fire(monitor)
    monitor.show("a", "5", "1")
    await monitor.pool.execute("update channel_state set power_kw = 1")
    await watch(monitor.job(), NoParams())
    result = (await _deliver(monitor)).result
    assert result == {"delivered": 2, "failed": 1}
    assert receiver.events == ["alert.created", "alert.resolved"]
    waiting = await _log(monitor, dead)
    assert [each.attempts for each in waiting] == [0, 1]
    assert all(each.next_at > monitor.clock.now() for each in waiting)


@pytest.mark.usefixtures("open_http")
async def test_webhook_that_fails_for_a_day_is_paused(
    monitor: Any, receiver: Receiver
) -> None:
    """What waits is given up, another webhook hears of it, and enabling it resumes."""
    bad = Receiver()
    bad.status = 503
    server = await asyncio.start_server(bad.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    hook = await _hook(monitor, url, "bad")
    await _hook(monitor, receiver.url, "good")
    await _fire(monitor)
    steps = 0
    while not (await routes.get_webhook(monitor.ctx, hook.id)).paused_at:
        await _deliver(monitor)
        monitor.clock.pass_by(minutes=10)
        steps += 1
        assert steps < 200
    server.close()
    await _deliver(monitor)
    assert len(bad.got) == MOST_ATTEMPTS
    assert receiver.events == ["alert.created", "webhook.paused"]
    assert [each.state for each in await _log(monitor, hook)] == ["failed"]
    assert (await routes.alert_summary(monitor.ctx)).paused_webhooks == 1
    with pytest.raises(ConflictError):
        await routes.try_webhook(monitor.ctx, hook.id)
    change = WebhookChange(enabled=True, url=receiver.url)
    view = await routes.change_webhook(monitor.ctx, hook.id, change)
    assert (view.paused_at, view.failures, view.paused_why) == (None, 0, "")


@pytest.mark.usefixtures("open_http")
async def test_gone_receiver_is_not_asked_again(
    monitor: Any, receiver: Receiver
) -> None:
    """410 says that nobody will ever be there."""
    hook = await _hook(monitor, receiver.url)
    receiver.status = 410
    await _fire(monitor)
    await _deliver(monitor)
    assert (await routes.get_webhook(monitor.ctx, hook.id)).paused_at is not None
    assert [each.state for each in await _log(monitor, hook)] == ["dropped"]


@pytest.mark.usefixtures("open_http")
async def test_event_that_waited_too_long_is_not_news(
    monitor: Any, receiver: Receiver
) -> None:
    """A host that was down for days does not send what nobody can use any more."""
    hook = await _hook(monitor, receiver.url)
    await _fire(monitor)
    monitor.clock.pass_by(hours=37)
    await _deliver(monitor)
    [delivery] = await _log(monitor, hook)
    assert (delivery.state, delivery.outcome) == ("failed", "expired")
    assert receiver.got == []


@pytest.mark.usefixtures("open_http")
async def test_webhook_is_told_what_it_asked_for(
    monitor: Any, receiver: Receiver
) -> None:
    """By event and severity; a test says that it is one."""
    await _hook(monitor, receiver.url, "ends", events=["alert.resolved"])
    await _hook(monitor, receiver.url, "worst", min_severity="critical")
    await _hook(monitor, receiver.url, "off", enabled=False)
    await _fire(monitor)
    assert (await _deliver(monitor)).kind == "idle"
    await monitor.pool.execute("update channel_state set power_kw = 1")
    await watch(monitor.job(), NoParams())
    await _deliver(monitor)
    assert receiver.events == ["alert.resolved"]
    [ends] = [
        each for each in await routes.list_webhooks(monitor.ctx) if each.name == "ends"
    ]
    queued = await routes.try_webhook(monitor.ctx, ends.id)
    assert (queued.event, queued.state) == ("webhook.test", "pending")
    await _deliver(monitor)
    assert receiver.events[1:] == ["webhook.test"]


@pytest.mark.usefixtures("open_http")
async def test_deleted_rule_tells_that_its_alerts_are_over(
    monitor: Any, receiver: Receiver
) -> None:
    """No receiver waits for ever for the end."""
    await _hook(monitor, receiver.url)
    await _fire(monitor)
    [alert] = (await routes.list_alerts(monitor.ctx)).data
    await routes.delete_alert_rule(monitor.ctx, alert.rule_id)
    await _deliver(monitor)
    assert receiver.events == ["alert.created", "alert.resolved"]


async def test_secret_goes_in_and_never_out(monitor: Any) -> None:
    """It is sealed in the table and in no answer."""
    hook = await _hook(monitor, "https://alerts.example.net/")
    stored = await monitor.pool.fetchval("select sealed_secret from webhook")
    assert _SECRET not in stored
    assert "secret" not in repr(hook).lower()
    await routes.change_webhook(monitor.ctx, hook.id, WebhookChange(name="other"))
    assert await monitor.pool.fetchval("select sealed_secret from webhook") == stored
    await routes.delete_webhook(monitor.ctx, hook.id)
    assert await routes.list_webhooks(monitor.ctx) == []


async def test_change_for_another_version_is_refused(monitor: Any) -> None:
    """Two people, one webhook: the second one hears that it was changed."""
    seen = await _hook(monitor, "https://alerts.example.net/")
    change = WebhookChange(name="mine")
    mine = await routes.change_webhook(monitor.ctx, seen.id, change, seen.etag)
    assert mine.etag != seen.etag
    theirs = WebhookChange(name="theirs")
    with pytest.raises(StaleVersionError):
        await routes.change_webhook(monitor.ctx, seen.id, theirs, seen.etag)
    with pytest.raises(StaleVersionError):
        await routes.delete_webhook(monitor.ctx, seen.id, seen.etag)
    await routes.delete_webhook(monitor.ctx, seen.id, mine.etag)


async def test_wrong_webhooks_are_named(monitor: Any) -> None:
    """An address that is none, a name that is taken, an id that is not there."""
    with pytest.raises(InvalidInputError):
        await _hook(monitor, "ftp://alerts.example.net/")
    with pytest.raises(UnknownItemError):
        await _hook(monitor, "https://alerts.example.net/", group_id=_ABSENT)
    await _hook(monitor, "https://alerts.example.net/")
    with pytest.raises(ConflictError):
        await _hook(monitor, "https://alerts.example.net/")
    for wrong in (_ABSENT, "x"):
        with pytest.raises(UnknownItemError):
            await routes.get_webhook(monitor.ctx, wrong)
        with pytest.raises(UnknownItemError):
            await routes.delete_webhook(monitor.ctx, wrong)


async def test_webhooks_are_limited(monitor: Any) -> None:
    """All of them are told at the same time."""
    for number in range(50):
        await _hook(monitor, "https://alerts.example.net/", f"hook {number}")
    with pytest.raises(ConflictError):
        await _hook(monitor, "https://alerts.example.net/", "one more")
