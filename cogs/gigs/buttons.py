"""Buttons and forms of the gig board: translate, call one use case, show one card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, choice_field, text_field
from bot.edge.numbers import number_in
from bot.gigs import rules
from bot.gigs.service import Draft, GigService
from cogs.gigs import cards
from cogs.gigs.words import KINDS


class GigButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add every button and form."""
        for action, handler in {
            "gig.interest": self.interest, "gig.accept": self.accept, "gig.decline": self.decline,
            "gig.filled": self.filled, "gig.withdraw": self.withdraw, "gig.approve": self.approve,
            "gig.refuse": self.refuse,
        }.items():  # fmt: skip
            self.bot.buttons.register(action, handler)
        self.bot.forms.register(FormSpec("gig", self.build_gig, self.submit_gig))
        self.bot.forms.register(FormSpec("gig_interest", self.build_interest, self.submit_interest))

    # --- forms -------------------------------------------------------------------------------------

    async def build_gig(self, state: str, values: Values | None, _interaction: Interaction[Any]) -> FormModal:
        """The form of `/gig post`, filled in where there are values."""
        old = {
            name: value if isinstance(value, str) else "".join(value[:1])
            for name, value in (values or {}).items()
        }
        kinds = [(_(label), kind) for kind, label in KINDS.items()]
        fields = [
            choice_field("kind", _("What is it?"), kinds, value=old.get("kind")),
            text_field("title", _("Title"), max=rules.TITLE_MAX, value=old.get("title")),
            text_field(
                "description",
                _("The work"),
                max=rules.DESCRIPTION_MAX,
                long=True,
                value=old.get("description"),
            ),
            text_field(
                "budget",
                _("Budget, such as 80–120 €/h or $1.5k fixed"),
                max=rules.BUDGET_MAX,
                value=old.get("budget"),
            ),
            text_field(
                "terms", _("Niches and hours"), required=False, max=rules.TERMS_MAX, value=old.get("terms")
            ),
        ]
        return self.bot.forms.modal("gig", state, _("Post a gig"), fields)

    async def submit_gig(self, sent: Submission) -> None:
        """Post what was typed; the poster sees in private what was found and what comes next."""
        draft = Draft(*(sent.text(name) for name in ("kind", "title", "description", "budget", "terms")))
        await sent.answer.show(cards.posted(await self.service.post(who(sent.interaction), draft)))

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
        gig = await self.service.interest(who(sent.interaction), _id((sent.state,)), sent.text("pitch"))
        await sent.answer.show(cards.interested(gig))

    # --- members -----------------------------------------------------------------------------------

    async def interest(self, press: Press) -> None:
        """Open the pitch form, unless they cannot answer this gig."""
        gig = await self.service.may_answer(who(press.interaction), _id(press.args))
        await press.answer.form(await self.bot.forms.build("gig_interest", str(gig.id), press.interaction))

    async def accept(self, press: Press) -> None:
        """The poster accepts an applicant."""
        done = await self.service.answer_interest(press.person_id, _id(press.args), accept=True)
        await press.answer.update(cards.answered(done.interest, done.changed))

    async def decline(self, press: Press) -> None:
        """The poster declines an applicant."""
        done = await self.service.answer_interest(press.person_id, _id(press.args), accept=False)
        await press.answer.update(cards.answered(done.interest, done.changed))

    async def filled(self, press: Press) -> None:
        """The poster found someone."""
        done = await self.service.filled(press.person_id, _id(press.args))
        await press.answer.update(cards.closing(done.gig, done.changed))

    async def withdraw(self, press: Press) -> None:
        """The poster takes it back."""
        done = await self.service.withdraw(press.person_id, _id(press.args))
        await press.answer.update(cards.closing(done.gig, done.changed))

    # --- moderators --------------------------------------------------------------------------------

    async def approve(self, press: Press) -> None:
        """A moderator lets a gig through."""
        await self._decide(press, approve=True)

    async def refuse(self, press: Press) -> None:
        """A moderator refuses a gig."""
        await self._decide(press, approve=False)

    async def _decide(self, press: Press, approve: bool) -> None:
        rights = press.interaction.permissions
        is_moderator = rights.manage_guild or rights.manage_messages
        acting = who(press.interaction)
        done = await self.service.decide(acting, _id(press.args), approve, is_moderator)
        await press.answer.update(cards.reviewed(done.gig, done.changed, acting.name))


def _id(args: tuple[str, ...]) -> int:
    """The id that a button or form carries."""
    return number_in("".join(args[:1]), "gig_gone")
