"""Files of plugins: uploaded, streamed, bounded, over in time, gone with them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from distributions import Site
from reading import Reading, words

from nxforge_core.api import PluginId, StoredFile, UnknownItemError
from nxforge_core.services.notify import PluginNotify
from nxforge_core.services.storage import (
    BadFileNameError,
    LostFileError,
    PluginStorage,
    StorageFullError,
    StorageKeeper,
)
from nxforge_core.settings import PluginSettings

Start = Callable[..., Awaitable[Any]]

ALBUM = '''
from litestar import Request

from nxforge_core.api import *


async def put(ctx: PluginContext, request: Request, name: str) -> StoredFile:
    """Store a picture as it comes."""
    return await ctx.storage.write(name, request.stream())


async def get(ctx: PluginContext, name: str) -> Download:
    """A picture in parts."""
    if await ctx.storage.find(name) is None:
        raise UnknownItemError(kind="picture", value=name)
    return Download(ctx.storage.stream(name), "image/png", "a.png")


@hookimpl
def nxforge_routes():
    return [
        RouteSpec("PUT", "/pictures/{name:str}", put, public=True, upload=9_000_000),
        RouteSpec("GET", "/pictures/{name:str}", get, public=True),
    ]
'''
PICTURES = "/api/v1/m/album/pictures"
KEEPS = {"capabilities": ["storage"]}


class Hands:
    """A clock that a test moves."""

    at = datetime(2026, 12, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """What it shows."""
        return self.at

    def monotonic(self) -> float:
        """Seconds of it."""
        return self.at.timestamp()


@pytest.fixture
def clock() -> Hands:
    """Stands still."""
    return Hands()


@pytest.fixture
async def core(start: Start) -> Any:
    """The core's pool."""
    return (await start()).running.core.database


@pytest.fixture
def storage(core: Any, tmp_path: Path, clock: Hands) -> PluginStorage:
    """A plugin's storage of a thousand bytes."""
    return PluginStorage(core, tmp_path, "album", 1000, clock)


