"""Jitter that every process computes alike."""

from __future__ import annotations

from hashlib import blake2b

__all__ = ["spread"]


def spread(*facts: object) -> float:
    """A number from 0 up to but not including 1, fixed by the facts."""
    digest = blake2b("\0".join(map(str, facts)).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53
