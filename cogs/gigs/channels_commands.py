"""`/kith gigs …`: the channels of the board."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands

from bot.core.errors import KithError
from bot.edge.answer import answer_of
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.numbers import number_in
from bot.edge.rights import moderator
from bot.gigs.channels import BoardSeen
from bot.gigs.service import GigService
from cogs.community.channels import kind_of
from cogs.community.commands import BoardChannel
from cogs.gigs import channels_cards
from cogs.gigs.review_commands import kith_gigs
from cogs.gigs.words import KINDS, ROLES


def add_commands(bot: Kith, service: GigService) -> None:
    """Add the commands and the menu of the board's channels."""
    group = kith_gigs(bot)
    group.add_command(_list(service))
    group.add_command(_add(service))
    group.add_command(_remove(service))

    async def off(press: Press) -> None:
        """Take the chosen channel off the board."""
        acting = moderator(press.interaction)
        channel_id = number_in("".join(press.values[:1]), "button_outdated")
        seen = await service.channels.remove(acting, channel_id)
        await press.answer.update(channels_cards.removed(seen, _called(press.interaction, seen)))

    bot.buttons.register("gig.channel.off", off)


def _called(interaction: Interaction[Any], seen: BoardSeen) -> dict[int, str]:
    """The names of the board's channels, those that are there."""
    guild = interaction.guild
    found = [guild.get_channel(shelf.channel_id) for shelf in seen.shelves] if guild else []
    return {channel.id: channel.name for channel in found if channel is not None}


def _list(service: GigService) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="channels")
    async def channels(interaction: Interaction[Kith]) -> None:
        """See the channels of the gig board, and which gigs live where."""
        seen = await service.channels.seen(moderator(interaction))
        await answer_of(interaction).show(channels_cards.channels(seen, _called(interaction, seen)))

    return channels


def _add(service: GigService) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="add-channel")
    @app_commands.describe(
        channel="A forum, or a text channel, in which only Kith posts",
        role="Whether gigs live there, or only links to them appear",
        kind="Only gigs of this kind",
        niches="Only gigs about these niches, such as: energy, OCR",
    )
    @app_commands.choices(
        role=[app_commands.Choice(name=name, value=role) for role, name in ROLES.items()],
        kind=[app_commands.Choice(name=name, value=kind) for kind, name in KINDS.items()],
    )
    async def add_channel(
        interaction: Interaction[Kith],
        channel: app_commands.Transform[app_commands.AppCommandChannel, BoardChannel],
        role: str,
        kind: str | None = None,
        niches: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """Add a channel to the gig board, or change what it takes."""
        acting = moderator(interaction)
        made_of = kind_of(channel)
        if made_of is None:
            raise KithError("gig_channel_rule")
        seen = await service.channels.add(acting, channel.id, made_of, role, kind, niches or "")
        await answer_of(interaction).show(channels_cards.added(seen, _called(interaction, seen)))

    return add_channel


def _remove(service: GigService) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="remove-channel")
    @app_commands.describe(channel="The channel that takes no new gigs any more")
    async def remove_channel(
        interaction: Interaction[Kith],
        channel: app_commands.Transform[app_commands.AppCommandChannel, BoardChannel],
    ) -> None:
        """Take a channel off the gig board; what is open there stays until it ends."""
        seen = await service.channels.remove(moderator(interaction), channel.id)
        await answer_of(interaction).show(channels_cards.removed(seen, _called(interaction, seen)))

    return remove_channel
