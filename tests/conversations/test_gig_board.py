"""The board's life on Discord: tags, guidelines, renewals, posts that vanish, posters who leave."""

from datetime import timedelta

import pytest

from sandbox import permissions
from sandbox.actors import Member
from sandbox.model import Channel, Tag
from sandbox.screen import Screen
from tests.conversations.helpers import community, forge, gigs_on, having, newcomer, pass_time, restarted
from tests.conversations.test_gigs import GIG, PITCH, WORTHY, post, posted
from tests.stage import Stage

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
PINNED = 1 << 1


def forum_of(stage: Stage, name: str = "gigs") -> Channel:
    return stage.guild.channel(name)


def post_of(stage: Stage, title: str = GIG["Title"]) -> Channel:
    """The newest post of that name."""
    return [thread for thread in stage.guild.threads.values() if thread.name == title][-1]


def tags_of(stage: Stage, thread: Channel) -> set[str]:
    names = {tag.id: tag.name for tag in forum_of(stage).available_tags}
    return {names[tag] for tag in thread.applied_tags}


async def next_day(stage: Stage) -> None:
    """The daily look at the board, with the looks it plans."""
    await pass_time(stage, A_DAY)
    await pass_time(stage, A_MINUTE)


async def test_the_first_gig_finds_tags_and_pinned_guidelines(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, _ben, board = await posted(stage)
        assert tags_of(stage, post_of(stage)) == {"open", "hire", "Energy and utilities"}
        guide = post_of(stage, "How this board works")
        assert guide.flags & PINNED
        shown = ana.channel("gigs")[0]
        assert "Never pay to get work" in shown.text
        assert "Nothing" not in (await ana.press("Look through the gigs", on=shown)).text
        assert board.buttons[:2] == ["I'm interested", "Save"]
        mine = await ana.slash("/gig mine")
        await ana.press(f"Filled: {GIG['Title']}", on=mine)
        await stage.app.settled()
        assert tags_of(stage, post_of(stage)) == {"filled", "hire", "Energy and utilities"}
        assert post_of(stage).thread.archived  # type: ignore[union-attr]
        assert stage.discord.violations == []


async def test_guidelines_that_a_moderator_deletes_stay_deleted(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        await posted(stage)
        stage.guild.delete_channel(post_of(stage, "How this board works"))
        await next_day(stage)
        assert len(stage.owner.channel("gigs")) == 1


async def test_a_full_tag_list_is_used_as_it_is(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        forum = forum_of(stage)
        forum.available_tags = [Tag(stage.discord.next_id(), f"ours {number}") for number in range(19)]
        forum.available_tags.append(Tag(stage.discord.next_id(), "hire"))
        stage.discord.emit_channel("UPDATE", forum)
        await posted(stage)
        assert len(forum.available_tags) == 20
        assert tags_of(stage, post_of(stage)) == {"hire"}


async def test_without_manage_channels_and_manage_threads_the_board_still_works(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        forum = forum_of(stage)
        forum.available_tags = [Tag(stage.discord.next_id(), "filled")]
        lacking = permissions.MANAGE_CHANNELS | permissions.MANAGE_THREADS
        stage.guild.forbid_bot(lacking)
        (mine,) = [one for one in forum.overwrites if one.id == stage.discord.bot.id]
        mine.allow, mine.deny = mine.allow & ~lacking, lacking
        stage.discord.emit_channel("UPDATE", forum)
        ana, _ben, _board = await posted(stage)
        assert tags_of(stage, post_of(stage)) == set()
        assert not post_of(stage, "How this board works").flags & PINNED
        await pass_time(stage, timedelta(days=4))
        await pass_time(stage, A_MINUTE)
        assert not post_of(stage).thread.archived  # type: ignore[union-attr]
        await ana.press(f"Filled: {GIG['Title']}", on=await ana.slash("/gig mine"))
        await stage.app.settled()
        assert tags_of(stage, post_of(stage)) == {"filled"}
        assert post_of(stage).thread.archived  # type: ignore[union-attr]


async def test_a_forum_that_wants_a_tag_and_has_none_is_told_and_mended(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        forum = forum_of(stage)
        forum.flags |= 1 << 4
        forum.available_tags = [Tag(stage.discord.next_id(), f"ours {number}") for number in range(20)]
        stage.discord.emit_channel("UPDATE", forum)
        ana = await newcomer(stage, "Ana")
        await post(ana, GIG)
        await stage.app.settled()
        assert ana.channel("gigs") == []
        await pass_time(stage, timedelta(minutes=11))
        await pass_time(stage, timedelta(minutes=11))
        (told,) = having(ana.inbox, "goes up by itself")
        assert told.buttons == ["Withdraw"]
        forum.available_tags.pop()
        stage.discord.emit_channel("UPDATE", forum)
        for _hour in range(6):
            await pass_time(stage, timedelta(hours=1))
        assert "open" in tags_of(stage, post_of(stage))


async def test_a_gig_is_renewed_from_the_word_before_its_end_and_after_it(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben, _board = await posted(stage)
        await pass_time(stage, timedelta(days=12))
        (word,) = having(ana.inbox, "Your gig ends soon")
        assert "Data Collective" in word.text
        assert "/stop" in word.text
        assert "belongs to someone else" in (await forge(ben, word, "Renew")).text
        async with restarted(stage):
            assert "two more weeks" in (await ana.press("Renew", on=word)).text
            assert "already" in (await forge(ana, word, "Renew")).text
            await pass_time(stage, timedelta(days=15))
            (over,) = having(ana.inbox, "has run its time")
            assert tags_of(stage, post_of(stage)) == {"closed", "hire", "Energy and utilities"}
            assert "two more weeks" in (await ana.press("Renew", on=over)).text
            await stage.app.settled()
            assert tags_of(stage, post_of(stage)) == {"open", "hire", "Energy and utilities"}
            assert not post_of(stage).thread.archived  # type: ignore[union-attr]
            assert "I'm interested" in gigs_on(ben)[-1].buttons
            assert len(gigs_on(ben)) == 1


@pytest.mark.parametrize("what", ["message", "post"])
async def test_a_post_deleted_by_hand_is_noticed_and_put_back_once(sqlite_url: str, what: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        delete(stage, board, what)
        await next_day(stage)
        (told,) = having(ana.inbox, "is not on the board")
        assert "Data Collective" in told.text
        assert "belongs to someone else" in (await forge(ben, told, "Post again")).text
        async with restarted(stage):
            assert "post is gone" in (await ana.slash("/gig mine")).text
            assert "goes back on the board" in (await ana.press("Post again", on=told)).text
            assert "nothing changed" in (await forge(ana, told, "Post again")).text
            await stage.app.settled()
            back = having(gigs_on(ben), GIG["Title"])
            assert "I'm interested" in back[-1].buttons
            await ben.press("I'm interested", on=back[-1])
            assert "Sent" in (await ben.submit({PITCH: WORTHY})).text
            delete(stage, back[-1], what)
            await next_day(stage)
            again = having(ana.inbox, "is not on the board")[-1]
            assert "Post again" not in again.buttons
            assert "stays down" in (await forge(ana, told, "Post again")).text


def delete(stage: Stage, board: Screen, what: str) -> None:
    """A moderator deletes a post, or only its first message."""
    assert board.message is not None
    if what == "message":
        stage.guild.delete_message(board.message)
    else:
        stage.guild.delete_channel(stage.guild.threads[board.message.channel_id])


async def test_a_deleted_forum_is_noticed_and_the_gig_moves_to_the_next(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _board = await posted(stage)
        stage.guild.delete_channel("gigs")
        await next_day(stage)
        (told,) = having(ana.inbox, "is not on the board")
        stage.guild.forum("work")
        await stage.owner.slash("/kith setup gigs:#work")
        assert "goes back" in (await ana.press("Post again", on=told)).text
        await stage.app.settled()
        assert [screen.text.count(GIG["Title"]) > 0 for screen in gigs_on(ben, "work")] == [True]


async def test_a_gig_put_back_while_no_forum_is_there_arrives_once_one_is_chosen(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _board = await posted(stage)
        stage.guild.delete_channel("gigs")
        await next_day(stage)
        await ana.press("Post again", on=having(ana.inbox, "is not on the board")[0])
        await pass_time(stage, timedelta(hours=3))
        stage.guild.forum("work")
        await stage.owner.slash("/kith setup gigs:#work")
        await pass_time(stage, timedelta(hours=1))
        assert len(gigs_on(ben, "work")) == 1
        assert ["goes up by itself" in screen.text for screen in ana.inbox] == [False, True]


async def test_a_post_that_discord_put_away_is_opened_again_and_a_locked_one_is_not(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        await post(ana, GIG)
        await post(ana, GIG, Title="Another plain title")
        await stage.app.settled()
        first, second = post_of(stage), post_of(stage, "Another plain title")
        assert first.thread is not None
        assert second.thread is not None
        first.thread.archived = second.thread.archived = second.thread.locked = True
        await next_day(stage)
        assert not first.thread.archived
        assert second.thread.archived


async def test_who_left_the_server_has_nothing_on_the_board_and_applicants_are_told(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, board = await posted(stage)
        await ben.press("I'm interested", on=board)
        await ben.submit({PITCH: WORTHY})
        await stage.app.settled()
        ana.leave()
        await next_day(stage)
        assert "I'm interested" not in gigs_on(ben)[-1].buttons
        assert having(ben.inbox, GIG["Title"])


async def test_an_outage_of_discord_loses_no_gig_and_tells_nobody(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, ben, _board = await posted(stage)
        struck = stage.discord.faults.add(method="GET", path=r"/messages/\d+$", status=503, times=2)
        await next_day(stage)
        await pass_time(stage, timedelta(minutes=5))
        assert struck.hits == 2
        assert having(ana.inbox, "is not on the board") == []
        assert "I'm interested" in gigs_on(ben)[-1].buttons


async def test_a_text_channel_is_a_board_too(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        stage.guild.text_channel("work")
        await stage.owner.slash("/kith setup gigs:#work")
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben")
        await post(ana, GIG)
        await stage.app.settled()
        guide, gig = ben.channel("work")
        assert guide.message is not None
        assert guide.message.pinned
        await ben.press("I'm interested", on=gig)
        assert "Sent" in (await ben.submit({PITCH: WORTHY})).text
        assert gig.message is not None
        stage.guild.delete_message(gig.message)
        await next_day(stage)
        await ana.press("Post again", on=having(ana.inbox, "is not on the board")[0])
        await stage.app.settled()
        await ana.press(f"Withdraw: {GIG['Title']}", on=await ana.slash("/gig mine"))
        await stage.app.settled()
        left = gigs_on(ben, "work")[-1]
        assert "withdrawn" in left.text
        assert "I'm interested" not in left.buttons


async def mine_pages(member: Member) -> list[Screen]:
    pages = [await member.slash("/gig mine")]
    while "Older ones" in pages[-1].buttons:
        pages.append(await member.press("Older ones", on=pages[-1]))
    return pages


async def test_mine_turns_pages_also_after_a_restart(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        for number in range(6):
            words = f"{GIG['The work']} This one is for client number {number}."
            await post(ana, GIG, **{"Title": f"A gig for client {number}", "The work": words})
            await stage.app.settled()
            waiting = having(stage.owner.channel("kith-moderators"), f"client {number}")[-1:]
            if waiting and "Approve" in waiting[0].buttons:
                await stage.owner.press("Approve", on=waiting[0])
        async with restarted(stage):
            pages = await mine_pages(ana)
            assert len(pages) == 2
            assert "A gig for client 5" not in pages[-1].text
            assert "A gig for client 0" in pages[-1].text
