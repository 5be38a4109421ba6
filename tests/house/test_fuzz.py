"""Three hundred things nobody would do, in two communities at once: Kith answers each in words.

Random commands, presses, choices and forms, with arguments that are huge, foreign, replayed or made up.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.clock import TurnedClock
from sandbox.actors import Member
from sandbox.kinds import CHECK, LABEL, RADIO, SELECT, TEXT_INPUT
from sandbox.model import COMMAND, MODAL_SUBMIT, Channel, Json, Message
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
from tests.stage import Stage

INTERACTIONS = 300
SETTLED_EVERY, DAY_EVERY = 12, 30
HERE, ELSEWHERE = "Heron", "Zebra"
"""A word in every name and text of one community; nobody who is only in the other may ever read it."""

WORDS = (
    "",
    "0",
    "1",
    "-1",
    "9" * 19,
    "0" * 20 + "9" * 40,
    str(2**63),
    "٣",
    "energy",
    "ocr",
    "Lisbon",
    "older",
    "on",
    "queue",
    "barred",
    "accepted",
    "members",
    "@everyone @here <@1> <@&2> <#3> </find:4>",
    "Z\u0310\u0311\u0312\u0313\u0314\u0315a\u0316l\u0317g\u0318o " * 3,
    "\u202eright to left\u202c \u200b\u2066",
    "**bold** `x` [a](https://example.org) ~~y~~ # z > q\n- list ||spoiler||",
    "null\x00byte",
    "x" * 6000,
    "👩‍👩‍👧‍👦" * 60,
    "{name} {0} %s {community.__class__}",
    "40",
    "https://exаmple.org/…",
    "a:b:c",
)


@dataclass
class Player:
    """A member of one or both communities, as whom things are sent in."""

    actor: Member
    hidden: str | None
    """A word this person may never read, None for who is in both communities."""


@dataclass
class Fuzz:
    """Sends things in, and remembers every id of a button, a menu or a form that anyone ever saw."""

    stage: Stage
    players: Sequence[Player]
    rng: random.Random
    ids: list[tuple[int, str]] = field(default_factory=list)
    forms: list[Mapping[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    public: dict[int, Message] = field(default_factory=dict)
    stranger: int = 0

    async def one(self) -> None:
        """Send in one thing, as anybody, and look at the answer."""
        player = self.rng.choice(self.players)
        does: Callable[[Member], Any] = self.rng.choices(
            (self.command, self.made_up, self.replayed, self.form), weights=(5, 4, 5, 3)
        )[0]
        screen = await does(player.actor)
        self.look(player, screen)

    def look(self, player: Player, screen: Screen) -> None:
        """Hold an answer against what every answer must be, and keep what can be pressed on it."""
        did = player.actor.log[-1][0]
        self.told.append(f"{player.actor.name}: {did}")
        assert not screen.failed, self.told[-1]
        assert "on our side" not in screen.text, f"{self.told[-1]}\n{screen.text}"
        assert player.hidden is None or player.hidden not in str(screen), f"{self.told[-1]}\n{screen}"
        self.keep(screen)

    def keep(self, screen: Screen) -> None:
        """Remember what can be pressed, chosen and filled in."""
        for control in screen.controls:
            if control.custom_id:
                kind = SELECT if isinstance(control, Menu) else 2
                self.ids.append((kind, control.custom_id))
        if screen.form is not None:
            self.forms.append({"custom_id": screen.form.custom_id, "parts": screen.form.parts})

    # --- what is sent in ---------------------------------------------------------------------------

    async def command(self, actor: Member) -> Screen:
        """Any command that is offered, with options of the declared kinds and any content."""
        place = self.place(actor, dm=self.rng.random() < 0.1)
        offered = available(self.stage.discord.commands, place)
        command = self.rng.choice([one for one in offered if one.get("type", 1) == 1])
        data = envelope(command) | {"options": list(self.options(command.get("options") or [], place))}
        if place.resolved:
            data["resolved"] = place.resolved
        return await actor._do(f"/{data}", COMMAND, place.channel, data)

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
            text = self.word()[: option.get("max_length") or 6000]
            return text.ljust(max(1, option.get("min_length") or 0), "x")
        return self.rng.randint(option.get("min_value", -(2**53)), option.get("max_value", 2**53))

    def named(self, option: Json, place: Place) -> str | None:
        """Somebody or something of this server, or a person who is in no server."""
        guild = place.guild
        if option["type"] == USER or guild is None:
            # Not of the other server: whoever is barred there is known there, and told so by `/privacy`.
            people = [*guild.members, self.stranger] if guild else []
            return place.outsider(str(self.rng.choice(people))) if people else None
        if option["type"] == ROLE:
            return place.named(ROLE, str(self.rng.choice(list(guild.roles))))
        if option["type"] == CHANNEL:
            fits = option.get("channel_types")
            seen = [one for one in guild.channels.values() if not fits or one.type in fits]
            return place.named(CHANNEL, str(self.rng.choice(seen).id)) if seen else None
        return None

    async def made_up(self, actor: Member) -> Screen:
        """A button or a menu of any action there is, with arguments that no card ever carried."""
        action = self.rng.choice(self.stage.app.client.buttons.known())
        args = [self.argument() for _one in range(self.rng.randint(0, 3))]
        return await self.use(actor, self.rng.choice((2, SELECT)), ":".join(["k", action, *args]))

    async def replayed(self, actor: Member) -> Screen:
        """What somebody saw, perhaps long ago or in the other community, perhaps with one part changed."""
        if not self.ids:
            return await self.made_up(actor)
        kind, made = self.rng.choice(self.ids)
        if self.rng.random() < 0.3:
            parts = made.split(":")
            parts[self.rng.randrange(len(parts) - 1) + 1] = self.argument()
            made = ":".join(parts)
        return await self.use(actor, kind, made)

    async def use(self, actor: Member, kind: int, made: str) -> Screen:
        """Use a component on a message that is there."""
        rest = made.partition(":")[2]
        data: Json = {"custom_id": f"{'s' if kind == SELECT else 'k'}:{rest}"[:100], "component_type": kind}
        if kind == SELECT:
            data["values"] = [self.argument() for _one in range(self.rng.randint(1, 3))]
        on = self.somewhere(actor)
        return await actor._use(f"uses {data}", actor.look(on), data)

    async def form(self, actor: Member) -> Screen:
        """A form that somebody opened, or that nobody did, filled in as no client would let them."""
        place = self.place(actor)
        if self.forms and self.rng.random() < 0.7:
            opened = self.rng.choice(self.forms)
            made, parts = opened["custom_id"], opened["parts"]
        else:
            name = self.rng.choice(self.stage.app.client.forms.known())
            made, parts = (
                f"f:{name}:{self.argument()}:made"[:100],
                self.rng.choice(self.forms or [{"parts": ()}])["parts"],
            )
        data: Json = {"custom_id": made, "components": list(self.filled(parts))}
        return await actor._do(f"sends {data}", MODAL_SUBMIT, place.channel, data, self.somewhere(actor))

    def filled(self, parts: Iterable[Json]) -> Iterator[Json]:
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
                sent["value"] = self.word()[:4000]
            elif inner["type"] == RADIO:
                sent["value"] = picked[0] if picked else None
            elif inner["type"] == CHECK:
                sent["value"] = bool(picked)
            else:
                sent["values"] = picked
            yield {"type": LABEL, "id": 2 * number + 1, "component": sent}

    # --- what with ---------------------------------------------------------------------------------

    def word(self) -> str:
        """Something typed."""
        return self.rng.choice(WORDS)

    def argument(self) -> str:
        """A part of an id: a row's number, a person's, a server's, or anything at all."""
        discord = self.stage.discord
        numbers = [
            *discord.users,
            *discord.guilds,
            *(one for guild in discord.guilds.values() for one in guild.roles),
        ]
        kind = self.rng.random()
        if kind < 0.4:
            return str(self.rng.randint(1, 12))
        if kind < 0.6:
            return str(self.rng.choice(numbers))
        return self.word().replace("\n", " ")[:90]

    def place(self, actor: Member, *, dm: bool = False) -> Place:
        """Where somebody is."""
        return actor._place(None, dm=dm)

    def somewhere(self, actor: Member) -> Message:
        """A message that can be pressed on: mostly public, now and then their own."""
        own = [
            one.message for one in (*actor.screens, *actor.inbox) if one.message and not one.message.deleted
        ]
        if own and self.rng.random() < 0.5:
            return self.rng.choice(own[-5:])
        return self.public[actor.guild.id]


