"""Before anything is done: whether it is in use here; after a refusal of Discord: who hears of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, cast

import discord
from discord import Interaction, InteractionType, app_commands

from bot.core.errors import KithError

Gate: TypeAlias = Callable[[Interaction[Any], str], Awaitable[None]]
"""Raises a KithError for what is not in use; gets the name of a command, a button or a form."""

Refusal: TypeAlias = Callable[[discord.Forbidden], Awaitable[None]]
"""Hears of what Discord did not let Kith do for somebody."""

_TYPES: Mapping[discord.AppCommandOptionType, type] = {
    discord.AppCommandOptionType.string: str,
    discord.AppCommandOptionType.integer: int,
    discord.AppCommandOptionType.boolean: bool,
}
_GROUPS = (1, 2)  # options that are subcommands and groups of them


async def admit(interaction: Interaction[Any], name: str) -> None:
    """Ask every gate; each may raise a KithError."""
    read_options(interaction)
    for gate in cast("list[Gate]", getattr(interaction.client, "gates", [])):
        await gate(interaction, name)


def read_options(interaction: Interaction[Any]) -> None:
    """Raise `command_outdated` for options of another shape than the command's.

    Discord checks what it sends in with a command as its client knew it, but nothing of what stands in other
    options while somebody types in one; discord.py trips over both.
    """
    typing = interaction.type is InteractionType.autocomplete
    if not typing and interaction.type is not InteractionType.application_command:
        return
    try:
        command, given = interaction.command, vars(interaction.namespace)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise KithError("command_outdated") from error
    for option in command.parameters if isinstance(command, app_commands.Command) else ():
        if option.display_name not in given:
            continue
        value, wanted = given[option.display_name], _TYPES.get(option.type, object)
        if typing and wanted is not str:
            continue
        if not isinstance(value, wanted) or isinstance(value, discord.Object):  # the id of nobody and nothing
            raise KithError("command_outdated")


def command_of(interaction: Interaction[Any]) -> str:
    """Return the whole name of a command, such as "intro join", as Discord sent it."""
    words: list[str] = []
    data: Mapping[str, Any] | None = dict(interaction.data or {})
    while data:
        words.append(str(data.get("name", "")))
        data = next((one for one in data.get("options") or () if one.get("type") in _GROUPS), None)
    return " ".join(words)


async def report_refusal(interaction: Interaction[Any], error: BaseException | None) -> None:
    """Tell whoever wants to know that Discord refused something, whatever the member is told about it."""
    passed: list[BaseException] = []
    while error is not None and not isinstance(error, discord.Forbidden):
        passed.append(error)
        error = getattr(error, "original", None) or error.__cause__
        if any(error is one for one in passed):  # `raise error from error` goes round in a circle
            return
    if error is None:
        return
    for hear in cast("list[Refusal]", getattr(interaction.client, "refusals", [])):
        await hear(error)
