"""Routes of messages and direct-message channels."""

from __future__ import annotations

from datetime import timedelta

from sandbox import payloads, permissions, posting
from sandbox.errors import ApiError, TooMany
from sandbox.model import DM, Channel, Guild, Message
from sandbox.rest import Call, Reply, Routes, invalid

routes = Routes()
MAX_PINS = 250
OLD = timedelta(hours=1)


def _visible(call: Call, bits: int = 0) -> tuple[Guild | None, Channel]:
    """The channel of the path, which the bot must see (with these permissions in a guild)."""
    guild, channel = call.channel()
    if guild:
        permissions.require_channel(guild, channel, call.world.bot, bits)
    return guild, channel


def _message(call: Call, channel: Channel) -> Message:
    """The message of the path; ephemeral ones do not exist here."""
    message = channel.messages.get(call.ids["message"])
    if message is None or message.ephemeral_to is not None:
        raise ApiError(404, 10008, "Unknown Message")
    return message


@routes.add("POST", "/users/@me/channels")
def open_dm(call: Call) -> Reply:
    """Open a direct-message channel; opening an open one is free."""
    world = call.world
    user = world.users.get(int(call.data.get("recipient_id") or 0))
    if user is None or user is world.bot:
        raise ApiError(400, 50033, "Invalid Recipient(s)")
    if user.id not in world.dms and not world.dm_limit.take(world.clock.now()):
        raise ApiError(403, 40003, "You are opening direct messages too fast.")
    return 200, payloads.channel_json(world.dm(user))


@routes.add("POST", "/channels/{channel}/messages")
def create(call: Call) -> Reply:
    """Create a message, or return the one made with this nonce."""
    world, body = call.world, call.data
    guild, channel = call.channel()
    posting.may_write(world, guild, channel, body, call)
    nonce = body.get("nonce") if body.get("enforce_nonce") else None
    key = (world.bot.id, str(nonce))
    earlier = world.nonces.get(key) if nonce is not None else None
    if earlier and world.clock.now() - earlier.created_at < posting.NONCE_WINDOW:
        if earlier.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        return 200, payloads.message_json(world, earlier)
    message = posting.compose(world, channel, body, call.files)
    message.reference = posting.refer(channel, body)
    message.type = 19 if message.reference else 0
    posting.resolve_mentions(world, message, body.get("allowed_mentions"), guild, everything=True)
    posting.join_mentioned(world, guild, channel, message)
    world.store(channel, message)
    if nonce is not None:
        world.nonces[key] = message
    return 200, payloads.message_json(world, message)


@routes.add("GET", "/channels/{channel}/messages/pins")
def pins(call: Call) -> Reply:
    """The pinned messages, newest first."""
    _, channel = _visible(call, permissions.READ_MESSAGE_HISTORY)
    pinned = [message for message in reversed(channel.messages.values()) if message.pinned]
    items = [
        {"pinned_at": payloads.moment(m.created_at), "message": payloads.message_json(call.world, m)}
        for m in pinned
    ]
    return 200, {"items": items, "has_more": False}


@routes.add("GET", "/channels/{channel}/messages")
def history(call: Call) -> Reply:
    """Messages, newest first, at most `limit`, `before`, `after` or `around` an id."""
    guild, channel = _visible(call)
    if guild and not _may_read(call, guild, channel):
        return 200, []
    limit = call.number("limit", 50, 1, 100)
    bounds = {name: int(call.query[name]) for name in ("before", "after", "around") if name in call.query}
    if len(bounds) > 1:
        raise invalid("only one of before, after and around may be given")
    messages = [m for m in channel.messages.values() if m.ephemeral_to is None]
    if "after" in bounds:
        messages = [m for m in messages if m.id > bounds["after"]][:limit]
    elif "around" in bounds:
        half, around = limit // 2, bounds["around"]
        older, newer = [m for m in messages if m.id < around], [m for m in messages if m.id >= around]
        messages = older[len(older) - half if len(older) > half else 0 :] + newer[: limit - half]
    else:
        messages = [m for m in messages if m.id < bounds.get("before", m.id + 1)][-limit:]
    return 200, [payloads.message_json(call.world, m) for m in reversed(messages)]


def _may_read(call: Call, guild: Guild, channel: Channel) -> bool:
    bits = permissions.in_channel(guild, channel, guild.members[call.world.bot.id])
    return bool(bits & permissions.READ_MESSAGE_HISTORY)


@routes.add("GET", "/channels/{channel}/messages/{message}")
def get(call: Call) -> Reply:
    """One message."""
    _, channel = _visible(call, permissions.READ_MESSAGE_HISTORY)
    return 200, payloads.message_json(call.world, _message(call, channel))


@routes.add("PATCH", "/channels/{channel}/messages/{message}")
def edit(call: Call) -> Reply:
    """Edit one of the bot's own messages."""
    guild, channel = _visible(call)
    message = _message(call, channel)
    if message.author is not call.world.bot:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    _awake(channel)
    _pace_old_edits(call, channel, message)
    posting.change(call, message, call.data, guild, everything=True)
    call.world.emit_message("MESSAGE_UPDATE", channel, message)
    return 200, payloads.message_json(call.world, message)


def _pace_old_edits(call: Call, channel: Channel, message: Message) -> None:
    """Messages of more than an hour ago are edited seldom, or it is 30046."""
    now = call.world.clock.now()
    if now - message.created_at <= OLD:
        return
    if wait := call.world.old_edits.wait(channel.id, now):
        told = "Maximum number of edits to messages older than 1 hour reached. Try again later."
        raise TooMany(wait, "shared", code=30046, message=told)


@routes.add("DELETE", "/channels/{channel}/messages/{message}")
def delete(call: Call) -> Reply:
    """Delete a message; other people's need MANAGE_MESSAGES."""
    guild, channel = _visible(call)
    message = _message(call, channel)
    if message.author is not call.world.bot:
        if guild is None:
            raise ApiError(403, 50003, "Cannot execute action on a DM channel")
        permissions.require_channel(guild, channel, call.world.bot, permissions.MANAGE_MESSAGES)
    _awake(channel)
    call.world.remove(channel, message)
    return 204, None


def _awake(channel: Channel) -> None:
    if channel.thread and channel.thread.archived:
        raise ApiError(400, 50083, "Thread is archived")


@routes.add("PUT", "/channels/{channel}/messages/pins/{message}")
def pin(call: Call) -> Reply:
    """Pin a message."""
    return _set_pin(call, pinned=True)


@routes.add("DELETE", "/channels/{channel}/messages/pins/{message}")
def unpin(call: Call) -> Reply:
    """Take the pin off."""
    return _set_pin(call, pinned=False)


def _set_pin(call: Call, *, pinned: bool) -> Reply:
    _, channel = _visible(call, permissions.PIN_MESSAGES)
    message = _message(call, channel)
    _awake(channel)
    if pinned and sum(m.pinned for m in channel.messages.values()) >= MAX_PINS:
        raise ApiError(400, 30003, "Maximum number of pins reached for the channel (250)")
    message.pinned = pinned
    return 204, None


@routes.add("POST", "/channels/{channel}/typing")
def typing(call: Call) -> Reply:
    """Show "is typing"."""
    guild, channel = _visible(call)
    if guild or channel.type != DM:
        posting.may_write(call.world, guild, channel, {}, call)
    return 204, None
