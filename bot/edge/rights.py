"""Who may press what, told by the rights that Discord sends along with every interaction."""

from __future__ import annotations

from typing import Any

import discord
from discord import Interaction

from bot.core.errors import KithError
from bot.edge.answer import who
from bot.people.service import Who


def moderator(interaction: Interaction[Any]) -> Who:
    """Say who acts, if they may manage the server; raises `manage_server_only` otherwise."""
    acting = who(interaction)
    if not interaction.permissions.manage_guild:
        raise KithError("manage_server_only")
    return acting


def guild_of(interaction: Interaction[Any]) -> discord.Guild:
    """Return the server with its channels; raises `server_only` outside one."""
    if interaction.guild is None:
        raise KithError("server_only")
    return interaction.guild
