"""The things a Discord is made of: users, guilds, channels, messages, interactions. Plain data, no I/O."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.actors import Member
    from sandbox.server import Sandbox

Json = dict[str, Any]

TEXT, DM, CATEGORY, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 4, 11, 12, 15
THREADS = frozenset({10, PUBLIC_THREAD, PRIVATE_THREAD})

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 15


class Clock(Protocol):
    """What the sandbox asks of a clock; Kith's own clocks fit."""

    def now(self) -> datetime:
        """The time, aware and in UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long on this clock."""


@dataclass(eq=False)
class User:
    """An account. `closed` refuses direct messages from everywhere."""

    id: int
    name: str
    global_name: str | None = None
    bot: bool = False
    locale: str = "en-US"
    closed: bool = False


@dataclass(eq=False)
class Role:
    """A role; @everyone has the guild's id and position 0."""

    id: int
    name: str
    position: int = 0
    permissions: int = 0
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False


@dataclass(eq=False)
class Overwrite:
    """Permissions of one role (type 0) or member (type 1) in one channel."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Tag:
    """A tag of a forum; `moderated` ones need MANAGE_THREADS."""

    id: int
    name: str
    moderated: bool = False
    emoji_name: str | None = None


@dataclass(eq=False)
class ThreadInfo:
    """What only threads have; `members` maps user id to the time of joining."""

    owner_id: int
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 4320
    invitable: bool = True
    members: dict[int, datetime] = field(default_factory=dict)
    applied_tags: list[int] = field(default_factory=list)
    created_at: datetime | None = None
    archived_at: datetime | None = None
    awake_at: datetime | None = None


@dataclass(eq=False)
class Attachment:
    """A file that came with a message."""

    id: int
    filename: str
    data: bytes
    content_type: str = "application/octet-stream"
    description: str | None = None


@dataclass(eq=False)
class Message:
    """A message. `ephemeral_to` is the only user who sees it; None: everyone who sees the channel."""

    id: int
    channel_id: int
    author: User
    content: str
    created_at: datetime
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | int | None = None
    edited_at: datetime | None = None
    interaction_token: str | None = None
    interaction_id: int | None = None
    ephemeral_to: int | None = None
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reference: Json | None = None
    pinned: bool = False
    deleted: bool = False

    @property
    def loading(self) -> bool:
        """Whether this is still only "thinking …"."""
        return bool(self.flags & LOADING)

    @property
    def v2(self) -> bool:
        """Whether it consists of Components V2."""
        return bool(self.flags & COMPONENTS_V2)


@dataclass(eq=False)
class Channel:
    """A channel, direct message, forum or thread. `messages` is oldest first and holds ephemeral ones too."""

    id: int
    type: int
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    flags: int = 0
    nsfw: bool = False
    rate_limit_per_user: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    available_tags: list[Tag] = field(default_factory=list)
    default_auto_archive_duration: int = 4320
    thread: ThreadInfo | None = None
    recipient: User | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int | None = None

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread or forum post."""
        return self.thread is not None

    @property
    def applied_tags(self) -> list[int]:
        """The forum post's tags."""
        return self.thread.applied_tags if self.thread else []

    def seen_by(self, user: User) -> list[Message]:
        """The messages on this user's screen, oldest first (rights to the channel are not asked here)."""
        return [m for m in self.messages.values() if m.ephemeral_to in (None, user.id)]


@dataclass(eq=False)
class GuildMember:
    """A user's place in a guild. `dms_open` is "allow direct messages from server members"."""

    user: User
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    dms_open: bool = True


