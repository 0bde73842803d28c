"""The reference is complete: what the code has, the pages name."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from nxforge_core.api import errors, hookspecs, ui
from nxforge_core.builtin import plugin as plugin_zero
from nxforge_core.cli._names import COMMANDS
from nxforge_core.kit import CHECKS
from nxforge_core.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
BUILT = DOCS / "_build"


def headings(page: str) -> set[str]:
    """Code headings of the second level on a page of the reference."""
    text = (DOCS / "reference" / page).read_text("utf-8")
    return set(re.findall(r"^## `([^`]+)`$", text, re.MULTILINE))


def setting_names() -> set[str]:
    """Dotted keys of all settings, as the structs have them."""
    names = set()
    for section in msgspec.structs.fields(Settings):
        if isinstance(section.type, type) and issubclass(section.type, msgspec.Struct):
            fields = msgspec.structs.fields(section.type)
            names |= {f"{section.name}.{field.name}" for field in fields}
        else:
            names.add(section.name)
    return names


def test_every_setting_has_a_heading() -> None:
    """The page of settings names each setting, and none that is not there."""
    assert headings("settings.md") == setting_names()


def test_every_command_has_a_heading() -> None:
    """The page of commands names each core command, and none that is not there."""
    assert headings("commands.md") == {f"nxforge {name}" for name in COMMANDS}


def test_every_check_has_a_heading() -> None:
    """The page of checks names each of the kit with its level, in order."""
    text = (DOCS / "reference/checks.md").read_text("utf-8")
    found = re.findall(r"^## `([^`]+)`\n\n\*(\w+)\.\*", text, re.MULTILINE)

    assert found == [(check.name, check.level.capitalize()) for check in CHECKS]


def test_every_core_route_has_a_heading() -> None:
    """The page of routes names each route of the core, and none that is not there."""
    routes = {
        f"{route.method} {re.sub(r':[a-z]+}', '}', route.path)}"
        for route in plugin_zero.nxforge_routes()
    }

    assert headings("http.md") == routes


@pytest.mark.parametrize("name", hookspecs.__all__)
def test_every_hook_is_described(name: str) -> None:
    """The built page of hooks has each hook; its text says when it came."""
    built = (BUILT / "reference/hooks.html").read_text("utf-8")

    assert f'id="nxforge_core.api.hookspecs.{name}"' in built
    assert "Added in" in str(getattr(hookspecs, name).__doc__)


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_described(name: str) -> None:
    """The built page of errors has each class."""
    built = (BUILT / "reference/errors.html").read_text("utf-8")

    assert f'id="nxforge_core.api.errors.{name}"' in built


def test_every_decision_is_numbered_once() -> None:
    """Decision records have numbers of their own."""
    numbers = [path.name[:4] for path in (DOCS / "explanation/decisions").glob("0*.md")]

    assert numbers
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", ui.__all__)
def test_every_word_of_pages_is_described(name: str) -> None:
    """The built page of pages has each name that plugins import as `ui`."""
    built = (BUILT / "reference/pages.html").read_text("utf-8")

    assert re.search(rf'id="nxforge_core\.api\.pages\._\w+\.{name}"', built)
