"""Encryption of what must be stored and never shown: a key set, a key per plugin."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nxforge_core.settings import SecretSettings

from ._errors import KeySetError, SecretError
from ._keyfile import make_key_file, read_key_file

__all__ = ["KeyRing", "PluginSecrets", "check_keys"]

_FORMAT: Final = "nx1"
_KEY_BYTES: Final = 32
_MAKE: Final = "make one with 'openssl rand -base64 32'"


class KeyRing:
    """The key set: the first key seals, every key opens.

    Args:
        keys: 32 bytes each, newest first.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_key_id(key): key for key in keys}

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
            return cls(_decoded(settings.keys, "NXFORGE_SECRETS_KEYS"))
        path = settings.key_file or data_dir / "secret.key"
        try:
            lines = read_key_file(path)
        except FileNotFoundError:
            if settings.key_file is not None:
                raise KeySetError(str(path), "are not there", _MAKE) from None
            new = base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
            make_key_file(path, new)
            lines = read_key_file(path)
        return cls(_decoded(lines, str(path)))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of the keys, newest first."""
        return tuple(self._keys)

    def for_plugin(self, plugin: str) -> PluginSecrets:
        """What one plugin seals and opens with; no other can open its values."""
        return PluginSecrets(
            {
                key_id: Fernet(base64.urlsafe_b64encode(_derive(key, plugin)))
                for key_id, key in self._keys.items()
            }
        )


class PluginSecrets:
    """Implements `nxforge_core.api.Secrets` for one plugin."""

    def __init__(self, boxes: Mapping[str, Fernet]) -> None:
        self._boxes = boxes
        self._newest = next(iter(boxes))

    def seal(self, text: str) -> str:
        """Encrypt with the newest key: `nx1:<key id>:<token>`."""
        token = self._boxes[self._newest].encrypt(text.encode()).decode()
        return f"{_FORMAT}:{self._newest}:{token}"

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` made.

        Raises:
            SecretError: the value was changed, belongs to another plugin, or its key
                is not in the key set.
        """
        key_id, token = _parts(sealed)
        box = self._boxes.get(key_id)
        if box is None:
            raise SecretError(key_id, "no_key")
        try:
            return box.decrypt(token.encode()).decode()
        except (InvalidToken, UnicodeEncodeError):
            raise SecretError(key_id, "changed") from None


def check_keys(ring: KeyRing, stored: Iterable[str] = ()) -> None:
    """Prove at start that the key set works and still holds the keys of stored values.

    Raises:
        SecretError: naming the id of the key that is missing.
    """
    box = ring.for_plugin("nxforge")
    probe = secrets.token_hex(8)
    if box.open(box.seal(probe)) != probe:
        raise SecretError(ring.key_ids[0], "probe")
    for key_id in sorted({_parts(sealed)[0] for sealed in stored}):
        if key_id not in ring.key_ids:
            raise SecretError(key_id, "no_key")


def _parts(sealed: str) -> tuple[str, str]:
    form, _, rest = sealed.partition(":")
    key_id, _, token = rest.partition(":")
    if form != _FORMAT or not key_id or not token:
        raise SecretError(key_id="", reason="form")
    return key_id, token


def _decoded(keys: Iterable[str], where: str) -> list[bytes]:
    found = [_decode(key, place, where) for place, key in enumerate(keys, 1)]
    if not found:
        raise KeySetError(where, "are empty", _MAKE)
    return found


def _decode(key: str, place: int, where: str) -> bytes:
    try:
        raw = base64.b64decode(key.translate(_URL_SAFE), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        what = f"are wrong: key {place} is not base64 of {_KEY_BYTES} bytes"
        raise KeySetError(where, what, _MAKE)
    return raw


_URL_SAFE: Final = str.maketrans("-_", "+/")


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"nxforge key id\0" + key).hexdigest()[:8]


def _derive(key: bytes, plugin: str) -> bytes:
    info = b"nxforge secrets\0" + plugin.encode()
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(key)
