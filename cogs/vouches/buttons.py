"""The form, the buttons and the menus of vouches: ask the service, show the card."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, text_field
from bot.edge.numbers import number_in
from bot.vouches.rules import TEXT_MAX, TEXT_MIN
from bot.vouches.service import VouchService
from cogs.vouches import cards

# Longer than what is kept, so that too long a text is answered in words and offered again.
TEXT_ROOM = 900


class VouchButtons:
    """Handles what members write, show, decline and take back."""

    def __init__(self, service: VouchService, forms: Forms) -> None:
        """Stand on the service; the forms make modals."""
        self.service = service
        self.forms = forms

    async def begin(self, interaction: Interaction[Any], person_id: int) -> None:
        """Open the form, or show what was said about this person before."""
        said = await self.service.between(who(interaction), person_id)
        if said is not None:
            await answer_of(interaction).show(cards.given_card(said))
            return
        await answer_of(interaction).form(await self.build(str(person_id), None, interaction))

    def spec(self) -> FormSpec:
        """Return the form of a vouch; its state is the person it is about."""
        return FormSpec("vouch.write", self.build, self.submit)

    async def build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """Build the form, filled in with what was typed or said before."""
        said = await self.service.between(who(interaction), _number(state))
        old = (values or {}).get("text", said.text if said else "")
        field = text_field(
            "text",
            _("What would you tell others about them?"),
            max=TEXT_ROOM,
            long=True,
            value=old,
            placeholder=_("She explained our forecasts so well that my client signed."),
            description=_("{least} to {most} characters, shown with your name once they accept.").format(
                least=TEXT_MIN, most=TEXT_MAX
            ),
        )
        return self.forms.modal("vouch.write", state, _("Vouch for someone you met"), [field])

    async def submit(self, sent: Submission) -> None:
        """Offer the words to the person they are about."""
        change = await self.service.offer(who(sent.interaction), _number(sent.state), sent.text("text"))
        await sent.answer.show(cards.sent_card(change))

    async def show(self, press: Press) -> None:
        """The receiver lets it stand on their profile."""
        change = await self.service.answer(press.person_id, _number(*press.args[:1]), shown=True)
        await press.answer.update(cards.answered_card(change))

    async def decline(self, press: Press) -> None:
        """The receiver does not want it shown, or no longer."""
        change = await self.service.answer(press.person_id, _number(*press.args[:1]), shown=False)
        await press.answer.update(cards.answered_card(change))

    async def withdraw(self, press: Press) -> None:
        """The giver takes their words back."""
        change = await self.service.withdraw(press.person_id, _number(*press.args[:1]))
        await press.answer.update(cards.withdrawn_card(change))

    async def open(self, press: Press) -> None:
        """Open one vouch of the list, as the side that chose it."""
        view = await self.service.one(press.person_id, _number(*press.values[:1]))
        mine = view.giver.person_id == press.person_id
        await press.answer.show(cards.given_card(view) if mine else cards.received_card(view))


def _number(text: str = "") -> int:
    """Return the number that a button carries; raises `vouch_gone` for one Kith never made."""
    return number_in(text, "vouch_gone")
