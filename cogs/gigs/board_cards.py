"""A gig on the board, links to it, and what its poster can do about it."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.core.text import N_, _
from bot.edge import kit
from bot.edge.kit import Outgoing, button, card, mention, safe, when
from bot.gigs import shelves
from bot.gigs.board import Mine
from bot.gigs.service import GigView
from cogs.gigs.common import details, finding_lines, pay, place, report_poster
from cogs.gigs.words import CHANGES, KINDS, STATES

# Discord counts all texts of an embed together.
EMBED_MAX, DESCRIPTION_MAX, TITLE_MAX, SPARE = 6000, 4096, 256, 10
LABEL_MAX = 40
GUIDE_TITLE = N_("How this board works")


def board_post(gig: GigView) -> Outgoing:
    """The post on the board: an embed, because a forum's first message takes no card."""
    buttons = []
    if gig.state == "live":
        buttons = [
            button(_("I'm interested"), "gig.interest", gig.id, style="main"),
            button(_("Save"), "gig.keep", gig.id),
        ]
    return Outgoing(
        embed=_embed(gig), legacy_view=kit.legacy_view(*buttons, report_poster(gig)),
        title=kit.plain(gig.title, 100),
        tags=shelves.tags_of(gig.kind, gig.state, gig.niche_names, starter=gig.starter),
        archive=gig.state != "live",
    )  # fmt: skip


def _embed(gig: GigView) -> discord.Embed:
    """All that is said about a gig; the description gets whatever room the rest leaves."""
    embed = discord.Embed(title=safe(gig.title, TITLE_MAX), colour=kit.TONES["plain"])
    embed.add_field(name=_("Budget"), value=_budget(gig))
    if gig.niche_names:
        embed.add_field(name=_("Niches"), value=", ".join(safe(name, 60) for name in gig.niche_names)[:500])
    for name, text in details(gig):
        embed.add_field(name=name, value=text)
    poster = f"{safe(gig.name, 100)} ({mention(gig.person_id)})"
    embed.add_field(name=_("Posted by"), value=poster, inline=False)
    if gig.state == "live":
        embed.add_field(name=_("Open until"), value=when(gig.expires_at, "D"), inline=False)
    if gig.findings:
        worth = finding_lines(gig.findings, quotes=False, limit=800)
        embed.add_field(name=_("Worth knowing"), value=worth, inline=False)
    embed.set_footer(text=f"{_(KINDS[gig.kind])} · {_(STATES[gig.state])}")
    embed.description = safe(gig.description, min(DESCRIPTION_MAX, EMBED_MAX - len(embed)) - SPARE)
    return embed


def _budget(gig: GigView) -> str:
    """What was typed, and what it was understood as where that says it in other words."""
    typed = safe(gig.budget, 220)
    understood = pay(gig.low, gig.high, gig.currency, gig.per) if gig.currency else ""
    return f"{typed}\n-# {understood}" if understood and understood != gig.budget else typed


def where(gig: GigView) -> str:
    """The address of a gig's post; empty while it has none."""
    if gig.channel_id is None:
        return ""
    home = f"https://discord.com/channels/{gig.community_id}/{gig.channel_id}"
    return home if gig.channel_id != gig.board_id else f"{home}/{gig.message_id}"


def linked(gig: GigView) -> Outgoing:
    """The link to a gig in a channel where it does not live; it follows what becomes of the gig."""
    embed = discord.Embed(
        title=safe(gig.title, TITLE_MAX),
        description=f"{_(KINDS[gig.kind])} · {safe(gig.budget, 220)}",
        colour=kit.TONES["plain"],
    )
    embed.set_footer(text=_("A gig · {state}").format(state=_(STATES[gig.state])))
    here = gig.state == "live" and bool(where(gig))
    # By the id of *Save* a link is found again that was sent just before a crash.
    save = button(_("Save"), "gig.keep", gig.id)
    actions: list[ui.Item[Any]] = [kit.link(_("Read it"), where(gig)), save] if here else []
    return Outgoing(embed=embed, legacy_view=kit.legacy_view(*actions))


