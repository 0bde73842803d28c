"""A key file while keys come and go: it works at every moment, and others notice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nxforge_core.security import KeyRing, KeySetError
from nxforge_core.security._keyfile_edit import (
    drop_keys,
    offer_key,
    offered_key,
    promote_key,
)
from nxforge_core.security._keyring import new_key
from nxforge_core.settings import SecretSettings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A key file with a comment of somebody's own."""
    path = tmp_path / "secret.key"
    path.write_text(f"# of rack 7\n{new_key()}\n")
    path.chmod(0o600)
    return path


def _ring(file: Path) -> KeyRing:
    return KeyRing.load(SecretSettings(key_file=file), file.parent)


def test_offered_key_opens_before_it_seals(file: Path) -> None:
    """It is the second one until it is promoted; then it is the first."""
    ring = _ring(file)
    old = ring.key_ids[0]
    key = new_key()

    offer_key(file, key)

    assert offered_key(file) == key
    ring.refresh()
    assert ring.key_ids[0] == old
    assert len(ring.key_ids) == 2
    promote_key(file, key)
    assert offered_key(file) is None
    ring.refresh()
    assert ring.key_ids == (ring.key_ids[0], old)
    assert file.read_text().startswith("# of rack 7\n")


def test_file_stays_private_and_leaves_no_draft(file: Path) -> None:
    """Mode 0600 at every moment; nothing beside it that holds a key."""
    offer_key(file, new_key())

    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_dropped_key_is_gone(file: Path) -> None:
    """Its text does not stay behind, not even as a comment."""
    ring, key = _ring(file), new_key()
    offer_key(file, key)

    drop_keys(file, {key})

    ring.refresh()
    assert len(ring.key_ids) == 1
    assert key not in file.read_text()


def test_value_of_a_new_key_opens_without_a_restart(file: Path) -> None:
    """A key that is not known is looked for in the file."""
    running = _ring(file).for_plugin("meter")
    key = new_key()
    offer_key(file, key)
    promote_key(file, key)

    sealed = _ring(file).for_plugin("meter").seal("hunter2")

    assert running.open(sealed) == "hunter2"


def test_sealing_uses_the_key_that_is_the_first_by_now(file: Path) -> None:
    """What is sealed after a rotation needs no old key, whoever was told of it."""
    running, key = _ring(file).for_plugin("meter"), new_key()
    offer_key(file, key)
    promote_key(file, key)

    sealed = running.seal("x")

    assert sealed.split(":")[1] == _ring(file).key_ids[0]


@pytest.mark.parametrize("harm", ["gone", "open", "empty"])
def test_spoiled_file_takes_no_key_away(file: Path, harm: str) -> None:
    """What a process has read stays usable; whoever asks is told what is wrong."""
    ring = _ring(file)
    sealed = ring.for_plugin("meter").seal("hunter2")
    if harm == "gone":
        file.unlink()
    elif harm == "open":
        file.chmod(0o644)
        os.utime(file, (1, 1))
    else:
        file.write_text("# nothing\n")

    assert ring.for_plugin("meter").open(sealed) == "hunter2"
    assert ring.for_plugin("meter").seal("x")
    with pytest.raises(KeySetError, match=r"secret\.key"):
        ring.refresh()


def test_file_that_cannot_be_replaced_is_named(file: Path) -> None:
    """A file that another tool mounts there: the remedy says what to do instead."""
    missing = file.with_name("elsewhere") / "key"
    with pytest.raises(FileNotFoundError):
        offer_key(missing, new_key())
    drop = Path("/proc/self/cmdline")
    with pytest.raises(KeySetError, match="can be read by others"):
        drop_keys(drop, set())
