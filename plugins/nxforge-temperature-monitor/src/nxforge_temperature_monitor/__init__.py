"""Temperatures of racks and rooms, as an NxForge plugin."""

from __future__ import annotations
