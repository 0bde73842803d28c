"""The dry run: an endpoint is asked and read, and nothing is stored."""

from __future__ import annotations

from ._formats import Formats, compare_formats
from ._mask import Mask, around, mask_with, masked_headers
from ._modulus import Modulus, propose_modulus
from ._try import Trier

__all__ = [
    "Formats",
    "Mask",
    "Modulus",
    "Trier",
    "around",
    "compare_formats",
    "mask_with",
    "masked_headers",
    "propose_modulus",
]
