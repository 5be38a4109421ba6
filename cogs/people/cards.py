"""What members see of profiles, niches and zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, mention, safe
from bot.people.catalogue import Catalogue, Term
from bot.people.service import MemberView, ZoneSet
from cogs.people.words import DAYS


def clock_words(at: datetime) -> str:
    """Write a local time as 'Sat 14:05'."""
    return f"{_(DAYS[at.weekday()])} {at:%H:%M}"


def _name(terms: Mapping[str, Term], slug: str | None) -> str:
    return _(terms[slug].name) if slug and slug in terms else ""


def _names(terms: Mapping[str, Term], slugs: Sequence[str]) -> str:
    return " · ".join(_name(terms, slug) for slug in slugs if slug in terms)


def _place(view: MemberView, words: Catalogue) -> str:
    both = (_name(words.disciplines, view.discipline), _name(words.stages, view.stage))
    return " · ".join(filter(None, both))


def _facts(view: MemberView, words: Catalogue, now: datetime) -> list[str]:
    niches = " · ".join(safe(_(name), 60) for name in view.niche_names)
    local = clock_words(now.astimezone(ZoneInfo(view.zone))) if view.zone else ""
    rows = (
        (_("Niches"), niches),
        (_("Offers"), _names(words.skills, view.offers)),
        (_("Looks for"), _names(words.skills, view.asks)),
        (_("Direction"), _name(words.directions, view.direction)),
        (_("Work"), _name(words.work_modes, view.work_mode)),
        (_("Likes to meet by"), _name(words.comforts, view.comfort)),
        (_("Local time"), local),
    )
    return [f"**{label}** {value}" for label, value in rows if value]


def profile_card(view: MemberView, words: Catalogue, now: datetime, *, mine: bool) -> ui.LayoutView:
    """Show a profile; one's own carries the ways to change it."""
    place = _place(view, words)
    headline = safe(view.headline) if view.headline else ""
    intro = "\n".join(filter(None, ("" if mine else mention(view.person_id), headline, place)))
    facts = "\n".join(_facts(view, words, now))
    if not mine:
        return card(safe(view.name, 100), intro, facts)
    hints = []
    if not view.has_profile:
        hints.append(_("Your profile is still empty. A headline and two skills are a good start."))
    if not view.niches:
        hints.append(_("`/niche join` finds the people who share your subject."))
    if view.zone is None:
        hints.append(_("`/profile timezone` tells me your city, so that times are yours."))
    return card(safe(view.name, 100), intro, facts, "\n".join(hints), actions=edit_buttons(view))


def edit_buttons(view: MemberView) -> list[ui.Item[Any]]:
    """Make the two buttons that open the two halves of the profile form."""
    return [
        button(_("Edit"), "form.open", "profile.edit", view.id, style="main"),
        button(_("More about you"), "form.open", "profile.more", view.id),
    ]


def saved_card(view: MemberView, words: Catalogue, now: datetime) -> ui.LayoutView:
    """Confirm a change by showing the profile as others see it."""
    facts = "\n".join(_facts(view, words, now))
    headline = safe(view.headline) if view.headline else ""
    place = _place(view, words)
    return card(_("Saved"), headline, place, facts, actions=edit_buttons(view), tone="good")


def zone_card(chosen: ZoneSet) -> ui.LayoutView:
    """Confirm a zone by the time on the wall there."""
    said = _("It is {time} in {place} now. Every time I name is yours, also when the clocks change.")
    return card(
        _("Your time zone"), said.format(time=clock_words(chosen.local_now), place=chosen.label), tone="good"
    )
