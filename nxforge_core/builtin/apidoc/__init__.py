"""The OpenAPI document as people read it: operations, members, examples."""

from __future__ import annotations

from ._curl import curl_line
from ._example import example_of
from ._operations import Answer, Body, Operation, Parameter, find_operation, operations
from ._schema import Member, Schemas, members_of, plain_words, words_of

__all__ = [
    "Answer",
    "Body",
    "Member",
    "Operation",
    "Parameter",
    "Schemas",
    "curl_line",
    "example_of",
    "find_operation",
    "members_of",
    "operations",
    "plain_words",
    "words_of",
]
