"""Every slash command there is, filled in with what fits."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sandbox import payloads
from sandbox.actors import Member
from sandbox.model import COMMAND, Json
from sandbox.resolve import BOOLEAN, CHANNEL, GROUP, NAMED, STRING, SUBCOMMAND, USER, Place, envelope
from sandbox.screen import Screen

WORDS = {"city": "Lisbon, Portugal", "niche": "energy", "source": "energy", "target": "retail", "gig": "1"}


def leaves(command: Json) -> Iterator[tuple[str, ...]]:
    """The names down to every command that can be called."""
    for option in command.get("options") or ():
        if option["type"] in (SUBCOMMAND, GROUP):
            yield from ((option["name"], *below) for below in leaves(option))
    if not any(option["type"] in (SUBCOMMAND, GROUP) for option in command.get("options") or ()):
        yield ()


def suggesting(
    commands: Iterable[Json], above: tuple[str, ...] = (), root: Json | None = None
) -> Iterator[tuple[Json, tuple[str, ...]]]:
    """Every option that makes suggestions: its command, and the names down to it."""
    for one in commands:
        path = (*above, one["name"]) if root is not None else ()
        if one.get("autocomplete"):
            yield root or one, path
        yield from suggesting(one.get("options") or (), path, root or one)


async def call(actor: Member, command: Json, path: Sequence[str], *, full: bool, dm: bool = False) -> Screen:
    """Send in a command, offered or not, with all its options or with those it needs."""
    place: Place = actor._place(None, dm=dm)
    outer: list[Json] = []
    wrapped, declared = outer, command.get("options") or []
    for name in path:
        step = next(one for one in declared if one["name"] == name)
        inner: list[Json] = []
        outer.append({"name": name, "type": step["type"], "options": inner})
        outer, declared = inner, step.get("options") or []
    for option in declared:
        if full or option.get("required"):
            value = _value(actor, option, place)
            outer.append({"name": option["name"], "type": option["type"], "value": value})
    data = envelope(command) | {"options": wrapped}
    if place.resolved:
        data["resolved"] = place.resolved
    return await actor._do(f"/{command['name']} {' '.join(path)}", COMMAND, place.channel, data)


def _value(actor: Member, option: Json, place: Place) -> Any:
    kind = option["type"]
    if option.get("choices"):
        return option["choices"][-1]["value"]
    if kind == STRING:
        return WORDS.get(option["name"], "2026-03-01")[: option.get("max_length") or 100]
    if kind == BOOLEAN:
        return True
    return _named(actor, option, place) if kind in NAMED else option.get("min_value", 1)


def _named(actor: Member, option: Json, place: Place) -> str | None:
    """The owner, the role of everybody, or a channel, which this member may not even see."""
    if option["type"] == USER:
        return place.outsider(str(actor.guild.owner_id))
    if option["type"] != CHANNEL:
        if place.guild is None:
            return str(actor.guild.id)  # a DM has no roles: a made-up client sends one all the same
        return place.named(option["type"], str(actor.guild.id))
    fits = option.get("channel_types")
    room = next(one for one in actor.guild.channels.values() if not fits or one.type in fits)
    shown = payloads.channel_json(room) | {"permissions": "0"}
    place.resolved.setdefault("channels", {})[str(room.id)] = shown
    return str(room.id)
