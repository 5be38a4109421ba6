"""What members see of check-ins: the weekly message, the forms, the week read back, the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from discord import ui

from bot.checkins.dated import Dated
from bot.checkins.rules import NOT_STUCK, STUCK_LIMIT, TEXT_LIMIT
from bot.checkins.service import CheckinService, CheckinView, CommitmentView, PlanView
from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.forms import Field, choice_field, text_field
from bot.edge.kit import Outgoing, button, card, safe, select, when
from cogs.checkins.dated_cards import agreed_lines, time_line
from cogs.checkins.words import KINDS, OLD_TOPICS, OUTCOMES, TOPICS
from cogs.days import DAYS

SHOWN, STUCK_SHOWN = 300, 450
"""Room for one line on a card: the characters typed and what escaping them adds."""


def prompt_card(
    view: CheckinView, notice: str = "", agreed: Sequence[tuple[datetime, str]] = ()
) -> ui.LayoutView:
    """Ask for the week: last week's commitments with their outcomes, then the way to the form.

    `agreed` are the moments of the coming week that the member agreed on with others, by name.
    """
    blocks: list[str | ui.Item[Any]] = [notice, *_since(view), "\n".join(agreed_lines(agreed))]
    if view.before:
        blocks.append(_("**Last time you set out to do this.** How did it go? Every answer is fine."))
        blocks.extend(_outcome_blocks(view.before))
    blocks.append(_invitation(view))
    return card(_title(_("Your week"), view.community_name), *blocks, actions=_actions(view))


def _since(view: CheckinView) -> Iterator[str]:
    """What happened since the last check-in, said kindly."""
    if view.after_gap:
        yield _("Your last check-in did not go out. That was not your doing, and nothing counts against you.")
    if view.after_away:
        yield _("Welcome back. The days away do not count.")
    if view.froze is not None:
        left = (
            ngettext("{n} more is kept for you.", "{n} more are kept for you.", view.froze)
            if view.froze
            else _("Four written weeks in a row earn the next.")
        )
        yield (
            _("Last time went by without a check-in, and a freeze kept your streak.")
            + " "
            + left.format(n=view.froze)
        )


def _invitation(view: CheckinView) -> str:
    """What can be done, and until when."""
    until = when(view.writable_until)
    if view.answered:
        return _("Your week is written. You can change it until {time}.").format(time=until)
    if view.passed:
        return _("You skipped this week. If you think again: it can be written until {time}.").format(
            time=until
        )
    if view.late:
        return _(
            "This check-in has closed, and that is fine. You can still catch up with it until {time}."
        ).format(time=until)
    return _("What would make this a good week? One commitment is enough. Open until {time}.").format(
        time=when(view.closes_at)
    )


def remind_card(view: CheckinView) -> ui.LayoutView:
    """Mention an open week once more, without any pressure."""
    return card(
        _title(_("Still time for your week"), view.community_name),
        _("Your check-in is open until {time}. One commitment takes a minute.").format(
            time=when(view.closes_at)
        ),
        _("Not this week? Skip it, and that is fine. I say this once."),
        actions=[*_plan_buttons(view), stop_button(view.member_id)],
    )


def skipped_card(view: CheckinView) -> ui.LayoutView:
    """Say that the week is let go, and when the next one comes."""
    blocks = [_("No check-in this time, and that is fine. Thank you for saying so.")]
    if view.next_at is not None:
        blocks.append(_("Next check-in: {time}.").format(time=when(view.next_at, "F")))
    blocks.append(
        _("If you think again, you can write it until {time}.").format(time=when(view.writable_until))
    )
    plan = button(_("Plan my week"), "checkin.plan", view.id)
    return card(
        _title(_("Skipped this week"), view.community_name),
        *blocks,
        actions=[plan, stop_button(view.member_id)],
        tone="good",
    )


def _outcome_blocks(commitments: tuple[CommitmentView, ...]) -> Iterator[str | ui.Item[Any]]:
    for number, one in enumerate(commitments, 1):
        yield _line(number, one)
        yield select(
            _("How did it go?"),
            "checkin.outcome",
            one.id,
            options=[(_(label), value) for value, label in OUTCOMES.items()],
            chosen=[one.outcome] if one.outcome else [],
        )


def _line(number: int, one: CommitmentView) -> str:
    """A commitment, and when it is meant to happen where that was said."""
    text = f"{number}\\. {safe(one.text, SHOWN)}"
    return text if one.due_at is None else f"{text} · {time_line(one.due_at)}"


def _actions(view: CheckinView) -> list[ui.Item[Any]]:
    found = _plan_buttons(view)
    if any(one.outcome != "done" for one in view.before):
        found.insert(1, button(_("All done"), "checkin.alldone", view.id))
    if view.ahead:
        found.append(button(_("Open this week instead"), "checkin.ahead", view.member_id))
    return [*found, stop_button(view.member_id)]


def _plan_buttons(view: CheckinView) -> list[ui.Item[Any]]:
    label = _("Change my week") if view.answered else _("Plan my week")
    found: list[ui.Item[Any]] = [button(label, "checkin.plan", view.id, style="main")]
    if not view.answered and not view.passed:
        found.append(button(_("Skip this week"), "checkin.skip", view.id))
    return found


def stop_button(member_id: int) -> ui.Item[Any]:
    """The way out, on every message."""
    return button(_("Stop check-ins"), "checkin.stop", member_id)


def _title(title: str, community: str) -> str:
    return f"{title} · {safe(community, 100)}" if community else title


def topic_name(slug: str) -> str:
    """Name a topic, also one that is no longer offered."""
    return _(TOPICS.get(slug) or OLD_TOPICS.get(slug) or slug)


def week_card(view: CheckinView, extras: Sequence[ui.Item[Any]] = ()) -> ui.LayoutView:
    """Read a week back after it was written, with the kind of each commitment and the date of the next one.

    `extras` are actions of others about a written week.
    """
    blocks: list[str | ui.Item[Any]] = []
    for number, one in enumerate(view.commitments, 1):
        blocks += [_line(number, one), _kind_menu(one)]
    stuck = bool(view.stuck) and view.stuck != NOT_STUCK
    if view.stuck and stuck:
        blocks.append(_("In the way: {topic}").format(topic=topic_name(view.stuck)))
    if stuck and view.stuck_words:
        blocks.append("> " + safe(view.stuck_words, STUCK_SHOWN))
    if view.win:
        blocks.append(_("A win: {win}").format(win=safe(view.win, SHOWN)))
    blocks.append(_("You can change this until {time}.").format(time=when(view.writable_until)))
    if view.next_at is not None:
        blocks.append(
            _("Next check-in: {time}. I will ask how these went.").format(time=when(view.next_at, "F"))
        )
    more = [button(_("Say more about what is stuck"), "checkin.stuck", view.id)] if stuck else []
    actions = [*_plan_buttons(view), *more, *extras, stop_button(view.member_id)]
    return card(_title(_week_title(view), view.community_name), *blocks, actions=actions, tone="good")


def _week_title(view: CheckinView) -> str:
    if view.same:
        return _("Your week, noted already just like this")
    return _("Your week, changed") if view.edited else _("Your week, noted")


def _kind_menu(one: CommitmentView) -> ui.Item[Any]:
    return select(
        _("What kind is it?"),
        "checkin.kind",
        one.id,
        options=[(_(label), value) for value, label in KINDS.items()],
        chosen=[one.kind] if one.kind else [],
    )


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
    blocks.append(
        _("`/checkin now` opens this week's at once; `/checkin away` tells me when you are not here.")
    )
    title = _("Check-ins are on") if view.changed else _("Check-ins are on, just like this")
    return card(
        _title(title, view.community_name), *blocks, actions=[stop_button(view.member_id)], tone="good"
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


def week_fields(view: CheckinView, typed: Mapping[str, str | list[str]] | None) -> list[Field]:
    """The five fields of the form, filled with what was typed, written before, or carried over."""
    prefill = [*view.prefill(), "", "", ""]
    values: dict[str, str] = {
        "first": prefill[0],
        "second": prefill[1],
        "third": prefill[2],
        "stuck": view.stuck or NOT_STUCK,
        "win": view.win or "",
    }
    values.update({name: text for name, text in (typed or {}).items() if isinstance(text, str)})
    topics = [(_(label), value) for value, label in TOPICS.items()]
    return [
        text_field("first", _("This week I will …"), required=True, max=TEXT_LIMIT, value=values["first"]),
        text_field("second", _("… and"), required=False, max=TEXT_LIMIT, value=values["second"]),
        text_field("third", _("… and also"), required=False, max=TEXT_LIMIT, value=values["third"]),
        choice_field("stuck", _("What is in the way?"), topics, required=False, value=values["stuck"]),
        text_field("win", _("One win since last time"), required=False, max=TEXT_LIMIT, value=values["win"]),
    ]


def stuck_fields(view: CheckinView, typed: Mapping[str, str | list[str]] | None) -> list[Field]:
    """One field for what is stuck, in the member's own words."""
    value = (typed or {}).get("words", view.stuck_words or "")
    return [
        text_field(
            "words", _("What is stuck?"), required=False, max=STUCK_LIMIT, value=value, long=True,
            description=_("Only you see this, unless you choose to share it."),
        )
    ]  # fmt: skip


def skip_fields(typed: Mapping[str, str | list[str]] | None) -> list[Field]:
    """One field for a reason, which nobody has to give."""
    return [
        text_field(
            "reason", _("A reason, if you like"), required=False, max=TEXT_LIMIT,
            value=(typed or {}).get("reason", ""), description=_("For yourself; nobody else sees it."),
        )
    ]  # fmt: skip


def renderers(service: CheckinService, dated: Dated | None = None) -> dict[str, Renderer]:
    """Render the messages that check-ins put into the outbox; `dated` knows what was agreed with others."""

    async def prompt(said: Said) -> Outgoing | None:
        view = await service.prompt(said.subject)
        if view is None:
            return None
        agreed = await dated.agreed(view.member_id) if dated else ()
        return Outgoing(view=prompt_card(view, agreed=agreed))

    async def remind(said: Said) -> Outgoing | None:
        view = await service.prompt(said.subject)
        return Outgoing(view=remind_card(view)) if view else None

    async def welcome(said: Said) -> Outgoing | None:
        view = await service.welcome(said.subject)
        return Outgoing(view=plan_card(view)) if view else None

    return {"checkin.prompt": prompt, "checkin.remind": remind, "checkin.welcome": welcome}
