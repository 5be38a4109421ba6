"""What a member sees of their own place in the introductions: joined, paused, what comes next, history."""

from __future__ import annotations

from datetime import datetime

from discord import ui

from bot.core.text import _, ngettext
from bot.edge.kit import button, card, safe, when
from bot.intros.service import EnrolmentView, HistoryView, PastView, PauseView, StandingView
from cogs.intros.actions import leave_button, names_of, staying_buttons
from cogs.intros.words import OUTCOME_NAMES

THREE = 2  # others: together with the member who reads it they are three


def joined_card(view: StandingView, *, changed: bool) -> ui.LayoutView:
    """The answer to `/intro join`."""
    return card(
        _("You are in") if changed else _("You are in already"),
        when_line(view.enrolment),
        _company(view),
        _wishes(view),
        actions=[leave_button(view.enrolment.member_id)],
        tone="good",
    )


def next_card(view: StandingView) -> ui.LayoutView:
    """The answer to `/intro next`."""
    own = view.enrolment
    if view.paused_until is not None:
        return card(
            _("Your introductions pause"),
            _back_line(view.paused_until),
            _("`/intro join` takes you along again sooner."),
            actions=[leave_button(own.member_id)],
        )
    if not own.enrolled:
        join = _("`/intro join` takes you along, whenever you like.")
        return card(_("You are not taking part right now"), when_line(own), join)
    if view.asked:
        return card(
            _("Do introductions still suit you?"),
            _("The last three came at a bad time, so I introduce you to nobody until you tell me."),
            actions=staying_buttons(own.member_id),
        )
    first = _("Nobody was left for you last time, so you have the first place now.") if own.waited else ""
    skipping = _("You sit this one out; the one after it takes you along again.") if view.skipping else ""
    return card(
        _("Your next introduction"),
        when_line(own),
        skipping or first,
        _company(view),
        _wishes(view),
        actions=[leave_button(own.member_id)],
    )


def paused_card(view: PauseView) -> ui.LayoutView:
    """The answer to `/intro pause`."""
    return card(
        _("Paused · {community}").format(community=safe(view.community_name, 100)),
        _back_line(view.until),
        _("`/intro join` takes you along again sooner. What was agreed already stays agreed."),
        actions=[leave_button(view.member_id)],
        tone="good",
    )


def history_card(view: HistoryView) -> ui.LayoutView:
    """Whom Kith introduced this member to, ten to a page."""
    if not view.past:
        return card(_("Your introductions"), _("None yet. `/intro next` tells you when the next round is."))
    lines = "\n".join(_past_line(one) for one in view.past)
    turns = []
    if view.page > 1:
        turns.append(button(_("Later ones"), "intro.past", view.member_id, view.page - 1))
    if view.page < view.pages:
        turns.append(button(_("Earlier ones"), "intro.past", view.member_id, view.page + 1))
    page = _("Page {page} of {pages}").format(page=view.page, pages=view.pages) if view.pages > 1 else ""
    return card(_("Your introductions"), lines, page, actions=turns)


def _past_line(one: PastView) -> str:
    """One introduction; an answer that is nobody else's business stays short here too."""
    if one.outcome == "not_a_fit":
        outcome = _("noted privately")
    else:
        outcome = _(OUTCOME_NAMES[one.outcome]) if one.outcome in OUTCOME_NAMES else _("no answer yet")
    names = names_of(one.others) or _("someone who is no longer here")
    return f"- {names} · {when(one.created_at, 'D')} · {outcome}"


def when_line(view: EnrolmentView) -> str:
    """When the next round is, or why there is none."""
    if not view.started:
        return _("Introductions have not started here yet. A moderator starts them; your place is kept.")
    if view.paused:
        return _("Kith is paused here at the moment. Your place is kept.")
    return next_line(view.next_at)


def next_line(next_at: datetime | None) -> str:
    """When the next round is."""
    if next_at is None:
        return _("The next round has no fixed time yet. I will write to you.")
    return _("Next round: {time} ({relative}).").format(time=when(next_at, "F"), relative=when(next_at, "R"))


def _back_line(until: datetime) -> str:
    """When a pause is over; nothing has to be done for it."""
    return _("I bring you back on {day}. There is nothing else to do.").format(day=when(until, "D"))


def _company(view: StandingView) -> str:
    """How many others take part, and whether there is a new face; the truth is friendlier than a promise."""
    others = view.enrolment.others
    if others == 0:
        return _("You are the first. Bring someone along, or stay and I will tell you when there is company.")
    if view.unmet == 0:
        return _("You know everyone who takes part: the next new face comes when someone joins.")
    if others == 1:
        return _("There are two of you so far, so it will be the two of you.")
    if others == THREE:
        return _("There are three of you so far; whoever is left over has the first place next time.")
    return ngettext("{n} other person takes part.", "{n} others take part.", others).format(n=others)


def _wishes(view: StandingView) -> str:
    """What they said they are glad to do beyond their own introduction."""
    lines = []
    if view.extra:
        lines.append(_("You are glad to meet one more when somebody joins late or is left over. Thank you."))
    if view.seats:
        lines.append(
            ngettext(
                "You take a seat at up to {n} roundtable a month: a small group that asks what you know.",
                "You take a seat at up to {n} roundtables a month: small groups that ask what you know.",
                view.seats,
            ).format(n=view.seats)
        )
    return "\n".join(lines)
