"""One attempt of one run: claimed, fenced, handled, settled."""

from __future__ import annotations

from ._fence import grant_fence
from ._runner import Runner

__all__ = ["Runner", "grant_fence"]
