"""Buttons, menus and forms with the ids of other people's rows: of another community, of another member.

All that people of one community ever saw is sent in by those who are only in the other, and by somebody else
of the same community: nothing of the first is shown, and nothing that is theirs changes.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.people.tables import Member as MemberRow
from migrations.runner import metadata
from sandbox import Guild
from sandbox.actors import Member
from sandbox.model import Message
from tests.hostile.checks import OURS, raw
from tests.hostile.commands import call, leaves
from tests.hostile.communities import HERE, Communities, two_communities
from tests.hostile.crawling import Found, crawl, press, submit
from tests.hostile.dumps import Dump, Row, changes, dump, rows_of
from tests.stage import Stage

PAUSE = timedelta(seconds=30)


async def all_they_see(stage: Stage, people: list[Member], most: int = 60) -> Found:
    """Press all that these people can press, on their answers, in their messages and in the channels."""
    found = Found()
    for actor in people:
        for command in stage.discord.commands[None]:
            if command.get("type", 1) == 1 and not command.get("default_member_permissions"):
                for path in leaves(command):
                    found.keep(await call(actor, command, path, full=False))
        for screen in (*actor.screens, *actor.inbox, *actor.channel("gigs"), *actor.channel("start-here")):
            found.keep(screen)
        await crawl(actor, [await actor.slash("/gig mine"), await actor.slash("/find")], found, most)
        await stage.app.settled()
    return found


async def of_moderators(stage: Stage, owner: Member, found: Found) -> None:
    """Add what moderators see."""
    for command in stage.discord.commands[None]:
        if command.get("default_member_permissions"):
            for path in leaves(command):
                found.keep(await call(owner, command, path, full=False))
    for screen in owner.channel("kith-moderators"):
        found.keep(screen)


async def forge_all(stage: Stage, actor: Member, found: Found, on: Message, hidden: str | None) -> None:
    """Send everything in as this member; each is answered in words, none with the hidden word."""
    for made, data in found.controls.items():
        shown = await press(actor, data, on)
        assert shown.text.strip(), made
        assert OURS not in shown.text, made
        if hidden is not None and shown.message is not None:
            assert hidden not in raw(shown.message), f"{made}\n{raw(shown.message)}"
        await stage.clock.advance(PAUSE)
    for made, parts in found.forms.items():
        shown = await submit(actor, made, parts, "Forged by somebody else")
        assert shown.text.strip(), made
        assert OURS not in shown.text, made
        if hidden is not None and shown.message is not None:
            assert hidden not in raw(shown.message), f"{made}\n{raw(shown.message)}"
        await stage.clock.advance(PAUSE)


def people_of(world: Communities, guild: Guild) -> tuple[Member, Member]:
    """The moderator and the member who are only there."""
    owner, member = (world.of(guild, moderator=which).actor for which in (True, False))
    return owner, member


@pytest.mark.parametrize("moderator", [False, True])
async def test_ids_of_another_community_show_and_change_nothing(sqlite_url: str, moderator: bool) -> None:
    async with Stage.opened(sqlite_url) as stage:
        world = await two_communities(stage)
        here, there = world.players[0].actor.guild, world.players[-1].actor.guild
        owner, member = people_of(world, here)
        found = await all_they_see(stage, [owner, member])
        await of_moderators(stage, owner, found)
        assert len(found.actions) > 45
        forger = people_of(world, there)[0 if moderator else 1]
        before = rows_of(await dump(stage.app.store), here.id)
        assert all(before[name] for name in ("member", "gig", "checkin", "seat", "outbox", "report"))
        await forge_all(stage, forger, found, world.public[there.id], HERE)
        assert changes(before, rows_of(await dump(stage.app.store), here.id)) == []


async def test_ids_of_another_member_change_nothing_of_theirs(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        world = await two_communities(stage)
        here = world.players[0].actor.guild
        owner, member = people_of(world, here)
        found = await all_they_see(stage, [owner])
        before = await owned_by(stage, owner.id)
        assert len([rows for rows in before.values() if rows]) > 8
        await forge_all(stage, member, found, world.public[here.id], None)
        after = await owned_by(stage, owner.id)
        lost = {name: [row for row in rows if row not in after[name]] for name, rows in before.items()}
        assert {name: rows for name, rows in lost.items() if rows} == {}


async def owned_by(stage: Stage, person_id: int) -> Dump:
    """The rows that name this person or one of their memberships, and nobody else."""
    found = await dump(stage.app.store)
    async with stage.app.store.read() as session:
        every = (await session.execute(select(MemberRow.id, MemberRow.person_id))).all()
    people = dict(every)
    kept: dict[str, list[Row]] = {}
    for table in metadata().sorted_tables:
        to_members = {key.parent.name for key in table.foreign_keys if key.column.table.name == "member"}
        to_people = {key.parent.name for key in table.foreign_keys if key.column.table.name == "person"}
        kept[table.name] = [
            row
            for row in found[table.name]
            if {people[value] for name, value in row if name in to_members and value is not None}
            | {value for name, value in row if name in to_people and value is not None}
            == {person_id}
        ]
    return kept
