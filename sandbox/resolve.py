"""Turning what a member types into what Discord's client would send, or refusing as the client would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox import payloads, permissions
from sandbox.line import Impossible, Typed
from sandbox.model import MENTION, Channel, Guild, Json, User

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
NAMED = frozenset({USER, CHANNEL, ROLE, MENTIONABLE})
# Select menus number their kinds differently from command options.
SELECT_AS_OPTION = {5: USER, 6: ROLE, 7: MENTIONABLE, 8: CHANNEL}
TRUTH = {"true": True, "yes": True, "false": False, "no": False}

# What was suggested for an option: (path, option name) -> {name shown: value sent}.
Suggested = Mapping[tuple[tuple[str, ...], str], Mapping[str, Any]]


@dataclass
class Place:
    """Where and by whom something is typed; `resolved` collects the people, roles and channels named."""

    user: User
    channel: Channel
    guild: Guild | None
    resolved: Json = field(default_factory=dict)

    def named(self, kind: int, text: str) -> str:
        """The id of the user, role or channel named with @ or #; it is added to `resolved`."""
        finders: dict[int, Sequence[Callable[[str], str | None]]] = {
            USER: (self._user,),
            ROLE: (self._role,),
            MENTIONABLE: (self._user, self._role),
            CHANNEL: (self._channel,),
        }
        bare = text.strip().removeprefix("@").removeprefix("#")
        for find in finders[kind]:
            if found := find(bare):
                return found
        raise Impossible(f"{self.user.name} sees nobody and nothing called {text!r} here")

    def _user(self, name: str) -> str | None:
        """A member of the guild by name, nick or id."""
        if self.guild is None:
            people = [self.user]
        else:
            people = [member.user for member in self.guild.members.values()]
        for user in people:
            nick = self.guild.members[user.id].nick if self.guild else None
            if name in (user.global_name, user.name, nick, str(user.id)):
                self._add_user(user)
                return str(user.id)
        return None

    def _add_user(self, user: User) -> None:
        self._add("users", user.id, payloads.user_json(user))
        if self.guild and (member := self.guild.members.get(user.id)):
            bits = permissions.in_channel(self.guild, self.channel, member)
            shown = payloads.member_json(member, bits)
            # Discord leaves the account out of resolved members: it is under `users`.
            self._add("members", user.id, {key: value for key, value in shown.items() if key != "user"})

    def outsider(self, text: str) -> str | None:
        """Anyone at all by id or mention, as an option takes them: an account without a membership."""
        match = MENTION.fullmatch(text.strip())
        number = int(match[1]) if match else int(text) if text.strip().isdigit() else 0
        user = self.guild.sandbox.users.get(number) if self.guild else None
        if user:
            self._add_user(user)
        return str(user.id) if user else None

    def _role(self, name: str) -> str | None:
        for role in self.guild.roles.values() if self.guild else ():
            if name in (role.name, role.name.removeprefix("@"), str(role.id)):
                self._add("roles", role.id, payloads.role_json(role))
                return str(role.id)
        return None

    def _channel(self, name: str) -> str | None:
        if self.guild is None:
            return None
        member = self.guild.members[self.user.id]
        for channel in (*self.guild.channels.values(), *self.guild.threads.values()):
            if name in (channel.name, str(channel.id)) and permissions.sees(self.guild, channel, self.user):
                bits = permissions.in_channel(self.guild, channel, member)
                self._add("channels", channel.id, payloads.channel_json(channel) | {"permissions": str(bits)})
                return str(channel.id)
        return None

    def _add(self, kind: str, number: int, data: Json) -> None:
        self.resolved.setdefault(kind, {})[str(number)] = data

    def add_user(self, user: User) -> None:
        """Add the target of a context menu."""
        self._add_user(user)


def available(commands: Mapping[int | None, Sequence[Json]], place: Place) -> list[Json]:
    """The commands the client offers here: the guild's own before global ones, by context and permissions."""
    guild = place.guild
    own = [command | {"guild_id": str(guild.id)} for command in commands.get(guild.id, [])] if guild else []
    taken = {(command.get("type", 1), command["name"]) for command in own}
    everywhere = [c for c in commands.get(None, []) if (c.get("type", 1), c["name"]) not in taken]
    here = [command for command in everywhere if _in_context(command, dm=guild is None)]
    return [command for command in (*own, *here) if _permitted(command, place)]


def _in_context(command: Json, *, dm: bool) -> bool:
    """Whether a global command is offered in guilds (0) or in the bot's direct messages (1)."""
    contexts = command.get("contexts")
    if contexts is not None:
        return (1 if dm else 0) in contexts
    return not dm or command.get("dm_permission") is not False


def _permitted(command: Json, place: Place) -> bool:
    """Whether default_member_permissions let this member use it; "0" is for administrators only."""
    wanted = command.get("default_member_permissions")
    if place.guild is None:
        return True
    bits = permissions.in_channel(place.guild, place.channel, place.guild.members[place.user.id])
    if bits == permissions.ALL:
        return True
    if not bits & permissions.USE_APPLICATION_COMMANDS:
        return False
    return wanted is None or (int(wanted) > 0 and bits & int(wanted) == int(wanted))


