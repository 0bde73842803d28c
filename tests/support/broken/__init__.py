"""A corpus of plugins that are broken on purpose, each in one way."""

from __future__ import annotations

from ._before import BEFORE
from ._broken import Broken, install
from ._import import IMPORT
from ._serve import SERVE
from ._start import START
from ._tables import TABLES
from ._validate import VALIDATE

__all__ = ["CORPUS", "SOUND", "Broken", "install"]

#: Every broken plugin.
CORPUS = (*BEFORE, *IMPORT, *VALIDATE, *TABLES, *START, *SERVE)

#: A plugin that is not broken; nothing may happen to it.
SOUND = """
from nxforge_core.api import *


async def tell() -> str:
    return "sound"


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/tell", tell, public=True)]
"""
