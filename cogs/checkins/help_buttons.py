"""The button, the form and the command that find somebody who can help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import Interaction, app_commands

from bot.checkins.help import Help
from bot.core.text import _
from bot.edge.answer import answer_of
from bot.edge.buttons import Press, PressHandler
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values
from bot.edge.numbers import number_in
from bot.edge.where import chosen_place, place_of
from cogs.checkins.help_cards import FORM, asked_card, help_fields, helped_card, offer_card

if TYPE_CHECKING:
    from bot.edge.client import Kith


class HelpButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, helping: Help, forms: Forms) -> None:
        """Stand on the service and the client's forms."""
        self.helping = helping
        self.forms = forms

    def actions(self) -> dict[str, PressHandler]:
        """Name every action."""
        return {
            "checkin.help": self.offer,
            "checkin.help.where": self.where,
            "help.yes": self.accept,
            "help.no": self.decline,
        }

    async def offer(self, press: Press) -> None:
        """Say how many could help with what the week names."""
        await press.answer.show(
            offer_card(await self.helping.offer(press.person_id, first_number(press.args)))
        )

    async def where(self, press: Press) -> None:
        """The same for the community that was chosen."""
        place = await chosen_place(press, self.helping.places_of)
        await press.answer.show(offer_card(await self.helping.stuck(place)))

    async def accept(self, press: Press) -> None:
        """They would like to help."""
        view = await self.helping.answer(press.person_id, first_number(press.args, "help_over"), yes=True)
        await press.answer.update(helped_card(view))

    async def decline(self, press: Press) -> None:
        """They would rather not, now."""
        view = await self.helping.answer(press.person_id, first_number(press.args, "help_over"), yes=False)
        await press.answer.update(helped_card(view))

    def spec(self) -> FormSpec:
        """Describe the form; its state is the id of the week."""
        return FormSpec(FORM, self._build, self._submit)

    async def _build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        view = await self.helping.offer(interaction.user.id, first_number((state,)))
        return self.forms.modal(FORM, str(view.checkin_id), _("Ask for help"), help_fields(view, values))

    async def _submit(self, sent: Submission) -> None:
        view = await self.helping.ask(sent.person_id, first_number((sent.state,)), sent.text("words"))
        await sent.answer.show(asked_card(view))


def add_command(bot: Kith, helping: Help) -> None:
    """Add `/checkin help` to the group of check-ins, which has to be there."""
    group = bot.tree.get_command("checkin")
    if not isinstance(group, app_commands.Group):
        raise LookupError("the commands of check-ins are set up first")

    @app_commands.command(name="help")
    async def ask_for_help(interaction: Interaction[Kith]) -> None:
        """Find someone who can help with what is in the way."""
        place = await place_of(interaction, helping.places_of, "checkin.help.where")
        if place is not None:
            await answer_of(interaction).show(offer_card(await helping.stuck(place)))

    group.add_command(ask_for_help)


def first_number(args: tuple[str, ...], code: str = "button_outdated") -> int:
    """Read the id that a component carries; raises `code` for one Kith never made."""
    return number_in("".join(args[:1]), code)
