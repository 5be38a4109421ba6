"""What moderators see of a doubtful gig, and what its poster is told."""

from __future__ import annotations

from discord import ui

from bot.core.text import _
from bot.edge import kit
from bot.edge.kit import button, card, safe, when
from bot.gigs.service import GigView
from cogs.gigs.common import body, finding_lines, place
from cogs.gigs.words import STATES


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
    return card(title, *body(gig), why, finding_lines(gig.findings), actions=actions, tone=tone)


def reviewed(gig: GigView, changed: bool, moderator: str) -> ui.LayoutView:
    """The moderators' card once it is decided."""
    state = _(STATES[gig.state])
    text = _("{name} decided: {state}.").format(name=safe(moderator, 100), state=state)
    if not changed:
        text = _("This was decided already: {state}.").format(state=state)
    return card(safe(gig.title, 200), text, tone="good" if gig.state == "live" else "plain")


def decided(gig: GigView) -> ui.LayoutView | None:
    """Tells the poster what the moderators decided."""
    where = place(gig)
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
    return card(_("About your gig"), text.format(title=safe(gig.title)), finding_lines(gig.findings), where)
