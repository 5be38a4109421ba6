"""Small facts that must survive a restart, such as which commands Discord already knows."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.errors import WrongKey
from bot.core.store import Base, Store, insert_new

_FINGERPRINT = "secret key"


class Remembered(Base):
    """One fact under one key."""

    __tablename__ = "remembered"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Memory:
    """Remembers one text per key."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, key: str) -> str | None:
        """Return what is remembered under a key."""
        async with self._store.read() as session:
            row = await session.get(Remembered, key)
            return None if row is None else row.value

    async def set(self, key: str, value: str) -> None:
        """Remember a text in place of what was there."""
        async with self._store.write() as session:
            if not await insert_new(session, Remembered, key=key, value=value):
                row = await session.get_one(Remembered, key)
                row.value = value

    async def fingerprint(self) -> str | None:
        """Return the fingerprint of the key that sealed this database; None before the first start."""
        return await self.get(_FINGERPRINT)

    async def require_key(self, fingerprint: str) -> None:
        """Remember the secret key's fingerprint at the first start, and refuse another key later.

        Raises:
            WrongKey: the database was sealed with a key that is not this one.
        """
        known = await self.fingerprint()
        if known is None:
            await self.set(_FINGERPRINT, fingerprint)
        elif known != fingerprint:
            raise WrongKey(
                f"This database was sealed with another secret key (fingerprint {known}, not {fingerprint}). "
                "Set KITH_SECRET_KEY to the key it was made with."
            )
