"""Who changed what: a trail that is only ever added to, and shows where it was not."""

from __future__ import annotations

from ._entry import GENESIS, Actor, AuditEntry, Link, link_hash
from ._export import csv_lines, json_lines
from ._protect import protect_audit
from ._trail import AuditFilter, AuditTrail, Head, Verdict, add_audit

__all__ = [
    "GENESIS",
    "Actor",
    "AuditEntry",
    "AuditFilter",
    "AuditTrail",
    "Head",
    "Link",
    "Verdict",
    "add_audit",
    "csv_lines",
    "json_lines",
    "link_hash",
    "protect_audit",
]