def guide(*, needs_tag: bool) -> Outgoing:
    """The guidelines of the board, pinned in its channel."""
    lines = (
        _("Paid work for members of this server, posted with `/gig post`."),
        _("- Every gig says what it pays. “Exposure”, shares alone and contests are not accepted."),
        _("- Every gig is screened before it appears; moderators read the doubtful ones."),
        _("- Press *I'm interested* and write two or three sentences. Only the poster reads them."),
        _("- Contact opens when the poster accepts. Everybody who wrote learns the outcome."),
        _("- Never pay to get work, and never run code that a stranger sends you as a test."),
        _("- Something is wrong? Press *Report* under the gig, or try `/gig check` on any offer."),
    )
    embed = discord.Embed(title=_(GUIDE_TITLE), description="\n".join(lines), colour=kit.TONES["plain"])
    actions = [
        button(_("Look through the gigs"), "gig.look", style="main"),
        button(_("Post a gig"), "form.open", "gig", "new"),
    ]
    return Outgoing(
        embed=embed, legacy_view=kit.legacy_view(*actions), title=_(GUIDE_TITLE),
        tags=(_(shelves.OPEN),) if needs_tag else (),
    )  # fmt: skip


def mine(page: Mine) -> ui.LayoutView:
    """The member's own gigs with what they can do about them."""
    if not page.gigs:
        return card(_("Your gigs"), _("You have posted none yet. /gig post starts one."))
    blocks: list[kit.Block] = []
    for gig in page.gigs:
        blocks.append(_line(gig, page.changes.get(gig.id, "")))
        if buttons := _manage(gig, page):
            blocks.append(ui.ActionRow(*buttons))
    turning = [button(_("Older ones"), "gig.mine", page.older)] if page.older is not None else []
    return card(_("Your gigs"), *blocks, actions=turning)


def _line(gig: GigView, change: str) -> str:
    """One gig in a few lines: what it is, how it stands, where it is, what waits to change it."""
    state = _("open, but its post is gone") if gig.lost else _(STATES[gig.state])
    if gig.state == "live" and gig.audience != "board":
        state = _("shown to a few people first, then on the board")
    elif gig.state == "live" and not gig.lost:
        state += " · " + _("until {when}").format(when=when(gig.expires_at, "D"))
    post = f"\n{where(gig)}" if where(gig) and gig.state in ("live", "filled") else ""
    waits = f"\n-# {_(CHANGES[change])}" if change in CHANGES else ""
    return f"**{safe(gig.title, 120)}** · {state}{post}{waits}"


def _manage(gig: GigView, page: Mine) -> list[ui.Item[Any]]:
    """The buttons under one gig; each says which gig it is about."""
    name = kit.plain(gig.title, LABEL_MAX)

    def act(label: str, action: str, *, main: bool = False) -> ui.Item[Any]:
        return button(label.format(title=name), action, gig.id, style="main" if main else "plain")

    found: list[ui.Item[Any]] = []
    if gig.lost:
        found.append(act(_("Post again: {title}"), "gig.again", main=True))
    if gig.state == "live":
        found.append(act(_("Filled: {title}"), "gig.filled", main=True))
    if shelves.may_renew(gig.state, gig.expires_at, page.now):
        found.append(act(_("Renew: {title}"), "gig.renew"))
    if gig.state in ("live", "change", "draft"):
        found.append(act(_("Edit: {title}"), "gig.edit"))
    if gig.state in ("live", "queued", "held", "change"):
        found.append(act(_("Withdraw: {title}"), "gig.withdraw"))
    if gig.state == "refused" and not gig.appealed:
        found.append(act(_("Appeal: {title}"), "gig.appeal"))
    return found


