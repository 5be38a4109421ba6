"""Opening the private room of an introduction: Discord's part of it."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.core.errors import KithError
from bot.core.ids import stable_nonce
from bot.edge import threads
from bot.edge.kit import mention
from bot.intros.openers import pick_openers
from bot.intros.rooms import Rooms
from bot.intros.views import RoomView
from cogs.intros.meeting_cards import room_welcome

LOOK_BACK = 10


async def open_room(client: discord.Client, rooms: Rooms, person_id: int, seat_id: int) -> RoomView:
    """Return the room, opened if it was not yet; one that a moderator deleted is opened anew.

    Raises KithError with a sentence that says what to do instead.
    """
    view = await rooms.claim(person_id, seat_id)
    if view.room_id is not None and not await _is_there(client, view.room_id):
        await rooms.let_go(view.introduction_id, view.room_id)
        view = await rooms.claim(person_id, seat_id)
    return view if view.claim is None else await _open(client, rooms, view, view.claim)


async def _open(client: discord.Client, rooms: Rooms, view: RoomView, claim: int) -> RoomView:
    """Open the room under a claim, which is given back when it cannot be."""
    try:
        thread = await _thread(client, view)
        await _furnish(thread, view)
    except discord.Forbidden as error:
        await rooms.let_go(view.introduction_id, claim)
        raise KithError("intro_room_forbidden") from error
    except Exception:
        await rooms.let_go(view.introduction_id, claim)
        raise
    room_id = await rooms.opened(view.introduction_id, claim, thread.id)
    return replace(view, room_id=room_id, claim=None)


async def _is_there(client: discord.Client, room_id: int) -> bool:
    try:
        await client.fetch_channel(room_id)
    except discord.NotFound:
        return False
    except discord.Forbidden:
        return True
    return True


async def _thread(client: discord.Client, view: RoomView) -> discord.Thread:
    """The room's thread; raises `intro_no_lobby` or `intro_room_full` where there is no place for one."""
    try:
        lobby = await threads.lobby_of(client, view.lobby_id)
    except discord.NotFound as error:
        raise KithError("intro_no_lobby") from error
    if lobby is None:
        raise KithError("intro_no_lobby")
    thread = await threads.thread_in(client, lobby, f"Our room · {view.introduction_id}", threads.DAY)
    if thread is None:
        raise KithError("intro_room_full")
    return thread


async def _furnish(thread: discord.Thread, view: RoomView) -> None:
    """Let everybody in and say what the room is; doing it again changes nothing."""
    for person_id, _name in view.people:
        try:
            await thread.add_user(discord.Object(person_id))
        except (discord.NotFound, discord.Forbidden) as error:
            await thread.delete()
            raise KithError("intro_room_partner") from error
    async for message in thread.history(limit=LOOK_BACK):
        if message.author.id == thread.owner_id:
            return
    words = room_welcome(
        [name for _person_id, name in view.people],
        pick_openers(view.introduction_id, None),
        [mention(person_id) for person_id, _name in view.people],
    )
    await thread.send(view=words, nonce=stable_nonce(f"room:{thread.id}"))
