"""Interest in a gig: a pitch for its poster, who accepts or declines; everybody learns the outcome."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.store import insert_row
from bot.gigs import manners, rules
from bot.gigs.desk import Desk
from bot.gigs.replies import Replies
from bot.gigs.tables import Gig, GigLead, Interest
from bot.gigs.views import GigView, InterestOutcome, InterestView
from bot.people.service import Who
from bot.people.tables import Member, MemberNiche

SHORT_MAX = 60
SENT_MAX = 25
"""So many of a member's own pitches are listed, the newest first."""
UNSAID = ("waiting", "declining")
"""An applicant in one of these has not heard how it ended."""
GONE = ("closed", "withdrawn")
"""What may be followed by a new pitch, when the gig is open again."""


@dataclass(frozen=True, slots=True)
class PitchPage:
    """One of the pitches that wait for a poster: the `place`-th of `total`, None when none waits."""

    gig: GigView
    interest: InterestView | None
    place: int
    total: int


@dataclass(frozen=True, slots=True)
class PitchList:
    """A member's side of the board: own gigs with how many pitches wait, and what they sent themselves.

    What was sent is (gig, state, pitch).
    """

    received: tuple[tuple[GigView, int], ...]
    sent: tuple[tuple[GigView, str, int], ...]


class Pitches:
    """What members write to posters."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        """Stand on the desk; follow gigs that close."""
        self.desk = desk
        self.replies = replies
        desk.on_closed.append(self.close)

    async def place_of(self, person_id: int, gig_id: int) -> tuple[int, str]:
        """The community of a gig, for a press in a DM; raises `gig_gone` for those Kith never met there."""
        async with self.desk.store.read() as session:
            gig = await self.desk.gig(session, gig_id)
            if await self.desk.people.find(session, gig.community_id, person_id) is None:
                raise KithError("gig_gone")
            return gig.community_id, await self.desk.place(session, gig.community_id)

    # --- the applicant -----------------------------------------------------------------------------

    async def may_answer(self, who: Who, gig_id: int) -> GigView:
        """The gig a member is about to answer; raises what `send` would raise before anything is typed."""
        async with self.desk.store.read() as session:
            gig = await self._open_gig(session, who, gig_id)
            me = await self.desk.people.find(session, who.community_id, who.person_id)
            if me is not None and me.barred:
                raise KithError("barred")
            mine = await self._mine(session, gig.id, who.person_id)
            if mine is not None and mine.state not in GONE:
                raise KithError("gig_interest_again")
            if me is not None:
                await self._within_limits(session, me.id, gig.id)
            return gig

    async def send(self, who: Who, gig_id: int, pitch: str, hours: str = "", start: str = "") -> InterestView:
        """Hand a pitch to the poster, once per member and gig; asking consents to the answer by DM.

        Raises:
            KithError: `gig_pitch` (too short or long), `gig_closed`, `gig_own`, `gig_interest_again`, or one
                of the limits against spraying: `gig_pitches_day`, `gig_pitches_waiting`, `gig_pitch_same`.
        """
        words = rules.checked_pitch(pitch)
        people = self.desk.people
        async with self.desk.store.write() as session:
            gig = await self._open_gig(session, who, gig_id)
            member = await people.known(session, who)
            # One after the other: two forms of one member, and two pitches for one gig.
            await session.refresh(member, with_for_update=True)
            await session.get_one(Gig, gig.id, with_for_update=True)
            values = {
                "pitch": words,
                "hours": " ".join(hours.split())[:SHORT_MAX],
                "start": " ".join(start.split())[:SHORT_MAX],
                "state": "waiting",
                "created_at": self.desk.clock.now(),
                "decided_at": None,
            }
            interest_id = await self._stored(session, who, gig.id, member.id, values)
            await people.consent(session, member.id, "gigs")
            await self._handed_on(session, gig.id, member.id)
            await self.replies.tell_of_pitch(session, gig, interest_id)
            return await self.desk.interest(session, interest_id)

    async def take_back(self, person_id: int, interest_id: int) -> InterestOutcome:
        """The applicant takes a pitch back while it waits; the poster no longer sees it."""
        async with self.desk.store.write() as session:
            view = await self.desk.interest(session, interest_id)
            if view.applicant.person_id != person_id:
                raise KithError("not_yours")
            changed = await self._move(session, [interest_id], "waiting", "withdrawn") != []
            return InterestOutcome(await self.desk.interest(session, interest_id), changed)

    # --- the poster --------------------------------------------------------------------------------

    async def answer(self, person_id: int, interest_id: int, accept: bool) -> InterestOutcome:
        """Accept or decline, by the poster only; contact opens on accept, a second answer changes nothing."""
        async with self.desk.store.write() as session:
            view = await self.desk.interest(session, interest_id)
            if view.gig.person_id != person_id:
                raise KithError("not_yours")
            state = "accepted" if accept else "declining"
            changed = await self._move(session, [interest_id], "waiting", state) != []
            if changed and accept:
                await self.replies.plan_contact(session, interest_id, view.gig.community_id)
            elif changed:
                await self.replies.plan_declines(session, view.applicant.id)
            done = await self.desk.interest(session, interest_id)
            return InterestOutcome(done, changed, await self._count(session, view.gig.id))

    async def decline_others(self, person_id: int, gig_id: int) -> tuple[GigView, int]:
        """Decline everybody who still waits for a gig; returns how many that were."""
        async with self.desk.store.write() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            waiting = list(await session.scalars(_waiting(gig.id)))
            moved = await self._move(session, waiting, "waiting", "declining")
            for _id, member_id in moved:
                await self.replies.plan_declines(session, member_id)
            return await self.desk.view(session, gig), len(moved)

    async def page(self, person_id: int, gig_id: int, place: int = 0) -> PitchPage:
        """One of the pitches that wait for this poster, the oldest first."""
        async with self.desk.store.read() as session:
            gig = await self.desk.own(session, person_id, gig_id)
            ids = list(await session.scalars(_waiting(gig.id)))
            place = max(0, min(place, len(ids) - 1))
            shown = await self.desk.interest(session, ids[place]) if ids else None
            return PitchPage(await self.desk.view(session, gig), shown, place, len(ids))

    async def overview(self, who: Who) -> PitchList:
        """The member's gigs for which pitches wait, and the pitches they sent."""
        async with self.desk.store.read() as session:
            mine = await self.desk.people.find(session, who.community_id, who.person_id)
            if mine is None:
                return PitchList((), ())
            counts = (
                select(Gig, func.count()).join(Interest, Interest.gig_id == Gig.id)
                .where(Gig.member_id == mine.id, Interest.state == "waiting")
                .group_by(Gig.id).order_by(Gig.id.desc()).limit(SENT_MAX)
            )  # fmt: skip
            sent = (
                select(Gig, Interest.state, Interest.id).join(Interest, Interest.gig_id == Gig.id)
                .where(Interest.member_id == mine.id)
                .order_by(Interest.id.desc()).limit(SENT_MAX)
            )  # fmt: skip
            received = (await session.execute(counts)).all()
            pitched = (await session.execute(sent)).all()
            gigs = await self.desk.views(session, [row[0] for row in received])
            answered = await self.desk.views(session, [row[0] for row in pitched])
            return PitchList(
                tuple((gig, row[1]) for gig, row in zip(gigs, received, strict=True)),
                tuple((gig, shown_state(row[1]), row[2]) for gig, row in zip(answered, pitched, strict=True)),
            )

    # --- endings -----------------------------------------------------------------------------------

    async def close(self, session: AsyncSession, gig: Gig) -> None:
        """Tell those who have not heard yet that a gig has closed; nobody is dropped silently."""
        query = select(Interest.id).where(Interest.gig_id == gig.id, Interest.state.in_(UNSAID))
        waiting = list(await session.scalars(query))
        told = [one for state in UNSAID for one in await self._move(session, waiting, state, "closed")]
        if gig.state == "refused":  # whoever talks with the poster by now should know
            talking = select(Interest.id, Interest.member_id).where(
                Interest.gig_id == gig.id, Interest.state == "accepted"
            )
            told += [(row[0], row[1]) for row in (await session.execute(talking)).all()]
        people = await self.desk.people.views(session, [member_id for _id, member_id in told])
        for interest_id, member_id in sorted(told):
            person_id = people[member_id].person_id
            mark = manners.stamp(self.desk.clock.now())
            await self.desk.tell(session, "gig.closed", interest_id, person_id, gig.community_id, mark)

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """Take a person's pitches back: after `/stop` nobody could tell them what became of them."""
        for member_id in await self.desk.people.memberships(session, person_id):
            await self.stop_member(session, member_id)

    async def stop_member(self, session: AsyncSession, member_id: int) -> None:
        """Take one member's pitches back, within the caller's unit of work."""
        query = select(Interest.id).where(Interest.member_id == member_id, Interest.state.in_(UNSAID))
        waiting = list(await session.scalars(query))
        for state in UNSAID:
            await self._move(session, waiting, state, "withdrawn")

    # --- inside ------------------------------------------------------------------------------------

    async def _open_gig(self, session: AsyncSession, who: Who, gig_id: int) -> GigView:
        row = await self.desk.gig_here(session, who, gig_id)
        gig = await self.desk.view(session, row)
        if gig.state != "live":
            raise KithError("gig_closed")
        if gig.person_id == who.person_id:
            raise KithError("gig_own")
        if row.audience != "board" and not await self._among_first(session, who, row):
            raise KithError("gig_gone")
        return gig

    async def _among_first(self, session: AsyncSession, who: Who, gig: Gig) -> bool:
        """Whether somebody may answer a gig before the board sees it."""
        me = await self.desk.people.find(session, who.community_id, who.person_id)
        if me is None:
            return False
        asked = await session.get(GigLead, (gig.id, me.id))
        if asked is not None and asked.state != "chosen":
            return True
        shared = select(MemberNiche.niche).where(
            MemberNiche.member_id == me.id, MemberNiche.niche.in_(gig.niches)
        )
        return gig.audience == "niche" and (await session.execute(shared)).first() is not None

    async def _mine(self, session: AsyncSession, gig_id: int, person_id: int) -> Interest | None:
        query = (
            select(Interest).join(Member, Member.id == Interest.member_id)
            .where(Interest.gig_id == gig_id, Member.person_id == person_id)
        )  # fmt: skip
        return (await session.scalars(query)).one_or_none()

    async def _stored(
        self, session: AsyncSession, who: Who, gig_id: int, member_id: int, values: dict[str, object]
    ) -> int:
        """Store a pitch; one for a gig that was closed meanwhile, or that was taken back, is written anew."""
        old = await self._mine(session, gig_id, who.person_id)
        if old is not None and old.state not in GONE:
            raise KithError("gig_interest_again")
        await self._within_limits(session, member_id, gig_id, str(values["pitch"]))
        if old is None:
            made = await insert_row(session, Interest, {"gig_id": gig_id, "member_id": member_id, **values})
            if made is None:
                raise KithError("gig_interest_again")
            return int(made)
        for name, value in values.items():
            setattr(old, name, value)
        await session.flush()
        return old.id

    async def _within_limits(
        self, session: AsyncSession, member_id: int, gig_id: int, words: str | None = None
    ) -> None:
        """Keep a member from writing to everybody: that helps nobody, least of all them."""
        now = self.desk.clock.now()
        recent = Interest.created_at > now - manners.SAME_WITHIN
        query = select(Interest).where(
            Interest.member_id == member_id, recent | (Interest.state == "waiting")
        )
        earlier = (await session.scalars(query)).all()
        free = manners.next_pitch([one.created_at for one in earlier], now)
        if free > now:
            raise KithError("gig_pitches_day", most=manners.PITCHES_A_DAY, hours=_hours(free - now))
        if sum(one.state == "waiting" for one in earlier) >= manners.WAITING_MAX:
            raise KithError("gig_pitches_waiting", most=manners.WAITING_MAX)
        if words is not None and manners.sprayed(
            words, [one.pitch for one in earlier if one.gig_id != gig_id]
        ):
            raise KithError("gig_pitch_same", most=manners.SAME_MAX)

    async def _handed_on(self, session: AsyncSession, gig_id: int, member_id: int) -> None:
        """Note that somebody who was asked first has pitched: the gig waits for the poster."""
        await session.execute(
            update(GigLead)
            .where(GigLead.gig_id == gig_id, GigLead.member_id == member_id, GigLead.state != "chosen")
            .values(state="pitched")
        )

    async def _count(self, session: AsyncSession, gig_id: int) -> int:
        return len((await session.scalars(_waiting(gig_id))).all())

    async def _move(
        self, session: AsyncSession, ids: Collection[int], before: str, after: str
    ) -> list[tuple[int, int]]:
        """Change the state of these unless another was faster; returns (pitch, member) of those changed."""
        moved = await session.execute(
            update(Interest)
            .where(Interest.id.in_(ids), Interest.state == before)
            .values(state=after, decided_at=self.desk.clock.now())
            .returning(Interest.id, Interest.member_id)
            .execution_options(synchronize_session=False)
        )
        return [(row[0], row[1]) for row in moved]


def shown_state(state: str) -> str:
    """How a pitch stands for the one who sent it: a decline counts once they have heard of it."""
    return "waiting" if state == "declining" else state


def _waiting(gig_id: int) -> Select[int]:
    """The pitches a poster has not answered, the oldest first."""
    return (
        select(Interest.id)
        .where(Interest.gig_id == gig_id, Interest.state == "waiting")
        .order_by(Interest.created_at, Interest.id)
    )


def _hours(span: timedelta) -> int:
    """Whole hours to wait, rounded up."""
    return -(-span // timedelta(hours=1))
