"""Reading the templates that the package brings."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import msgspec

from nxforge_consumption_monitor.extract import RuleError

from ._errors import TemplateError, UnknownTemplateError
from ._template import Template

__all__ = ["decode_template", "find_template", "load_templates"]


@lru_cache(maxsize=1)
def load_templates() -> tuple[Template, ...]:
    """All templates by vendor and title.

    Raises:
        TemplateError: A file of the package is damaged.
    """
    folder = files("nxforge_consumption_monitor") / "templates"
    found = [
        decode_template(each.name, each.read_bytes())
        for each in folder.iterdir()
        if each.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda each: (each.vendor.lower(), each.title)))


def find_template(template_id: str) -> Template:
    """One template.

    Raises:
        UnknownTemplateError: None has the id.
    """
    for each in load_templates():
        if each.id == template_id:
            return each
    raise UnknownTemplateError(template_id)


def decode_template(name: str, source: bytes) -> Template:
    """Read a template; the file is named by its id.

    Raises:
        TemplateError: It is none.
    """
    try:
        data = msgspec.json.Decoder(float_hook=Decimal).decode(source)
        found = msgspec.convert(data, Template)
    except (msgspec.DecodeError, UnicodeDecodeError, RuleError) as error:
        raise TemplateError(name, str(error)) from None
    if name != f"{found.id}.json":
        raise TemplateError(name, f"its id is {found.id!r}")
    return found