def closing(gig: GigView, changed: bool, *, change_ended: bool = False) -> ui.LayoutView:
    """What the poster sees after Filled or Withdraw."""
    text = (
        _("“{title}” is {state}. Those who still waited are told.")
        if changed
        else _("“{title}” is {state} already; nothing changed.")
    )
    told = text.format(title=safe(gig.title), state=_(STATES[gig.state]))
    return card(_("Done"), told, ended_too() if change_ended else "", place(gig), tone="good")


def ended_too() -> str:
    """Said where new words were waiting for the moderators while their gig ended."""
    return _("Your change that waited for the moderators ended with it.")


def renewed(gig: GigView, changed: bool) -> ui.LayoutView:
    """What the poster sees after Renew."""
    text = (
        _("“{title}” is open for two more weeks, until {until}. I tell you by DM when someone is interested.")
        if changed
        else _("“{title}” is open until {until} already. You can renew it in its last week.")
    )
    until = when(gig.expires_at, "D")
    return card(_("Open"), text.format(title=safe(gig.title), until=until), place(gig), tone="good")


def posted_again(gig: GigView, changed: bool) -> ui.LayoutView:
    """What the poster sees after Post again."""
    text = (
        _("“{title}” goes back on the board now.")
        if changed
        else _("“{title}” is on the board, or on its way there; nothing changed.")
    )
    return card(_("Done"), text.format(title=safe(gig.title)), place(gig), tone="good")


def ending(gig: GigView) -> ui.LayoutView | None:
    """Two days before its end: a word to the poster, while they can still do something."""
    if gig.state != "live":
        return None
    text = _("“{title}” leaves the board on {until}. Still looking? *Renew* gives it two more weeks.")
    return card(
        _("Your gig ends soon"), text.format(title=safe(gig.title), until=when(gig.expires_at, "f")),
        place(gig),
        actions=[
            button(_("Renew"), "gig.renew", gig.id, style="main"),
            button(_("I found someone"), "gig.filled", gig.id),
            button(_("Withdraw"), "gig.withdraw", gig.id),
        ],
    )  # fmt: skip


def expired(gig: GigView, *, change_ended: bool = False) -> ui.LayoutView | None:
    """Tells the poster that the gig left the board."""
    if gig.state != "expired":
        return None
    text = _("The time of “{title}” is over, and it left the board. Still looking? *Renew* puts it back.")
    return card(
        _("Your gig has run its time"), text.format(title=safe(gig.title)),
        ended_too() if change_ended else "", place(gig),
        actions=[button(_("Renew"), "gig.renew", gig.id, style="main")],
    )  # fmt: skip


def lost(gig: GigView, *, may_return: bool) -> ui.LayoutView | None:
    """Tells the poster that the post of their live gig is not on the board."""
    if not gig.lost:
        return None
    text = _("The post of “{title}” is not on the board: somebody deleted it, or it could not be put there.")
    follows = (
        _("The gig itself is still open. *Post again* puts it back.")
        if may_return
        else _("It happened before, so please ask the moderators what is wrong. You can still withdraw it.")
    )
    again = [button(_("Post again"), "gig.again", gig.id, style="main")] if may_return else []
    return card(
        _("Your gig is not on the board"), text.format(title=safe(gig.title)), follows, place(gig),
        actions=[*again, button(_("Withdraw"), "gig.withdraw", gig.id)], tone="warn",
    )  # fmt: skip


def blocked(gig: GigView) -> ui.LayoutView | None:
    """Tells the poster that their gig waits for moderators to mend the board."""
    if gig.state != "live" or gig.message_id is not None:
        return None
    text = _(
        "“{title}” is not on the board yet: Discord does not let me post there at the moment. "
        "The moderators know what to mend, and then it goes up by itself. You need not do anything."
    )
    return card(
        _("Your gig waits"), text.format(title=safe(gig.title)), place(gig),
        actions=[button(_("Withdraw"), "gig.withdraw", gig.id)],
    )  # fmt: skip
