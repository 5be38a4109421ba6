"""What members see of check-ins: the weekly message, the form, the week read back, the plan, the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discord import ui

from bot.checkins.service import CheckinService, CheckinView, CommitmentView, HistoryView, PlanView
from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.forms import Field, choice_field, text_field
from bot.edge.kit import Outgoing, button, card, safe, select, when
from cogs.checkins.words import MARKS, OUTCOMES, TOPICS
from cogs.days import DAYS

TEXT_MAX = 200
SHOWN = 300
"""Room for one line on a card: 200 typed characters and what escaping them adds."""


def prompt_card(view: CheckinView, notice: str = "") -> ui.LayoutView:
    """Ask for the week: last week's commitments with their outcomes, then the way to the form."""
    blocks: list[str | ui.Item[Any]] = [notice]
    if view.after_gap:
        blocks.append(
            _("Your last check-in did not go out. That was not your doing, and nothing counts against you.")
        )
    if view.before:
        blocks.append(_("**Last time you set out to do this.** How did it go? Every answer is fine."))
        blocks.extend(_outcome_blocks(view.before))
    if view.answered:
        blocks.append(
            _("Your week is written. You can change it until {time}.").format(time=when(view.closes_at))
        )
    else:
        blocks.append(
            _("What would make this a good week? One commitment is enough. Open until {time}.").format(
                time=when(view.closes_at)
            )
        )
    return card(_title(_("Your week"), view.community_name), *blocks, actions=_actions(view))


def _outcome_blocks(commitments: tuple[CommitmentView, ...]) -> Iterator[str | ui.Item[Any]]:
    for number, one in enumerate(commitments, 1):
        yield f"{number}\\. {safe(one.text, SHOWN)}"
        yield select(
            _("How did it go?"),
            "checkin.outcome",
            one.id,
            options=[(_(label), value) for value, label in OUTCOMES.items()],
            chosen=[one.outcome] if one.outcome else [],
        )


def _actions(view: CheckinView) -> list[ui.Item[Any]]:
    label = _("Change my week") if view.answered else _("Plan my week")
    return [button(label, "checkin.plan", view.id, style="main"), _stop_button(view.member_id)]


def _stop_button(member_id: int) -> ui.Item[Any]:
    return button(_("Stop check-ins"), "checkin.stop", member_id)


def _title(title: str, community: str) -> str:
    return f"{title} · {safe(community, 100)}" if community else title


def week_card(view: CheckinView) -> ui.LayoutView:
    """Read a week back after it was written, with the date of the next one."""
    lines = [f"{number}\\. {safe(one.text, SHOWN)}" for number, one in enumerate(view.commitments, 1)]
    blocks = ["\n".join(lines)]
    if view.stuck and view.stuck != "nothing":
        blocks.append(_("In the way: {topic}").format(topic=_(TOPICS.get(view.stuck, view.stuck))))
    if view.win:
        blocks.append(_("A win: {win}").format(win=safe(view.win, SHOWN)))
    blocks.append(_("You can change this until {time}.").format(time=when(view.closes_at)))
    if view.next_at is not None:
        blocks.append(
            _("Next check-in: {time}. I will ask how these went.").format(time=when(view.next_at, "F"))
        )
    title = _("Your week, changed") if view.edited else _("Your week, noted")
    return card(_title(title, view.community_name), *blocks, actions=_actions(view), tone="good")


def plan_card(view: PlanView) -> ui.LayoutView:
    """Confirm the day and hour, and say when the next message comes."""
    if view.next_at is None:
        return stopped_card(view)
    every = _("Every {day} at {hour:02d}:00 in your time zone ({zone}).").format(
        day=_(DAYS[view.weekday]), hour=view.hour, zone=view.zone
    )
    first = _("Next check-in: {time}, by DM.").format(time=when(view.next_at, "F"))
    blocks = [every, first]
    if view.old_day_kept:
        blocks.append(_("This week keeps its old day, so that no week is lost. The new day begins after it."))
    blocks.append(_("`/checkin now` opens this week's at once."))
    title = _("Check-ins are on") if view.changed else _("Check-ins are on, just like this")
    return card(
        _title(title, view.community_name), *blocks, actions=[_stop_button(view.member_id)], tone="good"
    )


def stopped_card(view: PlanView) -> ui.LayoutView:
    """Say that no more check-ins will come."""
    said = (
        _("You will get no more check-ins. What you wrote is kept: `/checkin history`.")
        if view.changed
        else _("They were off already.")
    )
    back = _("Come back whenever you like with `/checkin start`.")
    return card(_title(_("Check-ins are off"), view.community_name), said, back)


def noted_card(commitment: CommitmentView, notice: str) -> ui.LayoutView:
    """Answer an outcome given on an old message."""
    return card(notice, safe(commitment.text, SHOWN), tone="good")


def outcome_notice(outcome: str, *, changed: bool) -> str:
    """Say what was noted, or that it was noted so before."""
    text = _("Noted: {outcome}.") if changed else _("Noted already: {outcome}.")
    return text.format(outcome=_(OUTCOMES[outcome]))


def history_card(view: HistoryView) -> ui.LayoutView:
    """Show the rhythm first, then the latest weeks."""
    title = _("Your check-ins")
    if not view.weeks:
        return card(title, _("Nothing here yet. `/checkin now` opens this week's check-in."))
    rhythm = ngettext(
        "**{written} of the last {of} week** written.",
        "**{written} of the last {of} weeks** written.",
        view.of,
    ).format(written=view.written, of=view.of)
    weeks = [
        "\n".join([_("Week of {date}").format(date=week.week), *map(_history_line, week.commitments)])
        for week in view.weeks
    ]
    return card(title, rhythm, *weeks)


def _history_line(one: CommitmentView) -> str:
    return f"{MARKS.get(one.outcome or '', '·')} {safe(one.text, SHOWN)}"


def week_fields(view: CheckinView, typed: Mapping[str, str | list[str]] | None) -> list[Field]:
    """The five fields of the form, filled with what was typed, written before, or carried over."""
    prefill = [*view.prefill(), "", "", ""]
    values: dict[str, str] = {
        "first": prefill[0],
        "second": prefill[1],
        "third": prefill[2],
        "stuck": view.stuck or "nothing",
        "win": view.win or "",
    }
    values.update({name: text for name, text in (typed or {}).items() if isinstance(text, str)})
    topics = [(_(label), value) for value, label in TOPICS.items()]
    return [
        text_field("first", _("This week I will …"), required=True, max=TEXT_MAX, value=values["first"]),
        text_field("second", _("… and"), required=False, max=TEXT_MAX, value=values["second"]),
        text_field("third", _("… and also"), required=False, max=TEXT_MAX, value=values["third"]),
        choice_field("stuck", _("What is in the way?"), topics, required=False, value=values["stuck"]),
        text_field("win", _("One win since last time"), required=False, max=TEXT_MAX, value=values["win"]),
    ]


def renderers(service: CheckinService) -> dict[str, Renderer]:
    """Render the messages that check-ins put into the outbox."""

    async def prompt(said: Said) -> Outgoing | None:
        view = await service.prompt(said.subject)
        return Outgoing(view=prompt_card(view)) if view else None

    async def welcome(said: Said) -> Outgoing | None:
        view = await service.welcome(said.subject)
        return Outgoing(view=plan_card(view)) if view else None

    return {"checkin.prompt": prompt, "checkin.welcome": welcome}
