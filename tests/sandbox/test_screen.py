"""A screen shows what a member would read and press, and nothing that is only in the data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.forms import form_of
from sandbox.line import Impossible, parse
from sandbox.model import Message, User
from sandbox.screen import Screen
from sandbox.words import plain


def message(**extra: Any) -> Message:
    author = User(1, "Kith", bot=True)
    fields: dict[str, Any] = {"content": "", "created_at": datetime(2026, 11, 21, tzinfo=UTC), **extra}
    return Message(id=1, channel_id=2, author=author, **fields)


def names(mark: str, number: int) -> str | None:
    return {("@", 7): "Ana", ("@&", 8): "OCR", ("#", 9): "gigs"}.get((mark, number))


def test_mentions_become_names_and_timestamps_words() -> None:
    screen = Screen(
        message(content="Hi <@7> <@!7> <@&8> <#9> </gig post:5> <t:1795615500:F> <t:1795615500>"), names=names
    )
    assert "Hi @Ana @Ana @OCR #gigs /gig post" in screen.text
    assert "Wednesday, 25 November 2026 at 14:05 UTC 25 November 2026 at 14:05 UTC" in screen.text


def test_no_id_is_left_in_the_words() -> None:
    link = "https://discord.com/channels/3/9"
    content = (
        f"{link} {link}/12 [the gig]({link}/12) <:kith:123456> <a:wave:99> <@404> <#405> https://a.example"
    )
    screen = Screen(message(content=content), names=names)
    assert screen.text == "#gigs #gigs the gig :kith: :wave: @unknown #unknown https://a.example"


def test_a_form_names_the_people_it_is_filled_with() -> None:
    chosen = [{"id": "7", "type": "user"}, {"id": "8", "type": "role"}]
    select = {"type": 7, "custom_id": "w", "default_values": chosen, "max_values": 2}
    modal = {"title": "T", "components": [{"type": 18, "label": "Who", "component": select}]}
    screen = Screen(form=form_of(modal), names=names)
    assert screen.text.splitlines()[1:] == ["Who *", "  > @Ana @OCR"]
    assert screen.form is not None
    assert screen.form.fields[0].values == ("7", "8")


def test_components_are_read_from_the_inside_out() -> None:
    button = {"type": 2, "style": 1, "label": "Met", "custom_id": "m", "emoji": {"name": "🤝"}}
    select = {
        "type": 3,
        "custom_id": "s",
        "placeholder": "Which day",
        "options": [{"label": "Mon", "value": "1"}],
    }
    inner = [
        {"type": 10, "content": "**Meet** Ana"},
        {
            "type": 9,
            "components": [{"type": 10, "content": "Line"}],
            "accessory": {**button, "disabled": True},
        },
        {"type": 14},
        {"type": 1, "components": [{"type": 2, "style": 5, "label": "Site", "url": "https://a.example"}]},
        {"type": 1, "components": [select]},
    ]
    screen = Screen(message(components=[{"type": 17, "components": inner}], flags=1 << 15, ephemeral_to=5))
    assert screen.text.splitlines() == [
        "**Meet** Ana",
        "Line",
        "[🤝 Met (disabled)]",
        "[Site]",
        "[Which day ▾]",
    ]
    assert screen.buttons == ["🤝 Met", "Site"]
    assert screen.selects == ["Which day"]
    assert screen.ephemeral
    met = screen.find_button("met")
    assert met is not None
    assert (met.disabled, met.custom_id) == (True, "m")
    assert screen.find_select("which day") is screen.find_select("Mon")
    assert screen.find_button("Nope") is None
    assert str(screen).startswith("(only you can see this)\nMeet Ana")


def test_embeds_and_rows_of_an_ordinary_message_are_shown() -> None:
    embed = {"title": "Forecast", "description": "A bakery", "fields": [{"name": "Pay", "value": "500"}]}
    screen = Screen(message(embeds=[embed]))
    assert screen.text == "**Forecast**\nA bakery\nPay: 500"


def test_a_form_shows_labels_current_values_and_options() -> None:
    radio = {"type": 21, "custom_id": "r", "options": [{"label": "Hire", "value": "h", "default": True},
                                                      {"label": "Team up", "value": "t"}]}  # fmt: skip
    modal = {
        "custom_id": "f:gig",
        "title": "A gig",
        "components": [
            {"type": 10, "content": "Be kind"},
            {
                "type": 18,
                "label": "Title",
                "component": {"type": 4, "style": 1, "custom_id": "t", "value": "Old"},
            },
            {"type": 18, "label": "Kind", "description": "What", "component": radio},
            {"type": 18, "label": "Sure", "component": {"type": 23, "custom_id": "c", "default": True}},
        ],
    }
    form = form_of(modal)
    assert Screen(form=form).text.splitlines() == [
        "« A gig »", "Be kind", "Title *", "  > Old", "Kind *", "  What", "  (x) Hire", "  ( ) Team up",
        "Sure", "  (x)",
    ]  # fmt: skip
    title = form.field("title")
    assert title is not None
    assert title.values == ("Old",)


def test_markdown_is_taken_away_for_the_terminal() -> None:
    assert plain("## Hi **you**\n-# small\n\\*kept\\* [a](https://a.example)") == (
        "Hi you\nsmall\n*kept* a (https://a.example)"
    )


def test_a_typed_line_is_split_into_path_and_values() -> None:
    options = 'kind:hire title:"Forecast for \\"a\\" bakery" where:New York link:https://a.example when:10:30'
    typed = parse(f"/gig post {options}")
    assert typed.path == ("gig", "post")
    assert dict(typed.options) == {
        "kind": "hire", "title": 'Forecast for "a" bakery', "where": "New York", "link": "https://a.example",
        "when": "10:30",
    }  # fmt: skip
    assert parse("/niche join niche:").options == (("niche", ""),)
    assert parse("/privacy").path == ("privacy",)


@pytest.mark.parametrize("line", ["gig post", "/", '/gig title:"open'])
def test_what_cannot_be_typed_is_impossible(line: str) -> None:
    with pytest.raises(Impossible):
        parse(line)
