"""What a poster sees while posting, and the findings for a pasted text."""

from __future__ import annotations

from discord import ui

from bot.core.text import _
from bot.edge.kit import card, when
from bot.gigs.screening import Screening
from bot.gigs.service import GigView
from cogs.gigs.common import finding_lines


def posted(gig: GigView) -> ui.LayoutView:
    """What the poster sees at once: what was found, and what happens next."""
    found = (
        (_("**What I noticed**"), finding_lines(gig.findings))
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
        finding_lines(found.findings),
        advice,
        tone="warn" if found.verdict != "live" else "plain",
    )
