"""Use cases of moderators: set up, start, pause and resume; and the first message after install."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community import modules, rules
from bot.community.audit import Audit
from bot.community.checkup import Checkup
from bot.community.export import Export
from bot.community.gate import Gate
from bot.community.panel import POSTED, Panel
from bot.community.setbacks import Setbacks
from bot.community.views import (
    NOTHING,
    Beside,
    LastRound,
    RoundsSeen,
    Settings,
    Setup,
    SetupEdit,
    Told,
    channels_of,
)
from bot.community.week import Week
from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox, Said
from bot.core.schedule import next_local
from bot.core.store import Store, after_commit, insert_new
from bot.people.service import CommunityView, PeopleService, Who, community_view
from bot.people.tables import Community, CommunityNiche, Member

__all__ = ["CommunityService", "LastRound", "RoundsSeen", "Setup", "SetupEdit", "Told", "channels_of"]

Hook = Callable[[AsyncSession, int], Awaitable[object]]
Arrived = Callable[[AsyncSession, Said], Awaitable[None]]

# What a setting is called in the record.
_COLUMNS = {
    "zone": "city",
    "round_weekday": "day",
    "round_hour": "hour",
    "lobby_channel_id": "lobby",
    "gig_channel_id": "gigs",
    "gig_channel_kind": "",
    "mod_channel_id": "moderators",
    "panel_channel_id": "panel",
}


class CommunityService:
    """What moderators decide about their community; who is a moderator is checked at the edge."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        people: PeopleService,
        *,
        agenda: Agenda | None = None,
        outbox: Outbox | None = None,
        on_start: Sequence[Hook] = (),
        on_change: Sequence[Hook] = (),
        told: Told = NOTHING,
    ) -> None:
        """Take other features' hooks, and what they tell.

        `on_start` runs in the transaction of a start, or when introductions come into use; `on_change` in
        that of a new day, hour or zone. Before Start no round is planned, and the date is worked out here.
        """
        self.store = store
        self.clock = clock
        self.outbox = outbox or Outbox(store, clock)
        self.people = people
        self.on_start = list(on_start)
        self.on_change = list(on_change)
        self.told = told
        self.panel = Panel(clock, self.outbox)
        self.gate = Gate(store, clock)
        self.setbacks = Setbacks(store, clock, self.outbox, told.beside)
        self.week = Week(store, clock, agenda or Agenda(store, clock), self.outbox, told.figures)
        self.checkup = Checkup(store, clock, self.setbacks, self.week)
        self.audit = Audit(store)
        self.export = Export(store, people, told.tables)

    def delivered(self) -> dict[str, Arrived]:
        """Name what is remembered once a message has arrived."""
        return {POSTED: self.panel.posted}

    async def knows(self, community_id: int) -> bool:
        """Tell whether the community was met before; cheap enough for every server at every start."""
        async with self.store.read() as session:
            return await session.get(Community, community_id) is not None

    async def known(self, community_id: int) -> CommunityView | None:
        """Return a community's settings; None for one that was never met."""
        async with self.store.read() as session:
            return await self.people.community(session, community_id)

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

    async def settings(self, who: Who) -> Settings:
        """Return everything that was decided here."""
        async with self.store.write() as session:
            row = await self.people.known_community(session, who.community_id, who.community_name)
            setup = await self._setup(session, row)
            gets = row.started and row.mod_channel_id is not None and "digest" not in row.modules_off
            decided, beside = await self.told.decided(session, row.id), await self._beside(session, row)
            return Settings(setup, decided, self.week.next_at(row.zone) if gets else None, beside)

    # --- setting up --------------------------------------------------------------------------------

    async def configure(self, who: Who, edit: SetupEdit) -> Setup:
        """Store settings; raises KithError and keeps everything as it was when one is not acceptable."""
        wanted = self._wanted(edit)
        async with self.store.write() as session:
            row = await self._known(session, who)
            before, schedule = channels_of(row), self._schedule(row)
            changed = [
                name for name, value in wanted.items() if value is not None and getattr(row, name) != value
            ]
            for name in changed:
                setattr(row, name, wanted[name])
            await session.flush()
            if told := [_COLUMNS[name] for name in changed if _COLUMNS[name]]:
                await self._note(session, who, "setup.changed", " ".join(told))
            await self._channels_moved(session, row, before)
            if row.started and self._schedule(row) != schedule:
                for hook in self.on_change if "introductions" not in row.modules_off else ():
                    await hook(session, row.id)
                await self.week.plan(session, row)
            return await self._setup(session, row)

    def _wanted(self, edit: SetupEdit) -> dict[str, object]:
        """Return the acceptable values by column."""
        return {
            "zone": self.people.cities.resolve(edit.city, self.clock.now()).zone if edit.city else None,
            "round_weekday": rules.checked_day(edit.weekday),
            "round_hour": rules.checked_hour(edit.hour),
            "lobby_channel_id": edit.lobby,
            "gig_channel_id": edit.gigs,
            "gig_channel_kind": rules.checked_kind(edit.gigs_kind),
            "mod_channel_id": edit.moderators,
            "panel_channel_id": edit.panel,
        }

    async def _channels_moved(
        self, session: AsyncSession, row: Community, before: dict[rules.Place, int | None]
    ) -> None:
        """Follow every place to its new channel, with what could not be said in the old one."""
        now = channels_of(row)
        for place, new in now.items():
            old = before.get(place)
            if new is None or new == old:
                continue
            if place == "panel":
                await self._panel_moved(session, row, old)
            elif old is not None and old not in now.values():
                await self.setbacks.moved(session, row.id, old, new)

    async def use_modules(self, who: Who, used: Collection[str]) -> Setup:
        """Use these parts of Kith and leave out the others; raises `module_unknown`."""
        off = modules.left_out(used)
        async with self.store.write() as session:
            row = await self._known(session, who)
            before = list(row.modules_off)
            if before == off:
                return await self._setup(session, row, changed=False)
            row.modules_off = off
            await session.flush()
            after_commit(session, lambda: self.gate.forget(who.community_id))
            await self._note(session, who, "modules.changed", modules.changes(before, off))
            if row.started and set(before) - set(off):
                await self._in_use_again(session, row, set(before) - set(off))
            await self.panel.refresh(session, row)
            return await self._setup(session, row)

    async def _in_use_again(self, session: AsyncSession, row: Community, back: set[str]) -> None:
        """Go on with what waited; the round that waited comes on its next day, not at once."""
        if "introductions" in back:
            for hook in (*self.on_start, *self.on_change):
                await hook(session, row.id)
        await self.gate.reopen(session, row.id)
        if "digest" in back:
            await self.week.plan(session, row)

    async def start(self, who: Who) -> Setup:
        """Let Kith speak to members; raises `setup_incomplete` while the lobby is not chosen."""
        async with self.store.write() as session:
            row = await self._known(session, who)
            if row.started:
                return await self._setup(session, row, changed=False)
            if not (await self._setup(session, row)).ready:
                raise KithError("setup_incomplete")
            row.started = True
            await session.flush()
            await self._note(session, who, "started")
            await self.panel.post(session, row)
            await self.week.plan(session, row)
            for hook in self.on_start if "introductions" not in row.modules_off else ():
                await hook(session, row.id)
            return await self._setup(session, row)

    async def post_panel(self, who: Who) -> Setup:
        """Post the panel again, after somebody deleted it; `changed` is False when it is on its way.

        Raises `panel_unset` without a channel for it, and `panel_not_started` before Start.
        """
        async with self.store.write() as session:
            row = await self._known(session, who)
            if row.panel_channel_id is None:
                raise KithError("panel_unset")
            if not row.started:
                raise KithError("panel_not_started")
            posted = await self.panel.post(session, row)
            if posted:
                await self._note(session, who, "panel.posted")
            return await self._setup(session, row, changed=posted)

    async def panel_stands_in(self, community_id: int) -> int | None:
        """Return the channel of the community's panel, None where it wants none."""
        async with self.store.read() as session:
            row = await session.get(Community, community_id)
            return row.panel_channel_id if row else None

    async def created(self, who: Who, what: Collection[str]) -> None:
        """Note which channels a moderator let Kith make; the tags of a board are "tags"."""
        async with self.store.write() as session:
            await self._known(session, who)
            action = "tags.created" if set(what) == {"tags"} else "channels.created"
            await self._note(session, who, action, " ".join(what))

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

    async def beside(self, community_id: int) -> tuple[Beside, ...]:
        """Return the channels that the parts in use have beside those of setup."""
        async with self.store.read() as session:
            row = await session.get(Community, community_id)
            return await self._beside(session, row) if row is not None else ()

    async def pause(self, who: Who) -> Setup:
        """Silence every message to members until resumed."""
        return await self._set_paused(who, True)

    async def resume(self, who: Who) -> Setup:
        """Let messages go out again."""
        return await self._set_paused(who, False)

    async def _set_paused(self, who: Who, paused: bool) -> Setup:
        async with self.store.write() as session:
            row = await self._known(session, who)
            changed = row.paused != paused
            row.paused = paused
            await session.flush()
            if changed:
                await self._note(session, who, "paused" if paused else "resumed")
            return await self._setup(session, row, changed=changed)

    # --- steps -------------------------------------------------------------------------------------

    async def _known(self, session: AsyncSession, who: Who) -> Community:
        """Return the community's row, locked: two moderators at once must not lose each other's changes."""
        row = await self.people.known_community(session, who.community_id, who.community_name)
        await session.flush()
        await session.refresh(row, with_for_update=True)
        return row

    async def _note(self, session: AsyncSession, who: Who, action: str, detail: str = "") -> None:
        await self.people.note(session, who.community_id, who.person_id, action, detail=detail)

    async def _panel_moved(self, session: AsyncSession, row: Community, old: int | None) -> None:
        """Post the panel in its new channel, and let the one in the old channel point there."""
        await self.panel.post(session, row)
        if old is not None and row.panel_message_id is not None:
            await self.panel.retire(session, row.id, old, row.panel_message_id)
            row.panel_message_id = None

    async def _beside(self, session: AsyncSession, row: Community) -> tuple[Beside, ...]:
        found = await self.told.beside(session, row.id)
        return tuple(one for one in found if modules.OWNERS[one.place] not in row.modules_off)

    def _schedule(self, row: Community) -> tuple[str, int, int]:
        return row.zone, row.round_weekday, row.round_hour

    async def _setup(self, session: AsyncSession, row: Community, *, changed: bool = True) -> Setup:
        seen = await self.told.rounds(session, row.id)
        computed = next_local(self.clock.now(), row.zone, row.round_weekday, row.round_hour)
        missing = rules.still_to_do(channels_of(row), row.modules_off)
        return Setup(
            community_view(row), missing, seen.next_at or computed, seen.waits, seen.last, changed=changed
        )
