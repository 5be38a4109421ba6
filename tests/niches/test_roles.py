"""A role per niche, over the wire: made, given, taken, repaired, and what happens when Discord refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from sandbox import permissions
from sandbox.actors import Member
from sandbox.model import Role
from tests.conversations.helpers import community, having, pass_time, restarted
from tests.stage import Stage

OCR = "OCR and documents"
HOUR = timedelta(hours=1, minutes=1)


@asynccontextmanager
async def with_roles(url: str, least: int = 2) -> AsyncIterator[Stage]:
    """A community that wants niche roles."""
    async with community(url) as stage:
        told = await stage.owner.slash(f"/kith niches roles on:True least:{least}")
        assert f"with {least} members or more" in told.text
        await stage.app.settled()
        yield stage


async def joined(stage: Stage, *names: str, niche: str = "ocr") -> list[Member]:
    """Members who joined a niche, with everything done that follows."""
    members = [stage.guild.member(name) for name in names]
    for member in members:
        await member.slash(f"/niche join niche:{niche}")
    await stage.app.settled()
    return members


async def heard(stage: Stage) -> None:
    """Let what happened on the server reach Kith, and what follows from it happen."""
    for _try in range(100):
        await asyncio.sleep(0.01)
        await stage.app.settled()
        if roles(stage):
            break
    await stage.app.settled()


def roles(stage: Stage, name: str = OCR) -> list[Role]:
    return [role for role in stage.guild.roles.values() if role.name == name]


def told(stage: Stage, words: str) -> int:
    """How many messages with these words the moderators got."""
    return len(having(stage.owner.channel("kith-moderators"), words))


async def test_a_niche_large_enough_has_a_role_for_its_members(database_url: str) -> None:
    async with with_roles(database_url) as stage:
        (ana,) = await joined(stage, "Ana")
        assert roles(stage) == []
        (ben,) = await joined(stage, "Ben")
        (role,) = roles(stage)
        assert (role.permissions, role.hoist, role.mentionable) == (0, False, False)
        assert ana.roles == ben.roles == [OCR]
        await ben.slash("/niche leave niche:ocr")
        await stage.app.settled()
        assert (ana.roles, ben.roles) == ([OCR], [])
        assert (await joined(stage, "Caro"))[0].roles == [OCR]
        assert len(roles(stage)) == 1


async def test_without_the_wish_no_role_is_made(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        (ana, _ben) = await joined(stage, "Ana", "Ben")
        assert roles(stage) == []
        await stage.owner.slash("/kith niches roles on:True least:2")
        await stage.app.settled()
        assert ana.roles == [OCR]
        off = await stage.owner.slash("/kith niches roles on:False")
        assert "stay as they are" in off.text
        await ana.slash("/niche leave niche:ocr")
        (caro,) = await joined(stage, "Caro")
        assert (ana.roles, caro.roles) == ([OCR], [])
        await stage.owner.slash("/kith niches roles on:True least:2")
        await stage.app.settled()
        assert caro.roles == [OCR]


async def test_a_deleted_role_is_made_again_also_when_kith_was_away(database_url: str) -> None:
    async with with_roles(database_url) as stage:
        ana, ben = await joined(stage, "Ana", "Ben")
        lost = roles(stage)[0].id
        stage.guild.delete_role(OCR)
        await heard(stage)
        assert roles(stage)[0].id != lost
        assert ana.roles == ben.roles == [OCR]
        await stage.app.close()
        stage.guild.delete_role(OCR)
        async with restarted(stage):
            await heard(stage)
            assert ana.roles == ben.roles == [OCR]
            assert len(roles(stage)) == 1


async def test_a_role_of_that_name_is_used_unless_it_could_do_harm(sqlite_url: str) -> None:
    async with with_roles(sqlite_url) as stage:
        powerful = stage.guild.role(OCR, permissions=permissions.KICK_MEMBERS)
        high = stage.guild.role(OCR, above_bot=True)
        plain = stage.guild.role(OCR)
        ana, _ben = await joined(stage, "Ana", "Ben")
        assert {role.id for role in roles(stage)} == {powerful.id, high.id, plain.id}
        assert stage.guild.members[ana.id].roles == [plain.id]


@pytest.mark.parametrize("fault", [{"status": 503, "times": 6}, {"drop": "after"}])
async def test_a_crash_after_making_a_role_makes_no_twin(sqlite_url: str, fault: dict[str, object]) -> None:
    async with with_roles(sqlite_url) as stage:
        struck = stage.discord.faults.add(method="POST", path=r"/roles$", **fault)
        ana, ben = await joined(stage, "Ana", "Ben")
        assert struck.hits
        stage.discord.faults.clear()
        async with restarted(stage):
            await pass_time(stage, HOUR)
            assert len(roles(stage)) == 1
            assert ana.roles == ben.roles == [OCR]


async def test_a_role_above_kiths_is_told_once_and_caught_up_with(database_url: str) -> None:
    async with with_roles(database_url) as stage:
        ana, ben = await joined(stage, "Ana", "Ben")
        stage.guild.move_role(stage.guild.bot_role, above="@everyone")
        await ben.slash("/niche leave niche:ocr")
        (caro,) = await joined(stage, "Caro")
        assert told(stage, "stands above my own role") == 1
        async with restarted(stage):
            for _hour in range(3):
                await pass_time(stage, HOUR)
            (dan,) = await joined(stage, "Dan")
            assert told(stage, "stands above my own role") == 1
            assert (caro.roles, dan.roles, ben.roles) == ([], [], [OCR])
            stage.guild.move_role(stage.guild.bot_role, above=OCR)
            await pass_time(stage, HOUR)
            await pass_time(stage, HOUR)
            assert (ana.roles, caro.roles, dan.roles, ben.roles) == ([OCR], [OCR], [OCR], [])
            stage.guild.move_role(stage.guild.bot_role, above="@everyone")
            await joined(stage, "Eve")
            assert told(stage, "stands above my own role") == 2


async def test_without_the_right_kith_says_so_once(sqlite_url: str) -> None:
    async with with_roles(sqlite_url) as stage:
        stage.guild.forbid_bot(permissions.MANAGE_ROLES)
        ana, _ben = await joined(stage, "Ana", "Ben")
        await joined(stage, "Caro", "Dan", niche="energy")
        await pass_time(stage, HOUR)
        assert told(stage, "miss the server permission") == 1
        stage.guild.allow_bot(permissions.MANAGE_ROLES)
        await pass_time(stage, HOUR)
        await pass_time(stage, HOUR)
        assert ana.roles == [OCR]
        assert roles(stage, "Energy and utilities")
        assert told(stage, "miss the server permission") == 1


async def test_a_full_server_is_told_once_and_tried_again(sqlite_url: str) -> None:
    async with with_roles(sqlite_url) as stage:
        filler = [stage.guild.role(f"Role {number}") for number in range(250 - len(stage.guild.roles))]
        ana, ben = await joined(stage, "Ana", "Ben")
        await joined(stage, "Ana", "Ben", niche="energy")
        await pass_time(stage, HOUR)
        assert told(stage, "250 roles") == 1
        assert len(stage.guild.roles) == 250
        for role in filler[:2]:
            stage.guild.delete_role(role)
        await pass_time(stage, HOUR)
        assert sorted(ana.roles) == sorted(ben.roles) == ["Energy and utilities", OCR]


async def test_whoever_left_the_server_is_skipped(sqlite_url: str) -> None:
    async with with_roles(sqlite_url) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        await ana.slash("/niche join niche:ocr")
        await ben.slash("/niche join niche:ocr")
        ana.leave()
        await stage.app.settled()
        assert ben.roles == [OCR]
        assert having(stage.owner.channel("kith-moderators"), "cannot give") == []


async def test_a_merge_changes_roles_and_a_new_name_renames_them(database_url: str) -> None:
    async with with_roles(database_url) as stage:
        ana, ben = await joined(stage, "Ana", "Ben", niche="nlp")
        (caro, dan) = await joined(stage, "Caro", "Dan", niche="llm")
        await stage.owner.slash("/kith niches merge from:nlp into:llm")
        await stage.owner.press("Merge: 2 members move.")
        await stage.app.settled()
        for member in (ana, ben, caro, dan):
            assert member.roles == ["LLM applications"]
        await stage.owner.slash('/kith niches rename niche:llm name:"Language models"')
        await stage.app.settled()
        assert ana.roles == ["Language models"]
        assert roles(stage, "LLM applications") == []


async def test_the_role_goes_along_when_only_the_merged_niche_had_one(sqlite_url: str) -> None:
    async with with_roles(sqlite_url) as stage:
        ana, ben = await joined(stage, "Ana", "Ben", niche="nlp")
        (caro,) = await joined(stage, "Caro", niche="llm")
        (role,) = roles(stage, "Natural language")
        await stage.owner.slash("/kith niches merge from:nlp into:llm")
        await stage.owner.press("Merge: 2 members move.")
        await stage.app.settled()
        assert role.name == "LLM applications"
        assert [m.roles for m in (ana, ben, caro)] == [["LLM applications"]] * 3


async def test_an_imported_role_stays_with_those_who_held_it(sqlite_url: str) -> None:
    async with with_roles(sqlite_url, least=50) as stage:
        holder, role = stage.guild.member("Holder"), stage.guild.role("OCR")
        stage.guild.give_role(holder, role)
        await stage.owner.slash("/kith niches import role:OCR")
        assert "Whoever joins gets the role" in (await stage.owner.press(f"Yes: {OCR}")).text
        (ana,) = await joined(stage, "Ana")
        await holder.slash("/niche join niche:energy")
        await stage.app.settled()
        assert (ana.roles, holder.roles) == (["OCR"], ["OCR"])
        await ana.slash("/niche leave niche:ocr")
        await stage.app.settled()
        assert (ana.roles, holder.roles) == ([], ["OCR"])


async def test_the_roles_of_a_member_are_known(sqlite_url: str) -> None:
    async with with_roles(sqlite_url) as stage:
        ana, _ben = await joined(stage, "Ana", "Ben")
        service = stage.app.niches
        async with service.store.read() as session:
            view = await service.people.find(session, stage.guild.id, ana.id)
            assert view is not None
            assert await service.roles_of(session, view.id) == [roles(stage)[0].id]
            assert await service.roles_of(session, 10**9) == []


async def test_whoever_hides_their_niches_wears_no_role(database_url: str) -> None:
    async with with_roles(database_url) as stage:
        ana, ben = await joined(stage, "Ana", "Ben")
        await sees_my_niches(ana, everyone=False)
        await stage.app.settled()
        assert (ana.roles, ben.roles) == ([], [OCR])
        await ana.slash("/niche join niche:energy")
        await joined(stage, "Cleo", niche="energy")
        assert ana.roles == []
        await sees_my_niches(ana, everyone=True)
        await stage.app.settled()
        assert set(ana.roles) == {OCR, "Energy and utilities"}


async def sees_my_niches(member: Member, *, everyone: bool) -> None:
    """Say in the form whether everyone may see the niches."""
    await member.choose("Change something else", "Who sees what", on=await member.slash("/profile view"))
    parts = ["Headline", "Your niches"] if everyone else ["Headline"]
    assert "Saved" in (await member.submit({"Everyone here may see": parts})).text
