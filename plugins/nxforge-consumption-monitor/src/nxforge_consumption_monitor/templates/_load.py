"""Reading the templates that this package brings, and those of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import msgspec

from nxforge_consumption_monitor.extract import RuleError
from nxforge_core.api import NxForgeError

from ._errors import TemplateError, UnknownTemplateError
from ._packs import pack_folders
from ._template import Template

__all__ = [
    "decode_template",
    "find_template",
    "load_templates",
    "read_templates",
    "template_problems",
]

_Found = tuple[tuple[Template, ...], tuple[NxForgeError, ...]]


def load_templates() -> tuple[Template, ...]:
    """All templates by vendor and title, as they were at the start.

    Raises:
        TemplateError: A file of this package is damaged.
    """
    return _all()[0]


def template_problems() -> tuple[NxForgeError, ...]:
    """Why templates of other packages are not among them."""
    return _all()[1]


@lru_cache(maxsize=1)
def _all() -> _Found:
    own, damaged = read_templates([Path(__file__).parent])
    if damaged:
        raise damaged[0]
    folders, problems = pack_folders()
    found, wrong = read_templates(folders, own)
    return found, (*problems, *wrong)


def read_templates(folders: Iterable[Path], known: Sequence[Template] = ()) -> _Found:
    """Templates of the files in these folders, and what is wrong with other files.

    Args:
        folders: Each with files named by the ids of templates.
        known: Templates that are there already; no file may have the id of another.
    """
    found = {each.id: each for each in known}
    problems: list[NxForgeError] = []
    for file in sorted(file for folder in folders for file in folder.glob("*.json")):
        try:
            template = decode_template(file.name, file.read_bytes())
        except TemplateError as error:
            problems.append(error)
            continue
        if template.id in found:
            problems.append(TemplateError(file.name, "another template has its id"))
        else:
            found[template.id] = template
    ordered = sorted(found.values(), key=lambda each: (each.vendor.lower(), each.title))
    return tuple(ordered), tuple(problems)


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
