"""Gathers everything about a person, opened and with readable names, from wherever it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.tables import Community, Member, Person
from bot.privacy import atlas, rules
from bot.privacy.atlas import Way
from bot.privacy.erasing import Erasing
from bot.privacy.tables import Forgotten

Data = dict[str, Any]

_OF_AN_ANSWER = frozenset({"state", "decided_at"})


class Export:
    """Reads one person's data within the caller's unit of work."""

    def __init__(self, session: AsyncSession, person_id: int, now: datetime) -> None:
        """Read for this person."""
        self.session = session
        self.person_id = person_id
        self.now = now
        self.names: dict[int, str] = {}

    async def everything(self, marks: Erasing) -> Data:
        """Return all of it: the person, each community, and what names them anywhere else."""
        person = await self._rows(atlas.table_of("person"), "id", self.person_id)
        query = (
            select(Member.id, Community.name, Community.id)
            .join(Community, Community.id == Member.community_id)
            .where(Member.person_id == self.person_id)
            .order_by(Member.id)
        )
        communities = [
            {"community": name, "server_id": server, **await self._member(member_id)}
            for member_id, name, server in (await self.session.execute(query)).all()
        ]
        data: Data = {
            "made_at": self.now.isoformat(),
            "user_id": str(self.person_id),
            "person": self._shown(atlas.table_of("person"), person[0]) if person else {},
            "communities": communities,
            "bars_kept_as_a_hash": await self._bars(marks),
            **await self._namings("person", self.person_id),
        }
        return {name: value for name, value in data.items() if value not in ([], {})}

    async def _member(self, member_id: int) -> Data:
        table = atlas.table_of("member")
        row = (await self._rows(table, "id", member_id))[0]
        return {
            "profile": self._shown(table, row),
            **await self._children("member", member_id),
            **await self._namings("member", member_id),
        }

    async def _children(self, parent: str, parent_id: int) -> Data:
        """Return what hangs on a row, by readable name; each with what hangs on it."""
        found: Data = {}
        for way in atlas.ways_from(parent):
            if way.theirs and (rows := await self._along(way, parent_id)):
                found.setdefault(atlas.TITLES.get(way.table, way.table), []).extend(rows)
        return found

    async def _along(self, way: Way, parent_id: int) -> list[Data]:
        table = atlas.table_of(way.table)
        found = []
        for row in await self._rows(table, way.column, parent_id):
            if way.table == "avoided_pair" and not row[way.column.replace("_id", "_asked")]:
                continue  # the other asked, and this person is never told
            shown = self._shown(table, row)
            told = atlas.DISCREET.get((way.table, way.column))
            if told is not None and row["state"] not in told:
                shown = {name: value for name, value in shown.items() if name not in _OF_AN_ANSWER}
            shown |= await self._names(table, row, way.column)
            if way.table == "seat":
                shown |= await self._introduction(row)
            if "id" in row:
                shown |= await self._children(way.table, row["id"])
            found.append(shown)
        return found

    async def _introduction(self, seat: RowMapping) -> Data:
        """What a card told them: with whom and why. Before it arrived, they know of nobody."""
        table, seats = atlas.table_of("introduction"), atlas.table_of("seat")
        (row,) = await self._rows(table, "id", seat["introduction_id"])
        if seat["state"] != "told":
            return {"created_at": row["created_at"].isoformat()}
        others = await self._rows(seats, "introduction_id", row["id"])
        names = [await self._name(one["member_id"]) for one in others if one["id"] != seat["id"]]
        return {"with": names, **self._shown(table, row)}

    async def _namings(self, of: str, its_id: int) -> Data:
        """Return rows that only name the person: messages, drafts, what they decided as a moderator."""
        found: Data = {}
        for naming in atlas.NAMINGS:
            if naming.of != of or not naming.title:
                continue
            table = atlas.table_of(naming.table)
            rows = [
                self._shown(table, row) | await self._names(table, row, naming.column)
                for row in await self._rows(table, naming.column, its_id)
                if row.get("target", "person") == "person"
            ]
            if naming.of == "person" and naming.end == "name":  # of others' matters only that, when and what
                rows = [{k: v for k, v in row.items() if k in atlas.OF_A_DECISION} for row in rows]
            if rows:
                found[naming.title] = rows
        return found

    async def _bars(self, marks: Erasing) -> list[Data]:
        """What is left of an earlier deletion, where moderators had closed Kith for this person."""
        query = select(Forgotten, Community.name).join(Community, Community.id == Forgotten.community_id)
        rows = (await self.session.execute(query.where(Forgotten.kind == rules.MARK_BAR))).all()
        return [
            {"community": name, "until": kept.until.isoformat()}
            for kept, name in rows
            if kept.mark == marks.mark(kept.community_id, self.person_id)
        ]

    async def _rows(self, table: Table, column: str, value: int) -> Sequence[RowMapping]:
        query = select(table).where(table.c[column] == value).order_by(*table.primary_key)
        return (await self.session.execute(query)).mappings().all()

    def _shown(self, table: Table, row: RowMapping) -> Data:
        """A row without its inner numbers and without what is hidden."""
        hidden = atlas.HIDDEN.get(table.name, frozenset())
        return {
            column.name: value.isoformat() if isinstance(value := row[column.name], datetime) else value
            for column in table.c
            if not (column.primary_key and column.name in ("id", "member_id"))
            and not column.foreign_keys
            and column.name not in atlas.INNER
            and column.name not in hidden
        }

    async def _names(self, table: Table, row: RowMapping, own: str) -> Data:
        """Names of others whom the person knows about."""
        return {
            column.removesuffix("_id"): await self._name(row[column])
            for name, column in sorted(atlas.WITH_NAMES)
            if name == table.name and column != own
        }

    async def _name(self, member_id: int) -> str:
        if member_id not in self.names:
            query = select(Person.name).join(Member, Member.person_id == Person.id)
            self.names[member_id] = await self.session.scalar(query.where(Member.id == member_id)) or ""
        return self.names[member_id]
