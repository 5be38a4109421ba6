"""What people see two weeks after a gig was filled, and what moderators see when it was not paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.text import N_, _
from bot.edge.kit import button, card, mention, plain, safe
from bot.gigs.outcomes import SETTLED, OutcomeSaid, OutcomeView
from bot.gigs.service import GigView, InterestView
from cogs.gigs.common import place

PEOPLE_MAX = 10
PRIVATE = N_("This stays between us. Only “not paid” goes to the moderators, with both names.")
MODERATORS = {
    "told": N_("The moderators know now, and nobody else. They may write to you about it."),
    "knew": N_("The moderators know of it."),
    "nobody": N_("There is no moderators' channel here, so please tell a moderator yourself."),
}
HIRED = {None: N_("not said yet"), True: N_("hired"), False: N_("not hired")}


def ask_poster(gig: GigView) -> ui.LayoutView | None:
    """Asks the poster how it went; whom they accepted is shown on demand."""
    if gig.state != "filled":
        return None
    text = _("Two weeks ago you marked “{title}” as filled. How did it go? It takes half a minute.")
    return card(
        _("How did your gig go?"),
        text.format(title=safe(gig.title, 150)),
        _(PRIVATE),
        place(gig),
        actions=[button(_("Tell me"), "gig.outcome", gig.id, style="main")],
    )


def ask_worker(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Asks somebody whose pitch was accepted how it went."""
    gig = interest.gig
    if interest.state != "accepted" or gig.state != "filled":
        return None
    text = _("Two weeks ago “{title}” by {name} was filled, and they had accepted you. How did it go?")
    return card(
        _("How did the gig go?"),
        text.format(title=safe(gig.title, 150), name=safe(gig.name, 100)),
        _(PRIVATE),
        place(gig),
        actions=[
            button(_("Tell me"), "gig.went", interest.id, style="main"),
            button(_("It did not come about"), "gig.unhired", interest.id),
        ],
    )


def page(views: Sequence[OutcomeView]) -> ui.LayoutView:
    """Lets the poster say how it went with each person they accepted."""
    if not views:
        return card(_("How did your gig go?"), _("Nobody from here was part of it, so that is all."))
    lines = [f"- {safe(view.other[1], 80)}: {_(HIRED[view.hired])}" for view in views[:PEOPLE_MAX]]
    actions: list[ui.Item[Any]] = [
        button(plain(view.other[1], 60), "gig.went", view.interest.id, style="main")
        for view in views[:PEOPLE_MAX]
    ]
    if any(view.hired is None for view in views):
        actions.append(button(_("I hired none of them"), "gig.nobody", views[0].interest.gig.id))
    return card(
        _("How did your gig go?"),
        _("Press a name to say how it went with them."),
        "\n".join(lines),
        _(PRIVATE),
        actions=actions,
    )


def said(done: OutcomeSaid) -> ui.LayoutView:
    """Thanks for an answer; offers a vouch where two have worked together."""
    view = done.view
    notes = [] if done.changed else [_("You had said so before; nothing changed.")]
    if done.moderators:
        notes.append(_(MODERATORS[done.moderators]))
    change, here = button(_("Change it"), "gig.went", view.interest.id), place(view.interest.gig)
    if not view.hired:
        text = _("Noted: nothing came of it this time, so it does not count as work together.")
        return card(_("Thank you"), text, *notes, here, actions=[change], tone="good")
    if view.paid is False:
        return card(_("Thank you"), _("I have noted it."), *notes, here, actions=[change])
    name = safe(view.other[1], 100)
    offer = _("If you liked working with {name}, a few sentences from you help them to the next gig.")
    vouch = button(_("Vouch for {name}").format(name=plain(view.other[1], 60)), "gig.vouch", view.interest.id)
    return card(
        _("Thank you"), _("I have noted it."), *notes, offer.format(name=name), here,
        actions=[vouch, change], tone="good",
    )  # fmt: skip


def vouched(view: OutcomeView) -> ui.LayoutView:
    """Says what happens with a vouch."""
    text = _("I show it to {name}. It stands on their profile, with your name, once they say so.")
    return card(_("Thank you"), text.format(name=safe(view.other[1], 100)), tone="good")


def unpaid(view: OutcomeView, mark: str) -> ui.LayoutView | None:
    """Tells moderators that somebody says they were not paid, or that it is settled; as it stands now."""
    gig = view.interest.gig
    values = {
        "name": safe(view.me[1], 100), "mention": mention(view.me[0]), "other": safe(view.other[1], 100),
        "whom": mention(view.other[0]), "title": safe(gig.title, 150),
    }  # fmt: skip
    if mark == SETTLED:
        text = _("{name} ({mention}) no longer says that the pay for “{title}” is open.")
        return card(_("Pay settled"), text.format(**values), tone="good") if view.paid is not False else None
    if view.paid is not False:
        return None
    text = (
        _("{name} ({mention}) says that {other} ({whom}) has not paid “{title}” as agreed.")
        if view.side == "worker"
        else _("{name} ({mention}) says that they have not paid {other} ({whom}) for “{title}” as agreed.")
    )
    hint = _("Please hear both sides. Nothing of this is public, and the other side was not told.")
    return card(_("A gig was not paid"), text.format(**values), hint, tone="warn")
