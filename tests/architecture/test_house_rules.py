"""House rules that a test can check: sizes, surfaces, forbidden words."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN_SOURCES = sorted(ROOT.glob("plugins/*/src/*"))
SOURCES = [ROOT / "nxforge_core", *PLUGIN_SOURCES]
MODULES = sorted(path for folder in SOURCES for path in folder.rglob("*.py"))
PACKAGES = sorted(
    f"nxforge_core.{found.name}"
    for found in pkgutil.iter_modules([str(ROOT / "nxforge_core")])
    if found.ispkg
)


def name(path: Path) -> str:
    """Show a path the way a reader of the repository knows it."""
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring left out."""
    lines = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_stays_small(path: Path) -> None:
    """No module has more than 300 lines, no function more than 40."""
    text = path.read_text("utf-8")
    long = [
        f"{node.name} ({length(node)} lines)"
        for node in functions(ast.parse(text))
        if length(node) > 40
    ]

    assert len(text.splitlines()) <= 300
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_lists_its_surface_in_order(path: Path) -> None:
    """Every module that defines something names its public surface, sorted."""
    tree = ast.parse(path.read_text("utf-8"))
    defines = any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in tree.body
    )
    listed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__all__"
    ]

    assert len(listed) == 1 or not defines
    for names in listed:
        assert len(set(names)) == len(names)
        assert set(names) <= bound(tree)


def bound(tree: ast.Module) -> set[str]:
    """Names a module binds at its top level."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name) for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {x.id for x in node.targets if isinstance(x, ast.Name)}
        elif isinstance(node, ast.Try):
            names |= bound(ast.Module(node.body, []))
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_package_shows_what_it_lists(package: str) -> None:
    """A package's visible names are those of its `__all__`, no more and no fewer."""
    module = importlib.import_module(package)
    public = {
        attribute
        for attribute, value in vars(module).items()
        if not attribute.startswith("_")
        and attribute != "annotations"
        and not (
            hasattr(value, "__spec__")
            and getattr(value, "__name__", "").startswith(f"{package}.")
            and attribute not in module.__all__
        )
    }

    assert public == set(module.__all__)
    assert list(module.__all__) == sorted(module.__all__, key=isort_style)


def isort_style(word: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: the order ruff keeps lists in."""
    if word.isupper():
        return (0, word)
    return (1, word) if word[0].isupper() else (2, word)


def test_api_does_not_import_the_host() -> None:
    """Importing the plugin API pulls in neither the host nor a database driver."""
    code = (
        "import sys, nxforge_core.api; names = set(sys.modules);"
        "bad = {'litestar', 'asyncpg', 'psycopg', 'nxforge_core.host'} & names;"
        "sys.exit(str(bad) if bad else 0)"
    )

    found = subprocess.run([sys.executable, "-c", code], check=False)

    assert found.returncode == 0


def test_simulator_shares_nothing_with_what_it_tests() -> None:
    """An opponent that shared code would share mistakes: it has Python's library."""
    modules = sorted((ROOT / "tests/simulation/simulator").glob("*.py"))
    foreign = {
        imported
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for imported in roots(node)
        if imported not in sys.stdlib_module_names
    }

    assert modules
    assert foreign == set()


def roots(node: ast.AST) -> list[str]:
    """Top-level names that an import brings in from elsewhere."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [(node.module or "").partition(".")[0]]
    return []


def test_no_text_names_the_workplace() -> None:
    """Nothing in the repository carries a path of a workplace or a registry's host."""
    forbidden = ["/work" + "/", "py" + "pi.org", "npmjs" + ".com", ".libr" + "ary"]
    texts = [
        path
        for pattern in ("**/*.py", "**/*.md", "**/*.toml", "**/*.sql", ".ci/run")
        for path in ROOT.glob(pattern)
        if not {".nox", ".venv", ".git"} & set(path.parts)
    ]

    found = [
        f"{name(path)}: {word}"
        for path in texts
        for word in forbidden
        if word in path.read_text("utf-8")
    ]

    assert texts
    assert found == []
