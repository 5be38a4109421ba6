"""The buttons and forms of asking for one person, of the history's pages, and of choosing a community."""

from __future__ import annotations

from typing import Any

import discord
from discord import Interaction

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.buttons import Press, PressHandler
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, text_field
from bot.edge.where import chosen_place
from bot.intros.asking import REASON_MAX, REASON_MIN
from bot.intros.service import IntroService
from cogs.intros.places import Places
from cogs.intros.requests_cards import answered_card, asked_card
from cogs.intros.standing import history_card

# Longer than what is kept, so that too long a reason is answered in words and offered again.
REASON_ROOM = 900
ID_BELOW = 2**63  # what the database can hold
DIGITS_MAX = 19


class Asking:
    """The form in which a member says why they would like to meet somebody."""

    def __init__(self, service: IntroService, forms: Forms) -> None:
        """Stand on the service; the forms make modals."""
        self.service = service
        self.forms = forms

    async def begin(self, interaction: Interaction[Any], user: discord.User | discord.Member) -> None:
        """Open the form, unless it is clear already that it would be in vain."""
        acting = who(interaction)
        if user.bot:
            raise KithError("ask_bot")
        await self.service.requests.may_ask(acting, user.id)
        await answer_of(interaction).form(await self.build(str(user.id), None, interaction))

    async def build(self, state: str, values: Values | None, _interaction: Interaction[Any]) -> FormModal:
        """Build the form; its state is the person it is about."""
        field = text_field(
            "reason",
            _("Why would you like to meet?"),
            max=REASON_ROOM,
            long=True,
            value=(values or {}).get("reason", ""),
            placeholder=_("You know water networks, and I am about to pitch to a utility."),
            description=_("{least} to {most} characters; they read it with your name.").format(
                least=REASON_MIN, most=REASON_MAX
            ),
        )
        return self.forms.modal("intro.request", state, _("Ask for an introduction"), [field])

    async def submit(self, sent: Submission) -> None:
        """Pass the question on, where there is somebody to hear it."""
        await self.service.requests.ask(who(sent.interaction), _number(sent.state), sent.text("reason"))
        await sent.answer.show(asked_card())


class RequestButtons:
    """What the asked person answers, and the pages and places of a member's own."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the service."""
        self.service = service
        self.places = Places(service)

    async def accept(self, press: Press) -> None:
        """They would like to meet."""
        view = await self.service.requests.answer(press.person_id, _number(*press.args[:1]), yes=True)
        await press.answer.update(answered_card(view))

    async def decline(self, press: Press) -> None:
        """They would rather not."""
        view = await self.service.requests.answer(press.person_id, _number(*press.args[:1]), yes=False)
        await press.answer.update(answered_card(view))

    async def history(self, press: Press) -> None:
        """Turn a page of the member's introductions."""
        member_id, page = _number(*press.args[:1]), _number(*press.args[1:2])
        view = await self.service.past_of(press.person_id, member_id, page)
        await press.answer.update(history_card(view))

    async def where(self, press: Press) -> None:
        """Run the command that asked for a community, there."""
        place = await chosen_place(press, self.service.places_of)
        command, *args = press.args or ("",)
        await self.places.run(press.answer.update, command, place, args)


def buttons(service: IntroService, _forms: Forms) -> dict[str, PressHandler]:
    """Name every action."""
    handlers = RequestButtons(service)
    return {
        "intro.accept": handlers.accept,
        "intro.decline": handlers.decline,
        "intro.past": handlers.history,
        "intro.where": handlers.where,
    }


def specs(service: IntroService, forms: Forms) -> list[FormSpec]:
    """Return every form."""
    asking = Asking(service, forms)
    return [FormSpec("intro.request", asking.build, asking.submit)]


def _number(text: str = "") -> int:
    """Return the number that a button or form carries; raises `ask_over` for one Kith never made."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX) or int(text) >= ID_BELOW:
        raise KithError("ask_over")
    return int(text)
