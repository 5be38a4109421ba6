"""What moderators decide about rounds: settings, days without, a round now, and how the last ones went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.schedule import local_date
from bot.intros import dates
from bot.intros.planning import open_round
from bot.intros.settings import RoundRules, read_rules, write_holidays, write_rules
from bot.intros.tables import Round
from bot.people.service import Who
from bot.people.tables import Community

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

ROUNDS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class SettingsView:
    """How rounds go here, and when the next one is."""

    rules: RoundRules
    weeks: int
    next_at: datetime | None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round: when it ran or is due, and its report in numbers."""

    round_id: int
    number: int
    state: str
    at: datetime
    report: Mapping[str, Any]


class Moderating:
    """Use cases of moderators about rounds; who is a moderator is checked at the edge."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    async def settings(
        self,
        who: Who,
        *,
        approve: bool | None = None,
        weeks: int | None = None,
        new_first: bool | None = None,
    ) -> SettingsView:
        """Change what is given and return how rounds go.

        Raises:
            KithError: `approve_needs_channel`, `round_weeks_unknown`.
        """
        if weeks is not None and weeks not in dates.WEEKS:
            raise KithError("round_weeks_unknown")
        async with self.on.store.write() as session:
            community = await self._community(session, who)
            if approve and community.mod_channel_id is None:
                raise KithError("approve_needs_channel")
            before = await read_rules(session, community.id)
            if approve is not None or new_first is not None:
                await write_rules(session, community.id, approve=approve, new_first=new_first)
            changed = await read_rules(session, community.id) != before
            if weeks is not None and weeks != community.round_weeks:
                community.round_weeks = weeks
                await session.flush()
                await self.on.planner.replan(session, community.id, anew=True)
                changed = True
            if changed:
                given = {"approved first": approve, "weeks between": weeks, "new pairs first": new_first}
                words = {True: "yes", False: "no"}
                detail = ", ".join(
                    f"{name}: {words[value] if isinstance(value, bool) else value}"
                    for name, value in given.items()
                    if value is not None
                )
                await self.on.people.note(
                    session, community.id, who.person_id, "round.settings", detail=detail
                )
            return await self._settings(session, community, changed=changed)

    async def add_holidays(self, who: Who, first: str, last: str | None) -> SettingsView:
        """Let no round fall on these days; the round that would moves on.

        Raises:
            KithError: `date_unknown`, `date_past`, `dates_backwards`, `holidays_too_many`.
        """
        return await self._holidays(who, first, last, add=True)

    async def remove_holidays(self, who: Who, first: str, last: str | None) -> SettingsView:
        """Let rounds fall on these days again; raises what `add_holidays` raises."""
        return await self._holidays(who, first, last, add=False)

    async def _holidays(self, who: Who, first: str, last: str | None, *, add: bool) -> SettingsView:
        async with self.on.store.write() as session:
            community = await self._community(session, who)
            today = local_date(self.on.clock.now(), community.zone)
            begins = dates.parse_day(first, today)
            # "27 Dec" to "3 Jan": the end is read from the beginning on.
            ends = dates.parse_day(last, begins) if last else begins
            days = dates.days_of(begins, ends)
            held = {day for day in (await read_rules(session, community.id)).holidays if day >= today}
            wanted = held | set(days) if add else held - set(days)
            if wanted != held:
                await write_holidays(session, community.id, wanted)
                await self.on.planner.replan(session, community.id)
                await self.on.people.note(session, community.id, who.person_id, "holidays.changed")
            return await self._settings(session, community, changed=wanted != held)

    async def run_now(self, who: Who, round_id: int) -> int:
        """Let the planned round begin at once; return its number.

        Raises:
            KithError: `round_gone`, or `round_not_ready` when it waits for approval already.
        """
        async with self.on.store.write() as session:
            round_ = await session.get(Round, round_id, with_for_update=True, populate_existing=True)
            if round_ is None or round_.community_id != who.community_id or round_.state != "planned":
                raise KithError("round_gone")
            await self.on.planner.run_at(session, round_, self.on.clock.now())
            number = str(round_.number)
            await self.on.people.note(session, who.community_id, who.person_id, "round.run", detail=number)
            return round_.number

    async def coming(self, who: Who) -> RoundView:
        """Return the round that is to come; raises `round_none`."""
        async with self.on.store.read() as session:
            round_ = await open_round(session, who.community_id)
            if round_ is None:
                raise KithError("round_none")
            return _view(round_)

    async def history(self, who: Who) -> list[RoundView]:
        """Return the last rounds that are over, the newest first."""
        query = (
            select(Round)
            .where(Round.community_id == who.community_id, Round.state.in_(("done", "skipped")))
            .order_by(Round.number.desc())
            .limit(ROUNDS_SHOWN)
        )
        async with self.on.store.read() as session:
            return [_view(round_) for round_ in await session.scalars(query)]

    async def of(self, round_id: int) -> tuple[RoundView, str] | None:
        """Return a round with its community's name, for a message about it."""
        async with self.on.store.read() as session:
            round_ = await session.get(Round, round_id)
            community = await self.on.people.community(session, round_.community_id) if round_ else None
            return (_view(round_), community.name) if round_ and community else None

    async def _community(self, session: AsyncSession, who: Who) -> Community:
        """The community's row, locked: two moderators at once must not lose each other's days."""
        row = await self.on.people.known_community(session, who.community_id, who.community_name)
        await session.refresh(row, with_for_update=True)
        return row

    async def _settings(self, session: AsyncSession, community: Community, *, changed: bool) -> SettingsView:
        coming = await open_round(session, community.id)
        rules = await read_rules(session, community.id)
        return SettingsView(rules, community.round_weeks, coming.due_at if coming else None, changed)


def _view(round_: Round) -> RoundView:
    return RoundView(
        round_.id, round_.number, round_.state, round_.ran_at or round_.due_at, dict(round_.report)
    )
