"""How answers become bytes: exact decimals, UTC instants with a Z."""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["JSON", "PROBLEM_JSON", "encode"]

JSON: Final = "application/json"
PROBLEM_JSON: Final = "application/problem+json"

#: Decimals keep all their digits as JSON numbers; an encoder is safe to share.
encode: Final = msgspec.json.Encoder(decimal_format="number").encode
