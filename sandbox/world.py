"""The world of the sandbox: everything that changes it from Discord's or the members' side."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox import payloads, permissions
from sandbox.gateway import DIRECT_MESSAGES, GUILD_MESSAGES
from sandbox.line import Impossible
from sandbox.model import (
    CATEGORY,
    COMPONENT,
    DM,
    MODAL_SUBMIT,
    Channel,
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
    kept_name,
)
from sandbox.roles import Roles
from sandbox.session import Shard

if TYPE_CHECKING:
    from sandbox.actors import Member

ANSWER_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)
REAL_PATIENCE = 20.0


class World(Roles):
    """Users, guilds, channels and interactions: all that changes from Discord's or the members' side."""

    # --- people and guilds -----------------------------------------------------------------------------

    def guild(
        self,
        name: str,
        *,
        owner: str = "Owner",
        locale: str = "en-US",
        bot_permissions: int = permissions.BOT_DEFAULT,
        add_bot: bool = True,
        shard: Shard = (0, 1),
    ) -> Guild:
        """Found a guild: its owner joins, then the bot with a role of its own; the bot is told.

        `shard=(1, 2)` gives it an id for which shard 1 is the one when there are two.
        """
        now, boss = self.clock.now(), self.user(owner)
        guild = Guild(self.next_id_of(shard), name, boss.id, self._facade(), locale, now)
        guild.roles[guild.id] = Role(guild.id, "@everyone", 0, permissions.EVERYONE)
        guild.members[boss.id] = GuildMember(boss, now)
        self.guilds[guild.id] = guild
        if add_bot:
            self.invite_bot(guild, bot_permissions)
        return guild

    def invite_bot(self, guild: Guild, bot_permissions: int = permissions.BOT_DEFAULT) -> None:
        """Add the bot to a guild, with a role of its own."""
        if self.bot.id in guild.members:
            raise Impossible(f"the bot is in {guild.name} already")
        role = self.add_role(guild, self.bot.global_name or "bot", permissions=bot_permissions, top=True)
        role.managed = True
        guild.joined_at = self.clock.now()
        guild.members[self.bot.id] = GuildMember(self.bot, self.clock.now(), [role.id])
        if not guild.unavailable:
            self.emit("GUILD_CREATE", payloads.guild_create_json(guild, self.bot, joining=True))

    def remove_bot(self, guild: Guild) -> None:
        """The bot is kicked: its role and its places in threads go, and GUILD_DELETE tells it."""
        role = self.bot_role(guild)
        self._depart(guild, self.bot)
        self.drop_role(guild, role)
        self.commands.pop(guild.id, None)
        self.emit("GUILD_DELETE", {"id": str(guild.id)})

    def outage(self, guild: Guild) -> None:
        """Discord loses a guild for a while: the bot is told, then hears nothing more of it."""
        told = self.tells(guild)
        guild.unavailable = True
        if told:
            self.emit("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    def restore(self, guild: Guild) -> None:
        """The guild is back from an outage; GUILD_CREATE brings it as it is now."""
        guild.unavailable = False
        if self.tells(guild):
            self.emit("GUILD_CREATE", payloads.guild_create_json(guild, self.bot))

    def join(self, guild: Guild, name: str, *, locale: str = "en-US", roles: tuple[int, ...] = ()) -> Member:
        """Someone joins; if they are here already they are only found. Returns an actor."""
        # Imported late: actors are built on this module.
        from sandbox.actors import Member as Actor

        user = self.user(name, locale=locale)
        self.enter(guild, user, roles)
        return Actor(self._facade(), user, guild)

    def enter(self, guild: Guild, user: User, roles: tuple[int, ...] = ()) -> None:
        """Someone joins, for the first time or again; who is here already stays as they are."""
        if user.id in guild.members:
            return
        member = GuildMember(user, self.clock.now(), list(roles))
        guild.members[user.id] = member
        self.emit_member("ADD", guild, payloads.member_json(member) | {"guild_id": str(guild.id)})

    def leave(self, guild: Guild, user: User) -> None:
        """A member leaves the guild and its threads."""
        self._depart(guild, user)
        data = {"guild_id": str(guild.id), "user": payloads.user_json(user)}
        self.emit_member("REMOVE", guild, data)

    def _depart(self, guild: Guild, user: User) -> None:
        del guild.members[user.id]
        for thread in guild.threads.values():
            if thread.thread:
                thread.thread.members.pop(user.id, None)

    # --- channels and messages -------------------------------------------------------------------------

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
        for child in [c for c in guild.channels.values() if channel.type == CATEGORY]:
            if child.parent_id == channel.id:
                child.parent_id = None
                self.emit_channel("UPDATE", child)

    def rename_channel(self, channel: Channel, name: str) -> None:
        """Rename a channel or thread, as a moderator would; the bot is told."""
        channel.name = kept_name(name, channel.type)
        self.emit_channel("UPDATE", channel)

    def deny(self, guild: Guild, channel: Channel, bits: int, target: Role | User | None = None) -> None:
        """Take permissions away in a channel, from a role, a member, or the bot; 0 gives them back."""
        who = target or self.bot
        kind = 0 if isinstance(who, Role) else 1
        channel.overwrites = [o for o in channel.overwrites if o.id != who.id]
        if bits:
            channel.overwrites.append(Overwrite(who.id, kind, deny=bits))
        self.emit_channel("UPDATE", channel)

    def dm(self, user: User) -> Channel:
        """The direct-message channel between the bot and that user, opened if need be."""
        if user.id not in self.dms:
            channel = Channel(self.next_id(), DM, recipient=user)
            self.dms[user.id] = self._dm_by_id[channel.id] = channel
        return self.dms[user.id]

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
        if guild and not self.tells(guild):
            raise AssertionError(f"there is no bot in {guild.name}, or the guild is down")
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
        if not self.gateway.audience(interaction.channel.guild_id):
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
