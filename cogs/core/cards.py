"""What members see of `/inbox`, `/stop` and `/help`."""

from __future__ import annotations

from collections.abc import Collection

from discord import ui

from bot.community import modules
from bot.core.text import _, ngettext
from bot.edge.kit import Outgoing, button, card, note
from cogs.core import words


def help_card(off: Collection[str] = (), *, moderates: bool = False) -> ui.LayoutView:
    """Show what a member can do here, where these parts are left out; and where a moderator begins."""
    lines = [
        f"`{command}` {_(about)}"
        for command, about in words.HELP
        if modules.of_use(command.removeprefix("/")) not in off
    ]
    return card(
        _("What you can do with Kith"),
        "\n".join(lines),
        _("For moderators: `/kith setup`, `/kith doctor`, `/kith settings`.") if moderates else "",
        _("I only read what you type into my own forms, never your conversations."),
    )


def stop_card(person_id: int) -> ui.LayoutView:
    """Ask once before everything ends."""
    confirm = button(_("Stop all messages"), "core.stop", person_id, style="danger")
    return card(_("Stop all messages?"), _(words.STOP), actions=[confirm], tone="warn")


def stopped_card() -> ui.LayoutView:
    """Say that it is done."""
    return card(_("All messages are stopped"), _(words.STOPPED), tone="good")


def empty_card() -> ui.LayoutView:
    """Say that nothing waits."""
    return note(_("Nothing is waiting for you."), tone="good")


def more_card(count: int) -> ui.LayoutView:
    """Say how many messages are left for the next time."""
    text = ngettext("One more message is waiting.", "{count} more messages are waiting.", count)
    return note(text.format(count=count), actions=[button(_("Show more"), "inbox.open", style="main")])


def waiting_card(message: Outgoing) -> ui.LayoutView | None:
    """Return a message of the inbox as a card."""
    if message.view is not None or message.embed is None:
        return message.view
    return card(message.embed.title or _("A message for you"), message.embed.description or "")
