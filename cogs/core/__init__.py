"""Commands that belong to no feature: `/inbox`, `/stop`, `/help`."""

from __future__ import annotations

from bot.edge.client import Kith
from cogs.core.commands import CoreCog, Inbox, Stop


async def setup(bot: Kith, inbox: Inbox, stop: Stop) -> None:
    """Add the commands and their buttons; `stop` ends every feature's messages for a person."""
    cog = CoreCog(inbox, stop)
    await bot.add_cog(cog)
    bot.buttons.register("inbox.open", cog.open_inbox)
    bot.buttons.register("core.stop", cog.confirm_stop)
