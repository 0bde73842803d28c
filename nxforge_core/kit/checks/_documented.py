"""Every route, job parameter and setting says what it is."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import msgspec

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.plugins import innermost
from nxforge_core.settings import attribute_words

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    silent = [
        route
        for route in case.parts.routes
        if not (route.summary or inspect.getdoc(innermost(route.handler)))
    ]
    remedy = "write one sentence as the docstring of its handler"
    found = [
        Finding(f"route {each.method} {each.path} says nothing", remedy)
        for each in silent
    ]
    settings = case.parts.settings
    models = [settings.model] if settings else []
    models += [job.params for job in case.parts.jobs]
    return found + [each for model in models for each in _wordless(model)]


def _wordless(model: type[msgspec.Struct]) -> Iterable[Finding]:
    words = attribute_words(model)
    remedy = "name it under 'Attributes:' in the docstring of its struct"
    for field in msgspec.structs.fields(model):
        if not words.get(field.name):
            yield Finding(f"{model.__name__}.{field.name} says nothing", remedy)


CHECK = Check("documented", "exemplary", "specs", _check)
