"""The messages between the people around a gig by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.gigs.outcomes import Side
from bot.gigs.service import GigService
from cogs.gigs import lead_cards, outcome_cards, pitch_cards
from cogs.gigs.rendering import of_gig, of_interest, sent


def people_renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders each kind of message about pitches, leads and outcomes."""
    return {
        "gig.interest": of_interest(service, pitch_cards.asked),
        "gig.accepted": of_interest(service, pitch_cards.accepted),
        "gig.room": of_interest(service, pitch_cards.welcome),
        "gig.declined": of_interest(service, pitch_cards.declined),
        "gig.closed": of_interest(service, pitch_cards.closed),
        "gig.worked": of_interest(service, outcome_cards.ask_worker),
        "gig.outcome": of_gig(service, outcome_cards.ask_poster),
        **_with_key(service),
    }


def _with_key(service: GigService) -> dict[str, Renderer]:
    """Messages of which the key, or the recipient, says more than the subject."""

    async def pitches(said: Said) -> Outgoing | None:
        found = await service.replies.new_pitches(said.subject)
        return sent(pitch_cards.bundle(*found) if found else None)

    async def passed(said: Said) -> Outgoing | None:
        return sent(pitch_cards.passed(said, await service.community_name(said.community_id)))

    async def unpaid(said: Said) -> Outgoing | None:
        _kind, _subject, side, mark, _day = said.key.split(":")
        which: Side = "poster" if side == "poster" else "worker"
        view = await service.outcomes.shown(said.subject, which)
        return sent(outcome_cards.unpaid(view, mark) if view else None)

    async def lead(said: Said) -> Outgoing | None:
        found = await service.leads.shown(said.subject, said.recipient)
        return sent(lead_cards.asked(found) if found else None)

    async def handed(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        return sent(lead_cards.handed(gig, said.key.rsplit(":", 1)[-1]) if gig else None)

    return {
        "gig.pitches": pitches, "gig.passed": passed, "gig.unpaid": unpaid, "gig.lead": lead,
        "gig.handed": handed,
    }  # fmt: skip
