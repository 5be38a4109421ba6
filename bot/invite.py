"""The address by which a server adds Kith: the least permissions it needs, each with its reason."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.core.errors import BadToken

AUTHORIZE = "https://discord.com/oauth2/authorize"
SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission: Discord's number of its bit, its name in Discord's settings, what Kith needs it for."""

    name: str
    bit: int
    label: str
    reason: str


PERMISSIONS = (
    Permission("view_channel", 10, "View Channels", "see the channels you choose for it, and post there"),
    Permission("send_messages", 11, "Send Messages", "post the panel, gigs and what moderators are told"),
    Permission("embed_links", 14, "Embed Links", "show gigs as cards"),
    Permission("attach_files", 15, "Attach Files", "send calendar files, the weekly picture and exports"),
    Permission(
        "read_message_history", 16, "Read Message History",
        "find its own message again after a crash, so that nothing is said twice; it reads no conversations",
    ),
    Permission("manage_threads", 34, "Manage Threads", "put rooms and closed gigs away"),
    Permission("create_private_threads", 36, "Create Private Threads", "open private rooms to meet in"),
    Permission("send_messages_in_threads", 38, "Send Messages in Threads", "greet them there, and post gigs"),
    Permission(
        "manage_channels", 4, "Manage Channels",
        "create the channels that are missing in /kith setup; take it away afterwards if you like",
    ),
    Permission(
        "manage_roles", 28, "Manage Roles",
        "give the roles of niches, and close the channels it creates; without niche roles, take it away",
    ),
    Permission("pin_messages", 51, "Pin Messages", "pin the guidelines of the gig board"),
)  # fmt: skip


def application_of(token: str) -> int:
    """Return the id of a token's application, which is the first part of the token.

    Raises:
        BadToken: no token looks like this.
    """
    first = token.strip().partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise BadToken("This KITH_DISCORD_TOKEN is not one of Discord's.") from error
    if not found.isdigit():
        raise BadToken("This KITH_DISCORD_TOKEN is not one of Discord's.")
    return int(found)


def invite_url(application_id: int) -> str:
    """Return the address; opening it adds Kith to a server with these permissions."""
    bits = sum(1 << permission.bit for permission in PERMISSIONS)
    query = {"client_id": application_id, "permissions": bits, "scope": " ".join(SCOPES)}
    return f"{AUTHORIZE}?{urlencode(query)}"


def invitation(token: str) -> str:
    """Say the address, then every permission with its reason; raises `BadToken`."""
    wide = max(len(permission.label) for permission in PERMISSIONS)
    lines = [
        "Open this address to add Kith to a server (you need “Manage Server” there):",
        "",
        f"  {invite_url(application_of(token))}",
        "",
        "It asks for no more than this, and for no privileged intent:",
        "",
    ]
    lines += [f"  {permission.label:<{wide}}  {permission.reason}" for permission in PERMISSIONS]
    return "\n".join(lines)
