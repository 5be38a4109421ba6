"""What a guild's channels allow, and making the ones that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import discord
from discord import app_commands

from bot.community.rules import LABELS, PLACES, ChannelSeen, Finding, Kind, Place, findings
from bot.community.service import SetupEdit
from bot.core.errors import KithError
from bot.core.text import _
from bot.people.service import CommunityView

Channel: TypeAlias = discord.TextChannel | discord.ForumChannel

NAMES: dict[Place, str] = {"lobby": "lobby", "gigs": "gigs", "moderators": "kith-moderators"}


async def myself(guild: discord.Guild, client: discord.Client) -> discord.Member:
    """Return Kith's own member; the cache may not hold it."""
    if client.user is None:
        raise RuntimeError("not logged in")
    return guild.get_member(client.user.id) or await guild.fetch_member(client.user.id)


async def check_up(guild: discord.Guild, me: discord.Member, seen: CommunityView) -> list[Finding]:
    """Look at every chosen channel and check what Kith needs there."""
    chosen: dict[Place, int | None] = {
        "lobby": seen.lobby_channel_id,
        "gigs": seen.gig_channel_id,
        "moderators": seen.mod_channel_id,
    }
    channels = {place: _seen(guild, me, channel_id) for place, channel_id in chosen.items() if channel_id}
    return findings(channels, my_position=me.top_role.position, dms_paused=guild.dms_paused())


def _seen(guild: discord.Guild, me: discord.Member, channel_id: int) -> ChannelSeen:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return ChannelSeen("", "gone")
    kinds: dict[discord.ChannelType, Kind] = {
        discord.ChannelType.text: "text",
        discord.ChannelType.forum: "forum",
    }
    return ChannelSeen(
        channel.name,
        kinds.get(channel.type, "other"),
        _allowed(channel.permissions_for(me)),
        _allowed(channel.permissions_for(guild.default_role)),
    )


def _allowed(permissions: discord.Permissions) -> frozenset[str]:
    # Asked by name: iterating would give discord.py's older names, such as read_messages for view_channel.
    return frozenset(name for name in LABELS if getattr(permissions, name))


async def create_missing(guild: discord.Guild, me: discord.Member, missing: Iterable[Place]) -> SetupEdit:
    """Make the channels that are missing; a server without forums gets a text channel for gigs."""
    if not me.guild_permissions.manage_channels:
        raise KithError("bot_rights_missing", rights=_("Manage Channels"))
    made = {place: await _create(guild, me, place) for place in missing}
    lobby, gigs, moderators = (made.get(place) for place in PLACES)
    return SetupEdit(
        lobby=lobby.id if lobby else None,
        gigs=gigs.id if gigs else None,
        gigs_kind=kind_of(gigs),
        moderators=moderators.id if moderators else None,
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
        return await guild.create_forum(name, topic=topic, overwrites=overwrites, reason=reason)
    return await guild.create_text_channel(name, overwrites=overwrites, reason=reason)


def _only_held(me: discord.Member, place: Place) -> discord.PermissionOverwrite:
    wanted = ["view_channel", "read_message_history", "send_messages", "embed_links", "attach_files"]
    if place != "moderators":
        wanted += ["send_messages_in_threads", "manage_threads"]
    if place == "lobby":
        wanted.append("create_private_threads")
    held = _allowed(me.guild_permissions)
    return discord.PermissionOverwrite(**{name: True for name in wanted if name in held})


def greeting_channel(guild: discord.Guild, me: discord.Member) -> int | None:
    """Return the system channel, or else the first text channel that Kith can write in."""
    candidates = [guild.system_channel, *sorted(guild.text_channels, key=lambda c: (c.position, c.id))]
    for channel in candidates:
        if channel is not None:
            may = channel.permissions_for(me)
            if may.view_channel and may.send_messages:
                return channel.id
    return None
