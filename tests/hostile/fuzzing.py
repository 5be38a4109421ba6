"""Sends in what nobody would, as anybody, and holds every answer against what every answer must be."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from sandbox import payloads
from sandbox.kinds import CHECK, LABEL, RADIO, SELECT, TEXT_INPUT
from sandbox.model import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Channel, Interaction, Json, Message
from sandbox.resolve import (
    BOOLEAN,
    CHANNEL,
    GROUP,
    NAMED,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
    Place,
    available,
    envelope,
)
from sandbox.screen import Screen
from sandbox.screen import Select as Menu
from tests.hostile import strange
from tests.hostile.checks import OURS, raw
from tests.hostile.commands import suggesting
from tests.hostile.communities import Communities, Player
from tests.stage import Stage

BURST = 6
Doing: TypeAlias = Callable[[], Awaitable[None]]


@dataclass
class Fuzz:
    """Sends things in, and remembers every id of a button, a menu or a form that anyone ever saw."""

    stage: Stage
    world: Communities
    rng: random.Random
    ids: list[tuple[int, str]] = field(default_factory=list)
    mine: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    forms: list[Mapping[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    player: Player = field(init=False)

    @property
    def actor(self) -> Any:
        """Whoever does what is being done."""
        return self.player.actor

    def plan(self, count: int) -> Iterator[Doing]:
        """So many things to do: every family of buttons and forms once, the rest by chance; in any order."""
        client = self.stage.app.client
        doing: list[Doing] = [partial(self.made_up, one) for one in client.buttons.known()]
        doing += [partial(self.form, one) for one in client.forms.known()]
        assert len(doing) < count
        doing += self.rng.choices(
            (self.command, self.made_up, self.replayed, self.form, self.menu, self.typing, self.burst),
            weights=(12, 5, 12, 8, 2, 3, 1),
            k=count - len(doing),
        )
        self.rng.shuffle(doing)
        for does in doing:
            self.player = self.rng.choice(self.world.players)
            yield does

    # --- sending and looking -----------------------------------------------------------------------

    async def send(self, kind: int, channel: Channel, data: Json, on: Message | None = None) -> Screen:
        """Send one interaction in, now and then twice as Discord does; return what it brought."""
        actor = self.actor
        self.told.append(f"{actor.name} {kind}: {json.dumps(data)[:600]}")
        interaction = self.stage.discord.interaction(kind, actor.user, channel, data, message=on)
        await self.stage.discord.deliver(interaction)
        await actor._settled(interaction)
        if self.rng.random() < 0.05:
            await all_done()
            answers = len(interaction.responses)
            await self.stage.discord.deliver(interaction)
            await all_done()
            assert len(interaction.responses) == answers, self.told[-1]
        if kind == AUTOCOMPLETE:
            self.hides(json.dumps(interaction.choices))
            return Screen()
        screen: Screen = actor._answer(interaction)
        self.look(interaction, screen)
        return screen

    def look(self, interaction: Interaction, screen: Screen) -> None:
        """Hold an answer against what every answer must be, and keep what can be used on it."""
        assert interaction.state == "answered", self.told[-1]
        assert screen.form is not None or screen.text.strip(), self.told[-1]
        assert OURS not in screen.text, f"{self.told[-1]}\n{screen.text}"
        self.hides(json.dumps(interaction.modal))
        for message in (*interaction.responses, interaction.original):
            if message is not None:
                self.hides(raw(message))
        self.keep(screen, self.actor.id)

    def hides(self, shown: str) -> None:
        """See that nothing of the other community is in what this person gets."""
        assert self.player.hidden is None or self.player.hidden not in shown, f"{self.told[-1]}\n{shown}"

    def keep(self, screen: Screen, person: int) -> None:
        """Remember what can be pressed, chosen and filled in, and who saw it."""
        for control in screen.controls:
            if control.custom_id:
                kind = 2
                if isinstance(control, Menu):
                    kind = SELECT
                    self.offered[control.custom_id] = [one.value for one in control.options]
                self.ids.append((kind, control.custom_id))
                self.mine.setdefault(person, []).append((kind, control.custom_id))
        if screen.form is not None:
            self.forms.append({"custom_id": screen.form.custom_id, "parts": screen.form.parts})

    # --- commands ----------------------------------------------------------------------------------

    async def command(self) -> None:
        """Any command, offered or not, with options of the declared kinds, or bent out of shape."""
        place = self.actor._place(None, dm=self.rng.random() < 0.1)
        data = self.filled_command(place)
        if self.rng.random() < 0.15:
            strange.bent_command(self.rng, data)
        await self.go_on(await self.send(COMMAND, place.channel, data), place.channel)

    def filled_command(self, place: Place) -> Json:
        """A command with its options; a modified client sends those of moderators as well."""
        known = self.stage.discord.commands[None]
        offered = known if self.rng.random() < 0.3 else available(self.stage.discord.commands, place)
        command = self.rng.choice([one for one in offered if one.get("type", 1) == 1])
        data = envelope(command) | {"options": list(self.options(command.get("options") or [], place))}
        if place.resolved:
            data["resolved"] = place.resolved
        return data

    def options(self, declared: Sequence[Json], place: Place) -> Iterator[Json]:
        """Fill in the options; of subcommands one is chosen."""
        nested = [one for one in declared if one["type"] in (SUBCOMMAND, GROUP)]
        if nested:
            one = self.rng.choice(nested)
            inner = list(self.options(one.get("options") or [], place))
            yield {"name": one["name"], "type": one["type"], "options": inner}
            return
        for option in declared:
            if option.get("required") or self.rng.random() < 0.6:
                value = self.value(option, place)
                if value is not None:
                    yield {"name": option["name"], "type": option["type"], "value": value}

    def value(self, option: Json, place: Place) -> Any:
        """A value that Discord would let through, None where there is none."""
        kind = option["type"]
        if option.get("choices"):
            return self.rng.choice(option["choices"])["value"]
        if kind == BOOLEAN:
            return self.rng.random() < 0.5
        if kind in NAMED:
            return self.named(option, place)
        if kind == STRING:
            text = self.typed(marks=place.guild is not None)[: option.get("max_length") or 6000]
            return text.ljust(max(1, option.get("min_length") or 0), "x")
        return self.rng.randint(option.get("min_value", -(2**53)), option.get("max_value", 2**53))

    def named(self, option: Json, place: Place) -> str | None:
        """Somebody or something of this server or of the other, or a person who is in no server."""
        if place.guild is None:
            return None
        guild = self.rng.choice([place.guild, *self.stage.discord.guilds.values()])
        if option["type"] == USER:
            # Whoever is barred somewhere is known there, and `/privacy` tells them so by its name.
            people = [*place.guild.members, self.world.stranger]
            return place.outsider(str(self.rng.choice(people)))
        if option["type"] == ROLE:
            role = self.rng.choice(list(guild.roles.values()))
            place.resolved.setdefault("roles", {})[str(role.id)] = payloads.role_json(role)
            return str(role.id)
        fits = option.get("channel_types")
        rooms = [one for one in guild.channels.values() if not fits or one.type in fits]
        if option["type"] != CHANNEL or not rooms:
            return None
        room = self.rng.choice(rooms)
        shown = payloads.channel_json(room) | {"permissions": "0"}
        place.resolved.setdefault("channels", {})[str(room.id)] = shown
        return str(room.id)

    async def typing(self) -> None:
        """Type into an option that makes suggestions, with anything in the others."""
        place = self.actor._place(None)
        command, path = self.rng.choice(list(suggesting(self.stage.discord.commands[None])))
        declared: Sequence[Json] = command["options"]
        wrapped: list[Json] = []
        outer = wrapped
        for name in path[:-1]:
            step = next(one for one in declared if one["name"] == name)
            inner: list[Json] = []
            outer.append({"name": name, "type": step["type"], "options": inner})
            outer, declared = inner, step["options"]
        for option in declared:
            focused = {"focused": True} if option["name"] == path[-1] else {}
            if focused or self.rng.random() < 0.5:
                kind = {"name": option["name"], "type": option["type"]}
                outer.append(kind | {"value": self.typed()} | focused)
        await self.send(AUTOCOMPLETE, place.channel, envelope(command) | {"options": wrapped})

    async def menu(self) -> None:
        """Open a context menu, on a person or on a message."""
        place: Place = self.actor._place(None)
        command = self.rng.choice([one for one in self.stage.discord.commands[None] if one["type"] != 1])
        if command["type"] == 2:
            target = self.stage.discord.users[self.rng.choice([*place.guild.members, self.world.stranger])]  # type: ignore[union-attr]
            place.add_user(target)
            resolved = place.resolved
        else:
            target = self.world.public[self.actor.guild.id]  # type: ignore[assignment]
            shown = payloads.message_json(self.stage.discord, target) | {"content": self.typed()[:4000]}  # type: ignore[arg-type]
            resolved = {"messages": {str(target.id): shown}}
        data = envelope(command) | {"target_id": str(target.id), "resolved": resolved}
        await self.send(COMMAND, place.channel, data)

    # --- buttons, menus, forms ---------------------------------------------------------------------

    async def made_up(self, action: str | None = None) -> None:
        """A button or a menu of any action there is, with arguments that no card ever carried."""
        action = action or self.rng.choice(self.stage.app.client.buttons.known())
        args = [self.argument() for _one in range(self.rng.randint(0, 4))]
        await self.use(self.rng.choice((2, SELECT)), ":".join(["k", action, *args]))

    async def replayed(self) -> None:
        """What somebody saw, perhaps long ago or in the other community, perhaps with one part changed."""
        own = self.mine.get(self.actor.id, [])[-60:]
        kind, made = self.rng.choice(own if own and self.rng.random() < 0.5 else self.ids)
        if self.rng.random() < 0.3:
            parts = made.split(":")
            parts[self.rng.randrange(len(parts) - 1) + 1] = self.argument()
            made = ":".join(parts)
        await self.use(kind, made)

    async def use(self, kind: int, made: str) -> None:
        """Use a component on a message that is there."""
        rest = made.partition(":")[2]
        data: Json = {"custom_id": f"{'s' if kind == SELECT else 'k'}:{rest}"[:100], "component_type": kind}
        if kind == SELECT:
            known = self.offered.get(made) if self.rng.random() < 0.7 else None
            some = [self.argument() for _one in range(3)]
            data["values"] = self.rng.sample(known or some, 1 if known else self.rng.randint(1, 3))
        if self.rng.random() < 0.1:
            strange.bent_component(self.rng, data)
        on = self.somewhere()
        channel = self.actor._channel_of(on)
        await self.go_on(await self.send(COMPONENT, channel, data, on), channel, on)

    async def go_on(self, screen: Screen, channel: Channel, on: Message | None = None) -> None:
        """Fill in the form that has just opened, if one has."""
        if screen.form is not None and self.rng.random() < 0.7:
            filled = list(self.filled(screen.form.parts, marks=channel.guild_id is not None))
            await self.send(
                MODAL_SUBMIT, channel, {"custom_id": screen.form.custom_id, "components": filled}, on
            )

    async def form(self, name: str | None = None) -> None:
        """A form that somebody opened, or that nobody did, filled in as no client would let them."""
        place = self.actor._place(None, dm=self.rng.random() < 0.1)
        marks = place.guild is not None
        if self.forms and name is None and self.rng.random() < 0.8:
            opened = self.rng.choice(self.forms)
            made, parts = opened["custom_id"], opened["parts"]
        else:
            name = name or self.rng.choice(self.stage.app.client.forms.known())
            state = ":".join(self.argument() for _one in range(self.rng.randint(0, 3)))
            made, parts = (
                f"f:{name}:{state}:made"[:100],
                self.rng.choice(self.forms or [{"parts": ()}])["parts"],
            )
        data: Json = {"custom_id": made, "components": list(self.filled(parts, marks=marks))}
        if self.rng.random() < 0.15:
            strange.bent_form(self.rng, data)
        # Discord knows on which message a form was opened; it cannot be sent in on another.
        on = self.rng.choice(self.own() or [None]) if self.rng.random() < 0.5 else None
        await self.send(MODAL_SUBMIT, self.actor._channel_of(on) if on else place.channel, data, on)

    def filled(self, parts: Iterable[Mapping[str, Any]], *, marks: bool) -> Iterator[Json]:
        """Fill in a form; three times out of four a choice is one that was offered."""
        for number, part in enumerate(parts):
            if part.get("type") != LABEL:
                continue
            inner = part["component"]
            sent: Json = {"type": inner["type"], "custom_id": inner["custom_id"], "id": 2 * number + 2}
            offered = [str(one["value"]) for one in inner.get("options") or ()]
            picked = [
                self.rng.choice(offered) if offered and self.rng.random() < 0.75 else self.argument()
                for _one in range(self.rng.randint(0, 3))
            ]
            if inner["type"] == TEXT_INPUT:
                sent["value"] = self.typed(marks=marks)[:4000]
            elif inner["type"] == RADIO:
                sent["value"] = picked[0] if picked else None
            elif inner["type"] == CHECK:
                sent["value"] = bool(picked)
            else:
                sent["values"] = picked
            yield {"type": LABEL, "id": 2 * number + 1, "component": sent}

    async def burst(self) -> None:
        """The same thing many times at once, as a double click or a script does."""
        place, on = self.actor._place(None), self.somewhere()
        if self.ids and self.rng.random() < 0.5:
            kind, made = self.rng.choice(self.ids)
            data: Json = {"custom_id": made, "component_type": kind, "values": [self.argument()]}
            once = partial(self.send, COMPONENT, self.actor._channel_of(on), on=on)
        else:
            data = self.filled_command(place)
            once = partial(self.send, COMMAND, place.channel)
        await asyncio.gather(*(once(data=deepcopy(data)) for _time in range(BURST)))

    # --- what with ---------------------------------------------------------------------------------

    def typed(self, *, marks: bool = True) -> str:
        """Something typed; now and then with the word of the community of whoever types."""
        text = strange.text(self.rng)
        return f"{self.player.mark} {text}" if marks and self.rng.random() < 0.4 else text

    def argument(self) -> str:
        """A part of an id: a row's number, a person's, a server's, a draft's, or anything at all."""
        discord = self.stage.discord
        kind = self.rng.random()
        if kind < 0.4:
            return str(self.rng.randint(1, 40))
        if kind < 0.55:
            numbers = [*discord.users, *discord.guilds]
            for guild in discord.guilds.values():
                numbers += [*guild.roles, *guild.channels, *guild.threads]
            return str(self.rng.choice(numbers))
        if kind < 0.75 and self.ids:
            return self.rng.choice(self.rng.choice(self.ids)[1].split(":")[1:])
        return strange.text(self.rng).replace("\n", " ")[:90]

    def somewhere(self) -> Message:
        """A message that can be pressed on: mostly public, now and then their own."""
        own = self.own()
        if own and self.rng.random() < 0.5:
            return self.rng.choice(own)
        return self.world.public[self.actor.guild.id]

    def own(self) -> list[Message]:
        """Messages that only they see."""
        seen = [one.message for one in (*self.actor.screens[-10:], *self.actor.inbox[-10:]) if one.message]
        dm = self.stage.discord.dm(self.actor.user)
        return [one for one in seen if not one.deleted and (one.ephemeral_to or one.channel_id == dm.id)]


async def all_done() -> None:
    """Wait until the bot is done with everything that was sent in: some answers are several messages."""
    names = ("discord.py: on_interaction", "CommandTree-invoker")
    running = [one for one in asyncio.all_tasks() if one.get_name().startswith(names)]
    if running:
        await asyncio.wait(running, timeout=60)
