"""Cards stay within Discord's limits whatever is put into them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.edge import kit
from bot.edge.items import KithButton, KithSelect

hostile = st.text(max_size=300) | st.sampled_from(
    [
        "@everyone <@1> **x**",
        "\u202e\u200b" * 50,
        "a" * 5000,
        "\n" * 500,
        "z\u0301" * 900,
        " ",
        "[x](https://e.vil)",
    ]
)


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]


def assert_within_limits(view: ui.LayoutView) -> None:
    everything = list(walk(view.to_components()))
    texts = [one["content"] for one in everything if one["type"] == 10]
    ids = [one["custom_id"] for one in everything if "custom_id" in one]
    assert len(everything) <= 40
    assert sum(map(len, texts)) <= 4000
    assert all(texts)
    assert len(ids) == len(set(ids))
    assert all(len(one) <= 100 for one in ids)
    for one in everything:
        assert one["type"] != 1 or 1 <= len(one["components"]) <= 5
        assert one["type"] != 2 or 1 <= len(one["label"]) <= 80
        if one["type"] == 3:
            assert 1 <= len(one["options"]) <= 25
            assert 1 <= one["min_values"] <= one["max_values"] <= len(one["options"])
            assert all(1 <= len(option["label"]) <= 100 for option in one["options"])
            assert all(len(option.get("description") or "") <= 100 for option in one["options"])


@given(
    title=hostile,
    blocks=st.lists(hostile, max_size=60),
    labels=st.lists(hostile, max_size=50),
    options=st.lists(st.tuples(hostile, hostile), min_size=1, max_size=40),
    tone=st.sampled_from(["plain", "good", "warn"]),
)
def test_any_hostile_text_makes_a_card_within_the_limits(
    title: str, blocks: list[str], labels: list[str], options: list[tuple[str, str]], tone: Any
) -> None:
    chosen = [(label, f"v{place}", about) for place, (label, about) in enumerate(options)]
    menu = kit.select(title, "test.menu", options=chosen, max_values=99)
    buttons: list[ui.Item[Any]] = [
        kit.button(label, "test.press", place % 20) for place, label in enumerate(labels)
    ]
    section: ui.Section[Any] = ui.Section(
        ui.TextDisplay(title or "x"), accessory=kit.button("y", "test.other")
    )
    parts: list[str | ui.Item[Any]] = [*blocks, section]
    assert_within_limits(kit.card(title, *parts, actions=[*buttons, menu], tone=tone))
    assert_within_limits(kit.note(title, actions=buttons))


@given(hostile, st.integers(0, 2000))
def test_safe_text_has_no_mention_no_markdown_and_no_more_than_its_limit(text: str, limit: int) -> None:
    made = kit.safe(text, limit)
    assert len(made) <= limit
    assert "@everyone" not in made
    assert "\n\n\n" not in made
    assert not any(sign in made for sign in "\u202e\u202d\u2066\u200f\x00")
    bare = made.replace("\\\\", "")
    for place, sign in enumerate(bare):
        if sign in "*~`|[]<>":
            assert bare[place - 1] == "\\" or "http" in bare


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# big", "\\# big"),
        ("a # b", "a # b"),
        ("**bold** <@1>", "\\*\\*bold\\*\\* \\<@\u200b1\\>"),
        ("1. first", "1\\. first"),
        ("v1.5 at 14:05", "v1.5 at 14:05"),
        ("see https://e.org/a_b_c?x=1 now", "see https://e.org/a_b_c?x=1 now"),
        ("- item\n- item", "\\- item\n\\- item"),
    ],
)
def test_safe_text_reads_as_it_was_typed(typed: str, shown: str) -> None:
    assert kit.safe(typed) == shown


def test_what_does_not_fit_is_announced_and_the_buttons_stay() -> None:
    view = kit.card("Title", *["x" * 500] * 50, actions=[kit.button("Go", "test.go")])
    everything = list(walk(view.to_components()))
    assert [one["content"] for one in everything if one["type"] == 10][-1].endswith("…")
    assert [one["label"] for one in everything if one["type"] == 2] == ["Go"]


def test_a_card_holds_only_items_that_survive_a_restart_and_is_never_stored() -> None:
    view = kit.card("T", "x", actions=[kit.button("A", "t.a"), kit.select("B", "t.b", options=[("x", "x")])])
    usable = [item for item in view.walk_children() if item.is_dispatchable()]
    interactive = [item for item in usable if not isinstance(item, (ui.Container, ui.ActionRow))]
    assert {type(item) for item in interactive} == {KithButton, KithSelect}
    assert view.is_finished()


@pytest.mark.parametrize("args", [("a:b",), ("x" * 100,)])
def test_an_argument_that_breaks_the_id_is_refused_where_it_is_made(args: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"test\.press"):
        kit.button("Go", "test.press", *args)


def test_times_are_shown_in_every_readers_zone_and_need_one() -> None:
    assert kit.when(datetime(2026, 1, 5, 9, tzinfo=UTC)) == "<t:1767603600:f>"
    with pytest.raises(ValueError, match="zone"):
        kit.when(datetime(2026, 1, 5, 9))  # noqa: DTZ001 - that is the mistake being tested
