"""What *Check for scams* reads in a message, and how its answer differs with what was found."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import ui

from bot.gigs.screening import screen
from cogs.gigs.check import checked, nothing_to_read, text_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Forecast demand in Python, 80 €/h.", "Nothing suspicious"),
        ("Python tutor wanted, start today.", "no reason to say no"),
        ("Dashboards. Contact me on Telegram.", "ask before agreeing"),
        ("You must pay a refundable registration fee in USDT, add us on Telegram.", "Better walk away"),
        ("🎨" * 300, "Nothing suspicious"),
        ("WE NEED SQL. " * 300, "Nothing suspicious"),
    ],
)
def test_the_answer_says_what_to_do(text: str, said: str) -> None:
    assert said in _words(checked(screen(text)))


def test_the_answer_quotes_the_words_and_pings_nobody() -> None:
    told = _words(checked(screen("Please pay a registration fee @everyone of $30")))
    assert "registration fee" in told
    assert "@everyone" not in told


def test_everything_readable_in_a_message_is_read() -> None:
    embed = discord.Embed(title="Title", description="Body", url="https://a.example")
    embed.add_field(name="Pay", value="30 USD")
    inner = SimpleNamespace(content="In a card", children=())
    message = SimpleNamespace(
        content="Text",
        embeds=[embed],
        message_snapshots=[SimpleNamespace(content="Forwarded", embeds=[])],
        components=[SimpleNamespace(children=[inner, SimpleNamespace(url="https://b.example", children=())])],
    )
    read = text_of(cast("discord.Message", message))
    for piece in ("Text", "Title", "Body", "a.example", "30 USD", "Forwarded", "In a card", "b.example"):
        assert piece in read


def test_a_picture_alone_gives_nothing_to_read() -> None:
    message = SimpleNamespace(content="", embeds=[], message_snapshots=[], components=[])
    assert text_of(cast("discord.Message", message)) == ""
    assert "/gig check" in _words(nothing_to_read())


def _words(view: ui.LayoutView) -> str:
    found: list[Any] = [item for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    return "\n".join(item.content for item in found)
