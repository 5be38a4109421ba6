"""Making and changing messages: what the body says, checked against what is there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox import permissions
from sandbox.errors import ApiError
from sandbox.kinds import FILE
from sandbox.model import (
    COMPONENTS_V2,
    DM,
    EPHEMERAL,
    FORUM,
    LOADING,
    MENTION,
    PRIVATE_THREAD,
    ROLE_MENTION,
    SUPPRESS_EMBEDS,
    Attachment,
    Channel,
    Guild,
    Json,
    Message,
    User,
)
from sandbox.rest import MAX_FILES, Call, invalid
from sandbox.screen import UPLOADED, uploads_named

if TYPE_CHECKING:
    from sandbox.world import World

TEXT_DISPLAY = 10
V2_TYPES = frozenset({9, 10, 11, 12, 13, 14, 17})
MAX_CONTENT = 2000
NONCE_WINDOW = timedelta(minutes=3)
KEPT_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | COMPONENTS_V2 | 1 << 12


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Every component, nested ones after the one they are in."""
    for part in components:
        yield part
        yield from walk(part.get("components") or ())
        yield from walk([part[key] for key in ("accessory", "component") if part.get(key)])


def numbered(components: Sequence[Json]) -> list[Json]:
    """A copy of components in which each has the numeric id Discord gives it."""
    copy: list[Json] = _copied(components)
    taken = {part["id"] for part in walk(copy) if part.get("id")}
    number = 0
    for part in walk(copy):
        if not part.get("id"):
            number += 1
            while number in taken:
                number += 1
            part["id"] = number
    return copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list | tuple) else value


def text_of(message: Message) -> str:
    """All text in which mentions count: content and text displays."""
    shown = [part.get("content", "") for part in walk(message.components) if part.get("type") == TEXT_DISPLAY]
    return "\n".join([message.content, *shown])


def resolve_mentions(
    world: World, message: Message, allowed: Json | None, guild: Guild | None, *, everything: bool
) -> None:
    """Who is pinged, as `allowed_mentions` says; without it all (plain messages) or only users (webhooks)."""
    text = text_of(message)
    if allowed is None:
        allowed = {"parse": ["users", "roles", "everyone"] if everything else ["users"]}
    parse = allowed.get("parse") or []
    users = {int(user) for user in allowed.get("users") or []}
    roles = {int(role) for role in allowed.get("roles") or []}
    named = dict.fromkeys(int(user) for user in MENTION.findall(text))
    message.mentions = [
        world.users[u] for u in named if u in world.users and ("users" in parse or u in users)
    ]
    pinged = dict.fromkeys(int(role) for role in ROLE_MENTION.findall(text))
    message.mention_roles = [
        r for r in pinged if guild and r in guild.roles and ("roles" in parse or r in roles)
    ]
    shouted = "@everyone" in text or "@here" in text
    message.mention_everyone = bool(
        guild and shouted and "everyone" in parse and _may_shout(world, guild, message)
    )


def _may_shout(world: World, guild: Guild, message: Message) -> bool:
    _, channel = world.find_channel(message.channel_id)
    member = guild.members.get(message.author.id)
    if channel is None or member is None:
        return False
    return bool(permissions.in_channel(guild, channel, member) & permissions.MENTION_EVERYONE)


def compose(world: World, channel: Channel, body: Json, files: dict[int, Attachment]) -> Message:
    """A new message of the bot's from a request body; not stored yet."""
    message = Message(world.next_id(), channel.id, world.bot, "", world.clock.now())
    message.flags = int(body.get("flags") or 0) & KEPT_FLAGS
    message.nonce = body.get("nonce")
    _fill(world, message, body, files)
    return message


def _fill(world: World, message: Message, body: Json, files: dict[int, Attachment]) -> None:
    """Put content, embeds, components and files of a body into a message and see that the result stands."""
    if "content" in body:
        message.content = (body["content"] or "").strip()
    if "embeds" in body:
        message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if "components" in body:
        message.components = numbered(body["components"] or [])
    _attach(world, message, body, files)
    _check(message)


def _attach(world: World, message: Message, body: Json, files: dict[int, Attachment]) -> None:
    if "attachments" not in body:
        if files:
            raise invalid("/attachments files without a description of them")
        return
    here = {file.id: file for file in message.attachments}
    kept: list[Attachment] = []
    for entry in body["attachments"] or []:
        number = int(entry["id"])
        if number in files:
            file = files[number]
            file.id, file.filename = world.next_id(), entry.get("filename") or file.filename
            file.description = entry.get("description")
        elif number in here:
            file = here[number]
        else:
            raise invalid(f"/attachments no file with id {number}")
        kept.append(file)
    if len(kept) > MAX_FILES:
        raise ApiError(400, 30015, "Maximum number of attachments in a message reached (10)")
    message.attachments = kept


