"""What the sandbox holds, and how the bot is told of changes in it."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sandbox import payloads, permissions
from sandbox.faults import Faults
from sandbox.gateway import DIRECT_MESSAGES, GUILD_MEMBERS, GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT, Gateway
from sandbox.limits import Allowance, DmLimit
from sandbox.model import DM, Channel, Clock, Guild, Interaction, Json, Message, User
from sandbox.session import Shard

if TYPE_CHECKING:
    from sandbox.server import Sandbox

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
PINNED = 1 << 1


def snowflake_time(snowflake: int) -> datetime:
    """When an id was made."""
    return EPOCH + timedelta(milliseconds=snowflake >> 22)


class State:
    """What there is, and the gateway that tells the bot of it."""

    host: str
    port: int
    token: str

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
        # Two new names or topics in ten minutes; three edits of messages over an hour old in twenty seconds:
        # reported by many, documented nowhere.
        self.renames = Allowance(2, timedelta(minutes=10))
        self.old_edits = Allowance(3, timedelta(seconds=20))
        self.created: dict[tuple[int | None, date], int] = {}
        self.faults = Faults()
        self.dm_limit = DmLimit()
        self.violations: list[str] = []
        self.unanswered: list[Interaction] = []
        self.bot = self.user(bot_name, bot=True)
        self.reset_token()
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

    def reset_token(self) -> None:
        """Make a new token; the old one is worth nothing any more."""
        self.token = f"{self.bot.id}.{secrets.token_hex(16)}"

    def next_id(self) -> int:
        """A snowflake of the clock's time, greater than every one before."""
        milliseconds = int((self.clock.now() - EPOCH).total_seconds() * 1000)
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    def next_id_of(self, shard: Shard) -> int:
        """A snowflake that makes a guild one of this shard, of this moment or a few milliseconds later."""
        number, count = shard
        late = (number - (self.next_id() >> 22)) % count
        self._last_id += late << 22
        return self._last_id

    # --- telling the bot -------------------------------------------------------------------------------

    def emit(self, event: str, data: Any) -> None:
        """Send a guild or channel event (intent GUILDS)."""
        self.gateway.emit(event, data, GUILDS)

    async def dispatch(self, event: str, data: Any) -> None:
        """Send any event at all, whatever the intents."""
        self.gateway.emit(event, data)

    def tells(self, guild: Guild) -> bool:
        """Whether the bot hears of what happens in a guild: it is in it and the guild is not down."""
        return self.bot.id in guild.members and not guild.unavailable

    def emit_member(self, what: str, guild: Guild, data: Json) -> None:
        """GUILD_MEMBER_… of someone else, for which the bot needs an intent."""
        if self.tells(guild):
            self.gateway.emit(f"GUILD_MEMBER_{what}", data, GUILD_MEMBERS)

    def emit_message(self, event: str, channel: Channel, message: Message) -> None:
        """Send a message event as far as intents allow; strangers' text needs MESSAGE_CONTENT in guilds."""
        guild = self.guilds.get(channel.guild_id or 0)
        if message.ephemeral_to is not None or (guild and not self.tells(guild)):
            return
        intent = DIRECT_MESSAGES if channel.type == DM else GUILD_MESSAGES
        for session in self.gateway.audience(channel.guild_id, intent):
            data = payloads.message_json(self, message)
            if channel.guild_id:
                data["guild_id"] = str(channel.guild_id)
                mentioned = self.bot in message.mentions or message.author is self.bot
                if not mentioned and not session.intents & MESSAGE_CONTENT:
                    data |= {"content": "", "embeds": [], "components": [], "attachments": []}
            self.gateway.emit_to(session, event, data)

    def emit_channel(self, what: str, channel: Channel) -> None:
        """CHANNEL_… or THREAD_… of a channel, if the bot sees it."""
        guild = self.guilds.get(channel.guild_id or 0)
        if guild is None or not self.tells(guild):
            return
        if channel.thread and not permissions.sees(guild, channel, self.bot):
            return
        data = payloads.channel_json(channel, self.bot)
        if channel.thread and what == "CREATE":
            data["newly_created"] = True
        self.emit(f"{'THREAD' if channel.thread else 'CHANNEL'}_{what}", data)

    # --- finding things -----------------------------------------------------------------------------------

    def user(self, name: str, *, locale: str = "en-US", bot: bool = False) -> User:
        """The account with that display name, made if there is none."""
        if known := self._by_name.get((name, bot)):
            return known
        handle = re.sub(r"[^a-z0-9_.]+", "_", name.lower()).strip("_") or "user"
        user = User(self.next_id(), handle[:32], name, bot, locale)
        self.users[user.id] = self._by_name[name, bot] = user
        return user

    def bot_guilds(self) -> list[Guild]:
        """The guilds the bot is in."""
        return [guild for guild in self.guilds.values() if self.bot.id in guild.members]

    def find_channel(self, channel_id: int) -> tuple[Guild | None, Channel | None]:
        """The channel with that id, wherever it is, and its guild."""
        for guild in self.guilds.values():
            if channel := guild.find(channel_id):
                self.age(channel)
                return guild, channel
        return None, self._dm_by_id.get(channel_id)

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

    def _facade(self) -> Sandbox:
        """Itself, as what it always is: `Sandbox` is this world with a server in front of it."""
        return cast("Sandbox", self)
