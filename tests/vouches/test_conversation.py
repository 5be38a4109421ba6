"""Vouches over the wire: written, offered, shown, taken back."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.service import Who
from cogs.vouches import profile_extra
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import (
    SENDS,
    community,
    forge,
    having,
    held_values,
    newcomer,
    pass_time,
    restarted,
)
from tests.stage import Stage

TEXT = "What would you tell others about them?"
WORDS = "She explained our forecasts very well."
OTHERS = "She explained our forecasts, and my client signed."


async def everybody(_session: AsyncSession, _giver_id: int, _receiver_id: int) -> bool:
    """Say that these two met."""
    return True


async def acquainted(stage: Stage, *, met: bool = True) -> tuple[Member, Member]:
    """Two members; the second takes part in introductions."""
    if met:
        stage.app.vouches.met.append(everybody)
    ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
    await ben.slash("/intro join")
    await stage.app.settled()
    return ana, ben


async def offered(stage: Stage, words: str = WORDS) -> tuple[Member, Member, Screen]:
    """Ana has vouched for Ben, and Ben has the DM."""
    ana, ben = await acquainted(stage)
    await ana.slash("/vouch member:Ben")
    sent = await ana.submit({TEXT: words})
    assert "once they say so" in sent.text
    await stage.app.settled()
    return ana, ben, having(ben.inbox, "vouches for you")[0]


async def on_profile(stage: Stage, ben: Member) -> str:
    """What the profile of Ben shows of vouches."""
    who = Who(stage.guild.id, stage.guild.name, ben.id, ben.name)
    view = await stage.app.people.mine(who)
    return "\n".join(str(block) for block in await profile_extra(stage.app.vouches)(view))


async def forged(member: Member, custom_id: str, kind: int = 2, **more: object) -> Screen:
    """Send in a button or menu that Kith never made."""
    data = {"custom_id": custom_id, "component_type": kind, **more}
    return await member._use("forges", member.channel("general")[0], data)


async def test_a_vouch_is_shown_once_accepted(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, asked = await offered(stage)
        assert WORDS in asked.text
        assert "Data Collective" in asked.text
        assert await on_profile(stage, ben) == ""
        assert "Stop all messages?" in (await ben.press("Stop all messages", on=asked)).text
        assert "stands on your profile now" in (await ben.press("Show it on my profile", on=asked)).text
        assert f"“{WORDS}” — Ana" in await on_profile(stage, ben)
        assert "stands on their profile" in (await ana.slash("/vouch member:Ben")).text
        assert "on your profile" in (await ben.slash("/vouch")).text


async def test_only_people_who_met_can_vouch(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await acquainted(stage, met=False)
        zed = stage.guild.member("Zed")
        assert "people you met" in (await ana.slash("/vouch member:Ben")).text
        assert "people you met" in (await ana.menu("Vouch", zed)).text
        assert "people you met" in (await zed.menu("Vouch", ana)).text
        assert "That is you" in (await ana.menu("Vouch", ana)).text
        assert "none yet" in (await ana.slash("/vouch")).text
        assert "people you met" in (await forged(ana, f"k:form.open:vouch.write:{ben.id}")).text


async def test_too_short_words_come_back_filled_in_also_after_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await acquainted(stage)
        await ana.menu("Vouch", ben)
        refused = await ana.submit({TEXT: "Nice."})
        assert "at least 20" in refused.text
        async with restarted(stage):
            stage.app.vouches.met.append(everybody)
            again = await ana.press("Open it again, filled in", on=refused)
            assert held_values(again)[TEXT] == ("Nice.",)
            assert "once they say so" in (await ana.submit({TEXT: WORDS})).text
            await stage.app.settled()
            assert having(ben.inbox, "vouches for you")


async def test_the_giver_never_hears_no(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, asked = await offered(stage)
        own = await ana.slash("/vouch member:Ben")
        assert "not on their profile" in own.text
        before = len(ana.inbox)
        said = await ben.press("No, thank you", on=asked)
        assert "They are not told" in said.text
        await stage.app.settled()
        assert len(ana.inbox) == before
        seen = await ana.slash("/vouch member:Ben")
        assert seen.text == own.text
        assert "stands on your profile now" in (await ben.press("Show it on my profile", on=said)).text


async def test_changed_words_are_asked_about_again_on_the_old_card(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, asked = await offered(stage)
        own = await ana.slash("/vouch member:Ben")
        form = await ana.press("Edit", on=own)
        assert held_values(form)[TEXT] == (WORDS,)
        await ana.submit({TEXT: OTHERS})
        now = await ben.press("Show it on my profile", on=asked)
        assert "changed the words" in now.text
        assert OTHERS in now.text
        assert await on_profile(stage, ben) == ""
        await ben.press("Show it on my profile", on=now)
        assert OTHERS in await on_profile(stage, ben)
        assert "nothing changed" in (await _again(ana, OTHERS)).text


async def _again(ana: Member, words: str) -> Screen:
    own = await ana.slash("/vouch member:Ben")
    await ana.press("Edit", on=own)
    return await ana.submit({TEXT: words})


async def test_either_side_takes_it_off_and_pressing_twice_is_answered(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, asked = await offered(stage)
        await ben.press("Show it on my profile", on=asked)
        assert "already" in (await forge(ben, asked, "Show it on my profile")).text
        listed = await ben.slash("/vouch")
        one = await ben.choose("About me: show or take down", "Ana", on=listed)
        assert "not shown" in (await ben.press("Take it off my profile", on=one)).text
        assert await on_profile(stage, ben) == ""
        mine = await ana.choose("By me: change or withdraw", "Ben", on=await ana.slash("/vouch"))
        assert "are gone" in (await ana.press("Withdraw", on=mine)).text
        assert "gone already" in (await forge(ana, mine, "Withdraw")).text
        assert "taken back" in (await forge(ben, one, "Take it off my profile")).text
        assert "taken back" in (await ben.choose("About me: show or take down", "Ana", on=listed)).text


async def test_buttons_outlive_a_restart_and_strangers_change_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, asked = await offered(stage)
        own = await ana.slash("/vouch member:Ben")
        zed = stage.guild.member("Zed")
        async with restarted(stage):
            for member in (ana, zed):
                for label in ("Show it on my profile", "No, thank you"):
                    assert "belongs to someone else" in (await forge(member, asked, label)).text
            assert "belongs to someone else" in (await forge(ben, own, "Withdraw")).text
            await ben.press("Show it on my profile", on=asked)
            assert WORDS in await on_profile(stage, ben)


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "99999", "٣", ""])
async def test_forged_ids_are_answered_in_words(sqlite_url: str, number: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for action in ("vouch.show", "vouch.decline", "vouch.withdraw"):
            assert "taken back" in (await forged(ana, f"k:{action}:{number}")).text
        assert "taken back" in (await forged(ana, "s:vouch.open:1", 3, values=[number or "y"])).text
        opened = await forged(ana, f"k:form.open:vouch.write:{number}")
        assert "taken back" in opened.text or "people you met" in opened.text


async def test_a_failed_dm_arrives_once(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await acquainted(stage)
        await ana.slash("/vouch member:Ben")
        await ana.submit({TEXT: WORDS})
        struck = stage.discord.faults.add(method="POST", path=SENDS, status=503)
        await stage.app.settled()
        assert struck.hits == 1
        await pass_time(stage, timedelta(minutes=10))
        await pass_time(stage, timedelta(minutes=10))
        assert len(having(ben.inbox, "vouches for you")) == 1


async def test_without_any_yes_it_waits_in_the_inbox(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await acquainted(stage)
        await ana.slash("/vouch member:Ben")
        await ben.slash("/intro leave")
        before = len(ben.inbox)
        await ana.submit({TEXT: WORDS})
        await stage.app.settled()
        assert len(ben.inbox) == before
        waiting = await ben.slash("/inbox")
        assert WORDS in waiting.text
        await ben.press("Show it on my profile", on=waiting)
        assert WORDS in await on_profile(stage, ben)


async def test_words_taken_back_before_they_arrive_are_never_sent(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben = await acquainted(stage)
        await ana.slash("/vouch member:Ben")
        sent = await ana.submit({TEXT: WORDS})
        await ana.press("Withdraw", on=sent)
        await stage.app.settled()
        assert not having(ben.inbox, "vouches for you")


async def test_hostile_words_are_harmless_and_can_be_reported(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, ben, asked = await offered(
            stage, "**Best** [click](https://x.example) \u202e~~y~~ # ever ||z||"
        )
        for mark in ("**Best**", "[click](", "\u202e", "||z||"):
            assert mark not in asked.text
        await ben.press("Report", on=asked)
        assert "Thank you" in (await ben.submit({"What is wrong?": "Rude or hurtful"})).text
        await stage.app.settled()
        posted = stage.owner.channel("kith-moderators")[-1]
        assert "A report about Ana" in posted.text
        assert "a vouch" in posted.text
