"""The two forms of a gig and the buttons under its preview: translate, call one use case, show one card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from discord import Interaction

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import (
    Field,
    FormModal,
    FormSpec,
    Submission,
    Values,
    checks_field,
    choice_field,
    text_field,
)
from bot.edge.limits import POST, costs
from bot.edge.numbers import number_in
from bot.gigs import rules
from bot.gigs.service import Details, Draft, GigService, GigView, Outcome, Preview, Standing
from bot.people.catalogue import load_catalogue
from cogs.gigs import posting_cards
from cogs.gigs.common import gig_number, names
from cogs.gigs.words import KINDS

NEW = "new"
_STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Place:
    """Which row a form or button is about (0: none yet), and beside which live gig (0: beside none)."""

    row: int = 0
    beside: int = 0

    @classmethod
    def of(cls, *parts: str) -> Place:
        """Read the ids of a button or a form's state; raises `gig_gone` for what Kith never wrote."""
        return cls(*(number_in(part, "gig_gone") for part in parts[:2]))

    @classmethod
    def of_state(cls, state: str) -> Place:
        """Read a form's state, such as "new", "12" or "12-7"."""
        return cls() if state == NEW else cls.of(*state.split("-"))

    @property
    def state(self) -> str:
        """Write it as a form's state."""
        return f"{self.row}-{self.beside}" if self.beside else str(self.row)


