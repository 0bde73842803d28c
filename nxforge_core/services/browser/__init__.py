"""One Chromium for all plugins, in a process of its own, under the network policy."""

from __future__ import annotations

from ._browser import PooledBrowser
from ._find import find_browser
from ._options import BrowserOptions
from ._profiles import sweep_profiles

__all__ = ["BrowserOptions", "PooledBrowser", "find_browser", "sweep_profiles"]
