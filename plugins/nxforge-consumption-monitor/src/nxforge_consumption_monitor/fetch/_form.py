"""The login form of a page, as a browser would send it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from nxforge_consumption_monitor.extract import Document, Page

from ._options import FormOptions

__all__ = ["Form", "read_form"]

#: Sent only when they are chosen.
_CHOSEN: Final = frozenset({"checkbox", "radio"})
#: Never sent, or only by what is not done here.
_SILENT: Final = frozenset({"button", "reset", "image", "file"})
_SUBMIT: Final = "submit"
_PASSWORD: Final = "password"  # noqa: S105 - the type of a field
_TYPED: Final = frozenset({"text", "email", "tel", "number", "search", ""})


class _Field(NamedTuple):
    name: str
    kind: str
    value: str


class Form(NamedTuple):
    """A login form.

    Attributes:
        action: Where it is sent to; empty: to the page it is on.
        method: As the form says, in capitals; empty: it says nothing.
        fields: What is sent beside user name and password, in the page's order.
        username_field: Its name; empty: the form has none.
        password_field: Its name.
    """

    action: str
    method: str
    fields: dict[str, str]
    username_field: str
    password_field: str

    def filled(self, username: str, secret: str) -> dict[str, str]:
        """All that is sent."""
        filled = {**self.fields, self.password_field: secret}
        if self.username_field:
            filled[self.username_field] = username
        return filled


def read_form(page: Page, options: FormOptions) -> Form | None:
    """Find the login form of a page; None if it has no field for a password.

    Raises:
        ExtractionError: the page is no HTML, or too costly to parse.
    """
    root, _ = Document(page).tree()
    form, fields = _scope(root, options)
    secret = _password_field(fields, options)
    if not secret:
        return None
    attributes = form.attributes if form is not None else {}
    user = options.username_field or _field_before(fields, secret)
    sent = {field.name: field.value for field in _sent(fields)}
    return Form(
        action=(attributes.get("action") or "").strip(),
        method=(attributes.get("method") or "").strip().upper(),
        fields={**sent, **options.fields},
        username_field=user,
        password_field=secret,
    )


def _scope(
    root: LexborNode, options: FormOptions
) -> tuple[LexborNode | None, list[_Field]]:
    """The form and its fields.

    Scripts send fields that are in no form, and a form among the rows of a table
    loses its fields to the parser: then the fields are those of the whole page.
    """
    forms = root.css("form")
    if options.form:
        names = ("id", "name")
        forms = [
            form
            for form in forms
            if options.form in {form.attributes.get(name) for name in names}
        ]
    for form in forms:
        fields = list(_fields(form))
        if _password_field(fields, options):
            return form, fields
    return (forms[0] if forms else None), list(_fields(root))


def _fields(scope: LexborNode) -> Iterator[_Field]:
    for node in scope.css("input, select"):
        found = node.attributes
        name = found.get("name") or ""
        if node.tag == "select":
            yield _Field(name, "select", _selected(node))
            continue
        kind = (found.get("type") or "").strip().lower()
        if kind not in _CHOSEN or "checked" in found:
            value = found.get("value")
            default = "on" if kind in _CHOSEN else ""
            yield _Field(name, kind, default if value is None else value)


def _selected(node: LexborNode) -> str:
    options = node.css("option")
    chosen = [option for option in options if "selected" in option.attributes]
    if not options:
        return ""
    option = (chosen or options)[0]
    value = option.attributes.get("value")
    return option.text(strip=True) if value is None else value


def _password_field(fields: list[_Field], options: FormOptions) -> str:
    wanted = options.password_field
    for field in fields:
        if field.name == wanted if wanted else field.kind == _PASSWORD:
            return field.name
    return ""


def _field_before(fields: list[_Field], secret: str) -> str:
    """The last field to type into before the password's."""
    user = ""
    for field in fields:
        if field.name == secret:
            break
        if field.kind in _TYPED:
            user = field.name
    return user


def _sent(fields: list[_Field]) -> Iterator[_Field]:
    """What a browser sends when the first button is pressed."""
    pressed = False
    for field in fields:
        if not field.name or field.kind in _SILENT:
            continue
        if field.kind == _SUBMIT:
            if pressed:
                continue
            pressed = True
        yield field
