"""Commands that belong to no feature: `/inbox`, `/stop`, `/help`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.edge.client import Kith
from cogs.core.commands import CoreCog, Inbox, Stop, Units


async def setup(bot: Kith, inbox: Inbox, units: Units, stops: Sequence[Stop]) -> None:
    """Add the commands and their buttons; `stops` end each feature's messages for a person."""
    cog = CoreCog(inbox, units, stops)
    await bot.add_cog(cog)
    bot.buttons.register("inbox.open", cog.open_inbox)
    bot.buttons.register("core.stop", cog.confirm_stop)
