"""The forms of a profile: each at most five fields, each stored on its own, refused ones filled in again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import Interaction

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import who
from bot.edge.forms import (
    Field,
    FormModal,
    Forms,
    FormSpec,
    Submission,
    Values,
    choice_field,
    choices_field,
    text_field,
)
from bot.people.links import KINDS
from bot.people.rules import CLIENTS_MAX, HOURS_A_WEEK, whole_number
from bot.people.service import MemberView, ProfileEdit
from bot.people.visibility import DEFAULTS, MATCHES_ONLY, audience_of
from cogs.people.fields import Group, ProfileFields
from cogs.people.showing import Showing
from cogs.people.words import FIELDS, LINKS, SENTENCES

# Longer than what is kept, so that too much is answered in words and offered again.
NUMBER_ROOM, LINK_ROOM = 100, 600
SKILL_TITLES: dict[str, Group] = {"business": "business", "technical": "technical"}


class ProfileForms:
    """Builds each form from what is stored or was typed, and stores what is sent in."""

    def __init__(self, showing: Showing, forms: Forms) -> None:
        """Stand on what shows profiles; the forms make modals."""
        self.showing = showing
        self.service = showing.service
        self.forms = forms
        self.fields = ProfileFields(self.service.catalogue)

    def specs(self) -> list[FormSpec]:
        """Return every form of the profile."""
        return [
            FormSpec("profile.edit", self.build_basics, self.submit_basics),
            FormSpec("profile.skills", self.build_skills, self.submit_skills),
            FormSpec("profile.meet", self.build_meet, self.submit_meet),
            FormSpec("profile.work", self.build_work, self.submit_work),
            FormSpec("profile.links", self.build_links, self.submit_links),
            FormSpec("profile.seen", self.build_seen, self.submit_seen),
        ]

    # --- the basics --------------------------------------------------------------------------------

    async def build_basics(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form that `/profile edit` opens."""
        view = await self.service.mine(who(interaction))
        make, given = self.fields, values or {}
        fields = [
            make.headline(view, given),
            make.disciplines(view, given),
            make.stage(view, given),
            make.work_mode(view, given),
            make.direction(view, given),
        ]
        return self.forms.modal("profile.edit", str(view.id), _("The basics"), fields)

    async def submit_basics(self, sent: Submission) -> None:
        """Store the basics."""
        edit = ProfileEdit(
            headline=sent.text("headline"),
            disciplines=tuple(sent.chosen("disciplines")),
            stage=sent.text("stage"),
            work_mode=sent.text("work_mode"),
            direction=sent.text("direction"),
        )
        await self._save(sent, edit)

    # --- skills ------------------------------------------------------------------------------------

    async def build_skills(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form about one menu of skills, named by the state."""
        group = _group(state)
        view = await self.service.mine(who(interaction))
        title = _("Business skills") if group == "business" else _("Technical skills")
        return self.forms.modal("profile.skills", group, title, self._skills(group, view, values or {}))

    def _skills(self, group: Group, view: MemberView, given: Values) -> list[Field]:
        make = self.fields.skills
        return [
            make("offers", _("You can help with"), group, view, given),
            make("asks", _("You look for help with"), group, view, given),
            make("enjoys", _("You enjoy (only your matches see it)"), group, view, given),
            make("weak", _("You find hard (only your matches see it)"), group, view, given),
        ]

    async def submit_skills(self, sent: Submission) -> None:
        """Store the skills of this menu; those of the other stay."""
        group = _group(sent.state)
        edit = ProfileEdit(
            offers=tuple(sent.chosen("offers")),
            asks=tuple(sent.chosen("asks")),
            enjoys=tuple(sent.chosen("enjoys")),
            weak=tuple(sent.chosen("weak")),
        )
        await self._save(sent, edit, group=group)

    # --- meeting, and work now ---------------------------------------------------------------------

    async def build_meet(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form about how and when to meet."""
        view = await self.service.mine(who(interaction))
        make, given = self.fields, values or {}
        fields = [make.comfort(view, given), make.languages(view, given), make.contact_hours(view, given)]
        return self.forms.modal("profile.meet", "0", _("How you like to meet"), fields)

    async def submit_meet(self, sent: Submission) -> None:
        """Store how and when the member likes to meet."""
        edit = ProfileEdit(
            comfort=sent.text("comfort"),
            languages=tuple(sent.chosen("languages")),
            contact_hours=tuple(sent.chosen("contact_hours")),
        )
        await self._save(sent, edit)

    async def build_work(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form about the work in hand."""
        view = await self.service.mine(who(interaction))
        given: Values = values or {}
        is_open = view.open_for_work(self.service.clock.now())
        fields = [
            _number("hours", _("Hours a week you have open"), view.hours_open, given),
            _number("clients", _("Clients at present"), view.clients, given),
            choice_field(
                "open",
                _("Open for work"),
                [(_("Yes, for two weeks"), "yes"), (_("Not now"), "no")],
                value=given.get("open", "yes" if is_open else "no"),
                description=_("It ends by itself, so that it stays true. Saving it again starts it anew."),
            ),
        ]
        return self.forms.modal("profile.work", "0", _("Your work now"), fields)

    async def submit_work(self, sent: Submission) -> None:
        """Store the work in hand."""
        if sent.text("open") not in {"yes", "no"}:
            raise KithError("choice_unknown")
        edit = ProfileEdit(
            workload=(
                whole_number(sent.text("hours"), HOURS_A_WEEK),
                whole_number(sent.text("clients"), CLIENTS_MAX),
            ),
            open_for_work=sent.text("open") == "yes",
        )
        await self._save(sent, edit)

    # --- links -------------------------------------------------------------------------------------

    async def build_links(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form about links."""
        view = await self.service.mine(who(interaction))
        given, held = values or {}, dict(view.links)
        examples = {
            "portfolio": "example.com/work",
            "github": "octocat",
            "linkedin": "in/your-name",
            "site": "example.com",
        }
        fields = [
            text_field(
                kind,
                _(LINKS[kind]),
                required=False,
                max=LINK_ROOM,
                value=given.get(kind, held.get(kind, "")),
                placeholder=examples[kind],
            )
            for kind in KINDS
        ]
        return self.forms.modal("profile.links", "0", _("Links"), fields)

    async def submit_links(self, sent: Submission) -> None:
        """Store the links; those left empty go."""
        edit = ProfileEdit(links={kind: sent.text(kind) for kind in KINDS})
        try:
            await self._save(sent, edit, may_hint=False)
        except KithError as error:
            named = _named(error)
            raise named from None if named is error else error

    # --- who sees what -----------------------------------------------------------------------------

    async def build_seen(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form about who sees which part."""
        view, listed = await self.service.own(who(interaction))
        return self.forms.modal("profile.seen", "0", _("Who sees what"), _seen(view, listed, values or {}))

    async def submit_seen(self, sent: Submission) -> None:
        """Store who sees which part; what was ticked nowhere is for nobody."""
        members, matches = set(sent.chosen("members")), set(sent.chosen("matches"))
        found = sent.text("listed")
        if found not in {"members", "introduced"} or not members | matches <= set(DEFAULTS):
            raise KithError("choice_unknown")
        audiences = {
            part: "members" if part in members else "matches" if part in matches else "nobody"
            for part in DEFAULTS
        }
        await self._save(sent, ProfileEdit(visibility=audiences), may_hint=False, listed=found == "members")

    async def _save(
        self,
        sent: Submission,
        edit: ProfileEdit,
        *,
        group: str | None = None,
        may_hint: bool = True,
        listed: bool | None = None,
    ) -> None:
        saved = await self.service.edit_profile(
            who(sent.interaction), edit, group=group, may_hint=may_hint, listed=listed
        )
        await sent.answer.show(await self.showing.saved(sent.interaction, saved))


def _group(state: str) -> Group:
    if state not in SKILL_TITLES:
        raise KithError("form_outdated")
    return SKILL_TITLES[state]


def _number(name: str, label: str, held: int | None, given: Values) -> Field:
    return text_field(
        name,
        label,
        required=False,
        max=NUMBER_ROOM,
        value=given.get(name, "" if held is None else str(held)),
        description=_("A whole number, or nothing."),
    )


def _named(error: KithError) -> KithError:
    """Say which of the four links is meant, and what is unsafe about it, in a sentence of its own."""
    if "kind" not in error.values:
        return error
    values = error.values | {"kind": _(LINKS[str(error.values["kind"])])}
    precise = f"link_{values.get('why')}"
    return KithError(precise if precise in SENTENCES else error.code, **values)


def _seen(view: MemberView, listed: bool, given: Values) -> list[Field]:
    stored: dict[str, list[str]] = {"members": [], "matches": [], "nobody": []}
    for part in DEFAULTS:
        stored[audience_of(view, part)].append(part)
    return [
        choice_field(
            "listed",
            _("Who may find you"),
            [(_("Members of this server"), "members"), (_("Only people I introduce you to"), "introduced")],
            value=given.get("listed", "members" if listed else "introduced"),
        ),
        _parts(
            "members",
            _("Everyone here may see"),
            [part for part in DEFAULTS if part not in MATCHES_ONLY],
            given.get("members", stored["members"]),
            _("If members may find you."),
        ),
        _parts(
            "matches",
            _("People I introduce you to may also see"),
            tuple(DEFAULTS),
            given.get("matches", stored["matches"]),
            _("What is ticked in neither menu is for nobody, and is not used for matching."),
        ),
    ]


def _parts(name: str, label: str, parts: Sequence[str], ticked: object, about: str) -> Field:
    shown = [(_(FIELDS[part]), part) for part in parts]
    return choices_field(name, label, shown, required=False, min=0, values=ticked, description=about)
