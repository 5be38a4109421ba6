"""Short ids: random ones for forms and references, stable ones for what must be said once."""

import base64
import hashlib
import os
import secrets
import socket
from functools import cache
from pathlib import Path

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
    return f"{claims_of_this_process()}{new_id()}"


def claims_of_this_process() -> str:
    """Return how the id of every claim of this process begins."""
    return f"{_machine()}:{os.getpid()}:"


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


@cache
def _machine() -> str:
    """Return what tells machines apart: copies of one image have the same name, but did not boot as one."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    name = socket.gethostname() + (boot.read_text() if boot.exists() else "")
    return hashlib.sha256(name.encode()).hexdigest()[:8]
