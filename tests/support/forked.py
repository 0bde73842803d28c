"""`nxforge` as a process of its own, forked from one that has loaded it already.

What it does is what the installed command does (the acceptance tests call that one);
only the second that Python needs to import everything is spent once for all tests.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from tempfile import NamedTemporaryFile
from typing import Final

__all__ = ["call_nxforge"]

_LOADED: Final = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["nxforge_core.cli", "nxforge_core.host"])


async def call_nxforge(
    words: Sequence[str], *, path: Sequence[str], variables: Mapping[str, str]
) -> tuple[int, str]:
    """Run it to its end; answers the exit code and all that it wrote."""
    with NamedTemporaryFile() as output:
        process = _LOADED.Process(
            target=_become_nxforge, args=(words, path, dict(variables), output.name)
        )
        process.start()
        await asyncio.to_thread(process.join)
        code = process.exitcode
        assert code is not None
        process.close()
        return code, output.read().decode()


def _become_nxforge(
    words: Sequence[str], path: Sequence[str], variables: dict[str, str], output: str
) -> None:
    with open(output, "wb") as file:  # noqa: PTH123 - for its descriptor
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(variables)
    sys.path[:0] = path
    sys.argv = ["nxforge", *words]
    from nxforge_core.cli import main  # noqa: PLC0415 - loaded in the child only

    main()
