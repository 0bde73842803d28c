"""Ratios, each measured in one run of interleaved rounds; never a timed test."""

from __future__ import annotations
