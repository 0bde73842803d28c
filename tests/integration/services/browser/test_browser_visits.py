"""What a visit answers, and what each step does."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from pages import Site, page

from nxforge_core.api import (
    BasicAuth,
    BrowserError,
    BrowserRequest,
    Click,
    DigestAuth,
    InvalidInputError,
    Navigate,
    OutboundTooLargeError,
    Select,
    Type,
    Viewport,
    Wait,
)
from nxforge_core.services.browser import PooledBrowser

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]

PNG = b"\x89PNG"
SCRIPTED = "<b id=v></b><script>document.all.v.textContent = 6 * 7 + ' kWh'</script>"
LOGIN = """
<form action=/in><input name=user><input name=pass type=password>
<select name=feed><option value=a>A<option value=b>B</select><button>Go</button></form>
"""


async def test_a_page_is_read_after_its_scripts(
    browser: PooledBrowser, site: Site
) -> None:
    """The answer is the document as it is then, with status, address and times."""
    site.pages["/"] = SCRIPTED

    found = await browser.fetch(BrowserRequest(url=site.url()))

    assert "42 kWh" in found.html
    assert (found.status, found.content_type) == (200, "text/html")
    assert found.url == site.url()
    assert 0 < found.timings["load"] <= found.timings["total"] < 20
    assert found.screenshot is None


async def test_steps_fill_a_form_and_wait_for_what_comes(
    browser: PooledBrowser, site: Site
) -> None:
    """Type, select, click, wait and navigate do what a person would."""
    site.pages |= {"/": LOGIN, "/in": SCRIPTED, "/meter": "<i>7 kWh</i>"}
    steps = (
        Wait(selector="form"),
        Type("[name=user]", "anna"),
        Type("[name=pass]", "s3cr&t"),
        Select("[name=feed]", "b"),
        Click("button"),
        Wait(selector="#v"),
        Wait(ms=10),
        Navigate("/meter"),
    )

    found = await browser.fetch(BrowserRequest(url=site.url(), steps=steps))

    assert "7 kWh" in found.html
    assert site.asked == ["/", "/in?user=anna&pass=s3cr%26t&feed=b", "/meter"]


async def test_an_error_page_is_an_answer(browser: PooledBrowser, site: Site) -> None:
    """Its status says what is wrong, and no step is tried on it."""
    request = BrowserRequest(url=site.url("/gone"), steps=(Click("#there"),))

    found = await browser.fetch(request)

    assert found.status == 404
    assert "none" in found.html


async def test_a_page_that_is_not_html_shows_its_text(
    browser: PooledBrowser, site: Site
) -> None:
    """The type is that of the document."""
    body = b'{"kwh": 5}'
    site.pages["/"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )

    found = await browser.fetch(BrowserRequest(url=site.url()))

    assert found.content_type == "application/json"
    assert '{"kwh": 5}' in found.html


async def test_credentials_reach_the_page(browser: PooledBrowser, site: Site) -> None:
    """Basic authentication, headers and cookies are sent from the first request on."""
    site.pages["/"] = "in"
    request = BrowserRequest(
        url=site.url(),
        auth=BasicAuth("anna", "pw"),
        headers={"X-Key": "k1", "Cookie": "a=1; b=2"},
    )

    await browser.fetch(request)

    head = site.heads[0]
    assert f"Basic {base64.b64encode(b'anna:pw').decode()}" in head
    assert "X-Key: k1" in head
    assert "Cookie: a=1; b=2" in head


async def test_credentials_reach_no_other_port_of_the_host(
    browser: PooledBrowser, site: Site
) -> None:
    """Own parts and redirects get them, another port and the next visit do not."""
    other = Guarded()
    await other.start()
    parts = f"<img src=/a><img src={other.url('/b')}><link rel=stylesheet href=/c>"
    site.pages["/"] = parts + f"<iframe src={other.url('/d')}></iframe>meter"
    site.pages["/a"] = page("", status="302 Go", head="Location: /moved\r\n")
    headers = {"X-Key": "k1"}

    for auth in (BasicAuth("anna", "pw"), DigestAuth("anna", "pw")):
        await browser.fetch(BrowserRequest(url=site.url(), auth=auth, headers=headers))
    with_key = [head for head in site.heads if "X-Key: k1" in head]
    sent, site.heads = site.heads, []
    await browser.fetch(BrowserRequest(url=site.url()))
    await other.stop()
    # Chromium asks for the picture of a page when it likes, after its visit too.
    after = [head for head in site.heads if "/favicon.ico" not in head]

    paths = {head.split(" ", 2)[1] for head in with_key}
    assert {"/", "/a", "/c", "/moved"} <= paths
    assert sum("Authorization: Basic" in head for head in sent) >= 4
    assert {"/b", "/d"} <= set(other.asked)
    assert not any("Authorization" in head for head in other.heads + after)
    assert not any("X-Key" in head for head in other.heads + after)


class Guarded(Site):
    """Asks for a digest, and checks the answer."""

    def _answer(self, head: str) -> bytes | None:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', head.partition("Digest ")[2]))
        if not given:
            ask = 'WWW-Authenticate: Digest realm="m", nonce="n1", qop="auth"\r\n'
            return page("no", status="401 No", head=ask)
        ha1 = hashlib.md5(b"anna:m:pw").hexdigest()  # noqa: S324 - the protocol's
        ha2 = hashlib.md5(f"GET:{given['uri']}".encode()).hexdigest()  # noqa: S324
        parts = (ha1, "n1", given["nc"], given["cnonce"], "auth", ha2)
        right = hashlib.md5(":".join(parts).encode()).hexdigest()  # noqa: S324
        if given["response"] == right:
            return page("welcome")
        again = 'WWW-Authenticate: Digest realm="m", nonce="n1", qop="auth"\r\n'
        return page("wrong", status="401 No", head=again)


async def test_digest_answers_the_challenge_once(browser: PooledBrowser) -> None:
    """The right password opens the page; a wrong one ends as 401 and not in a loop."""
    site = Guarded()
    await site.start()

    good = await browser.fetch(
        BrowserRequest(url=site.url(), auth=DigestAuth("anna", "pw"))
    )
    wrong = await browser.fetch(
        BrowserRequest(url=site.url(), auth=DigestAuth("anna", "no"))
    )
    none = await browser.fetch(BrowserRequest(url=site.url()))
    await site.stop()

    assert "welcome" in good.html
    assert (wrong.status, none.status) == (401, 401)


async def test_a_screenshot_is_a_png_of_bounded_size(
    browser: PooledBrowser, site: Site
) -> None:
    """However busy the page is, it has 200 kB at the most."""
    site.pages["/"] = (
        "<canvas id=c width=1280 height=800></canvas><script>"
        "const c = document.all.c.getContext('2d');"
        "const d = c.createImageData(1280, 800);"
        "for (let i = 0; i < d.data.length; i++) d.data[i] = Math.random() * 255;"
        "c.putImageData(d, 0, 0)</script>"
    )
    request = BrowserRequest(
        url=site.url(), screenshot=True, viewport=Viewport(width=800, height=600)
    )

    found = await browser.fetch(request)

    assert found.screenshot is not None
    assert found.screenshot.startswith(PNG)
    assert len(found.screenshot) <= 200_000


async def test_a_failed_step_shows_what_there_was_instead(
    browser: PooledBrowser, site: Site
) -> None:
    """The error has the step, a picture and the page, and no secret anywhere."""
    site.pages["/"] = "<p>hello <input id=i title=geheim7><b>geheim7</b>"
    request = BrowserRequest(
        url=site.url(),
        steps=(Type("#i", "geheim7"), Wait(selector="#never")),
        timeout=3,
        hidden=("geheim7",),
    )

    with pytest.raises(BrowserError) as caught:
        await browser.fetch(request)

    error = caught.value
    assert (error.reason, error.step) == ("browser", 2)
    assert "there is no element '#never'" in error.message
    assert error.screenshot is not None
    assert error.screenshot.startswith(PNG)
    assert "hello" in error.html
    assert "geheim7" not in error.html + error.message


async def test_a_field_is_emptied_and_an_option_waited_for(
    browser: PooledBrowser, site: Site
) -> None:
    """Typing nothing clears; a list that a script fills is waited for."""
    site.pages["/"] = (
        "<input id=i value=old oninput='n.textContent = i.value'><i id=n></i>"
        "<select id=s onchange=\"m.textContent = 'chose ' + s.value\"></select>"
        "<i id=m></i><script>setTimeout(() => s.innerHTML = "
        "'<option>none<option value=b>B', 300)</script>"
    )
    steps = (Type("#i", ""), Type("#i", "new"), Type("#i", ""), Select("#s", "b"))

    read = await browser.fetch(BrowserRequest(url=site.url(), steps=steps))

    assert "chose b" in read.html
    assert '<i id="n">new</i>' in read.html


async def test_a_header_that_cannot_be_sent_is_refused(
    browser: PooledBrowser, site: Site
) -> None:
    """Before anything is sent."""
    request = BrowserRequest(url=site.url(), headers={"X-A": "1\r\nX-B: 2"})

    with pytest.raises(InvalidInputError, match="X-A"):
        await browser.fetch(request)

    assert site.asked == []


async def test_a_selector_that_is_none_is_refused_at_once(
    browser: PooledBrowser, site: Site
) -> None:
    """Nobody waits for an element that no page can have."""
    site.pages["/"] = "x"
    steps = (Wait(selector="td["),)

    with pytest.raises(BrowserError, match="not one of CSS"):
        await browser.fetch(BrowserRequest(url=site.url(), steps=steps))


async def test_a_page_that_is_too_large_is_refused(
    browser: PooledBrowser, site: Site
) -> None:
    """The limit holds for the document as the scripts have made it."""
    site.pages["/"] = "<script>document.write('x'.repeat(60000))</script>"

    with pytest.raises(OutboundTooLargeError, match="50000 bytes"):
        await browser.fetch(BrowserRequest(url=site.url(), max_bytes=50_000))


async def test_steps_stay_on_the_host(browser: PooledBrowser, site: Site) -> None:
    """A step to another host is refused before anything is sent."""
    steps = (Navigate("http://127.0.0.1/"),)

    with pytest.raises(InvalidInputError, match="navigate"):
        await browser.fetch(BrowserRequest(url=site.url(), steps=steps))

    assert site.asked == []
