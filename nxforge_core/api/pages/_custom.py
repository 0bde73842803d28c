"""A module of the plugin's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ._part import Filled, Source

__all__ = ["Custom"]

_NONE: Final[Mapping[str, object]] = {}


class Custom(Filled, frozen=True, kw_only=True, tag="custom"):
    """What no widget can show: an ES module of the plugin draws it.

    The module lies in the folder `ui` of the plugin's package. Its default export is a
    function `(el, {props, nx})`, which may answer `{update(props), unmount()}`.

    Attributes:
        module: Path below the folder `ui`: `gauge.js`.
        props: Handed over as JSON.
        source: Answers further props; asked again as `live` and `every` say.
        fallback: Shown without JavaScript, or where the admin allows no modules.
    """

    title: str
    module: str
    props: Mapping[str, object] = _NONE
    source: Source | None = None
    fallback: str
