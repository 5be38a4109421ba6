"""What members see of profiles, niches and zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, mention, safe, select
from bot.people.catalogue import Catalogue, Term
from bot.people.service import MemberView, NicheChange, NicheCount, ZoneSet
from cogs.people.words import AXES, DAYS


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
    niches = " · ".join(_(words.niches[slug].name) for slug in view.niches if slug in words.niches)
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


def niche_card(change: NicheChange, words: Catalogue, *, joined: bool) -> ui.LayoutView:
    """Confirm joining or leaving a niche, and say when nothing changed."""
    name = _(words.niches[change.slug].name)
    if joined:
        said = _("You are in *{niche}*.") if change.changed else _("You were in *{niche}* already.")
    else:
        said = _("You left *{niche}*.") if change.changed else _("You were not in *{niche}*.")
    mine = " · ".join(_(words.niches[slug].name) for slug in change.niches if slug in words.niches)
    return card(
        _("Niches"),
        said.format(niche=name) + " " + _("Members in it here: {count}.").format(count=change.members),
        _("**Yours** {niches}").format(niches=mine) if mine else _("You are in no niche now."),
        actions=[button(_("Browse"), "niche.browse")],
        tone="good" if change.changed else "plain",
    )


def browse_card(counts: Sequence[NicheCount], words: Catalogue) -> ui.LayoutView:
    """Show every niche by axis, the largest first, and a menu of the top ones to join."""
    blocks = []
    for axis, heading in AXES.items():
        of_axis = [count for count in counts if words.niches[count.slug].axis == axis]
        named = " · ".join(_niche_words(count, words) for count in of_axis)
        blocks.append(f"**{_(heading)}**\n{named}")
    options = [
        (_(words.niches[c.slug].name), c.slug, _("members: {count}").format(count=c.members))
        for c in counts
        if not c.mine
    ]
    menu = [select(_("Join a niche"), "niche.join", options=options[:25])] if options else []
    hint = _("✔ marks yours. `/niche join` finds any of them, also when it is mistyped.")
    return card(_("Niches here"), *blocks, hint, actions=menu)


def _niche_words(count: NicheCount, words: Catalogue) -> str:
    name = _(words.niches[count.slug].name)
    size = f" ({count.members})" if count.members else ""
    return f"✔ **{name}**{size}" if count.mine else name + size
