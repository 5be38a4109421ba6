"""Where a person's rows are: found along the foreign keys, so that a new table cannot be forgotten.

What a deletion takes along (`ON DELETE CASCADE`) is what belongs to a person. The lists below name the few
exceptions, each with its reason; a test holds them against all tables there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.store import Base, portions

ROOTS = ("person", "member")

NOT_THEIRS: Mapping[tuple[str, str], str] = {
    ("gig_interest", "gig_id"): "the pitches of others on their gigs are those others' words",
    ("saved_gig", "gig_id"): "that somebody saved their gig is that somebody's",
    ("search_hit", "member_id"): "that they fitted somebody's search is that searcher's",
    ("report", "about_id"): "what others reported is shown to moderators only",
    ("facet", "member_id"): "a copy of their profile and searches, for the search",
}
"""Rows that go with a person, but that an export leaves out."""

WITHOUT_PEOPLE: Mapping[str, str] = {
    "community": "a server and its settings",
    "community_niche": "a server's own niches",
    "round": "counts of a round; a preview's plan goes with the round",
    "round_settings": "how a server wants its rounds",
    "digest_settings": "whether a server wants a digest",
    "pod": "a group; its people are in its seats",
    "introduction": "read with each seat of the person; deleted by the introductions when its people go",
    "agenda": "what is to be done about other rows; deleted with them (`WORK`)",
    "remembered": "facts about the bot itself",
    "gig_board": "a channel of a server's board",
    "gig_guide": "where a board's guidelines stand",
    "rate_answer": "rates volunteered without a name",
    "setback": "what Kith may not do in a channel",
    "pace": "how fast all processes talk",
    "process": "which processes run",
}
"""Tables that hold nothing of a person by themselves."""

HIDDEN: Mapping[str, frozenset[str]] = {
    "avoided_pair": frozenset({"low_asked", "high_asked"}),
    "audit": frozenset({"detail"}),  # a moderator's words, perhaps about somebody else
    "forgotten": frozenset({"mark"}),
    "gig": frozenset({"fingerprint", "score", "sketch"}),
    "outbox": frozenset({"key", "nonce", "owner", "lease_until", "attempts", "tried_at", "budgeted"}),
    "draft": frozenset({"state"}),
}
"""Columns that say nothing to a person, or something about somebody else."""

INNER = frozenset({"subject", "recipient", "actor_id", "person_id", "decided_by"})
"""Columns of any table that hold numbers of rows, or the person asking, or somebody else."""

OF_A_DECISION = frozenset({"action", "decision", "outcome", "at", "decided_at"})
"""What a moderator is told about what they decided: it was about others."""

DISCREET: Mapping[tuple[str, str], frozenset[str]] = {
    ("vouch", "giver_id"): frozenset({"shown", "withdrawn"}),
    ("intro_request", "from_id"): frozenset({"accepted"}),
    ("help_request", "from_id"): frozenset({"accepted"}),
}
"""Rows to which somebody else may say no in silence: whoever asked is told only these states."""

WITH_NAMES = frozenset(
    {
        ("vouch", "giver_id"),
        ("vouch", "receiver_id"),
        ("avoided_pair", "low_id"),
        ("avoided_pair", "high_id"),
        ("report", "about_id"),
        ("circle_person", "other_id"),
        ("intro_request", "to_id"),
    }
)
"""Columns that name somebody else whom the person knows about in any case."""

TITLES: Mapping[str, str] = {
    "member_tag": "skills, disciplines and languages",
    "member_niche": "niches",
    "consent": "consents",
    "enrolment": "introductions, taking part",
    "seat": "introductions",
    "avoided_pair": "never introduce me to",
    "checkin_plan": "check-ins, the plan",
    "checkin": "check-ins",
    "away": "days away",
    "help_request": "help asked for",
    "pod_wish": "would like a pod",
    "pod_seat": "pods",
    "commitment": "commitments",
    "gig": "gigs",
    "gig_decision": "moderators' decisions about it",
    "gig_interest": "pitches",
    "gig_alert": "gig alerts",
    "gig_alert_hit": "gigs for the next alert, and those it named",
    "gig_band": "gigs, what is remembered to find the same text again",
    "gig_copy": "gigs, links to them",
    "gig_lead": "gigs handed to me first",
    "gig_outcome": "gigs, how they went",
    "saved_gig": "saved gigs",
    "search": "searches",
    "search_hit": "found",
    "niche_suggestion": "suggested niches",
    "forgotten": "never introduce me to someone who is gone",
    "vouch": "vouches",
    "intro_request": "introductions asked for",
    "circle": "my circle, kept",
    "circle_person": "people in my circle",
    "encounter": "when we met",
}
"""What the tables are called in an export; others go by their own name."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A column that names a person, or a member, without being theirs by a cascade.

    `end` is what a deletion does: `row` deletes the row, `name` empties the column, `database` has the
    foreign key empty it. `emptied` are other columns of the row, with the person's words or words about them.
    `title` is what an export calls the rows; "" for what is somebody else's diary, and stays out of it.
    """

    table: str
    column: str
    of: Literal["person", "member"]
    end: Literal["row", "name", "database"]
    title: str
    emptied: Mapping[str, object] | None = None
    nobody: int | None = None


NAMINGS = (
    Naming("outbox", "recipient", "person", "row", "messages from Kith"),
    Naming("draft", "person_id", "person", "row", "refused forms"),
    Naming("audit", "actor_id", "person", "name", "decided as a moderator"),
    Naming("gig_decision", "person_id", "person", "name", "decided about gigs as a moderator", nobody=0),
    Naming("report", "decided_by", "person", "name", "decided about reports as a moderator"),
    Naming("audit", "member_id", "member", "database", "decided by moderators", {"detail": ""}),
    Naming("circle_person", "other_id", "member", "database", ""),
    Naming("report", "reporter_id", "member", "database", "reports I made", {"words": None}),
)

MESSAGES: Mapping[str, str | None] = {
    "community.hello": None,
    "community.week": None,
    "community.setback": None,
    "start.panel": None,
    "start.moved": None,
    "intro.card": "seat",
    "intro.ask": "seat",
    "intro.welcome": "member",
    "intro.left_out": "member",
    "intro.ended": "member",
    "intro.notice": "member",
    "intro.nudge": "seat",
    "intro.slot": "seat",
    "intro.remind": "seat",
    "intro.follow": "seat",
    "intro.again": "seat",
    "intro.silent": "member",
    "intro.skipped": "member",
    "intro.resumed": "member",
    "intro.request": "intro_request",
    "intro.step": "seat",
    "round.ready": None,
    "round.report": None,
    "checkin.welcome": "member",
    "checkin.prompt": "checkin",
    "commitment.remind": "commitment",
    "commitment.ask": "commitment",
    "help.request": "help_request",
    "help.expired": "checkin",
    "checkin.remind": "checkin",
    "pod.invite": "pod_seat",
    "pod.started": "pod_seat",
    "pod.letter": "pod_seat",
    "pod.term": "pod_seat",
    "pod.merge": "pod_seat",
    "pod.back": "member",
    "pod.missed": "member",
    "pod.over": "member",
    "pod.welcome": None,  # about a pod or a community; who is erased goes from them by the pods' own hook
    "pod.digest": None,
    "community.digest": None,
    "gig.post": "gig",
    "gig.link": "gig",
    "gig.ending": "gig",
    "gig.lost": "gig",
    "gig.blocked": "gig",
    "gig.guide": None,
    "gig.review": "gig",
    "gig.decided": "gig",
    "gig.reminder": None,
    "gig.expired": "gig",
    "gig.interest": "gig_interest",
    "gig.pitches": "gig",
    "gig.passed": "member",
    "gig.room": "gig_interest",
    "gig.worked": "gig_interest",
    "gig.outcome": "gig",
    "gig.unpaid": "gig_interest",
    "gig.lead": "gig",
    "gig.handed": "gig",
    "gig.accepted": "gig_interest",
    "gig.declined": "gig_interest",
    "gig.closed": "gig_interest",
    "gig.repaid": "gig_interest",
    "gig.alert": "member",
    "gig.removed": None,
    "gig.ended": "member",
    "find.alert": "search",
    "vouch.offered": "vouch",
    "safety.report": "report",
    "safety.settled": "report",
    "niche.suggested": "niche_suggestion",
    "niche.decided": "niche_suggestion",
    "niche.invite": None,
    "niche.rights": None,
    "niche.order": None,
    "niche.full": None,
    "privacy.gone": None,
}
"""By kind of message: in which table the subject is; None where no person is behind it."""

WORK: Mapping[str, str | None] = {
    "round": None,
    "round.notice": None,
    "round.lookup": None,
    "round.approval": None,
    "intro.nudge": None,  # these are about an introduction
    "intro.remind": None,
    "intro.follow": "seat",
    "intro.resume": "member",
    "intro.late": "member",
    "intro.request.expire": "intro_request",
    "intro.ask": None,  # about an introduction; those end with their people, by the introductions' own hook
    "checkin": "member",
    "commitment.remind": "commitment",
    "commitment.ask": "commitment",
    "help.expire": "checkin",
    "checkin.remind": "checkin",
    "pod.form": None,
    "pod.close": None,
    "pod.term": None,
    "pod.end": None,
    "pod.thread": None,
    "pod.digest": None,
    "pod.out": None,  # about a person who is deleted: done at once, and then forgotten by the pods themselves
    "community.digest": None,
    "community.week": None,
    "gig.expire": "gig",
    "gig.ending": "gig",
    "gig.arrive": "gig",
    "gig.look": "gig",
    "gig.poster": "member",
    "gig.sweep": None,
    "gig.board": None,
    "gig.pin": None,
    "gig.room": "gig_interest",
    "gig.out": None,  # as "pod.out"
    "gig.declines": "member",
    "gig.outcome": "gig",
    "gig.lead": "gig",
    "gig.draft": "gig",
    "gig.match": "gig",
    "gig.alerts": None,  # about a community, whoever has a morning then
    "gig.waiting": None,  # about a community, whatever waits there
    "find.tell": "member",
    "find.closed": "member",
    "niche.role": "member",
    "niche.roles": None,
    "niche.named": None,
    "community.erase": None,
    "retention": None,
}
"""The same by kind of work on the agenda."""


@dataclass(frozen=True, slots=True)
class Way:
    """A foreign key along which rows belong to, and are deleted with, rows of another table."""

    table: str
    column: str
    parent: str

    @property
    def theirs(self) -> bool:
        """Whether what is found along it is the person's own."""
        return (self.table, self.column) not in NOT_THEIRS


