"""It ships its types: `py.typed`, and an annotation on every parameter and result."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    folder = case.plugin.folder
    found = [each for path in sorted(folder.rglob("*.py")) for each in _bare(path)]
    if not (folder / "py.typed").is_file():
        found.append(
            Finding("it has no py.typed", "put an empty file py.typed beside it")
        )
    return found


def _bare(path: Path) -> Iterator[Finding]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        every += [each for each in (given.vararg, given.kwarg) if each]
        bare = [
            each.arg
            for each in every
            if each.annotation is None and each.arg not in ("self", "cls")
        ]
        bare += [] if node.returns else ["return"]
        if bare:
            message = f"{node.name} has no annotation for {', '.join(bare)}"
            yield Finding(message, "annotate it", str(path), node.lineno)


CHECK = Check("types", "exemplary", "specs", _check)
