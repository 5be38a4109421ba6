"""Routes of channels: read, make, change, delete, and who may do what in them."""

from __future__ import annotations

from sandbox import payloads, permissions
from sandbox.errors import ApiError, TooMany
from sandbox.model import (
    CATEGORY,
    DM,
    FORUM,
    TEXT,
    Channel,
    Guild,
    Json,
    Overwrite,
    Tag,
    ThreadInfo,
    kept_name,
)
from sandbox.rest import Call, Reply, Routes, invalid
from sandbox.rest_threads import duration, tags_of, thread_name

routes = Routes()
MAX_CHANNELS, MAX_IN_CATEGORY, MAX_TAGS, MAX_TAG_NAME = 500, 50, 20, 20
LENGTHS = {TEXT: 1024, FORUM: 4096, CATEGORY: 0}


@routes.add("GET", "/channels/{channel}")
def get(call: Call) -> Reply:
    """One channel."""
    guild, channel = call.channel()
    if guild:
        permissions.require_channel(guild, channel, call.world.bot)
    return 200, payloads.channel_json(channel, call.world.bot)


@routes.add("GET", "/guilds/{guild}/channels")
def channels(call: Call) -> Reply:
    """All channels of a guild, threads left out."""
    return 200, [payloads.channel_json(channel) for channel in call.guild().channels.values()]


@routes.add("POST", "/guilds/{guild}/channels")
def create(call: Call) -> Reply:
    """A new channel; overwrites may only give what the bot itself has."""
    world, body, guild = call.world, call.data, call.guild()
    permissions.require_guild(guild, world.bot, permissions.MANAGE_CHANNELS)
    kind = int(body.get("type") or TEXT)
    if kind not in LENGTHS:
        raise invalid("/type this sandbox has text channels, categories and forums")
    if len(guild.channels) >= MAX_CHANNELS:
        raise ApiError(400, 30013, "Maximum number of guild channels reached (500)")
    parent = _parent(guild, body)
    overwrites = _overwrites(call, guild, body.get("permission_overwrites") or [])
    if "permission_overwrites" not in body and parent:
        overwrites = [Overwrite(o.id, o.type, o.allow, o.deny) for o in parent.overwrites]
    name, topic = _name(body, kind), _topic(body, kind)
    tags = _tags(call, Channel(0, kind), body.get("available_tags") or [])
    parent_id = parent.id if parent else None
    channel = world.add_channel(
        guild,
        name,
        kind,
        parent_id=parent_id,
        overwrites=overwrites,
        topic=topic,
        flags=int(body.get("flags") or 0),
    )
    channel.available_tags = tags
    world.emit_channel("UPDATE", channel)
    return 201, payloads.channel_json(channel)


def _parent(guild: Guild, body: Json) -> Channel | None:
    if not body.get("parent_id"):
        return None
    parent = guild.channels.get(int(body["parent_id"]))
    if parent is None or parent.type != CATEGORY:
        raise invalid("/parent_id Category does not exist")
    if sum(c.parent_id == parent.id for c in guild.channels.values()) >= MAX_IN_CATEGORY:
        raise invalid("/parent_id Maximum number of channels in category reached (50)")
    return parent


def _name(body: Json, kind: int) -> str:
    return kept_name(thread_name(body), kind)


def _topic(body: Json, kind: int) -> str | None:
    topic = body.get("topic")
    if topic and len(topic) > LENGTHS[kind]:
        raise invalid(f"/topic Must be {LENGTHS[kind]} or fewer in length.")
    return topic


def _tags(call: Call, forum: Channel, wanted: list[Json]) -> list[Tag]:
    """The whole new list of tags; those with an id keep it, ids not named again are gone."""
    if wanted and forum.type != FORUM:
        raise invalid("/available_tags only forums have tags")
    if len(wanted) > MAX_TAGS:
        raise invalid("/available_tags Must be 20 or fewer in length.")
    known = {tag.id for tag in forum.available_tags}
    names = [str(tag.get("name") or "") for tag in wanted]
    if not all(1 <= len(name) <= MAX_TAG_NAME for name in names):
        raise invalid("/available_tags names must be between 1 and 20 in length.")
    if len({name.lower() for name in names}) != len(names):
        raise ApiError(400, 40061, "Tag names must be unique")
    tags = []
    for tag in wanted:
        number = int(tag.get("id") or 0)
        if number and number not in known:
            raise ApiError(400, 10087, "Unknown tag")
        emoji = tag.get("emoji_name")
        tags.append(Tag(number or call.world.next_id(), tag["name"], bool(tag.get("moderated")), emoji))
    return tags


def _overwrites(call: Call, guild: Guild, wanted: list[Json]) -> list[Overwrite]:
    return [_overwrite(call, guild, int(item["id"]), item) for item in wanted]


def _overwrite(call: Call, guild: Guild, target: int, item: Json) -> Overwrite:
    """One overwrite; refused if it touches permissions the bot has not got itself."""
    kind, allow, deny = int(item.get("type") or 0), int(item.get("allow") or 0), int(item.get("deny") or 0)
    known = target in (guild.roles if kind == 0 else guild.members)
    if not known:
        raise ApiError(404, 10009, "Unknown permission overwrite")
    own = permissions.in_guild(guild, guild.members[call.world.bot.id])
    if own != permissions.ALL and (allow | deny) & (~own | permissions.MANAGE_ROLES):
        raise ApiError(403, 50013, "Missing Permissions")
    return Overwrite(target, kind, allow, deny)


