"""How each thing looks in JSON on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import permissions
from sandbox.model import (
    DM,
    EPHEMERAL,
    FORUM,
    PRIVATE_THREAD,
    Attachment,
    Channel,
    Guild,
    GuildMember,
    Interaction,
    Json,
    Message,
    Role,
    ThreadInfo,
    User,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.state import State


LARGE_GUILD = 250


def moment(at: datetime | None) -> str | None:
    """A time as Discord writes it."""
    return at.isoformat() if at else None


def user_json(user: User) -> Json:
    """An account."""
    data: Json = {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": user.global_name,
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
    }
    return data | {"bot": True} if user.bot else data


def member_json(member: GuildMember, bits: int | None = None) -> Json:
    """A member; with `bits` as interactions carry it."""
    data: Json = {
        "user": user_json(member.user),
        "nick": member.nick,
        "avatar": None,
        "roles": [str(role) for role in member.roles],
        "joined_at": moment(member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    return data if bits is None else data | {"permissions": str(bits)}


def role_json(role: Role) -> Json:
    """A role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    }


def channel_json(channel: Channel, viewer: User | None = None) -> Json:
    """A channel, thread or direct message."""
    if channel.thread:
        return thread_json(channel, channel.thread, viewer)
    data: Json = {
        "id": str(channel.id),
        "type": channel.type,
        "flags": channel.flags,
        "last_message_id": _id(channel.last_message_id),
    }
    if channel.type == DM:
        return data | {"recipients": [user_json(channel.recipient)] if channel.recipient else []}
    data |= {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": channel.position,
        "parent_id": _id(channel.parent_id),
        "topic": channel.topic,
        "nsfw": channel.nsfw,
        "rate_limit_per_user": channel.rate_limit_per_user,
        "default_auto_archive_duration": channel.default_auto_archive_duration,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.type, "allow": str(o.allow), "deny": str(o.deny)}
            for o in channel.overwrites
        ],
    }
    if channel.type == FORUM:
        data |= {"available_tags": tags_json(channel), "default_forum_layout": 0, "template": ""}
        data |= {"default_sort_order": None, "default_reaction_emoji": None}
    return data


def tags_json(channel: Channel) -> list[Json]:
    """A forum's tags."""
    return [
        {
            "id": str(tag.id),
            "name": tag.name,
            "moderated": tag.moderated,
            "emoji_id": None,
            "emoji_name": tag.emoji_name,
        }
        for tag in channel.available_tags
    ]


def thread_json(channel: Channel, info: ThreadInfo, viewer: User | None = None) -> Json:
    """A thread; with `viewer`'s own membership where they are in it."""
    metadata: Json = {
        "archived": info.archived,
        "locked": info.locked,
        "auto_archive_duration": info.auto_archive_duration,
        "archive_timestamp": moment(info.archived_at or info.created_at),
        "create_timestamp": moment(info.created_at),
    }
    if channel.type == PRIVATE_THREAD:
        metadata["invitable"] = info.invitable
    count = sum(1 for m in channel.messages.values() if m.ephemeral_to is None)
    data: Json = {
        "id": str(channel.id),
        "type": channel.type,
        "guild_id": str(channel.guild_id),
        "parent_id": str(channel.parent_id),
        "owner_id": str(info.owner_id),
        "name": channel.name,
        "last_message_id": _id(channel.last_message_id),
        "rate_limit_per_user": channel.rate_limit_per_user,
        "flags": channel.flags,
        "message_count": count,
        "total_message_sent": count,
        "member_count": min(50, len(info.members)),
        "thread_metadata": metadata,
        "applied_tags": [str(tag) for tag in info.applied_tags],
    }
    if viewer and viewer.id in info.members:
        data["member"] = thread_member_json(channel, viewer.id, info.members[viewer.id])
    return data


def thread_member_json(channel: Channel, user_id: int, joined: datetime) -> Json:
    """One user's membership in a thread."""
    return {"id": str(channel.id), "user_id": str(user_id), "join_timestamp": moment(joined), "flags": 0}


