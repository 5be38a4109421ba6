"""Routes of threads, forum posts and their members."""

from __future__ import annotations

from sandbox import payloads, permissions, posting
from sandbox.errors import ApiError
from sandbox.model import (
    COMPONENTS_V2,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    SUPPRESS_EMBEDS,
    TEXT,
    Channel,
    Guild,
    Json,
    ThreadInfo,
)
from sandbox.rest import Call, Reply, Routes, invalid

routes = Routes()
REQUIRE_TAG = 1 << 4
DURATIONS = (60, 1440, 4320, 10080)
MAX_TAGS, MAX_ACTIVE, MAX_MEMBERS, MAX_NAME = 5, 1000, 1000, 100
STARTER_FLAGS = SUPPRESS_EMBEDS | 1 << 12


@routes.add("POST", "/channels/{channel}/threads")
def create(call: Call) -> Reply:
    """A forum post with its first message, or a thread without one."""
    guild, parent = _parent(call)
    if parent.type == FORUM:
        return _post(call, guild, parent)
    kind = int(call.data.get("type", PRIVATE_THREAD))
    if parent.type != TEXT or kind not in (PUBLIC_THREAD, PRIVATE_THREAD):
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    need = permissions.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else permissions.CREATE_PUBLIC_THREADS
    permissions.require_channel(guild, parent, call.world.bot, need)
    thread = _new(call, guild, parent, kind)
    return 201, payloads.channel_json(thread, call.world.bot)


def _parent(call: Call) -> tuple[Guild, Channel]:
    guild, parent = call.channel()
    if guild is None or parent.thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    permissions.require_channel(guild, parent, call.world.bot)
    return guild, parent


def _new(call: Call, guild: Guild, parent: Channel, kind: int, tags: list[int] | None = None) -> Channel:
    """Make a thread from the body, with the bot in it."""
    world, body = call.world, call.data
    for old in guild.threads.values():
        world.age(old)
    active = sum(1 for t in guild.threads.values() if t.thread and not t.thread.archived)
    if active >= MAX_ACTIVE:
        raise ApiError(400, 160006, "Maximum number of active threads reached")
    minutes = int(body.get("auto_archive_duration") or parent.default_auto_archive_duration)
    channel = Channel(world.next_id(), kind, thread_name(body), guild.id, parent.id)
    now = world.clock.now()
    channel.thread = ThreadInfo(world.bot.id, auto_archive_duration=duration(minutes), created_at=now)
    channel.thread.invitable = bool(body.get("invitable", True))
    channel.thread.applied_tags = tags or []
    channel.thread.members[world.bot.id] = now
    guild.threads[channel.id] = channel
    world.emit_channel("CREATE", channel)
    return channel


def thread_name(body: Json) -> str:
    """The name, 1-100 characters."""
    name = str(body.get("name") or "").strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise invalid("/name Must be between 1 and 100 in length.")
    return name


def duration(minutes: int) -> int:
    """One of the four auto-archive durations."""
    if minutes not in DURATIONS:
        raise invalid(f"/auto_archive_duration Value must be one of {DURATIONS}.")
    return minutes


def _post(call: Call, guild: Guild, forum: Channel) -> Reply:
    world, body = call.world, call.data
    permissions.require_channel(guild, forum, world.bot, permissions.SEND_MESSAGES)
    starter = body.get("message")
    if not isinstance(starter, dict):
        raise invalid("/message This field is required")
    if int(starter.get("flags") or 0) & ~STARTER_FLAGS:
        kind = "Components V2" if int(starter["flags"]) & COMPONENTS_V2 else "this flag"
        world.violations.append(f"POST {call.path}: {kind} in a forum post's first message is not documented")
        raise invalid("/message/flags only SUPPRESS_EMBEDS and SUPPRESS_NOTIFICATIONS are documented here")
    tags = tags_of(call, guild, forum, body.get("applied_tags") or [])
    thread = Channel(0, PUBLIC_THREAD, "", guild.id, forum.id)
    message = posting.compose(world, thread, starter, call.files)  # refused before the post exists
    thread = _new(call, guild, forum, PUBLIC_THREAD, tags)
    message.id = message.channel_id = thread.id
    posting.resolve_mentions(world, message, starter.get("allowed_mentions"), guild, everything=True)
    world.store(thread, message)
    forum.last_message_id = thread.id
    answer = payloads.channel_json(thread, world.bot)
    return 201, answer | {"message": payloads.message_json(world, message)}


