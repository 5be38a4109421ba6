"""Finding over the wire: what members type, press and read."""

from datetime import timedelta

import pytest

from bot.people.service import ProfileEdit, Who
from sandbox.actors import Member
from tests.conversations.helpers import NASTY, SENDS, community, forge, pass_time, restarted
from tests.stage import Stage


def acting(stage: Stage, member: Member) -> Who:
    return Who(stage.guild.id, stage.guild.name, member.id, member.name)


async def listed(stage: Stage, name: str, /, *niches: str, **profile: object) -> Member:
    """A member whom others can find."""
    member = stage.guild.member(name)
    them = acting(stage, member)
    await stage.app.people.list_me(them, listed=True)
    if niches:
        await stage.app.niches.join_all(them, list(niches))
    await stage.app.people.edit_profile(them, ProfileEdit(**profile))  # type: ignore[arg-type]
    return member


async def crowd(stage: Stage, count: int) -> list[Member]:
    return [await listed(stage, f"Member {n:02}", "energy") for n in range(count)]


async def test_found_paged_and_looked_at(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = stage.guild.member("Ana")
        await crowd(stage, 6)
        await listed(stage, "Ben", "energy", headline="Forecasts", disciplines=("analyst",), stage="booked")
        assert ("Energy and utilities", "energy") in await ana.autocomplete("/find niche:", "enrgy")
        assert await ana.autocomplete("/find offer:", "pric")
        assert await ana.autocomplete("/find language:", "portu")
        first = await ana.slash("/find niche:energy")
        assert first.ephemeral
        for words in ("Looking for: niche", "**Ben**", "Forecasts", "Data analyst · Booked"):
            assert words in first.text.replace("\\", "")
        assert "Member 01" not in first.text
        second = await ana.press("More", on=first)
        assert "Member 01" in second.text
        assert "Member 00" in second.text
        back = await ana.press("Back", on=second)
        assert "Ben" in back.text
        profile = await ana.choose("Look at", "Ben", on=back)
        assert "Forecasts" in profile.text
        assert profile.find_button("Report")
        only = await ana.slash("/find niche:energy stage:booked discipline:analyst")
        assert "Ben" in only.text
        assert "Member" not in only.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/find niche:qqqqzzzz", "I do not know the niche"),
        ("/find offer:data", "Did you mean"),
        ('/find offer:"**@everyone** zzqq"', "I do not know the offer"),
        ("/find language:klingon", "I do not know the language"),
    ],
)
async def test_an_unknown_word_is_refused_in_words(sqlite_url: str, line: str, told: str) -> None:
    async with community(sqlite_url) as stage:
        refused = await stage.guild.member("Ana").slash(line)
        assert told in refused.text
        assert "**@everyone**" not in refused.text


async def test_nobody_yet_widen_alert_newcomer_told_once_and_stopped(database_url: str) -> None:
    async with community(database_url) as stage:
        ana = stage.guild.member("Ana")
        await listed(stage, "Ben", "energy")
        nobody = await ana.slash("/find niche:energy stage:booked")
        assert "Nobody yet" in nobody.text
        assert "at most one DM a day" in nobody.text  # said before it is agreed to
        wider = await ana.press("Without Booked (1)", on=nobody)
        assert "Ben" in wider.text
        nobody = await ana.slash("/find niche:energy stage:booked")
        kept = await ana.press("Tell me when someone comes", on=nobody)
        assert "At most one message a day" in kept.text
        again = await ana.press("Tell me when someone comes", on=nobody)
        assert "already" in again.text
        await listed(stage, "Cleo", "energy", stage="booked", headline=NASTY)
        await listed(stage, "Dan", "energy", stage="booked")
        await stage.app.settled()
        (message,) = ana.inbox
        for words in ("Cleo", "Dan", "Data Collective", "/stop"):
            assert words in message.text
        looked = await ana.choose("Look at", "Cleo", on=message)
        assert r"Hi \*\*bold\*\*" in looked.text
        everyone = await ana.press("Show everyone", on=message)
        assert "Dan" in everyone.text
        await pass_time(stage, timedelta(days=2))
        assert len(ana.inbox) == 1
        listing = await ana.press("My alerts", on=message)
        assert "**Booked**" in listing.text
        assert "no longer look out" in (await ana.press("Stop this alert", on=message)).text
        assert "was not looking out" in (await ana.press("Stop this alert", on=message)).text
        await listed(stage, "Eva", "energy", stage="booked")
        await pass_time(stage, timedelta(days=2))
        assert len(ana.inbox) == 1