def guild_json(guild: Guild) -> Json:
    """A guild as GET /guilds/{id} answers it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "banner": None,
        "discovery_splash": None,
        "description": None,
        "owner_id": str(guild.owner_id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.locale,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "vanity_url_code": None,
        "application_id": None,
        "features": ["COMMUNITY"],
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create_json(guild: Guild, bot: User, *, joining: bool = False) -> Json:
    """A guild as GUILD_CREATE brings it: of the members only the bot, of the threads active ones it sees.

    `unavailable` is left out when the bot joins; by that discord.py tells joining from coming back.
    """
    threads = [
        channel_json(thread, bot)
        for thread in guild.threads.values()
        if thread.thread and not thread.thread.archived and permissions.sees(guild, thread, bot)
    ]
    data = guild_json(guild) | {
        "joined_at": moment(guild.joined_at),
        "large": len(guild.members) >= LARGE_GUILD,
        "member_count": len(guild.members),
        "members": [member_json(guild.members[bot.id])],
        "channels": [channel_json(channel) for channel in guild.channels.values()],
        "threads": threads,
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
    return data if joining else data | {"unavailable": False}


def attachment_json(world: State, message: Message, file: Attachment) -> Json:
    """A file of a message; its url is served by the sandbox."""
    url = f"{world.origin}/attachments/{message.channel_id}/{file.id}/{file.filename}"
    data: Json = {
        "id": str(file.id),
        "filename": file.filename,
        "size": len(file.data),
        "url": url,
        "proxy_url": url,
        "content_type": file.content_type,
    }
    return data | {"description": file.description} if file.description else data


def message_json(world: State, message: Message) -> Json:
    """A message."""
    data: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "type": message.type,
        "author": user_json(message.author),
        "content": message.content,
        "timestamp": moment(message.created_at),
        "edited_timestamp": moment(message.edited_at),
        "tts": False,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_json(user) for user in message.mentions],
        "mention_roles": [str(role) for role in message.mention_roles],
        "attachments": [attachment_json(world, message, file) for file in message.attachments],
        "embeds": message.embeds,
        "components": message.components,
        "flags": message.flags,
        "pinned": message.pinned,
    }
    if message.nonce is not None:
        data["nonce"] = message.nonce
    if message.reference:
        data["message_reference"] = message.reference
    if message.interaction_id:
        data |= {"application_id": str(world.bot.id), "webhook_id": str(world.bot.id)}
    elif message.author is world.bot:
        data["application_id"] = str(world.bot.id)
    return data


def interaction_json(world: State, interaction: Interaction) -> Json:
    """INTERACTION_CREATE."""
    channel, guild, user = interaction.channel, interaction.guild, interaction.user
    data: Json = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "locale": user.locale,
        "channel_id": str(channel.id),
        "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if interaction.message:
        data["message"] = message_json(world, interaction.message)
    if guild is None:
        dm = channel_json(channel) | {"recipients": [user_json(user)]}
        owners = _owners(interaction, "0")
        own: Json = {"user": user_json(user), "channel": dm, "context": 1}
        return (
            data | own | {"authorizing_integration_owners": owners, "app_permissions": str(permissions.IN_DM)}
        )
    member, bot = guild.members[user.id], guild.members[world.bot.id]
    bits = permissions.in_channel(guild, channel, member)
    shown = channel_json(channel, world.bot) | {"permissions": str(bits)}
    return data | {
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": ["COMMUNITY"]},
        "member": member_json(member, bits),
        "channel": shown,
        "context": 0,
        "authorizing_integration_owners": _owners(interaction, str(guild.id)),
        "app_permissions": str(permissions.in_channel(guild, channel, bot)),
    }


def _owners(interaction: Interaction, guild_id: str) -> Json:
    """Who has installed the application: the guild, or only this user."""
    return {"1": str(interaction.user.id)} if interaction.user_installed else {"0": guild_id}


def callback_json(world: State, interaction: Interaction) -> Json:
    """The answer to a callback with `with_response=true`."""
    answered: Json = {"id": str(interaction.id), "type": interaction.type}
    resource: Json = {"type": interaction.callback_type}
    if (message := interaction.original) and interaction.callback_type in (4, 5, 7):
        resource["message"] = message_json(world, message)
    if message:
        answered |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.loading,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
    return {"interaction": answered, "resource": resource}


def _id(value: int | None) -> Any:
    return None if value is None else str(value)
