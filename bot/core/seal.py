"""Sealing private text with the operator's key, so that a copied database tells nothing."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import WrongKey


def new_key() -> str:
    """Return a fresh secret key: 32 random bytes as text."""
    return secrets.token_urlsafe(32)


def _derived(key: str, use: bytes) -> bytes:
    """Return the key for one use: what seals text never marks people."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(key.encode())


def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, b"kith sealed text")))


class Sealer:
    """Seals with the first key, opens with any: add a new key in front to rotate."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([_fernet(key) for key in keys])
        self._marking = _derived(keys[0], b"kith marks")
        self.fingerprint = hashlib.sha256(b"kith fingerprint:" + keys[0].encode()).hexdigest()[:16]

    def seal(self, text: str) -> bytes:
        """Return the text encrypted."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text again.

        Raises:
            WrongKey: it was sealed with a key that is not here.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise WrongKey("sealed with another secret key") from error

    def mark(self, text: str) -> str:
        """Return a keyed hash: the same text gives the same mark, and without the key it tells nothing."""
        return hmac.new(self._marking, text.encode(), hashlib.sha256).hexdigest()
