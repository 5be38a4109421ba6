"""The state of the sandbox and everything that changes it from Discord's or the members' side."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import deque
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sandbox import payloads, permissions
from sandbox.faults import Faults
from sandbox.gateway import DIRECT_MESSAGES, GUILD_MEMBERS, GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT, Gateway
from sandbox.limits import DmLimit
from sandbox.model import (
    COMPONENT,
    DM,
    MODAL_SUBMIT,
    Channel,
    Clock,
    Guild,
    GuildMember,
    Interaction,
    Json,
    Message,
    NoAnswer,
    Overwrite,
    Role,
    Tag,
    User,
)

if TYPE_CHECKING:
    from sandbox.actors import Member
    from sandbox.server import Sandbox

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
ANSWER_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)
REAL_PATIENCE = 20.0
PINNED = 1 << 1


def snowflake_time(snowflake: int) -> datetime:
    """When an id was made."""
    return EPOCH + timedelta(milliseconds=snowflake >> 22)


class World:
    """Users, guilds, channels, commands and interactions, and the gateway that tells the bot of them."""

    host: str
    port: int

    def __init__(self, clock: Clock, *, bot_name: str, allowed_intents: int) -> None:
        self.clock = clock
        self._last_id = 0
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.dms: dict[int, Channel] = {}
        self._dm_by_id: dict[int, Channel] = {}
        self._by_name: dict[tuple[str, bool], User] = {}
        self.commands: dict[int | None, list[Json]] = {None: []}
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[tuple[int, str], Message] = {}
        self.renames: dict[int, deque[datetime]] = {}
        self.created: dict[tuple[int | None, date], int] = {}
        self.faults = Faults()
        self.dm_limit = DmLimit()
        self.violations: list[str] = []
        self.unanswered: list[Interaction] = []
        self.bot = self.user(bot_name, bot=True)
        self.token = f"{self.bot.id}.{secrets.token_hex(16)}"
        self.gateway = Gateway(self, allowed_intents)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """Base of the REST API, for `Route.BASE`."""
        return f"{self.origin}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The gateway, for `DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws://{self.host}:{self.port}/gw/"

    def next_id(self) -> int:
        """A snowflake of the clock's time, greater than every one before."""
        milliseconds = int((self.clock.now() - EPOCH).total_seconds() * 1000)
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    # --- telling the bot -------------------------------------------------------------------------------

    def emit(self, event: str, data: Any) -> None:
        """Send a guild or channel event (intent GUILDS)."""
        self.gateway.emit(event, data, GUILDS)

    async def dispatch(self, event: str, data: Any) -> None:
        """Send any event at all, whatever the intents."""
        self.gateway.emit(event, data)

    def emit_message(self, event: str, channel: Channel, message: Message) -> None:
        """Send a message event as far as intents allow; strangers' text needs MESSAGE_CONTENT in guilds."""
        session = self.gateway.current
        if session is None or message.ephemeral_to is not None:
            return
        intent = DIRECT_MESSAGES if channel.type == DM else GUILD_MESSAGES
        if not session.intents & intent:
            return
        data = payloads.message_json(self, message)
        if channel.guild_id:
            data["guild_id"] = str(channel.guild_id)
            mentioned = self.bot in message.mentions or message.author is self.bot
            if not mentioned and not session.intents & MESSAGE_CONTENT:
                data |= {"content": "", "embeds": [], "components": [], "attachments": []}
        self.gateway.emit(event, data, intent)

    def emit_channel(self, what: str, channel: Channel) -> None:
        """CHANNEL_… or THREAD_… of a channel, if the bot sees it."""
        guild = self.guilds.get(channel.guild_id or 0)
        if guild is None or self.bot.id not in guild.members:
            return
        if channel.thread and not permissions.sees(guild, channel, self.bot):
            return
        data = payloads.channel_json(channel, self.bot)
        if channel.thread and what == "CREATE":
            data["newly_created"] = True
        self.emit(f"{'THREAD' if channel.thread else 'CHANNEL'}_{what}", data)

    # --- people and guilds -----------------------------------------------------------------------------

    def user(self, name: str, *, locale: str = "en-US", bot: bool = False) -> User:
        """The account with that display name, made if there is none."""
        if known := self._by_name.get((name, bot)):
            return known
        handle = re.sub(r"[^a-z0-9_.]+", "_", name.lower()).strip("_") or "user"
        user = User(self.next_id(), handle[:32], name, bot, locale)
        self.users[user.id] = self._by_name[name, bot] = user
        return user

    def guild(
        self,
        name: str,
        *,
        owner: str = "Owner",
        locale: str = "en-US",
        bot_permissions: int = permissions.BOT_DEFAULT,
        add_bot: bool = True,
    ) -> Guild:
        """Found a guild: its owner joins, then the bot with a role of its own; the bot is told."""
        now, boss = self.clock.now(), self.user(owner)
        guild = Guild(self.next_id(), name, boss.id, self._facade(), locale, now)
        guild.roles[guild.id] = Role(guild.id, "@everyone", 0, permissions.EVERYONE)
        guild.members[boss.id] = GuildMember(boss, now)
        self.guilds[guild.id] = guild
        if add_bot:
            self.invite_bot(guild, bot_permissions)
        return guild

    def invite_bot(self, guild: Guild, bot_permissions: int = permissions.BOT_DEFAULT) -> None:
        """Add the bot to a guild, with a role of its own."""
        role = self.add_role(guild, self.bot.global_name or "bot", permissions=bot_permissions, top=True)
        role.managed = True
        guild.joined_at = self.clock.now()
        guild.members[self.bot.id] = GuildMember(self.bot, self.clock.now(), [role.id])
        self.emit("GUILD_CREATE", payloads.guild_create_json(guild, self.bot))

    def remove_bot(self, guild: Guild) -> None:
        """The bot is kicked: its role goes, and GUILD_DELETE tells it."""
        member = guild.members.pop(self.bot.id, None)
        for role_id in member.roles if member else []:
            if guild.roles[role_id].managed:
                del guild.roles[role_id]
        self.commands.pop(guild.id, None)
        self.emit("GUILD_DELETE", {"id": str(guild.id)})

    def bot_guilds(self) -> list[Guild]:
        """The guilds the bot is in."""
        return [guild for guild in self.guilds.values() if self.bot.id in guild.members]

    def join(self, guild: Guild, name: str, *, locale: str = "en-US", roles: tuple[int, ...] = ()) -> Member:
        """Someone joins; if they are here already they are only found. Returns an actor."""
        # Imported late: actors are built on this module.
        from sandbox.actors import Member as Actor

        user = self.user(name, locale=locale)
        if user.id not in guild.members:
            member = GuildMember(user, self.clock.now(), list(roles))
            guild.members[user.id] = member
            data = payloads.member_json(member) | {"guild_id": str(guild.id)}
            self.gateway.emit("GUILD_MEMBER_ADD", data, GUILD_MEMBERS)
        return Actor(self._facade(), user, guild)

    def leave(self, guild: Guild, user: User) -> None:
        """A member leaves the guild and its threads."""
        del guild.members[user.id]
        for thread in guild.threads.values():
            if thread.thread:
                thread.thread.members.pop(user.id, None)
        data = {"guild_id": str(guild.id), "user": payloads.user_json(user)}
        self.gateway.emit("GUILD_MEMBER_REMOVE", data, GUILD_MEMBERS)

    def _facade(self) -> Sandbox:
        """Itself, as what it always is: `Sandbox` is this world with a server in front of it."""
        return cast("Sandbox", self)

    # --- channels and roles ----------------------------------------------------------------------------

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: int,
        *,
        parent_id: int | None = None,
        tags: tuple[str, ...] = (),
        flags: int = 0,
        overwrites: list[Overwrite] | None = None,
        topic: str | None = None,
    ) -> Channel:
        """A new guild channel; the bot is told."""
        channel = Channel(self.next_id(), kind, name, guild.id, parent_id, len(guild.channels))
        channel.available_tags = [Tag(self.next_id(), tag) for tag in tags]
        channel.flags, channel.topic = flags, topic
        channel.overwrites = overwrites or []
        guild.channels[channel.id] = channel
        self.emit_channel("CREATE", channel)
        return channel

    def delete_channel(self, guild: Guild, channel: Channel) -> None:
        """Delete a channel with its threads, or one thread."""
        if channel.thread:
            seen = permissions.sees(guild, channel, self.bot)
            del guild.threads[channel.id]
            ids = {"id": channel.id, "guild_id": guild.id, "parent_id": channel.parent_id}
            if seen:
                self.emit("THREAD_DELETE", {k: str(v) for k, v in ids.items()} | {"type": channel.type})
            return
        del guild.channels[channel.id]
        for thread in [t for t in guild.threads.values() if t.parent_id == channel.id]:
            del guild.threads[thread.id]
        self.emit_channel("DELETE", channel)

    def deny(self, guild: Guild, channel: Channel, bits: int, target: Role | User | None = None) -> None:
        """Take permissions away in a channel, from a role, a member, or the bot; 0 gives them back."""
        who = target or self.bot
        kind = 0 if isinstance(who, Role) else 1
        channel.overwrites = [o for o in channel.overwrites if o.id != who.id]
        if bits:
            channel.overwrites.append(Overwrite(who.id, kind, deny=bits))
        self.emit_channel("UPDATE", channel)

    def set_bot_permissions(self, guild: Guild, bits: int) -> None:
        """Change what the bot's own role may do in a guild; the bot is told."""
        role = next(guild.roles[r] for r in guild.members[self.bot.id].roles if guild.roles[r].managed)
        role.permissions = bits
        self.emit_role("UPDATE", guild, role)

    def add_role(self, guild: Guild, name: str, *, permissions: int = 0, top: bool = False) -> Role:
        """A new role at the bottom, as Discord makes them, or at the top; the bot is told."""
        position = len(guild.roles) if top else 1
        for other in guild.roles.values():
            other.position += other.position >= position
        role = Role(self.next_id(), name, position, permissions)
        guild.roles[role.id] = role
        self.emit_role("CREATE", guild, role)
        return role

    def emit_role(self, what: str, guild: Guild, role: Role) -> None:
        """GUILD_ROLE_CREATE or _UPDATE."""
        if self.bot.id in guild.members:
            data = {"guild_id": str(guild.id), "role": payloads.role_json(role)}
            self.emit(f"GUILD_ROLE_{what}", data)

    def find_channel(self, channel_id: int) -> tuple[Guild | None, Channel | None]:
        """The channel with that id, wherever it is, and its guild."""
        for guild in self.guilds.values():
            if channel := guild.find(channel_id):
                self.age(channel)
                return guild, channel
        return None, self._dm_by_id.get(channel_id)

    def dm(self, user: User) -> Channel:
        """The direct-message channel between the bot and that user, opened if need be."""
        if user.id not in self.dms:
            channel = Channel(self.next_id(), DM, recipient=user)
            self.dms[user.id] = self._dm_by_id[channel.id] = channel
        return self.dms[user.id]

    def age(self, thread: Channel) -> None:
        """Archive a thread that has been silent for its time; pinned posts never are. The bot is told."""
        info = thread.thread
        if info is None or info.archived or thread.flags & PINNED:
            return
        last = snowflake_time(max(thread.id, thread.last_message_id or 0))
        since = max(last, info.awake_at or last) + timedelta(minutes=info.auto_archive_duration)
        if since < self.clock.now():
            info.archived, info.archived_at = True, since
            self.emit_channel("UPDATE", thread)

    def says(self, user: User, channel: Channel, content: str) -> Message:
        """A member writes an ordinary message."""
        message = Message(self.next_id(), channel.id, user, content, self.clock.now())
        self.store(channel, message)
        return message

    def store(self, channel: Channel, message: Message) -> None:
        """Put a message into its channel; it wakes an archived thread. The bot is told."""
        channel.messages[message.id] = message
        if message.ephemeral_to is None:
            channel.last_message_id = message.id
            if channel.thread and channel.thread.archived:
                channel.thread.archived, channel.thread.awake_at = False, message.created_at
                self.emit_channel("UPDATE", channel)
        self.emit_message("MESSAGE_CREATE", channel, message)

    def remove(self, channel: Channel, message: Message) -> None:
        """Delete a message. The bot is told."""
        channel.messages.pop(message.id, None)
        message.deleted = True
        if message.ephemeral_to is not None:
            return
        data = {"id": str(message.id), "channel_id": str(channel.id)}
        if channel.guild_id:
            data["guild_id"] = str(channel.guild_id)
        self.gateway.emit("MESSAGE_DELETE", data, DIRECT_MESSAGES if channel.type == DM else GUILD_MESSAGES)

    def accepts_dm(self, user: User) -> bool:
        """Whether the user's settings let the bot write to them through any shared guild."""
        shared = [guild.members[user.id] for guild in self.bot_guilds() if user.id in guild.members]
        return not user.closed and any(member.dms_open for member in shared)

    # --- interactions ----------------------------------------------------------------------------------

    def interaction(
        self, kind: int, user: User, channel: Channel, data: Json, *, message: Message | None = None
    ) -> Interaction:
        """What a member does, ready to be delivered; AssertionError for what Discord does not offer them."""
        guild = self.guilds.get(channel.guild_id or 0)
        if guild and not permissions.sees(guild, channel, user):
            raise AssertionError(f"{user.name} does not see #{channel.name}")
        if kind == COMPONENT and (message is None or message.ephemeral_to not in (None, user.id)):
            raise AssertionError(f"{user.name} does not see that message")
        interaction = Interaction(
            self.next_id(),
            secrets.token_urlsafe(48),
            kind,
            user,
            channel,
            self.clock.now(),
            data,
            guild,
            message,
        )
        if kind in (COMPONENT, MODAL_SUBMIT) and message:
            interaction.ephemeral = message.ephemeral_to is not None
        self.interactions[interaction.token] = interaction
        return interaction

    async def deliver(self, interaction: Interaction) -> Interaction:
        """Send it to the bot and wait for its answer; NoAnswer after three seconds of the clock."""
        if self.gateway.current is None:
            raise NoAnswer("the bot is not connected")
        interaction.created_at = self.clock.now()
        self.gateway.emit("INTERACTION_CREATE", payloads.interaction_json(self, interaction))
        answer = asyncio.ensure_future(interaction.answered.wait())
        late = asyncio.ensure_future(self.clock.sleep(ANSWER_SECONDS))
        try:
            await asyncio.wait({answer, late}, timeout=REAL_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answer.cancel()
            late.cancel()
        if not interaction.answered.is_set():
            interaction.state = "expired"
            self.unanswered.append(interaction)
            raise NoAnswer(f"no answer within {ANSWER_SECONDS:g} s to {interaction.data}")
        return interaction
