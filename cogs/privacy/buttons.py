"""The presses behind `/privacy delete`: where, really, done."""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.numbers import number_in
from bot.privacy.service import PrivacyService, RoleHeld
from cogs.privacy import cards

log = get_logger(__name__)

# Discord refused, or could not be reached; what was to be done there is then said to the person.
_REFUSALS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class PrivacyButtons:
    """The handlers; an id in a button says whose it is, and nobody else may press it."""

    def __init__(self, bot: Kith, service: PrivacyService) -> None:
        """Stand on the service; the bot takes roles back."""
        self.bot = bot
        self.service = service

    async def ask(self, press: Press) -> None:
        """Ask one last time."""
        scope = _scope(press)
        held = await self.service.held(press.person_id)
        if not held.anything or (scope is not None and scope not in {place.id for place in held.places}):
            await press.answer.update(cards.nothing_card())
            return
        await press.answer.update(cards.confirm_card(press.person_id, scope, held))

    async def delete(self, press: Press) -> None:
        """Take the roles back, then delete everything in one transaction."""
        scope = _scope(press)
        held = await self.service.roles(press.person_id, scope)
        gone = await asyncio.gather(*(self._take(press.person_id, one) for one in held))
        refused = [one for one, taken in zip(held, gone, strict=True) if not taken]
        done = await self.service.erase(press.person_id, scope)
        await press.answer.update(cards.deleted_card(refused) if done else cards.nothing_card())

    async def keep(self, press: Press) -> None:
        """Change nothing."""
        _mine(press)
        await press.answer.update(cards.kept_card())

    async def _take(self, person_id: int, held: RoleHeld) -> bool:
        """Take one role back; False when it is still there. Who left the server has none."""
        try:
            await self.bot.http.remove_role(
                held.community_id, person_id, held.role_id, reason="They deleted their data"
            )
        except discord.NotFound:
            return True
        except _REFUSALS as error:
            log.warning("role.stays", error=type(error).__name__)
            return False
        return True


def _mine(press: Press) -> None:
    if press.args[:1] != (str(press.person_id),):
        raise KithError("not_yours")


def _scope(press: Press) -> int | None:
    """Which community, None for all; raises `not_yours` for anybody else, `button_outdated` for no scope."""
    _mine(press)
    scope = "".join(press.args[1:2])
    if scope == cards.EVERYWHERE:
        return None
    return number_in(scope, "button_outdated")
