"""The host's own module as a plugin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from nxforge_core.api import Clock, Manifest
from nxforge_core.plugins import (
    BUILT_IN,
    Candidate,
    Problem,
    built_in,
    load,
    survey,
)

Install = Callable[..., Path]
Find = Callable[[], tuple[Candidate | Problem, ...]]


def zero(source: str, folder: Path) -> ModuleType:
    """A module of the host, imported already."""
    module = ModuleType("thrown_zero")
    module.__file__ = str(folder / "zero.py")
    Path(module.__file__).write_text(source, "utf-8")
    exec(compile(source, module.__file__, "exec"), vars(module))  # noqa: S102 - a module made of a text is the case under test
    return module


def test_plugin_zero_comes_first_and_goes_through_the_same_hooks(
    install: Install, find: Find, clock: Clock, tmp_path: Path
) -> None:
    """The host's own module is always enabled, and checked like any other."""
    source = (
        "from nxforge_core.api import *\n"
        "async def show(ctx: PluginContext) -> str:\n    return ''\n"
        "@hookimpl\ndef nxforge_routes():\n"
        "    return [RouteSpec('GET', '/x', show, public=True)]\n"
    )
    install("another")
    manifest = Manifest(
        id="nxforge", display_name="NxForge", description="The host.", core=">=0"
    )
    own = built_in(zero(source, tmp_path), manifest, "0.3.0")
    found = survey([*find(), own], enable=(), core_version="0.3.0", clock=clock)
    inventory = load(found, clock)
    assert [each.id for each in inventory] == [BUILT_IN, "another"]
    plugin = inventory["nxforge"]
    assert (plugin.state, plugin.distribution) == ("enabled", "nxforge-core")
    assert [call.hook for call in plugin.calls] == ["import", "nxforge_routes"]


def test_impostor_of_plugin_zero_is_a_stray_problem(
    install: Install, find: Find, clock: Clock, tmp_path: Path
) -> None:
    """A distribution that claims the host's id gets no record, and is not forgotten."""
    install("nxforge", distribution="impostor")
    manifest = Manifest(
        id="nxforge", display_name="NxForge", description="The host.", core=">=0"
    )
    own = built_in(zero("", tmp_path), manifest, "0.3.0")
    found = survey([own, *find()], enable=(), core_version="0.3.0", clock=clock)
    inventory = load(found, clock)
    assert [each.distribution for each in inventory] == ["nxforge-core"]
    assert [each.distribution for each in inventory.problems] == ["impostor"]
    assert inventory.strays == inventory.problems


def test_plugin_zero_is_looked_through_until_it_is_good(
    clock: Clock, tmp_path: Path
) -> None:
    """A fault is found by every host; what was good once is taken as it is."""
    source = (
        "from nxforge_core.api import *\n"
        "async def show() -> str:\n    return ''\n"
        "GUARD = {}\n"
        "@hookimpl\ndef nxforge_routes():\n"
        "    return [RouteSpec('GET', '/x', show, **GUARD)]\n"
    )
    manifest = Manifest(
        id="nxforge", display_name="NxForge", description="The host.", core=">=0"
    )
    module = zero(source, tmp_path)
    own = built_in(module, manifest, "0.3.0")

    def problems() -> int:
        found = survey([own], enable=(), core_version="0.3.0", clock=clock)
        return len(load(found, clock).problems)

    assert (problems(), problems()) == (1, 1)
    module.GUARD["public"] = True
    assert (problems(), problems()) == (0, 0)