@dataclass(eq=False)
class Guild:
    """A server. The helpers below act as its owner would, and tell the bot what happened."""

    id: int
    name: str
    owner_id: int
    sandbox: Sandbox = field(repr=False)
    locale: str = "en-US"
    joined_at: datetime | None = None
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, GuildMember] = field(default_factory=dict)
    unavailable: bool = False

    def member(self, name: str, *, locale: str = "en-US", roles: tuple[int, ...] = ()) -> Member:
        """Someone joins (or, if already here under that name, is found): an actor to play them with."""
        return self.sandbox.join(self, name, locale=locale, roles=roles)

    def text_channel(self, name: str, *, parent_id: int | None = None) -> Channel:
        """A new text channel."""
        return self.sandbox.add_channel(self, name, TEXT, parent_id=parent_id)

    def category(self, name: str) -> Channel:
        """A new category."""
        return self.sandbox.add_channel(self, name, CATEGORY)

    def forum(self, name: str, tags: tuple[str, ...] = (), *, require_tag: bool = False) -> Channel:
        """A new forum with these tags."""
        return self.sandbox.add_channel(self, name, FORUM, tags=tags, flags=1 << 4 if require_tag else 0)

    def role(self, name: str, *, permissions: int = 0, above_bot: bool = False) -> Role:
        """A new role, just above @everyone or above all others."""
        return self.sandbox.add_role(self, name, permissions=permissions, top=above_bot)

    def channel(self, name: str) -> Channel:
        """The channel or thread of that name; KeyError if there is none."""
        for channel in (*self.channels.values(), *self.threads.values()):
            if channel.name == name:
                return channel
        raise KeyError(name)

    def named_role(self, name: Role | str) -> Role:
        """The role of that name, or the role itself if it is still here; KeyError if there is none."""
        for role in self.roles.values():
            if name in (role, role.name):
                return role
        raise KeyError(name)

    def _channel(self, where: Channel | str) -> Channel:
        return self.channel(where) if isinstance(where, str) else where

    # --- what a moderator does by hand -----------------------------------------------------------------

    @property
    def bot_role(self) -> Role:
        """The bot's own role."""
        return self.sandbox.bot_role(self)

    def rename_role(self, role: Role | str, name: str) -> None:
        """Give a role another name."""
        found = self.named_role(role)
        found.name = name
        self.sandbox.emit_role("UPDATE", self, found)

    def delete_role(self, role: Role | str) -> None:
        """Delete a role; its members lose it."""
        self.sandbox.delete_role(self, self.named_role(role))

    def move_role(self, role: Role | str, *, above: Role | str) -> None:
        """Move a role to just above another; above "@everyone" is the bottom."""
        moved, other = self.named_role(role), self.named_role(above)
        self.sandbox.move_role(self, moved, other.position + (other.position < moved.position))

    def give_role(self, member: Member | User, role: Role | str) -> None:
        """Give a member a role."""
        self.sandbox.set_role(self, self.members[member.id], self.named_role(role), given=True)

    def take_role(self, member: Member | User, role: Role | str) -> None:
        """Take a role from a member."""
        self.sandbox.set_role(self, self.members[member.id], self.named_role(role), given=False)

    def forbid_bot(self, bits: int) -> None:
        """Take permissions from the bot's own role."""
        self.sandbox.set_bot_permissions(self, self.bot_role.permissions & ~bits)

    def allow_bot(self, bits: int) -> None:
        """Add permissions to the bot's own role."""
        self.sandbox.set_bot_permissions(self, self.bot_role.permissions | bits)

    def rename_channel(self, channel: Channel | str, name: str) -> None:
        """Rename a channel or thread."""
        self.sandbox.rename_channel(self._channel(channel), name)

    def delete_channel(self, channel: Channel | str) -> None:
        """Delete a channel with its threads, or one thread."""
        self.sandbox.delete_channel(self, self._channel(channel))

    def delete_message(self, message: Message) -> None:
        """Delete a message in one of the guild's channels."""
        self.sandbox.remove(
            self.channels.get(message.channel_id) or self.threads[message.channel_id], message
        )

    def remove_bot(self) -> None:
        """Kick the bot."""
        self.sandbox.remove_bot(self)

    def add_bot(self) -> None:
        """Add the bot, or add it again, with the permissions it asks for."""
        self.sandbox.invite_bot(self)

    def outage(self) -> None:
        """The guild is down for a while; `restore` ends it."""
        self.sandbox.outage(self)

    def restore(self) -> None:
        """The outage is over."""
        self.sandbox.restore(self)

    def find(self, channel_id: int) -> Channel | None:
        """The channel or thread with that id."""
        return self.channels.get(channel_id) or self.threads.get(channel_id)


@dataclass(eq=False)
class Interaction:
    """One interaction and all that the bot answered to it.

    `state` goes pending -> (deferred ->) answered, or expired. `answered` is set by the first callback,
    `settled` once there is something to see: a message, an update, choices, a modal, an edit after a defer.
    `user_installed`: only this user has the application, the server (if any) has not.
    """

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    created_at: datetime
    data: Json
    guild: Guild | None = None
    message: Message | None = None
    state: str = "pending"
    callback_type: int | None = None
    ephemeral: bool = False
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    user_installed: bool = False
    modal: Json | None = None
    choices: list[Json] | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def responses(self) -> list[Message]:
        """The messages this interaction brought, oldest first, deleted ones left out."""
        own = [self.original] if self.original and self.original is not self.message else []
        return [m for m in (*own, *self.followups) if not m.deleted]


@dataclass(frozen=True)
class Recorded:
    """One REST request and how it was answered. `path` starts after `/api/v10`; `body` is the parsed JSON."""

    method: str
    path: str
    body: Any
    status: int
    at: datetime
    code: int | None = None


class NoAnswer(AssertionError):
    """The bot did not answer an interaction within three seconds: the member reads "interaction failed"."""


def kept_name(name: str, kind: int) -> str:
    """A channel's name as Discord keeps it: lower case with dashes in text channels and forums."""
    return re.sub(r"\s+", "-", name.lower()) if kind in (TEXT, FORUM) else name


MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")
