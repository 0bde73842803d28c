"""The browser process: it alone drives Chromium, and ends with its host."""

from __future__ import annotations

__all__: list[str] = []
