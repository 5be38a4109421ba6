"""Suggestions as members and moderators live them, over the wire."""

from datetime import timedelta

from sandbox import permissions
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import NASTY, community, forge, having, newcomer, pass_time, restarted
from tests.stage import Stage

HYDROGEN = '/niche suggest name:"Hydrogen storage" axis:industry'


async def suggested(stage: Stage, name: str = "Ana") -> tuple[Member, Screen]:
    """A member whose suggestion is with the moderators, and the message they got."""
    member = stage.guild.member(name)
    told = await member.slash(HYDROGEN)
    assert "with the moderators now" in told.text
    assert "by DM" in told.text
    await stage.app.settled()
    return member, stage.owner.channel("kith-moderators")[-1]


async def test_a_near_duplicate_is_joined_in_place(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = stage.guild.member("Ana")
        near = await ana.slash('/niche suggest name:"Solar energy" axis:industry')
        assert "There is already *Energy and utilities*" in near.text
        assert "You are in *Energy and utilities*" in (await ana.press("Join Energy and utilities")).text
        await stage.app.settled()
        assert not having(stage.owner.channel("kith-moderators"), "suggested")


async def test_a_suggestion_is_accepted_and_its_member_told(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, asked = await suggested(stage)
        assert "Hydrogen storage" in asked.text
        done = await stage.owner.press("Accept", on=asked)
        assert "is a niche now" in done.text
        await stage.app.settled()
        (told,) = having(ana.inbox, "took up your suggestion")
        assert "You are in it." in told.text
        assert "Data Collective" in told.text
        assert "Stop all messages" in told.buttons
        assert "Hydrogen storage" in (await ana.slash("/profile view")).text
        assert ("Hydrogen storage", "hydrogen-storage") in await ana.autocomplete(
            "/niche join niche:", "hydro"
        )


async def test_suggesting_in_spite_of_a_near_one(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        near = await ana.slash('/niche suggest name:"Energy: solar parks" axis:industry')
        async with restarted(stage):
            assert "with the moderators" in (await ana.press("No, suggest mine", on=near)).text
            assert "already" in (await forge(ana, near, "No, suggest mine")).text
            await stage.app.settled()
            asked = stage.owner.channel("kith-moderators")[-1]
            assert "Energy: solar parks" in asked.text
            done = await stage.owner.choose("It is the same as …", "Energy and utilities", on=asked)
            assert "is the same as *Energy and utilities*" in done.text
            await stage.app.settled()
            assert having(ana.inbox, "Here it is called *Energy and utilities*")
            assert "Energy and utilities" in (await ana.slash("/profile view")).text


async def test_a_refusal_is_told_kindly(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, asked = await suggested(stage)
        await stage.owner.press("Refuse", on=asked)
        await stage.app.settled()
        assert having(ana.inbox, "Thank you for it")
        assert not await ana.autocomplete("/niche join niche:", "hydrogen st")


async def test_the_second_moderator_sees_what_was_decided(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, asked = await suggested(stage)
        noor = stage.guild.member("Noor")
        stage.guild.give_role(noor, stage.guild.role("Mods", permissions=permissions.MANAGE_GUILD))
        queue = await noor.slash("/kith niches queue")
        await stage.owner.press("Accept", on=asked)
        late = await noor.press("Refuse", on=queue)
        assert "is a niche now" in late.text
        assert "decided before" in late.text
        assert "No suggestion waits" in late.text
        await stage.app.settled()
        assert len(having(ana.inbox, "Hydrogen storage")) == 1


async def test_only_moderators_decide_merge_and_import(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, asked = await suggested(stage)
        merge = await stage.owner.slash("/kith niches merge from:nlp into:llm")
        stage.guild.role("Beekeepers")
        asks = await stage.owner.slash("/kith niches import role:Beekeepers")
        for screen, label in ((asked, "Accept"), (asked, "Refuse"), (merge, "Merge: 0 members move.")):
            assert "for moderators" in (await forge(ana, screen, label)).text
        menu = asks.find_select("Make a new niche of it")
        assert menu is not None
        data = {"custom_id": menu.custom_id, "component_type": 3, "values": ["industry"]}
        assert "for moderators" in (await ana._use("forges", ana.channel("general")[0], data)).text
        assert "Natural language" in {
            name for name, _ in await ana.autocomplete("/niche join niche:", "natural")
        }


async def test_forged_ids_are_answered_in_words(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        public = ana.channel("general")[0]
        for actor, ids in (
            (stage.owner, ("niche.accept:x", "niche.accept:" + "9" * 60, "niche.refuse:77", "niche.accept")),
            (stage.owner, ("niche.link:1:ocr", "niche.merge:nlp", "niche.merge:nlp:zz-qq")),
            (stage.owner, ("niche.from_role:7", "niche.same:1")),
            (ana, ("niche.join_one:9", "niche.join_one:²", "niche.mine:planet:Foo")),
            (ana, ("niche.join_near", "niche.join", "niche.mine:industry:a:b:c")),
            (ana, ("niche.mine:industry:" + "x" * 60, "niche.mine")),
        ):  # fmt: skip
            for custom_id in ids:
                data = {"custom_id": f"k:{custom_id}", "component_type": 2}
                answer = await actor._use("forges", public, data)
                assert answer.text
                assert not answer.failed
                assert "reference" not in answer.text.lower(), answer.text
                assert "You are in" not in answer.text


async def test_hostile_names_are_harmless(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        refused = await ana.slash('/niche suggest name:"@everyone" axis:industry')
        assert "nobody is pinged" in refused.text
        await ana.slash(f'/niche suggest name:"{NASTY[:38]}" axis:technique')
        if any(label == "No, suggest mine" for label in ana.screens[-1].buttons):
            await ana.press("No, suggest mine")
        await stage.app.settled()
        asked = stage.owner.channel("kith-moderators")[-1]
        assert "**bold**" not in asked.text
        await stage.owner.press("Accept", on=asked)
        for screen in (await ana.slash("/niche browse"), await ana.slash("/profile view")):
            assert "bold" in screen.text
            assert "**bold**" not in screen.text


async def test_the_queue_shows_the_next_once_one_is_decided(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        for number in range(6):
            member = await newcomer(stage, f"Member {number}")
            await member.slash(f'/niche suggest name:"Zqx{"abcdef"[number] * 4} wvut" axis:technique')
            if "Is it one of these" in member.screens[-1].text:
                await member.press("No, suggest mine")
        queue = await stage.owner.slash("/kith niches queue")
        assert "and 2 more" in queue.text
        after = await stage.owner.press("Refuse", on=queue)
        assert "was not taken up" in after.text
        assert "and 1 more" in after.text


async def test_a_failed_answer_arrives_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, asked = await suggested(stage)
        await stage.owner.press("Accept", on=asked)
        struck = stage.discord.faults.add(method="POST", path=r"/messages$", status=503)
        await stage.app.settled()
        assert struck.hits == 1
        await pass_time(stage, timedelta(minutes=3))
        assert len(having(ana.inbox, "took up your suggestion")) == 1
