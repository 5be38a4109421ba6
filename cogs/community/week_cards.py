"""The week in numbers: as text, and as a picture beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

import discord
from discord import ui

from bot.community.rules import COUNTED_FROM
from bot.community.views import WeekView
from bot.core.text import _, ngettext
from bot.edge.kit import Block, card, safe, when

NAME = "week.png"
WIDTH, HEIGHT, MARGIN, TITLE_AT, BASE, TALL = 520, 260, 28, 42, 206, 130
PAPER, INK, QUIET, GOOD = "#1f2430", "#f2f4f8", "#8d97ab", "#4fb477"


def week_card(view: WeekView, *, pictured: bool = False) -> ui.LayoutView:
    """Show the numbers; they count people and say nothing about anybody."""
    blocks: list[Block] = ["\n".join(lines(view))]
    if pictured:
        shown = discord.MediaGalleryItem(f"attachment://{NAME}", description=alt_text(view))
        blocks.append(ui.MediaGallery(shown))
    return card(
        _("The week in numbers · {community}").format(community=safe(view.community.name, 100)),
        _("Up to {time}.").format(time=when(view.until, "f")),
        *blocks,
        _(
            "-# Answers are private; they are only counted, from {n} on, and in whole weeks. "
            "`/kith setup` turns this off."
        ).format(n=COUNTED_FROM),
    )


def lines(view: WeekView) -> Iterator[str]:
    """Every number as a line."""
    figures, off = view.figures, view.community.modules_off
    if "introductions" not in off:
        yield _("**{n}** take part in introductions").format(n=figures.enrolled)
        left = _(", {n} left out").format(n=figures.left_out) if figures.left_out else ""
        yield _("**{n}** were introduced this week").format(n=figures.introduced) + left
        yield _answers(view)
    if view.unreachable:
        said = _("**{n}** cannot be reached by DM; their messages wait in `/inbox`")
        yield said.format(n=view.unreachable)
    else:
        yield _("Everyone who asked for messages can be reached")
    if "gigs" not in off:
        yield _gigs(figures.gigs_waiting, figures.gigs_since)


def _answers(view: WeekView) -> str:
    figures = view.figures
    by = when(figures.answered_by or view.until, "D")
    if not view.counted:
        return _("How meetings went, week up to {by}: too few answers to count them").format(by=by)
    said = _("**{percent} %** of {answered} who answered met, **{not_yet}** have not yet (week up to {by})")
    return said.format(percent=view.met_percent, answered=figures.answered, not_yet=figures.not_yet, by=by)


def _gigs(waiting: int, since: datetime | None) -> str:
    if not waiting or since is None:
        return _("No gig waits for you")
    said = ngettext(
        "**{n}** gig waits for you, since {time}", "**{n}** gigs wait for you, the oldest {time}", waiting
    )
    return said.format(n=waiting, time=when(since, "R"))


def alt_text(view: WeekView) -> str:
    """Say in words what the picture shows."""
    shown = ", ".join(f"{at:%d %b}: {count}" for at, count in view.figures.past)
    return _("People introduced a week, up to {weeks}").format(weeks=shown)[:1000]


def week_svg(view: WeekView) -> str | None:
    """Draw how many were introduced in each of the last weeks; None while nobody was."""
    past = view.figures.past
    if "introductions" in view.community.modules_off or not any(count for _at, count in past):
        return None
    most = max(count for _at, count in past)
    step = (WIDTH - 2 * MARGIN) // len(past)
    bars = "".join(_bar(MARGIN + place * step, step, one, most) for place, one in enumerate(past))
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" rx="12" fill="{PAPER}"/>',
            _text(_("People introduced, by week"), MARGIN, TITLE_AT, 18, INK, "start"),
            bars,
            "</svg>",
        ]
    )


def _bar(left: int, step: int, one: Sequence[object], most: int) -> str:
    """One week: a bar with its number above and its end below."""
    at, count = one
    assert isinstance(at, datetime)
    assert isinstance(count, int)
    tall = max(2, round(TALL * count / most))
    middle = left + step // 2
    return "".join(
        [
            f'<rect x="{left + 6}" y="{BASE - tall}" width="{step - 12}" height="{tall}" rx="4" ',
            f'fill="{GOOD}"/>',
            _text(str(count), middle, BASE - tall - 6, 14, INK, "middle"),
            _text(f"{at:%d %b}", middle, BASE + 22, 12, QUIET, "middle"),
        ]
    )


def _text(words: str, left: int, base: int, size: int, colour: str, anchor: str) -> str:
    look = f'font-family="Manrope" font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{left}" y="{base}" {look}>{escape(words)}</text>'
