"""The button and the form for telling what one is paid, without a name."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, choice_field, text_field
from bot.gigs.regions import REGIONS
from bot.gigs.service import GigService
from bot.people.catalogue import load_catalogue
from cogs.gigs import rates_cards

_PAID_MAX = 60


class RateButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.rates = service.rates

    def register(self) -> None:
        """Add the button and the form."""
        self.bot.buttons.register("gig.rate", self.open)
        self.bot.forms.register(FormSpec("gig_rate", self.build, self.submit))

    async def open(self, press: Press) -> None:
        """Open the form about a skill."""
        skill = "".join(press.args[:1])
        await press.answer.form(await self.bot.forms.build("gig_rate", skill, press.interaction))

    async def build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """The form; its state is the skill. Stage and region of the profile are a suggestion."""
        words = load_catalogue()
        mine = await self.rates.suggested(who(interaction), state)
        old = values if values is not None else {"stage": mine.stage, "region": mine.region}
        fields = [
            text_field(
                "paid", _("What are you paid?"), max=_PAID_MAX, value=old.get("paid"),
                placeholder=_("80 €/h, 500 USD per day …"),
                description=_("Kept as a coarse band with the month, never with your name"),
            ),
            choice_field(
                "stage", _("Your stage"), [(_(term.name), slug) for slug, term in words.stages.items()],
                required=False, value=old.get("stage"), description=_("Leave it out if you like"),
            ),
            choice_field(
                "region", _("Your part of the world"), [(_(name), slug) for slug, name in REGIONS.items()],
                required=False, value=old.get("region"), description=_("Leave it out if you like"),
            ),
        ]  # fmt: skip
        title = _("Pay for {skill}").format(skill=_(words.skills[mine.skill].name))
        return self.bot.forms.modal("gig_rate", mine.skill, title, fields)

    async def submit(self, sent: Submission) -> None:
        """Keep what was told."""
        kept = await self.rates.tell(
            who(sent.interaction), sent.state, sent.text("paid"), sent.text("stage"), sent.text("region")
        )
        await sent.answer.show(rates_cards.thanks(kept))
