"""How niches look on Discord."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from discord import app_commands

from bot.core.agenda import Handler
from bot.core.outbox import Said
from bot.core.processes import Share
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.niches.service import NicheService
from bot.niches.suggesting import OPEN
from cogs.niches import cards, moderator_cards
from cogs.niches.buttons import NicheButtons
from cogs.niches.commands import Niches
from cogs.niches.moderation import KithNiches
from cogs.niches.moderator_buttons import ModeratorButtons
from cogs.niches.roles import RoleWork
from cogs.niches.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: NicheService) -> None:
    """Add the commands, the buttons and the sentences of niches, and follow what happens to their roles."""
    await bot.add_cog(Niches(service))
    kith = bot.tree.get_command("kith")
    assert isinstance(kith, app_commands.Group)
    kith.add_command(KithNiches(service))
    NicheButtons(service).register(bot)
    ModeratorButtons(service).register(bot)
    bot.sentences.update(SENTENCES)

    async def role_lost(community_id: int, role_id: int) -> None:
        """Note that somebody deleted a role."""
        await service.role_lost(community_id, role_id)

    async def present(community_ids: Collection[int], _share: Share) -> None:
        """Look at the roles after a start."""
        await service.check_roles(community_ids)

    bot.role_losses.append(role_lost)
    bot.presents.append(present)


def renderers(service: NicheService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""

    async def suggested(said: Said) -> Outgoing | None:
        view = await service.suggestion(said.subject)
        waits = view is not None and view.state in OPEN
        return Outgoing(view=moderator_cards.suggestion_card(view)) if view and waits else None

    async def decided(said: Said) -> Outgoing | None:
        view = await service.answer_to(said.subject)
        return Outgoing(view=cards.answer_card(view, said.recipient)) if view else None

    async def invite(said: Said) -> Outgoing | None:
        view = await service.invite(said.subject)
        return Outgoing(view=cards.invite_card(view)) if view else None

    async def rights(_said: Said) -> Outgoing:
        return Outgoing(view=moderator_cards.rights_card())

    async def order(said: Said) -> Outgoing:
        return Outgoing(view=moderator_cards.order_card(said.subject))

    async def full(_said: Said) -> Outgoing:
        return Outgoing(view=moderator_cards.full_card())

    return {
        "niche.suggested": suggested,
        "niche.decided": decided,
        "niche.invite": invite,
        "niche.rights": rights,
        "niche.order": order,
        "niche.full": full,
    }


def handlers(bot: Kith, service: NicheService) -> dict[str, Handler]:
    """Name the agenda work that reaches for Discord: roles."""
    return RoleWork(bot, service).handlers()
