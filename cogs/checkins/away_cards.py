"""What members see of their days away."""

from __future__ import annotations

from datetime import date
from typing import Any

from discord import ui

from bot.checkins.views import AwayDays, AwayView
from bot.core.text import _
from bot.edge.kit import button, card, safe, when


def away_card(view: AwayView) -> ui.LayoutView:
    """Show the days away that are not over, each with the way to take it back, and the next check-in."""
    blocks = [_days(one) for one in view.days]
    if not blocks:
        blocks.append(
            _("You are here. `/checkin away until:12 May` tells me when you are not; `from:` sets the start.")
        )
    else:
        blocks.append(_("No check-in comes on these days, and they count neither way."))
    if view.next_at is not None:
        blocks.append(_("Next check-in: {time}, by DM.").format(time=when(view.next_at, "F")))
    else:
        blocks.append(_("Check-ins go on when you press *I am back*, here or under `/checkin away`."))
    name = f" · {safe(view.community_name, 100)}" if view.community_name else ""
    return card(_title(view) + name, *blocks, actions=_actions(view), tone="good")


def _title(view: AwayView) -> str:
    if view.now:
        return _("You are away")
    return _("Days away") if view.days else _("No days away")


def _days(one: AwayDays) -> str:
    if one.last is None:
        return _("From **{first}** until you come back").format(first=_day(one.first))
    if one.first == one.last:
        return f"**{_day(one.first)}**"
    return _("From **{first}** to **{last}**, both included").format(
        first=_day(one.first), last=_day(one.last)
    )


def _day(day: date) -> str:
    return day.isoformat()


def _actions(view: AwayView) -> list[ui.Item[Any]]:
    found: list[ui.Item[Any]] = []
    if view.now:
        found.append(button(_("I am back"), "checkin.back", view.member_id, style="main"))
    found += [
        button(_("Remove {day}").format(day=_day(one.first)), "checkin.here", one.id)
        for one in view.days
        if not (view.now and one is view.days[0])
    ]
    return [*found, button(_("Stop check-ins"), "checkin.stop", view.member_id)]
