"""What members see of vouches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.text import _, ngettext
from bot.edge.kit import Option, button, card, mention, safe, select
from bot.vouches.service import VouchChange, VouchList, VouchView
from cogs.safety.cards import report_button, way_out
from cogs.vouches.words import FOR_GIVER, FOR_RECEIVER

ON_PROFILE = 3
QUOTE_MAX = 500  # escaped text is longer than what was typed
LINE_MAX = 80
LINES_MAX = 8


def vouch_blocks(views: Sequence[VouchView]) -> list[str]:
    """Return the part of a profile that shows vouches, the newest first; nothing where there are none."""
    if not views:
        return []
    lines = [f"“{safe(view.text, QUOTE_MAX)}” — {safe(view.giver.name, 60)}" for view in views[:ON_PROFILE]]
    if more := len(views) - ON_PROFILE:
        lines += [_("+{n} more").format(n=more)] if more > 0 else []
    return ["\n".join([_("**Vouched for by**"), *lines])]


def offered_card(view: VouchView, notice: str = "") -> ui.LayoutView:
    """Show the receiver what somebody would say about them, before anybody else sees it."""
    giver = view.giver
    title = _("{name} vouches for you · {community}")
    return card(
        title.format(name=safe(giver.name, 60), community=safe(view.community_name, 100)),
        notice,
        _quote(view),
        _("By {name} ({mention}).").format(name=safe(giver.name, 60), mention=mention(giver.person_id)),
        _("It goes on your profile only if you say so. If you do not, they are not told."),
        actions=[
            button(_("Show it on my profile"), "vouch.show", view.id, style="main"),
            button(_("No, thank you"), "vouch.decline", view.id),
            report_button("vouch", giver.member_id, view.id),
            way_out(),
        ],
        tone="good",
    )


def answered_card(change: VouchChange) -> ui.LayoutView:
    """Confirm what the receiver decided; they may change their mind."""
    view = change.vouch
    if change.newer:
        changed = _("They changed the words since. This is what they say now:")
        return offered_card(view, changed) if view.state == "offered" else received_card(view, changed)
    said = {
        ("shown", True): _("It stands on your profile now."),
        ("shown", False): _("It stands on your profile already."),
        ("declined", True): _("It is not shown. They are not told."),
        ("declined", False): _("It is not shown, as before."),
    }
    return received_card(view, said.get((view.state, change.changed), ""))


def received_card(view: VouchView, notice: str = "") -> ui.LayoutView:
    """Show the receiver one vouch and what they can do about it."""
    if view.state == "offered":
        return offered_card(view, notice)
    actions: list[ui.Item[Any]] = [
        button(_("Take it off my profile"), "vouch.decline", view.id)
        if view.state == "shown"
        else button(_("Show it on my profile"), "vouch.show", view.id),
        report_button("vouch", view.giver.member_id, view.id),
    ]
    title = _("{name} vouches for you").format(name=safe(view.giver.name, 60))
    return card(title, _quote(view), notice or _state(view, FOR_RECEIVER), actions=actions, tone="good")


def given_card(view: VouchView, notice: str = "") -> ui.LayoutView:
    """Show the giver their own words and what they can do about them."""
    return card(
        _("You vouch for {name}").format(name=safe(view.receiver.name, 60)),
        notice,
        _quote(view),
        _state(view, FOR_GIVER),
        actions=[
            button(_("Edit"), "form.open", "vouch.write", view.receiver.person_id, style="main"),
            button(_("Withdraw"), "vouch.withdraw", view.id, style="danger"),
        ],
    )


def sent_card(change: VouchChange) -> ui.LayoutView:
    """Tell the giver what happens with their words."""
    if not change.changed:
        return given_card(change.vouch, _("You said exactly that already; nothing changed."))
    text = _("I show it to {name}. It stands on their profile, with your name, once they say so.")
    return given_card(change.vouch, text.format(name=safe(change.vouch.receiver.name, 60)))


def withdrawn_card(change: VouchChange) -> ui.LayoutView:
    """Confirm that the words are gone."""
    name = safe(change.vouch.receiver.name, 60)
    text = _("Your words about {name} are gone.") if change.changed else _("They were gone already.")
    return card(_("Withdrawn"), text.format(name=name), tone="good")


def list_card(found: VouchList) -> ui.LayoutView:
    """Show a member's vouches in both directions, each to be opened from a menu."""
    if not found.about_me and not found.by_me:
        return card(
            _("Your vouches"),
            _("There are none yet. `/vouch member:` says a good word for someone you met."),
        )
    menus: list[ui.Item[Any]] = []
    if found.about_me:
        menus.append(select(_("About me: show or take down"), "vouch.open", "1", options=_about(found)))
    if found.by_me:
        menus.append(select(_("By me: change or withdraw"), "vouch.open", "2", options=_given(found)))
    about = [f"- {safe(one.giver.name, 60)}: {_state(one, FOR_RECEIVER)}" for one in found.about_me]
    given = [f"- {safe(one.receiver.name, 60)}: {_state(one, FOR_GIVER)}" for one in found.by_me]
    return card(
        _("Your vouches"), _listed(_("**About me**"), about), _listed(_("**By me**"), given), actions=menus
    )


def _about(found: VouchList) -> list[Option]:
    return [(one.giver.name, str(one.id), one.text) for one in found.about_me]


def _given(found: VouchList) -> list[Option]:
    return [(one.receiver.name, str(one.id), one.text) for one in found.by_me]


def _listed(heading: str, lines: list[str]) -> str:
    """Name the newest few; the menu has the rest."""
    if not lines:
        return ""
    more = len(lines) - LINES_MAX
    if more > 0:
        lines = [*lines[:LINES_MAX], ngettext("and {n} more", "and {n} more", more).format(n=more)]
    return "\n".join([heading, *lines])


def _quote(view: VouchView) -> str:
    return f"> {safe(view.text, QUOTE_MAX)}"


def _state(view: VouchView, words: dict[str, str]) -> str:
    return _(words[view.state]) if view.state in words else ""
