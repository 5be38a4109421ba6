"""What belongs to no feature: `/inbox`, `/stop`, `/help`, and how often one may do what is costly."""

from __future__ import annotations

from bot.edge.client import Kith
from bot.edge.limits import Limits, gate_of
from cogs.core.commands import CoreCog, Inbox, Off, Stop


async def setup(bot: Kith, inbox: Inbox, stop: Stop, off: Off) -> None:
    """Add the commands and their buttons.

    `stop` ends every feature's messages for a person, `off` says which parts are left out where they ask.
    """
    bot.gates.append(gate_of(bot, Limits(bot.clock)))
    cog = CoreCog(inbox, stop, off)
    await bot.add_cog(cog)
    bot.buttons.register("inbox.open", cog.open_inbox)
    bot.buttons.register("core.stop", cog.confirm_stop)
