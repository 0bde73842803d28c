"""A new plugin as files: which there are, and what is in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from importlib.resources import files
from string import Template
from typing import Final

__all__ = ["PARTS", "scaffold"]

#: What a plugin may begin with.
PARTS: Final = ("routes", "jobs", "migrations", "pages", "module")

_CUSTOM: Final = """ui.Custom(
                title="Greeting",
                module="hello.js",
                props={"words": "Hello!"},
                fallback="Hello!",
            )"""
#: By part: the hook, what it returns, and its line.
_HOOKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "routes": ("nxforge_routes", "list[RouteSpec]", "ROUTES"),
    "jobs": ("nxforge_jobs", "list[JobSpec]", "JOBS"),
    "migrations": (
        "nxforge_migrations",
        "MigrationsSpec",
        "MigrationsSpec(__package__)",
    ),
    "pages": ("nxforge_pages", "list[ui.Page]", "PAGES"),
}
_DOCS: Final[Mapping[str, str]] = {
    "routes": "What answers requests.",
    "jobs": "What runs by the clock.",
    "migrations": "The tables.",
    "pages": "What people see.",
}


def scaffold(plugin: str, parts: Collection[str]) -> dict[str, str]:
    """Every file of a new plugin by its path in the distribution's folder.

    Args:
        plugin: Its id.
        parts: Some of `PARTS`; a module brings a page with it.
    """
    chosen = {*parts, "pages"} if "module" in parts else set(parts)
    words = {
        "id": plugin,
        "package": f"nxforge_{plugin.replace('-', '_')}",
        "title": plugin.replace("-", " ").capitalize(),
    }
    package = {
        "__init__.py": _filled("package.py", words),
        "plugin.py": _plugin(words, chosen),
        "manifest.json": _manifest(words, chosen),
        "py.typed": "",
        **dict(_parts(words, chosen)),
    }
    folder = f"src/{words['package']}"
    return {
        "pyproject.toml": _filled("pyproject.toml", words),
        "README.md": _filled("README.md", words),
        ".gitignore": _filled("gitignore", words),
        ".github/workflows/tests.yml": _filled("workflow.yml", words),
        "tests/test_plugin.py": _tests(words, chosen),
        **{f"{folder}/{path}": text for path, text in package.items()},
    }


def _parts(
    words: Mapping[str, str], chosen: Collection[str]
) -> Iterator[tuple[str, str]]:
    kind = "_notes" if "migrations" in chosen else ""
    custom = f",\n            {_CUSTOM}" if "module" in chosen else ""
    for part in ("routes", "jobs", "pages"):
        if part in chosen:
            yield f"{part}.py", _filled(f"{part}{kind}.py", {**words, "custom": custom})
    if "migrations" in chosen:
        for file in ("001_create_note.sql", "001_create_note.rollback.sql"):
            yield f"migrations/{file}", _filled(file, words)
    if "module" in chosen:
        yield "ui/hello.js", _filled("hello.js", words)


def _tests(words: Mapping[str, str], chosen: Collection[str]) -> str:
    """One of the plugin as a whole, and one of each part that does something."""
    kind = "_notes" if "migrations" in chosen else ""
    names = {"routes": f"routes{kind}", "jobs": f"jobs{kind}", "pages": "pages"}
    parts = [name for part, name in names.items() if part in chosen]
    text = _filled("test_plugin.py", words)
    if kind and "jobs" in chosen:
        text = text.replace("import Hosts", "import FrozenClock, Hosts", 1)
    return text + "".join(_filled(f"test_{name}.py", words) for name in parts)


def _plugin(words: Mapping[str, str], chosen: Collection[str]) -> str:
    hooks = [_HOOKS[part] for part in _HOOKS if part in chosen]
    types = sorted(
        {returned.removeprefix("list[").rstrip("]") for _, returned, _ in hooks},
        key=str.lower,
    )
    names = ", ".join(
        [*(one for one in types if one[0].isupper()), "hookimpl"]
        + (["ui"] if "pages" in chosen else [])
    )
    own = [
        f"from .{part} import {part.upper()}\n"
        for part in sorted(chosen)
        if part in ("routes", "jobs", "pages")
    ]
    lines = [
        f'"""Hooks of {words["title"]}: the host calls them once, when it loads it."""',
        "",
        "from __future__ import annotations",
        "",
        f"from nxforge_core.api import {names}",
        "",
    ]
    text = "\n".join(lines) + ("\n" + "".join(own) if own else "")
    return text + "".join(
        f'\n\n@hookimpl\ndef {hook}() -> {returned}:\n    """{_DOCS[part]}"""\n'
        f"    return {value}\n"
        for part, (hook, returned, value) in _HOOKS.items()
        if part in chosen
    )


def _manifest(words: Mapping[str, str], chosen: set[str]) -> str:
    members: dict[str, object] = {
        "id": words["id"],
        "display_name": words["title"],
        "description": f"{words['title']}.",
        "core": ">=0.1,<1",
    }
    if chosen & {"routes", "pages"}:
        members["permissions"] = list(_permissions(words["id"], chosen))
    return json.dumps(members, indent=2) + "\n"


def _permissions(plugin: str, chosen: set[str]) -> Iterator[dict[str, object]]:
    yield {
        "name": f"{plugin}:notes:read",
        "description": "See what is there.",
        "roles": ["operator", "viewer"],
    }
    if {"routes", "migrations"} <= chosen:
        yield {
            "name": f"{plugin}:notes:write",
            "description": "Write something down.",
            "roles": ["operator"],
        }


def _filled(name: str, words: Mapping[str, str]) -> str:
    template = files(__package__) / "scaffold" / f"{name}.txt"
    return Template(template.read_text("utf-8")).substitute(words)
