"""Requests about threads that more than one feature makes, by ids alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, Literal

import discord
from discord.http import HTTPClient

THREADS_MAX = 800
"""A server holds 1,000 active threads; the rest is for its people."""
DAY: Final = 1440
WEEK: Final = 10080
"""After so many minutes of silence Discord puts a thread away."""
_ARCHIVED = 50083


async def private_thread(client: discord.Client, lobby_id: int | None, name: str) -> discord.Thread | None:
    """Open a private thread in the lobby; None without a lobby, or where the server is nearly full."""
    lobby = await lobby_of(client, lobby_id)
    return await thread_in(client, lobby, name) if lobby is not None else None


async def lobby_of(client: discord.Client, lobby_id: int | None) -> discord.TextChannel | None:
    """Return the text channel that holds private threads; None where none was chosen, or it is no such one.

    Raises:
        discord.NotFound: it was deleted.
    """
    if lobby_id is None:
        return None
    lobby: Any = client.get_channel(lobby_id) or await client.fetch_channel(lobby_id)
    return lobby if isinstance(lobby, discord.TextChannel) else None


async def thread_in(
    client: discord.Client, lobby: discord.TextChannel, name: str, put_away_after: Literal[1440, 10080] = WEEK
) -> discord.Thread | None:
    """Open a private thread in a channel; None where the server is nearly full.

    One that was made before a crash is found by its name, which carries a row's id and no person: nothing
    about people stays in it when they delete themselves.
    """
    active = await lobby.guild.active_threads()
    own_id = client.user.id if client.user is not None else 0
    for thread in active:
        if (thread.parent_id, thread.owner_id, thread.name) == (lobby.id, own_id, name):
            return thread
    if len(active) >= THREADS_MAX:
        return None
    return await lobby.create_thread(
        name=name,
        type=discord.ChannelType.private_thread,
        invitable=False,
        auto_archive_duration=put_away_after,
    )


async def take_out(http: HTTPClient, thread_id: int, person_id: int) -> None:
    """Take somebody out of a thread, also of one that was put away; nothing where either is gone."""
    with suppress(discord.NotFound, discord.Forbidden):
        try:
            await http.remove_user_from_thread(thread_id, person_id)
        except discord.HTTPException as error:
            if error.code != _ARCHIVED:
                raise
            await http.edit_channel(thread_id, archived=False)
            await http.remove_user_from_thread(thread_id, person_id)
