"""Moderators over the wire: parts on and off, permissions taken away and given back, coming and going."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.community.tables import Setback
from bot.core.outbox import OutboxRow
from bot.gigs.shelves import board_tags
from bot.people.tables import Community
from sandbox import permissions
from sandbox.actors import Member
from sandbox.line import parse
from sandbox.model import COMMAND, Channel
from sandbox.resolve import chat_data, find_command
from sandbox.screen import Screen
from tests.conversations.helpers import FIRST_ROUND, WEEK, community, having, newcomer, restarted, turn_to
from tests.stage import Stage, running

EVERYTHING = ["Introductions", "Gig board", "Check-ins and pods", "Weekly numbers"]


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with community(sqlite_url) as opened:
        yield opened


async def use(stage: Stage, *parts: str) -> Screen:
    """The owner chooses what Kith does here."""
    await stage.owner.slash("/kith setup")
    screen = await stage.owner.choose("What Kith does here", list(parts))
    await stage.app.settled()
    return screen


async def troubles(stage: Stage) -> list[tuple[int, int]]:
    async with stage.app.store.read() as session:
        return [(row.channel_id, row.code) for row in await session.scalars(select(Setback))]


@contextmanager
def without(stage: Stage, channel: Channel, bits: int) -> Iterator[None]:
    """Somebody takes permissions from the bot in a channel, and gives them back."""
    before = list(channel.overwrites)
    stage.discord.deny(stage.guild, channel, bits)
    yield
    channel.overwrites = before
    stage.discord.emit_channel("UPDATE", channel)


async def noted(stage: Stage) -> list[tuple[int, int]]:
    """What is noted just after somebody got their answer."""
    for _try in range(100):
        if found := await troubles(stage):
            return found
        await asyncio.sleep(0.02)
    return []


# --- parts on and off ------------------------------------------------------------------------------


async def test_introductions_off_mean_no_round_and_on_again_the_next_one(database_url: str) -> None:
    async with community(database_url) as stage:
        for name in ("Ana", "Ben"):
            await (await newcomer(stage, name)).slash("/intro join")
        await stage.app.settled()
        await use(stage, *EVERYTHING[1:])
        ana = stage.guild.member("Ana")
        before = len(ana.inbox)
        await turn_to(stage, FIRST_ROUND + WEEK)
        assert len(ana.inbox) == before
        for line in ("/intro join", "/intro next", "/intro history"):
            assert "does not use introductions" in (await ana.slash(line)).text
        assert "does not use introductions" in (await stage.owner.slash("/kith round preview")).text
        assert "does not use introductions" in (await ana.slash("/intro next", dm=True)).text
        async with restarted(stage):
            await use(stage, *EVERYTHING)
            assert len(ana.inbox) == before
            await turn_to(stage, FIRST_ROUND + 2 * WEEK)
            assert having(ana.inbox, "Meet Ben")


async def test_whoever_takes_part_can_leave_while_it_is_off(stage: Stage) -> None:
    ana = await newcomer(stage, "Ana")
    await ana.slash("/intro join")
    await stage.app.settled()
    await use(stage)
    assert "Introductions are off" in (await ana.press("Leave introductions", on=ana.inbox[-1])).text
    assert "You were not taking part" in (await ana.slash("/intro leave")).text


async def test_old_cards_in_the_dm_answer_kindly(stage: Stage) -> None:
    for name in ("Ana", "Ben"):
        await (await newcomer(stage, name)).slash("/intro join")
    await turn_to(stage, FIRST_ROUND)
    ana = stage.guild.member("Ana")
    card = having(ana.inbox, "Meet Ben")[-1]
    await use(stage, "Gig board")
    assert "does not use introductions" in (await ana.press("Open our room", on=card)).text
    await use(stage, *EVERYTHING)
    assert "Noted" in (await ana.press("Met", on=card)).text or having(ana.inbox, "Meet Ben")


async def test_check_ins_off_write_to_nobody_and_go_on_in_the_next_week(stage: Stage) -> None:
    ana = stage.guild.member("Ana")
    await ana.slash('/profile timezone city:"Lisbon, Portugal"')
    await ana.slash("/checkin start day:Friday hour:9")
    await stage.app.settled()
    before = len(ana.inbox)
    await use(stage, "Introductions")
    await turn_to(stage, FIRST_ROUND + WEEK)
    assert len(ana.inbox) == before
    assert "does not use check-ins" in (await ana.slash("/checkin now")).text
    await use(stage, *EVERYTHING)
    assert len(ana.inbox) == before  # the week that went by is let go
    await turn_to(stage, datetime(2026, 1, 16, 9, tzinfo=UTC))
    assert having(ana.inbox[before:], "Your week")


async def test_without_a_gig_board_no_channel_is_asked_for_it(stage: Stage) -> None:
    screen = await use(stage, "Introductions")
    assert "Gig board** off" in screen.text
    stage.guild.delete_channel("gigs")
    assert "Everything is in place" in (await stage.owner.slash("/kith doctor")).text
    assert "does not use the gig board" in (await stage.guild.member("Ana").slash("/gig post")).text


# --- permissions taken away and given back ---------------------------------------------------------


async def test_what_waits_for_a_permission_is_told_once_and_said_once(database_url: str) -> None:
    async with community(database_url) as stage:
        panel = stage.guild.channel("start-here")
        standing = len(stage.owner.channel(panel))
        with without(stage, panel, permissions.SEND_MESSAGES):
            await stage.owner.slash("/kith setup")
            await stage.owner.press("Post the panel again")
            for _try in range(40):  # longer than any number of attempts would hold
                await stage.clock.advance(timedelta(hours=1))
                await stage.app.settled()
            assert len(having(stage.owner.channel("kith-moderators"), "Something needs a moderator")) == 1
            assert await troubles(stage) == [(panel.id, 50013)]
        async with restarted(stage):
            await stage.clock.advance(timedelta(minutes=11))
            await stage.app.settled()
            assert await troubles(stage) == []
            assert len(stage.owner.channel(panel)) == standing + 1
            assert "it works again" not in (await stage.owner.slash("/kith doctor")).text


async def test_re_check_sends_what_waited_at_once(stage: Stage) -> None:
    panel = stage.guild.channel("start-here")
    standing = len(stage.owner.channel(panel))
    with without(stage, panel, permissions.VIEW_CHANNEL):
        await stage.owner.slash("/kith setup")
        await stage.owner.press("Post the panel again")
        await stage.app.settled()
        told = stage.owner.channel("kith-moderators")[-1]
        assert "allow “View Channel”" in told.text
        assert "1 message waits there" in told.text
        seen = await stage.owner.press("Check permissions", on=told)
        assert "#start-here: I cannot see it" in seen.text
    assert "#start-here: it works again" in (await stage.owner.press("Re-check")).text
    await stage.app.settled()
    assert len(stage.owner.channel(panel)) == standing + 1


async def test_what_cannot_be_said_in_a_channel_that_was_deleted_goes_to_the_next(stage: Stage) -> None:
    await stage.owner.slash("/kith round settings approve:True")
    for name in ("Ana", "Ben"):
        await (await newcomer(stage, name)).slash("/intro join")
    stage.guild.delete_channel("kith-moderators")
    await turn_to(stage, FIRST_ROUND)
    assert having(stage.owner.channel("general"), "Something needs a moderator")
    stage.guild.text_channel("mods")
    await stage.owner.slash("/kith setup moderators:#mods")
    await stage.app.settled()
    assert len(having(stage.owner.channel("mods"), "round")) == 1
    assert await troubles(stage) == []


async def test_rooms_that_cannot_be_opened_are_told_to_moderators_too(stage: Stage) -> None:
    for name in ("Ana", "Ben"):
        await (await newcomer(stage, name)).slash("/intro join")
    await turn_to(stage, FIRST_ROUND)
    ana = stage.guild.member("Ana")
    lobby = stage.guild.channel("lobby")
    card = having(ana.inbox, "Meet Ben")[-1]
    with without(stage, lobby, permissions.CREATE_PRIVATE_THREADS):
        await ana.press("Open our room", on=card)
        assert await noted(stage) == [(lobby.id, 50013)]
        await stage.app.settled()
        told = stage.owner.channel("kith-moderators")[-1].text
        assert "#lobby → Permissions → Kith" in told
        assert "“Create Private Threads”" in told
    assert "it works again" in (await stage.owner.slash("/kith doctor")).text
    await ana.press("Open our room", on=card)
    assert len(ana.threads()) == 1


async def test_an_outage_of_the_server_is_nobodys_fault(stage: Stage) -> None:
    await stage.owner.slash("/kith setup")
    await stage.owner.press("Post the panel again")
    stage.guild.outage()
    await stage.app.settled()
    stage.guild.restore()
    await stage.clock.advance(timedelta(minutes=11))
    await stage.app.settled()
    assert await troubles(stage) == []


# --- who may ---------------------------------------------------------------------------------------


async def forced(member: Member, line: str) -> Screen:
    """A member sends in a command that Discord does not offer them, as a modified client could."""
    place = member._place(None)
    typed = parse(line)
    command = find_command(member.sandbox.commands[None], typed.path[0], (1,))
    return await member._do(line, COMMAND, place.channel, chat_data(command, typed, place, member._suggested))


MODERATORS_COMMANDS = (
    "/kith setup",
    "/kith doctor",
    "/kith settings",
    "/kith preview",
    "/kith audit",
    "/kith export",
    "/kith pause",
    "/kith resume",
    "/kith digest week",
    "/kith digest checkins",
    "/kith round preview",
    "/kith round run",
    "/kith round history",
    "/kith round settings",
    "/kith holidays list",
    "/kith niches queue",
    "/kith reports",
)


@pytest.mark.parametrize("line", MODERATORS_COMMANDS)
async def test_a_command_for_moderators_is_refused_on_our_side_too(stage: Stage, line: str) -> None:
    refused = await forced(stage.guild.member("Ana"), line)
    assert "This is for moderators" in refused.text
    assert refused.ephemeral


async def test_every_button_for_moderators_is_refused_on_our_side(stage: Stage) -> None:
    ana = stage.guild.member("Ana")
    here = ana.channel("general")[0]
    actions = [one for one in stage.app.client.buttons.known() if one.startswith("kith.")]
    assert {"kith.modules", "kith.tags", "kith.audit", "kith.preview"} <= set(actions)
    for action in actions:
        for custom_id in (f"k:{action}", f"k:{action}:0"):
            said = await ana._use(f"forges {action}", here, {"custom_id": custom_id, "component_type": 2})
            assert "This is for moderators" in said.text, action
    opened = await ana._use("forges", here, {"custom_id": "k:form.open:kith.setup:0", "component_type": 2})
    assert "This is for moderators" in opened.text


async def test_a_moderator_of_one_server_sees_nothing_of_another(stage: Stage) -> None:
    await stage.owner.slash("/kith pause")
    await stage.owner.slash("/kith resume")
    other = stage.discord.guild("Elsewhere", owner="Olga")
    other.text_channel("general")
    await stage.app.settled()
    olga = other.member("Olga")
    assert "Nothing yet" in (await olga.slash("/kith audit")).text
    taken = await olga.slash("/kith export")
    assert all(len(file.content.splitlines()) == 1 for file in taken.files)
    async with stage.app.store.read() as session:
        assert (await session.get_one(Community, stage.guild.id)).modules_off == []


# --- coming and going ------------------------------------------------------------------------------


async def test_a_server_that_adds_kith_again_finds_it_as_it_was(stage: Stage) -> None:
    await use(stage, "Introductions", "Weekly numbers")
    before = len(stage.owner.channel("general"))
    stage.guild.remove_bot()
    await stage.app.settled()
    await stage.clock.advance(timedelta(days=2))
    await stage.app.settled()
    stage.guild.add_bot()
    await stage.discord.connected()
    await stage.app.settled()
    assert len(stage.owner.channel("general")) == before  # no second greeting
    assert "Gig board** off" in (await stage.owner.slash("/kith setup")).text
    record = (await stage.owner.slash("/kith audit")).text
    assert "Kith was removed from the server" in record
    assert "Kith was added to the server again" in record


async def test_a_server_that_added_kith_while_it_was_off_is_greeted_once(stage: Stage) -> None:
    await stage.app.close()
    other = stage.discord.guild("Elsewhere", owner="Olga")
    other.text_channel("general")
    for _start in range(2):
        async with running(stage.url, stage.discord, stage.clock) as app:
            stage.app = app
            await app.settled()
            assert len(having(other.member("Olga").channel("general"), "Kith is here")) == 1
    async with running(stage.url, stage.discord, stage.clock) as app:
        stage.app = app
        olga = other.member("Olga")
        await olga.press("Set up", on=olga.channel("general")[-1])
        assert "Created" in (await olga.press("Create what is missing")).text
        assert "Started" in (await olga.press("Start")).text


async def test_setup_goes_on_where_it_was_left(stage: Stage) -> None:
    other = stage.discord.guild("Elsewhere", owner="Olga")
    other.text_channel("general")
    await stage.app.settled()
    olga = other.member("Olga")
    await olga.slash("/kith setup city:Lisbon lobby:#general")
    await olga.choose("What Kith does here", ["Introductions"])
    async with restarted(stage):
        again = await olga.slash("/kith setup")
        assert "✔ **Lobby** #general" in again.text
        assert "Europe/Lisbon" in again.text
        assert "Gig board** off" in again.text
        assert "Started" in (await olga.press("Start")).text


async def test_nothing_of_a_paused_server_is_sent_and_the_record_says_who(stage: Stage) -> None:
    ana = await newcomer(stage, "Ana")
    await stage.owner.slash("/kith pause")
    await ana.slash("/intro join")
    await stage.app.settled()
    assert ana.inbox == []
    await stage.owner.slash("/kith resume")
    await stage.clock.advance(timedelta(minutes=11))
    await stage.app.settled()
    assert having(ana.inbox, "You are in")
    async with stage.app.store.read() as session:
        kinds = [
            row.kind for row in await session.scalars(select(OutboxRow).where(OutboxRow.state != "done"))
        ]
    assert kinds == []
    assert "@Mia let messages go out again" in (await stage.owner.slash("/kith audit")).text


async def test_tags_that_a_forum_lacks_are_named_and_added(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        forum = stage.guild.forum("gigs", tags=("hire",))
        await stage.owner.slash("/kith setup gigs:#gigs")
        seen = await stage.owner.press("Check permissions")
        lacking = [tag for tag in board_tags(()) if tag != "hire"]
        assert "add: " + ", ".join(lacking) in seen.text
        seen = await stage.owner.press("Add the tags")
        assert "✔ Channel chosen" in seen.text
        assert "The forum has its tags" in seen.text
        assert "Add the tags" not in seen.buttons
        assert sorted(tag.name for tag in forum.available_tags) == sorted(board_tags(()))
