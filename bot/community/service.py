"""Use cases of moderators: set up, start, pause and resume; and the first message after install."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community import rules
from bot.community.panel import POSTED, Panel
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.schedule import next_local
from bot.core.store import Store, insert_new
from bot.people.service import CommunityView, PeopleService, Who, community_view
from bot.people.tables import Community, CommunityNiche, Member

Hook = Callable[[AsyncSession, int], Awaitable[object]]
Arrived = Callable[[AsyncSession, Said], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SetupEdit:
    """What a moderator changes; None leaves a setting as it is."""

    city: str | None = None
    lobby: int | None = None
    gigs: int | None = None
    gigs_kind: str | None = None
    moderators: int | None = None
    panel: int | None = None
    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class LastRound:
    """How the last round went, in numbers."""

    at: datetime
    enrolled: int
    introduced: int
    left_out: int


@dataclass(frozen=True, slots=True)
class RoundsSeen:
    """What the introductions know: the round to come, whether it waits for a moderator, and the last one."""

    next_at: datetime | None = None
    waits: bool = False
    last: LastRound | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """Where setup stands; `changed` is False when an action found everything done already.

    `round_waits`: the round is due, and goes out when a moderator says so.
    """

    community: CommunityView
    missing: tuple[rules.Place, ...]
    next_round: datetime
    round_waits: bool = False
    last_round: LastRound | None = None
    changed: bool = True

    @property
    def ready(self) -> bool:
        """Rooms need the lobby; everything else can follow later."""
        return "lobby" not in self.missing


RoundsOf = Callable[[AsyncSession, int], Awaitable[RoundsSeen]]


async def _no_rounds(_session: AsyncSession, _community_id: int) -> RoundsSeen:
    """What is known where nothing plans rounds."""
    return RoundsSeen()


def channels_of(seen: Community | CommunityView) -> dict[rules.Place, int | None]:
    """Return which channel was chosen for each place."""
    return {
        "lobby": seen.lobby_channel_id,
        "gigs": seen.gig_channel_id,
        "moderators": seen.mod_channel_id,
        "panel": seen.panel_channel_id,
    }


class CommunityService:
    """What moderators decide about their community; who is a moderator is checked at the edge."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        people: PeopleService,
        *,
        outbox: Outbox | None = None,
        on_start: Sequence[Hook] = (),
        on_change: Sequence[Hook] = (),
        rounds: RoundsOf = _no_rounds,
    ) -> None:
        """Take other features' hooks: run in the transaction of a start, or of a new day, hour or zone.

        `rounds` tells of a community's rounds; before Start none is planned, and the date is worked out here.
        """
        self.store = store
        self.clock = clock
        self.outbox = outbox or Outbox(store, clock)
        self.people = people
        self.on_start = list(on_start)
        self.on_change = list(on_change)
        self.rounds = rounds
        self.panel = Panel(clock, self.outbox)

    def delivered(self) -> dict[str, Arrived]:
        """Name what is remembered once a message has arrived."""
        return {POSTED: self.panel.posted}

    async def knows(self, community_id: int) -> bool:
        """Tell whether the community was met before; cheap enough for every server at every start."""
        async with self.store.read() as session:
            return await session.get(Community, community_id) is not None

    async def arrived(self, community_id: int, name: str, channel_id: int | None) -> bool:
        """Greet the moderators of a new community, once, in the channel given; False when it is known."""
        async with self.store.write() as session:
            new = await insert_new(
                session, Community, id=community_id, name=name[:100], created_at=self.clock.now()
            )
            if new and channel_id is not None:
                await self.outbox.say(
                    session,
                    kind="community.hello",
                    subject=community_id,
                    key=f"community.hello:{community_id}",
                    recipient=channel_id,
                    community_id=community_id,
                    target="channel",
                )
        return new

    async def state(self, who: Who) -> Setup:
        """Return where setup stands."""
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            return await self._setup(session, row)

    async def configure(self, who: Who, edit: SetupEdit) -> Setup:
        """Store settings; raises KithError and keeps everything as it was when one is not acceptable."""
        zone = self.people.cities.resolve(edit.city, self.clock.now()).zone if edit.city else None
        wanted = {
            "zone": zone,
            "round_weekday": rules.checked_day(edit.weekday),
            "round_hour": rules.checked_hour(edit.hour),
            "lobby_channel_id": edit.lobby,
            "gig_channel_id": edit.gigs,
            "gig_channel_kind": rules.checked_kind(edit.gigs_kind),
            "mod_channel_id": edit.moderators,
            "panel_channel_id": edit.panel,
        }
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            before, panel = self._schedule(row), row.panel_channel_id
            for name, value in wanted.items():
                if value is not None:
                    setattr(row, name, value)
            await session.flush()
            if row.panel_channel_id != panel:
                await self._panel_moved(session, row, panel)
            if row.started and self._schedule(row) != before:
                for hook in self.on_change:
                    await hook(session, row.id)
            return await self._setup(session, row)

    async def start(self, who: Who) -> Setup:
        """Let Kith speak to members; raises `setup_incomplete` while the lobby is not chosen."""
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            if row.started:
                return await self._setup(session, row, changed=False)
            if not (await self._setup(session, row)).ready:
                raise KithError("setup_incomplete")
            row.started = True
            await session.flush()
            await self.panel.post(session, row)
            for hook in self.on_start:
                await hook(session, row.id)
            return await self._setup(session, row)

    async def post_panel(self, who: Who) -> Setup:
        """Post the panel again, after somebody deleted it; `changed` is False when it is on its way.

        Raises `panel_unset` without a channel for it, and `panel_not_started` before Start.
        """
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            if row.panel_channel_id is None:
                raise KithError("panel_unset")
            if not row.started:
                raise KithError("panel_not_started")
            return await self._setup(session, row, changed=await self.panel.post(session, row))

    async def panel_stands_in(self, community_id: int) -> int | None:
        """Return the channel of the community's panel, None where it wants none."""
        async with self.store.read() as session:
            row = await session.get(Community, community_id)
            return row.panel_channel_id if row else None

    async def knows_elsewhere(self, who: Who) -> bool:
        """Tell whether Kith knows this person from another community."""
        async with self.store.read() as session:
            query = select(Member.id).where(
                Member.person_id == who.person_id, Member.community_id != who.community_id
            )
            return (await session.execute(query.limit(1))).first() is not None

    async def niche_roles(self, community_id: int) -> tuple[int, ...]:
        """Return the ids of the roles that niches have here."""
        query = select(CommunityNiche.role_id).where(
            CommunityNiche.community_id == community_id, CommunityNiche.role_id.is_not(None)
        )
        async with self.store.read() as session:
            return tuple(role for role in await session.scalars(query) if role is not None)

    async def pause(self, who: Who) -> Setup:
        """Silence every message to members until resumed."""
        return await self._set_paused(who, True)

    async def resume(self, who: Who) -> Setup:
        """Let messages go out again."""
        return await self._set_paused(who, False)

    async def _set_paused(self, who: Who, paused: bool) -> Setup:
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            changed = row.paused != paused
            row.paused = paused
            await session.flush()
            return await self._setup(session, row, changed=changed)

    async def _panel_moved(self, session: AsyncSession, row: Community, old: int | None) -> None:
        """Post the panel in its new channel, and let the one in the old channel point there."""
        await self.panel.post(session, row)
        if old is not None and row.panel_message_id is not None:
            await self.panel.retire(session, row.id, old, row.panel_message_id)
            row.panel_message_id = None

    def _schedule(self, row: Community) -> tuple[str, int, int]:
        return row.zone, row.round_weekday, row.round_hour

    async def _setup(self, session: AsyncSession, row: Community, *, changed: bool = True) -> Setup:
        seen = await self.rounds(session, row.id)
        computed = next_local(self.clock.now(), row.zone, row.round_weekday, row.round_hour)
        missing = rules.still_to_do(channels_of(row))
        return Setup(
            community_view(row), missing, seen.next_at or computed, seen.waits, seen.last, changed=changed
        )
