"""A hub without a database, and plugins that are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hearing import Lines

from nxforge_core.api import (
    PluginContext,
    PluginId,
    PluginInfo,
    SubscriptionSpec,
)
from nxforge_core.events import EventHub
from nxforge_core.services import SystemClock


@pytest.fixture
def lines() -> Lines:
    """What the hub says and sends."""
    return Lines()


@pytest.fixture
def hub(lines: Lines) -> EventHub:
    """A hub that hears nothing from outside."""
    database: Any = lines
    listener: Any = None
    return EventHub(database, listener, SystemClock(), lambda _: lines)


@pytest.fixture
def wish(lines: Lines) -> Callable[..., tuple[SubscriptionSpec, PluginContext[Any]]]:
    """A subscription of a plugin."""

    def make(
        pattern: str, told: Any, plugin: str = "listener", **more: Any
    ) -> tuple[SubscriptionSpec, PluginContext[Any]]:
        unused: Any = None
        context = PluginContext(
            plugin=PluginInfo(PluginId(plugin), plugin, "1.0"),
            settings=None,
            db=unused,
            http=unused,
            browser=unused,
            secrets=unused,
            jobs=unused,
            events=unused,
            log=lines,
            clock=unused,
        )
        return SubscriptionSpec(pattern, told, name="told", **more), context

    return make
