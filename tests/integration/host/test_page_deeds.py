"""What readers do on pages, with and without JavaScript, on a host at work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from gallery_site import add_gallery
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.settings import UiSettings

Start = Callable[..., Awaitable[Any]]

PAGE = "/ui/gallery/all"
HTML = {"accept": "text/html"}
JSON = {"accept": "application/json"}


def said_on(page: str) -> list[str]:
    """What a page says of what has just been done."""
    return [node.text() for node in LexborHTMLParser(page).css(".nx-said")]


@pytest.fixture
async def host(site: Any, start: Start) -> Any:
    """A host with the gallery at work."""
    add_gallery(site)
    return await start("gallery")


async def test_form_is_saved_or_says_what_is_wrong(host: Any) -> None:
    """Faults stand beside their fields with what was typed; a save leads on."""
    operator = await host.bearer("operator")
    sent = {"nx-widget": "endpoint", "name": "x", "interval_s": "1", "password": "pw"}

    wrong = await host.client.post(PAGE, data=sent, headers={**operator, **HTML})
    told = await host.client.post(PAGE, data=sent, headers={**operator, **JSON})
    taken = await host.client.post(
        PAGE,
        data={"nx-widget": "endpoint", "name": "taken"},
        headers={**operator, **JSON},
    )
    right = {"nx-widget": "endpoint", "name": "Rack A9", "interval_s": "30"}
    saved = await host.client.post(PAGE, data=right, headers={**operator, **HTML})
    said = saved.headers["set-cookie"].partition(";")[0]
    shown = await host.client.get(PAGE, headers={**operator, "cookie": said})
    again = await host.client.get(PAGE, headers={**operator, "cookie": ""})
    right["note"] = "on to the next"
    by_script = await host.client.post(PAGE, data=right, headers={**operator, **JSON})
    waiting = by_script.headers["set-cookie"].partition(";")[0]
    there = await host.client.get(PAGE, headers={**operator, "cookie": waiting})

    secure = await host.client.post(
        f"https://host{PAGE}", data=right, headers={**operator, **HTML}
    )

    assert wrong.status_code == told.status_code == 422
    assert secure.headers["set-cookie"].startswith("__Host-nxforge-said=")
    assert "Secure" in secure.headers["set-cookie"]
    tree = LexborHTMLParser(wrong.text)
    assert "5 to 3600" in tree.css_first("#endpoint-interval_s-wrong").text()
    assert tree.css_first("#endpoint-name").attributes["value"] == "x"
    assert "pw" not in wrong.text
    assert set(told.json()["fields"]) == {"name", "interval_s"}
    assert taken.json()["fields"] == {"name": "Choose another."}
    assert (saved.status_code, saved.headers["location"]) == (303, PAGE)
    assert said_on(shown.text) == ["Rack A9 is saved."]
    assert said_on(again.text) == []
    assert by_script.json()["go"] == PAGE
    assert said_on(there.text) == ["Rack A9 is saved."]


async def test_action_asks_before_and_is_in_the_trail(host: Any) -> None:
    """Without a script the question is a page; what was done is kept by name."""
    operator = {**await host.bearer("operator"), **HTML}
    many = {"nx-widget": "meters", "nx-many": "pause", "key": ["m1", "m2"]}

    asked = await host.client.post(PAGE, data=many, headers=operator)
    form = LexborHTMLParser(asked.text).css_first("main form")
    hidden = [node.attributes for node in form.css("[type=hidden]")]
    fields: dict[str, list[str]] = {}
    for each in hidden:
        fields.setdefault(str(each["name"]), []).append(str(each["value"]))
    done = await host.client.post(PAGE, data=fields, headers=operator)
    page = await host.client.get("/api/v1/ui/data/gallery/all/deeds", headers=operator)
    rows = await host.running.core.database.fetch(
        "select actor, target, after from nxforge.audit where action = 'page.act'"
    )

    assert "Pause 2?" in asked.text
    assert done.status_code == 303
    assert page.json()["data"]["rows"][-1] == {"what": "paused m1,m2"}
    assert [(row["target"], row["after"]) for row in rows] == [
        ("gallery/all/meters/pause", {"keys": ["m1", "m2"]})
    ]


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"nx-widget": "fail"}, 422, "'Fail' failed inside the plugin"),
        ({"nx-widget": "meters", "nx-many": "pause"}, 422, "no row is selected"),
        ({"nx-widget": "meters", "nx-one": "secret:m1"}, 404, "no action 'secret'"),
        ({"nx-widget": "meters", "nx-one": "none:m1"}, 404, "no action 'none'"),
        ({"nx-widget": "now"}, 404, "no action 'now'"),
        ({"nx-widget": "none"}, 404, "no widget 'none'"),
        ({}, 404, "no widget ''"),
    ],
)
async def test_what_cannot_be_done_is_told(
    host: Any, sent: dict[str, str], status: int, words: str
) -> None:
    """A failure of the plugin and a request nobody may make have words of their own."""
    operator = {**await host.bearer("operator"), **JSON}

    answer = await host.client.post(PAGE, data=sent, headers=operator)

    assert answer.status_code == status
    assert words in answer.text
    assert "unspeakable" not in answer.text


async def test_widget_of_others_is_out_of_reach(host: Any) -> None:
    """Who may not see a button cannot press it, and another site cannot either."""
    viewer = await host.bearer("viewer")
    sent = {"nx-widget": "fail"}

    hidden = await host.client.post(PAGE, data=sent, headers={**viewer, **JSON})
    seen = await host.client.get(PAGE, headers={**viewer, **HTML})

    assert hidden.status_code == 404
    assert 'id="fail"' not in seen.text


async def test_modules_are_files_of_the_plugin_only(host: Any) -> None:
    """They are kept for ever, behind the log-in, and nothing else is reached."""
    viewer = await host.bearer("viewer")
    page = await host.client.get(PAGE, headers={**viewer, **HTML})
    gauge = LexborHTMLParser(page.text).css_first("#gauge nx-plugin")
    path = str(gauge.attributes["data-module"])
    base = path.rpartition("/")[0]

    found = await host.client.get(path, headers=viewer)
    inner = await host.client.get(f"{base}/lib/draw.js", headers=viewer)
    stranger = await host.client.get(path)
    out = [
        (await host.client.get(f"{base}/{way}", headers=viewer)).status_code
        for way in ("..%2fplugin.py", "%2e%2e/manifest.json", "plugin.py", "")
    ]

    assert found.headers["content-type"].startswith("text/javascript")
    assert "immutable" in found.headers["cache-control"]
    assert inner.status_code == 200
    assert stranger.status_code == 401
    assert out == [404, 404, 404, 404]


async def test_admin_allows_no_modules(site: Any, start: Start) -> None:
    """With `ui.allow_plugin_js = false` no page names a module and none is served."""
    add_gallery(site)
    host = await start("gallery", ui=UiSettings(allow_plugin_js=False))
    viewer = await host.bearer("viewer")

    page = await host.client.get(PAGE, headers={**viewer, **HTML})
    file = await host.client.get("/ui/gallery/0/gauge.js", headers=viewer)

    assert "nx-plugin" not in page.text
    assert "The gauge needs JavaScript." in page.text
    assert file.status_code == 404


async def test_page_on_a_wall_has_a_way_back(host: Any) -> None:
    """`?wall=1` marks the document; the way out keeps what else was chosen."""
    operator = await host.bearer("operator")
    shown = await host.client.get(
        f"{PAGE}?wall=1&window=6h", headers={**operator, **HTML}
    )
    page = LexborHTMLParser(shown.text)
    html = page.css_first("html[data-wall]")
    way = page.css_first(".nx-leave")
    assert html is not None
    assert way is not None
    assert str(way.attributes["href"]) == f"{PAGE}?window=6h"
