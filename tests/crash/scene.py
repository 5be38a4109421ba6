"""What the courier's tests stand on: a server, a bot that only acts when asked, and trial messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import discord
from sqlalchemy import select, update

from bot.app import App
from bot.core.clock import TurnedClock
from bot.core.outbox import OutboxRow, Said
from bot.edge import kit
from bot.edge.kit import Outgoing
from bot.people.service import Who
from bot.people.tables import Community
from sandbox import Guild, Sandbox
from sandbox.actors import Member
from tests.stage import running


class Killed(BaseException):
    """The process ends here; nothing of it may clean up."""


async def trial(said: Said) -> Outgoing | None:
    """Render a trial message: a forum post with an embed, a card everywhere else."""
    press = kit.button("Go", "trial.go", said.subject)
    if said.target == "forum":
        embed = discord.Embed(title=f"Trial {said.subject}", description="…")
        return Outgoing(embed=embed, legacy_view=kit.legacy_view(press), title=f"Trial {said.subject}")
    return Outgoing(view=kit.card("Trial", f"Number {said.subject}", actions=[press]))


class Scene:
    """A server with a lobby, a forum and a moderators' channel."""

    def __init__(self, url: str, server: Sandbox, clock: TurnedClock) -> None:
        self.url, self.discord, self.clock = url, server, clock
        self.guild: Guild = server.guild("Data Collective", owner="Mia")
        self.guild.text_channel("general")
        self.lobby = self.guild.text_channel("lobby")
        self.mods = self.guild.text_channel("mods")
        self.forum = self.guild.forum("gigs")
        self.members: dict[int, Member] = {}
        self.greeted = False

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[App]:
        """Run the bot until the block ends; entering again is a restart."""
        async with running(self.url, self.discord, self.clock) as app:
            app.courier.register({"trial": trial})
            if not self.greeted:
                await self._greeting(app)
            yield app

    async def _greeting(self, app: App) -> None:
        """Let the bot greet the server first, so that no trouble meant for a trial strikes the greeting."""
        async with asyncio.timeout(30):
            while not self.greeted:
                await app.settled()
                async with app.store.read() as session:
                    self.greeted = await session.scalar(select(OutboxRow.state)) == "done"
                await asyncio.sleep(0.01)

    async def joins(self, app: App, name: str) -> Member:
        """Let someone join whom Kith knows; the community has its lobby then."""
        member = self.guild.member(name)
        async with app.store.write() as session:
            await app.people.known(session, Who(self.guild.id, self.guild.name, member.id, name))
            await session.execute(update(Community).values(lobby_channel_id=self.lobby.id))
        self.members[member.id] = member
        return member

    async def say(
        self, app: App, number: int, to: int, target: str = "person", *, answers_click: bool = False
    ) -> None:
        """Enqueue trial message number so-and-so."""
        async with app.store.write() as session:
            await app.outbox.say(
                session,
                kind="trial",
                subject=number,
                key=f"trial:{number}",
                recipient=to,
                community_id=self.guild.id,
                target=target,
                answers_click=answers_click,
            )

    async def row(self, app: App, number: int = 1) -> OutboxRow:
        """Return a trial message's row."""
        async with app.store.read() as session:
            return (await session.scalars(select(OutboxRow).where(OutboxRow.key == f"trial:{number}"))).one()

    def shown(self, target: str, to: int) -> list[str]:
        """Return the trial messages that arrived at a place, as their texts, oldest first."""
        if target == "forum":
            posts = [post for post in self.guild.threads.values() if post.parent_id == to]
            return [post.name for post in posts]
        if target == "channel":
            channel = self.guild.find(to)
            assert channel is not None
            texts = [str(message.components) for message in channel.messages.values()]
            return [text for text in texts if "Number " in text]
        return [screen.text for screen in self.members[to].inbox]

    def numbers(self, member: Member) -> list[int]:
        """Return which trial messages a member has in their DM, in order."""
        return [int(screen.text.partition("Number ")[2].split()[0]) for screen in member.inbox]

    def opened(self) -> int:
        """Count the requests that opened a DM."""
        return sum(request.path == "/users/@me/channels" for request in self.discord.requests)

    async def later(self, app: App, **time: float) -> None:
        """Turn the clock and let the bot do what is due."""
        await self.clock.advance(timedelta(**time))
        await app.settled()


@asynccontextmanager
async def scene_at(url: str, clock: TurnedClock) -> AsyncIterator[Scene]:
    """Open the server; in the end nothing broke Discord's rules."""
    async with Sandbox(clock, global_rate=0) as server:
        yield Scene(url, server, clock)
        assert server.violations == []
