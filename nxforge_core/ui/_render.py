"""Pages for who is not in yet, and for what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from nxforge_core.api import load_texts

from ._shell import Shell, document
from ._tree import Node, h

__all__ = ["render_error", "render_login", "render_password"]

say = load_texts("nxforge_core")

_LONGEST_NAME: Final = 64
_LONGEST_PASSWORD: Final = 256
_SETUP: Final = (
    (say("You"), say("A name and a password, below.")),
    (say("The database"), say("Is it there, and what can it do?")),
    (say("Networks"), say("Where the host may fetch from; nowhere, at first.")),
    (say("The first device"), say("Read once on trial, then for good.")),
)


def render_login(problem: str, *, root: str) -> str:
    """What a person without a session sees.

    Args:
        problem: Why; empty where there is none.
        root: The path the host is mounted at, without a slash at its end.
    """
    form = h(
        "form",
        {"method": "post", "action": f"{root}/login", "class": "nx-fields"},
        _entry("name", say("Name"), autocomplete="username", autofocus=True),
        _password("current-password"),
        _button(say("Log in")),
    )
    hint = h(
        "p",
        {"class": "nx-intro"},
        say("Whoever runs this host gets a link that logs in, once, with "),
        h("code", None, "nxforge tokens link"),
        say(", and one that sets a new password with "),
        h("code", None, "nxforge users reset-link"),
        ".",
    )
    return _document(
        say("Log in"), root, _alert(problem) if problem else None, form, hint
    )


def render_password(kind: Literal["setup", "reset"], name: str, *, root: str) -> str:
    """The form for a password that is to be set.

    Args:
        kind: Of the first administrator, or a new one.
        name: Whose; asked for where it is empty.
        root: The path the host is mounted at, without a slash at its end.
    """
    title = say("First administrator") if kind == "setup" else say("New password")
    whose = h("p", None, say("For "), h("strong", None, name))
    asked = _entry(
        "name",
        say("Name"),
        autocomplete="username",
        maxlength=_LONGEST_NAME,
        autofocus=True,
    )
    hint = say(
        "Some words that have nothing to do with each other make a good one. Any "
        "characters will do."
    )
    form = h(
        "form",
        {"method": "post", "class": "nx-fields"},
        whose if name else asked,
        _password("new-password"),
        h("p", {"class": "nx-intro"}, hint),
        _button(say("Go on")),
    )
    return _document(title, root, _way() if kind == "setup" else None, form)


def _way() -> Node:
    """What comes after the first administrator, so that nobody stops there."""
    steps = [
        h(
            "li",
            {"class": "open", "aria-current": "step" if place == 0 else None},
            h("span", {"class": "mark", "aria-hidden": "true"}),
            h(
                "div",
                None,
                h("strong", None, title),
                h("p", {"class": "nx-quiet"}, what),
            ),
        )
        for place, (title, what) in enumerate(_SETUP)
    ]
    return h("ol", {"class": "nx-steps", "aria-label": say("Set-up")}, steps)


def render_error(
    title: str, detail: str, *, remedy: str, request_id: str, root: str
) -> str:
    """What a person sees where there is no page to be seen."""
    more = h("p", None, remedy) if remedy else None
    request = h(
        "p", {"class": "nx-intro"}, say("Request "), h("code", None, request_id)
    )
    home = h("p", None, h("a", {"href": f"{root}/"}, say("To the start page")))
    return _document(title, root, _alert(detail), more, request, home)


def _document(title: str, root: str, *body: Node | None) -> str:
    # It says nothing of now, so no time stands there.
    shell = Shell(root=root, title=title, now=datetime.fromtimestamp(0, UTC), bare=True)
    return document(shell, [h("article", {"class": "nx-card"}, list(body))])


def _alert(words: str) -> Node:
    return h("p", {"class": "nx-wrong", "role": "alert"}, words)


def _entry(name: str, label: str, **facts: object) -> Node:
    key = f"nx-{name}"
    given = {"id": key, "name": name, "required": True, **facts}
    entry = h("input", given)
    return h("div", {"class": "nx-field"}, h("label", {"for": key}, label), entry)


def _password(kind: str) -> Node:
    return _entry(
        "password",
        say("Password"),
        type="password",
        autocomplete=kind,
        maxlength=_LONGEST_PASSWORD,
    )


def _button(words: str) -> Node:
    button = h("button", {"class": "nx-button primary", "type": "submit"}, words)
    return h("div", {"class": "nx-form-end"}, button)
