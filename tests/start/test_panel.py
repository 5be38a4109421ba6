"""The panel over the wire: posted by Start, posted again, moved, renamed; only Kith writes there."""

from datetime import timedelta

import pytest

from sandbox import permissions
from sandbox.model import Channel
from sandbox.screen import Screen
from tests.conversations.helpers import forge, restarted
from tests.stage import Stage
from tests.start.helpers import founded, panel, panels


async def setup(stage: Stage) -> Screen:
    return await stage.owner.slash("/kith setup")


def delete_by_hand(stage: Stage, shown: Screen) -> None:
    """A moderator deletes a message."""
    assert shown.message is not None
    stage.guild.delete_message(shown.message)


async def test_start_posts_the_panel_once_for_everyone(database_url: str) -> None:
    async with founded(database_url) as stage:
        ana = stage.guild.member("Ana")
        assert panel(ana).buttons == ["Join", "Browse", "What is this?"]
        assert not panel(ana).ephemeral
        async with restarted(stage):
            await stage.app.settled()
            await stage.owner.slash("/kith setup hour:9")
            await stage.app.settled()
            assert len(panels(ana)) == 1
        everyone = stage.guild.roles[stage.guild.id]
        (theirs,) = [o for o in stage.guild.channel("start-here").overwrites if o.id == everyone.id]
        assert theirs.deny == permissions.SEND_MESSAGES


async def test_a_panel_deleted_by_hand_is_posted_again_on_request(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        delete_by_hand(stage, panel(ana))
        assert "posted again" in (await _press_again(stage)).text
        await stage.app.settled()
        assert (await ana.press("Join", on=panel(ana))).form is not None


async def _press_again(stage: Stage) -> Screen:
    await setup(stage)
    return await stage.owner.press("Post the panel again")


async def test_a_second_panel_turns_the_first_into_a_pointer(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await _press_again(stage)
        assert "on its way already" in (await stage.owner.press("Post the panel again")).text
        await stage.app.settled()
        old, new = panels(ana)
        assert "This panel has moved" in old.text
        assert old.buttons == []
        assert new.buttons == ["Join", "Browse", "What is this?"]


async def test_in_another_channel_the_panel_stands_and_the_old_one_points_there(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        stage.guild.text_channel("welcome")
        moved = await stage.owner.slash("/kith setup panel:#welcome")
        assert "#welcome" in moved.text
        await stage.app.settled()
        assert "#welcome" in panel(ana).text
        (new,) = panels(ana, "welcome")
        assert (await ana.press("Join", on=new)).form is not None


async def test_a_channel_that_was_changed_again_in_time_stays_empty(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for name in ("welcome", "begin"):
            stage.guild.text_channel(name)
            await stage.owner.slash(f"/kith setup panel:#{name}")
        await stage.app.settled()
        assert panels(ana, "welcome") == []
        assert len(panels(ana, "begin")) == 1


async def test_a_renamed_channel_keeps_its_panel_and_a_deleted_one_is_named(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        channel: Channel = stage.guild.channel("start-here")
        stage.guild.rename_channel(channel, "begin-here")
        assert (await ana.press("Join", on=panels(ana, "begin-here")[0])).form is not None
        stage.guild.delete_channel(channel)
        await stage.discord.connected()
        assert "The panel's channel was deleted" in (await _press_again(stage)).text
        told = await stage.owner.slash("/kith doctor")
        assert "/kith setup panel:" in told.text
        await stage.owner.slash("/kith setup panel:#general")
        await stage.app.settled()
        assert "Find your people" in panels(ana, "general")[-1].text


async def test_the_doctor_names_what_members_may_do_below_the_panel(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        await setup(stage)
        assert "Everything is in place" in (await stage.owner.press("Check permissions")).text
        channel = stage.guild.channel("start-here")
        everyone = stage.guild.roles[stage.guild.id]
        stage.discord.deny(stage.guild, channel, 0, everyone)
        told = await stage.owner.press("Re-check")
        assert "Deny @everyone “Send Messages” in #start-here" in told.text
        stage.discord.deny(stage.guild, channel, permissions.EMBED_LINKS)
        told = await stage.owner.press("Re-check")
        assert "Panel for new members" in told.text
        assert "allow “Embed Links”" in told.text


async def test_a_panel_that_could_not_be_written_comes_when_it_can(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        channel = stage.guild.text_channel("welcome")
        stage.discord.deny(stage.guild, channel, permissions.SEND_MESSAGES)
        await stage.owner.slash("/kith setup panel:#welcome")
        await stage.app.settled()
        assert panels(ana, "welcome") == []
        stage.discord.deny(stage.guild, channel, 0)
        await _press_again(stage)
        await stage.clock.advance(timedelta(minutes=10))
        await stage.app.settled()
        assert len(panels(ana, "welcome")) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_lost_connection_neither_loses_nor_doubles_the_panel(sqlite_url: str, drop: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        await stage.owner.slash("/kith setup city:Lisbon")
        await stage.owner.press("Create what is missing")
        number = stage.guild.channel("start-here").id
        stage.discord.faults.add(method="POST", path=f"/channels/{number}/messages$", drop=drop, times=1)
        await stage.owner.press("Start")
        for _minute in range(5):
            await stage.app.settled()
            await stage.clock.advance(timedelta(minutes=1))
        assert len(panels(stage.guild.member("Ana"))) == 1


async def test_a_community_without_a_panel_still_works(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        stage.guild.text_channel("lobby")
        await stage.owner.slash("/kith setup city:Lisbon lobby:#lobby")
        started = await stage.owner.press("Start")
        assert "Started" in started.text
        assert started.find_button("Post the panel again") is None
        ana = stage.guild.member("Ana")
        assert "You are in" in (await ana.slash("/niche join niche:energy")).text
        await setup(stage)
        created = await stage.owner.press("Create what is missing")
        assert "Created." in created.text
        await stage.app.settled()
        assert panel(ana).buttons == ["Join", "Browse", "What is this?"]


async def test_a_member_cannot_post_the_panel(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        told = await forge(ana, await setup(stage), "Post the panel again")
        assert "This is for moderators" in told.text
        await stage.app.settled()
        assert len(panels(ana)) == 1


async def test_a_press_delivered_twice_is_answered_once(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        stage.discord.faults.duplicate_interactions = True
        await ana.press("Browse", on=panel(ana))
        stage.discord.faults.clear()
        assert len(panels(ana)) == 1
        assert len(ana.screens) == 1
