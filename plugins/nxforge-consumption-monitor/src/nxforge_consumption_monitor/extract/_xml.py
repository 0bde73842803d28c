"""Elements and attributes of XML, found by a path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from lxml import etree

from ._errors import (
    DecodeError,
    RuleError,
    TooComplexError,
    UnexpectedContentError,
)
from ._path import MAX_MATCHES

__all__ = ["XmlTree", "check_xml_path", "find_xml", "parse_xml", "xml_places"]

_Element = etree._Element  # noqa: SLF001 - the class has no other name
XmlTree: TypeAlias = etree._Element  # noqa: SLF001 - as above

#: A device's document of 512 kB with more elements has hardly any text.
_MAX_MARKS: Final = 50_000
_MAX_PATH: Final = 500
_FUNCTIONS: Final = frozenset(
    {"contains", "last", "normalize-space", "not", "position", "starts-with", "text"}
)
_CALL: Final = re.compile(r"([\w-]+)\s*\(")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_BRACKETS: Final = re.compile(r"\[[^\[\]]*\]")
_ENTITIES: Final = "it declares entities of its own, which are not expanded"
#: `[@id=8761 0434]`: the value of an attribute or element needs no quotes.
_BARE_VALUE: Final = re.compile(
    r"\[\s*(?P<key>@?[\w-]+)\s*=\s*(?P<value>[^\"'\[\]()]*?)\s*\]"
)


def check_xml_path(field: str, path: str) -> None:
    """Refuse a path that cannot be followed, or whose cost has no bound.

    Raises:
        RuleError: It is neither an XPath nor its short form.
    """
    if not path.strip() or len(path) > _MAX_PATH:
        what = f"has {len(path)} characters; 1 to {_MAX_PATH} are allowed"
        raise _no_path(field, path, what)
    _refuse_costs(field, path)
    try:
        _compiled(path)
    except (etree.XPathError, ValueError):
        raise _no_path(field, path, "is no XPath") from None


def parse_xml(text: str) -> XmlTree:
    """Parse a document; entities are not expanded, and namespaces dropped.

    Raises:
        UnexpectedContentError: It is no markup.
        DecodeError: It is not well-formed, or declares entities.
        TooComplexError: It has too many elements, or nests too deep.
    """
    if not text.lstrip().startswith("<"):
        raise UnexpectedContentError(expected="XML", text=text)
    if "<!ENTITY" in text:
        raise _undecodable(_ENTITIES)
    if text.count("<") > 2 * _MAX_MARKS:
        raise TooComplexError(limit=f"{_MAX_MARKS} elements")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise TooComplexError(limit="the depth of nested XML") from None
        if _looks_like_html(text):
            raise UnexpectedContentError(expected="XML", text=text) from None
        raise _undecodable(str(error.msg).splitlines()[0]) from None
    _drop_namespaces(root)
    return root


def find_xml(path: str, root: XmlTree) -> list[str]:
    """Return the texts that `path` selects, in the document's order.

    Raises:
        TooComplexError: It selects too much.
    """
    return [_text(each) for each in _selected(path, root)]


def xml_places(path: str, root: XmlTree, most: int = 5) -> list[str]:
    """Return where the first things stand that `path` selects, as full paths."""
    return [_place(each, root) for each in _selected(path, root)[:most]]


def _selected(path: str, root: XmlTree) -> Sequence[object]:
    found = _compiled(path)(root)
    if not isinstance(found, list):
        return ()
    if len(found) > MAX_MATCHES:
        raise TooComplexError(limit=f"{MAX_MATCHES} values of the path {path!r}")
    return found


def _text(found: object) -> str:
    if isinstance(found, _Element):
        return "".join(str(part) for part in found.itertext())
    return str(found)


def _place(found: object, root: XmlTree) -> str:
    tree = root.getroottree()
    if isinstance(found, _Element):
        return tree.getpath(found)
    parent = getattr(found, "getparent", lambda: None)()
    name = getattr(found, "attrname", None)
    place = "" if parent is None else tree.getpath(parent)
    return f"{place}/@{name}" if name else place


@lru_cache(maxsize=256)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(_standard(path), smart_strings=True)


def _standard(path: str) -> str:
    quoted = _BARE_VALUE.sub(_with_quotes, path.strip())
    return quoted if quoted.startswith("/") else f"//{quoted}"


def _with_quotes(found: re.Match[str]) -> str:
    value = found["value"]
    shown = value if value.isdigit() and not found["key"].startswith("@") else None
    return f"[{found['key']}={shown or _quoted(value)}]"


def _quoted(value: str) -> str:
    return f'"{value}"'


def _refuse_costs(field: str, path: str) -> None:
    bare = _QUOTED.sub("''", _standard(path))
    if "::" in bare or "$" in bare or "|" in bare:
        raise _no_path(field, path, "uses an axis, a variable or a union")
    if ":" in bare:
        raise _no_path(field, path, "has a prefix; write the names without it")
    outside = _BRACKETS.sub("", bare)
    if outside.count("//") > 1 or "//" in "".join(_BRACKETS.findall(bare)):
        raise _no_path(field, path, "has more than one '//', which costs too much")
    if ".." in bare:
        raise _no_path(field, path, "goes up; put a condition in brackets instead")
    strange = {name for name in _CALL.findall(bare) if name not in _FUNCTIONS}
    if strange - {"and", "or"}:
        raise _no_path(field, path, f"calls {min(strange)!r}")


def _drop_namespaces(root: XmlTree) -> None:
    for element in root.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]


def _looks_like_html(text: str) -> bool:
    start = text.lstrip()[:200].lower()
    return start.startswith("<!doctype html") or "<html" in start


def _undecodable(what: str) -> DecodeError:
    return DecodeError(
        what=what,
        remedy="open the endpoint's URL: the answer may be cut off, or need a css or "
        "regex step instead of an xml step",
    )


def _no_path(field: str, path: str, what: str) -> RuleError:
    return RuleError(
        field=field,
        what=f"{path[:100]!r} {what}",
        remedy="write elements separated by '/', with a condition in brackets: "
        "'device[@identifier=08761 0000434]/powermeter/energy', or an attribute as "
        "'meter/@total'",
    )
