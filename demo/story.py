"""The story, act by act: a moderator sets up, members join, weeks pass; everything over the wire."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from bot.people.catalogue import load_catalogue
from cogs.gigs.words import KINDS
from demo.cast import GigScript, Persona
from demo.screens import Theatre
from demo.stage import OPENING, Stage
from sandbox.actors import Member
from sandbox.screen import Screen

CITY = "Lisbon"  # the community's; in January its clock is UTC
FIRST_ROUND = OPENING + timedelta(days=1, hours=1)  # Tuesday, 10:00 there
EVENING = timedelta(hours=11, minutes=30)  # after nine in the morning: when members look at their messages
AT_ONCE = 8
SOCIABLE, DILIGENT = 0.8, 0.85
CHECKIN_DAYS = ("Wednesday", "Thursday", "Friday")


class Story:
    """Plays the cast on the stage and shows a few screens of it."""

    def __init__(self, stage: Stage, theatre: Theatre, cast: list[Persona], seed: int) -> None:
        """Nothing happens before the acts are called."""
        self.stage = stage
        self.theatre = theatre
        self.cast = cast
        self.words = load_catalogue()
        self.rounds: list[datetime] = []
        self.enrolled: list[Member] = []
        self._chance = {who.name: random.Random(f"{seed}:{who.name}") for who in cast}
        self._read: dict[int, set[int]] = {}
        self._shown: set[tuple[str, str]] = set()
        self._watched = {who.name for who in cast if who.closed_dms} | {cast[0].name}

    # --- acts --------------------------------------------------------------------------------------

    async def set_up(self) -> None:
        """The moderator's first five minutes."""
        mia = self.stage.moderator
        self.theatre.act(f"{mia.name} adds Kith to {self.stage.guild.name}")
        await self.stage.settled()
        screen = await mia.slash(f"/kith setup city:{CITY}")
        screen = await mia.press("Create what is missing", on=screen)
        self.theatre.show(mia.name, "presses Create what is missing", screen)
        await mia.press("Start")
        await self.stage.settled()
        self.theatre.show(mia.name, "asks /kith doctor", await mia.slash("/kith doctor"))

    async def join(self) -> None:
        """Everyone writes a profile, joins niches, introductions and check-ins."""
        self.theatre.act(f"{len(self.cast)} people join")
        self.theatre.steps("People join", len(self.cast))
        for who in self.cast:
            member = self.stage.guild.member(who.name)
            self.stage.members[who.name] = member
            if who.closed_dms:
                member.close_dms()
        await self._each(self.cast, self._arrive)
        await self.stage.settled()

    async def weeks(self, number: int, gigs: list[GigScript]) -> None:
        """That many weeks, a day at a time; the gigs are posted in the first."""
        self.theatre.act(f"{number} weeks pass")
        self.theatre.steps("Week 1", number * 7)
        for day in range(number * 7):
            today = OPENING + timedelta(days=day)
            if (FIRST_ROUND.date() - today.date()).days % 7 == 0:
                self.rounds.append(datetime.combine(today.date(), FIRST_ROUND.timetz()))
            await self.stage.turn_to(today + EVENING)
            if day == 2:  # noqa: PLR2004 - Wednesday
                for gig in gigs:
                    await self._post(gig)
            await self._each(self.cast, self._evening)
            await self.stage.settled()
            self.theatre.step(f"Week {day // 7 + 1} · {today:%A}")
        await self.stage.turn_to(OPENING + timedelta(weeks=number))

    # --- one person --------------------------------------------------------------------------------

    async def _arrive(self, who: Persona) -> None:
        """The first five minutes, from the panel to introduced and findable; then the weekly check-in."""
        member = self.stage.members[who.name]
        await self._panel(who, member)
        await member.press("Yes", on=await self._say_where(who, member))
        screen = await member.press("Introduce me")
        if "You are in" in str(screen):
            self.enrolled.append(member)
        self._first(who, "intro", "presses Introduce me", screen)
        self._first(
            who, "found", "presses Let members find me", await member.press("Let members find me", on=screen)
        )
        await self._details(who, member)
        chance = self._chance[who.name]
        day, hour = chance.choice(CHECKIN_DAYS), chance.randrange(9, 19)
        screen = await member.slash(f'/checkin start day:{day} hour:"{hour:02d}:00"')
        self._first(who, "start", "types /checkin start", screen)
        self.theatre.step()

    async def _panel(self, who: Persona, member: Member) -> None:
        """Press Join, fill in the one short form, name the niches."""
        words = self.words
        form = await member.press("Join")
        typed: dict[str, str | list[str]] = {
            "What you do": [words.disciplines[who.discipline].name],
            "Where your business is": [words.stages[who.stage].name],
            "How you like to meet": [words.comforts[who.comfort].name],
        }
        screen = await member.submit(typed | self._skills(who, form))
        self._first(who, "niches", "fills in the form", screen)
        await member.press("Search", on=screen)
        named = ", ".join(words.niches[slug].name for slug in who.niches)
        self._first(who, "joined", "searches niches", await member.submit({"Niches": named}))

    async def _say_where(self, who: Persona, member: Member) -> Screen:
        """Name the city; the answer asks whether the time there is right."""
        await member.press("Go on: my city")
        return await member.submit({"The nearest larger city": who.city})

    async def _details(self, who: Persona, member: Member) -> None:
        """A headline, and the skills that are not in a newcomer's first form."""
        await member.slash("/profile edit")
        screen = await member.submit({"Headline": who.headline})
        for menu in ("Business skills", "Technical skills"):
            form = await member.choose("Change something else", menu, on=screen)
            screen = await member.submit(self._skills(who, form))
        if who.name in self._watched:
            self.theatre.show(who.name, "looks at /profile view", await member.slash("/profile view"))

    def _skills(self, who: Persona, screen: Screen) -> dict[str, str | list[str]]:
        """What this person ticks in the skill fields of a form."""
        chosen: dict[str, str | list[str]] = {}
        for field in screen.form.fields if screen.form else ():
            slugs = (
                who.offers
                if "can help" in field.label
                else who.asks
                if "look for help" in field.label
                else ()
            )
            ticked = [option.value for option in field.options if option.value in slugs]
            chosen |= {field.label: ticked} if ticked else {}
        return chosen

    async def _evening(self, who: Persona) -> None:
        """Read what is new and answer it."""
        member = self.stage.members[who.name]
        if who.closed_dms:
            await self._open_inbox(who, member)
        for screen in self._unread(member):
            await self._answer(who, member, screen)

    async def _open_inbox(self, who: Persona, member: Member) -> None:
        for thread in member.threads():
            for screen in member.channel(thread):
                self._first(who, "thread", "finds a private thread", screen)
        screen = await member.slash("/inbox")
        if "Nothing is waiting" not in str(screen):
            self._first(who, "inbox", "types /inbox", screen)

    def _unread(self, member: Member) -> list[Screen]:
        """Messages this member has not looked at before."""
        read = self._read.setdefault(member.id, set())
        screens = [*member.inbox, *(member.screens if self._is_closed(member) else ())]
        new = [screen for screen in screens if screen.message and screen.message.id not in read]
        read.update(screen.message.id for screen in new if screen.message)
        return new

    def _is_closed(self, member: Member) -> bool:
        return any(who.closed_dms and who.name == member.name for who in self.cast)

    async def _answer(self, who: Persona, member: Member, screen: Screen) -> None:
        chance = self._chance[who.name]
        if "Not yet" in screen.buttons:
            self._first(who, "card", "gets a message", screen)
            met = chance.random() < SOCIABLE
            after = await member.press("Met" if met else "Not yet", on=screen)
            self._first(who, "met", "presses Met" if met else "presses Not yet", after)
        elif "Plan my week" in screen.buttons and chance.random() < DILIGENT:
            await self._plan(who, member, screen)

    async def _plan(self, who: Persona, member: Member, screen: Screen) -> None:
        """Say how last week went, and write this one."""
        week = (self.stage.clock.now() - OPENING).days // 7
        self._first(who, f"week {min(week, 1)}", "is asked about the week", screen)
        for select in screen.selects:
            if select == "How did it go?":
                await member.choose(select, ["Done"], on=screen)
                break
        await member.press("Plan my week", on=screen)
        lines = dict(zip(("This week I will …", "… and", "… and also"), who.commitments(week), strict=False))
        self._first(who, "noted", "sends the form", await member.submit(lines))

    # --- gigs --------------------------------------------------------------------------------------

    async def _post(self, gig: GigScript) -> None:
        member = self.stage.members.get(gig.by)
        if member is None:
            return
        await member.slash("/gig post")
        screen = await member.submit(
            {
                "What is it?": [KINDS[gig.kind]],
                "Title": gig.title,
                "The work": gig.description,
                "Budget, such as 80–120 €/h or $1.5k fixed": gig.budget,
                "Niches": gig.niches,
            }
        )
        await member.press("Add details", on=screen)
        screen = await member.submit({"Hours a week": gig.hours, "Skills": gig.skills})
        if gig.expect == "live":
            self.theatre.show(gig.by, "sees what the gig will look like", screen)
        screen = await member.press("Publish", on=screen)
        await self.stage.settled()
        if gig.expect == "held":
            self.theatre.show(gig.by, "posts a gig", screen)
            self.theatre.show(
                self.stage.moderator.name, "is told in the moderators' channel", self._moderators()
            )

    def _moderators(self) -> Screen | None:
        """The newest card the moderator can decide about."""
        mia = self.stage.moderator
        for channel in self.stage.guild.channels.values():
            for screen in reversed(mia.channel(channel)):
                if "Refuse" in screen.buttons:
                    return screen
        return None

    # --- showing -----------------------------------------------------------------------------------

    def _first(self, who: Persona, what: str, did: str, screen: Screen) -> None:
        """Show a screen of a watched member, the first of its sort."""
        if who.name in self._watched and (who.name, what) not in self._shown:
            self._shown.add((who.name, what))
            self.theatre.show(who.name, did, screen)

    async def _each(self, people: Iterable[Persona], act: Callable[[Persona], Awaitable[None]]) -> None:
        """Let everyone act, a few at the same time."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(who: Persona) -> None:
            async with turn:
                await act(who)

        async with asyncio.TaskGroup() as group:
            for who in people:
                group.create_task(one(who))
