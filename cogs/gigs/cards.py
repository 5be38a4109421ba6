"""What the gig board looks like."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge import kit
from bot.edge.kit import Outgoing, button, card, mention, safe, when
from bot.gigs.screening import Finding, Screening
from bot.gigs.service import GigService, GigView, InterestView
from bot.people.catalogue import Term, load_catalogue
from bot.people.views import MemberView
from cogs.gigs.words import KINDS, STATES
from cogs.safety.cards import report_button, report_person_button

Renderer = Callable[[Said], Awaitable[Outgoing | None]]
_TAGS = {"filled": "filled", "withdrawn": "closed", "expired": "closed"}


def renderers(service: GigService) -> dict[str, Renderer]:
    """The messages of this feature by kind; each is made from what is true when it is sent."""

    async def post(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None or (said.target != "edit" and gig.state != "live"):
            return None
        return board_post(gig)

    def of_gig(make: Callable[[GigView], ui.LayoutView | None]) -> Renderer:
        async def render(said: Said) -> Outgoing | None:
            gig = await service.gig(said.subject)
            view = make(gig) if gig else None
            return Outgoing(view=view) if view else None

        return render

    def of_interest(make: Callable[[InterestView, int], ui.LayoutView | None]) -> Renderer:
        async def render(said: Said) -> Outgoing | None:
            interest = await service.interest_view(said.subject)
            view = make(interest, said.recipient) if interest else None
            return Outgoing(view=view) if view else None

        return render

    return {
        "gig.post": post,
        "gig.review": of_gig(review),
        "gig.decided": of_gig(decided),
        "gig.expired": of_gig(expired),
        "gig.interest": of_interest(asked),
        "gig.accepted": of_interest(accepted),
        "gig.declined": of_interest(declined),
        "gig.closed": of_interest(closed),
    }


def board_post(gig: GigView) -> Outgoing:
    """The post on the board: an embed, because a forum's first message takes no card."""
    embed = discord.Embed(
        title=safe(gig.title, 200), description=safe(gig.description, 3500), colour=kit.TONES["plain"]
    )
    embed.add_field(name=_("Budget"), value=safe(gig.budget, 300))
    if gig.terms:
        embed.add_field(name=_("Niches and hours"), value=safe(gig.terms, 300))
    embed.add_field(
        name=_("Posted by"), value=f"{safe(gig.name, 100)} ({mention(gig.person_id)})", inline=False
    )
    if gig.state == "live":
        embed.add_field(name=_("Open until"), value=when(gig.expires_at, "D"), inline=False)
    if gig.findings:
        embed.add_field(
            name=_("Worth knowing"), value=_lines(gig.findings, quotes=False, limit=1000), inline=False
        )
    embed.set_footer(text=f"{_(KINDS[gig.kind])} · {_(STATES[gig.state])}")
    interest = (
        [button(_("I'm interested"), "gig.interest", gig.id, style="main")] if gig.state == "live" else []
    )
    actions = [*interest, _report_poster(gig)]
    tags = (gig.kind, *((_TAGS[gig.state],) if gig.state in _TAGS else ()))
    return Outgoing(
        embed=embed, legacy_view=kit.legacy_view(*actions), title=kit.plain(gig.title, 100), tags=tags,
        archive=True if gig.state != "live" else None,
    )  # fmt: skip


def posted(gig: GigView) -> ui.LayoutView:
    """What the poster sees at once: what was found, and what happens next."""
    found = (
        (_("**What I noticed**"), _lines(gig.findings))
        if gig.findings
        else (_("I found nothing to worry about."),)
    )
    if gig.state == "live":
        following = _(
            "It goes on the board now and stays until {until}. I tell you by DM when someone is interested."
        )
        return card(
            _("Your gig is on its way"),
            following.format(until=when(gig.expires_at, "D")),
            *found,
            tone="good",
        )
    waiting = _(
        "A moderator reads it before it goes on the board, and I tell you by DM what they decide. "
        "You can withdraw it with /gig mine and post it again, changed."
    )
    return card(_("Your gig waits for a moderator"), waiting, *found)


def review(gig: GigView) -> ui.LayoutView | None:
    """The moderators' card, with the two buttons while nothing is decided."""
    if gig.state not in ("queued", "held"):
        return None
    title = _("A gig is held: please look") if gig.state == "held" else _("A gig waits for you")
    actions = [
        button(_("Approve"), "gig.approve", gig.id, style="main"),
        button(_("Refuse"), "gig.refuse", gig.id, style="danger"),
    ]
    tone: kit.Tone = "warn" if gig.state == "held" else "plain"
    why = _("**Why** (score {score})").format(score=gig.score)
    return card(title, *_body(gig), why, _lines(gig.findings), actions=actions, tone=tone)


