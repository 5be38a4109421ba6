"""How a member's first five minutes look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.community.service import CommunityService
from bot.find.service import FindService
from bot.intros.service import IntroService
from bot.niches.service import NicheService
from bot.people.service import PeopleService
from cogs.people.showing import Showing
from cogs.start.buttons import StartButtons
from cogs.start.cards import renderers as renderers

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(
    bot: Kith,
    community: CommunityService,
    people: PeopleService,
    niches: NicheService,
    find: FindService,
    intros: IntroService,
    showing: Showing,
) -> None:
    """Add the buttons and the forms that lead a newcomer on."""
    handlers = StartButtons(community, people, niches, find, intros, showing, bot.forms)
    for spec in handlers.specs():
        bot.forms.register(spec)
    bot.buttons.register("start.join", handlers.join)
    bot.buttons.register("start.browse", handlers.browse)
    bot.buttons.register("start.about", handlers.about)
    bot.buttons.register("start.niches", handlers.choose)
    bot.buttons.register("start.city", handlers.city)
    bot.buttons.register("start.zone", handlers.zone)
    bot.buttons.register("start.value", handlers.value)
    bot.buttons.register("start.look", handlers.look)
    bot.buttons.register("start.introduce", handlers.introduce)
    bot.buttons.register("start.findable", handlers.findable)
    bot.buttons.register("start.later", handlers.later)
