"""The Discord client: logs in, loads the cogs, keeps the commands current, hands events to the edge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, TypeAlias, cast

import discord
import yarl
from discord import Interaction, InteractionType, app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.core.clock import Clock
from bot.core.errors import BadToken, ShutOut
from bot.core.log import get_logger
from bot.core.metrics import Metrics
from bot.core.processes import Share
from bot.edge.answer import Seen, answer_of, attend, refuse, suggest
from bot.edge.buttons import Buttons
from bot.edge.forms import Drafts, Forms
from bot.edge.gates import Gate, Refusal, admit, command_of
from bot.edge.identify import Identifying, Turns
from bot.edge.repeats import once_only
from bot.edge.sync import Remembered, sync_if_changed
from bot.edge.trouble import SENTENCES

log = get_logger(__name__)

READY_TIMEOUT = 0.5
FINISH_WITHIN = 2.0  # seconds of real time for what an event began, when Kith closes
_EVENT = "discord.py: "  # how discord.py names the tasks of its events


class KithTree(app_commands.CommandTree["Kith"]):
    """The commands; every call is answered in time and every error in words."""

    async def _call(self, interaction: Interaction[Kith]) -> None:
        """Run one command or autocomplete.

        This is where discord.py starts a call; its public hooks see neither what fails before the command
        is found nor how an autocomplete ended.
        """
        if interaction.type is InteractionType.autocomplete:
            await suggest(interaction, lambda: self._run(interaction))
        else:
            await attend(interaction, lambda _answer: self._admitted(interaction))

    async def _admitted(self, interaction: Interaction[Kith]) -> None:
        """Run a command that is in use here."""
        await admit(interaction, command_of(interaction))
        await self._run(interaction)

    async def _run(self, interaction: Interaction[Kith]) -> None:
        await super()._call(interaction)

    async def on_error(self, interaction: Interaction[Kith], error: app_commands.AppCommandError, /) -> None:
        """Tell the person in one sentence what went wrong."""
        if interaction.type is not InteractionType.autocomplete:
            await refuse(answer_of(interaction), error)


Setup: TypeAlias = "Callable[[Kith], Awaitable[None]]"
Welcome: TypeAlias = Callable[[discord.Guild], Awaitable[None]]
RoleGone: TypeAlias = Callable[[int, int], Awaitable[None]]
Present: TypeAlias = Callable[[Collection[int], Share], Awaitable[None]]


class Kith(commands.Bot):
    """The bot as Discord sees it; knows no feature, `app.py` hands them in."""

    def __init__(
        self,
        clock: Clock,
        *,
        drafts: Drafts,
        remembered: Remembered,
        setups: Sequence[Setup] = (),
        on_ready_work: Callable[[], Awaitable[None]] | None = None,
        ready_timeout: float = READY_TIMEOUT,
        metrics: Metrics | None = None,
        share: Share | None = None,
        turns: Turns | None = None,
    ) -> None:
        self.share = share or Share()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=KithTree,
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            max_ratelimit_timeout=30.0,
            http_trace=once_only(),
            guild_ready_timeout=ready_timeout,
            **_shards_of(self.share),
        )
        self.clock = clock
        self.metrics = metrics or Metrics()
        self.seen = Seen()
        self.buttons = Buttons()
        self.forms = Forms(drafts, self.buttons)
        self.sentences: dict[str, str] = dict(SENTENCES)
        self.setups: list[Setup] = list(setups)
        self.gates: list[Gate] = []
        self.refusals: list[Refusal] = []
        # What features do about a server that added Kith, one that removed it, the servers there are at the
        # start (by id), and a role that somebody deleted (server, role).
        self.welcomes: list[Welcome] = []
        self.farewells: list[Welcome] = []
        self.presents: list[Present] = []
        self.role_losses: list[RoleGone] = []
        self._remembered = remembered
        self._turns = turns
        self._identifying = Identifying(turns, clock, self._concurrency) if turns is not None else None
        self._on_ready_work = on_ready_work
        self._welcomed: set[int] = set()
        self._work: asyncio.Task[None] | None = None

    @property
    def stands(self) -> bool:
        """Whether the connection to Discord's gateway is up: not while it is being made, or made again."""
        socket = cast("DiscordWebSocket | None", self.ws)  # None before the first connection
        return socket is not None and socket.open and self.is_ready() and not self.is_closed()

    async def setup_hook(self) -> None:
        """Load every feature (a failure stops the start), then tell Discord about changed commands."""
        for setup in self.setups:
            await setup(self)
        if self.application_id is None:
            raise RuntimeError("discord.py logged in without an application id")
        await sync_if_changed(self.tree, self.application_id, self._remembered, self.clock, self._turns)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this shard's turn; alone, as long as discord.py thinks right."""
        if self._identifying is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._identifying.wait(shard_id or 0)

    async def _concurrency(self) -> int:
        """Ask Discord how many shards may identify at once."""
        _shards, _url, limits = await self.http.get_bot_gateway()
        return limits["max_concurrency"]

    async def on_ready(self) -> None:
        """Start the work once, and greet servers that added Kith while it was offline."""
        if self._work is None and self._on_ready_work is not None:
            self._work = asyncio.create_task(self._start_work(self._on_ready_work), name="ready-work")
        await self.look_around(self.share)
        for guild in list(self.guilds):
            await self._welcome(guild)

    async def look_around(self, share: Share) -> None:
        """Tell features which servers there are on these shards; others are not ours to judge."""
        here = {guild.id for guild in self.guilds if share.has(guild.id)}
        for present in self.presents:
            await self._safely("presence", present(here, share))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a server that has just added Kith."""
        self._welcomed.discard(guild.id)
        await self._welcome(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server has removed Kith; an outage of Discord does not end here."""
        self._welcomed.discard(guild.id)
        for farewell in self.farewells:
            await self._safely("farewell", farewell(guild))

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Note that somebody deleted a role."""
        for follow in self.role_losses:
            await self._safely("role.lost", follow(role.guild.id, role.id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet a server that came up late."""
        await self._welcome(guild)

    async def on_interaction(self, interaction: Interaction[Any]) -> None:
        """Answer buttons, menus and forms by their ids.

        discord.py would find them by what it remembers, or by reading the message back; both fail silently
        after a restart or on components it does not know.
        """
        if interaction.type is InteractionType.component:
            await self.buttons.dispatch(interaction)
        elif interaction.type is InteractionType.modal_submit:
            await self.forms.dispatch(interaction)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what failed in an event."""
        log.exception("event.failed", name=event_method)

    async def close(self) -> None:
        """Stop the work, let what an event began come to its end, then leave Discord."""
        if self._work is not None:
            self._work.cancel()
        running = {task for task in asyncio.all_tasks() if task.get_name().startswith(_EVENT)}
        running.discard(cast("asyncio.Task[Any]", asyncio.current_task()))
        if running:
            await asyncio.wait(running, timeout=FINISH_WITHIN)
        await super().close()

    async def _start_work(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:
            log.exception("ready.failed")
            await self.close()

    async def _welcome(self, guild: discord.Guild) -> None:
        """Call every welcome once per process; each keeps for itself what it has already said."""
        if guild.id in self._welcomed or guild.unavailable:
            return
        self._welcomed.add(guild.id)
        for welcome in self.welcomes:
            await self._safely("welcome", welcome(guild))

    async def _safely(self, what: str, work: Awaitable[None]) -> None:
        """Do what follows from an event; a failure concerns nobody else's work."""
        try:
            await work
        except Exception:
            log.exception("event.failed", name=what)


