"""What a page cannot do: reach others, stay, keep things, open things."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from pages import HOST, Site, found, make_browser, page

from nxforge_core.api import (
    BasicAuth,
    BrowserError,
    BrowserRequest,
    OutboundConnectError,
    OutboundDeniedError,
    Wait,
)
from nxforge_core.services.browser import PooledBrowser

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]

ATTACK = """
<img src="{bad}/img"><iframe src="{bad}/iframe"></iframe>
<iframe src="http://localhost:{port}/name"></iframe><iframe src="file:///etc/passwd">
</iframe><link rel=preconnect href="{bad}"><link rel=prefetch href="{bad}/prefetch">
<script>
fetch("{bad}/fetch").then(r => r.text()).then(t => document.title = t).catch(() => 0);
new WebSocket("ws://127.0.0.1:{port}/ws");
navigator.sendBeacon("{bad}/beacon");
new Worker(URL.createObjectURL(new Blob(['fetch("{bad}/worker")'])));
try {{
  const p = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{udp}"}}]}});
  p.createDataChannel("x"); p.createOffer().then(o => p.setLocalDescription(o));
}} catch {{}}
</script><p>meter</p>
"""
#: Asks another meter without a pause, in each way that outlasts something: the end of
#: the visit, of the page, of its connections (of which Chromium opens a few at once).
RELENTLESS = """<p>12 kWh</p><script>
const how = "{{mode: 'no-cors', method: 'POST', keepalive: true}}";
const hit = `fetch('{other}/off', ${{how}})`;
const again = new Blob([`setInterval(() => ${{hit}}.catch(() => 0), 1)`]);
const worker = URL.createObjectURL(again);
setInterval(() => eval(hit).catch(() => 0), 1);
new Worker(worker); new SharedWorker(worker);
addEventListener("pagehide", () => navigator.sendBeacon("{other}/off"));
addEventListener("load", () => {{
  for (let n = 0; n < 40; n++) {{
    new WebSocket(`ws://${{location.host}}/hang?${{n}}`);
    navigator.sendBeacon("{other}/off", "x");
  }}
}});
</script>"""


async def test_a_page_reaches_its_own_host_only(
    browser: PooledBrowser, site: Site, stranger: Site
) -> None:
    """No way leads to another server: nine were tried, and WebRTC's datagrams."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0)
        bad = f"http://127.0.0.1:{stranger.port}"
        site.pages["/"] = ATTACK.format(
            bad=bad, port=stranger.port, udp=udp.getsockname()[1]
        )

        read = await browser.fetch(
            BrowserRequest(url=site.url(), steps=(Wait(ms=1200),))
        )

        assert "meter" in read.html
        assert stranger.heads == []
        with pytest.raises(BlockingIOError):
            udp.recv(100)


async def test_a_page_does_not_go_where_the_next_one_may(
    site: Site, tmp_path: Path
) -> None:
    """Of the next meter it learns nothing, and it never has that meter's password."""
    other = Site()
    await other.start("127.0.0.3")
    there = other.url(host="127.0.0.3")
    site.pages["/"] = RELENTLESS.format(other=there.removesuffix("/"))
    site.pages["/hang"] = None
    other.pages["/"] = "7 kWh"
    browser = make_browser(tmp_path, HOST, "127.0.0.3")
    auth = BasicAuth("root", "swordfish")
    for _ in range(3):
        steps = (Wait(ms=150),)
        await browser.fetch(BrowserRequest(url=site.url(), steps=steps))
        read = await browser.fetch(BrowserRequest(url=there, auth=auth))
        assert "7 kWh" in read.html

    assert other.asked == ["/"] * 3
    assert any(head.startswith("GET /hang") for head in site.heads)
    await browser.close()
    await other.stop()


async def test_other_ports_of_the_host_need_the_policy_too(
    browser: PooledBrowser, site: Site, tmp_path: Path
) -> None:
    """A policy for one port opens one port, to the page as to the host."""
    other = Site()
    await other.start()
    site.pages["/"] = f"<img src='{other.url('/img')}'>meter"
    narrow = make_browser(tmp_path, f"{HOST}:{site.port}")

    await narrow.fetch(BrowserRequest(url=site.url(), steps=(Wait(ms=200),)))
    assert other.asked == []
    await browser.fetch(BrowserRequest(url=site.url(), steps=(Wait(ms=200),)))

    assert other.asked == ["/img"]
    await narrow.close()
    await other.stop()


