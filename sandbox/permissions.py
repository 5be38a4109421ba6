"""Who may do what where, computed as Discord documents it (docs:topics/permissions)."""

from __future__ import annotations

from sandbox.errors import ApiError
from sandbox.model import PRIVATE_THREAD, Channel, Guild, GuildMember, Role, User

KICK_MEMBERS = 1 << 1
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_EVENTS = 1 << 33
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
CREATE_EVENTS = 1 << 44
PIN_MESSAGES = 1 << 51

ALL = (1 << 53) - 1
EVERYONE = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | SEND_MESSAGES_IN_THREADS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
)
BOT_DEFAULT = EVERYONE | MANAGE_CHANNELS | MANAGE_ROLES | MANAGE_THREADS | MANAGE_MESSAGES | PIN_MESSAGES
IN_DM = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY | PIN_MESSAGES


def in_guild(guild: Guild, member: GuildMember) -> int:
    """Permissions before any channel's overwrites."""
    if member.user.id == guild.owner_id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role_id in member.roles:
        bits |= guild.roles[role_id].permissions
    return ALL if bits & ADMINISTRATOR else bits


def in_channel(guild: Guild, channel: Channel, member: GuildMember) -> int:
    """Permissions in a channel; a thread has its parent's."""
    bits = in_guild(guild, member)
    if bits == ALL:
        return ALL
    home = guild.channels[channel.parent_id] if channel.thread and channel.parent_id else channel
    bits = _overwritten(bits, guild, home, member)
    if not bits & VIEW_CHANNEL:
        return 0
    if not bits & SEND_MESSAGES:
        lost = MENTION_EVERYONE | ATTACH_FILES | EMBED_LINKS
        bits &= ~lost if not channel.thread else ~0
    return bits


def _overwritten(bits: int, guild: Guild, channel: Channel, member: GuildMember) -> int:
    by_id = {overwrite.id: overwrite for overwrite in channel.overwrites}
    if everyone := by_id.get(guild.id):
        bits = bits & ~everyone.deny | everyone.allow
    mine = [by_id[role_id] for role_id in member.roles if role_id in by_id]
    for overwrite in mine:
        bits &= ~overwrite.deny
    for overwrite in mine:
        bits |= overwrite.allow
    if own := by_id.get(member.user.id):
        bits = bits & ~own.deny | own.allow
    return bits


def sees(guild: Guild, channel: Channel, user: User) -> bool:
    """Whether the user has the channel listed; private threads show to those in them and to moderators."""
    member = guild.members.get(user.id)
    if member is None:
        return False
    bits = in_channel(guild, channel, member)
    if not bits & VIEW_CHANNEL:
        return False
    if channel.type == PRIVATE_THREAD and channel.thread and user.id not in channel.thread.members:
        return bool(bits & MANAGE_THREADS)
    return True


def top_position(guild: Guild, member: GuildMember) -> int:
    """The position of the highest role."""
    return max((guild.roles[role_id].position for role_id in member.roles), default=0)


def require_channel(guild: Guild, channel: Channel, user: User, bits: int = 0) -> None:
    """Refuse with 50001 where the user cannot see the channel, with 50013 where a permission is missing."""
    member = guild.members.get(user.id)
    if member is None or not sees(guild, channel, user):
        raise ApiError(403, 50001, "Missing Access")
    if in_channel(guild, channel, member) & bits != bits:
        raise ApiError(403, 50013, "Missing Permissions")


def require_guild(guild: Guild, user: User, bits: int = 0) -> GuildMember:
    """Refuse where a guild-wide permission is missing; returns the member."""
    member = guild.members.get(user.id)
    if member is None:
        raise ApiError(403, 50001, "Missing Access")
    if in_guild(guild, member) & bits != bits:
        raise ApiError(403, 50013, "Missing Permissions")
    return member


def require_below(guild: Guild, member: GuildMember, role: Role) -> None:
    """Refuse to touch a role that is not lower than the member's highest (the owner may touch all)."""
    if member.user.id != guild.owner_id and role.position >= top_position(guild, member):
        raise ApiError(403, 50013, "Missing Permissions")
