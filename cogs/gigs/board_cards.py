"""A gig on the board, and what its poster can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.core.text import _
from bot.edge import kit
from bot.edge.kit import Outgoing, button, card, mention, safe, when
from bot.gigs.service import GigView
from cogs.gigs.common import finding_lines, place, report_poster
from cogs.gigs.words import KINDS, STATES

_TAGS = {"filled": "filled", "withdrawn": "closed", "expired": "closed"}


def board_post(gig: GigView) -> Outgoing:
    """The post on the board: an embed, because a forum's first message takes no card."""
    embed = discord.Embed(
        title=safe(gig.title, 200), description=safe(gig.description, 3500), colour=kit.TONES["plain"]
    )
    embed.add_field(name=_("Budget"), value=safe(gig.budget, 300))
    if gig.terms:
        embed.add_field(name=_("Niches and hours"), value=safe(gig.terms, 300))
    embed.add_field(
        name=_("Posted by"), value=f"{safe(gig.name, 100)} ({mention(gig.person_id)})", inline=False
    )
    if gig.state == "live":
        embed.add_field(name=_("Open until"), value=when(gig.expires_at, "D"), inline=False)
    if gig.findings:
        embed.add_field(
            name=_("Worth knowing"), value=finding_lines(gig.findings, quotes=False, limit=1000), inline=False
        )
    embed.set_footer(text=f"{_(KINDS[gig.kind])} · {_(STATES[gig.state])}")
    interest = (
        [button(_("I'm interested"), "gig.interest", gig.id, style="main")] if gig.state == "live" else []
    )
    actions = [*interest, report_poster(gig)]
    tags = (gig.kind, *((_TAGS[gig.state],) if gig.state in _TAGS else ()))
    return Outgoing(
        embed=embed, legacy_view=kit.legacy_view(*actions), title=kit.plain(gig.title, 100), tags=tags,
        archive=True if gig.state != "live" else None,
    )  # fmt: skip


def mine(gigs: Sequence[GigView]) -> ui.LayoutView:
    """The member's own gigs with what they can do about them."""
    if not gigs:
        return card(_("Your gigs"), _("You have posted none yet. /gig post starts one."))
    blocks: list[kit.Block] = []
    actions: list[ui.Item[Any]] = []
    for gig in gigs[:10]:
        link = (
            f" · https://discord.com/channels/{gig.community_id}/{gig.channel_id}" if gig.channel_id else ""
        )
        blocks.append(f"**{safe(gig.title, 120)}** · {_(STATES[gig.state])}{link}")
        name = kit.plain(gig.title, 40)
        if gig.state == "live":
            actions.append(
                button(_("Filled: {title}").format(title=name), "gig.filled", gig.id, style="main")
            )
        if gig.state in ("live", "queued", "held"):
            actions.append(button(_("Withdraw: {title}").format(title=name), "gig.withdraw", gig.id))
    return card(_("Your gigs"), *blocks, actions=actions)


def closing(gig: GigView, changed: bool) -> ui.LayoutView:
    """What the poster sees after Filled or Withdraw."""
    text = (
        _("“{title}” is {state}. Those who still waited are told.")
        if changed
        else _("“{title}” is {state} already; nothing changed.")
    )
    return card(_("Done"), text.format(title=safe(gig.title), state=_(STATES[gig.state])), tone="good")


def expired(gig: GigView) -> ui.LayoutView | None:
    """Tells the poster that the gig left the board."""
    text = _(
        "“{title}” was open for two weeks and left the board. Still looking? Post it again with /gig post."
    )
    return card(_("Your gig has run its time"), text.format(title=safe(gig.title)), place(gig))
