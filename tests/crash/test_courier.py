"""One message, cut off everywhere it can be: exactly one arrives, whoever kills, drops or refuses."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.app import App
from bot.core.clock import TurnedClock
from bot.core.outbox import Said
from bot.edge.kit import Outgoing
from bot.people.tables import Community
from tests.crash.scene import Killed, Scene, scene_at, trial

SENDING = r"/(messages|threads)$"
TARGETS = ("person", "forum", "channel")
MOMENTS = ("claimed", "before the send", "sent, no answer", "answered, not marked")
AT_ONCE, NONCE_FORGOTTEN = timedelta(0), timedelta(minutes=10)


@pytest.fixture
async def scene(sqlite_url: str, clock: TurnedClock) -> AsyncIterator[Scene]:
    async with scene_at(sqlite_url, clock) as opened:
        yield opened


def always(error: BaseException) -> Callable[..., Any]:
    """Return a coroutine function that only raises."""

    async def raising(*_args: object, **_more: object) -> None:
        raise error

    return raising


async def place(scene: Scene, app: App, target: str) -> int:
    """Return where a message of that target goes."""
    ids = {"forum": scene.forum.id, "channel": scene.mods.id}
    return ids[target] if target in ids else (await scene.joins(app, "Ana")).id


async def die(scene: Scene, app: App, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process be killed at one moment of sending what is due."""
    queue, post = app.outbox.queue, app.courier._post
    if moment == "claimed":
        await queue.claim(5)
        return
    if moment == "before the send":
        monkeypatch.setattr(post, "send", always(Killed()))
    elif moment == "sent, no answer":
        scene.discord.faults.add(method="POST", path=SENDING, drop="after")
        monkeypatch.setattr(app.courier, "_later", always(Killed()))
    else:
        monkeypatch.setattr(queue, "settle", always(Killed()))
    with pytest.raises(Killed):
        await app.courier.tick()


