"""The slash commands of pods, and what is added to `/checkin` and `/kith`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands
from discord.ext import commands

from bot.core.errors import KithError
from bot.edge.answer import Answer, answer_of
from bot.edge.rights import guild_of, moderator
from bot.edge.where import place_of
from bot.people.service import Who
from bot.pods.service import PodService
from cogs.community.channels import myself
from cogs.pods.cards import left_card, mine_card, win_card
from cogs.pods.digest_cards import state_card

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def run(service: PodService, answer: Answer, command: str, place: Who) -> None:
    """Do what a command does, in the community it was given or chosen for."""
    match command:
        case "mine":
            await answer.show(mine_card(await service.mine(place)))
        case "leave":
            await answer.show(left_card(await service.leave(place)))
        case "share":
            await answer.show(win_card(await service.digests.my_win(place)))
        case _:
            raise KithError("button_outdated")


async def here(service: PodService, interaction: Interaction[Kith], command: str) -> None:
    """Do what a command does here; in the DM of somebody in several communities they choose one first."""
    place = await place_of(interaction, service.places_of, "pod.where", command)
    if place is not None:
        await run(service, answer_of(interaction), command, place)


@app_commands.allowed_contexts(guilds=True, dms=True)
class Pods(commands.GroupCog, group_name="pod", group_description="A few people who share their weeks"):
    """Pods: join, see yours, leave."""

    def __init__(self, service: PodService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="join")
    async def join(self, interaction: Interaction[Kith]) -> None:
        """Read how pods work, and wish for one."""
        await here(self.service, interaction, "mine")

    @app_commands.command(name="mine")
    async def mine(self, interaction: Interaction[Kith]) -> None:
        """See your pod, and choose what it sees of your weeks."""
        await here(self.service, interaction, "mine")

    @app_commands.command(name="leave")
    async def leave(self, interaction: Interaction[Kith]) -> None:
        """Leave your pod, or the list."""
        await here(self.service, interaction, "leave")


def share_command(service: PodService) -> app_commands.Command[commands.Cog, ..., None]:
    """Make `/checkin share`, which is added to the commands of check-ins."""

    @app_commands.command(name="share", description="Show your latest win in your community's digest, or not")
    async def share(interaction: Interaction[Kith]) -> None:
        await here(service, interaction, "share")

    return share


class KithDigest(app_commands.Group):
    """`/kith digest …`: what moderators decide about digests."""

    def __init__(self, service: PodService) -> None:
        """Stand on the service."""
        super().__init__(name="digest", description="Digests for your community")
        self.service = service

    @app_commands.command(name="checkins")
    @app_commands.describe(channel="Where it is posted each week", off="True: no digest any more")
    async def checkins(
        self,
        interaction: Interaction[Kith],
        channel: discord.TextChannel | None = None,
        off: bool = False,
    ) -> None:
        """Post a weekly digest of check-ins, or no longer."""
        acting, digests = moderator(interaction), self.service.digests
        if off:
            state = await digests.turn_off(acting)
        elif channel is not None:
            await _may_write(interaction, channel)
            state = await digests.turn_on(acting, channel.id)
        else:
            state = await digests.state(acting)
        await answer_of(interaction).show(state_card(state))


async def _may_write(interaction: Interaction[Kith], channel: discord.TextChannel) -> None:
    """Raise `digest_no_access` for a channel that Kith cannot write in."""
    may = channel.permissions_for(await myself(guild_of(interaction), interaction.client))
    if not (may.view_channel and may.send_messages):
        raise KithError("digest_no_access")