def everything_said(stage: Stage) -> Iterator[tuple[Channel, Message]]:
    """Every message of the bot's that is anywhere."""
    rooms = [*stage.discord.dms.values()]
    for guild in stage.discord.guilds.values():
        rooms += [*guild.channels.values(), *guild.threads.values()]
    for room in rooms:
        yield from ((room, one) for one in room.messages.values() if one.author is stage.discord.bot)


async def settle_down(stage: Stage, fuzz: Fuzz) -> None:
    """Let the bot do what is due, and look at all that people were sent."""
    await stage.app.settled()
    for player in fuzz.players:
        for screen in player.actor.inbox:
            assert player.hidden is None or player.hidden not in str(screen), str(screen)
            fuzz.keep(screen)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_sent_in_is_answered_in_words(database_url: str, seed: int) -> None:
    """No error, nothing Discord refuses, nobody pinged, nothing of another community."""
    with capture_logs() as logs:
        async with Stage.opened(database_url, TurnedClock()) as stage:
            fuzz = await two_communities(stage, random.Random(seed))
            for number in range(INTERACTIONS):
                await fuzz.one()
                if number % SETTLED_EVERY == 0:
                    await settle_down(stage, fuzz)
                if number % DAY_EVERY == 0:
                    await stage.clock.advance(timedelta(days=1))
            await settle_down(stage, fuzz)
            assert stage.discord.violations == []
            for room, message in everything_said(stage):
                assert not message.mention_everyone, message.components
                assert not message.mention_roles, message.components
                assert not message.mentions, (room.name, message.components)
    assert [one for one in logs if one["log_level"] in ("error", "critical")] == []


