"""What moderators see: the first message, setup, and the check-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.community.rules import LABELS, PLACE_NAMES, Finding
from bot.community.service import CommunityService, LastRound, Setup, channels_of
from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.kit import Outgoing, button, card, when
from cogs.community.words import CHECKS
from cogs.days import DAYS


def hello_card() -> ui.LayoutView:
    """Greet the moderators of a new community."""
    return card(
        _("Kith is here"),
        _(
            "I help members find each other: niches, introductions by DM, a gig board "
            "and weekly check-ins. I never read conversations."
        ),
        _("**Nothing is sent to members until you press Start.** It takes a moderator about five minutes."),
        _("Begin with `/kith setup`; `/kith doctor` tells you if a permission is missing."),
        _("With Start, newcomers get a panel in a channel of your choice: *Join*, *Browse*, *What is this?*"),
        actions=[
            button(_("Set up"), "kith.setup", style="main"),
            button(_("Check permissions"), "kith.doctor"),
        ],
    )


def renderers(_service: CommunityService) -> dict[str, Any]:
    """Return how the community's messages look."""

    async def hello(_said: Said) -> Outgoing:
        return Outgoing(view=hello_card())

    return {"community.hello": hello}


def setup_card(setup: Setup, note: str = "") -> ui.LayoutView:
    """Show where setup stands and the ways to go on."""
    seen = setup.community
    rows = [
        f"✔ **{_(PLACE_NAMES[place])}** <#{channel}>"
        if channel
        else f"✖ **{_(PLACE_NAMES[place])}** {_('not chosen')}"
        for place, channel in channels_of(seen).items()
    ]
    day = _("{day} at {hour}:00, {zone}").format(
        day=_(DAYS[seen.round_weekday]), hour=f"{seen.round_hour:02d}", zone=seen.zone
    )
    rows.append(f"✔ **{_('Introductions')}** {day}")
    return card(
        _("Setting up Kith"),
        note,
        "\n".join(rows),
        _state(setup),
        _last(setup.last_round),
        _("Pick channels of your own with `/kith setup lobby: gigs: moderators: panel:`."),
        actions=_actions(setup),
        tone="good" if seen.started and not seen.paused else "plain",
    )


def _state(setup: Setup) -> str:
    if setup.community.paused:
        return _("Paused: nothing is sent. `/kith resume` lets messages out again.")
    if setup.community.started and setup.round_waits:
        return _("Kith is running. The introductions wait for your yes: `/kith round preview`.")
    if setup.community.started:
        return _("Kith is running. Next introductions: {when}.").format(when=when(setup.next_round))
    return _("**Nothing is sent to members until you press Start.**")


def _last(last: LastRound | None) -> str:
    """How the last round went; nothing before the first."""
    if last is None:
        return ""
    return _(
        "Last introductions, {when}: {introduced} of {enrolled} introduced, {left_out} left out."
    ).format(when=when(last.at), introduced=last.introduced, enrolled=last.enrolled, left_out=last.left_out)


def _actions(setup: Setup) -> list[ui.Item[Any]]:
    actions: list[ui.Item[Any]] = []
    if not setup.community.started:
        actions.append(button(_("Start"), "kith.start", style="main", disabled=not setup.ready))
    actions.append(button(_("City, day and hour"), "form.open", "kith.setup", "0"))
    if setup.missing:
        actions.append(button(_("Create what is missing"), "kith.create"))
    if setup.community.started and setup.community.panel_channel_id is not None:
        actions.append(button(_("Post the panel again"), "kith.panel"))
    actions.append(button(_("Check permissions"), "kith.doctor"))
    return actions


def doctor_card(found: Sequence[Finding]) -> ui.LayoutView:
    """Show every check with ✔ or ✖, what is wrong first, each with its fix."""
    wrong = [one for one in found if not one.ok]
    blocks = []
    for place in PLACE_NAMES:
        here = sorted((one for one in found if one.place == place), key=lambda one: one.ok)
        lines = [_line(one) for one in here if not one.ok]
        fine = [_check(one) for one in here if one.ok]
        if fine:
            lines.append("✔ " + " · ".join(fine))
        if lines:
            blocks.append(f"**{_(PLACE_NAMES[place])}**\n" + "\n".join(lines))
    title = _("Everything is in place") if not wrong else _("To mend: {count}").format(count=len(wrong))
    return card(
        title,
        *blocks,
        actions=[button(_("Re-check"), "kith.recheck", style="main"), button(_("Setup"), "kith.setup")],
        tone="warn" if wrong else "good",
    )


def _check(one: Finding) -> str:
    return _(LABELS.get(one.check) or CHECKS[one.check])


def _line(one: Finding) -> str:
    return f"✖ {_check(one)}: {one.fix}"
