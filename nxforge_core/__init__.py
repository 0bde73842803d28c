"""NxForge: a plugin platform on PostgreSQL.

Nothing is exported here, so importing the plugin API never pulls in the host:
plugins import from `nxforge_core.api`, embedders from `nxforge_core.host`.
"""

from __future__ import annotations
