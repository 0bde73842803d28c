"""Who may do what, what stays secret, and where requests may go."""

from __future__ import annotations

from ._errors import (
    DuplicateNetworkError,
    DuplicateTokenError,
    KeySetError,
    NetworkEntryError,
    SecretError,
    UnknownRoleError,
)
from ._keyring import KeyRing, PluginSecrets, check_keys, key_path
from ._networks import AllowedNetwork, Networks
from ._own import is_own_address, own_addresses
from ._permissions import Principal, grants, meet
from ._policy import NetworkPolicy, wide_entries
from ._policy_entry import is_wide
from ._rates import Rates
from ._redact import redact
from ._roles import ROLES, RoleBook
from ._site import site_of
from ._tokens import CONSOLE, Limits, NewToken, StoredToken, TokenStore

__all__ = [
    "CONSOLE",
    "ROLES",
    "AllowedNetwork",
    "DuplicateNetworkError",
    "DuplicateTokenError",
    "KeyRing",
    "KeySetError",
    "Limits",
    "NetworkEntryError",
    "NetworkPolicy",
    "Networks",
    "NewToken",
    "PluginSecrets",
    "Principal",
    "Rates",
    "RoleBook",
    "SecretError",
    "StoredToken",
    "TokenStore",
    "UnknownRoleError",
    "check_keys",
    "grants",
    "is_own_address",
    "is_wide",
    "key_path",
    "meet",
    "own_addresses",
    "redact",
    "site_of",
    "wide_entries",
]
