"""Encryption of what must be stored and never shown: a key set, a key per plugin."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nxforge_core.settings import SecretSettings

from ._errors import KeySetError, SecretError
from ._keyfile import WatchedFile, make_key_file

__all__ = [
    "MAKE_KEY",
    "KeyRing",
    "PluginSecrets",
    "check_keys",
    "decode_key",
    "key_id",
    "key_path",
    "new_key",
]

_FORMAT: Final = "nx1"
_KEY_BYTES: Final = 32
MAKE_KEY: Final = "make one with 'openssl rand -base64 32'"
_SETTING: Final = "NXFORGE_SECRETS_KEYS"

Boxes = Mapping[str, Fernet]


class KeyRing:
    """The key set: the first key seals, every key opens.

    Keys of a file are read again when it changes: a rotation needs no restart.

    Args:
        keys: 32 bytes each, newest first.
        file: Where they were read; None where they cannot change.
    """

    def __init__(self, keys: Sequence[bytes], file: WatchedFile | None = None) -> None:
        self._file = file
        self._take(keys)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.key_ids)})"

    @classmethod
    def load(cls, settings: SecretSettings, data_dir: Path) -> KeyRing:
        """Read the key set: from the settings, else from the key file.

        Without either, `secret.key` is made in the data directory. A key file that
        the settings name is never made: an absent one is a disk that is not there.

        Raises:
            KeySetError: the keys are missing, wrong or readable for others.
        """
        if settings.keys:
            return cls(_decoded(settings.keys, _SETTING))
        file = WatchedFile(key_path(settings, data_dir))
        try:
            lines = file.read()
        except FileNotFoundError:
            if settings.key_file is not None:
                raise KeySetError(str(file.path), "are not there", MAKE_KEY) from None
            make_key_file(file.path, new_key())
            lines = file.read()
        return cls(_decoded(lines, str(file.path)), file)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of the keys, newest first."""
        return tuple(self._keys)

    @property
    def file(self) -> Path | None:
        """The key file; None where the keys are a setting."""
        return None if self._file is None else self._file.path

    def refresh(self) -> None:
        """Read the key file again if it has changed.

        Raises:
            KeySetError: it is gone or cannot be used; the keys stay what they were.
        """
        if self._file is None or not self._file.changed():
            return
        where = str(self._file.path)
        try:
            self._take(_decoded(self._file.read(), where))
        except FileNotFoundError:
            raise KeySetError(where, "are gone", "put them back") from None
        except KeySetError:
            self._file.forget()
            raise

    def for_plugin(self, plugin: str) -> PluginSecrets:
        """What one plugin seals and opens with; no other can open its values."""

        def renewed() -> Boxes:
            # Whoever seals or opens can go on with the keys there are.
            with suppress(KeySetError):
                self.refresh()
            return self._boxes_of(plugin)

        return PluginSecrets(self._boxes_of(plugin), renewed)

    def _take(self, keys: Sequence[bytes]) -> None:
        self._keys = {key_id(key): key for key in keys}
        self._boxes: dict[str, Boxes] = {}

    def _boxes_of(self, plugin: str) -> Boxes:
        if plugin not in self._boxes:
            self._boxes[plugin] = {
                name: Fernet(base64.urlsafe_b64encode(_derive(key, plugin)))
                for name, key in self._keys.items()
            }
        return self._boxes[plugin]


class PluginSecrets:
    """Implements `nxforge_core.api.Secrets` for one plugin.

    Args:
        boxes: By key id, newest first.
        renewed: What they are now; None where they never change.
    """

    def __init__(
        self, boxes: Boxes, renewed: Callable[[], Boxes] | None = None
    ) -> None:
        self._boxes = boxes
        self._renewed = renewed

    def seal(self, text: str) -> str:
        """Encrypt with the newest key: `nx1:<key id>:<token>`."""
        self._renew()
        newest, box = next(iter(self._boxes.items()))
        return f"{_FORMAT}:{newest}:{box.encrypt(text.encode()).decode()}"

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` made.

        Raises:
            SecretError: the value was changed, belongs to another plugin, or its key
                is not in the key set.
        """
        name, token = _parts(sealed)
        if name not in self._boxes:
            self._renew()
        box = self._boxes.get(name)
        if box is None:
            raise SecretError(name, "no_key")
        try:
            return box.decrypt(token.encode()).decode()
        except (InvalidToken, UnicodeEncodeError):
            raise SecretError(name, "changed") from None

    def _renew(self) -> None:
        if self._renewed is not None:
            self._boxes = self._renewed()


def key_path(settings: SecretSettings, data_dir: Path) -> Path:
    """Where the key file is, or will be."""
    return settings.key_file or data_dir / "secret.key"


def check_keys(ring: KeyRing, stored: Iterable[str] = ()) -> None:
    """Prove at start that the key set works and still holds the keys of stored values.

    Raises:
        SecretError: naming the id of the key that is missing.
    """
    box = ring.for_plugin("nxforge")
    probe = secrets.token_hex(8)
    if box.open(box.seal(probe)) != probe:
        raise SecretError(ring.key_ids[0], "probe")
    for name in sorted({_parts(sealed)[0] for sealed in stored}):
        if name not in ring.key_ids:
            raise SecretError(name, "no_key")


def new_key() -> str:
    """A key as key files hold it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def key_id(key: bytes) -> str:
    """What sealed values call a key."""
    return hashlib.sha256(b"nxforge key id\0" + key).hexdigest()[:8]


def _parts(sealed: str) -> tuple[str, str]:
    form, _, rest = sealed.partition(":")
    name, _, token = rest.partition(":")
    if form != _FORMAT or not name or not token:
        raise SecretError(key_id="", reason="form")
    return name, token


def _decoded(keys: Iterable[str], where: str) -> list[bytes]:
    found = [decode_key(key, place, where) for place, key in enumerate(keys, 1)]
    if not found:
        raise KeySetError(where, "are empty", MAKE_KEY)
    return found


def decode_key(key: str, place: int, where: str) -> bytes:
    """Read a key as files and settings hold it.

    Raises:
        KeySetError: it is none; the message has its place, never its text.
    """
    try:
        raw = base64.b64decode(key.translate(_URL_SAFE), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        what = f"are wrong: key {place} is not base64 of {_KEY_BYTES} bytes"
        raise KeySetError(where, what, MAKE_KEY)
    return raw


_URL_SAFE: Final = str.maketrans("-_", "+/")


def _derive(key: bytes, plugin: str) -> bytes:
    info = b"nxforge secrets\0" + plugin.encode()
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(key)
