"""F29: what leads to a server that no policy names, over each way that there is."""

from __future__ import annotations

import itertools
import json
import re
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from forbidden import ALLOWED, CASES, Forbidden, fake_lookup, written
from matrix import Fault
from pages import Site, browser_options, require_browser

from nxforge_core.api import (
    BrowserRequest,
    HttpRequest,
    InvalidInputError,
    OutboundConnectError,
    OutboundDeniedError,
    OutboundError,
    Wait,
)
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import AddressPolicy, GuardedHttp, Lookup
from nxforge_core.services.browser import PooledBrowser

MANY: Final = len(CASES)
#: Tries all of them in one way; its title is how many of these came to nothing.
SCRIPT: Final = """<title>0</title><body><script>
const all = {cases};
let ended = 0;
function show() {{ document.body.append(document.createElement("hr")); }}
function end() {{ if (++ended == all.length) show(); }}
function fail() {{ document.title = +document.title + 1; end(); }}
function frame(url, number) {{
  const one = document.createElement("iframe");
  one.src = url; document.body.append(one);
  if (!number) setTimeout(show, 1500);  // some never load
}}
function part(url) {{
  for (const [tag, name] of [["link", "href"], ["script", "src"]]) {{
    const one = document.createElement(tag);
    one.rel = "stylesheet"; one[name] = url; document.body.append(one);
  }}
  const one = new Image();
  one.onerror = fail; one.onload = end; one.src = url;
}}
function ask(url) {{ fetch(url, {{mode: "no-cors"}}).then(end, fail); }}
function redirect(url, number) {{ ask("/go" + number); }}
function socket(url) {{
  try {{
    const one = new WebSocket(url.replace(/^http/, "ws"));
    one.onerror = fail; one.onopen = end;
  }} catch {{ fail(); }}
}}
all.forEach({way});
</script>"""
WAYS: Final = ("frame", "part", "ask", "redirect", "socket")
#: Frames cost what pages cost, and Chromium lets refused sockets wait: of these every
#: so-manyth is tried, another part each time.
SLOW: Final = {"frame": 5, "socket": 3}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The server that may be asked."""
    made = Site()
    made.pages["/"] = "meter"
    await made.start(ALLOWED)
    yield made
    await made.stop()


@pytest.fixture
def forbidden() -> Iterator[Forbidden]:
    """The one that may not."""
    with Forbidden() as made:
        yield made


@pytest.fixture
def policy(site: Site) -> NetworkPolicy:
    """Names the one and nobody else."""
    return NetworkPolicy.parse([f"{ALLOWED}:{site.port}"])


class NoPolicy:
    """What would be without one, where that leads to this machine and no further."""

    def refusal(self, address: str, port: int) -> str | None:
        """Why not."""
        del port
        local = re.match(r"(::ffff:)?(127\.|0\.0\.0\.0$)|::1?$", address)
        return None if local else "not this machine"


def chosen(fault: Fault, site: Site, forbidden: Forbidden) -> list[str]:
    """The cases; without the fault they lead to the server that may be asked."""
    if fault.removed:
        return [site.url()] * 2
    return [written(case, forbidden.port, site.port) for case in CASES]


def sent_to(url: str) -> bytes:
    """A redirect, as far as it can be written in a header."""
    place = next(iter(url.splitlines()), "")
    head = f"HTTP/1.1 302 Go\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
    return head.encode()


async def refusals(
    policy: AddressPolicy,
    urls: Sequence[str],
    lookup: Lookup = fake_lookup,
    seconds: float = 3.0,
) -> int:
    """How many of them end with a reason, for a client of their own."""
    refused = 0
    http = GuardedHttp(
        policy, lookup=lookup, tls=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    for url in urls:
        try:
            await http.fetch(HttpRequest(url=url, timeout=seconds))
        except (InvalidInputError, OutboundError):
            refused += 1
    await http.close()
    return refused


@pytest.mark.fault("F29", "forbidden addresses for ctx.http", short=MANY, long=MANY)
async def test_client_leads_to_no_forbidden_address(
    fault: Fault, site: Site, forbidden: Forbidden, policy: NetworkPolicy
) -> None:
    """Asked directly, sent there, by a name that changes; and many would lead there."""
    urls = chosen(fault, site, forbidden)
    fault.landed(await refusals(policy, urls))
    fault.figure("hits, asked directly", forbidden.hits(), limit=0)
    for number, url in enumerate(urls):
        site.pages[f"/go{number}"] = sent_to(url)
    places = [site.url(f"/go{number}") for number in range(len(urls))]
    await refusals(policy, places)
    fault.figure("hits, sent by a redirect", forbidden.hits(), limit=0)
    answers = itertools.cycle([[ALLOWED], ["127.0.0.1"], ["::1"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    for port in [site.port, forbidden.port] * 15:
        await refusals(policy, [f"http://rebind.test:{port}/"] * 2, rebinding)
    fault.figure("hits, by a name that changes", forbidden.hits(), limit=0)
    # The server there never says anything.
    await refusals(NoPolicy(), urls, seconds=0.05)
    harmless = 0 if fault.removed else MANY - forbidden.hits()
    fault.figure("cases that lead nowhere without a policy", harmless, MANY - 60)


async def visited(browser: PooledBrowser, urls: Sequence[str]) -> int:
    """How many of them are refused before anything is loaded."""
    refused = 0
    for url in urls:
        try:
            await browser.fetch(BrowserRequest(url=url, timeout=10))
        except (InvalidInputError, OutboundDeniedError, OutboundConnectError):
            refused += 1
    return refused


async def tried(
    browser: PooledBrowser, site: Site, urls: Sequence[str], way: str
) -> int:
    """How many of them come to nothing for a page that tries them all."""
    site.pages["/tries"] = SCRIPT.format(cases=json.dumps(list(urls)), way=way)
    request = BrowserRequest(url=site.url("/tries"), steps=(Wait(selector="hr"),))
    found = re.search(r"<title>(\d+)</title>", (await browser.fetch(request)).html)
    assert found is not None
    return int(found.group(1))


@pytest.mark.fault(
    "F29", "forbidden addresses for pages", short=5 * MANY, long=5 * MANY
)
async def test_page_leads_to_no_forbidden_address(
    fault: Fault,
    site: Site,
    forbidden: Forbidden,
    policy: NetworkPolicy,
    tmp_path: Path,
) -> None:
    """Visited; and for a page as frame, part, by script, redirect and web socket."""
    require_browser()
    urls = chosen(fault, site, forbidden)
    browser = PooledBrowser(policy, browser_options(tmp_path), lookup=fake_lookup)
    for number, url in enumerate(urls):
        site.pages[f"/go{number}"] = sent_to(url)
    refused = await visited(browser, urls)
    fault.figure("hits, visited", forbidden.hits(), limit=0)
    for way in WAYS:
        step = SLOW.get(way, 1)
        few = urls[fault.chance.randrange(step) :: step] or urls
        refused += await tried(browser, site, few, way)
        fault.figure(f"hits, {way}", forbidden.hits(), limit=0)
    fault.landed(0 if fault.removed else refused)
    await browser.close()