def find_command(commands: Iterable[Json], name: str, kinds: tuple[int, ...]) -> Json:
    """The offered command of that name, or Impossible."""
    for command in commands:
        if command["name"] == name and command.get("type", 1) in kinds:
            return command
    raise Impossible(f"no command {name!r} is offered here")


def chat_data(command: Json, typed: Typed, place: Place, suggested: Suggested, *, focus: str = "") -> Json:
    """The data of a chat command's interaction; with `focus` that of an autocomplete for that option."""
    declared, wrap = _descend(command, typed.path)
    given = _given(declared, typed)
    options: list[Json] = []
    for name, text in given.items():
        if focus == name:
            options.append({"name": name, "type": declared[name]["type"], "value": text, "focused": True})
            continue
        known = suggested.get((typed.path, name), {})
        value = known[text] if text in known else _value(declared[name], text, place)
        options.append({"name": name, "type": declared[name]["type"], "value": value})
    if not focus:
        missing = [name for name, option in declared.items() if option.get("required") and name not in given]
        if missing:
            raise Impossible(f"/{' '.join(typed.path)}: {', '.join(missing)} must be given")
    return envelope(command) | {"options": wrap(options)} | _resolved(place, bool(focus))


def envelope(command: Json) -> Json:
    """What every command's data begins with."""
    data: Json = {"id": str(command["id"]), "name": command["name"], "type": command.get("type", 1)}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})


def _resolved(place: Place, focused: bool) -> Json:
    return {"resolved": place.resolved} if place.resolved and not focused else {}


def _descend(
    command: Json, path: tuple[str, ...]
) -> tuple[dict[str, Json], Callable[[list[Json]], list[Json]]]:
    """The options declared at the end of the path, and how to wrap values into the path's subcommands."""
    steps: list[Json] = []
    options = command.get("options") or []
    for name in path[1:]:
        step = next((o for o in options if o["name"] == name and o["type"] in (SUBCOMMAND, GROUP)), None)
        if step is None:
            raise Impossible(f"/{' '.join(path)}: {name!r} is not offered")
        steps.append(step)
        options = step.get("options") or []
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        raise Impossible(f"/{' '.join(path)}: one of {', '.join(o['name'] for o in options)} must follow")

    def wrap(values: list[Json]) -> list[Json]:
        for step in reversed(steps):
            values = [{"name": step["name"], "type": step["type"], "options": values}]
        return values

    return {option["name"]: option for option in options}, wrap


def _given(declared: Mapping[str, Json], typed: Typed) -> dict[str, str]:
    """The typed values by option; an unknown or repeated option is Impossible."""
    given: dict[str, str] = {}
    for name, text in typed.options:
        if name not in declared or name in given:
            offered = ", ".join(declared) or "none"
            raise Impossible(
                f"/{' '.join(typed.path)}: option {name!r} cannot be given (there are: {offered})"
            )
        given[name] = text
    return given


def _value(option: Json, text: str, place: Place) -> Any:
    """The value sent for one option."""
    if option.get("choices"):
        return _choice(option, text)
    kind = option["type"]
    if kind == STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not max(1, least) <= len(text) <= most:
            raise Impossible(f"{option['name']}: {len(text)} characters; {least} to {most}")
        return text
    if kind == BOOLEAN:
        if text.lower() not in TRUTH:
            raise Impossible(f"{option['name']}: True or False, not {text!r}")
        return TRUTH[text.lower()]
    if kind in NAMED:
        return _named(option, text, place)
    return _number(option, text)


def _choice(option: Json, text: str) -> Any:
    """The value of the choice with that name or value."""
    for choice in option["choices"]:
        if text in (choice["name"], str(choice["value"])):
            return choice["value"]
    names = ", ".join(choice["name"] for choice in option["choices"])
    raise Impossible(f"{option['name']}: {text!r} is not among {names}")


def _number(option: Json, text: str) -> int | float:
    try:
        number = int(text) if option["type"] == INTEGER else float(text)
    except ValueError as error:
        raise Impossible(f"{option['name']}: {text!r} is not a number") from error
    least, most = option.get("min_value"), option.get("max_value")
    if (least is not None and number < least) or (most is not None and number > most):
        raise Impossible(f"{option['name']}: {number} is not from {least} to {most}")
    return number


def _named(option: Json, text: str, place: Place) -> str:
    """The id of a user, role or channel option; channels only of the declared types."""
    outsider = place.outsider(text) if option["type"] in (USER, MENTIONABLE) else None
    found = outsider or place.named(option["type"], text)
    wanted = option.get("channel_types")
    if wanted and place.resolved["channels"][found]["type"] not in wanted:
        raise Impossible(f"{option['name']}: #{text} is not of a kind that can be chosen")
    return found
