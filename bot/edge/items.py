"""The two interactive items of every message; their ids say what to do, so they survive restarts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from discord import Interaction, ui

if TYPE_CHECKING:
    from bot.edge.answer import Host

BUTTON = "k"
SELECT = "s"


class KithButton(ui.DynamicItem["ui.Button[Any]"], template=r"k:(?P<action>[a-z_.]+)(?P<args>(?::[^:]*)*)"):
    """A button `k:<action>:<arg>:…`, answered through the registry of buttons."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> KithButton:
        """Wrap the pressed button again."""
        return cls(cast("ui.Button[Any]", item))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Hand the press to the registry."""
        await cast("Host", interaction.client).buttons.dispatch(interaction)


class KithSelect(ui.DynamicItem["ui.Select[Any]"], template=r"s:(?P<action>[a-z_.]+)(?P<args>(?::[^:]*)*)"):
    """A menu `s:<action>:<arg>:…`, answered through the registry of buttons."""

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> KithSelect:
        """Wrap the used menu again."""
        return cls(cast("ui.Select[Any]", item))

    async def callback(self, interaction: Interaction[Any]) -> None:
        """Hand the choice to the registry."""
        await cast("Host", interaction.client).buttons.dispatch(interaction)
