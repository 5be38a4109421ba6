"""Did Kith keep its promises? Judged from what Discord recorded, never from the bot's own tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from demo.cast import GigScript
from demo.stage import Stage
from sandbox.actors import Member
from sandbox.model import FORUM, TEXT
from sandbox.screen import FAILED, Screen

_MENTIONED = re.compile(r"<@(\d+)>")
_SEAT = re.compile(r"intro\.outcome:(\d+):met:card")

REFUSED, TOO_FAST, DM_CLOSED = 400, 429, 50007
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# A prompt may be an hour off around a change of clocks, and is sent a few seconds after it fell due.
SLACK = timedelta(hours=2)
LEFT_OUT = ("No introduction this time", "Your match had to step back")
ASKED, NOTED = "Your week · ", "Your week, noted"


@dataclass(frozen=True, slots=True)
class Card:
    """One introduction as it stands in somebody's messages."""

    at: datetime
    seat: str
    partners: frozenset[int]


@dataclass
class Seen:
    """What one member was told."""

    member: Member
    cards: list[Card] = field(default_factory=list)
    left_out: list[datetime] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    answered: int = 0


@dataclass
class Verdict:
    """The promises, kept and broken, and the numbers."""

    kept: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    rows: list[tuple[str, object]] = field(default_factory=list)

    def promise(self, sentence: str, breaches: list[str]) -> None:
        """Note a promise; any breach breaks it."""
        if not breaches:
            self.kept.append(sentence)
            return
        more = f" … and {len(breaches) - 3} more" if len(breaches) > 3 else ""  # noqa: PLR2004 - three examples
        self.broken.append(f"{sentence}: {'; '.join(breaches[:3])}{more}")


def judge(
    stage: Stage, enrolled: list[Member], rounds: list[datetime], weeks: int, gigs: list[GigScript]
) -> Verdict:
    """Look at everything that was recorded."""
    verdict = Verdict()
    seen = {member.id: look(member) for member in enrolled}
    introductions(verdict, seen, rounds)
    checkins(verdict, seen, weeks)
    board(verdict, stage, enrolled, gigs)
    wire(verdict, stage)
    return verdict


def look(member: Member) -> Seen:
    """Everything a member was told: direct messages, and what they opened because none could reach them."""
    seen = Seen(member)
    screens = {screen.message.id: screen for screen in (*member.inbox, *member.screens) if screen.message}
    for screen in screens.values():
        _note(seen, screen)
    return seen


def _note(seen: Seen, screen: Screen) -> None:
    message = screen.message
    assert message is not None
    raw, text = json.dumps(message.components), str(screen)
    if (seat := _SEAT.search(raw)) is not None:
        partners = frozenset(int(number) for number in _MENTIONED.findall(raw)) - {seen.member.id}
        seen.cards.append(Card(message.created_at, seat[1], partners))
    seen.left_out += [message.created_at] if any(words in text for words in LEFT_OUT) else []
    seen.asked += [message.created_at] if ASKED in text else []
    seen.answered += NOTED in text


def introductions(verdict: Verdict, seen: dict[int, Seen], rounds: list[datetime]) -> None:
    """Rounds: everyone introduced or told, both sides alike, nobody twice."""
    silent, one_sided, pairs, left_out = [], [], Counter[frozenset[int]](), 0
    for number, start in enumerate(rounds, 1):
        met = {person: _within(one.cards, start) for person, one in seen.items()}
        for person, one in seen.items():
            told = sum(start <= at < start + DAY for at in one.left_out)
            left_out += bool(told)
            if len(met[person]) + told != 1:
                silent.append(f"{one.member.name} was told {len(met[person]) + told} times in round {number}")
            one_sided += [
                f"{one.member.name} in round {number}"
                for card in met[person]
                for other in card.partners
                if not any(person in back.partners for back in met.get(other, []))
            ]
        groups = {card.partners | {person} for person, cards in met.items() for card in cards}
        pairs.update(frozenset((a, b)) for group in groups for a in group for b in group if a < b)
    twice = [one.member.name for one in seen.values() if len({c.seat for c in one.cards}) < len(one.cards)]
    verdict.promise(
        f"in {len(rounds)} rounds everybody was introduced, or told why not, exactly once", silent
    )
    verdict.promise("whoever was introduced to someone, that person was introduced to them", one_sided)
    verdict.promise("nobody got the same card twice", twice)
    verdict.rows += [
        ("members", len(seen)),
        ("introduced (pairs)", sum(pairs.values())),
        ("repeats", sum(times - 1 for times in pairs.values())),
        ("left out, and told", left_out),
    ]


