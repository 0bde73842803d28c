"""The plugin's pages: how the meters are, what they used, and how they are set up."""

from __future__ import annotations

from typing import Final

from ._endpoint import ENDPOINT_PAGE
from ._endpoints import ENDPOINTS_PAGE
from ._live import LIVE_PAGE

__all__ = ["ENDPOINTS_PAGE", "ENDPOINT_PAGE", "LIVE_PAGE", "PAGES"]

#: In the order of the menu.
PAGES: Final = (LIVE_PAGE, ENDPOINTS_PAGE, ENDPOINT_PAGE)