async def test_an_alert_is_stopped_from_the_list(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        nobody = await ana.slash("/find stage:booked open_for_work:true")
        assert "None yet" in (await ana.press("My alerts", on=nobody)).text
        await ana.press("Tell me when someone comes", on=nobody)
        listing = await ana.press("My alerts", on=nobody)
        stopped = await ana.choose("Stop one", "Booked + open for work", on=listing)
        assert "no longer look out" in stopped.text
        assert "None yet" in (await ana.press("My alerts", on=nobody)).text


async def test_buttons_outlive_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await crowd(stage, 7)
        first = await ana.slash("/find")
        async with restarted(stage):
            second = await ana.press("More", on=first)
            assert "Member 00" in second.text
            assert "I will write to you" in (await ana.press("Tell me when someone comes", on=second)).text


async def test_a_strangers_press_and_forged_ids_change_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, eve = stage.guild.member("Ana"), stage.guild.member("Eve")
        await crowd(stage, 7)
        first = await ana.slash("/find")
        for label in ("More", "Tell me when someone comes", "My alerts"):
            assert "belongs to someone else" in (await forge(eve, first, label)).text
        public = eve.channel("general")[0]
        for forged in (
            "k:find.page", "k:find.page:x:older:0", "k:find.page:1:up:0", "k:find.page:1:older:-1",
            f"k:find.page:{10**30}:older:0", f"k:find.page:1:older:{10**17}", "k:find.keep:999999999",
            "k:find.widen:1", "k:find.stop", "k:find.alerts:²", "k:find.look:1",
        ):  # fmt: skip
            told = await eve._use(f"forges {forged}", public, {"custom_id": forged, "component_type": 2})
            assert "no longer keep" in told.text or "someone else" in told.text, (forged, told.text)
        for value in ("x", str(10**30), "999999999"):
            data = {"custom_id": "s:find.look:1", "component_type": 3, "values": [value]}
            told = await ana._use("forges a choice", ana.look(first.message), data)  # type: ignore[arg-type]
            assert "no longer" in told.text


async def test_who_left_or_hides_between_pages_is_gone(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        members = await crowd(stage, 7)
        first = await ana.slash("/find niche:energy")
        await stage.app.people.list_me(acting(stage, members[1]), listed=False)
        hides = ProfileEdit(visibility={"niches": "nobody"})
        await stage.app.people.edit_profile(acting(stage, members[6]), hides)
        second = await ana.press("More", on=first)
        assert "Member 00" in second.text
        assert "Member 01" not in second.text
        assert "Member 06" not in (await ana.press("Back", on=second)).text
        await stage.app.people.list_me(acting(stage, members[5]), listed=False)
        gone = await ana.choose("Look at", "Member 05", on=first)
        assert "can no longer be found" in gone.text
        await stage.app.people.list_me(acting(stage, members[0]), listed=False)
        first = await ana.slash("/find niche:energy")
        assert first.find_button("More") is None


async def test_a_page_that_emptied_leads_back(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        members = await crowd(stage, 6)
        first = await ana.slash("/find")
        await stage.app.people.list_me(acting(stage, members[0]), listed=False)
        over = await ana.press("More", on=first)
        assert "That was everyone" in over.text
        assert "Member 05" in (await ana.press("From the start", on=over)).text


async def test_a_closed_dm_waits_in_the_inbox(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        nobody = await ana.slash("/find stage:booked")
        await ana.press("Tell me when someone comes", on=nobody)
        ana.close_dms()
        await listed(stage, "Ben", stage="booked")
        await stage.app.settled()
        assert ana.inbox == []
        assert "Ben" in (await ana.slash("/inbox")).text


async def test_discord_failing_once_sends_one_message(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.press("Tell me when someone comes", on=await ana.slash("/find stage:booked"))
        stage.discord.faults.add(method="POST", path=SENDS, status=500)
        await listed(stage, "Ben", stage="booked")
        await stage.app.settled()
        await pass_time(stage, timedelta(hours=1))
        assert len([one for one in ana.inbox if "Ben" in one.text]) == 1
