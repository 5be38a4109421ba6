"""What posters and applicants see of a pitch."""

from __future__ import annotations

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, mention, safe
from bot.gigs.service import GigView, InterestView
from cogs.gigs.common import place, profile, report_applicant, report_poster
from cogs.gigs.words import STATES


def asked(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Shows the poster who is interested, with Accept and Decline."""
    if interest.state != "waiting" or interest.gig.state != "live":
        return None
    return card(
        _("Someone is interested in “{title}”").format(title=safe(interest.gig.title, 150)),
        profile(interest.applicant),
        "\n".join("> " + line for line in safe(interest.pitch, 1200).splitlines()),
        _("If you accept, you both get each other's name. If you decline, I tell them kindly."),
        place(interest.gig),
        actions=[
            button(_("Accept"), "gig.accept", interest.id, style="main"),
            button(_("Decline"), "gig.decline", interest.id),
            report_applicant(interest),
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
        return card(_("Accepted"), told, again, actions=[report_applicant(interest)], tone="good")
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
    report = report_applicant(interest) if is_poster else report_poster(gig)
    return card(_("It is a match"), told, advice, place(gig), actions=[report], tone="good")


def declined(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells an applicant that it is not a fit."""
    text = _("“{title}” went another way this time. Thank you for your pitch; the next gig may be the one.")
    return card(
        _("About the gig you answered"), text.format(title=safe(interest.gig.title)), place(interest.gig)
    )


def closed(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells an applicant who still waited that the gig is closed."""
    text = _("“{title}” is closed ({state}). Thank you for your pitch.")
    gig = interest.gig
    return card(
        _("About the gig you answered"),
        text.format(title=safe(gig.title), state=_(STATES[gig.state])),
        place(gig),
    )


def interested(gig: GigView) -> ui.LayoutView:
    """What an applicant sees after sending the pitch."""
    text = _(
        "{name} gets your pitch and your profile. I tell you by DM what they answer; "
        "they can write to you only after accepting."
    )
    return card(_("Sent"), text.format(name=safe(gig.name, 100)), tone="good")
