"""Buttons and forms about how a gig went: translate, call one use case, show one card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import locale_of
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, choice_field, text_field
from bot.gigs.service import GigService
from bot.vouches.rules import TEXT_MAX, TEXT_MIN
from cogs.gigs import outcome_cards
from cogs.gigs.common import gig_number

YES, NO, OPEN = "yes", "no", "open"
_MEANS = {YES: True, NO: False}
_SAYS: dict[bool | None, str] = {True: YES, False: NO}
VOUCH_ROOM = 900
"""Longer than what is kept, so that too long a text is answered in words and offered again."""


class OutcomeButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.outcomes = service.outcomes

    def register(self) -> None:
        """Add every button and form."""
        self.bot.buttons.register("gig.outcome", self.page)
        self.bot.buttons.register("gig.went", self.went)
        self.bot.buttons.register("gig.unhired", self.unhired)
        self.bot.buttons.register("gig.nobody", self.nobody)
        self.bot.buttons.register("gig.vouch", self.vouch)
        self.bot.forms.register(FormSpec("gig_outcome", self.build, self.submit))
        self.bot.forms.register(FormSpec("gig_vouch", self.build_vouch, self.submit_vouch))

    async def page(self, press: Press) -> None:
        """The poster wants to say how it went."""
        views = await self.outcomes.page(press.person_id, gig_number(press.args))
        await press.answer.show(outcome_cards.page(views))

    async def went(self, press: Press) -> None:
        """Open the form about one person."""
        state = str(gig_number(press.args))
        await press.answer.form(await self.bot.forms.build("gig_outcome", state, press.interaction))

    async def unhired(self, press: Press) -> None:
        """Nothing came of an accepted pitch."""
        done = await self.outcomes.say(
            press.person_id, gig_number(press.args), hired=False, paid=None, finished=None
        )
        await press.answer.update(outcome_cards.said(done))

    async def nobody(self, press: Press) -> None:
        """The poster hired none of those they accepted."""
        views = await self.outcomes.nobody(press.person_id, gig_number(press.args))
        await press.answer.update(outcome_cards.page(views))

    async def build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """The form of three questions; its state is the pitch's id."""
        view = await self.outcomes.mine(interaction.user.id, gig_number((state,)))
        old = values or {
            "hired": _SAYS.get(view.hired, ""),
            "paid": _SAYS.get(view.paid, OPEN if view.hired else ""),
            "finished": _SAYS.get(view.finished, OPEN if view.hired else ""),
        }
        title = _("With {name}").format(name=view.other[1])
        hired = _("Did you hire them?") if view.side == "poster" else _("Did they hire you?")
        yes_no = [(_("Yes"), YES), (_("No"), NO)]
        fields = [
            choice_field("hired", hired, yes_no, value=old.get("hired")),
            choice_field(
                "paid", _("Paid as agreed?"),
                [(_("Yes, as agreed"), YES), (_("Not due yet"), OPEN), (_("No"), NO)],
                required=False, value=old.get("paid"),
                description=_("“No” goes to the moderators, with both names. Nothing is public."),
            ),
            choice_field(
                "finished", _("Is the work finished?"),
                [(_("Yes"), YES), (_("It goes on"), OPEN), (_("No, it ended early"), NO)],
                required=False, value=old.get("finished"),
            ),
        ]  # fmt: skip
        return self.bot.forms.modal("gig_outcome", state, title, fields)

    async def submit(self, sent: Submission) -> None:
        """Keep what was said."""
        done = await self.outcomes.say(
            sent.person_id,
            gig_number((sent.state,)),
            hired=sent.text("hired") == YES,
            paid=_MEANS.get(sent.text("paid")),
            finished=_MEANS.get(sent.text("finished")),
        )
        await sent.answer.show(outcome_cards.said(done))

    async def vouch(self, press: Press) -> None:
        """Open the form of a vouch, also in a DM: the pitch tells for whom and where."""
        state = str(gig_number(press.args))
        await press.answer.form(await self.bot.forms.build("gig_vouch", state, press.interaction))

    async def build_vouch(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """The form of a vouch; its state is the pitch's id."""
        view = await self.outcomes.mine(interaction.user.id, gig_number((state,)))
        field = text_field(
            "text", _("What would you tell others about them?"), max=VOUCH_ROOM, long=True,
            value=(values or {}).get("text"),
            description=_("{least} to {most} characters, shown with your name once they accept.").format(
                least=TEXT_MIN, most=TEXT_MAX
            ),
        )  # fmt: skip
        title = _("Vouch for {name}").format(name=view.other[1])
        return self.bot.forms.modal("gig_vouch", state, title, [field])

    async def submit_vouch(self, sent: Submission) -> None:
        """Offer the words to the person they are about."""
        locale = locale_of(sent.interaction)
        view = await self.outcomes.vouch_for(
            sent.person_id, locale, gig_number((sent.state,)), sent.text("text")
        )
        await sent.answer.show(outcome_cards.vouched(view))
