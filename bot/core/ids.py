"""Short ids: random ones for forms and references, stable ones for what must be said once."""

import base64
import hashlib
import secrets

_NONCE_LENGTH = 25  # Discord's limit for a message nonce


def new_id() -> str:
    """Return twelve random characters that fit in a URL and in a custom_id."""
    return secrets.token_urlsafe(9)


def stable_nonce(key: str) -> str:
    """Return the nonce of a message: the same key gives the same 25 characters."""
    digest = hashlib.sha256(key.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:_NONCE_LENGTH]
