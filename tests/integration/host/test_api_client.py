"""The Python client that is made of a host's own document."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import msgspec
import pytest

from nxforge_core.cli.client import write_client
from nxforge_core.host import NxForge
from nxforge_core.settings import PluginSettings, Settings

EXAMPLE = Path(__file__).parents[3] / "examples/api-client/temperatures.py"
BOTH = ("consumption-monitor", "temperature-monitor")


@pytest.fixture
async def both(settings: Settings) -> AsyncIterator[NxForge]:
    """A host with both of this repository's plugins."""
    app = NxForge(
        msgspec.structs.replace(settings, plugins=PluginSettings(enable=BOTH)),
        distributions=[distribution(f"nxforge-{name}") for name in BOTH],
    )
    async with app:
        yield app


def module_of(path: Path) -> ModuleType:
    """Import a file."""
    spec = importlib.util.spec_from_file_location(f"made_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Structs look their annotations up there.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


async def test_client_is_made_of_every_operation(both: NxForge, tmp_path: Path) -> None:
    """All that programs may call, each struct readable; the example is up to date."""
    running = await both.start()
    document = await running.openapi()
    path = tmp_path / "whole.py"
    path.write_text(write_client(document), "utf-8")
    whole = module_of(path)
    structs = [
        made
        for made in vars(whole).values()
        if isinstance(made, type) and issubclass(made, msgspec.Struct)
    ]

    for each in structs:
        msgspec.json.Decoder(each)
    wanted = {
        raw["operationId"]
        for path, operations in document["paths"].items()
        for raw in operations.values()
        if path.startswith(("/api/", "/health/")) and "/ui/" not in path
    }
    assert wanted - set(vars(whole.Client)) == set()
    assert len(structs) > 100
    assert write_client(document, [BOTH[1]]) == EXAMPLE.read_text("utf-8"), (
        "make it anew: nxforge client --plugin temperature-monitor"
    )


async def test_client_speaks_to_the_host(both: NxForge) -> None:
    """Bodies, answers, pages and errors, with every digit."""
    running = await both.start()
    token = await running.security.tokens.create("a test", "operator")
    made: Any = module_of(EXAMPLE)
    transport = httpx.AsyncClient(transport=httpx.ASGITransport(both))
    async with made.Client("http://host", token.text, transport) as client:
        sensor = made.NewSensor(name="room 1/2", high=30)
        await client.post_temperature_monitor_sensors(sensor)
        for celsius in ("31.125", "20", "32.5", "19"):
            reading = made.NewReading(
                sensor="room 1/2", celsius=msgspec.convert(celsius, made.Decimal)
            )
            await client.post_temperature_monitor_readings(reading)
        pages = [
            alert.worst
            async for alert in client.each_get_temperature_monitor_alerts(limit=1)
        ]
        [found] = await client.get_temperature_monitor_readings()
        with pytest.raises(made.ApiError, match="already") as failed:
            await client.post_temperature_monitor_sensors(sensor)

    assert [str(worst) for worst in pages] == ["32.500", "31.125"]
    assert (found.sensor, found.celsius) == ("room 1/2", 19)
    assert (failed.value.status, failed.value.code) == (409, "sensor_exists")
    assert failed.value.remedy
    assert failed.value.request_id
