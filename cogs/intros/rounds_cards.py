"""What members see of rounds: the notice, a round that does not take place, coming back, silence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, safe, select, when
from bot.intros.notice import HOLIDAY, NoticeView, SkippedView
from bot.intros.service import EnrolmentView, IntroService
from bot.people.service import MemberView
from cogs.intros import preview_cards
from cogs.intros.actions import staying_buttons

PAUSES = (1, 2, 4, 8)
"""Weeks that the menu of a pause offers; any other day with `/intro pause`."""


def notice_card(view: NoticeView) -> ui.LayoutView:
    """Tell of the round ahead, with the ways not to be in it."""
    if view.skips:
        return _skips_card(view)
    assert view.due_at is not None
    return card(
        _("Tomorrow: your next introduction · {community}").format(community=safe(view.community_name, 100)),
        _("I will introduce you to somebody {time} ({relative}).").format(
            time=when(view.due_at, "F"), relative=when(view.due_at, "R")
        ),
        _("Not this week? Skip it with one press; nobody is told."),
        actions=[
            button(_("Skip this one"), "round.skip", view.member_id, view.number),
            *_ways_out(view.member_id),
        ],
    )


def _skips_card(view: NoticeView) -> ui.LayoutView:
    following = view.following
    return card(
        _("You sit this one out · {community}").format(community=safe(view.community_name, 100)),
        _("Enjoy the break. Your next round: {time} ({relative}).").format(
            time=when(following, "F"), relative=when(following, "R")
        )
        if following
        else _("Enjoy the break. `/intro next` tells you when the next round is."),
        actions=[
            button(_("Take part after all"), "round.along", view.member_id, view.number, style="main"),
            *_ways_out(view.member_id),
        ],
    )


def back_in_card(view: NoticeView) -> ui.LayoutView:
    """Take part after all."""
    assert view.due_at is not None
    return card(
        _("You are in again · {community}").format(community=safe(view.community_name, 100)),
        _("Your next introduction: {time} ({relative}).").format(
            time=when(view.due_at, "F"), relative=when(view.due_at, "R")
        ),
        actions=[
            button(_("Skip this one"), "round.skip", view.member_id, view.number),
            *_ways_out(view.member_id),
        ],
        tone="good",
    )


def skipped_card(view: SkippedView) -> ui.LayoutView:
    """No round this time, why, and when the next one is."""
    why = (
        _("It is a day off here, so there is no round on {day}.").format(day=_day(view.day))
        if view.why == HOLIDAY and view.day is not None
        else _("This round did not go out. It has nothing to do with you, and your place is kept.")
    )
    return card(
        _("No introductions this week · {community}").format(community=safe(view.community_name, 100)),
        why,
        _next_line(view.next_at),
        actions=_ways_out(view.member_id),
    )


def resumed_card(view: EnrolmentView) -> ui.LayoutView:
    """A pause is over."""
    return card(
        _("Welcome back · {community}").format(community=safe(view.community_name, 100)),
        _("Your pause is over, so I will introduce you to people again."),
        _next_line(view.next_at),
        actions=_ways_out(view.member_id),
        tone="good",
    )


def silent_card(view: EnrolmentView) -> ui.LayoutView:
    """Ask whether introductions still suit a member."""
    return card(
        _("Do introductions still suit you? · {community}").format(community=safe(view.community_name, 100)),
        _(
            "The last three came at a time when you had other things to do. That is fine. "
            "I will introduce you to nobody until you tell me what you prefer; only you see this."
        ),
        actions=staying_buttons(view.member_id),
    )


def stayed_card(_me: MemberView) -> ui.LayoutView:
    """Going on."""
    return card(_("Good to have you"), _("You are in the next round again."), tone="good")


def pause_card(member_id: int) -> ui.LayoutView:
    """Ask for how long."""
    options = [(_("{n} weeks").format(n=n) if n > 1 else _("1 week"), str(n)) for n in PAUSES]
    return card(
        _("A pause"),
        _("I bring you back by myself. `/intro pause` takes any day you like."),
        actions=[select(_("For how long?"), "round.paused", member_id, options=options)],
    )


def paused_card(back_at: datetime) -> ui.LayoutView:
    """A pause was noted."""
    return card(
        _("Paused"),
        _("No introductions until {day}. Then I take you along again and tell you.").format(
            day=when(back_at, "D")
        ),
        tone="good",
    )


def _ways_out(member_id: int) -> list[ui.Item[Any]]:
    return [
        button(_("Pause"), "round.pause", member_id),
        button(_("Leave introductions"), "intro.leave", member_id),
    ]


def _next_line(next_at: datetime | None) -> str:
    if next_at is None:
        return _("The next round has no fixed time yet. I will write to you.")
    return _("Next round: {time} ({relative}).").format(time=when(next_at, "F"), relative=when(next_at, "R"))


def _day(day: date) -> str:
    return day.isoformat()


def _told(said: Said) -> tuple[str, date | None]:
    """Why a round does not take place, and the day: both stand in the message's key."""
    _kind, why, which, *_rest = said.key.split(":")
    return why, date.fromisoformat(which) if why == HOLIDAY else None


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""
    rounds = service.rounds

    async def notice(said: Said) -> Outgoing | None:
        number = int(said.key.split(":")[2])
        view = await rounds.notices.view(said.subject, number)
        return Outgoing(view=notice_card(view)) if view and view.due_at else None

    async def skipped(said: Said) -> Outgoing | None:
        view = await rounds.notices.skipped(said.subject, *_told(said))
        return Outgoing(view=skipped_card(view)) if view else None

    async def resumed(said: Said) -> Outgoing | None:
        view = await service.standing(said.subject)
        return Outgoing(view=resumed_card(view)) if view else None

    async def silent(said: Said) -> Outgoing | None:
        view = await service.standing(said.subject)
        asks = view is not None and await rounds.silence.waits(said.subject)
        return Outgoing(view=silent_card(view)) if view and asks else None

    found: dict[str, Renderer] = {
        "intro.notice": notice,
        "intro.skipped": skipped,
        "intro.resumed": resumed,
        "intro.silent": silent,
    }
    return found | preview_cards.renderers(service)
