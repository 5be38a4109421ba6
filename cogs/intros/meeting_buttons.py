"""The buttons and forms of meetings: slots, reminders, rooms, how it went, what follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.buttons import Press, PressHandler
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, choice_field, text_field
from bot.edge.numbers import number_in
from bot.intros.follow import NOTE_MAX
from bot.intros.service import IntroService
from cogs.intros.actions import known_place
from cogs.intros.follow_cards import (
    DRAFT_MAX,
    draft_of,
    edited_card,
    followed_card,
    not_now_card,
    noted_card,
)
from cogs.intros.meeting_cards import picked_card, room_card, stepped_card
from cogs.intros.meeting_room import open_room
from cogs.intros.words import AGREEMENTS

_FARTHEST = 2**32
"""Seconds since 1970 beyond which no menu of ours named a time."""


class MeetingButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the service."""
        self.service = service
        self.meeting = service.meeting

    async def slot(self, press: Press) -> None:
        """Agree on the chosen time."""
        seat_id, place = _seat_and_place(press)
        value = "".join(press.values[:1])
        moment = min(number_in(value, "intro_slot_past"), _FARTHEST)
        slot_at = datetime.fromtimestamp(moment, UTC)
        view = await self.meeting.pick(press.person_id, seat_id, slot_at)
        await press.answer.update(picked_card(view, self.service.clock.now(), place))

    async def room(self, press: Press) -> None:
        """Show where the room is, opened by whoever asks first."""
        client = press.interaction.client
        view = await open_room(client, self.meeting.rooms, press.person_id, _seat(press))
        if view.room_id is not None:
            await press.answer.show(room_card(view.community_id, view.room_id))

    async def step(self, press: Press) -> None:
        """Keep a wish for a less reserved form."""
        view = await self.meeting.step_up(press.person_id, _seat(press))
        await press.answer.update(stepped_card(view, self.service.clock.now()))

    async def remember(self, press: Press) -> None:
        """Plan a reminder to write again."""
        view = await self.meeting.follow.remind(press.person_id, _seat(press))
        await press.answer.show(noted_card(view))

    async def followed(self, press: Press) -> None:
        """Note that they wrote again."""
        await press.answer.update(
            followed_card(await self.meeting.follow.done(press.person_id, _seat(press)))
        )

    async def not_now(self, press: Press) -> None:
        """Ask once more later."""
        await press.answer.update(
            not_now_card(await self.meeting.follow.later(press.person_id, _seat(press)))
        )


class MeetingForms:
    """The forms; their state is the seat's id."""

    def __init__(self, service: IntroService, forms: Forms) -> None:
        """Stand on the service and the registry of forms."""
        self.follow = service.meeting.follow
        self.forms = forms

    async def build_note(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """Ask for one line, and when they agreed to talk again."""
        view = await self.follow.view(interaction.user.id, _number(state))
        typed = values or {}
        note = text_field(
            "note",
            _("One line to remember"),
            required=False,
            max=NOTE_MAX,
            value=typed.get("note", view.note or ""),
            description=_("Only you ever see it."),
        )
        options = [(_(name), value) for value, name in AGREEMENTS.items()]
        agreed = choice_field(
            "agreed", _("We agreed to talk again"), options, value=typed.get("agreed", "no")
        )
        return self.forms.modal("intro.note", state, _("About your meeting"), [note, agreed])

    async def submit_note(self, sent: Submission) -> None:
        """Keep it."""
        view = await self.follow.note(
            sent.person_id, _number(sent.state), sent.text("note"), sent.text("agreed")
        )
        await sent.answer.show(noted_card(view))

    async def build_draft(
        self, state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Open the draft for editing."""
        view = await self.follow.view(interaction.user.id, _number(state))
        text = (values or {}).get("text", draft_of(view))
        field = text_field("text", _("Your words"), max=DRAFT_MAX, value=text, long=True)
        return self.forms.modal("intro.draft", state, _("Write again"), [field])

    async def submit_draft(self, sent: Submission) -> None:
        """Show what was written, to copy; it is not stored."""
        view = await self.follow.view(sent.person_id, _number(sent.state))
        await sent.answer.show(edited_card(view, sent.text("text")))


def _seat(press: Press) -> int:
    """The seat a button is about."""
    return _number("".join(press.args[:1]))


def _seat_and_place(press: Press) -> tuple[int, str]:
    """The seat, and on which message the button stands."""
    return _seat(press), known_place("".join(press.args[1:2]))


def _number(text: str) -> int:
    """An id in a button or a form; raises `intro_over` for one Kith never made."""
    return number_in(text, "intro_over")


def buttons(service: IntroService, _forms: Forms) -> dict[str, PressHandler]:
    """Name every action."""
    handlers = MeetingButtons(service)
    return {
        "intro.slot": handlers.slot,
        "intro.room": handlers.room,
        "intro.step": handlers.step,
        "intro.remember": handlers.remember,
        "intro.followed": handlers.followed,
        "intro.not_now": handlers.not_now,
    }


def specs(service: IntroService, forms: Forms) -> list[FormSpec]:
    """Return every form."""
    mine = MeetingForms(service, forms)
    return [
        FormSpec("intro.note", mine.build_note, mine.submit_note),
        FormSpec("intro.draft", mine.build_draft, mine.submit_draft),
    ]
