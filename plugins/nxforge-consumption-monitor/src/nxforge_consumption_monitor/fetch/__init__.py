"""One request to one device, with its credential, and nothing of it in any text."""

from __future__ import annotations

from ._attempt import Answer, fetch_page
from ._redact import redact, storable

__all__ = ["Answer", "fetch_page", "redact", "storable"]
