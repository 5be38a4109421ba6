"""What can be done on the cards of an introduction: buttons and menus, the same on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.schedule import zone_of
from bot.core.text import _
from bot.edge.kit import Style, button, plain, safe, select
from bot.intros.rules import OPEN_OUTCOMES, bolder_form
from bot.intros.views import CardView
from cogs.intros.words import OUTCOME_NAMES
from cogs.people.cards import clock_words
from cogs.safety.cards import report_button

PLACES = frozenset({"card", "ask", "slot", "remind", "nudge", "step"})


def known_place(named: str) -> str:
    """Which message a button says it stands on; anything else counts as the question how it went."""
    return named if named in PLACES else "ask"


def slot_menu(view: CardView, place: str) -> list[ui.Item[Any]]:
    """The menu of times, in the reader's zone; none where nothing can be agreed any more."""
    slots = [slot for slot in view.slots if slot != view.slot_at]
    if view.gone or not slots or view.me.zone is None or view.outcome not in OPEN_OUTCOMES:
        return []
    asked = _("Pick a slot") if view.slot_at is None else _("Another time")
    return [
        select(
            asked,
            "intro.slot",
            view.seat_id,
            place,
            options=[
                (own_time(view, slot), str(int(slot.timestamp())), _others_times(view, slot))
                for slot in slots
            ],
        )
    ]


def own_time(view: CardView, slot: datetime) -> str:
    """Write a moment in the reader's zone: 'Tue 14:00 your time'."""
    return _("{time} your time").format(time=clock_words(slot.astimezone(_zone(view.me.zone))))


def _others_times(view: CardView, slot: datetime) -> str:
    """The day in full, and what the others' clocks show then."""
    times = [
        _("{time} for {name}").format(
            time=f"{slot.astimezone(_zone(other.zone)):%H:%M}", name=plain(other.name, 30)
        )
        for other in view.others
        if other.zone is not None
    ]
    return " · ".join([f"{slot.astimezone(_zone(view.me.zone)):%Y-%m-%d}", *times])


def _zone(name: str | None) -> ZoneInfo:
    return zone_of(name or "UTC")


def answers(view: CardView, place: str, shown: Sequence[str], *, main: str = "") -> list[ui.Item[Any]]:
    """Ways to say how it went; `main` stands out."""
    styles: dict[str, Style] = {main: "main"}
    return [
        button(
            _(OUTCOME_NAMES[outcome]),
            "intro.outcome",
            view.seat_id,
            outcome,
            place,
            style=styles.get(outcome, "plain"),
        )
        for outcome in shown
    ]


def room_button(view: CardView) -> list[ui.Item[Any]]:
    """*Open our room*, while they may still meet or have met."""
    closed = view.gone or view.outcome in ("did_not_happen", "not_a_fit")
    return [] if closed else [button(_("Open our room"), "intro.room", view.seat_id)]


def step_button(view: CardView) -> list[ui.Item[Any]]:
    """Wish for a less reserved form; it looks the same whatever the others wish for."""
    if view.gone or view.step_up or view.outcome not in OPEN_OUTCOMES or bolder_form(view.form) is None:
        return []
    label = _("A call instead?") if view.form == "text" else _("A video call instead?")
    return [button(label, "intro.step", view.seat_id)]


def note_buttons(view: CardView) -> list[ui.Item[Any]]:
    """What comes after *Met*: a private note, or only a reminder."""
    if view.outcome != "met":
        return []
    return [
        button(_("Write a note"), "form.open", "intro.note", view.seat_id, style="main"),
        button(_("Remind me"), "intro.remember", view.seat_id),
    ]


def reports(view: CardView) -> list[ui.Item[Any]]:
    """One *Report* for each of the others; where there are several, each says whom."""
    several = len(view.others) > 1
    return [
        report_button("intro", other.id, view.seat_id, other.name if several else "") for other in view.others
    ]


def leave_button(member_id: int) -> ui.Item[Any]:
    """The way out that every message of the introductions carries."""
    return button(_("Leave introductions"), "intro.leave", member_id)


def staying_buttons(member_id: int) -> list[ui.Item[Any]]:
    """The three answers to whether introductions still suit somebody."""
    return [
        button(_("Stay"), "round.stay", member_id, style="main"),
        button(_("Ask me later"), "round.later", member_id),
        button(_("Stop"), "intro.leave", member_id),
    ]


def names_of(names: Sequence[str]) -> str:
    """People as they are named in a sentence."""
    return _(" and ").join(safe(name, 60) for name in names)
