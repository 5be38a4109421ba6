"""One message to Discord and back: send, edit, open a forum post, find what was sent before."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.core.ids import stable_nonce
from bot.core.outbox import OutboxRow
from bot.core.text import _
from bot.edge.kit import Outgoing, button, card, uploads

_MARK = 1_000_000
_MARKS = 2**30
_LOOK_BACK = 50
_LOOK_ON = 200
# So much may our clock and Discord's differ, when somebody has just set ours.
_SKEW = timedelta(hours=2)
_ARCHIVED = 50083


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message ended up."""

    channel_id: int
    message_id: int


def mark_of(row_id: int) -> int:
    """Return the component id that marks a card as this outbox row's.

    Discord numbers unmarked components from 1 up, so the marks start far above.
    """
    return _MARK + row_id % _MARKS


class Post:
    """The few requests the courier needs, by ids alone."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def open_dm(self, person_id: int) -> int:
        """Open the DM with a person; opening it again gives the same channel."""
        return (await self._client.create_dm(discord.Object(person_id))).id

    async def send(self, row: OutboxRow, channel_id: int, outgoing: Outgoing) -> Sent:
        """Send, edit or post what a renderer made."""
        if row.target == "edit":
            return await self._edit(row, outgoing)
        if row.target == "forum":
            return await self._forum_post(channel_id, outgoing)
        channel = self._client.get_partial_messageable(channel_id)
        if outgoing.view is not None:
            _mark(outgoing.view, row.id)
            message = await channel.send(view=outgoing.view, nonce=row.nonce, files=uploads(outgoing))
        else:
            parts: dict[str, Any] = {"embed": outgoing.embed, "view": outgoing.legacy_view}
            message = await channel.send(nonce=row.nonce, **{k: v for k, v in parts.items() if v})
        return Sent(channel_id, message.id)

    async def find(self, row: OutboxRow, channel_id: int, outgoing: Outgoing) -> Sent | None:
        """Look for a message that may have been sent before a crash, so that it is not sent twice."""
        if row.target == "edit" or row.tried_at is None:
            return None  # an edit may be repeated
        since = row.tried_at - _SKEW
        if row.target == "forum":
            return await self._find_post(channel_id, outgoing, since)
        own_ids = set(_custom_ids(_payload(outgoing)))
        async for message in self._said_since(channel_id, since):
            ids = {getattr(item, "id", None) for item in message.components}
            if mark_of(row.id) in ids or (outgoing.view is None and own_ids and own_ids == _ids_in(message)):
                return Sent(channel_id, message.id)
        return None

    async def _said_since(self, channel_id: int, since: datetime) -> AsyncIterator[discord.Message]:
        """Yield our own messages since then: the newest, and in a busy channel also the first."""
        channel = self._client.get_partial_messageable(channel_id)
        async for message in channel.history(limit=_LOOK_BACK):
            if message.author.id == self._own_id and message.created_at >= since:
                yield message
        async for message in channel.history(limit=_LOOK_ON, after=since):
            if message.author.id == self._own_id:
                yield message

    async def note(self, lobby_id: int, person_id: int, since: datetime | None = None) -> None:
        """Leave "something for you" in a private thread; the contents are only shown to the person.

        The thread's name carries the person's id, so that an open one is used again. One that was left
        there since then, before a crash, is enough.
        """
        lobby = await self._channel(lobby_id)
        if not isinstance(lobby, discord.TextChannel):
            return
        name = f"For you · {person_id}"
        threads = await lobby.guild.active_threads()
        thread = next((t for t in threads if t.parent_id == lobby_id and t.name == name), None)
        if thread is None:
            thread = await lobby.create_thread(name=name, invitable=False, auto_archive_duration=1440)
        await thread.add_user(discord.Object(person_id))
        if since is not None and await anext(self._said_since(thread.id, since), None) is not None:
            return
        words = card(
            _("Something for you"),
            _("Your DMs are closed to me, so it waits here. Only you will see what it says."),
            actions=[button(_("Open"), "inbox.open", style="main")],
        )
        await thread.send(view=words, nonce=stable_nonce(f"note:{thread.id}:{person_id}"))

    async def _edit(self, row: OutboxRow, outgoing: Outgoing) -> Sent:
        assert row.channel_id is not None
        assert row.message_id is not None
        channel = self._client.get_partial_messageable(row.channel_id)
        message = channel.get_partial_message(row.message_id)
        changes: dict[str, Any] = {"view": outgoing.view, "attachments": []}
        if outgoing.view is None:
            changes = {"embed": outgoing.embed, "view": outgoing.legacy_view}
        try:
            await message.edit(**changes)
        except discord.HTTPException as error:
            if error.code != _ARCHIVED:
                raise
            await self._reopen(row.channel_id)
            await message.edit(**changes)
        if outgoing.tags or outgoing.rename or outgoing.archive is not None:
            await self._retag(row.channel_id, outgoing)
        return Sent(row.channel_id, row.message_id)

    async def _reopen(self, channel_id: int) -> None:
        """Bring a thread back that Discord put away; nothing in it can be edited before."""
        thread = await self._client.fetch_channel(channel_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)

    async def _retag(self, channel_id: int, outgoing: Outgoing) -> None:
        """Show a post's new state in its tags, and put it away when it is over."""
        thread = await self._client.fetch_channel(channel_id)
        if not isinstance(thread, discord.Thread):
            return
        forum = await self._channel(thread.parent_id)
        changes: dict[str, Any] = {}
        if isinstance(forum, discord.ForumChannel):
            changes["applied_tags"] = _tags(forum, outgoing.tags, self._own_id)
        name = outgoing.rename or outgoing.title
        if name and name != thread.name:  # Discord counts renames, also those to the same name
            changes["name"] = name
        if outgoing.archive is not None:
            changes["archived"] = outgoing.archive
        await thread.edit(**changes)

    async def _forum_post(self, channel_id: int, outgoing: Outgoing) -> Sent:
        forum = await self._channel(channel_id)
        if not isinstance(forum, discord.ForumChannel):
            raise TypeError(f"channel {channel_id} is no forum")
        options: dict[str, Any] = {
            "embed": outgoing.embed,
            "applied_tags": _tags(forum, outgoing.tags, self._own_id),
        }
        if outgoing.legacy_view is not None:
            options["view"] = outgoing.legacy_view
        created = await forum.create_thread(name=outgoing.title or "…", **options)
        return Sent(created.thread.id, created.message.id)

    async def _find_post(self, channel_id: int, outgoing: Outgoing, since: datetime) -> Sent | None:
        """Find a forum post by its buttons' ids, or its name where it has none: posts have no nonce."""
        forum = await self._channel(channel_id)
        if not isinstance(forum, discord.ForumChannel):
            return None
        wanted = set(_custom_ids(_payload(outgoing)))
        async for thread in self._posts_since(forum, since):
            try:
                starter = await thread.fetch_message(thread.id)
            except discord.NotFound:
                continue  # another post, whose first message was deleted
            if wanted == _ids_in(starter) and (wanted or thread.name == outgoing.title):
                return Sent(thread.id, starter.id)
        return None

    async def _posts_since(
        self, forum: discord.ForumChannel, since: datetime
    ) -> AsyncIterator[discord.Thread]:
        """Yield our own posts since then, also those that were put away meanwhile."""
        for thread in await forum.guild.active_threads():
            if (thread.parent_id, thread.owner_id) == (forum.id, self._own_id) and _made(thread) >= since:
                yield thread
        async for thread in forum.archived_threads(limit=_LOOK_BACK):
            if thread.owner_id == self._own_id and _made(thread) >= since:
                yield thread

    async def _channel(self, channel_id: int) -> Any:
        """Return a channel; a cache miss asks Discord and is never taken for "gone"."""
        return self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)

    @property
    def _own_id(self) -> int:
        assert self._client.user is not None
        return self._client.user.id


def _made(thread: discord.Thread) -> datetime:
    return discord.utils.snowflake_time(thread.id)


def _mark(view: discord.ui.LayoutView, row_id: int) -> None:
    """Give the card's outer component the row's mark."""
    next(iter(view.children)).id = mark_of(row_id)


def _tags(forum: discord.ForumChannel, names: Iterable[str], own_id: int) -> list[discord.ForumTag]:
    """Return the forum's own tags of these names; without those it lacks or forbids."""
    wanted = {name.casefold() for name in names}
    me = forum.guild.get_member(own_id)
    every = me is not None and forum.permissions_for(me).manage_threads  # moderated ones need that
    usable = [tag for tag in forum.available_tags if every or not tag.moderated]
    return [tag for tag in usable if tag.name.casefold() in wanted][:5]


def _payload(outgoing: Outgoing) -> list[dict[str, Any]]:
    view = outgoing.view or outgoing.legacy_view
    return [] if view is None else view.to_components()


def _ids_in(message: discord.Message) -> set[str]:
    return set(_custom_ids([component.to_dict() for component in message.components]))


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    """Yield every custom_id in a tree of components."""
    for component in components:
        if "custom_id" in component:
            yield component["custom_id"]
        yield from _custom_ids(component.get("components", ()))
