"""What the buttons and menus of finding do; they work in a server and in the DM, from their ids alone."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.edge.buttons import Press, PressHandler
from bot.edge.limits import SEARCH, costs
from bot.edge.numbers import number_in
from bot.find.service import FindService, Way
from cogs.find.cards import alerts_card, dropped_card, found_card, kept_card
from cogs.people.showing import Showing


class FindButtons:
    """The handlers; the service says whose search it is and whether they may."""

    def __init__(self, service: FindService, showing: Showing) -> None:
        """Stand on the service, and on what lays profiles out."""
        self.service = service
        self.showing = showing

    def handlers(self) -> dict[str, PressHandler]:
        """Name every action."""
        return {
            "find.page": self.page,
            "find.widen": self.widen,
            "find.look": self.look,
            "find.keep": self.keep,
            "find.stop": self.stop,
            "find.alerts": self.alerts,
        }

    @costs(SEARCH)
    async def page(self, press: Press) -> None:
        """Turn to another page, on the card that was pressed."""
        match press.args:
            case (search, "older" | "newer" as way, cursor):
                turned: Way = "older" if way == "older" else "newer"
                place = (press.person_id, _number(search), turned, _number(cursor))
            case _:
                raise KithError("find_gone")
        page = await self.service.page(*place, press.interaction.guild_id)
        if press.interaction.guild_id is None:  # the message stays as it came
            await press.answer.show(found_card(page, self.service.clock.now()))
        else:
            await press.answer.update(found_card(page, self.service.clock.now()))

    @costs(SEARCH)
    async def widen(self, press: Press) -> None:
        """Search again with one filter dropped."""
        without = press.args[1] if len(press.args) > 1 else ""
        page = await self.service.widen(*_place(press), without, press.interaction.guild_id)
        await press.answer.update(found_card(page, self.service.clock.now()))

    async def look(self, press: Press) -> None:
        """Show the whole profile of the chosen member."""
        chosen = _number("".join(press.values[:1]))
        view = await self.service.look(*_place(press), chosen, press.interaction.guild_id)
        await press.answer.show(await self.showing.other(view))

    async def keep(self, press: Press) -> None:
        """Tell the member from now on when someone comes."""
        kept = await self.service.keep(*_place(press), press.interaction.guild_id)
        await press.answer.show(kept_card(kept))

    async def stop(self, press: Press) -> None:
        """End one alert: the button's, or the one chosen in the menu."""
        search = _number((*press.values, *press.args, "")[0])
        kept = await self.service.drop(press.person_id, search, press.interaction.guild_id)
        await press.answer.show(dropped_card(kept))

    async def alerts(self, press: Press) -> None:
        """List what the member keeps."""
        kept = await self.service.kept(*_place(press), press.interaction.guild_id)
        await press.answer.show(alerts_card(kept))


def _place(press: Press) -> tuple[int, int]:
    """Who pressed, and the search their button is about."""
    return press.person_id, _number("".join(press.args[:1]))


def _number(text: str) -> int:
    """An id in a button or menu; raises `find_gone` for one Kith never made."""
    return number_in(text, "find_gone")
