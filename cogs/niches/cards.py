"""What members see of niches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, safe, select
from bot.niches.rules import NAME_MAX
from bot.niches.views import AnswerView, InviteView, NicheChange, NicheCount, NicheList, Suggested
from bot.people.niches import Niche
from cogs.niches.words import AXES, AXIS_NAMES

SHOWN_MAX = 60
MENU_MAX = 25
# A colon separates the parts of a button's id, so a name travels with this sign in its place.
_COLON, _RATIO = ":", "\u2236"


def name_of(niche: Niche) -> str:
    """Write a niche's name: ours in the reader's language, a community's own made harmless."""
    return safe(_(niche.name), 60)


def niche_card(change: NicheChange, *, joined: bool) -> ui.LayoutView:
    """Confirm joining or leaving a niche, and say when nothing changed."""
    if joined:
        said = _("You are in *{niche}*.") if change.changed else _("You were in *{niche}* already.")
    else:
        said = _("You left *{niche}*.") if change.changed else _("You were not in *{niche}*.")
    mine = " · ".join(safe(_(name), 60) for name in change.mine)
    company = _("Members in it here: {count}.").format(count=change.members)
    return card(
        _("Niches"),
        said.format(niche=name_of(change.niche)) + " " + company,
        _("**Yours** {niches}").format(niches=mine) if mine else _("You are in no niche now."),
        actions=[button(_("Browse"), "niche.browse")],
        tone="good" if change.changed else "plain",
    )


def browse_card(niches: NicheList, axis: str = "") -> ui.LayoutView:
    """Show the niches that have members, or all of one axis, and a menu of the top ones to join."""
    found = niches.on(axis) if axis in AXES else niches.inhabited()
    shown = found[:SHOWN_MAX]
    heading = f"**{_(AXES[axis])}**\n" if axis in AXES else ""
    names = " · ".join(_niche_words(count) for count in shown)
    left = len(niches.counts) - len(shown) if axis not in AXES else len(found) - len(shown)
    more = _("… and {count} more: type `/niche join` and a word.").format(count=left) if left else ""
    return card(
        _("Niches here"),
        heading + names if names else _("Nobody is in a niche yet. Be the first: choose where to look."),
        more,
        _("✔ marks yours. `/niche join` finds any of them, also when it is mistyped."),
        _("Is yours missing? `/niche suggest` asks the moderators for it."),
        # Where few have joined yet, the first view's menu still offers something.
        actions=[*_join_menu(found if axis in AXES else niches.counts), *_axis_buttons(axis)],
    )


def _axis_buttons(axis: str) -> list[ui.Item[Any]]:
    buttons: list[ui.Item[Any]] = [
        button(_(heading), "niche.browse", one, disabled=one == axis) for one, heading in AXES.items()
    ]
    return [*buttons, button(_("With members"), "niche.browse", "all", disabled=axis not in AXES)]


def _join_menu(shown: Sequence[NicheCount]) -> list[ui.Item[Any]]:
    options = [
        (_(one.niche.name), one.niche.slug, _("members: {count}").format(count=one.members))
        for one in shown
        if not one.mine
    ][:MENU_MAX]
    return [select(_("Join a niche"), "niche.join", options=options)] if options else []


def _niche_words(count: NicheCount) -> str:
    name = name_of(count.niche)
    size = f" ({count.members})" if count.members else ""
    return f"✔ **{name}**{size}" if count.mine else name + size


def suggested_card(seen: Suggested) -> ui.LayoutView:
    """Point out what there is already, or say that the suggestion waits."""
    if seen.near:
        return _near_card(seen)
    said = (
        _("*{name}* ({axis}) is with the moderators now. I tell you by DM what they decide.")
        if seen.new
        else _("You suggested *{name}* already, and it is still with the moderators. ({axis})")
    )
    return card(
        _("Your suggestion"),
        said.format(name=safe(seen.name, 60), axis=_(AXIS_NAMES[seen.axis])),
        _("If they take it up, you are in it at once. `/stop` ends every message of mine."),
        actions=[button(_("Browse"), "niche.browse")],
        tone="good" if seen.new else "plain",
    )


def _near_card(seen: Suggested) -> ui.LayoutView:
    names = " · ".join(f"*{name_of(niche)}*" for niche in seen.near)
    joins: list[ui.Item[Any]] = [
        button(_("Join {name}").format(name=_(niche.name)), "niche.join_near", niche.slug, style="main")
        for niche in seen.near
    ]
    if seen.exact:
        return card(_("There is one already"), _("*{name}* is: {names}.").format(
            name=safe(seen.name, 60), names=names), actions=joins)  # fmt: skip
    mine = button(_("No, suggest mine"), "niche.mine", seen.axis, seen.name.replace(_COLON, _RATIO))
    return card(
        _("Is it one of these?"),
        _("There is already {names}. Is that it?").format(names=names),
        _("With *No, suggest mine* the moderators look at *{name}*, and I tell you by DM what they decide.")
        .format(name=safe(seen.name, 60)),
        actions=[*joins, mine],
    )  # fmt: skip


def typed_name(text: str) -> str:
    """Return the name that travelled in a button's id; at most what a name may have."""
    return text.replace(_RATIO, _COLON)[: NAME_MAX + 1]


def answer_card(view: AnswerView, person_id: int) -> ui.LayoutView:
    """Tell a member what became of their suggestion, with the way out of all messages."""
    name, niche = safe(view.name, 60), view.niche
    actions: list[ui.Item[Any]] = [button(_("Stop all messages"), "core.stop", person_id)]
    if niche is None:
        said = _(
            "The moderators read your suggestion *{name}* and did not take it up this time. "
            "Thank you for it; `/niche browse` may have something close."
        ).format(name=name)
    elif view.state == "merged":
        said = _("You suggested *{name}*. Here it is called *{niche}*.")
        said = said.format(name=name, niche=name_of(niche))
    else:
        said = _("The moderators took up your suggestion: *{niche}* is a niche now.")
        said = said.format(niche=name_of(niche))
    if niche is not None:
        full = _("You are not in it: perhaps your niches were full. `/niche leave` makes room.")
        said += " " + (_("You are in it.") if view.joined else full)
    title = _("Your niche · {community}").format(community=safe(view.community_name, 100))
    return card(title, said, actions=actions, tone="plain" if niche is None else "good")


def invite_card(view: InviteView) -> ui.LayoutView:
    """Invite the holders of a role to its niche; nobody is pinged, nobody was enrolled."""
    return card(
        _("A niche for you?"),
        _(
            "*{niche}* is a niche here now, for those with the role {role} and for everybody else. "
            "Nobody was added: one press and you are in."
        ).format(niche=name_of(view.niche), role=f"<@&{view.role_id}>"),
        actions=[
            button(_("Join"), "niche.join_one", view.row_id, style="main"),
            button(_("Browse"), "niche.show"),
        ],
        tone="good",
    )
