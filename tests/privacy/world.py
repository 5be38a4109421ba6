"""A community in which two people left a trace in every table; told apart by marks that nobody else has."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App
from bot.checkins.tables import Away, Checkin, HelpRequest
from bot.circle.tables import Circle, CirclePerson, Encounter
from bot.core.clock import TurnedClock
from bot.core.drafts import Drafts
from bot.core.outbox import SAID, OutboxRow, said
from bot.core.queue import WAITING
from bot.find.tables import Search, SearchHit
from bot.gigs.alert_views import Typed
from bot.gigs.rules import Draft as GigDraft
from bot.gigs.service import GigView
from bot.gigs.tables import GigBoard, GigDecision, GigGuide, GigLead, GigOutcome
from bot.intros.tables import IntroRequest, RoundSettings
from bot.niches.tables import NicheSuggestion
from bot.people.service import ProfileEdit, Who
from bot.people.tables import Community, Member
from bot.pods.tables import DigestSettings, Pod, PodSeat, PodWish
from bot.privacy.tables import Forgotten
from bot.safety.tables import Report
from bot.settings import Settings
from bot.vouches.tables import Vouch
from migrations.runner import metadata
from tests.conftest import KEY

HERE, ELSEWHERE = 71_000_001, 71_000_002
FIRST_MEMBER = 7_700_000  # ids that are found wherever they stand, and nothing else by chance
ANA, BEN, CLEO, MOD = 910_000_000_001, 910_000_000_002, 910_000_000_003, 910_000_000_004
NAMES = {ANA: "Anastasia", BEN: "Benedikt", CLEO: "Cleopatra", MOD: "Moderata"}
BOARD, MODS, LINKS = 501, 502, 503
BUYERS = ("energy retailer", "museum", "bakery", "harbour", "library", "airport")


class InProcess:
    """A worker that needs no process."""

    async def run(self, _limit: float, function: Callable[..., Any], /, *args: Any) -> Any:
        return function(*args)


def who(person: int, community: int = HERE) -> Who:
    return Who(community, f"Community {community}", person, NAMES.get(person, f"Person {person}"))


def mark(person: int, what: str) -> str:
    """What a person typed somewhere; found again wherever it is left."""
    return f"zz{NAMES[person][:3]}zz{what}zz"


class World:
    """The bot's services on a database, without Discord: what was said is settled by hand."""

    def __init__(self, app: App, clock: TurnedClock) -> None:
        self.app, self.store, self.clock = app, app.store, clock
        self.messages = itertools.count(1_000_000)
        self.buyers = (f"the {first} {second}" for first in BUYERS for second in BUYERS)

    async def member(self, person: int, community: int = HERE) -> int:
        async with self.store.read() as session:
            query = select(Member.id).where(Member.person_id == person, Member.community_id == community)
            return (await session.scalars(query)).one()

    async def due(self, by: timedelta = timedelta(0)) -> None:
        """Do the work that falls due within this time."""
        await self.clock.turn_to(self.clock.now() + by)
        while await self.app.agenda.tick():
            pass

    async def deliver(self) -> list[OutboxRow]:
        """Say all that waits, as the courier does."""
        async with self.store.write() as session:
            waiting = select(OutboxRow).where(OutboxRow.state == WAITING).order_by(OutboxRow.id)
            rows = list(await session.scalars(waiting))
            for row in rows:
                row.state = SAID
                if row.target != "edit":
                    row.channel_id, row.message_id = 880_000 + row.id, next(self.messages)
                if hook := self.app.courier.delivered.get(row.kind):
                    await hook(session, said(row))
        return rows

    async def fill(self, person: int) -> None:
        """Let a person use everything that needs nobody else."""
        me = who(person)
        people, edit = self.app.people, ProfileEdit(
            headline=mark(person, "headline"),
            disciplines=("analyst",),
            stage="building",
            offers=("pricing",),
            asks=("positioning",),
            languages=("en",),
            links={"site": f"https://{mark(person, 'site').lower()}.dev/"},
        )  # fmt: skip
        await people.set_zone(me, "Europe/Lisbon")
        await people.edit_profile(me, edit)
        await people.list_me(me, listed=True)
        await self.app.niches.join(me, "ocr")
        await self.app.intros.join(me)
        await self.app.checkins.start(me, 2, 10)
        week = await self.app.checkins.now(me)
        typed = [mark(person, "commitment")]
        await self.app.checkins.submit(person, week.id, typed, "pricing", mark(person, "win"))
        await self.app.gigs.alerts.set(me, Typed())
        await self.app.gigs.rates.tell(me, "python", "80 €/h")
        await Drafts(self.store, self.clock).save(person, "gig", "new", {"title": mark(person, "draft")})
        async with self.store.write() as session:
            member = await people.known(session, me)
            await people.note(session, HERE, person, "round.run", detail="noted")
            session.add_all(
                [
                    Search(member_id=member.id, filters={"q": mark(person, "search")}, created_at=self.now),
                    NicheSuggestion(
                        community_id=HERE, member_id=member.id, name=mark(person, "niche"),
                        folded=mark(person, "niche"), axis="industry", state="waiting", created_at=self.now,
                    ),
                    Away(member_id=member.id, from_day="2026-08-01", until_day="2026-08-14"),
                    PodWish(member_id=member.id, since=self.now),
                ]
            )  # fmt: skip

    @property
    def now(self) -> Any:
        return self.clock.now()

    async def gig(self, person: int) -> GigView:
        """A gig on the board."""
        draft = GigDraft(
            "hire",
            mark(person, "title"),
            f"A day-ahead model for {next(self.buyers)}, with tests. {mark(person, 'description')}",
            "80–120 €/h",
            mark(person, "terms"),
        )
        gig = await self.app.gigs.posting.post(who(person), draft)
        assert gig.state == "live"
        await self.deliver()
        return gig

    async def change(self, person: int, gig: GigView) -> None:
        """New words for it that wait for the moderators."""
        fee = "You will need to pay a small registration fee before you get the tasks."
        fee = f"{fee} It is for {next(self.buyers)}. {mark(person, 'new words')}"
        draft = GigDraft("hire", mark(person, "new title"), fee, "90 €/h")
        shown = await self.app.gigs.editing.words(person, gig.id, draft)
        asked = await self.app.gigs.editing.ask(person, shown.gig.id, gig.id)
        assert asked.gig.replaces == gig.id
        await self.deliver()

    async def between(self, one: int, other: int) -> None:
        """Let one do to the other whatever people do to each other."""
        gig = await self.gig(one)
        await self.deliver()  # the link to it elsewhere
        await self.change(one, gig)
        await self.app.gigs.saved.save(who(other), gig.id)
        pitch = await self.app.gigs.pitches.send(
            who(other), gig.id, f"I built three such models. {mark(other, 'pitch')}"
        )
        await self.app.intros.avoid(who(one), other)
        mine, theirs = await self.member(one), await self.member(other)
        async with self.store.write() as session:
            session.add(
                GigDecision(
                    gig_id=gig.id, person_id=other, decision="refused", reason=mark(one, "why"), at=self.now
                )
            )
            await self.app.people.note(session, HERE, MOD, "bar", member_id=theirs, detail=mark(other, "bar"))
            search = (await session.scalars(select(Search).where(Search.member_id == mine))).first()
            assert search is not None
            session.add_all(
                [
                    SearchHit(search_id=search.id, member_id=theirs, at=self.now),
                    Vouch(
                        community_id=HERE, giver_id=mine, receiver_id=theirs, text=mark(one, "vouch"),
                        state="shown", created_at=self.now,
                    ),
                    Report(
                        community_id=HERE, reporter_id=mine, about_id=theirs, place="profile", reason="spam",
                        words=mark(one, "report"), state="settled", outcome="kept", decided_by=one,
                        created_at=self.now, decided_at=self.now,
                    ),
                    Forgotten(
                        community_id=HERE, mark="0" * 64, kind="avoid", other_id=mine,
                        until=self.now + timedelta(days=9),
                    ),
                    IntroRequest(
                        community_id=HERE, from_id=mine, to_id=theirs, reason=mark(one, "request"),
                        state="waiting", created_at=self.now,
                    ),
                ]
            )  # fmt: skip
            session.add_all(
                [
                    GigLead(gig_id=gig.id, member_id=theirs, state="pitched", at=self.now),
                    GigOutcome(interest_id=pitch.id, side="worker", asked_at=self.now),
                ]
            )
            await self._remember(session, mine, theirs, one)
            await self._share_weeks(session, mine, theirs, one)

    async def _share_weeks(self, session: AsyncSession, mine: int, theirs: int, one: int) -> None:
        """Let one ask the other for help, and both sit in a pod."""
        week = (await session.scalars(select(Checkin).where(Checkin.member_id == mine))).first()
        assert week is not None
        session.add(
            HelpRequest(
                checkin_id=week.id, from_id=mine, to_id=theirs, topic="pricing", words=mark(one, "help"),
                state="waiting", created_at=self.now,
            )
        )  # fmt: skip
        pod = Pod(community_id=HERE, state="active", created_at=self.now)
        session.add(pod)
        await session.flush()
        session.add_all([PodSeat(pod_id=pod.id, member_id=one, state="in") for one in (mine, theirs)])

    async def _remember(self, session: AsyncSession, mine: int, theirs: int, one: int) -> None:
        """Let one write the other down in their circle."""
        if await session.get(Circle, mine) is None:
            session.add(Circle(member_id=mine, since=self.now))
        kept = CirclePerson(owner_id=mine, other_id=theirs, next_step=mark(one, "step"), next_at=self.now)
        session.add(kept)
        await session.flush()
        session.add(
            Encounter(person_id=kept.id, kind="other", source="told", note=mark(one, "note"), at=self.now)
        )

    async def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, sealed text opened."""
        found: dict[str, list[dict[str, Any]]] = {}
        async with self.store.read() as session:
            for table in metadata().sorted_tables:
                rows = (await session.execute(select(table))).mappings().all()
                found[table.name] = [dict(row) for row in rows]
        return found

    async def traces(self, *needles: object) -> list[str]:
        """Where any of these stands, in any column of any table."""
        return [
            f"{table}.{column}: {value!r}"
            for table, rows in (await self.dump()).items()
            for row in rows
            for column, value in row.items()
            for needle in needles
            if str(needle).lower() in str(value).lower()
        ]

    async def count(self, table: type[Any], *where: Any) -> int:
        async with self.store.read() as session:
            return len((await session.scalars(select(table).where(*where))).all())


@asynccontextmanager
async def opened(url: str, clock: TurnedClock, folder: Path | None = None) -> AsyncIterator[World]:
    """A started community with a board and moderators, and a second one; nobody is in them yet."""
    settings = Settings(_env_file=None, database_url=url, secret_key=SecretStr(KEY.replace(" ", "-")))
    app = App(settings, clock, beats=False)
    worker: Any = InProcess()
    app.intros.rounds.worker = worker
    for handlers in (app.intros, app.gigs, app.privacy):
        app.agenda.register(handlers.handlers())
    app.agenda.register(app.checkins.handlers(), app.checkins.expired())
    app.courier.register({}, {**app.intros.delivered(), **app.gigs.delivered()})
    async with app.store.write() as session:
        for community in (HERE, ELSEWHERE):
            session.add(
                Community(
                    id=community, name=f"Community {community}", gig_channel_id=BOARD, mod_channel_id=MODS,
                    created_at=clock.now(), started=True,
                )
            )  # fmt: skip
            await session.flush()
            session.add(RoundSettings(community_id=community))
            session.add(DigestSettings(community_id=community, channel_id=MODS, since=clock.now()))
            links = LINKS + community % 10 * 10
            session.add(GigBoard(community_id=community, channel_id=links, kind="text", role="links"))
            session.add(GigGuide(channel_id=links, community_id=community, post_id=links, message_id=1))
            await app.intros.started(session, community)
        await app.people.known(session, who(MOD))
        values = {"c": ELSEWHERE, "p": MOD, "id": FIRST_MEMBER}
        moved = text("UPDATE member SET id = :id WHERE community_id <> :c AND person_id = :p")
        await session.execute(moved, values)
        if not app.store.is_sqlite:
            await session.execute(text(f"SELECT setval('member_id_seq', {FIRST_MEMBER})"))
    try:
        yield World(app, clock)
    finally:
        await app.store.close()
        app.worker.close()
