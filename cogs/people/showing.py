"""Puts a profile on the screen of whoever asked, with what other features add to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import discord
from discord import Interaction, ui

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import who
from bot.edge.kit import Block
from bot.people.service import MemberView, PeopleService, Saved
from cogs.people.cards import Notice, profile_card
from cogs.people.words import HINTS, WORKLOAD

# What another feature shows on a profile: asked with the profile as who looks may see it.
Extra: TypeAlias = Callable[[MemberView], Awaitable[Sequence[Block]]]


class Showing:
    """Reads profiles and lays them out: one's own, another's, or one that was just changed."""

    def __init__(self, service: PeopleService, extras: Sequence[Extra] = ()) -> None:
        """Stand on the service; each of the extras adds its blocks to every profile."""
        self.service = service
        self.extras = extras

    async def profile(
        self, interaction: Interaction[Any], user: discord.User | discord.Member
    ) -> ui.LayoutView:
        """Show the profile of a person to whoever asked.

        Raises:
            KithError: `no_profile`, or `profile_left` for someone who is not in the server.
        """
        if user.id == interaction.user.id:
            return await self.own(interaction)
        asker = who(interaction)
        # Discord names the membership of whoever is chosen; who left comes without one.
        if not isinstance(user, discord.Member):
            raise KithError("profile_left")
        return await self.other(await self.service.profile_of(asker, user.id))

    async def other(self, view: MemberView) -> ui.LayoutView:
        """Show another's profile, as far as it was already found out what may be seen of it."""
        extra, now = await self._extra(view), self.service.clock.now()
        return profile_card(view, self.service.catalogue, now, mine=False, extra=extra)

    async def own(self, interaction: Interaction[Any], notice: Notice | None = None) -> ui.LayoutView:
        """Show a member their own profile."""
        me = who(interaction)
        view, listed = await self.service.own(me)
        return await self._own(view, listed, notice)

    async def saved(self, interaction: Interaction[Any], saved: Saved) -> ui.LayoutView:
        """Confirm a change by showing the profile, with the word or the hint that goes with it."""
        me = who(interaction)
        words = [WORKLOAD[saved.word]] if saved.word else []
        hints = [HINTS[saved.hint]] if saved.hint else []
        notice = Notice(_("Saved"), tuple(_(line) for line in (*words, *hints)))
        return await self._own(saved.view, await self.service.listed(me), notice)

    async def _own(self, view: MemberView, listed: bool, notice: Notice | None) -> ui.LayoutView:
        extra, now = await self._extra(view), self.service.clock.now()
        words = self.service.catalogue
        return profile_card(view, words, now, mine=True, listed=listed, notice=notice, extra=extra)

    async def _extra(self, view: MemberView) -> list[Block]:
        return [block for extra in self.extras for block in await extra(view)]
