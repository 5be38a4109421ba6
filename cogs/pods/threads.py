"""The private thread of a pod: Discord's part of the agenda's work. Every piece may be done again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.core.agenda import Handler, Work
from bot.core.log import get_logger
from bot.edge.threads import private_thread, take_out
from bot.pods.room import PUT_AWAY
from bot.pods.service import PodService
from bot.pods.views import ThreadView

if TYPE_CHECKING:
    from bot.edge.client import Kith

log = get_logger(__name__)

_REFUSED = (discord.NotFound, discord.Forbidden)


class PodThreads:
    """The work `pod.thread`, `pod.digest` and `pod.out`."""

    def __init__(self, bot: Kith, service: PodService) -> None:
        """Stand on the service; the client speaks to Discord."""
        self.bot = bot
        self.service = service
        # Two pieces of work about one pod at once would open two threads.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def handlers(self) -> dict[str, Handler]:
        """Name the work by kind."""
        return {"pod.thread": self.thread, "pod.digest": self.digest, "pod.out": self.out}

    async def thread(self, work: Work) -> None:
        """Bring a pod's thread into line with the pod: opened, without who left, put away at the end."""
        async with self._one_at_a_time(work.subject):
            await self._bring(work)

    async def _bring(self, work: Work) -> None:
        view = await self.service.terms.thread(work.subject)
        if view is None:
            return
        if view.thread_id is not None:
            for person_id in view.outside:
                await take_out(self.bot.http, view.thread_id, person_id)
        if not view.wanted:
            if work.key.endswith(f":{PUT_AWAY}"):
                await self._put_away(view)
            return
        thread_id = await self._open(work.subject)
        if thread_id is None:
            await self.service.terms.without_thread(work.subject)
        else:
            await self.service.terms.opened(work.subject, thread_id)

    async def digest(self, work: Work) -> None:
        """Post the week in the thread, which is opened anew if somebody deleted it."""
        async with self._one_at_a_time(work.subject):
            thread_id = await self._open(work.subject)
        await self.service.digests.post(work, thread_id)

    async def out(self, work: Work) -> None:
        """Take somebody who deleted themselves out of a thread, then forget that."""
        thread_id = await self.service.thread_to_leave(work.key)
        if thread_id is not None:
            await take_out(self.bot.http, thread_id, work.subject)
        await self.service.taken_out(work.subject)

    # --- the thread --------------------------------------------------------------------------------

    def _one_at_a_time(self, pod_id: int) -> asyncio.Lock:
        return self._locks.setdefault(pod_id, asyncio.Lock())

    async def _open(self, pod_id: int) -> int | None:
        """Return the thread, opened if there is none; None where there is no place for one."""
        view = await self.service.terms.thread(pod_id)
        if view is None or not view.wanted:
            return None
        if view.thread_id is not None and await self._is_there(view.thread_id):
            return view.thread_id
        try:
            thread = await private_thread(self.bot, view.lobby_id, f"Our pod · {view.pod_id}")
        except _REFUSED as error:
            log.warning("no thread for a pod", pod=pod_id, code=error.code)
            return None
        if thread is None:
            return None
        for person_id in view.inside:
            await self._let_in(thread, person_id)
        await self.service.terms.opened(pod_id, thread.id)
        return thread.id

    async def _is_there(self, thread_id: int) -> bool:
        try:
            await self.bot.fetch_channel(thread_id)
        except discord.NotFound:
            return False
        except discord.Forbidden:
            return True
        return True

    async def _let_in(self, thread: discord.Thread, person_id: int) -> None:
        """Let somebody in; one who left the server, or cannot see the lobby, keeps nobody else out."""
        try:
            await thread.add_user(discord.Object(person_id))
        except _REFUSED as error:
            log.warning("not let into a pod's thread", code=error.code)

    async def _put_away(self, view: ThreadView) -> None:
        """Archive the thread of a pod that is over; what was written there stays with its people."""
        if view.thread_id is None:
            return
        try:
            await self.bot.http.edit_channel(view.thread_id, archived=True)
        except _REFUSED as error:
            log.info("a pod's thread is gone", code=error.code)
