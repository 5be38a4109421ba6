"""Handing a gig on: what its poster chooses, and what those see who are asked first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import discord
from discord import ui

from bot.core.text import N_, _
from bot.edge.items import SELECT, KithSelect
from bot.edge.kit import Option, button, card, custom_id, plain, safe, select, when
from bot.gigs.leads import LeadPlan, LeadView, Passed
from bot.gigs.manners import LEAD_HOURS, LEADS_MAX
from bot.gigs.service import GigView
from cogs.gigs.common import body, place, report_poster

MOVED = {
    "niche": N_("“{title}” goes to people of its niches now, after those you asked first."),
    "board": N_("“{title}” stands on the board now, open to everybody."),
}


def choose_gig(gigs: Sequence[GigView]) -> ui.LayoutView:
    """Asks which gig is to be handed on, of those nobody has seen yet."""
    if not gigs:
        return card(
            _("Hand a gig on"),
            _(
                "This works before anybody has seen a gig. Start one with /gig post, and come back here "
                "before you publish it."
            ),
        )
    options: list[Option] = [(plain(gig.title, 90), str(gig.id)) for gig in gigs]
    menu = select(_("Choose a gig"), "gig.first", options=options)
    return card(_("Hand a gig on"), _("Which one shall go to people you choose first?"), actions=[menu])


def plan(found: LeadPlan, chosen: Sequence[int] | None = None) -> ui.LayoutView:
    """Lets the poster choose whom to ask first and for how long; `chosen` is what they have just chosen."""
    title = _("Who sees “{title}” first?").format(title=safe(found.gig.title, 150))
    hours = select(
        _("How long for each step"), "gig.firsthours", found.gig.id,
        options=[(_("{n} hours for each step").format(n=n), str(n)) for n in LEAD_HOURS],
        chosen=(str(found.hours),),
    )  # fmt: skip
    people = _people_menu(found.gig, found.people if chosen is None else chosen)
    if found.audience == "board":
        text = _("At present everybody sees it at once. Choose up to {n} people to ask them first.")
        return card(title, text.format(n=LEADS_MAX), _quietly(), actions=[people])
    return card(
        title,
        _steps(found),
        _quietly(),
        _("This begins when you publish the gig and it is live. If all pass, it goes on at once."),
        actions=[people, hours, button(_("Straight to the board"), "gig.firstnone", found.gig.id)],
        tone="good",
    )


def asked(lead: LeadView) -> ui.LayoutView | None:
    """Asks somebody who is told of a gig before the board is."""
    if lead.gig.state != "live" or lead.state != "asked" or lead.audience == "board":
        return None
    thought = (
        _("{name} thought of you first for this.")
        if lead.audience == "people"
        else _("This is for people of your niches first.")
    )
    until = _("Until {when} only a few people see it; then it goes on to others. No answer is fine too.")
    return card(
        _("A gig, before it is on the board"),
        thought.format(name=safe(lead.gig.name, 100)),
        *body(lead.gig),
        until.format(when=when(lead.until)),
        place(lead.gig),
        actions=[
            button(_("I'm interested"), "gig.interest", lead.gig.id, style="main"),
            button(_("Pass"), "gig.pass", lead.gig.id),
            report_poster(lead.gig),
        ],
    )


def passed(done: Passed) -> ui.LayoutView:
    """Thanks somebody who passes."""
    text = (
        _("Thank you for saying so. {name} is not told who passed.")
        if done.changed
        else _("You had passed or answered already, or it has gone on; nothing changed.")
    )
    told = text.format(name=safe(done.gig.name, 100))
    return card(_("Passed"), told, place(done.gig), tone="good")


def handed(gig: GigView, audience: str) -> ui.LayoutView | None:
    """Tells the poster that their gig went on to more people."""
    if gig.state != "live" or audience not in MOVED:
        return None
    text = _(MOVED[audience]).format(title=safe(gig.title, 150))
    return card(_("Your gig has moved on"), text, place(gig))


def _steps(found: LeadPlan) -> str:
    """The way a gig takes, in a line."""
    steps = [_("the people you chose")]
    if found.niches:
        steps.append(
            _("people of {niches} who asked for alerts").format(niches=safe(", ".join(found.niches)))
        )
    steps.append(_("the board"))
    line = _("It goes to {way}, {hours} hours for each step.")
    return line.format(way=_(", then to ").join(steps), hours=found.hours)


def _quietly() -> str:
    return _(
        "I write only to those who said yes to messages about gigs, and never say who did or who passed."
    )


def _people_menu(gig: GigView, chosen: Sequence[int]) -> ui.Item[Any]:
    """A menu of the server's members."""
    menu: ui.UserSelect[Any] = ui.UserSelect(
        placeholder=plain(_("People to ask first"), 100),
        custom_id=custom_id(SELECT, "gig.leads", (gig.id,)),
        min_values=1,
        max_values=LEADS_MAX,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.user)
            for one in chosen[:LEADS_MAX]
        ],
    )
    return KithSelect(cast("ui.Select[Any]", menu))  # both are found by their id alone
