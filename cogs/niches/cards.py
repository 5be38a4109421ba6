"""What members see of niches."""

from __future__ import annotations

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, safe, select
from bot.niches.service import NicheChange, NicheCount, NicheList
from cogs.niches.words import AXES


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
        said.format(niche=safe(_(change.niche.name), 60)) + " " + company,
        _("**Yours** {niches}").format(niches=mine) if mine else _("You are in no niche now."),
        actions=[button(_("Browse"), "niche.browse")],
        tone="good" if change.changed else "plain",
    )


def browse_card(niches: NicheList) -> ui.LayoutView:
    """Show every niche by axis, the largest first, and a menu of the top ones to join."""
    blocks = [
        f"**{_(heading)}**\n" + " · ".join(_niche_words(count) for count in niches.on(axis))
        for axis, heading in AXES.items()
    ]
    options = [
        (_(one.niche.name), one.niche.slug, _("members: {count}").format(count=one.members))
        for one in niches.to_join(25)
    ]
    menu = [select(_("Join a niche"), "niche.join", options=options)] if options else []
    hint = _("✔ marks yours. `/niche join` finds any of them, also when it is mistyped.")
    return card(_("Niches here"), *blocks, hint, actions=menu)


def _niche_words(count: NicheCount) -> str:
    name = safe(_(count.niche.name), 60)
    size = f" ({count.members})" if count.members else ""
    return f"✔ **{name}**{size}" if count.mine else name + size
