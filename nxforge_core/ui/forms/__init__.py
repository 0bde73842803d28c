"""From a struct to the fields of a form, and back to a value of the struct."""

from __future__ import annotations

from ._decode import BadFieldsError, decode
from ._field import FormField, fields_of

__all__ = ["BadFieldsError", "FormField", "decode", "fields_of"]
