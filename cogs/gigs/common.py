"""What several cards of the gig board share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from discord import ui

from bot.core.text import _
from bot.edge import kit
from bot.edge.kit import mention, safe
from bot.edge.numbers import number_in
from bot.gigs.screening import Finding
from bot.gigs.service import GigView, InterestView
from bot.people.catalogue import Term, load_catalogue
from bot.people.views import MemberView
from cogs.gigs.words import KINDS, PAY
from cogs.safety.cards import report_button, report_person_button


def body(gig: GigView) -> tuple[str, ...]:
    """The gig in paragraphs: title, work, facts, what readers should know, poster."""
    paid = pay(gig.low, gig.high, gig.currency, gig.per) if gig.currency else ""
    facts = [f"{_(KINDS[gig.kind])} · {safe(gig.budget, 200)}" + (f" ({paid})" if paid else "")]
    facts += [safe(gig.terms, 200)] if gig.terms else []
    facts += [f"{name}: {text}" for name, text in details(gig)]
    worth = finding_lines(gig.findings, quotes=False, limit=500)
    poster = _("Posted by {name} ({mention})").format(
        name=safe(gig.name, 100), mention=mention(gig.person_id)
    )
    return (
        f"**{safe(gig.title, 150)}**",
        safe(gig.description, 1500),
        kit.shorten("\n".join(facts), 700),
        _("**Worth knowing**") + "\n" + worth if worth else "",
        poster,
    )


def pay(low: int, high: int, currency: str, per: str) -> str:
    """A budget as it was understood, in words: "80–120 EUR per hour"."""
    ends = amount(low) if low == high else f"{amount(low)}–{amount(high)}"
    return _(PAY[per]).format(amount=f"{ends} {currency}")


def amount(hundredths: int) -> str:
    """An amount of money, with a point only where there is something behind it."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}" + (f".{rest:02}" if rest else "")


def details(gig: GigView) -> list[tuple[str, str]]:
    """What was added to a gig beside its words: what it is called, and what it says."""
    skills = names(load_catalogue().skills, gig.skills)
    time = " · ".join(safe(part, 120) for part in (gig.hours, gig.length) if part)
    starter = _("Yes: no long record needed") if gig.starter else ""
    found = (
        (_("Skills"), kit.shorten(skills, 300)),
        (_("Hours a week, and how long"), time),
        (_("How to apply"), safe(gig.apply, 600)),
        (_("For first-timers"), starter),
    )
    return [(name, text) for name, text in found if text]


def finding_lines(findings: Sequence[Finding], quotes: bool = True, limit: int = 1500) -> str:
    """Findings as sentences, with the words that caused them."""
    lines = []
    for finding in findings:
        quote = f" (“{safe(finding.quote, 120)}”)" if quotes and finding.quote else ""
        lines.append(f"- {_(finding.sentence)}{quote}")
    return kit.shorten("\n".join(lines), limit)


def profile(member: MemberView) -> str:
    """Who is interested, in words: name, headline, what they do, where they stand, what they offer."""
    words = load_catalogue()
    place = (member.stage,) if member.stage else ()
    facts = [names(words.disciplines, member.disciplines), names(words.stages, place)]
    lines = (
        f"**{safe(member.name, 100)}**",
        safe(member.headline, 200),
        " · ".join(filter(None, facts)),
        " · ".join(safe(_(name), 60) for name in member.niche_names),
        names(words.skills, member.offers),
    )
    return "\n".join(filter(None, lines))


def names(terms: Mapping[str, Term], slugs: Sequence[str]) -> str:
    """The names of catalogue terms, in a line."""
    return ", ".join(_(terms[slug].name) if slug in terms else safe(slug, 50) for slug in slugs)


def report_poster(gig: GigView) -> ui.Item[Any]:
    """*Report* about who posted a gig."""
    return report_person_button("gig", gig.community_id, gig.person_id, gig.id)


def report_applicant(interest: InterestView) -> ui.Item[Any]:
    """*Report* about who wrote a pitch."""
    return report_button("pitch", interest.applicant.id, interest.id)


def place(gig: GigView) -> str:
    """Every DM names its community and the way out."""
    return from_community(gig.community_name)


def from_community(name: str) -> str:
    """The same for a message that is about more than one gig, or about one that is gone."""
    return "-# " + _("From {community} · /stop ends all my messages").format(community=safe(name, 100))


def gig_number(args: tuple[str, ...]) -> int:
    """The id that a button or form carries."""
    return number_in("".join(args[:1]), "gig_gone")
