"""What members see of profiles and zones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.text import N_, _, ngettext
from bot.edge.kit import Block, button, card, link, mention, safe, select, when
from bot.people.catalogue import Catalogue, Term
from bot.people.links import KINDS, shown
from bot.people.service import MemberView, ZoneSet
from bot.people.visibility import DEFAULTS, audience_of
from cogs.people.words import DAYS, LINKS, hours_words
from cogs.safety.cards import report_button

# The forms that `Edit` does not open: what the menu says, its hint, and the form with its state.
MORE: Mapping[str, tuple[str, str, str, str]] = {
    "business": (
        N_("Business skills"),
        N_("What you can help with and look for"),
        "profile.skills",
        "business",
    ),
    "technical": (
        N_("Technical skills"),
        N_("What you can help with and look for"),
        "profile.skills",
        "technical",
    ),
    "meet": (N_("How you like to meet"), N_("Languages, and when to reach you"), "profile.meet", "0"),
    "work": (N_("Your work now"), N_("Hours open, clients, open for work"), "profile.work", "0"),
    "links": (N_("Links"), N_("Portfolio, GitHub, LinkedIn, website"), "profile.links", "0"),
    "seen": (N_("Who sees what"), N_("For each part of your profile"), "profile.seen", "0"),
}

_AUDIENCES = {
    "members": N_("Everyone here sees"),
    "matches": N_("Only people I introduce you to see"),
    "nobody": N_("Only you see"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands above one's own profile: a title in place of the name, and a sentence or two."""

    title: str = ""
    lines: tuple[str, ...] = ()


def clock_words(at: datetime) -> str:
    """Write a local time as 'Sat 14:05'."""
    return f"{_(DAYS[at.weekday()])} {at:%H:%M}"


def _name(terms: Mapping[str, Term], slug: str | None) -> str:
    return _(terms[slug].name) if slug and slug in terms else ""


def _names(terms: Mapping[str, Term], slugs: Sequence[str]) -> str:
    return " · ".join(_name(terms, slug) for slug in slugs if slug in terms)


def _workload(view: MemberView) -> str:
    said = []
    if view.hours_open is not None:
        open_ = ngettext("about {n} hour a week open", "about {n} hours a week open", view.hours_open)
        said.append(open_.format(n=view.hours_open))
    if view.clients is not None:
        said.append(ngettext("{n} client", "{n} clients", view.clients).format(n=view.clients))
    return " · ".join(said)


def _open_words(view: MemberView, now: datetime) -> str:
    if view.open_until is None or not view.open_for_work(now):
        return ""
    return _("yes, until {day}").format(day=when(view.open_until, "D"))


def _links(view: MemberView) -> list[tuple[str, str]]:
    return sorted(view.links, key=lambda one: KINDS.index(one[0]))


def _facts(view: MemberView, words: Catalogue, now: datetime) -> dict[str, tuple[str, str]]:
    """Name and value of every part but those of the first two lines, in the order shown; "" for none."""
    local = clock_words(now.astimezone(ZoneInfo(view.zone))) if view.zone else ""
    addresses = " · ".join(safe(shown(kind, url), 100) for kind, url in _links(view))
    return {
        "niches": (_("Niches"), " · ".join(safe(_(name), 60) for name in view.niche_names)),
        "offers": (_("Offers"), _names(words.skills, view.offers)),
        "asks": (_("Looks for"), _names(words.skills, view.asks)),
        "direction": (_("Direction"), _name(words.directions, view.direction)),
        "work_mode": (_("Work"), _name(words.work_modes, view.work_mode)),
        "open_for_work": (_("Open for work"), _open_words(view, now)),
        "workload": (_("Time"), _workload(view)),
        "languages": (_("Speaks"), _names(words.languages, view.languages)),
        "comfort": (_("Likes to meet by"), _name(words.comforts, view.comfort)),
        "local_time": (_("Local time"), local),
        "contact_hours": (_("Best reached"), hours_words(view.contact_hours) if view.contact_hours else ""),
        "enjoys": (_("Enjoys"), _names(words.skills, view.enjoys)),
        "weak": (_("Finds hard"), _names(words.skills, view.weak)),
        "links": (_("Links"), addresses),
    }


