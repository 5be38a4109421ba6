"""A gig handed on: first to people its poster chose, then to its niches, then to the board; on a timer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.core.agenda import Handler, Work
from bot.core.errors import KithError
from bot.core.store import insert_new
from bot.gigs import manners, rules
from bot.gigs.board import Board
from bot.gigs.channels import Channels
from bot.gigs.desk import Desk
from bot.gigs.tables import Gig, GigAlert, GigLead
from bot.gigs.views import GigView
from bot.people.service import CommunityView, Who
from bot.people.tables import Consent, Member, MemberNiche

Apart = Callable[[AsyncSession, Collection[int]], Awaitable[set[tuple[int, int]]]]
Publish = Callable[[AsyncSession, Gig, CommunityView], Awaitable[None]]

BEFORE = ("draft", "change", "queued", "held")
"""As long as a gig is in one of these, its poster may still choose who sees it first."""
LISTED_MAX = 25
PURPOSES = ("gigs", "alerts")
"""Somebody who agreed to one of these may be asked about a gig."""


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """Who sees a gig before the board does; `people` are the chosen ones that Kith knows, as persons."""

    gig: GigView
    audience: str
    hours: int
    people: tuple[int, ...]
    niches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadView:
    """A gig as somebody sees it who is asked before the board; `until` is when it goes on."""

    gig: GigView
    audience: str
    state: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """What *Pass* left behind; False where they had passed before."""

    gig: GigView
    changed: bool


class BoardAfterLeads(Board):
    """The board, which a gig reaches only after those whom its poster wants to ask first."""

    def __init__(self, desk: Desk, channels: Channels) -> None:
        """Stand on the desk and the channels, with the room of leads in front of the board."""
        super().__init__(desk, channels)
        self.leads = Leads(desk, super().publish)

    async def publish(self, session: AsyncSession, gig: Gig, community: CommunityView) -> None:
        """Hand a live gig on as its poster wishes, or put it on the board."""
        if not await self.leads.begin(session, gig):
            await super().publish(session, gig, community)


class Leads:
    """Who is asked first, and when a gig goes on to more."""

    def __init__(self, desk: Desk, publish: Publish) -> None:
        """Stand on the desk; `publish` puts a gig on the board."""
        self.desk = desk
        self._publish = publish
        # The pairs among members who asked never to meet; handed in by the composition root.
        self.apart: Apart | None = None
        desk.on_closed.append(self.close)

    def handlers(self) -> dict[str, Handler]:
        """The agenda work of leads."""
        return {"gig.lead": self.due}

    # --- the poster --------------------------------------------------------------------------------

    async def open_to_choice(self, who: Who) -> list[GigView]:
        """The member's gigs that nobody has seen yet, newest first."""
        query = (
            select(Gig).join(Member, Member.id == Gig.member_id)
            .where(
                Member.person_id == who.person_id, Gig.community_id == who.community_id,
                Gig.state.in_(BEFORE), Gig.replaces.is_(None),
            )
            .order_by(Gig.id.desc()).limit(LISTED_MAX)
        )  # fmt: skip
        async with self.desk.store.read() as session:
            return await self.desk.views(session, await session.scalars(query))

    async def plan(self, person_id: int, gig_id: int) -> LeadPlan:
        """How a gig will be handed on; raises `gig_lead_late` once somebody has seen it."""
        async with self.desk.store.read() as session:
            return await self._plan(session, await self._own(session, person_id, gig_id))

    async def choose(self, person_id: int, gig_id: int, chosen: Sequence[int]) -> LeadPlan:
        """Hand a gig first to these people, at most five; whom Kith does not know is left out in silence."""
        if len(set(chosen)) > manners.LEADS_MAX:
            raise KithError("gig_lead_many", most=manners.LEADS_MAX)
        async with self.desk.store.write() as session:
            gig = await self._own(session, person_id, gig_id)
            await session.execute(delete(GigLead).where(GigLead.gig_id == gig.id, GigLead.state == "chosen"))
            for one in dict.fromkeys(chosen):
                member = await self.desk.people.find(session, gig.community_id, one)
                if member is not None and member.id != gig.member_id:
                    await insert_new(
                        session, GigLead, gig_id=gig.id, member_id=member.id, state="chosen",
                        at=self.desk.clock.now(),
                    )  # fmt: skip
            gig.audience = "people"
            gig.lead_hours = gig.lead_hours or manners.LEAD_HOURS_DEFAULT
            await session.flush()
            return await self._plan(session, gig)

    async def set_hours(self, person_id: int, gig_id: int, hours: int) -> LeadPlan:
        """Give each step so much time."""
        if hours not in manners.LEAD_HOURS:
            raise KithError("gig_gone")
        async with self.desk.store.write() as session:
            gig = await self._own(session, person_id, gig_id)
            gig.lead_hours = hours
            await session.flush()
            return await self._plan(session, gig)

    async def ask_nobody(self, person_id: int, gig_id: int) -> LeadPlan:
        """Let a gig go straight to the board after all."""
        async with self.desk.store.write() as session:
            gig = await self._own(session, person_id, gig_id)
            await session.execute(delete(GigLead).where(GigLead.gig_id == gig.id))
            gig.audience = "board"
            await session.flush()
            return await self._plan(session, gig)

    # --- those who are asked -----------------------------------------------------------------------

    async def shown(self, gig_id: int, person_id: int) -> LeadView | None:
        """What somebody sees who is asked; None when there is nothing to ask any more."""
        async with self.desk.store.read() as session:
            gig = await session.get(Gig, gig_id)
            me = await self.desk.people.find(session, gig.community_id, person_id) if gig else None
            row = await session.get(GigLead, (gig_id, me.id)) if me else None
            if gig is None or row is None or row.state == "chosen":
                return None
            until = row.at + timedelta(hours=gig.lead_hours or manners.LEAD_HOURS_DEFAULT)
            return LeadView(await self.desk.view(session, gig), gig.audience, row.state, until)

    async def passes(self, person_id: int, gig_id: int) -> Passed:
        """Somebody who was asked passes; when all have, the gig goes on at once."""
        async with self.desk.store.write() as session:
            gig = await self.desk.gig(session, gig_id)
            me = await self.desk.people.find(session, gig.community_id, person_id)
            row = await session.get(GigLead, (gig_id, me.id)) if me else None
            if row is None or row.state == "chosen":
                raise KithError("gig_gone")
            changed = await self._pass(session, gig, row.member_id)
            return Passed(await self.desk.view(session, gig), changed)

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Let a person pass on everything: after `/stop` nobody waits for their answer."""
        for member_id in await self.desk.people.memberships(session, person_id):
            await self.stop_member(session, member_id)

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """Let one member pass on everything, within the caller's unit of work."""
        query = select(GigLead.gig_id).where(GigLead.member_id == member_id, GigLead.state == "asked")
        for gig_id in (await session.scalars(query)).all():
            await self._pass(session, await self.desk.gig(session, gig_id), member_id)

    # --- going on ----------------------------------------------------------------------------------

    async def begin(self, session: AsyncSession, gig: Gig) -> bool:
        """Ask those who come before the board; False when it is the board's turn."""
        while gig.audience != "board":
            if await self._ask(session, gig):
                return True
            gig.audience = manners.next_audience(gig.audience)
        await session.flush()
        return False

    async def due(self, work: Work) -> None:
        """Let a gig go on after its time; agenda work `gig.lead`."""
        async with self.desk.store.write() as session:
            await self.desk.agenda.settle(session, work)
            gig = await session.get(Gig, work.subject, with_for_update=True)
            if gig is None or work.key != _key(gig):
                return
            if gig.state == "live":
                await self._go_on(session, gig)
            elif gig.state in BEFORE:  # it waits for moderators; from there it goes to the next
                gig.audience = manners.next_audience(gig.audience)

    async def close(self, session: AsyncSession, gig: Gig) -> None:
        """Ask nobody any more about a gig that has closed."""
        await self.desk.agenda.cancel(session, _key(gig))

    # --- inside ------------------------------------------------------------------------------------

    async def _own(self, session: AsyncSession, person_id: int, gig_id: int) -> Gig:
        gig = await self.desk.own(session, person_id, gig_id)
        if gig.state not in BEFORE or gig.replaces is not None:
            raise KithError("gig_lead_late")
        return gig

    async def _plan(self, session: AsyncSession, gig: Gig) -> LeadPlan:
        query = (
            select(Member.person_id).join(GigLead, GigLead.member_id == Member.id)
            .where(GigLead.gig_id == gig.id).order_by(Member.id)
        )  # fmt: skip
        book = await self.desk.people.book(session, gig.community_id)
        names = tuple(book.name(slug) for slug in gig.niches)
        hours = gig.lead_hours or manners.LEAD_HOURS_DEFAULT
        people = tuple((await session.scalars(query)).all())
        return LeadPlan(await self.desk.view(session, gig), gig.audience, hours, people, names)

    async def _pass(self, session: AsyncSession, gig: Gig, member_id: int) -> bool:
        await session.refresh(gig, with_for_update=True)  # two who pass at once: one of them is the last
        passed = await session.execute(
            update(GigLead)
            .where(GigLead.gig_id == gig.id, GigLead.member_id == member_id, GigLead.state == "asked")
            .values(state="passed").returning(GigLead.gig_id).execution_options(synchronize_session=False)
        )  # fmt: skip
        changed = passed.first() is not None
        states = select(GigLead.state).where(GigLead.gig_id == gig.id, GigLead.state != "chosen")
        asked = (await session.scalars(states)).all()
        if changed and gig.state == "live" and gig.audience != "board" and manners.all_passed(asked):
            await self.desk.agenda.cancel(session, _key(gig))
            await self._go_on(session, gig)
        return changed

    async def _go_on(self, session: AsyncSession, gig: Gig) -> None:
        gig.audience = manners.next_audience(gig.audience)
        if not await self.begin(session, gig):
            gig.expires_at = rules.expires(self.desk.clock.now())
            await session.flush()
            await self._publish(session, gig, await self.desk.board_of(session, gig.community_id))
        poster = await self.desk.people.view(session, gig.member_id)
        await self.desk.tell(
            session, "gig.handed", gig.id, poster.person_id, gig.community_id, gig.audience, budgeted=True
        )

    async def _ask(self, session: AsyncSession, gig: Gig) -> bool:
        """Ask this step's people and plan its end; False when there is nobody to ask."""
        now = self.desk.clock.now()
        ends = now + timedelta(hours=gig.lead_hours or manners.LEAD_HOURS_DEFAULT)
        members = await self._step(session, gig)
        for member_id in members:
            await insert_new(
                session, GigLead, gig_id=gig.id, member_id=member_id, state="asked", at=now
            )  # one of the niche; those who were chosen have their row
            await session.execute(
                update(GigLead)
                .where(GigLead.gig_id == gig.id, GigLead.member_id == member_id)
                .values(state="asked", at=now).execution_options(synchronize_session=False)
            )  # fmt: skip
            person = await self.desk.people.view(session, member_id)
            await self.desk.outbox.say(
                session, kind="gig.lead", subject=gig.id, key=f"gig.lead:{gig.id}:{person.person_id}",
                recipient=person.person_id, community_id=gig.community_id, expires_at=ends, budgeted=True,
            )  # fmt: skip
        if members:
            await session.flush()
            await self.desk.agenda.plan(
                session, kind="gig.lead", key=_key(gig), subject=gig.id, community_id=gig.community_id,
                due_at=ends,
            )  # fmt: skip
        return bool(members)

    async def _step(self, session: AsyncSession, gig: Gig) -> list[int]:
        """The members this step asks: they said yes to such messages, and nothing keeps them apart."""
        if gig.audience == "niche":
            return await self._of_niche(session, gig)
        query = select(GigLead.member_id).where(GigLead.gig_id == gig.id, GigLead.state == "chosen")
        chosen = list(await session.scalars(query))
        said_yes: set[int] = set()
        for purpose in PURPOSES:
            said_yes |= set(await self.desk.people.consented(session, gig.community_id, purpose, chosen))
        apart = await self._apart_from(session, gig.member_id, said_yes)
        views = await self.desk.people.views(session, said_yes - apart)
        return sorted(one for one, view in views.items() if not view.barred)

    async def _of_niche(self, session: AsyncSession, gig: Gig) -> list[int]:
        """Some of a gig's niches who want to hear of gigs: not too many, and not always the same."""
        now, asked = self.desk.clock.now(), aliased(GigLead)
        query = (
            select(Member.id, Member.open_until, func.max(GigLead.at))
            .join(MemberNiche, MemberNiche.member_id == Member.id)
            .join(GigAlert, GigAlert.member_id == Member.id)
            .join(Consent, Consent.member_id == Member.id)
            .outerjoin(GigLead, GigLead.member_id == Member.id)
            .where(
                Member.community_id == gig.community_id, Member.id != gig.member_id,
                Member.barred_at.is_(None), MemberNiche.niche.in_(gig.niches),
                Consent.purpose == "alerts", Consent.withdrawn_at.is_(None), GigAlert.paused.is_(False),
                ~exists().where(asked.gig_id == gig.id, asked.member_id == Member.id),
            )
            .group_by(Member.id, Member.open_until)
        )  # fmt: skip
        found = [
            manners.Candidate(one, until is not None and now < until, last)
            for one, until, last in await session.execute(query)
        ]
        turn = manners.in_turn(found)[: 4 * manners.NICHE_MAX]
        apart = await self._apart_from(session, gig.member_id, turn)
        return [one for one in turn if one not in apart][: manners.NICHE_MAX]

    async def _apart_from(self, session: AsyncSession, poster: int, members: Collection[int]) -> set[int]:
        """Those of these members who asked never to meet the poster, or the poster them."""
        pairs = await self.apart(session, [poster, *members]) if self.apart and members else set()
        return {one for pair in pairs if poster in pair for one in pair if one != poster}


def _key(gig: Gig) -> str:
    """The key of the timer of a gig's present step."""
    return f"gig.lead:{gig.id}:{gig.audience}"
