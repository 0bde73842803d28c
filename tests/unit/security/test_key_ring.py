"""The key set: where it comes from, what it seals, what it refuses."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from nxforge_core.api import Secrets
from nxforge_core.security import (
    KeyRing,
    KeySetError,
    PluginSecrets,
    SecretError,
    check_keys,
)
from nxforge_core.settings import SecretSettings

_OLD = base64.b64encode(b"o" * 32).decode()
_NEW = base64.urlsafe_b64encode(b"\xff" * 32).decode()


def _ring(*keys: str) -> KeyRing:
    return KeyRing.load(SecretSettings(keys=keys), Path("/nowhere"))


def test_sealed_value_comes_back() -> None:
    """What a plugin seals it can open, and the text does not show."""
    box: Secrets = _ring(_NEW).for_plugin("meter")
    sealed = box.seal("hunter2 ä")
    assert box.open(sealed) == "hunter2 ä"
    assert "hunter2" not in sealed


def test_sealed_value_names_format_and_key() -> None:
    """`nx1:<key id>:<token>`, so that rotation knows what is left to do."""
    ring = _ring(_NEW)
    form, key_id, token = ring.for_plugin("meter").seal("x").split(":")
    assert (form, key_id) == ("nx1", ring.key_ids[0])
    assert token
    assert len(key_id) == 8


def test_other_plugin_cannot_open_a_value() -> None:
    """Each plugin has a key of its own."""
    ring = _ring(_NEW)
    sealed = ring.for_plugin("meter").seal("hunter2")
    with pytest.raises(SecretError, match="changed, or sealed by another plugin"):
        ring.for_plugin("other").open(sealed)


def test_newest_key_seals_and_older_ones_open() -> None:
    """A new key is put in front; values of the old one stay readable."""
    sealed = _ring(_OLD).for_plugin("meter").seal("hunter2")
    both = _ring(_NEW, _OLD)
    assert both.for_plugin("meter").open(sealed) == "hunter2"
    assert f":{both.key_ids[0]}:" in both.for_plugin("meter").seal("x")


def test_missing_key_is_named_without_the_value() -> None:
    """The error names the key id and the remedy, never what was sealed."""
    old = _ring(_OLD)
    sealed = old.for_plugin("meter").seal("hunter2")
    with pytest.raises(SecretError) as caught:
        _ring(_NEW).for_plugin("meter").open(sealed)
    assert caught.value.key_id == old.key_ids[0]
    assert old.key_ids[0] in caught.value.message
    assert "NXFORGE_SECRETS_KEYS" in caught.value.remedy
    assert sealed not in str(caught.value)


@pytest.mark.parametrize("sealed", ["", "hunter2", "nx2:a:b", "nx1::b", "nx1:abc:"])
def test_text_of_another_form_is_refused_unseen(sealed: str) -> None:
    """What was never sealed is refused without showing it."""
    with pytest.raises(SecretError, match="a stored secret is not in the sealed form"):
        _ring(_NEW).for_plugin("meter").open(sealed)


@pytest.mark.parametrize("change", ["x", "ä", "\n"])
def test_changed_value_is_refused(change: str) -> None:
    """A value somebody edited does not open."""
    box = _ring(_NEW).for_plugin("meter")
    sealed = box.seal("hunter2")
    while sealed[-9] == change:  # one in 64 would not be changed at all
        sealed = box.seal("hunter2")
    with pytest.raises(SecretError, match="was changed"):
        box.open(sealed[:-9] + change + sealed[-8:])


@pytest.mark.parametrize(
    "key", ["", "hunter2", "A" * 43, base64.b64encode(b"x").decode()]
)
def test_wrong_key_is_refused_by_its_place(key: str) -> None:
    """The error says which key of the list, never the key."""
    with pytest.raises(KeySetError) as caught:
        _ring(_NEW, key)
    assert "key 2 is not base64 of 32 bytes" in caught.value.message
    assert "openssl rand -base64 32" in caught.value.remedy
    assert "hunter2" not in str(caught.value)


def test_key_file_is_made_private_and_read_again(tmp_path: Path) -> None:
    """Without keys one is made in the data directory, readable for the owner only."""
    data = tmp_path / "data"
    first = KeyRing.load(SecretSettings(), data)
    path = data / "secret.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in data.iterdir()] == ["secret.key"]
    assert KeyRing.load(SecretSettings(), data).key_ids == first.key_ids


def test_key_file_holds_several_keys(tmp_path: Path) -> None:
    """One key a line, newest first, comments and blank lines aside."""
    path = tmp_path / "keys"
    path.write_text(f"# newest\n{_NEW}\n\n{_OLD}\n")
    path.chmod(0o400)
    ring = KeyRing.load(SecretSettings(key_file=path), tmp_path)
    assert ring.key_ids == _ring(_NEW, _OLD).key_ids


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_key_file_that_others_reach_is_refused(tmp_path: Path, mode: int) -> None:
    """A key that others can read is no secret: the remedy is one command."""
    path = tmp_path / "secret.key"
    path.write_text(_NEW)
    path.chmod(mode)
    with pytest.raises(KeySetError, match=f"mode {mode:04o}") as caught:
        KeyRing.load(SecretSettings(), tmp_path)
    assert caught.value.remedy == f"run 'chmod 600 {path}'"


def test_named_key_file_is_never_made(tmp_path: Path) -> None:
    """An absent file that the settings name is a disk that is not there."""
    path = tmp_path / "gone"
    with pytest.raises(KeySetError, match="are not there"):
        KeyRing.load(SecretSettings(key_file=path), tmp_path)
    assert not path.exists()


def test_empty_key_file_is_refused(tmp_path: Path) -> None:
    """An empty file is an error, not a reason to make a new key over it."""
    (tmp_path / "secret.key").touch(0o600)
    with pytest.raises(KeySetError, match="are empty"):
        KeyRing.load(SecretSettings(), tmp_path)


def test_undecodable_key_file_is_refused(tmp_path: Path) -> None:
    """A file of other bytes is named."""
    path = tmp_path / "secret.key"
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(KeySetError, match="cannot be read"):
        KeyRing.load(SecretSettings(), tmp_path)


def test_unwritable_data_directory_is_named(tmp_path: Path) -> None:
    """Where no key file can be made, the error says which folder."""
    blocker = tmp_path / "file"
    blocker.touch()
    with pytest.raises(KeySetError) as caught:
        KeyRing.load(SecretSettings(), blocker / "data")
    assert str(blocker / "data") in str(caught.value)


def test_folder_that_cannot_be_made_is_named() -> None:
    """The remedy offers a writable folder or keys from the environment."""
    with pytest.raises(KeySetError, match="cannot be made") as caught:
        KeyRing.load(SecretSettings(), Path("/proc/nxforge"))
    assert caught.value.remedy == (
        "make /proc/nxforge writable, or set NXFORGE_SECRETS_KEYS"
    )


def test_hosts_that_start_together_share_one_key(tmp_path: Path) -> None:
    """Whoever is second takes the first one's key, and never a half-written file."""
    seen: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        seen.extend(KeyRing.load(SecretSettings(), tmp_path).key_ids)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert os.listdir(tmp_path) == ["secret.key"]  # noqa: PTH208 - names are enough