def profile_lines(
    view: MemberView, words: Catalogue, now: datetime, parts: Collection[str] = tuple(DEFAULTS)
) -> list[str]:
    """Write these parts of a profile, one line each; what the member did not say is left out."""
    place = (
        _names(words.disciplines, view.disciplines) if "disciplines" in parts else "",
        _name(words.stages, view.stage) if "stage" in parts else "",
    )
    first = (
        safe(view.headline) if view.headline and "headline" in parts else "",
        " · ".join(filter(None, place)),
    )
    facts = _facts(view, words, now).items()
    return [
        *filter(None, first),
        *(f"**{name}** {value}" for part, (name, value) in facts if value and part in parts),
    ]


def profile_card(
    view: MemberView,
    words: Catalogue,
    now: datetime,
    *,
    mine: bool,
    listed: bool = False,
    notice: Notice | None = None,
    extra: Sequence[Block] = (),
) -> ui.LayoutView:
    """Show a profile; `extra` blocks of other features follow it.

    One's own tells who sees which part, whether others can find one (`listed`), and carries the ways to
    change it, under a `notice`. Another's shows what the view says, with Report.
    """
    if mine:
        return _own_card(view, words, now, listed, notice or Notice(), extra)
    lines = "\n".join([mention(view.person_id), *profile_lines(view, words, now)])
    actions = [*link_buttons(view), report_button("profile", view.id)]
    return card(safe(view.name, 100), lines, *extra, actions=actions)


def _own_card(
    view: MemberView,
    words: Catalogue,
    now: datetime,
    listed: bool,
    notice: Notice,
    extra: Sequence[Block],
) -> ui.LayoutView:
    blocks = ["\n".join(notice.lines)]
    if not view.has_profile:
        blocks.append(_("Your profile is still empty. A headline and two skills are a good start."))
    for audience, parts in _by_audience(view, listed=listed).items():
        if lines := profile_lines(view, words, now, parts):
            blocks.append("\n".join([f"-# {_(_AUDIENCES[audience])}", *lines]))
    blocks.append(f"-# {_listed_words(listed)}")
    return card(
        notice.title or safe(view.name, 100),
        *blocks,
        *extra,
        actions=own_actions(view, listed=listed),
        tone="good" if notice.title else "plain",
    )


def _by_audience(view: MemberView, *, listed: bool) -> dict[str, set[str]]:
    """Sort the parts by who sees them in truth: who cannot be found is seen by nobody but matches."""
    found: dict[str, set[str]] = {audience: set() for audience in _AUDIENCES}
    for part in DEFAULTS:
        audience = audience_of(view, part)
        found["matches" if audience == "members" and not listed else audience].add(part)
    return found


def _listed_words(listed: bool) -> str:
    if listed:
        return _("Members of this server can find you and open your profile.")
    return _(
        "Other members cannot find you; only people I introduce you to see your profile. "
        "*Let members find me* puts you into `/find` and lets members here open it."
    )


def own_actions(view: MemberView, *, listed: bool) -> list[ui.Item[Any]]:
    """Make the ways to change one's own profile, and its links to try."""
    found = (
        button(_("Hide me from /find"), "profile.list", "off")
        if listed
        else button(_("Let members find me"), "profile.list", "on")
    )
    choices = [(_(name), key, _(hint)) for key, (name, hint, *_form) in MORE.items()]
    unfinished = not view.niches or view.zone is None
    return [
        *([button(_("Go on"), "start.join", style="main")] if unfinished else []),
        button(_("Edit"), "form.open", "profile.edit", view.id, style="plain" if unfinished else "main"),
        found,
        select(_("Change something else"), "profile.more", options=choices),
        *link_buttons(view),
    ]


def link_buttons(view: MemberView) -> list[ui.Item[Any]]:
    """Make a button for each link; where it leads stands in the text."""
    return [link(_(LINKS[kind]), url) for kind, url in _links(view)]


def zone_card(chosen: ZoneSet) -> ui.LayoutView:
    """Confirm a zone by the time on the wall there."""
    said = _("It is {time} in {place} now. Every time I name is yours, also when the clocks change.")
    said = said.format(time=clock_words(chosen.local_now), place=safe(chosen.label, 100))
    return card(_("Your time zone"), said, tone="good")