def reviewed(gig: GigView, changed: bool, moderator: str) -> ui.LayoutView:
    """The moderators' card once it is decided."""
    state = _(STATES[gig.state])
    text = _("{name} decided: {state}.").format(name=safe(moderator, 100), state=state)
    if not changed:
        text = _("This was decided already: {state}.").format(state=state)
    return card(safe(gig.title, 200), text, tone="good" if gig.state == "live" else "plain")


def decided(gig: GigView) -> ui.LayoutView | None:
    """Tells the poster what the moderators decided."""
    where = _place(gig)
    if gig.state == "live":
        text = _("The moderators let “{title}” through. It is on the board until {until}.")
        return card(
            _("Your gig is on the board"),
            text.format(title=safe(gig.title), until=when(gig.expires_at, "D")),
            where,
            tone="good",
        )
    if gig.state != "refused":
        return None
    text = _(
        "The moderators did not put “{title}” on the board. You are welcome to change it and post it again."
    )
    return card(_("About your gig"), text.format(title=safe(gig.title)), _lines(gig.findings), where)


def expired(gig: GigView) -> ui.LayoutView | None:
    """Tells the poster that the gig left the board."""
    text = _(
        "“{title}” was open for two weeks and left the board. Still looking? Post it again with /gig post."
    )
    return card(_("Your gig has run its time"), text.format(title=safe(gig.title)), _place(gig))


