"""Registers the asking for help and the times of commitments; the composition root calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ui

from bot.checkins import topics
from bot.checkins.dated import Dated
from bot.checkins.help import Help
from bot.checkins.service import CheckinService, CheckinView
from bot.edge.courier import Renderer
from cogs.checkins import dated_cards, help_cards
from cogs.checkins.dated_buttons import DatedButtons
from cogs.checkins.help_buttons import HelpButtons, add_command
from cogs.checkins.help_words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup_help(bot: Kith, helping: Help, dated: Dated, service: CheckinService) -> None:
    """Add `/checkin help`, the buttons, the forms and the sentences; after the other check-in commands."""
    add_command(bot, helping)
    for part in (HelpButtons(helping, bot.forms), DatedButtons(dated, service, bot.forms)):
        for action, handler in part.actions().items():
            bot.buttons.register(action, handler)
        bot.forms.register(part.spec())
    bot.sentences.update(SENTENCES)


def week_extra(view: CheckinView) -> list[ui.Item[Any]]:
    """What a written week can be given: somebody who helps, and a time for each commitment."""
    found = [help_cards.help_button(view.id)] if topics.has_help(view.stuck) else []
    waiting = [(one.id, one.text) for one in view.commitments if one.outcome is None]
    return [*found, *dated_cards.dated_menu(waiting)]


def renderers(helping: Help, dated: Dated) -> dict[str, Renderer]:
    """Name what renders each of these messages."""
    return help_cards.renderers(helping) | dated_cards.renderers(dated)