class PostingForms:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.service = service

    def register(self) -> None:
        """Add the forms and the buttons."""
        self.bot.forms.register(FormSpec("gig", self.build_words, self.submit_words))
        self.bot.forms.register(FormSpec("gig_details", self.build_details, self.submit_details))
        handlers = {
            "gig.publish": self.publish,
            "gig.save": self.save,
            "gig.hand": self.hand_over,
            "gig.words": self.words,
            "gig.details": self.details,
            "gig.discard": self.discard,
            "gig.preview": self.preview,
            "gig.edit": self.edit,
        }
        for action, handler in handlers.items():
            self.bot.buttons.register(action, handler)

    # --- the forms ---------------------------------------------------------------------------------

    async def build_words(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """The form of `/gig post`, filled in with what was typed or is stored."""
        gig = None if values or state == NEW else await self._gig(state, interaction)
        title = _("Post a gig") if state == NEW else _("The words of your gig")
        return self.bot.forms.modal("gig", state, title, word_fields(values or {}, gig))

    async def submit_words(self, sent: Submission) -> None:
        """Keep what was typed as a draft, and show it."""
        place = Place.of_state(sent.state)
        draft = Draft(*(sent.text(name) for name in ("kind", "title", "description", "budget", "terms")))
        found = await self._written(sent, place, draft)
        await self._show(sent, place, found)

    async def build_details(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """The second form, filled in with what was typed or is stored."""
        gig = None if values else await self._gig(state, interaction)
        return self.bot.forms.modal("gig_details", state, _("Details"), detail_fields(values or {}, gig))

    async def submit_details(self, sent: Submission) -> None:
        """Add the details to the draft, and show it."""
        place = Place.of_state(sent.state)
        details = Details(
            skills=sent.text("skills"),
            hours=sent.text("hours"),
            length=sent.text("length"),
            apply=sent.text("apply"),
            starter=bool(sent.chosen(_STARTER)),
        )
        found = await self.service.posting.add(
            sent.person_id, place.row, details, standing_of(sent.interaction), place.beside or None
        )
        await self._show(sent, place, found)

    # --- the buttons -------------------------------------------------------------------------------

    @costs(POST)
    async def publish(self, press: Press) -> None:
        """Put the draft on the board, or before the moderators."""
        done = await self.service.posting.publish(
            press.person_id, gig_number(press.args), standing_of(press.interaction)
        )
        waits = done.gig.state in rules.REVIEWED_STATES
        slow = waits and await self.service.review.slow(done.gig.community_id)
        card = posting_cards.published(done.gig, done.changed, slow=slow, away=_away(press.interaction))
        await press.answer.update(card)

    async def save(self, press: Press) -> None:
        """Put new words in the place of the old ones."""
        place = Place.of(*press.args)
        done = await self.service.editing.save(
            press.person_id, place.row, place.beside, standing_of(press.interaction)
        )
        await press.answer.update(_saved(done, away=_away(press.interaction)))

    @costs(POST)
    async def hand_over(self, press: Press) -> None:
        """Hand new words to the moderators."""
        place = Place.of(*press.args)
        done = await self.service.editing.ask(
            press.person_id, place.row, place.beside, standing_of(press.interaction)
        )
        away = _away(press.interaction)
        if done.gig.id != place.row:  # they were clean after all
            await press.answer.update(_saved(done, away=away))
            return
        slow = await self.service.review.slow(done.gig.community_id)
        card = posting_cards.handed_over(done.gig, done.changed, slow=slow, away=away)
        await press.answer.update(card)

    async def words(self, press: Press) -> None:
        """Open the first form again; on what was published meanwhile as an edit of it."""
        place = Place.of(*press.args)
        if place.beside:
            await self._open(press, "gig", place.state)
        else:
            await self.edit(press)

    async def details(self, press: Press) -> None:
        """Open the second form; what was published meanwhile has none."""
        place = Place.of(*press.args)
        gig = await self.service.editing.open(press.person_id, place.row)
        if gig.state not in ("edit", *rules.UNPUBLISHED_STATES):
            raise KithError("gig_published")
        await self._open(press, "gig_details", place.state)

    async def edit(self, press: Press) -> None:
        """Open the first form on a gig that is on the board, or on words that moderators sent back."""
        place = Place(*await self.service.editing.place(press.person_id, gig_number(press.args)))
        await self._open(press, "gig", place.state)

    async def discard(self, press: Press) -> None:
        """Throw a draft away, or new words for a live gig."""
        place = Place.of(*press.args)
        if not place.beside:
            thrown = await self.service.posting.discard(press.person_id, place.row)
            await press.answer.update(posting_cards.discarded(thrown))
            return
        done = await self.service.editing.discard(press.person_id, place.row, place.beside)
        away = _away(press.interaction)
        await press.answer.update(posting_cards.left_alone(done.gig, done.changed, away=away))

    async def preview(self, press: Press) -> None:
        """Show a draft again."""
        found = await self.service.posting.preview(
            press.person_id, gig_number(press.args), standing_of(press.interaction)
        )
        await press.answer.update(posting_cards.preview(found, away=_away(press.interaction)))

    # --- how it works ------------------------------------------------------------------------------

    async def _written(self, sent: Submission, place: Place, draft: Draft) -> Preview:
        """Keep the words where they belong; a draft that is gone meanwhile begins anew."""
        standing, beside = standing_of(sent.interaction), place.beside or None
        if place.row:
            found = await self.service.posting.rewrite(sent.person_id, place.row, draft, standing, beside)
            if found is not None:
                return found
        if beside is not None:
            return await self.service.editing.words(sent.person_id, beside, draft, standing)
        return await self.service.posting.draft(who(sent.interaction), draft, standing)

    async def _show(self, sent: Submission, place: Place, found: Preview) -> None:
        """Show a preview in the place of the former one, whose buttons would publish other words."""
        show = sent.answer.update if place.row else sent.answer.show
        await show(posting_cards.preview(found, away=_away(sent.interaction)))

    async def _open(self, press: Press, form: str, state: str) -> None:
        await press.answer.form(await self.bot.forms.build(form, state, press.interaction))

    async def _gig(self, state: str, interaction: Interaction[Any]) -> GigView:
        """The row a form changes; a new edit begins with the words of the live gig."""
        place = Place.of_state(state)
        return await self.service.editing.open(interaction.user.id, place.row or place.beside)


def standing_of(interaction: Interaction[Any]) -> Standing:
    """How old the poster's account is, and how long they have been in the server."""
    user, now = interaction.user, interaction.client.clock.now()
    joined = user.joined_at if isinstance(user, discord.Member) else None
    return Standing(
        max(0, (now - user.created_at).days), max(0, (now - joined).days) if joined is not None else None
    )


def word_fields(given: Values, gig: GigView | None) -> list[Field]:
    """The fields of the first form."""

    def old(name: str) -> object:
        return given.get(name, getattr(gig, name, None))

    kinds = [(_(label), kind) for kind, label in KINDS.items()]
    return [
        choice_field("kind", _("What is it?"), kinds, value=old("kind")),
        text_field("title", _("Title"), max=rules.TITLE_MAX, value=old("title")),
        text_field(
            "description", _("The work"), max=rules.DESCRIPTION_MAX, long=True, value=old("description"),
            placeholder=_("What is there to do, for whom, and what should come out of it?"),
        ),
        text_field(
            "budget", _("Budget, such as 80–120 €/h or $1.5k fixed"), max=rules.BUDGET_MAX,
            value=old("budget"),
        ),
        text_field(
            "terms", _("Niches"), required=False, max=rules.TERMS_MAX, value=old("terms"),
            placeholder=_("Energy, OCR"),
        ),
    ]  # fmt: skip


def detail_fields(given: Values, gig: GigView | None) -> list[Field]:
    """The fields of the second form."""
    skills = names(load_catalogue().skills, gig.skills) if gig else ""
    ticked = given.get(_STARTER, ["yes"] if gig is not None and gig.starter else [])

    def old(name: str) -> object:
        return given.get(name, getattr(gig, name, None))

    return [
        text_field(
            "skills", _("Skills"), required=False, max=rules.SKILLS_MAX, value=given.get("skills", skills),
            placeholder=_("Python, SQL, forecasting"),
        ),
        text_field(
            "hours", _("Hours a week"), required=False, max=rules.HOURS_MAX, value=old("hours"),
            placeholder=_("10 to 15"),
        ),
        text_field(
            "length", _("How long"), required=False, max=rules.LENGTH_MAX, value=old("length"),
            placeholder=_("Six weeks from March"),
        ),
        text_field(
            "apply", _("How to apply"), required=False, max=rules.APPLY_MAX, long=True, value=old("apply"),
            description=_("They answer with a button under the post; say what you would like to read."),
        ),
        checks_field(
            _STARTER, _("For first-timers?"), [(_("Someone without a record is welcome"), "yes")],
            values=ticked, description=_("Such a gig pays a small floor at least: nobody starts too low."),
        ),
    ]  # fmt: skip


def _saved(done: Outcome | Preview, *, away: bool) -> discord.ui.LayoutView:
    """Where the new words are not clean after all, their poster sees the preview again."""
    if isinstance(done, Preview):
        return posting_cards.preview(done, away=away)
    return posting_cards.saved(done.gig, done.changed, away=away)


def _away(interaction: Interaction[Any]) -> bool:
    """Whether a card is shown in a DM, where it says which community it is about and how to end this."""
    return interaction.guild_id is None