@pytest.mark.parametrize("away", [AT_ONCE, NONCE_FORGOTTEN], ids=["at once", "nonce forgotten"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("target", TARGETS)
async def test_a_message_arrives_once_wherever_the_bot_was_killed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, target: str, moment: str, away: timedelta
) -> None:
    async with scene.bot() as app:
        to = await place(scene, app, target)
        await scene.say(app, 1, to, target)
        await die(scene, app, moment, monkeypatch)
    await scene.clock.advance(away)
    async with scene.bot() as again:
        await again.settled()
        assert len(scene.shown(target, to)) == 1
        row = await scene.row(again)
        assert (row.state, row.message_id is None) == ("done", False)


@pytest.mark.parametrize("trouble", ["before", "after", "mark"])
@pytest.mark.parametrize("target", TARGETS)
async def test_a_message_arrives_once_when_the_connection_or_the_database_fails(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, target: str, trouble: str
) -> None:
    async with scene.bot() as app:
        to = await place(scene, app, target)
        await scene.say(app, 1, to, target)
        with monkeypatch.context() as broken:
            if trouble == "mark":
                broken.setattr(app.outbox.queue, "settle", always(RuntimeError("disk full")))
            else:
                scene.discord.faults.add(method="POST", path=SENDING, drop=trouble)
            await app.settled()
        assert (await scene.row(app)).state == "waiting"
        await scene.later(app, minutes=10)
        assert len(scene.shown(target, to)) == 1
        assert (await scene.row(app)).state == "done"


async def test_a_posts_reconciliation_survives_another_post_without_its_first_message(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene.bot() as app:
        await scene.say(app, 7, scene.forum.id, "forum")
        await app.settled()
        (other,) = [post for post in scene.guild.threads.values() if post.parent_id == scene.forum.id]
        other.messages.clear()
        await scene.say(app, 1, scene.forum.id, "forum")
        await die(scene, app, "sent, no answer", monkeypatch)
    async with scene.bot() as again:
        await again.settled()
        assert (await scene.row(again)).state == "done"
    assert sorted(scene.shown("forum", scene.forum.id)) == ["Trial 1", "Trial 7"]


async def test_a_closed_dm_goes_to_the_inbox_and_is_told_once(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        ana.close_dms()
        await scene.say(app, 1, ana.id)
        await app.settled()
        await scene.later(app, hours=2)
        (thread,) = ana.threads()
        (note,) = ana.channel(thread)
        assert "Number 1" not in note.text
        assert (await scene.row(app)).state == "inbox"
        assert [number for number, _ in await app.courier.inbox(ana.id)] == [(await scene.row(app)).id]
        sent = sum(request.path.endswith("/messages") for request in scene.discord.requests)
        await scene.say(app, 2, ana.id)
        await app.settled()
        assert len(ana.threads()) == 1
        tried = [request.path for request in scene.discord.requests if request.path.endswith("/messages")]
        assert tried[sent:] == [f"/channels/{thread.id}/messages"]  # the closed DM was left alone


async def test_a_dm_that_is_open_again_is_used_again_after_a_click(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        ana.close_dms()
        await scene.say(app, 1, ana.id)
        await app.settled()
        ana.open_dms()
        await scene.say(app, 2, ana.id, answers_click=True)
        await scene.say(app, 3, ana.id)
        await app.settled()
        assert scene.numbers(ana) == [2, 3]


async def test_when_told_to_open_fewer_dms_nobodys_is_opened_for_hours(scene: Scene) -> None:
    async with scene.bot() as app:
        people = [await scene.joins(app, name) for name in ("Ana", "Ben", "Cleo", "Dev")]
        scene.discord.dm_limit.number = 1
        for number, member in enumerate(people):
            await scene.say(app, number, member.id, answers_click=member.name == "Dev")
        await app.settled()
        assert scene.opened() == 2  # one that worked, and one that was refused
        await scene.later(app, hours=5)
        assert scene.opened() == 2
        scene.discord.dm_limit.number = 1000
        await scene.later(app, hours=1)
        await scene.later(app, minutes=10)
        assert [len(member.inbox) for member in people] == [1, 1, 1, 1]


async def test_a_short_rate_limit_is_waited_for(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        await scene.say(app, 1, ana.id)
        limit = scene.discord.faults.add(method="POST", path="/messages$", status=429, retry_after=0.2)
        await app.settled()
        assert limit.hits == 1
        assert scene.numbers(ana) == [1]


async def test_a_long_rate_limit_is_kept_to_the_second_and_nothing_overtakes(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        for number in (1, 2):
            await scene.say(app, number, ana.id)
        limit = scene.discord.faults.add(method="POST", path="/messages$", status=429, retry_after=120.0)
        await app.settled()
        await scene.later(app, seconds=119)
        assert (limit.hits, ana.inbox) == (1, [])
        first, second = await scene.row(app, 1), await scene.row(app, 2)
        assert first.due_at == second.due_at > scene.clock.now()
        assert (first.state, first.attempts, second.attempts) == ("waiting", 1, 0)


async def test_an_outage_backs_off_and_loses_nothing(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        outage = scene.discord.faults.add(method="POST", path="/messages$", status=503, times=-1)
        await scene.say(app, 1, ana.id)
        await app.settled()
        assert outage.hits == 1
        await scene.later(app, seconds=1)
        assert outage.hits == 1  # it waits
        for _ in range(20):
            await scene.later(app, hours=2)
        assert outage.hits == 21
        scene.discord.faults.clear()
        await scene.later(app, hours=2)
        assert scene.numbers(ana) == [1]


async def test_a_recipients_messages_keep_their_order_and_hold_up_nobody_else(scene: Scene) -> None:
    async with scene.bot() as app:
        ana, ben = await scene.joins(app, "Ana"), await scene.joins(app, "Ben")
        for number, member in ((0, ana), (10, ben)):
            await scene.say(app, number, member.id)
        await app.settled()
        dm = scene.discord.dms[ana.id].id
        scene.discord.faults.add(method="POST", path=f"/channels/{dm}/messages$", status=503, times=3)
        for number, member in ((1, ana), (2, ana), (11, ben)):
            await scene.say(app, number, member.id)
        await app.settled()
        await scene.say(app, 3, ana.id)  # said while the first one waits
        await app.settled()
        assert (scene.numbers(ana), scene.numbers(ben)) == ([0], [10, 11])
        for _ in range(6):
            await scene.later(app, seconds=5)
        assert scene.numbers(ana) == [0, 1, 2, 3]


async def test_a_paused_community_waits_and_the_wait_is_no_failure(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")

        async def pause(paused: bool) -> None:
            async with app.store.write() as session:
                await session.execute(update(Community).values(paused=paused))

        await pause(True)
        await scene.say(app, 1, ana.id)
        for _ in range(20):
            await scene.later(app, minutes=10)
        assert ana.inbox == []
        assert (await scene.row(app)).attempts == 0
        await pause(False)
        await scene.later(app, minutes=10)
        assert scene.numbers(ana) == [1]


async def test_a_message_silenced_at_the_last_moment_is_not_sent(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")

        async def stops_meanwhile(said: Said) -> Outgoing | None:
            await app.stop(ana.id)
            return await trial(said)

        app.courier.register({"trial": stops_meanwhile})
        await scene.say(app, 1, ana.id)
        await app.settled()
        assert ana.inbox == []
        assert (await scene.row(app)).state == "dropped"


async def test_many_crashes_before_an_outage_are_no_reason_to_give_a_message_up(scene: Scene) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        await scene.say(app, 1, ana.id)
        for _crash in range(70):
            assert len(await app.outbox.queue.claim(5)) == 1
            await app.outbox.queue.release_dead()
        scene.discord.faults.add(method="POST", path=SENDING, status=503)
        await app.settled()
        await scene.later(app, minutes=10)
        assert scene.numbers(ana) == [1]


@pytest.mark.parametrize("away", [AT_ONCE, NONCE_FORGOTTEN], ids=["at once", "nonce forgotten"])
@pytest.mark.parametrize("moment", ["note left, no answer", "note left, not marked"])
async def test_a_note_about_a_closed_dm_is_left_once_wherever_the_bot_was_killed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, moment: str, away: timedelta
) -> None:
    async with scene.bot() as app:
        ana = await scene.joins(app, "Ana")
        ana.close_dms()
        await scene.say(app, 1, ana.id)
        if moment == "note left, no answer":
            scene.discord.faults.add(method="POST", path=r"/threads$", drop="after")
            monkeypatch.setattr(app.courier, "_later", always(Killed()))
        else:
            monkeypatch.setattr(app.outbox.queue, "settle", always(Killed()))
        with pytest.raises(Killed):
            await app.courier.tick()
    await scene.clock.advance(away)
    async with scene.bot() as again:
        await again.settled()
        (thread,) = ana.threads()
        assert len(ana.channel(thread)) == 1
        assert (await scene.row(again)).state == "inbox"
