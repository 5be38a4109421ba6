"""The form of `/gig post`: translate, call one use case, show one card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import who
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, choice_field, text_field
from bot.gigs import rules
from bot.gigs.service import Draft, GigService
from cogs.gigs import posting_cards
from cogs.gigs.words import KINDS


class PostingForms:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add the form."""
        self.bot.forms.register(FormSpec("gig", self.build_gig, self.submit_gig))

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
        await sent.answer.show(
            posting_cards.posted(await self.service.posting.post(who(sent.interaction), draft))
        )