def tags_of(call: Call, guild: Guild, forum: Channel, wanted: list[str | int]) -> list[int]:
    """The tags asked for, if the forum has them, they are not too many, and the bot may set them."""
    if len(wanted) > MAX_TAGS:
        raise invalid("/applied_tags Must be 5 or fewer in length.")
    if not wanted and forum.flags & REQUIRE_TAG:
        raise ApiError(400, 40067, "A tag is required to create a forum post in this channel")
    known = {tag.id: tag for tag in forum.available_tags}
    chosen = list(dict.fromkeys(int(tag) for tag in wanted))
    if any(tag not in known for tag in chosen):
        raise ApiError(400, 10087, "Unknown tag")
    if any(known[tag].moderated for tag in chosen):
        permissions.require_channel(guild, forum, call.world.bot, permissions.MANAGE_THREADS)
    return chosen


@routes.add("POST", "/channels/{channel}/messages/{message}/threads")
def create_from_message(call: Call) -> Reply:
    """A public thread under a message; it has the message's id."""
    guild, parent = _parent(call)
    permissions.require_channel(guild, parent, call.world.bot, permissions.CREATE_PUBLIC_THREADS)
    message = parent.messages.get(call.ids["message"])
    if message is None or message.ephemeral_to is not None:
        raise ApiError(404, 10008, "Unknown Message")
    if message.id in guild.threads:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    thread = _new(call, guild, parent, PUBLIC_THREAD)
    del guild.threads[thread.id]
    thread.id = message.id
    guild.threads[thread.id] = thread
    return 201, payloads.channel_json(thread, call.world.bot)


def _thread(call: Call, bits: int = 0) -> tuple[Guild, Channel, ThreadInfo]:
    guild, channel = call.channel()
    if guild is None or channel.thread is None:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    permissions.require_channel(guild, channel, call.world.bot, bits)
    return guild, channel, channel.thread


@routes.add("PUT", "/channels/{channel}/thread-members/@me")
def enter(call: Call) -> Reply:
    """The bot joins."""
    _, _, info = _thread(call)
    _awake(info)
    info.members.setdefault(call.world.bot.id, call.world.clock.now())
    return 204, None


@routes.add("DELETE", "/channels/{channel}/thread-members/@me")
def leave(call: Call) -> Reply:
    """The bot leaves."""
    _, _, info = _thread(call)
    _awake(info)
    info.members.pop(call.world.bot.id, None)
    return 204, None


@routes.add("PUT", "/channels/{channel}/thread-members/{user}")
def add_member(call: Call) -> Reply:
    """Add someone who can see the channel the thread is in."""
    guild, channel, info = _thread(call, permissions.SEND_MESSAGES_IN_THREADS)
    _awake(info)
    user_id = call.ids["user"]
    if user_id not in guild.members:
        raise ApiError(404, 10007, "Unknown Member")
    if not permissions.sees(guild, guild.channels[channel.parent_id or 0], call.world.users[user_id]):
        raise ApiError(403, 50001, "Missing Access")
    bits = permissions.in_channel(guild, channel, guild.members[call.world.bot.id])
    may = info.invitable or info.owner_id == call.world.bot.id or bits & permissions.MANAGE_THREADS
    if channel.type == PRIVATE_THREAD and not may:
        raise ApiError(403, 50013, "Missing Permissions")
    if user_id not in info.members and len(info.members) >= MAX_MEMBERS:
        raise ApiError(400, 30033, "Maximum number of thread participants has been reached (1000)")
    info.members.setdefault(user_id, call.world.clock.now())
    _tell(call, guild, channel, added=user_id)
    return 204, None


