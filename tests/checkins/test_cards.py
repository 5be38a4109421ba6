"""Every card and the form stay within Discord's limits, whatever was typed, and always show the way out."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checkins import rules
from bot.checkins.rhythm import Rhythm, State
from bot.checkins.views import (
    AwayDays,
    AwayView,
    CheckinView,
    CommitmentView,
    HistoryView,
    PlanView,
    WeekView,
)
from bot.edge.forms import FormModal
from cogs.checkins import away_cards, cards, history_cards
from cogs.checkins.words import BARS, KINDS, MARKS, OLD_TOPICS, OUTCOMES, STATES, TOPICS
from cogs.days import DAYS

NOW = datetime(2026, 1, 8, 9, tzinfo=UTC)
HOSTILE = [
    "@everyone <@1> [free](https://evil.example) **bold** # big",
    "*" * 200,
    "\u202e\u200bezilaer\u0301" * 18,
    "`" * 200,
    "👩‍👩‍👧‍👦" * 28,
    "1. - > ### <t:0:R>",
]


def checkin(lines: list[str], **changes: Any) -> CheckinView:
    written = tuple(CommitmentView(number, line, "carried") for number, line in enumerate(lines, 1))
    given: dict[str, Any] = {
        "id": 7,
        "member_id": 5,
        "community_name": lines[0] if lines else "",
        "week": "2026-01-05",
        "closes_at": NOW + timedelta(hours=48),
        "answered": False,
        "commitments": written,
        "before": written,
        "stuck": "pricing",
        "win": lines[0] if lines else None,
        "after_gap": True,
        "next_at": NOW + timedelta(days=7),
    }
    return CheckinView(**(given | changes))


def plan(**changes: Any) -> PlanView:
    given: dict[str, Any] = {
        "member_id": 5,
        "community_name": "Data Collective",
        "zone": "Europe/Lisbon",
        "weekday": 3,
        "hour": 9,
        "on": True,
        "next_at": NOW,
    }
    return PlanView(**(given | changes))


def walk(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "type" in part:
            yield part
        for value in part.values():
            yield from walk(value)
    elif isinstance(part, list):
        for value in part:
            yield from walk(value)


def built(make: Any) -> list[dict[str, Any]]:
    """Build a card inside a loop, as discord.py wants, and return its components."""

    async def run() -> list[dict[str, Any]]:
        view: ui.LayoutView = make()
        return [part for part in walk(view.to_components()) if "label" not in part or part["type"] == 2]

    return asyncio.run(run())


def shown(parts: list[dict[str, Any]]) -> str:
    return "\n".join(part["content"] for part in parts if "content" in part)


def ids(parts: list[dict[str, Any]]) -> list[str]:
    return [part["custom_id"] for part in parts if "custom_id" in part]


def check_limits(parts: list[dict[str, Any]]) -> None:
    assert len(parts) <= 40
    assert sum(len(part.get("content", "")) for part in parts) <= 4000
    assert all(part["content"].strip() for part in parts if "content" in part)
    assert all(len(one) <= 100 for one in ids(parts))
    assert len(set(ids(parts))) == len(ids(parts))


hostile = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=200))


@settings(max_examples=40, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=3), st.booleans())
def test_the_weekly_message_and_the_week_read_back_fit_whatever_was_typed(
    lines: list[str], answered: bool
) -> None:
    for make in (cards.prompt_card, cards.week_card):
        parts = built(lambda make=make: make(checkin(lines, answered=answered)))
        check_limits(parts)
        assert "k:checkin.stop:5" in ids(parts)
        assert "k:checkin.plan:7" in ids(parts)


@pytest.mark.parametrize("line", HOSTILE)
def test_nothing_typed_becomes_a_mention_or_a_link(line: str) -> None:
    text = shown(built(lambda: cards.week_card(checkin([line], community_name=""))))
    assert "@everyone" not in text
    assert "\n<@1>" not in text
    assert "[free](" not in text.replace("\\[", "")
    assert "**bold**" not in text


def test_the_weekly_message_asks_about_each_commitment_of_last_week() -> None:
    parts = built(lambda: cards.prompt_card(checkin(["Call Mia", "Send offer"])))
    menus = [part for part in parts if part["type"] == 3]
    assert [menu["custom_id"] for menu in menus] == ["s:checkin.outcome:1", "s:checkin.outcome:2"]
    assert [option["value"] for option in menus[0]["options"]] == list(rules.OUTCOMES)
    assert [option["value"] for option in menus[0]["options"] if option.get("default")] == ["carried"]


def test_a_first_week_asks_for_no_outcomes_and_mentions_no_gap() -> None:
    parts = built(lambda: cards.prompt_card(checkin([], after_gap=False)))
    assert not [part for part in parts if part["type"] == 3]
    assert "did not go out" not in shown(parts)


def test_the_week_read_back_names_the_next_date() -> None:
    text = shown(built(lambda: cards.week_card(checkin(["Call Mia"]))))
    assert "Call Mia" in text
    assert f"<t:{int((NOW + timedelta(days=7)).timestamp())}:F>" in text
    assert "changed" in shown(built(lambda: cards.week_card(checkin(["Call Mia"], edited=True))))


def test_the_plan_names_day_hour_zone_and_the_way_out() -> None:
    parts = built(lambda: cards.plan_card(plan(old_day_kept=True)))
    assert "Every Thursday at 09:00 in your time zone (Europe/Lisbon)." in shown(parts)
    assert "keeps its old day" in shown(parts)
    assert ids(parts) == ["k:checkin.stop:5"]


def test_stopping_twice_says_so() -> None:
    off = plan(on=False, next_at=None)
    assert "no more check-ins" in shown(built(lambda: cards.stopped_card(off)))
    again = plan(on=False, next_at=None, changed=False)
    assert "off already" in shown(built(lambda: cards.stopped_card(again)))


@settings(max_examples=20, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=3))
def test_the_history_fits_and_begins_with_the_rhythm(lines: list[str]) -> None:
    view = checkin(lines)
    weeks = tuple(WeekView("2026-01-05", "kept", view.before, lines[0]) for _week in range(14))
    history = HistoryView(5, lines[0], Rhythm(12, 14, 3, 9, 1, ("kept",) * 14), weeks, weeks)
    for page in range(5):
        parts = built(lambda page=page: history_cards.history_card(history, page))
        check_limits(parts)
        assert shown(parts).index("12 of the last 14 weeks") < shown(parts).index("Streak: 3")
        assert shown(parts).index("Streak: 3") < shown(parts).index("Best ever: 9")
        assert "…" not in shown(parts).splitlines()
    assert len(history_cards.alt_text(history)) <= 1024


def past(*states: State) -> HistoryView:
    weeks = tuple(WeekView("2026-01-05", state) for state in states)
    return HistoryView(5, "", Rhythm(1, 2, 1, 1, 0, states), weeks, weeks)


def test_the_bars_are_oldest_first_and_explain_what_occurs() -> None:
    text = history_cards.bars(past("open", "kept", "missed", "away"))
    assert text.splitlines()[0] == BARS["away"] + BARS["missed"] + BARS["kept"] + BARS["open"]
    assert "I could not ask" not in text
    assert f"{BARS['missed']} no check-in" in text


def test_the_picture_says_in_words_what_it_shows() -> None:
    view = past("kept", "missed")
    assert "2 weeks, oldest first: 1 × written, 1 × no check-in." in history_cards.alt_text(view)
    parts = built(lambda: history_cards.history_card(view, pictured=True))
    gallery = next(part for part in parts if part["type"] == 12)
    assert gallery["items"][0]["media"]["url"] == "attachment://weeks.png"
    assert gallery["items"][0]["description"] == history_cards.alt_text(view)
    assert "1 of the last 2 weeks" in shown(parts)


def test_ten_stretches_away_fit_and_each_can_be_taken_back() -> None:
    days = tuple(AwayDays(number, NOW.date(), None) for number in range(10))
    parts = built(lambda: away_cards.away_card(AwayView(5, "*" * 100, days, True, NOW)))
    check_limits(parts)
    assert ids(parts) == [
        "k:checkin.back:5",
        *[f"k:checkin.here:{n}" for n in range(1, 10)],
        "k:checkin.stop:5",
    ]


@settings(max_examples=20, deadline=None)
@given(hostile, st.text(max_size=300))
def test_the_fullest_week_fits(line: str, words: str) -> None:
    view = checkin([line] * 3, answered=True, stuck_words=words, win=line)
    extras = [ui.Button[Any](label=str(number), url="https://example.org") for number in range(4)]
    parts = built(lambda: cards.week_card(view, extras))
    check_limits(parts)
    assert "k:checkin.stuck:7" in ids(parts)
    assert [one for one in ids(parts) if "kind" in one] == [
        f"s:checkin.kind:{number}" for number in (1, 2, 3)
    ]


def test_what_is_stuck_by_an_older_word_is_still_named() -> None:
    assert cards.topic_name("focus") == "Time and focus"
    assert cards.topic_name("pricing") == "Pricing"
    assert "In the way: Confidence" in shown(
        built(lambda: cards.week_card(checkin(["x"], stuck="confidence")))
    )


def test_the_reminder_and_the_skipped_week_show_the_way_back_and_out() -> None:
    for make in (cards.remind_card, cards.skipped_card):
        parts = built(lambda make=make: make(checkin(["Call Mia"], passed=make is cards.skipped_card)))
        check_limits(parts)
        assert {"k:checkin.plan:7", "k:checkin.stop:5"} <= set(ids(parts))


@settings(max_examples=30, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=3), st.booleans())
def test_the_form_has_five_fields_within_the_limits(lines: list[str], answered: bool) -> None:
    async def run() -> dict[str, Any]:
        view = checkin(lines, answered=answered)
        return dict(FormModal("checkin", "7", "Plan my week", cards.week_fields(view, None)).to_dict())

    form = asyncio.run(run())
    assert json.dumps(form)
    assert len(form["components"]) == 5
    for label in form["components"]:
        assert len(label["label"]) <= 45
        assert len(label["component"].get("value") or "") <= 200


def test_the_form_starts_with_what_was_carried_over_and_prefers_what_was_just_typed() -> None:
    async def run(typed: dict[str, str | list[str]] | None) -> list[str]:
        fields = cards.week_fields(checkin(["Call Mia", "Send offer"]), typed)
        items = [field.item for field in fields]
        return [item.default or "" for item in items if isinstance(item, ui.TextInput)]

    assert asyncio.run(run(None))[:2] == ["Call Mia", "Send offer"]
    assert asyncio.run(run({"first": "Rest", "second": ""}))[:2] == ["Rest", ""]


def test_every_day_topic_and_outcome_has_its_word() -> None:
    assert len(DAYS) == 7
    assert tuple(TOPICS) == rules.STUCK_TOPICS
    assert not set(OLD_TOPICS) & set(TOPICS)
    assert tuple(OUTCOMES) == tuple(MARKS) == rules.OUTCOMES
    assert tuple(KINDS) == rules.KINDS
    assert set(STATES) == set(BARS) == set(get_args(State))


def test_a_run_of_nothing_is_not_held_up_to_anybody() -> None:
    from_scratch = HistoryView(5, "", Rhythm(0, 3, 0, 0, 0, ("missed",) * 3), (), ())
    assert history_cards.rhythm_words(from_scratch) == "**0 of the last 3 weeks** written."
    broken = HistoryView(5, "", Rhythm(2, 3, 0, 2, 0, ("missed", "kept", "kept")), (), ())
    assert history_cards.rhythm_words(broken) == "**2 of the last 3 weeks** written.\nBest ever: 2 weeks."
