"""Serves a world's meters."""

from __future__ import annotations

from ._server import main

main()
