"""Naming whose code is on a stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from nxforge_core.api import PluginId
from nxforge_core.host._culprit import Culprit, find_culprit
from nxforge_core.plugins import BUILT_IN, Owner
from nxforge_core.services import Frame

METER, PUMP = PluginId("meter"), PluginId("pump")
PLUGINS = [
    Owner(id=BUILT_IN, distribution="nxforge-core", folder=Path("/lib/nxforge_core")),
    Owner(id=METER, distribution="meter", folder=Path("/lib/cast_meter")),
    Owner(id=PUMP, distribution="pump", folder=Path("/lib/cast_pump")),
    Owner(id=PluginId("lost"), distribution="lost"),
]
LOOP = Frame("/lib/asyncio/events.py", 80, "Handle._run")
CORE = Frame("/lib/nxforge_core/jobs/_handler.py", 90, "_call")
OUTER = Frame("/lib/cast_meter/plugin.py", 5, "collect")
INNER = Frame("/lib/cast_meter/reading.py", 9, "read")
OTHER = Frame("/lib/cast_pump/plugin.py", 3, "fill")
LIBRARY = Frame("/lib/requests/api.py", 70, "get")


@pytest.mark.parametrize(
    ("frames", "job", "culprit"),
    [
        (
            (LOOP, CORE, OUTER, INNER, LIBRARY),
            ("meter", "collect"),
            Culprit(METER, "collect", INNER.file, INNER.line),
        ),
        (
            (LOOP, CORE, OUTER, OTHER, LIBRARY),
            ("meter", "collect"),
            Culprit(METER, "collect", OUTER.file, OUTER.line),
        ),
        (
            (LOOP, CORE, OUTER, OTHER, LIBRARY),
            None,
            Culprit(PUMP, None, OTHER.file, OTHER.line),
        ),
        (
            (LOOP, CORE, LIBRARY),
            ("meter", "collect"),
            Culprit(METER, "collect", LIBRARY.file, LIBRARY.line),
        ),
        ((LOOP, CORE), None, Culprit(BUILT_IN, None, CORE.file, CORE.line)),
        ((), None, Culprit(BUILT_IN, None, "", 0)),
    ],
    ids=["own", "job answers", "innermost", "library", "host", "nothing seen"],
)
def test_culprit_is_named(
    frames: tuple[Frame, ...], job: tuple[str, str] | None, culprit: Culprit
) -> None:
    """A job's plugin answers for the job; without one the innermost plugin does."""
    assert find_culprit(frames, job, PLUGINS) == culprit
