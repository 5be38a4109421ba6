"""Which words are held when they come again: those of refused gigs, unless moderators forgot them."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.store import insert_new
from bot.gigs.screening import fingerprint
from bot.gigs.sketch import bands
from bot.gigs.tables import Gig, GigBand


class Memory:
    """Joins the caller's unit of work; what is forgotten is not found, neither the same nor nearly so."""

    async def forget(self, session: AsyncSession, gig: Gig) -> bool:
        """Let the words of a gig be screened like any others; False when they were forgotten already."""
        if gig.fingerprint == "":
            return False
        gig.fingerprint = ""
        await session.execute(
            delete(GigBand).where(GigBand.gig_id == gig.id).execution_options(synchronize_session=False)
        )
        await session.flush()
        return True

    async def remember(self, session: AsyncSession, gig: Gig) -> bool:
        """Recognise the words of a gig when they come again; False when they are remembered already."""
        if gig.fingerprint != "":
            return False
        gig.fingerprint = fingerprint(gig.title + gig.description)
        for band in bands(tuple(gig.sketch)):
            await insert_new(session, GigBand, gig_id=gig.id, band=band, community_id=gig.community_id)
        await session.flush()
        return True
