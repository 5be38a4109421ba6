"""What the buttons and menus of pods do: ask the service, show the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import KithError
from bot.edge.buttons import Press
from bot.edge.where import chosen_place
from bot.pods.service import PodService
from cogs.pods import cards
from cogs.pods.commands import run

if TYPE_CHECKING:
    from bot.edge.client import Kith

ID_DIGITS = 18


class PodButtons:
    """The handlers; the ids in a button say what it is about, the service says who may press it."""

    def __init__(self, service: PodService) -> None:
        """Stand on the service."""
        self.service = service

    def register(self, bot: Kith) -> None:
        """Answer every button of pods."""
        bot.buttons.register("pod.join", self.join)
        bot.buttons.register("pod.leave", self.leave)
        bot.buttons.register("pod.share", self.share)
        bot.buttons.register("pod.in", self.accept)
        bot.buttons.register("pod.no", self.decline)
        bot.buttons.register("pod.next", self.next)
        bot.buttons.register("pod.company", self.company)
        bot.buttons.register("pod.alone", self.alone)
        bot.buttons.register("pod.win", self.win)
        bot.buttons.register("pod.where", self.where)

    async def join(self, press: Press) -> None:
        """Wish for a pod."""
        await press.answer.show(cards.mine_card(await self.service.join(press.person_id, _number(press))))

    async def leave(self, press: Press) -> None:
        """Leave the pod, an invitation or the list."""
        before = await self.service.leave_member(press.person_id, _number(press))
        await press.answer.show(cards.left_card(before))

    async def share(self, press: Press) -> None:
        """Choose what the pod sees."""
        mine = await self.service.share(press.person_id, _number(press), press.values)
        await press.answer.update(cards.mine_card(mine))

    async def accept(self, press: Press) -> None:
        """Be in."""
        view = await self.service.forming.answer(press.person_id, _number(press), joins=True)
        await press.answer.show(cards.answered_card(view))

    async def decline(self, press: Press) -> None:
        """Not this one."""
        view = await self.service.forming.answer(press.person_id, _number(press), joins=False)
        await press.answer.show(cards.answered_card(view))

    async def next(self, press: Press) -> None:
        """Say how to go on after the term."""
        view = await self.service.terms.choose(press.person_id, _number(press), "".join(press.args[1:2]))
        await press.answer.show(cards.next_card(view))

    async def company(self, press: Press) -> None:
        """Look for new people."""
        view = await self.service.terms.company(press.person_id, _number(press), wanted=True)
        await press.answer.show(cards.company_card(view))

    async def alone(self, press: Press) -> None:
        """Leave a pod that became too small."""
        view = await self.service.terms.company(press.person_id, _number(press), wanted=False)
        await press.answer.show(cards.company_card(view))

    async def win(self, press: Press) -> None:
        """Show a win to the community, or no longer."""
        public = press.args[1:2] == ("1",)
        view = await self.service.digests.share_win(press.person_id, _number(press), public=public)
        await press.answer.show(cards.win_card(view))

    async def where(self, press: Press) -> None:
        """Do what a command does, in the community that was chosen."""
        place = await chosen_place(press, self.service.places_of)
        await run(self.service, press.answer, "".join(press.args[:1]), place)


def _number(press: Press) -> int:
    """Read the id that a component carries."""
    text = press.args[0] if press.args else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS):
        raise KithError("button_outdated")
    return int(text)
