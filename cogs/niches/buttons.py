"""The menus and buttons of niches that members press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import KithError
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.numbers import number_in
from bot.niches.service import NicheService
from cogs.niches.cards import browse_card, niche_card, suggested_card, typed_name

if TYPE_CHECKING:
    from bot.edge.client import Kith


def number_of(press: Press, place: int = 0) -> int:
    """Return the id a button carries; raises `niche_gone` for what is no id."""
    return number_in(word_of(press, place), "niche_gone")


def word_of(press: Press, place: int) -> str:
    """Return a word a button carries, "" for none."""
    return press.args[place] if len(press.args) > place else ""


def chosen(press: Press) -> str:
    """Return what was chosen in the menu."""
    if not press.values:
        raise KithError("choice_unknown")
    return press.values[0]


class NicheButtons:
    """Handles what members press and choose."""

    def __init__(self, service: NicheService) -> None:
        """Stand on the service."""
        self.service = service

    def register(self, bot: Kith) -> None:
        """Add every button and menu."""
        bot.buttons.register("niche.browse", self.browse)
        bot.buttons.register("niche.show", self.show)
        bot.buttons.register("niche.join", self.join)
        bot.buttons.register("niche.join_near", self.join_near)
        bot.buttons.register("niche.join_one", self.join_one)
        bot.buttons.register("niche.mine", self.mine)

    async def browse(self, press: Press) -> None:
        """Show the niches in place of the card: those with members, or one axis."""
        niches = await self.service.browse(who(press.interaction))
        await press.answer.update(browse_card(niches, word_of(press, 0)))

    async def show(self, press: Press) -> None:
        """Show the niches to whoever pressed, below a card that all can see."""
        await press.answer.show(browse_card(await self.service.browse(who(press.interaction))))

    async def join(self, press: Press) -> None:
        """Join the niche chosen in the menu."""
        change = await self.service.join(who(press.interaction), chosen(press))
        await press.answer.show(niche_card(change, joined=True))

    async def join_near(self, press: Press) -> None:
        """Join what there was already, in place of suggesting another."""
        change = await self.service.join(who(press.interaction), word_of(press, 0))
        await press.answer.update(niche_card(change, joined=True))

    async def join_one(self, press: Press) -> None:
        """Join the niche of an invitation; the answer is private."""
        change = await self.service.join_invited(who(press.interaction), number_of(press))
        await press.answer.show(niche_card(change, joined=True))

    async def mine(self, press: Press) -> None:
        """Suggest the niche though there are near ones."""
        name = typed_name(word_of(press, 1))
        seen = await self.service.suggest(who(press.interaction), name, word_of(press, 0), sure=True)
        await press.answer.update(suggested_card(seen))
