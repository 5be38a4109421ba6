"""*Check for scams*: the same findings for any text, whether it is pasted or stands in a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import discord
from discord import Interaction, app_commands, ui

from bot.core.text import _
from bot.edge.answer import answer_of
from bot.edge.client import Kith
from bot.edge.kit import card, note
from bot.gigs.screening import Screening
from cogs.gigs.common import finding_lines

Check = Callable[[str], Screening]


def check_menu(bot: Kith, check: Check) -> None:
    """Add *Check for scams* to the menu of every message; only who asks sees the answer."""

    @app_commands.context_menu(name="Check for scams")
    @app_commands.guild_only()
    async def check_message(interaction: Interaction[Kith], message: discord.Message) -> None:
        """Screen the message whose menu was opened."""
        text = text_of(message)
        answer = answer_of(interaction)
        await answer.show(checked(check(text)) if text else nothing_to_read())

    bot.tree.add_command(check_message)


def checked(found: Screening) -> ui.LayoutView:
    """What was found in a text, in sentences with the words that caused them, and what to do about it."""
    if not found.findings:
        return card(
            _("Nothing suspicious found"),
            _("None of my rules met this text. Still, never pay to get work."),
            tone="good",
        )
    advice = {
        "held": _(
            "This has the marks of a scam. Better walk away: answer nothing, open nothing, pay nothing. "
            "If it stands on this server, tell the moderators with Report."
        ),
        "queue": _("I would ask before agreeing to anything: who are they, and why do they want this?"),
        "live": _("That alone is no reason to say no."),
    }[found.verdict]
    return card(
        _("What I noticed"),
        finding_lines(found.findings),
        advice,
        tone="plain" if found.verdict == "live" else "warn",
    )


def nothing_to_read() -> ui.LayoutView:
    """The answer for a message without words, such as a picture."""
    return note(_("There are no words in this message. Copy what you want checked into /gig check."))


def text_of(message: discord.Message) -> str:
    """Everything there is to read in a message: its text, its embeds, what it forwards, its cards."""
    return "\n".join(filter(None, _pieces(message))).strip()


def _pieces(message: discord.Message) -> Iterator[str]:
    yield message.content
    for snapshot in message.message_snapshots:
        yield snapshot.content
        yield from _of_embeds(snapshot.embeds)
    yield from _of_embeds(message.embeds)
    for component in message.components:
        yield from _of_component(component)


def _of_embeds(embeds: list[discord.Embed]) -> Iterator[str]:
    for embed in embeds:
        yield from filter(None, (embed.title, embed.description, embed.url))
        for field in embed.fields:
            yield f"{field.name or ''}\n{field.value or ''}"


def _of_component(component: object) -> Iterator[str]:
    """The texts of a card: of itself and of whatever it holds; a link button counts by its address."""
    for name in ("content", "url"):
        words = getattr(component, name, None)
        if isinstance(words, str):
            yield words
    for inner in getattr(component, "children", ()):
        yield from _of_component(inner)
