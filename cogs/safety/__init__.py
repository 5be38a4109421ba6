"""How reports and bars look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.safety.service import SafetyService
from cogs.safety import cards
from cogs.safety.buttons import SafetyButtons
from cogs.safety.commands import MemberGroup, reports_command
from cogs.safety.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: SafetyService) -> None:
    """Add the commands, the buttons, the form and the sentences."""
    kith = bot.tree.get_command("kith")
    assert isinstance(kith, app_commands.Group)  # the community's cog made it
    kith.add_command(MemberGroup(service))
    kith.add_command(reports_command(service))
    handlers = SafetyButtons(service, bot.forms)
    bot.forms.register(handlers.spec())
    bot.buttons.register("safety.apart", handlers.apart)
    bot.buttons.register("safety.stop", handlers.stop)
    bot.buttons.register("safety.reports", handlers.reports)
    bot.buttons.register("safety.settle", handlers.settle)
    bot.buttons.register("safety.ask_bar", handlers.ask_bar)
    bot.sentences.update(SENTENCES)


def renderers(service: SafetyService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""

    async def report(said: Said) -> Outgoing | None:
        view = await service.report_view(said.subject)
        if view is None:
            return None
        if view.state == "open":
            return Outgoing(view=cards.report_card(view))
        return Outgoing(view=cards.settled_card(view)) if said.target == "edit" else None

    async def settled(said: Said) -> Outgoing | None:
        view = await service.report_view(said.subject)
        return Outgoing(view=cards.told_card(view)) if view and view.state == "settled" else None

    return {"safety.report": report, "safety.settled": settled}
