"""What members see when they look through the board, and the gigs they saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge import kit
from bot.edge.kit import button, card, safe, when
from bot.gigs.browse import Page, Wish, mark_of
from bot.gigs.rules import PUBLIC_STATES
from bot.gigs.saved import SavedPage
from bot.gigs.service import GigView
from bot.people.catalogue import load_catalogue
from cogs.gigs.board_cards import where
from cogs.gigs.common import names, pay
from cogs.gigs.words import KINDS, STATES

ABOUT_MAX = 180
_PERS = ("hour", "day", "week", "month", "project")
_LEAST = re.compile(r"(\d{1,15})([A-Z]{3})(\d)")
_KINDS = tuple(KINDS)


def page(shown: Page) -> ui.LayoutView:
    """One page of live gigs, or that there is none like that."""
    title = _("Gigs in {community}").format(community=safe(shown.community_name, 100))
    asked = _asked(shown)
    if not shown.gigs:
        return card(title, asked, _nothing(shown), actions=_turning(shown))
    blocks = [_entry(gig, saved=gig.id in shown.saved) for gig in shown.gigs]
    return card(title, asked, *blocks, actions=_turning(shown))


def _nothing(shown: Page) -> str:
    if shown.further:
        return _("Nothing like that among the newest gigs. *Look further* goes on with older ones.")
    if shown.wish == Wish():
        return _("Nothing is open at the moment. `/gig alerts` tells you when something comes.")
    return _("Nothing like that is open. Leave something out, or let `/gig alerts` tell you when it comes.")


def _asked(shown: Page) -> str:
    """What was asked for, in words; nothing where nothing was."""
    wish, words = shown.wish, load_catalogue()
    rate = pay(wish.least, wish.least, wish.currency, wish.per) if wish.currency else ""
    parts = (
        _(KINDS[wish.kind]) if wish.kind else "",
        safe(shown.niche_name, 60),
        names(words.skills, (wish.skill,)) if wish.skill else "",
        _("at least {rate}").format(rate=rate) if rate else "",
        _("first-timers welcome") if wish.starter else "",
        f"“{safe(wish.text, 60)}”" if wish.text else "",
    )
    asked = " · ".join(filter(None, parts))
    return _("Looking for: {wish}").format(wish=asked) if asked else ""


def _entry(gig: GigView, *, saved: bool) -> ui.Section[Any]:
    """One gig in a few lines, with the button that keeps it."""
    off = button(_("Take it off"), "gig.unkeep", gig.id)
    if gig.state not in PUBLIC_STATES:
        gone = _("**A gig you saved was taken down**") + "\n-# " + _("The moderators took it off the board.")
        return ui.Section(ui.TextDisplay(gone), accessory=off)
    keep = off if saved else button(_("Save"), "gig.keep", gig.id)
    return ui.Section(ui.TextDisplay(_lines(gig)), accessory=keep)


def _lines(gig: GigView) -> str:
    facts = [_(KINDS[gig.kind]), safe(gig.budget, 120)]
    if gig.starter:
        facts.append(_("first-timers welcome"))
    subjects = [*(safe(name, 60) for name in gig.niche_names[:4])]
    if gig.skills:
        subjects.append(names(load_catalogue().skills, gig.skills[:4]))
    about = kit.shorten(" ".join(safe(gig.description, ABOUT_MAX).split()), ABOUT_MAX)
    end = (
        _("open until {until}").format(until=when(gig.expires_at, "D"))
        if gig.state == "live"
        else _(STATES[gig.state])
    )
    post = f" · {where(gig)}" if where(gig) else ""
    lines = (f"**{safe(gig.title, 120)}**", " · ".join(facts), ", ".join(subjects), about, f"-# {end}{post}")
    return "\n".join(filter(None, lines))


def _turning(shown: Page) -> list[ui.Item[Any]]:
    """The buttons to other pages; each carries what was asked for and where it goes on from."""
    found: list[ui.Item[Any]] = []
    if shown.newer is not None:
        found.append(button(_("Newer"), "gig.browse", *pack(shown.wish), "newer", shown.newer))
    if shown.older is not None:
        label = _("Look further") if shown.further else _("Older")
        found.append(button(label, "gig.browse", *pack(shown.wish), "older", shown.older, style="main"))
    return found


def pack(wish: Wish) -> tuple[str, ...]:
    """Write what was asked for so that it fits the id of a button; slugs become marks."""
    kind = str(_KINDS.index(wish.kind)) if wish.kind else "-"
    least = f"{wish.least}{wish.currency}{_PERS.index(wish.per)}" if wish.currency else ""
    return (kind + ("s" if wish.starter else ""), mark_of(wish.niche), mark_of(wish.skill), least, wish.text)


def unpack(args: Sequence[str]) -> tuple[Wish, str, str]:
    """Read what `pack` wrote, with marks for slugs, then the direction and the place; raises for the rest."""
    if len(args) != len(pack(Wish())) + 2:
        raise KithError("button_outdated")
    first, niche, skill, least, text, way, place = args
    kind, starter = first[:1], first[1:] == "s"
    rate = _LEAST.fullmatch(least) if least.isascii() else None
    if (least and rate is None) or (kind != "-" and kind not in map(str, range(len(_KINDS)))):
        raise KithError("button_outdated")
    if rate is not None and int(rate[3]) >= len(_PERS):
        raise KithError("button_outdated")
    amount = (int(rate[1]), rate[2], _PERS[int(rate[3])]) if rate else (0, "", "")
    named = _KINDS[int(kind)] if kind != "-" else ""
    return Wish(named, niche, skill, *amount, starter, text), way, place


def kept(gig: GigView, changed: bool) -> ui.LayoutView:
    """What a member sees after Save."""
    text = (
        _("“{title}” is on your list. Only you see it: /gig saved.")
        if changed
        else _("“{title}” was on your list already: /gig saved.")
    )
    drop = button(_("Take it off"), "gig.unkeep", gig.id)
    return card(_("Saved"), text.format(title=safe(gig.title)), actions=[drop], tone="good")


def dropped(gig: GigView, changed: bool) -> ui.LayoutView:
    """What a member sees after taking a gig off their list."""
    if gig.state not in PUBLIC_STATES:  # taken down: its words are not shown any more
        return card(_("Taken off"), _("It is no longer on your list."))
    text = (
        _("“{title}” is no longer on your list.")
        if changed
        else _("“{title}” was not on your list any more.")
    )
    again = [button(_("Save"), "gig.keep", gig.id)] if gig.state == "live" else []
    return card(_("Taken off"), text.format(title=safe(gig.title)), actions=again)


def saved(shown: SavedPage) -> ui.LayoutView:
    """The gigs a member saved; those that closed say so."""
    if not shown.gigs:
        return card(
            _("Saved gigs"), _("None yet. Press *Save* under a gig, or in `/gig browse`; only you see them.")
        )
    turning = [button(_("Older"), "gig.saved", shown.older)] if shown.older is not None else []
    return card(_("Saved gigs"), *(_entry(gig, saved=True) for gig in shown.gigs), actions=turning)