def test_repr_shows_no_key() -> None:
    """A traceback gives nothing away."""
    assert _NEW not in repr(_ring(_NEW))


def test_start_check_passes_for_values_of_known_keys() -> None:
    """Old and new keys count."""
    sealed = _ring(_OLD).for_plugin("meter").seal("x")
    both = _ring(_NEW, _OLD)
    check_keys(both, [sealed])
    assert both.for_plugin("meter").open(sealed) == "x"


def test_start_check_refuses_a_key_set_that_lost_a_key() -> None:
    """A wrong key file shows at start, not at the first login of a meter."""
    old = _ring(_OLD)
    sealed = old.for_plugin("meter").seal("x")
    with pytest.raises(SecretError, match=old.key_ids[0]):
        check_keys(_ring(_NEW), [sealed])


class _Forgetful(PluginSecrets):
    def open(self, sealed: str) -> str:
        return f"not {sealed}"


class _BrokenRing(KeyRing):
    def for_plugin(self, plugin: str) -> PluginSecrets:
        assert plugin
        return _Forgetful({"k": Fernet(Fernet.generate_key())})


def test_start_check_refuses_encryption_that_does_not_work() -> None:
    """A library that gives back something else is found before it is relied on."""
    with pytest.raises(SecretError, match="comes back changed"):
        check_keys(_BrokenRing([b"k" * 32]))
