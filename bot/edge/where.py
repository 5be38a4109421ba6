"""Which community a command in the DM with Kith is about: the only one, or the one chosen from a menu.

A command and the menu run the same use case:

    async def next(self, interaction):                     # the command
        place = await place_of(interaction, self.service.places_of, "intro.where", "next")
        if place is not None:                              # None: the person is choosing, nothing left to do
            await self.show_next(answer_of(interaction), place)

    async def where(self, press):                          # registered as the button "intro.where"
        place = await chosen_place(press, self.service.places_of)
        if press.args[:1] == ("next",):
            await self.show_next(press.answer, place)

What the command was called with travels as further arguments of the menu, so the choice also works after a
restart. `places_of(person_id)` returns what `bot.people.places.places_of` finds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from discord import Interaction

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import answer_of, locale_of, who
from bot.edge.buttons import Press
from bot.edge.kit import OPTIONS_MAX, card, select
from bot.people.places import Place
from bot.people.views import Who

PlacesOf: TypeAlias = Callable[[int], Awaitable[Sequence[Place]]]


async def place_of(
    interaction: Interaction[Any], places_of: PlacesOf, action: str, *args: object
) -> Who | None:
    """Say who acts and where; in a DM with several communities ask for one, with a menu, and return None.

    The menu calls the button `action` with `args`; its handler begins with `chosen_place`.

    Raises:
        KithError: `no_place` in the DM of somebody whom Kith knows from no server.
    """
    if interaction.guild_id is not None:
        return who(interaction)
    places = await places_of(interaction.user.id)
    if not places:
        raise KithError("no_place")
    if len(places) == 1:
        return _who(interaction, places[0])
    shown = [(place.name, str(place.id)) for place in places[:OPTIONS_MAX]]
    menu = select(_("Choose a community"), action, *args, options=shown)
    more = _("For any other, use the command there.") if len(places) > OPTIONS_MAX else ""
    await answer_of(interaction).show(
        card(_("Which community?"), _("You know me from several."), more, actions=[menu])
    )
    return None


async def chosen_place(press: Press, places_of: PlacesOf) -> Who:
    """Say who acts and where, from the menu; raises `no_place` for one the person is not known in."""
    for place in await places_of(press.person_id):
        if press.values == (str(place.id),):
            return _who(press.interaction, place)
    raise KithError("no_place")


def _who(interaction: Interaction[Any], place: Place) -> Who:
    return Who(
        place.id, place.name, interaction.user.id, interaction.user.display_name, locale_of(interaction)
    )
