"""What members see of commitments with a day and an hour, and of moments agreed in introductions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from discord import ui

from bot.checkins.dated import ASK, REMIND, Dated, DatedView
from bot.checkins.service import CommitmentView
from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.forms import Field, Values, text_field
from bot.edge.kit import Outgoing, button, card, plain, safe, select, when
from cogs.checkins.words import OUTCOMES

FORM = "checkin.time"
TEXT_SHOWN = 300
TYPED_MAX = 40


def dated_button(commitment_id: int) -> ui.Item[Any]:
    """Let a member put a time to one commitment."""
    return button(_("Put a time to it"), "checkin.time", commitment_id)


def dated_menu(commitments: Iterable[tuple[int, str]]) -> list[ui.Item[Any]]:
    """One menu for all commitments of a week, given as (id, text); none without any."""
    options = [
        (f"{number}. {plain(text, 90)}", str(key)) for number, (key, text) in enumerate(commitments, 1)
    ]
    return [select(_("Put a time to it"), "checkin.time", options=options)] if options else []


def time_line(due_at: datetime) -> str:
    """What stands behind a commitment that has a time."""
    return _("at {time}").format(time=when(due_at, "f"))


def agreed_lines(slots: Sequence[tuple[datetime, str]]) -> list[str]:
    """What is agreed with others in the coming week, for the card of a week; `Dated.agreed` returns it."""
    return [
        _("Agreed: {time} with {name}").format(time=when(at, "F"), name=safe(name, 100)) for at, name in slots
    ]


def time_fields(view: DatedView, typed: Values | None) -> list[Field]:
    """Ask for the day and the hour, filled with what was typed or set before."""
    values = {"day": view.day, "hour": view.hour, **(typed or {})}
    empty = _("Leave both empty for no time.") if view.due_at is not None else None
    return [
        text_field(
            "day",
            _("Which day?"),
            required=False,
            max=TYPED_MAX,
            value=values["day"],
            placeholder=_("Thu, tomorrow, 12 May"),
            description=empty,
        ),
        text_field(
            "hour",
            _("At what time?"),
            required=False,
            max=TYPED_MAX,
            value=values["hour"],
            placeholder=_("14:00"),
            description=_("In your own time zone."),
        ),
    ]


def dated_card(view: DatedView) -> ui.LayoutView:
    """Confirm the time of a commitment, or that it has none."""
    text = safe(view.text, TEXT_SHOWN)
    actions = [dated_button(view.id)]
    if view.due_at is None:
        return card(_titled(_("No time"), view), text, _("I remind you of nothing."), actions=actions)
    title = _("It has a time") if view.changed else _("It has that time already")
    return card(
        _titled(title, view),
        text,
        when(view.due_at, "F"),
        _("I remind you an hour before, and ask once afterwards how it went."),
        actions=actions,
        tone="good",
    )


def reminder_card(view: DatedView) -> ui.LayoutView:
    """Remind of a commitment before its time."""
    at = when(view.due_at, "R") if view.due_at is not None else ""
    actions = [dated_button(view.id), _stop_button(view)]
    return card(_titled(_("Coming up"), view), safe(view.text, TEXT_SHOWN), at, actions=actions)


def question_card(view: DatedView) -> ui.LayoutView:
    """Ask once how it went; one press is enough."""
    answers = [
        button(_(label), "commitment.outcome", view.id, outcome) for outcome, label in OUTCOMES.items()
    ]
    return card(
        _titled(_("How did it go?"), view),
        safe(view.text, TEXT_SHOWN),
        _("Every answer is fine."),
        actions=[*answers, _stop_button(view)],
    )


def answered_card(commitment: CommitmentView, *, changed: bool) -> ui.LayoutView:
    """The question that was answered; it stays so on every device."""
    text = _("Noted: {outcome}.") if changed else _("Noted already: {outcome}.")
    outcome = _(OUTCOMES.get(commitment.outcome or "", ""))
    return card(text.format(outcome=outcome), safe(commitment.text, TEXT_SHOWN), tone="good")


def _stop_button(view: DatedView) -> ui.Item[Any]:
    return button(_("Stop check-ins"), "checkin.stop", view.member_id)


def _titled(title: str, view: DatedView) -> str:
    return f"{title} · {safe(view.community_name, 100)}" if view.community_name else title


def renderers(dated: Dated) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""

    async def reminder(said: Said) -> Outgoing | None:
        view = await dated.reminder(said.subject)
        return Outgoing(view=reminder_card(view)) if view else None

    async def question(said: Said) -> Outgoing | None:
        view = await dated.question(said.subject)
        return Outgoing(view=question_card(view)) if view else None

    return {REMIND: reminder, ASK: question}
