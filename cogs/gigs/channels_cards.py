"""What moderators see of the channels of the board."""

from __future__ import annotations

from collections.abc import Mapping

from discord import ui

from bot.core.text import _
from bot.edge.kit import card, safe, select
from bot.gigs.channels import BoardSeen
from bot.gigs.shelves import Shelf
from cogs.gigs.words import KINDS


def channels(seen: BoardSeen, called: Mapping[int, str], note: str = "") -> ui.LayoutView:
    """Every channel of the board, which gigs live there, and a menu to take one off.

    `called` are the names of the channels by id; one that is not there was deleted.
    """
    main, *others = seen.shelves
    lines = [_("- <#{channel}>: every gig that lives nowhere else").format(channel=main.channel_id)]
    lines += [_line(shelf, seen) for shelf in others]
    menu = [
        select(
            _("Take a channel off the board"), "gig.channel.off",
            options=[(_named(shelf, called), str(shelf.channel_id), _rules(shelf, seen)) for shelf in others],
        )
    ] if others else []  # fmt: skip
    return card(
        _("Channels of the gig board"),
        note,
        "\n".join(lines),
        _("Add another with `/kith gigs add-channel`. The first one is chosen with `/kith setup gigs:`."),
        actions=menu,
    )


def _line(shelf: Shelf, seen: BoardSeen) -> str:
    """One channel beside the main one: what is there, and of which gigs."""
    rules = _rules(shelf, seen)
    if shelf.role == "home":
        what = _("- <#{channel}>: only these gigs: {rules}")
    else:
        what = (
            _("- <#{channel}>: links to these gigs: {rules}")
            if rules
            else _("- <#{channel}>: links to all gigs")
        )
    return what.format(channel=shelf.channel_id, rules=rules)


def _rules(shelf: Shelf, seen: BoardSeen) -> str:
    """What a channel takes, in words."""
    kinds = [_(KINDS[kind]) for kind in shelf.kinds if kind in KINDS]
    niches = [safe(seen.niche_names.get(slug, slug), 60) for slug in shelf.niches]
    return " · ".join(filter(None, (", ".join(kinds), ", ".join(niches))))


def _named(shelf: Shelf, called: Mapping[int, str]) -> str:
    """A channel in a menu, where no mention works."""
    name = called.get(shelf.channel_id)
    return (
        f"#{name}" if name else _("A channel that was deleted ({channel})").format(channel=shelf.channel_id)
    )


def added(seen: BoardSeen, called: Mapping[int, str]) -> ui.LayoutView:
    """What a moderator sees after adding a channel."""
    return channels(seen, called, _("Saved. New gigs follow this; those on the board stay where they are."))


def removed(seen: BoardSeen, called: Mapping[int, str]) -> ui.LayoutView:
    """What a moderator sees after taking a channel off."""
    note = (
        _("Taken off. What is open there stays until it ends.")
        if seen.changed
        else _("It was not on the board; nothing changed.")
    )
    return channels(seen, called, note)
