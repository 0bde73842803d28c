"""Keys that change while the host runs: read when told, and said what is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nxforge_core.events import Listener
from nxforge_core.security import KeyRing, KeySetError
from nxforge_core.security.sealed import CHANNEL, signature
from nxforge_core.services import get_log

__all__ = ["following_keys"]


@contextmanager
def following_keys(ring: KeyRing, listener: Listener) -> Iterator[None]:
    """Look at the key file when a rotation asks for it, and whenever that was missed.

    Args:
        ring: The key set of the process.
        listener: Hears, and tells the database which keys are known here.
    """

    def look(_: str = "") -> None:
        try:
            ring.refresh()
        except KeySetError as error:
            facts = {"problem": error.message, "remedy": error.remedy}
            get_log(None).error("key file", **facts)
        listener.sign(signature(ring.key_ids))

    listener.sign(signature(ring.key_ids))
    end = listener.listen(CHANNEL, look, look)
    try:
        yield
    finally:
        end()
