"""Which permission Kith needs where, and the sentence that mends what is missing. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.errors import KithError
from bot.core.text import N_, _

Place = Literal["server", "lobby", "gigs", "moderators", "panel", "board", "links", "digest"]
Kind = Literal["text", "forum", "other", "gone", "unset"]
PLACES: tuple[Place, ...] = ("lobby", "gigs", "moderators", "panel")

DAYS_A_WEEK, HOURS_A_DAY = 7, 24
COUNTED_FROM = 5
"""Answers are private: with fewer of them, a number would tell who said what."""
TAGS_MAX = 20
"""Tags a forum may have, as Discord has it."""

_READ = ("view_channel", "read_message_history")
_WRITE = ("send_messages", "embed_links", "attach_files")
# Names as discord.py spells them; a forum's posts are threads, and "send messages" creates them.
NEEDS: Mapping[tuple[Place, Kind], tuple[str, ...]] = {
    ("lobby", "text"): (
        *_READ,
        *_WRITE,
        "create_private_threads",
        "send_messages_in_threads",
        "manage_threads",
    ),
    ("gigs", "forum"): (*_READ, *_WRITE, "send_messages_in_threads", "manage_threads"),
    ("gigs", "text"): (*_READ, *_WRITE, "pin_messages"),
    ("moderators", "text"): (*_READ, *_WRITE),
    ("panel", "text"): (*_READ, "send_messages", "embed_links"),
    ("board", "forum"): (*_READ, *_WRITE, "send_messages_in_threads", "manage_threads"),
    ("board", "text"): (*_READ, *_WRITE, "pin_messages"),
    ("links", "text"): (*_READ, "send_messages", "embed_links"),
    ("digest", "text"): (*_READ, "send_messages", "embed_links"),
}
# What else may be chosen in place of a channel that is gone or unfit.
_CHOOSE: Mapping[str, str] = {
    "board": N_("Take it off the board in `/kith gigs channels`."),
    "links": N_("Take it off the board in `/kith gigs channels`."),
    "digest": N_("Choose another with `/kith digest checkins channel:`."),
}

# The words of Discord's own settings, so that a moderator finds the switch.
LABELS: Mapping[str, str] = {
    "view_channel": N_("View Channel"),
    "read_message_history": N_("Read Message History"),
    "send_messages": N_("Send Messages"),
    "embed_links": N_("Embed Links"),
    "attach_files": N_("Attach Files"),
    "create_private_threads": N_("Create Private Threads"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "manage_threads": N_("Manage Threads"),
    "manage_roles": N_("Manage Roles"),
    "pin_messages": N_("Pin Messages"),
}

PLACE_NAMES: Mapping[str, str] = {
    "server": N_("Server"),
    "lobby": N_("Lobby"),
    "gigs": N_("Gig board"),
    "moderators": N_("Moderators' channel"),
    "panel": N_("Panel for new members"),
    "board": N_("More channels of the gig board"),
    "links": N_("Links to gigs"),
    "digest": N_("Digest of check-ins"),
}


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """A channel as Discord shows it now: what Kith may do there, and what everyone may."""

    name: str
    kind: Kind
    mine: frozenset[str] = frozenset()
    everyone: frozenset[str] = frozenset()
    tags: frozenset[str] | None = None
    """The names of a forum's tags, in small letters; None for what is no forum."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `fix` says what to do when it is not `ok`.

    `channel` and `channel_id` say where it was checked; nothing for what is about the whole server.
    """

    place: str
    check: str
    ok: bool
    fix: str = ""
    channel: str = ""
    channel_id: int = 0


UNSET = ChannelSeen("", "unset")


def findings(
    channels: Mapping[Place, ChannelSeen],
    *,
    too_high: Collection[str] | None = None,
    may_manage_roles: bool = True,
    dms_paused: bool = False,
    off: Collection[str] = (),
    tags: Sequence[str] = (),
    beside: Sequence[tuple[Place, ChannelSeen]] = (),
) -> list[Finding]:
    """Check everything Kith needs.

    Args:
        channels: what was seen in each chosen place; a place left out is not chosen.
        too_high: names of the roles Kith gives that are not below its own; None where none are wanted.
        may_manage_roles: whether Kith holds that permission in the server.
        dms_paused: whether the server has paused direct messages for now.
        off: parts of Kith that are left out here; the channels of these are not needed.
        tags: names of the tags that a forum of gigs needs.
        beside: channels that are used beside those of setup, each with what for.
    """
    places = [place for place in PLACES if needed(place, off)]
    found = [one for place in places for one in _in_channel(place, channels.get(place, UNSET))]
    if shared := list(_shared(channels, places)):
        found = [one for one in found if one.check != "private"] + shared
    if "gigs" in places:
        found += _tags(channels.get("gigs", UNSET), tags)
    found += [one for place, seen in beside for one in _in_channel(place, seen)]
    found += _about_roles(too_high, may_manage_roles)
    found.append(
        Finding(
            "server",
            "dms",
            not dms_paused,
            _("Direct messages are paused here. Allow them again in Server Settings → Safety Setup."),
        )
    )
    return found


def _in_channel(place: Place, seen: ChannelSeen) -> Iterator[Finding]:
    needs = NEEDS.get((place, seen.kind))
    fix = "" if needs else _channel_fix(place, seen)
    yield Finding(place, "chosen", needs is not None, fix, seen.name, seen.id)
    for permission in needs or ():
        fix = _allow(seen.name, [permission])
        yield Finding(place, permission, permission in seen.mine, fix, seen.name, seen.id)
    if needs:
        yield from _for_everyone(place, seen)


def _allow(channel: str, permissions: Sequence[str]) -> str:
    """Say where the switches are; Kith's own line in a channel wins over its role's, so that is the one."""
    fix = _(
        "Open the settings of #{channel} → Permissions → Kith (add it if it is not there), and allow {all}."
    )
    named = ", ".join(f"“{_(LABELS[one])}”" for one in permissions)
    return fix.format(channel=channel, all=named)


def fixes(found: Iterable[Finding]) -> list[str]:
    """Return what to do about all that is wrong, each once: a channel's switches stand in one sentence."""
    wrong = [one for one in found if not one.ok]
    said: dict[str, None] = {}
    for one in wrong:
        switches = [
            each.check for each in wrong if one.channel and each.channel_id == one.channel_id
            and each.channel == one.channel and each.check in LABELS
        ]  # fmt: skip
        merged = one.check in LABELS and one.channel
        said[_allow(one.channel, list(dict.fromkeys(switches))) if merged else one.fix] = None
    return list(said)


