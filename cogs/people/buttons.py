"""The profile's two forms, and the menu and button of niches."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import who
from bot.edge.forms import (
    FormModal,
    Forms,
    FormSpec,
    Submission,
    Values,
    choice_field,
    choices_field,
    text_field,
)
from bot.edge.kit import Option
from bot.people.catalogue import Catalogue, Term
from bot.people.rules import HEADLINE_MAX, SKILLS_MAX
from bot.people.service import MemberView, PeopleService, ProfileEdit
from cogs.people.cards import saved_card

# Longer than what is kept, so that too long a headline is answered in words and offered again.
HEADLINE_ROOM = 400


def options(terms: dict[str, Term]) -> list[Option]:
    """Turn a vocabulary into the options of a field."""
    return [(_(term.name), slug, _(term.hint) if term.hint else None) for slug, term in terms.items()]


class PeopleButtons:
    """Handles the forms and buttons of profiles and niches."""

    def __init__(self, service: PeopleService, forms: Forms) -> None:
        """Stand on the service; the forms make modals."""
        self.service = service
        self.forms = forms

    @property
    def words(self) -> Catalogue:
        """The catalogue's words."""
        return self.service.catalogue

    def specs(self) -> list[FormSpec]:
        """Return the two halves of the profile form."""
        return [
            FormSpec("profile.edit", self.build_edit, self.submit_edit),
            FormSpec("profile.more", self.build_more, self.submit_more),
        ]

    async def build_edit(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the first half, filled in with what was typed before or with what is stored."""
        view = await self.service.mine(who(interaction))
        given: Values = values or {}
        return self.forms.modal(
            "profile.edit",
            str(view.id),
            _("Your profile"),
            [
                text_field(
                    "headline",
                    _("Headline"),
                    required=False,
                    max=HEADLINE_ROOM,
                    value=given.get("headline", view.headline),
                    placeholder=_("I help energy companies forecast demand"),
                    description=_("One line, up to {limit} characters.").format(limit=HEADLINE_MAX),
                ),
                choice_field(
                    "discipline",
                    _("What you do"),
                    options(dict(self.words.disciplines)),
                    required=False,
                    value=given.get("discipline", view.discipline),
                ),
                choice_field(
                    "stage",
                    _("Where your business is"),
                    options(dict(self.words.stages)),
                    required=False,
                    value=given.get("stage", view.stage),
                ),
                self._skills("offers", _("You can help with (business)"), "business", view, given),
                self._skills("asks", _("You look for help with (business)"), "business", view, given),
            ],
        )

    async def build_more(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the second half."""
        view = await self.service.mine(who(interaction))
        given: Values = values or {}
        return self.forms.modal(
            "profile.more",
            str(view.id),
            _("More about you"),
            [
                self._skills("offers", _("You can help with (technical)"), "technical", view, given),
                self._skills("asks", _("You look for help with (technical)"), "technical", view, given),
                choice_field(
                    "comfort",
                    _("How you like to meet"),
                    options(dict(self.words.comforts)),
                    value=given.get("comfort", view.comfort),
                    description=_("The most you are comfortable with."),
                ),
                choice_field(
                    "work_mode",
                    _("How you work"),
                    options(dict(self.words.work_modes)),
                    required=False,
                    value=given.get("work_mode", view.work_mode),
                ),
                choice_field(
                    "direction",
                    _("Where you are heading"),
                    options(dict(self.words.directions)),
                    required=False,
                    value=given.get("direction", view.direction),
                ),
            ],
        )

    async def submit_edit(self, sent: Submission) -> None:
        """Store the first half."""
        edit = ProfileEdit(
            headline=sent.text("headline"),
            disciplines=tuple(sent.chosen("discipline")),
            stage=sent.text("stage"),
            offers=tuple(sent.chosen("offers")),
            asks=tuple(sent.chosen("asks")),
        )
        await self._save(sent, edit, "business")

    async def submit_more(self, sent: Submission) -> None:
        """Store the second half."""
        edit = ProfileEdit(
            offers=tuple(sent.chosen("offers")),
            asks=tuple(sent.chosen("asks")),
            comfort=sent.text("comfort"),
            work_mode=sent.text("work_mode"),
            direction=sent.text("direction"),
        )
        await self._save(sent, edit, "technical")

    async def _save(self, sent: Submission, edit: ProfileEdit, group: str) -> None:
        saved = await self.service.edit_profile(who(sent.interaction), edit, group=group)
        await sent.answer.show(saved_card(saved.view, self.words, self.service.clock.now()))

    def _skills(self, name: str, label: str, group: str, view: MemberView, given: Values) -> Any:
        held = view.offers if name == "offers" else view.asks
        return choices_field(
            name,
            label,
            options(self.words.skill_group(group)),
            required=False,
            min=0,
            max=SKILLS_MAX,
            values=given.get(name, held),
        )
