"""The cards of help and of times: word for word, within Discord's limits, and harmless whatever was typed."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.checkins import rules, topics
from bot.checkins.dated import DatedView
from bot.checkins.help import AskedView, HelpedView, HelpView, OfferView, UnansweredView
from bot.checkins.service import CheckinView, CommitmentView
from bot.people.service import MemberView
from cogs.checkins import dated_cards, help_cards
from cogs.checkins.help_setup import week_extra

NOW = datetime(2026, 1, 8, 9, tzinfo=UTC)
HERE = "Data Collective"
HOSTILE = "@everyone <@1> [free](https://evil.example) **bold** `x`\n# big \u202ereversed"


def asker(name: str = "Ana", headline: str = "I price by the day") -> MemberView:
    return MemberView(
        5, 10, 1, name, NOW, headline=headline, niches=("energy",), niche_names=("Energy and utilities",)
    )


def dated(text: str = "Call three clients", **changes: Any) -> DatedView:
    given: dict[str, Any] = {"id": 3, "member_id": 5, "community_name": HERE, "text": text, "due_at": NOW}
    return DatedView(**(given | changes))


def question(words: str = "How do I name a day rate?", name: str = "Ana", headline: str = "") -> HelpView:
    return HelpView(9, HERE, asker(name, headline), "pricing", words, NOW)


CARDS: dict[str, Callable[[], ui.LayoutView]] = {
    "offer": lambda: help_cards.offer_card(OfferView(7, HERE, "pricing", 3, ("Ben",))),
    "offer of one": lambda: help_cards.offer_card(OfferView(7, HERE, "time", 1)),
    "offer while asked": lambda: help_cards.offer_card(OfferView(7, HERE, "clients", 2, asked_until=NOW)),
    "offer once introduced": lambda: help_cards.offer_card(OfferView(7, HERE, "tech", 2, introduced=True)),
    "nobody": lambda: help_cards.offer_card(OfferView(7, HERE, "contracts", 0)),
    "nobody for tech": lambda: help_cards.asked_card(AskedView(HERE, "tech", 0, NOW)),
    "asked": lambda: help_cards.asked_card(AskedView(HERE, "pricing", 3, NOW)),
    "asked already": lambda: help_cards.asked_card(AskedView(HERE, "pricing", 1, NOW, changed=False)),
    "request": lambda: help_cards.request_card(question(headline="I price by the day")),
    "request without words": lambda: help_cards.request_card(question("")),
    "yes": lambda: help_cards.helped_card(HelpedView(9, HERE, 5, "Ana", "yes", changed=True)),
    "yes again": lambda: help_cards.helped_card(HelpedView(9, HERE, 5, "Ana", "yes", changed=False)),
    "no": lambda: help_cards.helped_card(HelpedView(9, HERE, 5, "Ana", "no", changed=True)),
    "no again": lambda: help_cards.helped_card(HelpedView(9, HERE, 5, "Ana", "no", changed=False)),
    "late": lambda: help_cards.helped_card(HelpedView(9, HERE, 5, "Ana", "late", changed=False)),
    "unanswered": lambda: help_cards.unanswered_card(UnansweredView(7, HERE, "scoping")),
    "unanswered, topic gone": lambda: help_cards.unanswered_card(UnansweredView(7, HERE, "")),
    "time": lambda: dated_cards.dated_card(dated()),
    "time already": lambda: dated_cards.dated_card(dated(changed=False)),
    "no time": lambda: dated_cards.dated_card(dated(due_at=None)),
    "reminder": lambda: dated_cards.reminder_card(dated()),
    "question": lambda: dated_cards.question_card(dated()),
    "answered": lambda: dated_cards.answered_card(CommitmentView(3, "Call Mia", "partly"), changed=True),
}
BY_DM = ("request", "request without words", "unanswered", "reminder", "question")


def parts_of(make: Callable[[], ui.LayoutView]) -> list[dict[str, Any]]:
    """Build a card inside a loop, as discord.py wants, and return its components."""

    def walk(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            if "type" in part:
                yield part
            for value in part.values():
                yield from walk(value)
        elif isinstance(part, list):
            for value in part:
                yield from walk(value)

    async def run() -> list[dict[str, Any]]:
        view: Any = make()
        return list(walk(view.to_components()))

    return asyncio.run(run())


def words(parts: list[dict[str, Any]]) -> str:
    lines = [part["content"] for part in parts if "content" in part]
    return "\n".join(
        lines + [f"[{part['label']}] {part['custom_id']}" for part in parts if part["type"] == 2]
    )


@pytest.mark.parametrize("name", CARDS)
def test_every_card_word_for_word(name: str, snapshot: SnapshotAssertion) -> None:
    assert words(parts_of(CARDS[name])) == snapshot(name=name)


@pytest.mark.parametrize("name", BY_DM)
def test_what_comes_by_dm_names_the_community_and_carries_its_way_out(name: str) -> None:
    text = words(parts_of(CARDS[name]))
    assert HERE in text.splitlines()[0]
    assert "k:safety.stop" in text or "k:checkin.stop:5" in text


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([HOSTILE, "*" * 300, "`" * 300]) | st.text(max_size=300))
def test_whatever_was_typed_fits_and_does_nothing(text: str) -> None:
    for make in (
        lambda: help_cards.request_card(question(text, text[:100], text[:200])),
        lambda: help_cards.offer_card(OfferView(7, text[:100], "pricing", 3, (text[:100],) * 3)),
        lambda: dated_cards.question_card(dated(text[:200], community_name=text[:100])),
        lambda: dated_cards.reminder_card(dated(text[:200])),
    ):
        parts = parts_of(make)
        content = "\n".join(part["content"] for part in parts if "content" in part)
        assert len(content) <= 4000
        assert len(parts) <= 40
        for hostile in ("@everyone", "[free](", "**bold**", "\n# big", "\u202e"):
            assert hostile not in content


@pytest.mark.parametrize("topic", rules.STUCK_TOPICS)
def test_every_topic_has_a_name_and_somewhere_else_to_look(topic: str) -> None:
    if topics.has_help(topic):
        text = words(parts_of(lambda: help_cards.nobody_card(HERE, topic)))
        assert help_cards.topic_name(topic) != topic
        assert "`/find` shows" in text if topic == topics.TECH else "`/find offer:" in text
        assert "offer:`" not in text


def week(stuck: str | None, *commitments: CommitmentView) -> CheckinView:
    return CheckinView(7, 5, HERE, "2026-01-05", NOW, True, commitments, (), stuck, None, False, None)


def extras(view: CheckinView) -> list[dict[str, Any]]:
    async def run() -> list[dict[str, Any]]:
        return [item.item.to_component_dict() for item in week_extra(view)]  # type: ignore[attr-defined]

    return asyncio.run(run())


def test_a_written_week_offers_help_with_its_topic_and_a_time_for_what_is_not_over() -> None:
    done, open_one = CommitmentView(1, "Done", "done"), CommitmentView(2, "**Call** Mia", None)
    found = extras(week("pricing", done, open_one))
    assert [part["custom_id"] for part in found] == ["k:checkin.help:7", "s:checkin.time"]
    assert [one["value"] for one in found[1]["options"]] == ["2"]
    assert extras(week("nothing", done)) == []
    assert extras(week(None)) == []


def test_agreed_moments_name_the_other_harmlessly() -> None:
    (line,) = dated_cards.agreed_lines([(NOW, "**Ben** @everyone")])
    assert line.startswith(f"Agreed: <t:{int(NOW.timestamp())}:F> with ")
    assert "**Ben**" not in line
    assert "@everyone" not in line
    assert dated_cards.agreed_lines([]) == []
    assert dated_cards.time_line(NOW) == f"at <t:{int(NOW.timestamp())}:f>"