def on_disk(tmp_path: Path) -> list[Path]:
    """What lies below the data directory."""
    folder = tmp_path / "files" / "album"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def test_upload_and_download_hold_nothing_in_memory(
    start: Start, site: Site
) -> None:
    """More than JSON may have; what is more than the route takes leaves nothing."""
    site.add("album", ALBUM, manifest=KEEPS)
    host = await start("album")
    content = b"\x89PNG" * 1_500_000

    async def parts(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield content[:1_000_000]

    stored = await host.client.put(f"{PICTURES}/a.png", content=content)
    large = await host.client.put(f"{PICTURES}/b.png", content=parts(10))
    again = await host.client.get(f"{PICTURES}/a.png")
    missing = await host.client.get(f"{PICTURES}/b.png")
    document = await host.running.openapi()

    assert stored.status_code == 200, stored.text
    assert stored.json()["data"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert large.status_code == 413
    assert again.content == content
    assert again.headers["content-type"] == "image/png"
    assert "filename*=UTF-8''a.png" in again.headers["content-disposition"]
    assert missing.status_code == 404
    body = document["paths"][f"{PICTURES}/{{name}}"]["put"]["requestBody"]
    assert list(body["content"]) == ["application/octet-stream"]
    files = host.running.storage_of(PluginId("album"))
    assert [each.name for each in await files.list()] == ["a.png"]


async def test_files_need_the_capability(start: Start, site: Site) -> None:
    """A manifest that does not name it is answered with the remedy."""
    site.add("album", ALBUM)
    host = await start("album")
    answer = await host.client.put(f"{PICTURES}/a.png", content=b"x")

    assert answer.status_code == 403
    assert "add 'storage' to 'capabilities'" in answer.text


async def test_admin_sees_and_deletes_files(start: Start, site: Site) -> None:
    """On the plugin's page and over the API; operators see them only."""
    site.add("album", ALBUM, manifest=KEEPS)
    host = await start("album")
    await host.client.put(f"{PICTURES}/a.png", content=b"abc")
    admin = Reading(host.client, await host.bearer("admin"))
    operator = Reading(host.client, await host.bearer("operator"))
    page = await operator.see("/ui/nxforge/plugin?id=album")
    listed = await operator.get("/api/v1/plugins/album/files")
    path = "/api/v1/plugins/album/files?name=a.png"
    refused = await host.client.delete(path, headers=operator.headers)
    gone = await host.client.delete(path, headers=admin.headers)
    twice = await host.client.delete(path, headers=admin.headers)

    assert "a.png" in words(page, "files")
    assert listed.json()["data"][0]["size"] == 3
    assert [each.status_code for each in (refused, gone, twice)] == [403, 204, 404]


async def test_file_is_replaced_as_a_whole(
    storage: PluginStorage, tmp_path: Path
) -> None:
    """One who reads meanwhile gets the one or the other; the old bytes go."""
    first = await storage.write("a/b.txt", b"one")
    reading = storage.stream("a/b.txt")
    await storage.write("a/b.txt", b"two")

    assert await storage.find("a/b.txt") != first
    assert b"".join([part async for part in reading]) == b"two"
    assert await storage.read("a/b.txt") == b"two"
    assert len(on_disk(tmp_path)) == 1


async def test_quota_is_kept_by_many_at_a_time(
    storage: PluginStorage, tmp_path: Path
) -> None:
    """Of those that write at once only as many succeed as fit; nothing is left."""
    await storage.write("old", b"x" * 500)
    writing = [storage.write(f"new/{n}", b"y" * 200) for n in range(6)]
    done = await asyncio.gather(*writing, return_exceptions=True)
    usage = await storage.usage()

    assert sum(isinstance(each, StoredFile) for each in done) == 2
    assert sum(isinstance(each, StorageFullError) for each in done) == 4
    assert (usage.files, usage.size, usage.quota) == (3, 900, 1000)
    assert len(on_disk(tmp_path)) == 3
    # What is replaced does not count beside its successor.
    assert (await storage.write("old", b"z" * 600)).size == 600


BAD_NAMES = (
    *("", "/etc/passwd", "../secret.key", "a/../b", ".a", "a/.b", "a//b", "a/"),
    *("a\0b", "a b", "ä", "a\\b", "x" * 201, "/".join("abcdefghi"), "a\n"),
)


@pytest.mark.parametrize("name", BAD_NAMES)
async def test_name_never_leads_elsewhere(
    storage: PluginStorage, tmp_path: Path, name: str
) -> None:
    """What is no plain name is refused, and nothing is written."""
    with pytest.raises(BadFileNameError):
        await storage.write(name, b"x")
    assert on_disk(tmp_path) == []


async def test_file_is_over_in_time(
    storage: PluginStorage, core: Any, tmp_path: Path, clock: Hands
) -> None:
    """From that instant nobody sees it; its bytes go a minute later."""
    await storage.write("short", b"x", keep=timedelta(hours=1))
    await storage.write("long", b"y")
    clock.at += timedelta(hours=1)

    assert await storage.find("short") is None
    assert [each.name for each in await storage.list()] == ["long"]
    with pytest.raises(UnknownItemError):
        await storage.read("short")
    await StorageKeeper(core, tmp_path, clock).flush()
    assert len(on_disk(tmp_path)) == 1


async def test_what_a_killed_process_left_is_deleted(
    storage: PluginStorage, core: Any, tmp_path: Path, clock: Hands
) -> None:
    """Old bytes without a file go; what somebody is writing stays."""
    await storage.write("good", b"x")
    folder = tmp_path / "files" / "album"
    left_over(folder / uuid4().hex, age=7200)
    left_over(folder / uuid4().hex, age=60)
    await StorageKeeper(core, tmp_path, clock).flush()

    assert len(on_disk(tmp_path)) == 2
    assert await storage.read("good") == b"x"


def left_over(path: Path, age: float) -> None:
    """Bytes that no file has."""
    path.write_bytes(b"?")
    os.utime(path, (time.time() - age, time.time() - age))


async def test_bytes_that_are_elsewhere_are_told(
    storage: PluginStorage, tmp_path: Path
) -> None:
    """A host with another data directory says so, and not that there is no file."""
    await storage.write("a", b"x")
    on_disk(tmp_path)[0].unlink()
    with pytest.raises(LostFileError, match="not on this machine"):
        await storage.read("a")


async def test_all_goes_with_the_plugin(
    start: Start, site: Site, settings: Any, nxforge: Any
) -> None:
    """Files, settings and notices: no row and no folder is left."""
    site.add("album", ALBUM, manifest=KEEPS)
    host = await start()
    core, folder = host.running.core.database, settings.data_dir / "files" / "album"
    await PluginStorage(core, settings.data_dir, "album", 99, Hands()).write("a", b"x")
    await PluginNotify(core, "album", Hands()).send("Full", "The album is full.")
    there = folder.exists()
    await nxforge("plugins", "remove", "album", "--yes")
    tables = ("stored_file", "notice", "plugin_setting")
    left = [await core.fetchval(f"select count(*) from {each}") for each in tables]  # noqa: S608 - names of this test

    assert there
    assert not folder.exists()
    assert left == [0, 0, 0]


async def test_quota_is_a_setting(start: Start, site: Site) -> None:
    """`plugins.storage_quota` bounds each plugin; 507 says so."""
    site.add("album", ALBUM, manifest=KEEPS)
    host = await start(plugins=PluginSettings(enable=("album",), storage_quota=10))
    answer = await host.client.put(f"{PICTURES}/a.png", content=b"x" * 11)

    assert answer.status_code == 507
    assert "plugins.storage_quota" in answer.text
