"""`/gig pitches` and `/gig lead`, added to the group of the gig board."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands

from bot.edge.answer import answer_of, who
from bot.gigs.service import GigService
from cogs.gigs import lead_cards, pitch_cards


def people_commands(service: GigService) -> list[app_commands.Command[Any, ..., Any]]:
    """Make the commands about people around a gig."""

    @app_commands.command(name="pitches", description="Pitches: those you got, and those you sent")
    async def pitches(interaction: Interaction[Any]) -> None:
        """Show both sides."""
        found = await service.pitches.overview(who(interaction))
        await answer_of(interaction).show(pitch_cards.overview(found))

    @app_commands.command(name="lead", description="Hand a gig first to people you choose")
    async def lead(interaction: Interaction[Any]) -> None:
        """Choose one of the gigs that nobody has seen yet."""
        gigs = await service.leads.open_to_choice(who(interaction))
        await answer_of(interaction).show(lead_cards.choose_gig(gigs))

    return [pitches, lead]
