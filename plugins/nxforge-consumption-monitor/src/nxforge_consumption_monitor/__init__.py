"""Electricity meters and rack PDUs: poll their pages, store, report."""

from __future__ import annotations
