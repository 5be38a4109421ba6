"""What a poster is told of the moderators' decision, and what they can do about it."""

from __future__ import annotations

from discord import ui

from bot.core.text import _
from bot.edge.items import KithButton
from bot.edge.kit import button, card, safe, when
from bot.gigs.change_review import ChangeView
from bot.gigs.review_views import Appealed, ReviewView
from bot.gigs.service import GigView
from cogs.gigs import change_cards
from cogs.gigs.board_cards import ended_too
from cogs.gigs.common import finding_lines, place
from cogs.gigs.review_cards import reason_words


def decided(view: ReviewView, *, change_ended: bool = False) -> ui.LayoutView | None:
    """Tells the poster what the moderators decided; None where it is no longer so.

    `change_ended`: new words that waited for them ended with the gig.
    """
    if isinstance(view, ChangeView):
        appeal = [appeal_button(view.gig.id)] if view.appeal is None else []
        return change_cards.decided(view, reason_words(view.last.reason) if view.last else "", [*appeal])
    decision = view.last.decision if view.last else ""
    if view.gig.state == "live" and decision == "approved":
        return _approved(view.gig)
    if view.gig.state == "change" and decision == "change":
        return _change(view)
    if view.gig.state == "refused" and decision in ("refused", "removed"):
        return _refused(view, change_ended=change_ended)
    return None


def appeal_button(gig_id: int) -> KithButton:
    """*Appeal*: one tap, once."""
    return button(_("Appeal"), "gig.appeal", gig_id)


def appealed(seen: Appealed, *, slow: bool) -> ui.LayoutView:
    """What the poster sees after *Appeal*."""
    again = "" if seen.changed else _("It is before them already.")
    text = _("The moderators look at “{title}” once more. I tell you by DM what they decide.")
    words = (
        _("**You told them**") + "\n" + "\n".join("> " + line for line in safe(seen.words, 800).splitlines())
    )
    return card(
        _("Back before the moderators"),
        again,
        text.format(title=safe(seen.gig.title, 150)),
        words if seen.words else _("Is there something they should know? You can tell them now."),
        patience() if slow else "",
        place(seen.gig),
        actions=[
            button(
                _("Change your words") if seen.words else _("Tell them something"), "gig.appeal_words",
                seen.gig.id,
            )
        ],
        tone="good",
    )  # fmt: skip


def patience() -> str:
    """Said where moderators hear of nothing by themselves."""
    return _("The moderators of this server have no channel for this yet, so it may take longer.")


def _noticed(gig: GigView) -> str:
    return _("**What I noticed**") + "\n" + finding_lines(gig.findings) if gig.findings else ""


def _approved(gig: GigView) -> ui.LayoutView:
    if gig.audience != "board":
        text = _("The moderators let “{title}” through. A few people see it first, then the board does.")
        return card(
            _("Your gig is on its way"), text.format(title=safe(gig.title, 150)), place(gig), tone="good"
        )
    text = _("The moderators let “{title}” through. It is open until {until}.")
    return card(
        _("Your gig goes on the board"),
        text.format(title=safe(gig.title, 150), until=when(gig.expires_at, "D")),
        place(gig),
        tone="good",
    )


def _change(view: ReviewView) -> ui.LayoutView:
    gig = view.gig
    asked = "> " + reason_words(view.last.reason) if view.last else ""
    return card(
        _("The moderators ask for a change"),
        _("Before “{title}” goes on the board, they would like this:").format(title=safe(gig.title, 150)),
        asked,
        _("Your words are kept. Change them, and publish again."),
        place(gig),
        actions=[button(_("Change the words"), "gig.edit", gig.id, style="main")],
    )


def _refused(view: ReviewView, *, change_ended: bool) -> ui.LayoutView:
    gig, last = view.gig, view.last
    removed = last is not None and last.decision == "removed"
    text = (
        _("The moderators took “{title}” off the board.")
        if removed
        else _("The moderators did not put “{title}” on the board.")
    )
    reason = reason_words(last.reason) if last else ""
    may_appeal = view.appeal is None
    return card(
        _("About your gig"),
        text.format(title=safe(gig.title, 150)),
        _("**Why** {reason}").format(reason=reason) if reason else "",
        ended_too() if change_ended else "",
        _noticed(gig),
        _("You are welcome to post it again in other words: /gig post."),
        _("Did they get it wrong? One tap, and they look once more.") if may_appeal else "",
        place(gig),
        actions=[appeal_button(gig.id)] if may_appeal else [],
    )