@routes.add("PATCH", "/channels/{channel}")
def edit(call: Call) -> Reply:
    """Change a channel, thread or post."""
    guild, channel = call.channel()
    if guild is None:
        raise ApiError(403, 50003, "Cannot execute action on a DM channel")
    if channel.thread:
        _edit_thread(call, guild, channel, channel.thread)
    else:
        _edit_channel(call, guild, channel)
    call.world.emit_channel("UPDATE", channel)
    return 200, payloads.channel_json(channel, call.world.bot)


def _edit_channel(call: Call, guild: Guild, channel: Channel) -> None:
    world, body = call.world, call.data
    need = permissions.MANAGE_CHANNELS
    if "permission_overwrites" in body:
        need |= permissions.MANAGE_ROLES
    permissions.require_channel(guild, channel, world.bot, need)
    name = _name(body, channel.type) if "name" in body else channel.name
    topic = _topic(body, channel.type) if "topic" in body else channel.topic
    tags = channel.available_tags
    if "available_tags" in body:
        tags = _tags(call, channel, body["available_tags"] or [])
    overwrites = channel.overwrites
    if "permission_overwrites" in body:
        overwrites = _overwrites(call, guild, body["permission_overwrites"] or [])
    parent_id = channel.parent_id
    if "parent_id" in body:
        parent = _parent(guild, body)
        parent_id = parent.id if parent else None
    _pace_renames(call, channel, name, topic)
    channel.name, channel.topic, channel.available_tags = name, topic, tags
    channel.overwrites, channel.parent_id = overwrites, parent_id
    channel.flags = int(body.get("flags", channel.flags) or 0)
    channel.position = int(body.get("position", channel.position) or 0)
    channel.rate_limit_per_user = int(body.get("rate_limit_per_user", channel.rate_limit_per_user) or 0)
    gone = {tag.id for tag in tags}
    for thread in guild.threads.values():
        if thread.thread and thread.parent_id == channel.id:
            thread.thread.applied_tags = [tag for tag in thread.thread.applied_tags if tag in gone]


def _pace_renames(call: Call, channel: Channel, name: str, topic: str | None) -> None:
    """Refuse the third change of name or topic within ten minutes."""
    if (name, topic) == (channel.name, channel.topic):
        return
    if wait := call.world.renames.wait(channel.id, call.world.clock.now()):
        raise TooMany(wait, "shared")


def _edit_thread(call: Call, guild: Guild, channel: Channel, info: ThreadInfo) -> None:
    world, body = call.world, call.data
    permissions.require_channel(guild, channel, world.bot)
    bits = permissions.in_channel(guild, channel, guild.members[world.bot.id])
    moderator = bool(bits & permissions.MANAGE_THREADS)
    waking = body.get("archived") is False
    if info.archived and not waking:
        raise ApiError(400, 50083, "Thread is archived")
    _may_edit_thread(body, info, world.bot.id, moderator=moderator, writes=bool(bits & (1 << 38)))
    name = thread_name(body) if "name" in body else channel.name
    tags = info.applied_tags
    if "applied_tags" in body:
        tags = tags_of(call, guild, guild.channels[channel.parent_id or 0], body["applied_tags"] or [])
    minutes = duration(int(body.get("auto_archive_duration") or info.auto_archive_duration))
    _pace_renames(call, channel, name, channel.topic)
    channel.name, info.applied_tags, info.auto_archive_duration = name, tags, minutes
    info.locked, info.invitable = body.get("locked", info.locked), body.get("invitable", info.invitable)
    channel.flags = int(body.get("flags", channel.flags) or 0)
    if "archived" in body and bool(body["archived"]) != info.archived:
        info.archived = bool(body["archived"])
        info.archived_at = info.awake_at = world.clock.now()


def _may_edit_thread(body: Json, info: ThreadInfo, bot_id: int, *, moderator: bool, writes: bool) -> None:
    """Owners may do most things; locking, pinning and waking what is locked is for moderators."""
    if moderator:
        return
    waking_only = set(body) == {"archived"} and body["archived"] is False and writes
    if "locked" in body or "flags" in body or (info.locked and info.archived):
        raise ApiError(403, 50013, "Missing Permissions")
    if info.owner_id != bot_id and not waking_only:
        raise ApiError(403, 50013, "Missing Permissions")


@routes.add("DELETE", "/channels/{channel}")
def delete(call: Call) -> Reply:
    """Delete a channel or thread, or close a direct message."""
    guild, channel = call.channel()
    if guild is None or channel.type == DM:
        return 200, payloads.channel_json(channel)
    need = permissions.MANAGE_THREADS if channel.thread else permissions.MANAGE_CHANNELS
    permissions.require_channel(guild, channel, call.world.bot, need)
    call.world.delete_channel(guild, channel)
    return 200, payloads.channel_json(channel)


@routes.add("PUT", "/channels/{channel}/permissions/{target}")
def put_overwrite(call: Call) -> Reply:
    """Set one overwrite."""
    guild, channel = _manageable(call)
    overwrite = _overwrite(call, guild, call.ids["target"], call.data)
    channel.overwrites = [o for o in channel.overwrites if o.id != overwrite.id] + [overwrite]
    call.world.emit_channel("UPDATE", channel)
    return 204, None


@routes.add("DELETE", "/channels/{channel}/permissions/{target}")
def delete_overwrite(call: Call) -> Reply:
    """Remove one overwrite."""
    _, channel = _manageable(call)
    channel.overwrites = [o for o in channel.overwrites if o.id != call.ids["target"]]
    call.world.emit_channel("UPDATE", channel)
    return 204, None


def _manageable(call: Call) -> tuple[Guild, Channel]:
    guild, channel = call.channel()
    if guild is None or channel.thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    permissions.require_channel(guild, channel, call.world.bot, permissions.MANAGE_ROLES)
    return guild, channel
