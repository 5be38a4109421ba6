"""Messages that bring a file: once in spite of faults, gone with an edit, readable in the inbox."""

from datetime import timedelta

import pytest

from tests.conversations.helpers import SENDS, having, pass_time
from tests.intros.test_meeting_talk import card_of, introduced, read, slots


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "after"}, {"drop": "before"}])
@pytest.mark.parametrize("wait", [timedelta(seconds=30), timedelta(minutes=10)])
async def test_a_failed_message_arrives_once_and_with_its_file(
    sqlite_url: str, fault: dict[str, object], wait: timedelta
) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        (label, slot), *_others = slots(card_of(ana))
        await ana.choose("Pick a slot", label, on=card_of(ana))
        struck = stage.discord.faults.add(method="POST", path=SENDS, times=2, **fault)
        await stage.app.settled()
        assert struck.hits == 2
        for _try in range(2):
            await pass_time(stage, wait)
        for member, words in ((ana, "You picked"), (ben, "Ana picked")):
            (told,) = having(member.inbox, words)
            (file,) = told.files
            assert read(file.content)["DTSTART"] == f"{slot:%Y%m%dT%H%M%SZ}"


async def test_a_closed_dm_shows_the_time_in_the_inbox(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        ben.close_dms()
        await ana.choose("Pick a slot", slots(card_of(ana))[0][0], on=card_of(ana))
        await stage.app.settled()
        assert not having(ben.inbox, "Ana picked")
        assert "Ana picked" in (await ben.slash("/inbox")).text


async def test_a_menu_that_was_used_takes_the_old_file_away(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await ana.choose("Pick a slot", slots(card_of(ana))[0][0], on=card_of(ana))
        await stage.app.settled()
        (told,) = having(ben.inbox, "Ana picked")
        used = await ben.choose("Another time", slots(told, "Another time")[0][0], on=told)
        assert used.files == []


async def test_whoever_is_deleted_is_in_no_file_any_more(sqlite_url: str) -> None:
    async with introduced(sqlite_url) as (stage, ana, ben):
        await ana.choose("Pick a slot", slots(card_of(ana))[0][0], on=card_of(ana))
        await stage.app.settled()
        async with stage.app.store.write() as session:
            (member,) = await stage.app.people.memberships(session, ana.id)
            await stage.app.intros.erase(session, member)
        await stage.app.settled()
        for screen in ben.inbox:
            assert "Ana" not in screen.text
            assert screen.files == []
            assert screen.message is None or not screen.message.attachments