def asked(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Shows the poster who is interested, with Accept and Decline."""
    if interest.state != "waiting" or interest.gig.state != "live":
        return None
    return card(
        _("Someone is interested in “{title}”").format(title=safe(interest.gig.title, 150)),
        _profile(interest.applicant),
        "\n".join("> " + line for line in safe(interest.pitch, 1200).splitlines()),
        _("If you accept, you both get each other's name. If you decline, I tell them kindly."),
        _place(interest.gig),
        actions=[
            button(_("Accept"), "gig.accept", interest.id, style="main"),
            button(_("Decline"), "gig.decline", interest.id),
            _report_applicant(interest),
        ],
    )  # fmt: skip


def answered(interest: InterestView, changed: bool) -> ui.LayoutView:
    """What the poster sees after pressing Accept or Decline."""
    name, person = safe(interest.applicant.name, 100), mention(interest.applicant.person_id)
    again = "" if changed else _("You had answered this before; nothing changed.")
    if interest.state == "accepted":
        text = _(
            "You accepted {name} ({mention}). Write to each other; "
            "press Filled in /gig mine when it is settled."
        )
        told = text.format(name=name, mention=person)
        return card(_("Accepted"), told, again, actions=[_report_applicant(interest)], tone="good")
    if interest.state == "closed":
        return card(_("This gig is closed"), _("They were told that it is closed."))
    return card(_("Declined"), _("I told them that it is not a fit this time."), again)


def accepted(interest: InterestView, recipient: int) -> ui.LayoutView | None:
    """Names each of the two to the other."""
    gig, applicant = interest.gig, interest.applicant
    is_poster = recipient == gig.person_id
    name, person = (applicant.name, applicant.person_id) if is_poster else (gig.name, gig.person_id)
    text = _(
        "You and {name} ({mention}) can talk about “{title}” now. "
        "Say hello first; it is easier than it looks."
    )
    told = text.format(name=safe(name, 100), mention=mention(person), title=safe(gig.title))
    advice = _("Agree on scope and pay in writing before you start.")
    report = _report_applicant(interest) if is_poster else _report_poster(gig)
    return card(_("It is a match"), told, advice, _place(gig), actions=[report], tone="good")


def declined(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells an applicant that it is not a fit."""
    text = _("“{title}” went another way this time. Thank you for your pitch; the next gig may be the one.")
    return card(
        _("About the gig you answered"), text.format(title=safe(interest.gig.title)), _place(interest.gig)
    )


def closed(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells an applicant who still waited that the gig is closed."""
    text = _("“{title}” is closed ({state}). Thank you for your pitch.")
    gig = interest.gig
    return card(
        _("About the gig you answered"),
        text.format(title=safe(gig.title), state=_(STATES[gig.state])),
        _place(gig),
    )


def interested(gig: GigView) -> ui.LayoutView:
    """What an applicant sees after sending the pitch."""
    text = _(
        "{name} gets your pitch and your profile. I tell you by DM what they answer; "
        "they can write to you only after accepting."
    )
    return card(_("Sent"), text.format(name=safe(gig.name, 100)), tone="good")


def mine(gigs: Sequence[GigView]) -> ui.LayoutView:
    """The member's own gigs with what they can do about them."""
    if not gigs:
        return card(_("Your gigs"), _("You have posted none yet. /gig post starts one."))
    blocks: list[kit.Block] = []
    actions: list[ui.Item[Any]] = []
    for gig in gigs[:10]:
        link = (
            f" · https://discord.com/channels/{gig.community_id}/{gig.channel_id}" if gig.channel_id else ""
        )
        blocks.append(f"**{safe(gig.title, 120)}** · {_(STATES[gig.state])}{link}")
        name = kit.plain(gig.title, 40)
        if gig.state == "live":
            actions.append(
                button(_("Filled: {title}").format(title=name), "gig.filled", gig.id, style="main")
            )
        if gig.state in ("live", "queued", "held"):
            actions.append(button(_("Withdraw: {title}").format(title=name), "gig.withdraw", gig.id))
    return card(_("Your gigs"), *blocks, actions=actions)


def closing(gig: GigView, changed: bool) -> ui.LayoutView:
    """What the poster sees after Filled or Withdraw."""
    text = (
        _("“{title}” is {state}. Those who still waited are told.")
        if changed
        else _("“{title}” is {state} already; nothing changed.")
    )
    return card(_("Done"), text.format(title=safe(gig.title), state=_(STATES[gig.state])), tone="good")


def checked(found: Screening) -> ui.LayoutView:
    """The findings for a pasted text."""
    if not found.findings:
        return card(
            _("Nothing suspicious found"),
            _("None of my rules met this text. Still, never pay to get work."),
            tone="good",
        )
    advice = (
        _("This has the marks of a scam. Better walk away.")
        if found.verdict == "held"
        else _("Ask before you agree to anything.")
    )
    return card(
        _("What I noticed"),
        _lines(found.findings),
        advice,
        tone="warn" if found.verdict != "live" else "plain",
    )


def _body(gig: GigView) -> tuple[str, ...]:
    facts = f"{_(KINDS[gig.kind])} · {safe(gig.budget, 200)}" + (
        f" · {safe(gig.terms, 200)}" if gig.terms else ""
    )
    poster = _("Posted by {name} ({mention})").format(
        name=safe(gig.name, 100), mention=mention(gig.person_id)
    )
    return (f"**{safe(gig.title, 150)}**", safe(gig.description, 1800), facts, poster)


def _lines(findings: Sequence[Finding], quotes: bool = True, limit: int = 1500) -> str:
    """Findings as sentences, with the words that caused them."""
    lines = []
    for finding in findings:
        quote = f" (“{safe(finding.quote, 120)}”)" if quotes and finding.quote else ""
        lines.append(f"- {_(finding.sentence)}{quote}")
    return kit.shorten("\n".join(lines), limit)


def _profile(member: MemberView) -> str:
    """Who is interested, in words: name, headline, what they do, where they stand, what they offer."""
    words = load_catalogue()
    place = (member.stage,) if member.stage else ()
    facts = [_names(words.disciplines, member.disciplines), _names(words.stages, place)]
    lines = (
        f"**{safe(member.name, 100)}**",
        safe(member.headline, 200),
        " · ".join(filter(None, facts)),
        " · ".join(safe(_(name), 60) for name in member.niche_names),
        _names(words.skills, member.offers),
    )
    return "\n".join(filter(None, lines))


def _names(terms: Mapping[str, Term], slugs: Sequence[str]) -> str:
    return ", ".join(_(terms[slug].name) if slug in terms else safe(slug, 50) for slug in slugs)


def _report_poster(gig: GigView) -> ui.Item[Any]:
    return report_person_button("gig", gig.community_id, gig.person_id, gig.id)


def _report_applicant(interest: InterestView) -> ui.Item[Any]:
    return report_button("pitch", interest.applicant.id, interest.id)


def _place(gig: GigView) -> str:
    """Every DM names its community and the way out."""
    return "-# " + _("From {community} · /stop ends all my messages").format(
        community=safe(gig.community_name, 100)
    )