def _shared(channels: Mapping[Place, ChannelSeen], places: Collection[Place]) -> Iterator[Finding]:
    """The moderators' channel is theirs alone: no fix of its permissions helps where members need it too."""
    mine = channels.get("moderators")
    if mine is None or not mine.id:
        return
    also = [place for place in places if place != "moderators" and channels.get(place, UNSET).id == mine.id]
    if also:
        fix = _(
            "#{channel} has other uses too ({places}). "
            "Choose one for moderators alone: `/kith setup moderators:`."
        )
        named = ", ".join(_(PLACE_NAMES[place]) for place in also)
        fix = fix.format(channel=mine.name, places=named)
        yield Finding("moderators", "alone", False, fix, mine.name, mine.id)


def _tags(seen: ChannelSeen, wanted: Sequence[str]) -> Iterator[Finding]:
    """A forum's posts say by their tags what they are; a text channel has none."""
    if seen.tags is None or not wanted:
        return
    lacking = [tag for tag in wanted if tag.casefold() not in seen.tags]
    fix = _("Open the settings of #{channel} → Tags, and add: {tags}. Or press *Add the tags*.")
    if len(seen.tags) + len(lacking) > TAGS_MAX:
        fix = _("#{channel} has too many tags. In its settings → Tags, make room and add: {tags}.")
    fix = fix.format(channel=seen.name, tags=", ".join(lacking))
    yield Finding("gigs", "tags", not lacking, fix, seen.name, seen.id)


def _channel_fix(place: Place, seen: ChannelSeen) -> str:
    if place in _CHOOSE:
        unfit = _("A channel was deleted, or Kith cannot see it.")
        if seen.kind != "gone":
            unfit = _("#{channel} is of a kind that does not fit.").format(channel=seen.name)
        return f"{unfit} {_(_CHOOSE[place])}"
    if seen.kind == "unset":
        fix = _("Not chosen yet. Use `/kith setup {place}:` or *Create what is missing*.")
        if place == "moderators":
            fix = _("What needs a moderator has nowhere to go.") + " " + fix
    elif seen.kind == "gone":
        fix = _("The channel was deleted, or Kith cannot see it. Choose one with `/kith setup {place}:`.")
    elif place == "gigs":
        fix = _("#{channel} is neither a forum nor a text channel. Choose one with `/kith setup gigs:`.")
    else:
        fix = _("#{channel} is not a text channel. Choose one with `/kith setup {place}:`.")
    return fix.format(channel=seen.name, place=place)


