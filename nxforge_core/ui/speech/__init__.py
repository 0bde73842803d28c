"""Languages: which one a reader wants, its catalogues, its numbers and its dates."""

from __future__ import annotations

from ._catalogues import Catalogues
from ._pseudo import pseudo
from ._scripts import script_texts, spoken_scripts
from ._speech import ENGLISH, Speech, current, speak_to, speech_for

__all__ = [
    "ENGLISH",
    "Catalogues",
    "Speech",
    "current",
    "pseudo",
    "script_texts",
    "speak_to",
    "speech_for",
    "spoken_scripts",
]
