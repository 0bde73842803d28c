"""What the host's own modules say, in the language of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from nxforge_core.ui._assets import own_assets

from ._speech import Speech

__all__ = ["script_texts", "spoken_scripts"]

_CALL: Final = re.compile(r'\bsay\(\s*("(?:[^"\\]|\\.)*")')


@cache
def script_texts() -> Sequence[str]:
    """Every text that is said there."""
    found: set[str] = set()
    for name, asset in own_assets().files.items():
        if name.endswith(".js"):
            found |= {json.loads(text) for text in _CALL.findall(asset.body.decode())}
    return sorted(found)


def spoken_scripts(speech: Speech) -> str | None:
    """By the English text, as JSON; None where that is the text."""
    if speech.plain:
        return None
    return _spoken(speech)


@cache
def _spoken(speech: Speech) -> str:
    said = {text: speech.say("nxforge_core", text) for text in script_texts()}
    return json.dumps(said, ensure_ascii=False)
