"""Broken when its life span begins."""

from __future__ import annotations

from ._broken import Broken

__all__ = ["START"]

_LIFESPAN = (
    "import asyncio\nfrom contextlib import asynccontextmanager\n\n\n"
    "@hookimpl\n@asynccontextmanager\nasync def nxforge_lifespan(ctx):\n"
)

START = (
    Broken(
        id="start-raises",
        check="start",
        phase="start",
        says="OSError: no way",
        remedy="report this to the plugin's author",
        source=_LIFESPAN + '    raise OSError("no way")\n    yield\n',
    ),
    Broken(
        id="start-hangs",
        check="start",
        phase="start",
        says="life span",
        source=_LIFESPAN + "    await asyncio.Event().wait()\n    yield\n",
    ),
)
