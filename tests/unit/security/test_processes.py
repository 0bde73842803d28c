"""What processes say of their keys, and who is missing one."""

from __future__ import annotations

from nxforge_core.security.sealed import signature
from nxforge_core.security.sealed._processes import Process, without_key

_ROWS = [Process(["new", "old"], "a"), Process(["old", "new"], "b"), Process([], "c")]


def test_process_that_says_nothing_lacks_every_key() -> None:
    """An older release is not waited for in vain: it is named."""
    assert without_key(_ROWS, "new", first=False) == ["c"]


def test_knowing_a_key_is_not_sealing_with_it() -> None:
    """Only the first key seals."""
    assert without_key(_ROWS, "new", first=True) == ["b", "c"]


def test_signature_fits_the_name_of_a_connection() -> None:
    """PostgreSQL cuts names at 63 bytes: the keys stand before the machine."""
    said = signature(["0123abcd"] * 9)

    assert said.startswith(" keys 0123abcd,0123abcd,0123abcd at ")
    assert len(f"nxforge events{said.partition(' at ')[0]}") < 63
