"""What a community may take along: CSV files that no spreadsheet mistakes for formulas."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.views import Row, Table, TablesOf
from bot.core.store import Store, portions
from bot.people.service import MemberView, PeopleService, Who
from bot.people.tables import Consent, Member
from bot.people.visibility import seen_by

MEMBERS = (
    "name", "person_id", "joined", "headline", "disciplines", "stage", "work_mode", "direction", "niches",
    "offers", "asks", "languages", "open_for_work", "links",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
SIZE_MAX = 8 * 2**20
"""Bytes of one file; Discord takes ten MiB."""
_MARK = b"\xef\xbb\xbf"


class Export:
    """Writes the files; members are in them only as far as they show themselves to the community."""

    def __init__(self, store: Store, people: PeopleService, tables: TablesOf) -> None:
        """Stand on the store; other features add what is theirs."""
        self.store = store
        self.people = people
        self.tables = tables

    async def write(self, who: Who) -> list[tuple[str, bytes]]:
        """Return the files by name, and note that they were taken; a long one comes in parts."""
        async with self.store.write() as session:
            await self.people.known_community(session, who.community_id, who.community_name)
            await self.people.note(session, who.community_id, who.person_id, "exported")
        async with self.store.read() as session:
            found = [await self._members(session, who.community_id)]
            found += await self.tables(session, who.community_id, self.people.clock.now())
        parts = [(table.name, await asyncio.to_thread(as_csv, table)) for table in found]
        return [one for name, files in parts for one in _named(name, files)]

    async def _members(self, session: AsyncSession, community_id: int) -> Table:
        """Those who let members find them, with what they show to members; nobody else."""
        listed = (
            select(Member.id)
            .join(Consent, Consent.member_id == Member.id)
            .where(Member.community_id == community_id, Member.barred_at.is_(None))
            .where(Consent.purpose == "directory", Consent.withdrawn_at.is_(None))
        )
        rows: list[Row] = []
        for some in portions(await session.scalars(listed)):
            views = await self.people.views(session, some)
            rows += [self._row(seen_by(views[member], "members")) for member in some if member in views]
        return Table("members", MEMBERS, tuple(rows))

    def _row(self, view: MemberView) -> Row:
        now = self.people.clock.now()
        return (
            view.name, view.person_id, view.joined_at, view.headline, view.disciplines, view.stage,
            view.work_mode, view.direction, view.niche_names, view.offers, view.asks, view.languages,
            "yes" if view.open_for_work(now) else "", [url for _kind, url in view.links],
        )  # fmt: skip


def as_csv(table: Table, most: int = SIZE_MAX) -> list[bytes]:
    """Write a table, with the mark that spreadsheets read UTF-8 by, in files of at most so many bytes.

    A cell that begins like a formula gets an apostrophe (OWASP, CSV injection).
    """
    header = _MARK + _line(table.columns)
    files = [bytearray(header)]
    for row in table.rows:
        line = _line([cell(value) for value in row])
        if len(files[-1]) + len(line) > most and len(files[-1]) > len(header):
            files.append(bytearray(header))
        files[-1] += line
    return [bytes(file) for file in files]


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _named(name: str, files: Sequence[bytes]) -> list[tuple[str, bytes]]:
    if len(files) == 1:
        return [(f"{name}.csv", files[0])]
    return [(f"{name}-{number}-of-{len(files)}.csv", file) for number, file in enumerate(files, 1)]


def cell(value: object) -> str:
    """Write one value so that a spreadsheet shows it and computes nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return cell("; ".join(str(part) for part in value))
    text = str(value).replace("\0", "")
    number = isinstance(value, int | float)
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) and not number else text