@routes.add("DELETE", "/channels/{channel}/thread-members/{user}")
def remove_member(call: Call) -> Reply:
    """Remove someone: needs MANAGE_THREADS, or to own a private thread."""
    guild, channel, info = _thread(call)
    _awake(info)
    if not (channel.type == PRIVATE_THREAD and info.owner_id == call.world.bot.id):
        permissions.require_channel(guild, channel, call.world.bot, permissions.MANAGE_THREADS)
    if info.members.pop(call.ids["user"], None) is None:
        raise ApiError(404, 10007, "Unknown Member")
    _tell(call, guild, channel, removed=call.ids["user"])
    return 204, None


def _awake(info: ThreadInfo) -> None:
    if info.archived:
        raise ApiError(400, 50083, "Thread is archived")


def _tell(call: Call, guild: Guild, channel: Channel, *, added: int = 0, removed: int = 0) -> None:
    """THREAD_MEMBERS_UPDATE, for which GUILD_MEMBERS is needed where others than the bot come and go."""
    info = channel.thread
    if info is None:
        return
    data: Json = {"id": str(channel.id), "guild_id": str(guild.id), "member_count": len(info.members)}
    if added:
        data["added_members"] = [payloads.thread_member_json(channel, added, info.members[added])]
    data["removed_member_ids"] = [str(removed)] if removed else []
    call.world.gateway.emit("THREAD_MEMBERS_UPDATE", data, 2)


@routes.add("GET", "/channels/{channel}/thread-members")
def members(call: Call) -> Reply:
    """Everyone in the thread; listing needs the GUILD_MEMBERS intent."""
    _, channel, info = _thread(call)
    if not call.world.gateway.allowed_intents & 2:
        raise ApiError(403, 50001, "Missing Access")
    return 200, [payloads.thread_member_json(channel, user, at) for user, at in info.members.items()]


@routes.add("GET", "/channels/{channel}/thread-members/{user}")
def member(call: Call) -> Reply:
    """One membership."""
    _, channel, info = _thread(call)
    joined = info.members.get(call.ids["user"])
    if joined is None:
        raise ApiError(404, 10007, "Unknown Member")
    return 200, payloads.thread_member_json(channel, call.ids["user"], joined)


@routes.add("GET", "/guilds/{guild}/threads/active")
def active(call: Call) -> Reply:
    """All threads that are not archived and that the bot sees."""
    guild, bot = call.guild(), call.world.bot
    for thread in guild.threads.values():
        call.world.age(thread)
    shown = [
        thread
        for thread in guild.threads.values()
        if thread.thread and not thread.thread.archived and permissions.sees(guild, thread, bot)
    ]
    return 200, _listed(shown, call)


@routes.add("GET", "/channels/{channel}/threads/archived/public")
def archived_public(call: Call) -> Reply:
    """A channel's archived public threads and posts."""
    return _archived(call, PUBLIC_THREAD, 0)


@routes.add("GET", "/channels/{channel}/threads/archived/private")
def archived_private(call: Call) -> Reply:
    """A channel's archived private threads; needs MANAGE_THREADS."""
    return _archived(call, PRIVATE_THREAD, permissions.MANAGE_THREADS)


def _archived(call: Call, kind: int, bits: int) -> Reply:
    guild, parent = _parent(call)
    permissions.require_channel(guild, parent, call.world.bot, bits | permissions.READ_MESSAGE_HISTORY)
    for thread in guild.threads.values():
        call.world.age(thread)
    found = [
        thread
        for thread in reversed(guild.threads.values())
        if thread.parent_id == parent.id and thread.type == kind and thread.thread and thread.thread.archived
    ]
    limit = call.number("limit", 50, 2, 100)
    return 200, _listed(found[:limit], call) | {"has_more": len(found) > limit}


def _listed(threads: list[Channel], call: Call) -> Json:
    bot = call.world.bot
    own = [
        payloads.thread_member_json(t, bot.id, t.thread.members[bot.id])
        for t in threads
        if t.thread and bot.id in t.thread.members
    ]
    return {"threads": [payloads.channel_json(t, bot) for t in threads], "members": own}
