"""Headers that tell browsers how little an answer may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Final, Literal

from nxforge_core.ui import CLOSED, document_policy, page_policy

__all__ = ["Safety"]

_Header = tuple[bytes, bytes]
_Kind = Literal["data", "document", "page"]

_ALWAYS: Final[Sequence[_Header]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_UNTOLD: Final = (b"referrer-policy", b"no-referrer")
#: Told to ourselves: without it browsers say of a form that it comes from `null`.
_OWN_ONLY: Final = (b"referrer-policy", b"same-origin")
#: Nobody who opened a page of ours, or was opened by one, has a hold on it. On plain
#: http browsers only complain about it.
_ALONE: Final = (b"cross-origin-opener-policy", b"same-origin")
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_DATA: Final = (b"application/json", b"application/problem+json", b"text/csv")
#: What a browser runs scripts in, whoever wrote it.
_MARKUP: Final = (b"image/svg", b"application/xhtml", b"text/xml", b"application/xml")
#: A worker has the policy that its script came with.
_SCRIPTS: Final = (b"text/javascript", b"application/javascript")
_API: Final = "/api/"


class Safety:
    """Adds what every answer is sent with; an application can only tighten it.

    Browsers join several policies of one answer by what all of them allow.

    Args:
        embedders: Origins whose pages may show ours in a frame.
        hsts: Seconds for which browsers that came over TLS come in no other way.
    """

    def __init__(self, embedders: Sequence[str] = (), hsts: int = 0) -> None:
        policies: dict[_Kind, str] = {
            "data": CLOSED,
            "document": document_policy(embedders),
            "page": page_policy(embedders),
        }
        self._made: Mapping[tuple[_Kind, bool, bool], Sequence[_Header]] = {
            (kind, kept, secure): _headers(
                kind, policies[kind], kept=kept, hsts=hsts if secure else None
            )
            for kind, kept, secure in product(policies, (False, True), (False, True))
        }

    def headers(
        self, own: Iterable[_Header], path: str, *, secure: bool
    ) -> Sequence[_Header]:
        """What to add to the headers of an answer.

        Args:
            own: Those of the application, names in lower case.
            path: Below the mount.
            secure: Whether the answer goes over TLS.
        """
        media, kept = b"", False
        for name, value in own:
            if name == b"content-type":
                media = value
            elif name == b"cache-control":
                kept = True
        return self._made[_kind(media, path), kept, secure]


def _kind(media: bytes, path: str) -> _Kind:
    if media.startswith(_DATA):
        return "data"
    if media.startswith(b"text/html"):
        # What a plugin answers below the API is a file; pages are made by the host.
        return "document" if path.startswith(_API) else "page"
    if media.startswith(_MARKUP):
        return "document"
    return "page" if media.startswith(_SCRIPTS) else "data"


def _headers(
    kind: _Kind, policy: str, *, kept: bool, hsts: int | None
) -> Sequence[_Header]:
    """Of one kind; `hsts` is None on plain http."""
    made = [(b"content-security-policy", policy.encode()), *_ALWAYS]
    made.append(_OWN_ONLY if kind == "page" else _UNTOLD)
    if kind == "page" and hsts is not None:
        made.append(_ALONE)
    if not kept:
        made.append(_NOT_KEPT)
    if hsts:
        made.append((b"strict-transport-security", b"max-age=%d" % hsts))
    return tuple(made)
