"""Broken when its module is imported."""

from __future__ import annotations

from ._broken import Broken

__all__ = ["IMPORT"]

_REPORT = "report this to the plugin's author"
_HELD = "have it tried again with 'nxforge plugins enable"

IMPORT = (
    Broken(
        id="module-missing",
        check="import",
        phase="import",
        says="No module named 'nowhere_to_be_found'",
        remedy="install what provides the module 'nowhere_to_be_found'",
        source="import nowhere_to_be_found\n",
    ),
    Broken(
        id="import-raises",
        check="import",
        phase="import",
        says="RuntimeError: no luck",
        remedy=_REPORT,
        source='raise RuntimeError("no luck")\n',
    ),
    Broken(
        id="syntax-error",
        check="import",
        phase="import",
        says="SyntaxError",
        remedy=_REPORT,
        source="def nxforge_routes(:\n",
    ),
    Broken(
        id="import-exits",
        check="import",
        phase="import",
        says="the plugin tried to end the process: SystemExit(3)",
        remedy=_REPORT,
        source="import sys\n\nsys.exit(3)\n",
    ),
    Broken(
        id="import-endless",
        check="import",
        phase="import",
        says="it does not come to an end in ",
        remedy=_HELD,
        source="while True:\n    pass\n",
        deadly=True,
    ),
    Broken(
        id="import-segfault",
        check="import",
        phase="import",
        says="it ends the process by SIGSEGV in ",
        remedy=_HELD,
        source="import ctypes\n\nctypes.string_at(0)\n",
        deadly=True,
    ),
    Broken(
        id="import-vanishes",
        check="import",
        phase="import",
        says="it ends the process with exit code 3",
        remedy=_HELD,
        source="import os\n\nos._exit(3)\n",
        deadly=True,
    ),
    Broken(
        id="import-greedy",
        check="import",
        phase="import",
        says="it asks for more than 4 GB of memory",
        remedy=_HELD,
        source="ALL = bytearray(8 << 30)\n",
        deadly=True,
    ),
)
