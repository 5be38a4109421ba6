"""What members see when they look back: the rhythm first, then each week with what was written in it."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.checkins.rhythm import EARNED_EVERY, FREEZES_MAX
from bot.checkins.service import CommitmentView, HistoryView, WeekView
from bot.core.text import _, ngettext
from bot.edge.kit import button, card, safe
from cogs.checkins.pictures import NAME, weeks_svg
from cogs.checkins.words import BARS, MARKS, STATES

A_PAGE = 4
SHOWN = 180
ALT_MAX = 1000


def history_card(view: HistoryView, page: int = 0, *, pictured: bool = False) -> ui.LayoutView:
    """Show the rhythm, the weeks as a picture or as bars, and a page of them with their words."""
    title = _("Your check-ins") + (f" · {safe(view.community_name, 100)}" if view.community_name else "")
    if not view.weeks:
        return card(title, _("Nothing here yet. `/checkin now` opens this week's check-in."))
    pages = -(-len(view.weeks) // A_PAGE)
    page = max(0, min(page, pages - 1))
    shown = view.weeks[page * A_PAGE : (page + 1) * A_PAGE]
    blocks: list[str | ui.Item[Any]] = [rhythm_words(view)]
    if pictured:
        picture = discord.MediaGalleryItem(f"attachment://{NAME}", description=alt_text(view))
        blocks.append(ui.MediaGallery(picture))
    else:
        blocks.append(bars(view))
    blocks += [_week_words(week) for week in shown]
    blocks.append(_rules())
    return card(title, *blocks, actions=_pager(view.member_id, page, pages))


def _pager(member_id: int, page: int, pages: int) -> list[ui.Item[Any]]:
    found: list[ui.Item[Any]] = []
    if page > 0:
        found.append(button(_("Newer weeks"), "checkin.history", member_id, page - 1))
    if page + 1 < pages:
        found.append(button(_("Older weeks"), "checkin.history", member_id, page + 1))
    return found


def rhythm_words(view: HistoryView) -> str:
    """The numbers: how many of the latest weeks first, then the streak, then the best there ever was."""
    found = view.rhythm
    lines = [_of_the_last(view)]
    runs = []  # a run of nothing is not held up to anybody
    if found.streak:
        runs.append(ngettext("Streak: {n} week.", "Streak: {n} weeks.", found.streak).format(n=found.streak))
    if found.best:
        runs.append(
            ngettext("Best ever: {n} week.", "Best ever: {n} weeks.", found.best).format(n=found.best)
        )
    if runs:
        lines.append(" ".join(runs))
    if found.freezes:
        lines.append(
            ngettext("{n} freeze kept for you.", "{n} freezes kept for you.", found.freezes).format(
                n=found.freezes
            )
        )
    return "\n".join(lines)


def _of_the_last(view: HistoryView) -> str:
    if not view.rhythm.of:
        return _("**Your first week is still open.**")
    return ngettext(
        "**{written} of the last {of} week** written.",
        "**{written} of the last {of} weeks** written.",
        view.rhythm.of,
    ).format(written=view.rhythm.kept, of=view.rhythm.of)


def bars(view: HistoryView) -> str:
    """The latest weeks as bars, oldest first, with what each height means."""
    line = "".join(BARS[week.state] for week in reversed(view.weeks))
    return line + "\n-# " + " · ".join(f"{BARS[state]} {word}" for state, word in _legend(view.weeks))


def _legend(weeks: tuple[WeekView, ...]) -> list[tuple[str, str]]:
    """The states that occur, in a fixed order, with their words."""
    there = {week.state for week in weeks}
    return [(state, _(word)) for state, word in STATES.items() if state in there]


def alt_text(view: HistoryView) -> str:
    """Say in words what the picture shows."""
    counts = [
        f"{sum(week.state == state for week in view.year)} × {word}" for state, word in _legend(view.year)
    ]
    weeks = ngettext("{n} week, oldest first", "{n} weeks, oldest first", len(view.year))
    said = weeks.format(n=len(view.year)) + ": " + ", ".join(counts) + ". "
    return (said + rhythm_words(view).replace("*", "").replace("\n", " "))[:ALT_MAX]


def picture_of(view: HistoryView) -> str | None:
    """The picture as SVG; None while there is nothing to see."""
    if not view.year:
        return None
    title = _of_the_last(view).replace("*", "")
    return weeks_svg(title, [week.state for week in reversed(view.year)], _legend(view.year))


def _rules() -> str:
    return "-# " + _(
        "Weeks away, and weeks in which I could not ask, do not count. {weeks} written weeks in a row earn a "
        "freeze, {most} at most; it is used by itself when you miss one."
    ).format(weeks=EARNED_EVERY, most=FREEZES_MAX)


def _week_words(week: WeekView) -> str:
    head = _("**Week of {date}** · {state}").format(date=week.week, state=_(STATES[week.state]))
    lines = [head, *map(_line, week.commitments)]
    if week.win:
        lines.append(_("A win: {win}").format(win=safe(week.win, SHOWN)))
    return "\n".join(lines)


def _line(one: CommitmentView) -> str:
    return f"{MARKS.get(one.outcome or '', '·')} {safe(one.text, SHOWN)}"