async def two_communities(stage: Stage, rng: random.Random) -> Fuzz:
    """Two communities with profiles, niches and a gig each, and one member who is in both."""
    stage.guild.name = HERE
    elsewhere = stage.discord.guild(ELSEWHERE, owner=f"{ELSEWHERE} Bo")
    elsewhere.text_channel("general")
    bo, cy = elsewhere.member(f"{ELSEWHERE} Bo"), elsewhere.member("Cy")
    mia = stage.owner
    both = stage.guild.member("Cy")
    players = [Player(mia, ELSEWHERE), Player(bo, HERE), Player(cy, None), Player(both, None)]
    fuzz = Fuzz(stage, players, rng, stranger=stage.discord.user("Nobody").id)
    for owner in (mia, bo):
        await owner.slash("/kith setup city:Lisbon")
        await owner.press("Create what is missing")
        await owner.press("Start")
        await stage.app.settled()
        fuzz.public[owner.guild.id] = next(
            one.message for one in owner.channel("start-here") if one.message and not one.ephemeral
        )
    for player in players:
        actor, word = player.actor, HERE if player.actor.guild is stage.guild else ELSEWHERE
        await actor.slash('/profile timezone city:"Lisbon, Portugal"')
        await actor.slash("/niche join niche:energy")
        await actor.slash("/profile edit")
        await actor.submit({"Headline": f"I forecast for {word}"})
        await actor.slash(f'/niche suggest name:"{word} watching" axis:industry')
        await actor.slash("/intro join")
        fuzz.look(player, await actor.press("Let members find me", on=await actor.slash("/profile view")))
        fuzz.look(player, await actor.slash("/find"))
    await settle_down(stage, fuzz)
    return fuzz
