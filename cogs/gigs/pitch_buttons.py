"""Buttons and the form of interest in a gig: translate, call one use case, show one card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, text_field
from bot.gigs import rules
from bot.gigs.service import GigService
from cogs.gigs import pitch_cards
from cogs.gigs.common import gig_number


class PitchButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add every button and the form."""
        self.bot.buttons.register("gig.interest", self.interest)
        self.bot.buttons.register("gig.accept", self.accept)
        self.bot.buttons.register("gig.decline", self.decline)
        self.bot.forms.register(FormSpec("gig_interest", self.build_interest, self.submit_interest))

    async def build_interest(
        self, state: str, values: Values | None, _interaction: Interaction[Any]
    ) -> FormModal:
        """The form behind *I'm interested*; its state is the gig's id."""
        old = (values or {}).get("pitch", "")
        pitch = text_field(
            "pitch", _("Why you? Two or three sentences"), max=rules.PITCH_MAX, long=True,
            value=old if isinstance(old, str) else "",
        )  # fmt: skip
        return self.bot.forms.modal("gig_interest", state, _("I'm interested"), [pitch])

    async def submit_interest(self, sent: Submission) -> None:
        """Hand the pitch to the poster."""
        gig = await self.service.pitches.send(
            who(sent.interaction), gig_number((sent.state,)), sent.text("pitch")
        )
        await sent.answer.show(pitch_cards.interested(gig))

    async def interest(self, press: Press) -> None:
        """Open the pitch form, unless they cannot answer this gig."""
        gig = await self.service.pitches.may_answer(who(press.interaction), gig_number(press.args))
        await press.answer.form(await self.bot.forms.build("gig_interest", str(gig.id), press.interaction))

    async def accept(self, press: Press) -> None:
        """The poster accepts an applicant."""
        done = await self.service.pitches.answer(press.person_id, gig_number(press.args), accept=True)
        await press.answer.update(pitch_cards.answered(done.interest, done.changed))

    async def decline(self, press: Press) -> None:
        """The poster declines an applicant."""
        done = await self.service.pitches.answer(press.person_id, gig_number(press.args), accept=False)
        await press.answer.update(pitch_cards.answered(done.interest, done.changed))