def _shards_of(share: Share) -> dict[str, Any]:
    """Return how discord.py wants to be told of shards; nothing for a bot that has one."""
    if len(share.ids) > 1:
        return {"shard_ids": list(share.ids), "shard_count": share.count}
    return {"shard_id": share.ids[0], "shard_count": share.count} if share.count > 1 else {}


async def login(client: Kith, token: str) -> None:
    """Log in and load every feature.

    Raises:
        BadToken: Discord does not know the token.
    """
    try:
        await client.login(token)
    except discord.LoginFailure as error:
        raise BadToken(
            "Discord does not know this KITH_DISCORD_TOKEN. Make a new one under Bot → Reset Token."
        ) from error


# Close codes after which Discord takes no new connection before something has changed (REFERENCE, gateway).
_SHUT_OUT = {
    4004: "the token is not valid any more → make a new one under Bot → Reset Token, put it in "
    "KITH_DISCORD_TOKEN",
    4010: "there is no such shard → KITH_SHARD_IDS counts from 0 and stays below KITH_SHARD_COUNT",
    4011: "there are too many servers for so few shards → set KITH_SHARD_COUNT to a higher number, the same "
    "in every process",
    4012: "this version speaks an old gateway protocol → update Kith",
    4013: "this version asks for events that Discord does not know → update Kith",
    4014: "an intent is not allowed → switch it on under Bot → Privileged Gateway Intents",
}


async def connect(client: Kith) -> None:
    """Stay connected until Kith is closed.

    Raises:
        ShutOut: Discord would refuse the next connection as well.
    """
    try:
        await client.connect()
    except discord.PrivilegedIntentsRequired as error:
        raise ShutOut(_SHUT_OUT[4014]) from error
    except discord.ConnectionClosed as error:
        if error.code not in _SHUT_OUT:
            raise
        raise ShutOut(_SHUT_OUT[error.code]) from error


def point_at(api_url: str, gateway_url: str) -> None:
    """Point discord.py at these addresses: Discord's, a proxy's or a stand-in's (settings check them)."""
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
