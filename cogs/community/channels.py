"""What a guild's channels allow, and making the ones that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import discord
from discord import app_commands

from bot.community.rules import LABELS, NEEDS, ChannelSeen, Finding, Kind, Place, findings
from bot.community.service import SetupEdit, channels_of
from bot.community.views import Beside
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.kit import safe
from bot.gigs.shelves import board_tags
from bot.people.service import CommunityView

Channel: TypeAlias = discord.TextChannel | discord.ForumChannel

NAMES: dict[Place, str] = {
    "lobby": "lobby",
    "gigs": "gigs",
    "moderators": "kith-moderators",
    "panel": "start-here",
}


async def myself(guild: discord.Guild, client: discord.Client) -> discord.Member:
    """Return Kith's own member; the cache may not hold it."""
    if client.user is None:
        raise RuntimeError("not logged in")
    return guild.get_member(client.user.id) or await guild.fetch_member(client.user.id)


async def check_up(
    guild: discord.Guild,
    me: discord.Member,
    seen: CommunityView,
    niche_roles: Iterable[int],
    beside: Iterable[Beside] = (),
) -> list[Finding]:
    """Look at every channel in use, and at the niches' roles where they are wanted."""
    channels = {place: _seen(guild, me, number) for place, number in channels_of(seen).items() if number}
    return findings(
        channels,
        beside=[(one.place, _seen(guild, me, one.channel_id)) for one in beside],
        off=seen.modules_off,
        tags=board_tags(()),
        too_high=None if seen.niche_roles_from is None else _too_high(guild, me, niche_roles),
        may_manage_roles=me.guild_permissions.manage_roles,
        dms_paused=guild.dms_paused(),
    )


def _too_high(guild: discord.Guild, me: discord.Member, role_ids: Iterable[int]) -> list[str]:
    """Names of these roles that Kith cannot give; those somebody deleted are left out.

    Discord says nothing of the roles that a new one moved up, so Kith and a role it has just made may seem
    to share a position. Roles compare as Discord orders them then: the older one is higher.
    """
    found = (guild.get_role(role_id) for role_id in role_ids)
    return [safe(role.name, 100) for role in found if role is not None and role >= me.top_role]


def _seen(guild: discord.Guild, me: discord.Member, channel_id: int) -> ChannelSeen:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return ChannelSeen("", "gone", id=channel_id)
    kinds: dict[discord.ChannelType, Kind] = {
        discord.ChannelType.text: "text",
        discord.ChannelType.forum: "forum",
    }
    return ChannelSeen(
        channel.name,
        kinds.get(channel.type, "other"),
        _allowed(channel.permissions_for(me)),
        _allowed(channel.permissions_for(guild.default_role)),
        _tags(channel),
        channel_id,
    )


def home_of(guild: discord.Guild, channel_id: int) -> int | None:
    """Return the channel whose permissions count: a thread has its parent's. None for one out of sight."""
    found = guild.get_channel_or_thread(channel_id)
    return found.parent_id if isinstance(found, discord.Thread) else found.id if found else None


def _tags(channel: discord.abc.GuildChannel) -> frozenset[str] | None:
    if not isinstance(channel, discord.ForumChannel):
        return None
    return frozenset(tag.name.casefold() for tag in channel.available_tags)


async def add_tags(guild: discord.Guild, me: discord.Member, channel_id: int | None) -> bool:
    """Give the forum of gigs the tags it lacks; False when it has them all. Raises `board_gone`."""
    forum = guild.get_channel(channel_id) if channel_id else None
    if not isinstance(forum, discord.ForumChannel):
        raise KithError("board_gone")
    lacking = [tag for tag in board_tags(()) if tag.casefold() not in (_tags(forum) or ())]
    if not lacking:
        return False
    if not forum.permissions_for(me).manage_channels:
        raise KithError("bot_rights_missing", rights=_("Manage Channels"))
    await forum.edit(available_tags=[*forum.available_tags, *map(_tag, lacking)], reason=_("Kith setup"))
    return True


def _tag(name: str) -> discord.ForumTag:
    return discord.ForumTag(name=name)


def _allowed(permissions: discord.Permissions) -> frozenset[str]:
    # Asked by name: iterating would give discord.py's older names, such as read_messages for view_channel.
    return frozenset(name for name in LABELS if getattr(permissions, name))


async def create_missing(guild: discord.Guild, me: discord.Member, missing: Iterable[Place]) -> SetupEdit:
    """Make the channels that are missing; a server without forums gets a text channel for gigs."""
    if not me.guild_permissions.manage_channels:
        raise KithError("bot_rights_missing", rights=_("Manage Channels"))
    made = {place: await _create(guild, me, place) for place in missing}
    ids = {place: channel.id for place, channel in made.items()}
    return SetupEdit(
        lobby=ids.get("lobby"),
        gigs=ids.get("gigs"),
        gigs_kind=kind_of(made.get("gigs")),
        moderators=ids.get("moderators"),
        panel=ids.get("panel"),
    )


def kind_of(channel: app_commands.AppCommandChannel | discord.abc.GuildChannel | None) -> str | None:
    """Say whether a gig board is a forum or a text channel; None for no channel."""
    if channel is None:
        return None
    return "forum" if channel.type is discord.ChannelType.forum else "text"


async def _create(guild: discord.Guild, me: discord.Member, place: Place) -> Channel:
    name, reason = NAMES[place], _("Kith setup")
    # Discord lets a bot only pass on what it holds itself.
    mine = _only_held(me, place)
    hidden = place == "moderators"
    denied = {"view_channel": False} if hidden else {"send_messages": False}
    overwrites: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite] = {
        guild.default_role: discord.PermissionOverwrite(**denied),
        me: mine,
    }
    if place == "gigs" and "COMMUNITY" in guild.features:
        topic = _("Paid work for members. Post with /gig post: every gig is screened first.")
        tags = [_tag(name) for name in board_tags(())]
        return await guild.create_forum(
            name, topic=topic, overwrites=overwrites, reason=reason, available_tags=tags
        )
    return await guild.create_text_channel(name, overwrites=overwrites, reason=reason)


def _only_held(me: discord.Member, place: Place) -> discord.PermissionOverwrite:
    wanted = {*NEEDS[place, "text"]}
    if place in ("lobby", "gigs"):  # a board may become a forum; both hold threads
        wanted |= {"send_messages_in_threads", "manage_threads"}
    held = _allowed(me.guild_permissions)
    return discord.PermissionOverwrite(**dict.fromkeys(wanted & held, True))


def greeting_channel(guild: discord.Guild, me: discord.Member, *, but: int | None = None) -> int | None:
    """Return the system channel, or else the first text channel (but that one) Kith can write in."""
    candidates = [guild.system_channel, *sorted(guild.text_channels, key=lambda c: (c.position, c.id))]
    for channel in candidates:
        if channel is not None and channel.id != but:
            may = channel.permissions_for(me)
            if may.view_channel and may.send_messages:
                return channel.id
    return None
