"""The terms that counted for a match, as sentences for the one who reads the card; nothing is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.text import _
from bot.edge.kit import safe
from bot.intros.rules import comfort_rank
from bot.intros.scoring import Reason
from bot.intros.views import CardView
from bot.people.catalogue import Term, load_catalogue
from bot.people.niches import Niche
from bot.people.service import MemberView
from cogs.intros.words import REASONS

REASONS_SHOWN = 3
VALUES_SHOWN = 3


def why_lines(view: CardView) -> list[str]:
    """Two or three true reasons, the strongest first; an honest sentence where only chance spoke."""
    names = {member.id: safe(member.name, 40) for member in (view.me, *view.others)}
    niches = niche_names(view)
    lines = [line for reason in view.reasons if (line := _why(reason, view.me.id, names, niches)) is not None]
    if not lines:
        return [_("You have not much in common on paper yet, and that can be the best kind of meeting.")]
    return lines[:REASONS_SHOWN]


def niche_names(view: CardView) -> dict[str, str]:
    """Names of niches as this community gave them: some are its own, in no catalogue."""
    return {
        slug: name
        for member in (*view.others, view.me)
        for slug, name in zip(member.niches, member.niche_names, strict=True)
    }


def first_niche(view: CardView) -> str | None:
    """The niche that counted for the introduction, as it is called here; None where none did."""
    values = next((reason.values for reason in view.reasons if reason.name == "niche"), ())
    return _niches(values[:1], niche_names(view)) or None


def _niches(slugs: Sequence[str], names: Mapping[str, str]) -> str:
    """Niches under the names of this community, else of the catalogue, a few at most."""
    seeds = load_catalogue().niches
    known = [names.get(slug) or (seeds[slug].name if slug in seeds else slug) for slug in slugs]
    return ", ".join(safe(_(name), 40) for name in known[:VALUES_SHOWN])


def _why(reason: Reason, me: int, names: Mapping[int, str], niches: Mapping[str, str]) -> str | None:
    """One reason as a sentence; None for what is said elsewhere on the card."""
    if reason.name == "gets":
        return _exchange(reason, me, names)
    if reason.name == "senior":
        if reason.giver == me:
            return _("You are further along and know the road.")
        return _("{name} is further along and knows the road.").format(name=names.get(reason.giver or 0, ""))
    if reason.name not in REASONS:
        return None
    if reason.name == "niche":
        return _(REASONS["niche"]).format(values=_niches(reason.values, niches))
    return _(REASONS[reason.name]).format(values=named(reason.values, _table(reason.name)))


def _table(term: str) -> Mapping[str, Niche] | Mapping[str, Term]:
    """Where the names of a term's values stand."""
    words = load_catalogue()
    tables: dict[str, Mapping[str, Niche] | Mapping[str, Term]] = {
        "direction": words.directions,
        "stack": words.disciplines,
        "peer": words.stages,
        "background": words.work_modes,
    }
    return tables.get(term, {})


def _exchange(reason: Reason, me: int, names: Mapping[int, str]) -> str:
    """Who brings what to whom."""
    skills = named(reason.values, load_catalogue().skills)
    giver, taker = names.get(reason.giver or 0, ""), names.get(reason.taker or 0, "")
    if reason.giver == me:
        return _("You offer {skills}, which {taker} is looking for.").format(skills=skills, taker=taker)
    if reason.taker == me:
        return _("{giver} offers {skills}, which you are looking for.").format(giver=giver, skills=skills)
    return _("{giver} offers {skills}, which {taker} is looking for.").format(
        giver=giver, skills=skills, taker=taker
    )


def gives_lines(view: CardView) -> list[str]:
    """What each can give the other, from what they typed: met asks first, else what is on offer."""
    words = load_catalogue().skills
    lines = []
    for giver in (*view.others, view.me):
        takers = view.others if giver is view.me else (view.me,)
        wanted = {skill for taker in takers for skill in taker.asks}
        skills = [skill for skill in giver.offers if skill in wanted] or list(giver.offers)
        if not skills:
            continue
        if giver is view.me:
            lines.append(_("You can offer: {skills}").format(skills=named(skills, words)))
        else:
            text = _("{name} can offer: {skills}")
            lines.append(text.format(name=safe(giver.name, 40), skills=named(skills, words)))
    return lines


def difference(me: MemberView, other: MemberView) -> str | None:
    """One honest difference between two profiles; None where nothing known differs."""
    words = load_catalogue()
    name = safe(other.name, 40)
    pairs: list[tuple[str | None, str | None, Mapping[str, Niche] | Mapping[str, Term]]] = [
        (me.work_mode, other.work_mode, words.work_modes),
        (me.direction, other.direction, words.directions),
        (me.stage, other.stage, words.stages),
        (me.discipline, other.discipline, words.disciplines),
    ]
    for mine, theirs, table in pairs:
        if mine and theirs and mine != theirs:
            text = _("One difference: you said “{mine}”, {name} said “{theirs}”.")
            return text.format(mine=named([mine], table), theirs=named([theirs], table), name=name)
    if comfort_rank(me.comfort) != comfort_rank(other.comfort):
        return _("One difference: you like to meet in different ways, so the quieter way goes first.")
    if me.zone != other.zone:
        return _("One difference: you live by different clocks.")
    return None


def named(values: Sequence[str], table: Mapping[str, Niche] | Mapping[str, Term]) -> str:
    """Slugs as members read them, a few at most."""
    names = [_(table[value].name) if value in table else safe(value, 40) for value in values]
    return ", ".join(names[:VALUES_SHOWN])
