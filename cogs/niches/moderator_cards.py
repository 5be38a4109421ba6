"""What moderators see of niches: suggestions, merging, names, roles, import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.text import _, ngettext
from bot.edge.kit import Block, button, card, safe, select
from bot.niches.views import Decision, Imported, MergeView, Renamed, SuggestionView, Waiting
from bot.people.niches import Niche
from cogs.niches.cards import name_of
from cogs.niches.words import AXES, AXIS_NAMES


def suggestion_card(view: SuggestionView) -> ui.LayoutView:
    """Ask the moderators for a decision."""
    buttons, menu = _decide(view, "card")
    return card(_("A niche was suggested"), _asked(view), actions=[*buttons, *menu])


def decided_card(decision: Decision) -> ui.LayoutView:
    """Say what was decided, by this press or before it."""
    return card(_("A niche was suggested"), decided_words(decision), tone="good")


def decided_words(decision: Decision) -> str:
    """Say it in one line."""
    view = decision.suggestion
    said = {
        "accepted": _("*{name}* is a niche now."),
        "merged": _("*{name}* is the same as *{niche}*."),
        "refused": _("*{name}* was not taken up."),
    }[view.state].format(name=safe(view.name, 60), niche=name_of(view.niche) if view.niche else "")
    told = _("Whoever asked for it is told by DM.") if decision.changed else _("It was decided before.")
    return f"{said} {told}"


def queue_card(waiting: Waiting, notice: str = "") -> ui.LayoutView:
    """Show the first suggestions that wait, each with its buttons."""
    blocks: list[Block] = [notice] if notice else []
    for view in waiting.first:
        buttons, menu = _decide(view, "queue")
        blocks += [_asked(view), ui.ActionRow(*buttons), *menu]
    left = waiting.total - len(waiting.first)
    if left > 0:
        blocks.append(_("… and {count} more, once these are decided.").format(count=left))
    if not waiting.total:
        blocks.append(_("No suggestion waits for you."))
    return card(_("Suggested niches"), *blocks)


def _asked(view: SuggestionView) -> str:
    asked = ngettext("{count} member asks for it.", "{count} members ask for it.", view.asked)
    return f"**{safe(view.name, 60)}** · {_(AXIS_NAMES[view.axis])}\n" + asked.format(count=view.asked)


def _decide(view: SuggestionView, place: str) -> tuple[list[ui.Item[Any]], list[ui.Item[Any]]]:
    """Make the two buttons and, where anything is near, the menu; `place` says which card they are on."""
    buttons: list[ui.Item[Any]] = [
        button(_("Accept"), "niche.accept", view.id, place, style="main"),
        button(_("Refuse"), "niche.refuse", view.id, place, style="danger"),
    ]
    options = [(_(niche.name), niche.slug) for niche in view.near]
    if not options:
        return buttons, []
    return buttons, [select(_("It is the same as …"), "niche.same", view.id, place, options=options)]


def merge_card(view: MergeView) -> ui.LayoutView:
    """Ask once before two niches become one."""
    moving = ngettext("{count} member moves.", "{count} members move.", view.moving).format(count=view.moving)
    both = _("Of these {count} are in both, and stay in once.").format(count=view.both) if view.both else ""
    return card(
        _("Merge two niches?"),
        _("*{gone}* becomes part of *{kept}*, and its names find *{kept}* from now on.").format(
            gone=name_of(view.gone), kept=name_of(view.kept)
        ),
        " ".join(filter(None, (moving, both, _("Nobody is lost. This cannot be undone.")))),
        actions=[
            button(
                _("Merge: {moving}").format(moving=moving), "niche.merge", view.gone.slug, view.kept.slug,
                style="danger",
            )
        ],
        tone="warn",
    )  # fmt: skip


def merged_card(view: MergeView) -> ui.LayoutView:
    """Say that it is done."""
    said = ngettext(
        "*{gone}* is part of *{kept}* now; {count} member moved.",
        "*{gone}* is part of *{kept}* now; {count} members moved.",
        view.moving,
    )
    said = said.format(gone=name_of(view.gone), kept=name_of(view.kept), count=view.moving)
    left = _("If it had a role of its own, members lose that one and get the other; the role itself stays.")
    return card(_("Merged"), said, left, tone="good")


def renamed_card(view: Renamed) -> ui.LayoutView:
    """Say what a niche is called now."""
    now, before = name_of(view.niche), safe(_(view.before), 60)
    if view.before == view.niche.name:
        return card(_("Nothing to rename"), _("It is called *{now}* already.").format(now=now))
    said = _("*{before}* is called *{now}* here from now on; the old name still finds it.")
    return card(_("Renamed"), said.format(before=before, now=now), tone="good")


def roles_card(least: int | None, *, changed: bool) -> ui.LayoutView:
    """Say what happens with roles from now on."""
    if least is None:
        said = _("I make, give and take no niche roles any more. The roles there are stay as they are.")
    else:
        said = _(
            "Every niche with {least} members or more gets a role without permissions, for those of its "
            "members who show their niches to everyone here. Give me *Manage Roles*, and keep my role above "
            "those."
        ).format(least=least)
    return card(_("Niche roles"), said, tone="good" if changed else "plain")


def import_card(role_id: int, near: Sequence[Niche]) -> ui.LayoutView:
    """Ask which niche a role of the server stands for."""
    names = " · ".join(f"*{name_of(niche)}*" for niche in near)
    asked = (
        _("Link {role} to {names}?") if near else _("No niche is called like {role}. Make one of it?")
    ).format(role=f"<@&{role_id}>", names=names)
    yes: list[ui.Item[Any]] = [
        button(_("Yes: {name}").format(name=_(niche.name)), "niche.link", role_id, niche.slug, style="main")
        for niche in near
    ]
    options = [(_(AXIS_NAMES[axis]), axis) for axis in AXES]
    return card(
        _("Import a role"),
        asked,
        _("Its members are invited by one public message without a ping; nobody is added."),
        actions=[*yes, select(_("Make a new niche of it"), "niche.from_role", role_id, options=options)],
    )


def imported_card(done: Imported) -> ui.LayoutView:
    """Say what became of the role."""
    said = (
        _("{role} belongs to *{niche}* now, and an invitation is on its way.")
        if done.changed
        else _("{role} belonged to *{niche}* already.")
    ).format(role=f"<@&{done.role_id}>", niche=name_of(done.niche))
    gives = (
        _("Whoever joins gets the role, and whoever leaves loses it.")
        if done.gives_roles
        else _("Niche roles are off, so joining gives no role: `/kith niches roles on:True` changes that.")
    )
    return card(_("Imported"), said, gives, tone="good")


def rights_card() -> ui.LayoutView:
    """Say that Kith may not manage roles."""
    return card(
        _("I cannot give niche roles"),
        _("I miss the server permission *Manage Roles*. With it I catch up by myself within an hour."),
        tone="warn",
    )


def order_card(role_id: int) -> ui.LayoutView:
    """Say that a role stands too high."""
    return card(
        _("I cannot give a niche role"),
        _("{role} stands above my own role. Move mine above it, and I catch up within an hour.").format(
            role=f"<@&{role_id}>"
        ),
        tone="warn",
    )


def full_card() -> ui.LayoutView:
    """Say that the server has no room for more roles."""
    return card(
        _("No room for more niche roles"),
        _(
            "This server has 250 roles, the most Discord allows. Delete some, or let "
            "`/kith niches roles on:True least:` ask for more members; I try again every hour."
        ),
        tone="warn",
    )
