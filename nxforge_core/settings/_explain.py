"""What there is to say about each setting, to who looks at all of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import FieldInfo, fields

from ._attributes import attribute_words
from ._describe import NOT_SET, shown
from ._expect import expectation
from ._keys import SECTIONS
from ._loaded import LoadedSettings, value_of
from ._mask import is_secret_name
from ._model import Settings
from ._source import DEFAULT, Source

__all__ = ["Explained", "about_section", "explain"]

_GENERAL: Final = "general"


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One setting.

    Attributes:
        section: Table of the settings file it stands in; `general` where in none.
        value: As JSON, `***` for what is secret, `not set` for nothing.
        default: Likewise.
        about: What it is for, in a sentence.
        expected: What a value looks like.
        secret: Its value is shown to nobody.
    """

    key: str
    section: str
    value: str
    default: str
    source: Source
    about: str
    expected: str
    secret: bool


def explain(
    loaded: LoadedSettings, plugins: Mapping[str, type[msgspec.Struct]]
) -> list[Explained]:
    """Every setting of the host in the order of its structs, then those of plugins.

    Args:
        loaded: Values and sources.
        plugins: The struct of each plugin that has settings, by id. What is given for
            another one is told as well.
    """
    found = list(_general(loaded))
    for section, struct in SECTIONS.items():
        found += _of_struct(loaded, section, struct, _values(loaded, section))
    for plugin, model in plugins.items():
        given = loaded.settings.plugin.get(plugin, {})
        found += _of_struct(loaded, f"plugin.{plugin}", model, given)
    known = {each.key for each in found}
    found += [_stray(loaded, key) for key in loaded.sources if key not in known]
    return found


def about_section(section: str) -> str:
    """What a section is about, in a sentence; nothing of one that has no struct."""
    struct = SECTIONS.get(section)
    return (inspect.getdoc(struct) or "").partition("\n\n")[0] if struct else ""


def _general(loaded: LoadedSettings) -> Iterator[Explained]:
    own = {field.name: field for field in fields(Settings)}
    words = attribute_words(Settings)
    value = loaded.settings.data_dir
    yield _explained(loaded, "data_dir", _GENERAL, own["data_dir"], words, value)


def _values(loaded: LoadedSettings, section: str) -> Mapping[str, object]:
    return msgspec.structs.asdict(getattr(loaded.settings, section))


def _of_struct(
    loaded: LoadedSettings,
    section: str,
    struct: type[msgspec.Struct],
    given: Mapping[str, object],
) -> Iterator[Explained]:
    words = attribute_words(struct)
    for field in fields(struct):
        value = given.get(field.name, _default(field))
        key = f"{section}.{field.name}"
        yield _explained(loaded, key, section, field, words, value)
    for name in given:
        if name not in struct.__struct_fields__:
            yield _stray(loaded, f"{section}.{name}")


def _explained(
    loaded: LoadedSettings,
    key: str,
    section: str,
    field: FieldInfo,
    words: Mapping[str, str],
    value: object,
) -> Explained:
    return Explained(
        key=key,
        section=section,
        value=shown(key, value),
        default=shown(key, _default(field)),
        source=loaded.sources.get(key, DEFAULT),
        about=words.get(field.name, ""),
        expected=expectation(field.type),
        secret=is_secret_name(key),
    )


def _stray(loaded: LoadedSettings, key: str) -> Explained:
    """What is given and nobody knows: its plugin does not run, or does not want it."""
    return Explained(
        key=key,
        section=key.rpartition(".")[0],
        value=shown(key, value_of(loaded.settings, key)),
        default=NOT_SET,
        source=loaded.sources[key],
        about="",
        expected="",
        secret=is_secret_name(key),
    )


def _default(field: FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return None
