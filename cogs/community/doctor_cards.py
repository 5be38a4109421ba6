"""What the check-up looks like: what is wrong first, each with its exact fix."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from discord import ui

from bot.community.rules import LABELS, PLACE_NAMES, Finding, fixes
from bot.community.views import Failure, Health, Setup, Trouble
from bot.core.text import _, ngettext
from bot.edge.kit import button, card, when
from cogs.community.words import CHECKS, FEATURES, KINDS

NO_ACCESS, NO_CHANNEL = 50001, 10003
TAG_REQUIRED, THREADS_FULL = 40067, 160006


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything the check-up found; `mended` are channels in which something works again.

    `explained` are those whose trouble the check-up itself tells how to mend.
    """

    found: Sequence[Finding]
    setup: Setup
    health: Health
    mended: Sequence[int] = ()
    explained: Collection[int] = ()


def doctor_card(seen: Examined) -> ui.LayoutView:
    """Show every check with ✔ or ✖, what waits because of it, and how it goes."""
    wrong = [one for one in seen.found if not one.ok]
    to_mend = len(fixes(wrong)) + sum(one.channel_id not in seen.explained for one in seen.health.troubles)
    title = _("To mend: {count}").format(count=to_mend) if to_mend else _("Everything is in place")
    lacks_tags = any(one.check == "tags" for one in wrong)
    return card(
        title,
        _mended(seen.mended),
        _troubles(seen.health.troubles),
        *_places(seen.found),
        _running(seen),
        _given_up(seen.health.failures),
        actions=[
            button(_("Re-check"), "kith.recheck", style="main"),
            *([button(_("Add the tags"), "kith.tags")] if lacks_tags else []),
            button(_("Setup"), "kith.setup"),
        ],
        tone="warn" if to_mend else "good",
    )


def _mended(channels: Sequence[int]) -> str:
    if not channels:
        return ""
    where = ", ".join(f"<#{channel}>" for channel in channels)
    return _("✔ {channels}: it works again. What waited is on its way.").format(channels=where)


def _places(found: Sequence[Finding]) -> Iterator[str]:
    for place in PLACE_NAMES:
        here = [one for one in found if one.place == place]
        lines = [f"✖ {fix}" for fix in fixes(here)]
        wrong = {one.check for one in here if not one.ok}
        fine = dict.fromkeys(_check(one) for one in here if one.check not in wrong)
        if fine:
            lines.append("✔ " + " · ".join(fine))
        if lines:
            yield f"**{_(PLACE_NAMES[place])}**\n" + "\n".join(lines)


def _check(one: Finding) -> str:
    return _(LABELS.get(one.check) or CHECKS[one.check])


def _troubles(troubles: Sequence[Trouble]) -> str:
    """What Discord refused lately, and what waits because of it."""
    lines = [f"✖ {trouble_line(one)}" for one in troubles]
    return "\n".join([_("**Refused by Discord**"), *lines]) if lines else ""


def trouble_line(one: Trouble) -> str:
    """One refusal in words, with its fix."""
    said = what_failed(one).format(channel=f"<#{one.channel_id}>", what=kind_name(one.kind))
    since = _("Since {time}.").format(time=when(one.first_at))
    return " ".join(part for part in (said, since, waiting_line(one.waiting)) if part)


def what_failed(one: Trouble) -> str:
    """Say what was refused and how to mend it; the channel and what it was about go into it."""
    if one.code == NO_CHANNEL:
        return _("The channel for {what} was deleted. Choose another with `/kith setup`.")
    if one.code == THREADS_FULL:
        return _(
            "{channel}: the server is full of open posts and threads. Close old ones, and {what} goes out."
        )
    if one.code == TAG_REQUIRED:
        return _(
            "{channel}: each post needs a tag, and there is none for {what}. "
            "Edit the channel, and turn “Require people to select tags” off."
        )
    if one.code == NO_ACCESS:
        return _(
            "{channel}: I cannot see it, so {what} could not be posted. "
            "Open its settings → Permissions → Kith (add it if it is not there), and allow “View Channel”."
        )
    return _(
        "{channel}: a permission is missing for {what}. "
        "Open its settings → Permissions → Kith (add it if it is not there), and allow what is marked ✖ here."
    )


def waiting_line(waiting: int) -> str:
    """What is held back, and that it is not lost."""
    if not waiting:
        return ""
    said = ngettext(
        "{n} message waits there and goes out when it is mended.",
        "{n} messages wait there and go out when it is mended.",
        waiting,
    )
    return said.format(n=waiting)


def kind_name(kind: str) -> str:
    """Name a kind of message or work in words."""
    return _(KINDS.get(kind) or FEATURES.get(kind.partition(".")[0], "Kith"))


def _running(seen: Examined) -> str:
    """Who cannot be reached, and what comes when."""
    setup, health = seen.setup, seen.health
    lines = [_("**How it goes**"), _reach(health)]
    if not setup.community.started:
        lines.append(_("· Not started: nothing is sent to members until you press Start in `/kith setup`."))
    elif setup.community.paused:
        lines.append(_("· Paused: nothing is sent. `/kith resume` lets messages out again."))
    else:
        lines += _schedule(seen)
    return "\n".join(lines)


def _schedule(seen: Examined) -> Iterator[str]:
    setup = seen.setup
    if "introductions" not in setup.community.modules_off:
        if setup.round_waits:
            yield _("· The introductions wait for your yes: `/kith round preview`.")
        else:
            yield _("· Next introductions: {time}.").format(time=when(setup.next_round))
    if seen.health.week_at is not None:
        yield _("· Next weekly numbers: {time}.").format(time=when(seen.health.week_at))


def _reach(health: Health) -> str:
    total = health.reachable + health.unreachable
    if not total:
        return _("· Nobody has asked for messages yet.")
    if not health.unreachable:
        said = ngettext(
            "✔ {n} member asked for messages, and can be reached.",
            "✔ {n} members asked for messages, and all can be reached.",
            total,
        )
        return said.format(n=total)
    said = _(
        "· Closed DMs: {closed} of {total} members who asked for messages. What I write to them waits in "
        "their `/inbox`, and a note in the lobby tells them."
    )
    return said.format(closed=health.unreachable, total=total)


def _given_up(failures: Sequence[Failure]) -> str:
    if not failures:
        return ""
    lines = [
        _("· {what}: {count} in the last 7 days, last {time} (for the operator: {reason})").format(
            what=kind_name(one.kind), count=one.count, time=when(one.last_at), reason=one.reason or "–"
        )
        for one in failures
    ]
    return "\n".join([_("**Given up**"), *lines])


def setback_card(one: Trouble, fixes: Sequence[str]) -> ui.LayoutView:
    """Tell moderators, once, that something is not possible any more; `fixes` are exact where known."""
    what = {"channel": f"<#{one.channel_id}>", "what": kind_name(one.kind)}
    refused = _("Discord did not let me do this in {channel}: {what}.").format(**what)
    said = [refused, *(f"✖ {fix}" for fix in fixes)] if fixes else [what_failed(one).format(**what)]
    return card(
        _("Something needs a moderator"),
        "\n".join(said),
        waiting_line(one.waiting),
        _("Nothing is lost: I try again every ten minutes, or at once when you press *Check permissions*."),
        actions=[button(_("Check permissions"), "kith.doctor", style="main")],
        tone="warn",
    )
