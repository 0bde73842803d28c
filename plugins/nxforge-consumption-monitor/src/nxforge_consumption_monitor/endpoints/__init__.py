"""Creating, changing and archiving endpoints."""

from __future__ import annotations

from ._manage import archive, change, create, list_all, show
from ._phase import phase_of
from ._view import view_of

__all__ = ["archive", "change", "create", "list_all", "phase_of", "show", "view_of"]
