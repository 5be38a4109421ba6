"""The fields that forms about a profile are put together from, filled in with what was typed or is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from bot.core.text import _
from bot.edge.forms import Field, Values, choice_field, choices_field, text_field
from bot.edge.kit import Option
from bot.people import hours
from bot.people.catalogue import Catalogue, Term
from bot.people.rules import DISCIPLINES_MAX, HEADLINE_MAX, LANGUAGES_MAX, SKILLS_MAX
from bot.people.views import MemberView
from cogs.people.words import slot_words

# Longer than what is kept, so that too long a headline is answered in words and offered again.
HEADLINE_ROOM = 400

Group: TypeAlias = Literal["business", "technical", "core"]
Skills: TypeAlias = Literal["offers", "asks", "enjoys", "weak"]


def options(terms: Mapping[str, Term] | Iterable[Term]) -> list[Option]:
    """Turn a vocabulary into the options of a field."""
    found = terms.values() if isinstance(terms, Mapping) else terms
    return [(_(term.name), term.slug, _(term.hint) if term.hint else None) for term in found]


class ProfileFields:
    """Makes fields; `given` is what a refused form held, the view fills in the rest.

    The names of the fields are those of `ProfileEdit`.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the words that can be chosen."""
        self.words = catalogue

    def headline(self, view: MemberView, given: Values) -> Field:
        """Ask for the one line that says it."""
        return text_field(
            "headline",
            _("Headline"),
            required=False,
            max=HEADLINE_ROOM,
            value=given.get("headline", view.headline),
            placeholder=_("I help energy companies forecast demand"),
            description=_("One line, up to {limit} characters.").format(limit=HEADLINE_MAX),
        )

    def disciplines(self, view: MemberView, given: Values) -> Field:
        """Ask for up to three places in the stack."""
        return choices_field(
            "disciplines",
            _("What you do"),
            options(self.words.disciplines),
            required=False,
            min=0,
            max=DISCIPLINES_MAX,
            values=given.get("disciplines", view.disciplines),
            description=_("Up to {limit}.").format(limit=DISCIPLINES_MAX),
        )

    def stage(self, view: MemberView, given: Values) -> Field:
        """Ask where the business stands."""
        return self._one("stage", _("Where your business is"), self.words.stages, view, given)

    def work_mode(self, view: MemberView, given: Values) -> Field:
        """Ask how the member works."""
        return self._one("work_mode", _("How you work"), self.words.work_modes, view, given)

    def direction(self, view: MemberView, given: Values) -> Field:
        """Ask what the member is working towards."""
        return self._one("direction", _("Where you are heading"), self.words.directions, view, given)

    def comfort(self, view: MemberView, given: Values) -> Field:
        """Ask how the member likes to meet."""
        return choice_field(
            "comfort",
            _("How you like to meet"),
            options(self.words.comforts),
            value=given.get("comfort", view.comfort),
            description=_("The most you are comfortable with."),
        )

    def skills(self, name: Skills, label: str, group: Group, view: MemberView, given: Values) -> Field:
        """Ask for skills of one menu; stored ones of other menus stay as they are."""
        return choices_field(
            name,
            label,
            options(self.words.skill_group(group)),
            required=False,
            min=0,
            max=SKILLS_MAX,
            values=given.get(name, getattr(view, name)),
        )

    def languages(self, view: MemberView, given: Values) -> Field:
        """Ask which languages the member speaks."""
        return choices_field(
            "languages",
            _("Languages you speak"),
            options(self.words.languages),
            required=False,
            min=0,
            max=LANGUAGES_MAX,
            values=given.get("languages", view.languages),
        )

    def contact_hours(self, view: MemberView, given: Values) -> Field:
        """Ask when the member is glad to hear from others; the usual hours are ticked at first."""
        return choices_field(
            "contact_hours",
            _("When you are glad to hear from others"),
            [(slot_words(slot), slot) for slot in hours.SLOTS],
            required=False,
            min=0,
            values=given.get("contact_hours", view.contact_hours or hours.DEFAULT),
            description=_("In your own time zone. Nothing ticked means the usual hours."),
        )

    def _one(
        self, name: str, label: str, terms: Mapping[str, Term], view: MemberView, given: Values
    ) -> Field:
        value = given.get(name, getattr(view, name))
        return choice_field(name, label, options(terms), required=False, value=value)
