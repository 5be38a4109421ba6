"""The forms of the moderators' queue: why not, what to change, and the poster's word against it."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.client import Kith
from bot.edge.forms import Field, FormModal, FormSpec, Submission, Values, choice_field, text_field
from bot.gigs import review_rules
from bot.gigs.service import GigService
from cogs.gigs import review_cards, review_told
from cogs.gigs.review_buttons import ReviewButtons, mark, reviewer
from cogs.gigs.review_words import REASONS, SENTENCES

_HOLD, _FRESH = "hold", "fresh"


class ReviewForms:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service
        self.buttons = ReviewButtons(bot, service)

    def register(self) -> None:
        """Add every button and form."""
        self.buttons.register()
        self.bot.sentences.update(SENTENCES)
        for spec in (
            FormSpec("gig.ask_change", self.build_change, self.submit_change),
            FormSpec("gig.refuse", self.build_refuse, self.submit_refuse),
            FormSpec("gig.takedown", self.build_takedown, self.submit_takedown),
            FormSpec("gig.appeal_words", self.build_appeal, self.submit_appeal),
        ):
            self.bot.forms.register(spec)

    # --- moderators --------------------------------------------------------------------------------

    async def build_change(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """What is to be changed."""
        await self.service.review.one(reviewer(interaction), _marks(state)[0])
        words = text_field(
            "words", _("What should be different?"), max=review_rules.WORDS_MAX, long=True,
            value=(values or {}).get("words"), description=_("The poster reads these words."),
        )  # fmt: skip
        return self.bot.forms.modal("gig.ask_change", state, _("Ask for a change"), [words])

    async def submit_change(self, sent: Submission) -> None:
        """Send it back to its poster."""
        acting = reviewer(sent.interaction)
        gig, asking, page = _marks(sent.state)
        reason = review_rules.checked_change(sent.text("words"))
        done = await self.service.review.decide(acting, gig, asking, "change", reason)
        await self.buttons.show(sent.answer, acting, done, page)

    async def build_refuse(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Why it is refused."""
        await self.service.review.one(reviewer(interaction), _marks(state)[0])
        return self.bot.forms.modal("gig.refuse", state, _("Refuse this gig"), _why(values))

    async def submit_refuse(self, sent: Submission) -> None:
        """Refuse it."""
        acting = reviewer(sent.interaction)
        gig, asking, page = _marks(sent.state)
        reason = review_rules.checked_reason(sent.text("why"), sent.text("words"))
        done = await self.service.review.decide(
            acting, gig, asking, "refused", reason, remember=sent.text("again") != _FRESH
        )
        await self.buttons.show(sent.answer, acting, done, page)

    async def build_takedown(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Why it is taken off the board."""
        await self.service.review.one(reviewer(interaction), _marks(state)[0])
        return self.bot.forms.modal("gig.takedown", state, _("Take this gig down"), _why(values))

    async def submit_takedown(self, sent: Submission) -> None:
        """Take it off the board."""
        acting = reviewer(sent.interaction)
        reason = review_rules.checked_reason(sent.text("why"), sent.text("words"))
        done = await self.service.review.take_down(
            acting, _marks(sent.state)[0], reason, remember=sent.text("again") != _FRESH
        )
        await sent.answer.update(review_cards.outcome(done))

    # --- the poster --------------------------------------------------------------------------------

    async def build_appeal(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """The poster's words, filled in with what they said before."""
        seen = await self.service.review.appealed(interaction.user.id, mark((state,), 0))
        words = text_field(
            "words", _("What should the moderators know?"), max=review_rules.APPEAL_MAX, long=True,
            required=False, value=(values or {}).get("words", seen.words),
            description=_("Only the moderators of this community read it."),
        )  # fmt: skip
        return self.bot.forms.modal("gig.appeal_words", state, _("Your appeal"), [words])

    async def submit_appeal(self, sent: Submission) -> None:
        """Put the words before the moderators."""
        gig = mark((sent.state,), 0)
        seen = await self.service.review.appeal_words(sent.person_id, gig, sent.text("words"))
        slow = await self.service.review.slow(seen.gig.community_id)
        await sent.answer.update(review_told.appealed(seen, slow=slow))


def _marks(state: str) -> tuple[int, int, int]:
    """Gig, asking and page, from a form's state; only the gig where it was never asked about."""
    gig, asking, page, *_rest = (*state.split(":"), "0", "0")
    return mark((gig,), 0), mark((asking,), 0), mark((page,), 0)


def _why(values: Values | None) -> list[Field]:
    """Why not, in one choice and, where needed, in words; and what becomes of the same words."""
    given: Values = values or {}
    reasons = [(_(name), slug) for slug, name in REASONS.items()]
    again = [(_("Hold it for us"), _HOLD), (_("Screen it like any other"), _FRESH)]
    return [
        choice_field("why", _("Why?"), reasons, value=given.get("why")),
        text_field(
            "words", _("In your words, if you like"), required=False, max=review_rules.WORDS_MAX, long=True,
            value=given.get("words"), description=_("The poster reads the reason and these words."),
        ),
        choice_field(
            "again", _("When the same text comes again"), again, value=given.get("again") or _HOLD,
        ),
    ]  # fmt: skip