async def test_a_redirect_elsewhere_is_refused(
    browser: PooledBrowser, site: Site, stranger: Site
) -> None:
    """The error names where it leads; the server there never hears of it."""
    location = f"Location: http://127.0.0.1:{stranger.port}/secret\r\n"
    site.pages["/"] = page("", status="302 Go", head=location)

    with pytest.raises(BrowserError, match=r"it leads to 127\.0\.0\.1:") as caught:
        await browser.fetch(BrowserRequest(url=site.url()))

    assert caught.value.reason == "connect"
    assert stranger.heads == []


async def test_an_address_outside_the_policy_is_never_visited(
    browser: PooledBrowser, stranger: Site
) -> None:
    """The same refusal as that of `ctx.http`, with the setting to change."""
    with pytest.raises(OutboundDeniedError) as caught:
        await browser.fetch(BrowserRequest(url=stranger.url(host="127.0.0.1")))

    assert "network.allow" in caught.value.remedy
    assert stranger.heads == []


async def test_a_name_is_looked_up_once(folder: Path, site: Site) -> None:
    """Its address is judged and kept: rebinding leads nowhere."""
    site.pages["/"] = "named"
    names = {"meter.test": HOST}
    browser = make_browser(folder, names=names)

    read = await browser.fetch(BrowserRequest(url=site.url(host="meter.test")))
    assert "named" in read.html
    names["meter.test"] = "127.0.0.1"
    with pytest.raises(OutboundDeniedError):
        await browser.fetch(BrowserRequest(url=site.url(host="meter.test")))

    await browser.close()


async def test_nobody_at_the_address_is_said(browser: PooledBrowser) -> None:
    """A closed port ends at once, with the system's words."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        url = f"http://{HOST}:{taken.getsockname()[1]}/"

    with pytest.raises(BrowserError, match="no connection") as caught:
        await browser.fetch(BrowserRequest(url=url))

    assert caught.value.reason == "connect"


async def test_dialogs_and_windows_do_not_stop_a_visit(
    browser: PooledBrowser, site: Site
) -> None:
    """They are dismissed and refused, and the page is read."""
    site.pages["/"] = (
        "<script>alert(1); confirm(2); prompt(3);"
        "for (let i = 0; i < 20; i++) window.open('/popup');"
        "onbeforeunload = () => 'stay'</script><p>12 kWh</p>"
    )

    first = await browser.fetch(BrowserRequest(url=site.url()))
    again = await browser.fetch(BrowserRequest(url=site.url()))

    assert "12 kWh" in first.html
    assert "12 kWh" in again.html
    assert "/popup" not in site.asked


async def test_a_download_is_refused(
    browser: PooledBrowser, site: Site, folder: Path
) -> None:
    """Nothing of it is stored."""
    head = "Content-Disposition: attachment; filename=meter.exe\r\n"
    site.pages["/"] = page("MZ", head=head)

    with pytest.raises(BrowserError, match="no page"):
        await browser.fetch(BrowserRequest(url=site.url()))

    assert found(folder, "meter*") == []


async def test_nothing_of_a_visit_is_kept(browser: PooledBrowser, site: Site) -> None:
    """Cookies, stores, caches, the window's name: the next visit finds none."""
    site.pages["/"] = """<script>
      const seen = [document.cookie, localStorage.a, sessionStorage.a, window.name];
      document.cookie = 'a=1'; localStorage.a = 1; sessionStorage.a = 1;
      window.name = 'a'; indexedDB.open('a');
      document.title = 'seen ' + seen.filter(Boolean).join()</script>"""

    visits = [await browser.fetch(BrowserRequest(url=site.url())) for _ in range(8)]

    assert {"<title>seen </title>" in each.html for each in visits} == {True}
    asked = [head for head in site.heads if head.startswith("GET / ")]
    assert len(asked) == 8
    assert not any("Cookie:" in head for head in asked)


async def test_a_page_does_nothing_after_its_visit(
    browser: PooledBrowser, site: Site
) -> None:
    """Its timers stand still, and its connections are cut."""
    site.pages["/"] = "<script>setInterval(() => fetch('/late'), 50)</script>x"

    await browser.fetch(BrowserRequest(url=site.url()))
    await asyncio.sleep(0.2)  # what was on its way arrives
    before = len(site.asked)
    await asyncio.sleep(0.5)

    assert len(site.asked) == before


async def test_a_name_without_address_is_said(folder: Path) -> None:
    """It is an error of the name, and Chromium is not asked."""
    browser = PooledBrowser(
        make_browser(folder)._policy, make_browser(folder)._options, lookup=_nobody
    )

    with pytest.raises(OutboundConnectError, match="cannot be resolved"):
        await browser.fetch(BrowserRequest(url="http://nowhere.test/"))

    assert browser.pids == ()
    await browser.close()


async def _nobody(host: str, port: int) -> list[str]:
    del host, port
    raise socket.gaierror(socket.EAI_NONAME, "no such name")
