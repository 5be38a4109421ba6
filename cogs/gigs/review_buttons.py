"""Buttons of the moderators' queue, and of who was refused: translate, call one use case, show one card."""

from __future__ import annotations

from typing import Any

import discord
from discord import Interaction

from bot.core.errors import KithError
from bot.edge.answer import Answer, who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.numbers import number_in
from bot.gigs.review_views import Decided, ReviewView
from bot.gigs.service import GigService
from bot.people.service import Who
from cogs.gigs import review_cards, review_told


def reviewer(interaction: Interaction[Any]) -> Who:
    """Say who acts, if they may decide about gigs; raises `moderators_only` otherwise.

    *Manage Messages* counts in the whole server: a channel may give it to anybody.
    """
    acting, member = who(interaction), interaction.user
    rights = interaction.permissions
    if not rights.manage_guild:
        everywhere = isinstance(member, discord.Member) and member.guild_permissions.manage_messages
        if not everywhere:
            raise KithError("moderators_only")
    return acting


def mark(args: tuple[str, ...], place: int) -> int:
    """A number that a button or a form carries; raises `gig_gone` for what Kith never made."""
    return number_in(args[place] if len(args) > place else "", "gig_gone")


class ReviewButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add every button."""
        self.bot.buttons.register("gig.approve", self.approve)
        self.bot.buttons.register("gig.ask_change", self.change)
        self.bot.buttons.register("gig.refuse", self.refuse)
        self.bot.buttons.register("gig.queue", self.queue)
        self.bot.buttons.register("gig.read", self.read)
        self.bot.buttons.register("gig.takedown", self.take_down)
        self.bot.buttons.register("gig.remember", self.remember)
        self.bot.buttons.register("gig.appeal", self.appeal)
        self.bot.buttons.register("gig.appeal_words", self.appeal_words)

    # --- moderators --------------------------------------------------------------------------------

    async def approve(self, press: Press) -> None:
        """A moderator lets a gig through."""
        acting = reviewer(press.interaction)
        gig, asking, page = (mark(press.args, place) for place in range(3))
        done = await self.service.review.decide(acting, gig, asking, "approved")
        await self.show(press.answer, acting, done, page)

    async def change(self, press: Press) -> None:
        """A moderator asks for other words."""
        await self._form(press, "gig.ask_change")

    async def refuse(self, press: Press) -> None:
        """A moderator refuses a gig, and says why."""
        await self._form(press, "gig.refuse")

    async def queue(self, press: Press) -> None:
        """Show a page of the queue: in the moderators' channel to who asked, else in the same card."""
        seen = await self.service.review.queue(reviewer(press.interaction), mark(press.args, 0))
        message = press.interaction.message
        if message is not None and message.flags.ephemeral:
            await press.answer.update(review_cards.queue(seen))
        else:
            await press.answer.show(review_cards.queue(seen))

    async def read(self, press: Press) -> None:
        """Show all the words of a gig."""
        view = await self.service.review.one(reviewer(press.interaction), mark(press.args, 0))
        await press.answer.show(review_cards.read(view.gig, mark(press.args, 1)))

    async def take_down(self, press: Press) -> None:
        """Ask why a live gig has to go."""
        view = await self.service.review.one(reviewer(press.interaction), mark(press.args, 0))
        if view.gig.state != "live":
            await press.answer.update(review_cards.outcome(Decided(view, False)))
            return
        await press.answer.form(
            await self.bot.forms.build("gig.takedown", str(view.gig.id), press.interaction)
        )

    async def remember(self, press: Press) -> None:
        """Hold the words of a refused gig when they come again, or no longer."""
        acting, wanted = reviewer(press.interaction), mark(press.args, 1) == 1
        done = await self.service.review.remember(acting, mark(press.args, 0), remember=wanted)
        await press.answer.update(review_cards.reviewed(done.view))

    async def _form(self, press: Press, form: str) -> None:
        """Open the form for a reason, unless it was decided or its words changed meanwhile."""
        acting = reviewer(press.interaction)
        gig, asking, page = (mark(press.args, place) for place in range(3))
        view = await self.service.review.one(acting, gig)
        if outdated(view, asking):
            await self.show(press.answer, acting, Decided(view, False), page)
            return
        state = f"{gig}:{asking}:{page}"
        await press.answer.form(await self.bot.forms.build(form, state, press.interaction))

    async def show(self, answer: Answer, acting: Who, done: Decided, page: int) -> None:
        """Show what a press led to: on the card it was pressed on, or above the next gig of the queue."""
        if page:
            seen = await self.service.review.queue(acting, page)
            await answer.update(review_cards.queue(seen, review_cards.notice(done)))
        else:
            await answer.update(review_cards.outcome(done))

    # --- the poster --------------------------------------------------------------------------------

    async def appeal(self, press: Press) -> None:
        """The poster asks the moderators to look again."""
        seen = await self.service.review.appeal(press.person_id, mark(press.args, 0))
        slow = await self.service.review.slow(seen.gig.community_id)
        await press.answer.update(review_told.appealed(seen, slow=slow))

    async def appeal_words(self, press: Press) -> None:
        """The poster has something to say."""
        gig = mark(press.args, 0)
        await press.answer.form(await self.bot.forms.build("gig.appeal_words", str(gig), press.interaction))


def outdated(view: ReviewView, asking: int) -> bool:
    """Tell whether a button stands under words that nobody has to decide about any more."""
    return not view.waits or view.asking != asking
