"""What moderators see: the first message, setup, and everything that was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discord import ui

from bot.community import modules
from bot.community.rules import PLACE_NAMES
from bot.community.service import LastRound, Setup, channels_of
from bot.community.views import Decided, Settings
from bot.core.text import _, ngettext
from bot.edge.kit import button, card, select, when
from bot.people.views import CommunityView
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
            button(_("Preview as a member"), "kith.preview"),
        ],
    )


def setup_card(setup: Setup, note: str = "") -> ui.LayoutView:
    """Show where setup stands and the ways to go on."""
    seen = setup.community
    return card(
        _("Setting up Kith"),
        note,
        "\n".join(_rows(setup)),
        _state(setup),
        _last(setup.last_round),
        _("Pick channels of your own with `/kith setup lobby: gigs: moderators: panel:`."),
        actions=_actions(setup),
        tone="good" if seen.started and not seen.paused else "plain",
    )


def _rows(setup: Setup) -> Iterator[str]:
    """Every step, done or not."""
    yield from place_rows(setup.community)
    yield (
        f"✔ **{_('Introductions')}** {_day(setup.community)}" if _introduces(setup) else _off("introductions")
    )
    yield from (_off(one) for one in modules.MODULES if one != "introductions" and one in _left_out(setup))


def place_rows(seen: CommunityView) -> Iterator[str]:
    """The channels in use, chosen or not."""
    for place, channel in channels_of(seen).items():
        name = _(PLACE_NAMES[place])
        yield f"✔ **{name}** <#{channel}>" if channel else f"✖ **{name}** {_('not chosen')}"


def _day(seen: CommunityView) -> str:
    return _("{day} at {hour}:00, {zone}").format(
        day=_(DAYS[seen.round_weekday]), hour=f"{seen.round_hour:02d}", zone=seen.zone
    )


def _off(module: str) -> str:
    return f"· **{_(modules.NAMES[module])}** {_('off')}"


def _left_out(setup: Setup) -> list[str]:
    return list(setup.community.modules_off)


def _introduces(setup: Setup) -> bool:
    return "introductions" not in setup.community.modules_off


def _state(setup: Setup) -> str:
    if setup.community.paused:
        return _("Paused: nothing is sent. `/kith resume` lets messages out again.")
    if setup.community.started and not _introduces(setup):
        return _("Kith is running.")
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


def modules_menu(seen: CommunityView) -> ui.Item[Any]:
    """Choose what Kith does here."""
    return select(
        _("What Kith does here"),
        "kith.modules",
        options=[(_(modules.NAMES[one]), one, _(modules.ABOUT[one])) for one in modules.MODULES],
        chosen=[one for one in modules.MODULES if one not in seen.modules_off],
        max_values=len(modules.MODULES),
        min_values=0,
    )


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
    actions.append(button(_("Preview as a member"), "kith.preview"))
    return [modules_menu(setup.community), *actions]


def settings_card(seen: Settings) -> ui.LayoutView:
    """Show everything that was decided, each with the way to change it."""
    setup, community = seen.setup, seen.setup.community
    used = [_(modules.NAMES[one]) for one in modules.MODULES if one not in community.modules_off]
    return card(
        _("How Kith is set here"),
        _state(setup),
        "\n".join([_("**Channels** · `/kith setup`"), *place_rows(community)]),
        _("**What Kith does here** · `/kith setup`") + "\n" + (" · ".join(used) or _("nothing")),
        _more_channels(seen),
        "\n".join(_rounds(setup, seen.decided)) if _introduces(setup) else "",
        _niche_roles(community),
        "\n".join(_digests(seen)),
        _("`/kith pause` silences everything; `/kith audit` tells who changed what."),
        actions=[
            modules_menu(community),
            button(_("Setup"), "kith.setup"),
            button(_("Check permissions"), "kith.doctor"),
            button(_("Who changed what"), "kith.audit", 0),
        ],
    )


def _more_channels(seen: Settings) -> str:
    """The gig board's channels beside the main one."""
    found = [one for one in seen.beside if one.place != "digest"]
    if not found:
        return ""
    names = " · ".join(f"<#{one.channel_id}>" for one in found)
    return _("**More channels of the gig board** · `/kith gigs channels`") + "\n" + names


def _rounds(setup: Setup, kept: Decided) -> Iterator[str]:
    yield _("**Introductions** · `/kith round settings`, `/kith holidays`")
    every = ngettext("every week", "every {n} weeks", kept.round_weeks).format(n=kept.round_weeks)
    yield f"{_day(setup.community)} · {every}"
    yield _("a moderator looks at each round first") if kept.approve else _("rounds go out by themselves")
    yield (
        _("new pairs come before repeats")
        if kept.new_first
        else _("a good repeat may come before a new pair")
    )
    if kept.holidays:
        first = f"{kept.holidays[0]:%Y-%m-%d}"
        said = ngettext(
            "{n} day without introductions, {first}",
            "{n} days without introductions, the first {first}",
            len(kept.holidays),
        )
        yield said.format(n=len(kept.holidays), first=first)


def _niche_roles(seen: CommunityView) -> str:
    said = (
        _("none")
        if seen.niche_roles_from is None
        else _("for niches with {n} members and more").format(n=seen.niche_roles_from)
    )
    return _("**Roles of niches** · `/kith niches roles`") + "\n" + said


def _digests(seen: Settings) -> Iterator[str]:
    yield _("**Digests** · `/kith digest`")
    if seen.week_at is not None:
        yield _("weekly numbers for moderators, next {time}").format(time=when(seen.week_at))
    elif "digest" in seen.setup.community.modules_off:
        yield _("no weekly numbers for moderators")
    elif seen.setup.community.mod_channel_id is None:
        yield _("weekly numbers for moderators have no channel yet: `/kith setup moderators:`")
    else:
        yield _("weekly numbers for moderators, each Monday from Start on")
    if seen.decided.checkin_digest is not None:
        yield _("check-ins of the week in <#{channel}>").format(channel=seen.decided.checkin_digest)
    else:
        yield _("no digest of check-ins")