def table_of(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


@cache
def ways_from(parent: str) -> tuple[Way, ...]:
    """Return the ways that begin at a table; every table is known once the services are made."""
    return tuple(
        Way(table.name, key.parent.name, parent)
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == parent and key.ondelete == "CASCADE"
    )


@cache
def all_ways() -> tuple[Way, ...]:
    """Return every way from a person on, nearest first."""
    found: list[Way] = []
    waiting = [ROOTS[0]]
    seen = set(waiting)
    while waiting:
        for way in ways_from(waiting.pop(0)):
            found.append(way)
            if way.table not in seen:
                seen.add(way.table)
                waiting.append(way.table)
    return tuple(found)


async def doomed(session: AsyncSession, member_id: int) -> dict[str, set[int]]:
    """Return the ids, by table, of all rows that go with a member."""
    ids: dict[str, set[int]] = {"member": {member_id}}
    for way in all_ways():
        table = table_of(way.table)
        if way.parent in ROOTS[:1] or "id" not in table.c:
            continue
        for some in portions(ids.get(way.parent, ())):
            query = select(table.c.id).where(table.c[way.column].in_(some))
            ids.setdefault(way.table, set()).update(await session.scalars(query))
    return ids


def kinds_about(kinds: Mapping[str, str | None], table: str) -> list[str]:
    """Return the kinds, of `MESSAGES` or of `WORK`, whose subject is in a table."""
    return [kind for kind, where in kinds.items() if where == table]
