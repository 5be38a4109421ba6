"""Short ids: random ones for forms and references, stable ones for what must be said once."""

import base64
import hashlib
import os
import secrets
import socket

_NONCE_LENGTH = 25  # Discord's limit for a message nonce


def new_id() -> str:
    """Return twelve random characters that fit in a URL and in a custom_id."""
    return secrets.token_urlsafe(9)


def stable_nonce(key: str) -> str:
    """Return the nonce of a message: the same key gives the same 25 characters."""
    digest = hashlib.sha256(key.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:_NONCE_LENGTH]


def claim_id() -> str:
    """Return the id of one claim: which machine and process made it, and a random part."""
    return f"{_machine()}:{os.getpid()}:{new_id()}"


def claimed_by_the_dead(owner: str) -> bool:
    """Tell whether a claim's process ran on this machine and is gone; to be asked at the start.

    A claim under our own process id is an earlier process's: we have only just started.
    """
    machine, pid, _rest = owner.split(":", 2)
    if machine != _machine():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
