"""Buttons and the form of interest in a gig: translate, call one use case, show one card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import locale_of, who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, text_field
from bot.gigs import rules
from bot.gigs.pitches import SHORT_MAX
from bot.gigs.service import GigService
from bot.people.views import Who
from cogs.gigs import pitch_cards
from cogs.gigs.common import gig_number


class PitchButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service
        self.pitches = service.pitches

    def register(self) -> None:
        """Add every button and the form."""
        self.bot.buttons.register("gig.interest", self.interest)
        self.bot.buttons.register("gig.unpitch", self.take_back)
        self.bot.buttons.register("gig.accept", self.accept)
        self.bot.buttons.register("gig.decline", self.decline)
        self.bot.buttons.register("gig.others", self.others)
        self.bot.buttons.register("gig.pitches", self.page)
        self.bot.buttons.register("gig.sent", self.sent)
        self.bot.forms.register(FormSpec("gig_interest", self.build_interest, self.submit_interest))

    async def who(self, interaction: Interaction[Any], gig_id: int) -> Who:
        """Say who acts; in a DM the gig tells in which community."""
        if interaction.guild_id is not None:
            return who(interaction)
        user = interaction.user
        community = await self.pitches.place_of(user.id, gig_id)
        return Who(*community, user.id, user.display_name, locale_of(interaction))

    # --- the applicant -----------------------------------------------------------------------------

    async def build_interest(
        self, state: str, values: Values | None, _interaction: Interaction[Any]
    ) -> FormModal:
        """The form behind *I'm interested*; its state is the gig's id."""
        old = values or {}
        fields = [
            text_field(
                "pitch", _("Why you? Two or three sentences"), max=rules.PITCH_MAX, long=True,
                value=old.get("pitch"),
            ),
            text_field(
                "hours", _("Hours a week you have for it"), max=SHORT_MAX, required=False,
                value=old.get("hours"), placeholder=_("10 to 15"),
            ),
            text_field(
                "start", _("When you could start"), max=SHORT_MAX, required=False,
                value=old.get("start"), placeholder=_("From the 1st, or next week"),
            ),
        ]  # fmt: skip
        return self.bot.forms.modal("gig_interest", state, _("I'm interested"), fields)

    async def submit_interest(self, sent: Submission) -> None:
        """Hand the pitch to the poster."""
        gig_id = gig_number((sent.state,))
        interest = await self.pitches.send(
            await self.who(sent.interaction, gig_id), gig_id,
            sent.text("pitch"), sent.text("hours"), sent.text("start"),
        )  # fmt: skip
        await sent.answer.show(pitch_cards.interested(interest))

    async def interest(self, press: Press) -> None:
        """Open the pitch form, unless they cannot answer this gig."""
        gig_id = gig_number(press.args)
        gig = await self.pitches.may_answer(await self.who(press.interaction, gig_id), gig_id)
        await press.answer.form(await self.bot.forms.build("gig_interest", str(gig.id), press.interaction))

    async def take_back(self, press: Press) -> None:
        """The applicant takes the pitch back; one chosen in the menu comes as a value."""
        done = await self.pitches.take_back(press.person_id, gig_number(press.values or press.args))
        await press.answer.update(pitch_cards.taken_back(done))

    async def sent(self, press: Press) -> None:
        """Show an applicant how their pitches stand, also in a DM: the button carries the community."""
        community_id, user = gig_number(press.args), press.interaction.user
        me = Who(community_id, "", user.id, user.display_name, locale_of(press.interaction))
        await press.answer.show(pitch_cards.overview(await self.pitches.overview(me)))

    # --- the poster --------------------------------------------------------------------------------

    async def accept(self, press: Press) -> None:
        """The poster accepts an applicant."""
        done = await self.pitches.answer(press.person_id, gig_number(press.args), accept=True)
        await press.answer.update(pitch_cards.answered(done))

    async def decline(self, press: Press) -> None:
        """The poster declines an applicant."""
        done = await self.pitches.answer(press.person_id, gig_number(press.args), accept=False)
        await press.answer.update(pitch_cards.answered(done))

    async def others(self, press: Press) -> None:
        """The poster declines everybody who still waits."""
        gig, number = await self.pitches.decline_others(press.person_id, gig_number(press.args))
        await press.answer.update(pitch_cards.others_declined(gig, number))

    async def page(self, press: Press) -> None:
        """The poster reads one pitch after the other; a gig chosen in the menu comes as a value."""
        gig_id = gig_number(press.values or press.args)
        place = gig_number(press.args[1:]) if len(press.args) > 1 else 0
        found = await self.pitches.page(press.person_id, gig_id, place)
        # The message that tells of new pitches stays as it is.
        fresh = press.interaction.message is not None and not press.interaction.message.flags.ephemeral
        await (press.answer.show if fresh else press.answer.update)(pitch_cards.page(found))