def _check(message: Message) -> None:
    if len(message.content) > MAX_CONTENT:
        raise invalid("/content Must be 2000 or fewer in length.")
    kinds = {int(part["type"]) for part in walk(message.components)}
    if message.v2 and (message.content or message.embeds):
        raise invalid("/flags MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
    if not message.v2 and kinds & V2_TYPES:
        raise invalid("/components Components V2 without the IS_COMPONENTS_V2 flag")
    if message.v2:
        _check_uploads(message)
    if not (message.content or message.embeds or message.components or message.attachments):
        raise ApiError(400, 50006, "Cannot send an empty message")


def _check_uploads(message: Message) -> None:
    """A file in a card has to be one of its uploads, and so has any picture that says it is one."""
    there = {file.filename for file in message.attachments}
    for part in walk(message.components):
        url = str((part.get("file") or {}).get("url", ""))
        if part.get("type") == FILE and not url.startswith(UPLOADED):
            raise invalid(f"/components a file is named as {UPLOADED}…, not {url!r}")
    for name in uploads_named(message.components):
        if name not in there:
            raise invalid(f"/components {UPLOADED}{name} was not uploaded")


def change(
    call: Call, message: Message, body: Json, guild: Guild | None, *, everything: bool, filling: bool = False
) -> None:
    """Edit a message in place, all or nothing. `filling` turns "thinking …" into the answer."""
    world = call.world
    trial = Message(message.id, message.channel_id, message.author, message.content, message.created_at)
    trial.embeds, trial.components, trial.flags = message.embeds, message.components, message.flags & ~LOADING
    trial.attachments = list(message.attachments)
    if body.get("flags") is not None:
        asked = int(body["flags"])
        if message.v2 and not asked & COMPONENTS_V2:
            raise invalid("/flags IS_COMPONENTS_V2 cannot be removed")
        settable = SUPPRESS_EMBEDS | COMPONENTS_V2
        trial.flags = trial.flags & ~settable | asked & settable
    _fill(world, trial, body, call.files)
    resolve_mentions(world, trial, body.get("allowed_mentions"), guild, everything=everything)
    for name in ("content", "embeds", "components", "flags", "attachments", "mentions", "mention_roles"):
        setattr(message, name, getattr(trial, name))
    message.mention_everyone = trial.mention_everyone
    if not filling:
        message.edited_at = world.clock.now()


def may_write(world: World, guild: Guild | None, channel: Channel, body: Json, call: Call) -> None:
    """Refuse where the bot may not write this here."""
    if channel.type == DM or guild is None:
        _may_dm(world, channel.recipient)
        return
    thread = channel.thread
    need = permissions.SEND_MESSAGES_IN_THREADS if thread else permissions.SEND_MESSAGES
    if channel.type == FORUM:
        need = 0
    if body.get("embeds"):
        need |= permissions.EMBED_LINKS
    if call.files:
        need |= permissions.ATTACH_FILES
    if body.get("message_reference"):
        need |= permissions.READ_MESSAGE_HISTORY
    permissions.require_channel(guild, channel, world.bot, need)
    if channel.type == FORUM:
        raise ApiError(400, 40058, "Cannot send a message in a forum channel")
    if channel.type not in (0, 2, 5, 13) and not thread:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    bits = permissions.in_channel(guild, channel, guild.members[world.bot.id])
    if thread and thread.locked and not bits & permissions.MANAGE_THREADS:
        raise ApiError(403, 160005, "Thread is locked")


def _may_dm(world: World, user: User | None) -> None:
    if user is None or not any(user.id in guild.members for guild in world.bot_guilds()):
        raise ApiError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
    if not world.accepts_dm(user):
        raise ApiError(403, 50007, "Cannot send messages to this user")


def refer(channel: Channel, body: Json) -> Json | None:
    """The message replied to, as the new message carries it."""
    reference = body.get("message_reference")
    if not reference:
        return None
    target = channel.messages.get(int(reference.get("message_id") or 0))
    if target is None or target.ephemeral_to is not None:
        if reference.get("fail_if_not_exists", True):
            raise invalid("/message_reference Unknown message")
        return None
    return {"type": 0, "channel_id": str(channel.id), "message_id": str(target.id)}


def join_mentioned(world: World, guild: Guild | None, channel: Channel, message: Message) -> None:
    """Whoever is mentioned in a private thread is added to it, if they may see the channel it is in."""
    if guild is None or channel.type != PRIVATE_THREAD or channel.thread is None:
        return
    parent = guild.channels[channel.parent_id or 0]
    for user in message.mentions:
        if permissions.sees(guild, parent, user):
            channel.thread.members.setdefault(user.id, world.clock.now())
