"""What people typed into a form that was refused: kept sealed, offered again, forgotten after a while."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import String, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.clock import Clock
from bot.core.ids import new_id
from bot.core.store import Base, BigId, Sealed, Store, UTCDateTime

KEPT_FOR = timedelta(days=7)


class Draft(Base):
    """The values of one refused form."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, index=True)
    form: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(100))
    values: Mapped[str] = mapped_column("filled", Sealed)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Drafts:
    """Keeps drafts for the person who typed them, and for nobody else."""

    def __init__(self, store: Store, clock: Clock, kept_for: timedelta = KEPT_FOR) -> None:
        self._store = store
        self._clock = clock
        self._kept_for = kept_for

    async def save(self, person_id: int, form: str, state: str, values: Mapping[str, Any]) -> str:
        """Keep the values, forget this person's outdated drafts, and return the new draft's id."""
        draft_id, now = new_id(), self._clock.now()
        async with self._store.write() as session:
            old = delete(Draft).where(Draft.person_id == person_id, Draft.created_at < now - self._kept_for)
            await session.execute(old)
            session.add(
                Draft(
                    id=draft_id,
                    person_id=person_id,
                    form=form,
                    state=state,
                    values=json.dumps(dict(values)),
                    created_at=now,
                )
            )
        return draft_id

    async def load(self, draft_id: str, person_id: int) -> tuple[str, str, dict[str, str | list[str]]] | None:
        """Return (form, state, values) of a draft to its owner."""
        async with self._store.read() as session:
            draft = await session.get(Draft, draft_id)
            if draft is None or draft.person_id != person_id:
                return None
            values = cast("dict[str, str | list[str]]", json.loads(draft.values))
            return draft.form, draft.state, values

    async def forget(self, session: AsyncSession, person_id: int) -> None:
        """Delete every draft of a person, as part of deleting everything about them."""
        await session.execute(delete(Draft).where(Draft.person_id == person_id))
