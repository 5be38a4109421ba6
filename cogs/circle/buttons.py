"""What the buttons, menus and forms of the circle do: ask the service, show the card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.circle.service import CircleService
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import locale_of, who
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, choice_field, text_field
from bot.edge.kit import plain
from bot.people.service import Who
from cogs.circle import cards
from cogs.circle.words import CHOICES, FORMER

# Longer than what is kept, so that too long a text is answered in words and offered again.
TEXT_ROOM = 400
DAY_ROOM = 40
NAME_ROOM = 30
ID_BELOW = 2**63  # what the database can hold
DIGITS_MAX = 19


class CircleButtons:
    """The handlers; the ids in a button say what it is about, the service says whose it is."""

    def __init__(self, service: CircleService, forms: Forms) -> None:
        """Stand on the service; the forms make modals."""
        self.service = service
        self.forms = forms

    # --- the whole circle --------------------------------------------------------------------------

    async def keep(self, press: Press) -> None:
        """Begin to keep a circle."""
        await press.answer.update(cards.kept_card(await self.service.keep(await self._acting(press))))

    async def page(self, press: Press) -> None:
        """Show another page of the circle."""
        view = await self.service.circle(await self._acting(press), number(*press.args[1:2]))
        await press.answer.update(cards.circle_card(view))

    async def stop(self, press: Press) -> None:
        """Ask before everything is deleted."""
        view = await self.service.circle(await self._acting(press))
        await press.answer.update(cards.stop_card(view) if view.kept else cards.stopped_card(changed=False))

    async def stopped(self, press: Press) -> None:
        """Delete the whole circle."""
        changed = await self.service.stop(await self._acting(press))
        await press.answer.update(cards.stopped_card(changed=changed))

    # --- one person --------------------------------------------------------------------------------

    async def look(self, press: Press) -> None:
        """Show the person chosen in the menu."""
        found = await self.service.person(press.person_id, number(*press.values[:1]))
        await press.answer.update(cards.person_card(found))

    async def person(self, press: Press) -> None:
        """Show a person again, or an older page of the times they met."""
        row_id, page = number(*press.args[:1]), number(*press.args[1:2])
        found = await self.service.person(press.person_id, row_id, page)
        await press.answer.update(cards.person_card(found))

    async def done(self, press: Press) -> None:
        """Tick the next step off."""
        change = await self.service.done(press.person_id, number(*press.args[:1]))
        await press.answer.update(cards.done_card(change))

    async def strike(self, press: Press) -> None:
        """Delete the encounter chosen in the menu."""
        row_id, encounter_id = number(*press.args[:1]), number(*press.values[:1])
        change = await self.service.remove_encounter(press.person_id, row_id, encounter_id)
        await press.answer.update(cards.struck_card(change))

    async def remove(self, press: Press) -> None:
        """Ask before a person is removed."""
        found = await self.service.person(press.person_id, number(*press.args[:1]))
        await press.answer.update(cards.remove_card(found.person))

    async def removed(self, press: Press) -> None:
        """Remove a person."""
        gone = await self.service.remove_person(press.person_id, number(*press.args[:1]))
        await press.answer.update(cards.removed_card(gone.person))

    # --- the forms ---------------------------------------------------------------------------------

    def specs(self) -> tuple[FormSpec, ...]:
        """Describe the forms; their state is the id of the entry."""
        return (
            FormSpec("circle.met", self._build_met, self._submit_met),
            FormSpec("circle.step", self._build_step, self._submit_step),
        )

    async def _build_met(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        found = await self.service.person(interaction.user.id, number(state))
        typed = values or {}
        fields = [
            choice_field(
                "kind",
                _("How did you meet?"),
                [(_(label), kind) for kind, label in CHOICES.items()],
                value=typed.get("kind", ""),
            ),
            text_field(
                "day",
                _("When?"),
                required=False,
                max=DAY_ROOM,
                value=typed.get("day", ""),
                placeholder=_("today, yesterday, 12 May, 2026-05-12"),
                description=_("Empty means today."),
            ),
            text_field(
                "note",
                _("A note for yourself"),
                required=False,
                max=TEXT_ROOM,
                long=True,
                value=typed.get("note", ""),
                description=_("Up to 200 characters; nobody else reads it."),
            ),
        ]
        return self.forms.modal("circle.met", state, _title(found.person.name), fields)

    async def _submit_met(self, sent: Submission) -> None:
        change = await self.service.met_again(
            sent.person_id,
            number(sent.state),
            kind=sent.text("kind"),
            day=sent.text("day"),
            note=sent.text("note"),
            once=str(sent.interaction.id),
        )
        await sent.answer.update(cards.met_card(change))

    async def _build_step(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        found = await self.service.person(interaction.user.id, number(state))
        held = found.person
        day = held.next_day.isoformat() if held.next_day else ""
        typed = values if values is not None else {"step": held.next_step or "", "day": day}
        fields = [
            text_field(
                "step",
                _("What will you do next?"),
                max=TEXT_ROOM,
                long=True,
                value=typed.get("step", ""),
                placeholder=_("Send her the article on forecasts"),
                description=_("Up to 200 characters; nobody else reads it."),
            ),
            text_field(
                "day",
                _("By when?"),
                required=False,
                max=DAY_ROOM,
                value=typed.get("day", ""),
                placeholder=_("tomorrow, friday, in 2 weeks, 12 May"),
                description=_("May stay empty. I will not remind you; it stands in /circle."),
            ),
        ]
        return self.forms.modal("circle.step", state, _title(held.name), fields)

    async def _submit_step(self, sent: Submission) -> None:
        change = await self.service.plan(
            sent.person_id, number(sent.state), step=sent.text("step"), day=sent.text("day")
        )
        await sent.answer.update(cards.planned_card(change))

    async def _acting(self, press: Press) -> Who:
        """Say who acts, in the community that the button carries; `not_yours` where they are unknown."""
        community_id, interaction = number(*press.args[:1]), press.interaction
        if interaction.guild_id == community_id:
            return who(interaction)
        for place in await self.service.places_of(press.person_id):
            if place.id == community_id:
                user = interaction.user
                return Who(place.id, place.name, user.id, user.display_name, locale_of(interaction))
        raise KithError("not_yours")


def _title(name: str | None) -> str:
    return _("You and {name}").format(name=plain(name, NAME_ROOM) if name else _(FORMER))


def number(text: str = "") -> int:
    """Return the number that a component carries; raises `circle_gone` for one Kith never made."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX) or int(text) >= ID_BELOW:
        raise KithError("circle_gone")
    return int(text)