def _for_everyone(place: Place, seen: ChannelSeen) -> Iterator[Finding]:
    """Members see all but the moderators' channel; only Kith posts gigs, and in the panel's channel."""

    def checked(check: str, ok: bool, fix: str) -> Finding:
        return Finding(place, check, ok, fix.format(channel=seen.name), seen.name, seen.id)

    visible, writable = "view_channel" in seen.everyone, "send_messages" in seen.everyone
    if place == "lobby":
        fix = _("Allow @everyone “View Channel” in #{channel}, or members cannot enter their rooms.")
        yield checked("seen_by_members", visible, fix)
    elif place in ("gigs", "board"):
        fix = _("Deny @everyone “Create Posts” (“Send Messages”) in #{channel}: gigs are screened first.")
        yield checked("only_kith_posts", not writable, fix)
    elif place == "panel":
        fix = _("Allow @everyone “View Channel” in #{channel}, or nobody finds the panel.")
        yield checked("seen_by_members", visible, fix)
        fix = _("Deny @everyone “Send Messages” in #{channel}, or the panel is soon out of sight.")
        yield checked("only_kith_posts", not writable, fix)
    elif place == "moderators":
        fix = _("Deny @everyone “View Channel” in #{channel}: reports and doubtful gigs appear there.")
        yield checked("private", not visible, fix)


def _about_roles(too_high: Collection[str] | None, may_manage: bool) -> Iterator[Finding]:
    if too_high is None:
        return
    fix = _("Allow Kith's role “Manage Roles” in Server Settings → Roles.")
    yield Finding("server", "manage_roles", may_manage, fix)
    fix = _("In Server Settings → Roles, drag Kith's role above: {roles}.")
    yield Finding("server", "role_order", not too_high, fix.format(roles=", ".join(sorted(too_high))))


def checked_day(weekday: int | None) -> int | None:
    """Pass a weekday (0 is Monday) or None; raise `day_unknown` otherwise."""
    if weekday is not None and not 0 <= weekday < DAYS_A_WEEK:
        raise KithError("day_unknown")
    return weekday


def checked_hour(hour: int | None) -> int | None:
    """Pass an hour of the day or None; raise `hour_unknown` otherwise."""
    if hour is not None and not 0 <= hour < HOURS_A_DAY:
        raise KithError("hour_unknown")
    return hour


def checked_kind(kind: str | None) -> str | None:
    """Pass the kind of channel a gig board can be, or None; raise ValueError: commands allow no other."""
    if kind not in (None, "forum", "text"):
        raise ValueError(f"gigs cannot be posted in a {kind} channel")
    return kind


def parse_hour(text: str) -> int:
    """Return the hour '10', '10:00', '9 am' or '18h' means; raise `hour_unknown` otherwise."""
    typed = text.strip().lower().replace(" ", "").replace(".", "")
    afternoon = typed.endswith("pm")
    twelve = afternoon or typed.endswith("am")
    typed = typed.removesuffix("pm").removesuffix("am").removesuffix("h").removesuffix(":00")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 2):  # noqa: PLR2004 - two digits of an hour
        raise KithError("hour_unknown")
    hour = int(typed)
    if twelve:
        if not 1 <= hour <= HOURS_A_DAY // 2:
            raise KithError("hour_unknown")
        hour = hour % 12 + (12 if afternoon else 0)
    checked_hour(hour)
    return hour


def needed(place: Place, off: Collection[str]) -> bool:
    """Tell whether a community that leaves these parts out needs this place."""
    return not (place == "gigs" and "gigs" in off)


def still_to_do(channels: Mapping[Place, int | None], off: Collection[str] = ()) -> tuple[Place, ...]:
    """Return the places that are needed and not chosen yet, in the order of the card."""
    return tuple(place for place in PLACES if needed(place, off) and channels.get(place) is None)


def well(found: Sequence[Finding]) -> set[int]:
    """Return the channels in which Kith may do all it needs, whatever members may there."""
    mine = [one for one in found if one.channel_id and (one.check in LABELS or one.check == "chosen")]
    return {one.channel_id for one in mine} - {one.channel_id for one in mine if not one.ok}
