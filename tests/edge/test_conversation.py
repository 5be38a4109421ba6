"""Conversations over the real wire: answered once, in time, in words, also after a restart."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.core.clock import TurnedClock
from bot.core.errors import KithError
from bot.edge import kit
from bot.edge.answer import answer_of, who
from bot.edge.buttons import Press
from bot.edge.client import Kith, point_at
from bot.edge.forms import FormModal, FormSpec, Submission, Values, text_field
from cogs import core as core_cog
from sandbox.server import Sandbox


class Kept:
    """Drafts and small facts in memory; outlives a restart of the bot."""

    def __init__(self) -> None:
        self.drafts: dict[str, tuple[int, str, str, Values]] = {}
        self.facts: dict[str, str] = {}
        self.stopped: list[int] = []
        self.waiting: list[tuple[int, kit.Outgoing]] = []

    async def save(self, person_id: int, form: str, state: str, values: Mapping[str, Any]) -> str:
        self.drafts["d1"] = (person_id, form, state, dict(values))
        return "d1"

    async def load(self, draft_id: str, person_id: int) -> tuple[str, str, Values] | None:
        owner, form, state, values = self.drafts[draft_id]
        return (form, state, values) if owner == person_id else None

    async def get(self, key: str) -> str | None:
        return self.facts.get(key)

    async def set(self, key: str, value: str) -> None:
        self.facts[key] = value

    async def stop(self, person_id: int) -> None:
        self.stopped.append(person_id)

    async def off(self, _person_id: int, _community_id: int | None) -> list[str]:
        return []

    async def inbox(self, _person_id: int) -> list[tuple[int, kit.Outgoing]]:
        return list(self.waiting)

    async def read_in_inbox(self, ids: list[int]) -> None:
        self.waiting = [one for one in self.waiting if one[0] not in ids]


async def until(so: Callable[[], bool]) -> None:
    """Wait for what follows after the first answer."""
    async with asyncio.timeout(30):
        while not so():  # noqa: ASYNC110 - what is awaited is on the screen, not in an event
            await asyncio.sleep(0.01)


async def trial_setup(bot: Kith) -> None:  # noqa: C901 - a handful of tiny handlers side by side
    """Add one command, button and form of each kind of trouble."""

    @bot.tree.command(name="try", description="Try something")
    async def trial(interaction: discord.Interaction[Any], how: str) -> None:
        answer = answer_of(interaction)
        if how == "refused":
            raise KithError("full", name="*Ana*")
        if how == "broken":
            raise ZeroDivisionError
        if how == "slow":
            await bot.clock.sleep(10)
        if how == "form":
            await answer.form(await build("s:1", None, interaction))
            return
        if how != "silent":
            press = kit.button("Count", "trial.count", 1)
            await answer.show(kit.card("Hello", who(interaction).name, actions=[press]))

    @trial.autocomplete("how")
    async def how(_interaction: discord.Interaction[Any], text: str) -> list[app_commands.Choice[str]]:
        if text == "broken":
            raise ZeroDivisionError
        return [app_commands.Choice(name="slow", value="slow")]

    async def count(press: Press) -> None:
        following = kit.button("Count", "trial.count", int(press.args[0]) + 1)
        await press.answer.update(kit.card(f"Counted {press.args[0]}", actions=[following]))

    async def build(state: str, values: Values | None, _interaction: object) -> FormModal:
        filled = (values or {}).get("word")
        return bot.forms.modal("trial", state, "A form", [text_field("word", "Word", value=filled)])

    async def submit(sent: Submission) -> None:
        if sent.text("word") == "bad":
            raise KithError("full", name="bad")
        await sent.answer.show(kit.card("Sent", sent.text("word"), sent.state))

    bot.buttons.register("trial.count", count)
    bot.forms.register(FormSpec("trial", build, submit))
    bot.sentences["full"] = "{name} is full."


@asynccontextmanager
async def running(sandbox: Sandbox, clock: TurnedClock, kept: Kept) -> AsyncIterator[Kith]:
    """Run the bot against the sandbox."""
    point_at(sandbox.api_url, sandbox.gateway_url)

    async def core_setup(bot: Kith) -> None:
        await core_cog.setup(bot, kept, kept.stop, kept.off)

    bot = Kith(clock, drafts=kept, remembered=kept, setups=[trial_setup, core_setup], ready_timeout=0.05)
    task = asyncio.create_task(bot.start(sandbox.token))
    ready = asyncio.create_task(bot.wait_until_ready())
    await asyncio.wait({task, asyncio.create_task(sandbox.connected())}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    await ready
    try:
        yield bot
    finally:
        await bot.close()
        await task


@pytest.fixture
async def discord_here(clock: TurnedClock) -> AsyncIterator[Sandbox]:
    """A Discord on loopback with one guild."""
    async with Sandbox(clock) as sandbox:
        guild = sandbox.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        yield sandbox


async def test_a_talk_with_commands_buttons_and_forms(discord_here: Sandbox, clock: TurnedClock) -> None:
    kept, guild = Kept(), discord_here.bot_guilds()[0]
    ana = guild.member("Ana")
    async with running(discord_here, clock, kept):
        screen = await ana.slash("/try how:hello")
        assert "Hello" in screen.text
        assert screen.ephemeral
        assert "Counted 1" in (await ana.press("Count")).text
        assert "full" in (await ana.slash("/try how:refused")).text
        broken = await ana.slash("/try how:broken")
        assert "Reference:" in broken.text
        assert "ZeroDivision" not in broken.text
        assert not (await ana.slash("/try how:silent")).failed
        assert await ana.autocomplete("/try how:", "broken") == []
        assert await ana.autocomplete("/try how:", "sl") == [("slow", "slow")]
        assert (await ana.slash("/try how:form")).form is not None
    async with running(discord_here, clock, kept) as bot:
        refused = await ana.submit({"Word": "bad"})
        assert "bad is full" in refused.text
        again = await ana.press("Open it again, filled in")
        assert again.form is not None
        assert "bad" in str(again)
        assert "s:1" in (await ana.submit({"Word": "good"})).text
        assert "Counted 2" in (await ana.press("Count")).text
        store = bot._connection._view_store
        assert not store._modals
        assert not store._views
    syncs = [one for one in discord_here.requests if one.method == "PUT" and one.path.endswith("/commands")]
    assert len(syncs) == 1
    assert not discord_here.violations


async def test_what_takes_long_is_deferred_and_then_answered(
    discord_here: Sandbox, clock: TurnedClock
) -> None:
    ana = discord_here.bot_guilds()[0].member("Ana")
    async with running(discord_here, clock, Kept()):
        typing = asyncio.create_task(ana.slash("/try how:slow"))
        for _step in range(200):
            await asyncio.sleep(0.01)
            await clock.advance(timedelta(seconds=0.1))
            if typing.done():
                break
        assert "Hello" in (await typing).text


async def test_an_event_that_comes_twice_is_answered_once(discord_here: Sandbox, clock: TurnedClock) -> None:
    discord_here.faults.duplicate_interactions = True
    ana = discord_here.bot_guilds()[0].member("Ana")
    async with running(discord_here, clock, Kept()):
        await ana.slash("/try how:hello")
        await ana.press("Count")
        callbacks = [one for one in discord_here.requests if one.path.endswith("/callback")]
        assert len(callbacks) == 2


async def test_stop_asks_once_and_the_inbox_empties(discord_here: Sandbox, clock: TurnedClock) -> None:
    kept = Kept()
    kept.waiting = [(n, kit.Outgoing(view=kit.card(f"Waiting {n}"))) for n in range(6)]
    ana = discord_here.bot_guilds()[0].member("Ana")
    async with running(discord_here, clock, kept):
        assert "/intro join" in (await ana.slash("/help", dm=True)).text
        await ana.slash("/stop", dm=True)
        assert kept.stopped == []
        assert "stopped" in (await ana.press("Stop all messages")).text
        assert kept.stopped == [ana.id]
        await ana.slash("/inbox")
        await until(lambda: len(kept.waiting) == 2 and "Show more" in str(ana.screens))
        await ana.press("Show more")
        await until(lambda: not kept.waiting)
        assert "Nothing is waiting" in (await ana.slash("/inbox")).text