def _within(cards: list[Card], start: datetime) -> list[Card]:
    return [card for card in cards if start <= card.at < start + DAY]


def checkins(verdict: Verdict, seen: dict[int, Seen], weeks: int) -> None:
    """Check-ins: each member asked once in every week, a week apart."""
    wrong = [
        f"{one.member.name} was asked {len(one.asked)} times"
        for one in seen.values()
        if len(one.asked) != weeks
    ]
    for one in seen.values():
        times = sorted(one.asked)
        gaps = [later - earlier for earlier, later in pairwise(times)]
        if any(abs(gap - WEEK) > SLACK for gap in gaps):
            wrong.append(f"{one.member.name} was not asked a week apart")
    verdict.promise(f"everybody was asked about each of {weeks} weeks exactly once", wrong)
    asked, answered = (
        sum(len(one.asked) for one in seen.values()),
        sum(one.answered for one in seen.values()),
    )
    verdict.rows += [("check-ins asked", asked), ("check-ins answered", answered)]


def board(verdict: Verdict, stage: Stage, enrolled: list[Member], gigs: list[GigScript]) -> None:
    """Gigs: what every member can see, against what only moderators may."""
    bystander = next(member for member in enrolled if member.name not in {gig.by for gig in gigs})
    public, private = _readable(stage, bystander), _readable(stage, stage.moderator)
    wrong = []
    for gig in gigs:
        if (gig.title in public) != (gig.expect == "live"):
            wrong.append(f"“{gig.title}” is {'' if gig.title in public else 'not '}public")
        if gig.title not in private:
            wrong.append(f"moderators do not see “{gig.title}”")
    verdict.promise("honest gigs are on the board; doubtful and dangerous ones only moderators saw", wrong)
    counts = Counter(gig.expect for gig in gigs)
    verdict.rows.append(
        ("gigs live / queued / held", f"{counts['live']} / {counts['queue']} / {counts['held']}")
    )


def _readable(stage: Stage, reader: Member) -> str:
    """Every word in every channel, forum post and thread that this member sees."""
    rooms = [*stage.guild.channels.values(), *stage.guild.threads.values()]
    words: list[str] = []
    for room in rooms:
        if room.type not in {TEXT, FORUM} and not room.is_thread:
            continue
        try:
            words += [room.name, *map(str, reader.channel(room))]
        except AssertionError:  # a room this member does not see
            continue
    return "\n".join(words)


def wire(verdict: Verdict, stage: Stage) -> None:
    """What Discord itself had to say about the bot."""
    discord = stage.discord
    verdict.promise("no request broke one of Discord's rules", discord.violations)
    people = [stage.moderator, *stage.members.values()]
    failed = [f"{one.name}: {did}" for one in people for did, saw in one.log if FAILED in saw]
    verdict.promise("every command, button and form was answered in time", failed)
    refused = [request for request in discord.requests if request.status >= REFUSED]
    closed = sum(request.code == DM_CLOSED for request in refused)
    hurried = [f"{one.method} {one.path}" for one in refused if one.status == TOO_FAST]
    verdict.promise("Discord never had to slow the bot down", hurried)
    verdict.rows += [
        ("requests", len(discord.requests)),
        ("refused: closed DMs / anything else", f"{closed} / {len(refused) - closed}"),
        ("violations", len(discord.violations)),
    ]
