"""The messages between the people around a gig by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from collections.abc import Callable

from discord import ui

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.gigs.outcomes import Side
from bot.gigs.service import GigService, GigView, InterestView
from cogs.gigs import lead_cards, outcome_cards, pitch_cards


def people_renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders each kind of message about pitches, leads and outcomes."""
    return {
        "gig.interest": _of_interest(service, pitch_cards.asked),
        "gig.accepted": _of_interest(service, pitch_cards.accepted),
        "gig.room": _of_interest(service, pitch_cards.welcome),
        "gig.declined": _of_interest(service, pitch_cards.declined),
        "gig.closed": _of_interest(service, pitch_cards.closed),
        "gig.worked": _of_interest(service, outcome_cards.ask_worker),
        "gig.outcome": _of_gig(service, outcome_cards.ask_poster),
        **_with_key(service),
    }


def _with_key(service: GigService) -> dict[str, Renderer]:
    """Messages of which the key, or the recipient, says more than the subject."""

    async def pitches(said: Said) -> Outgoing | None:
        found = await service.replies.new_pitches(said.subject)
        return _sent(pitch_cards.bundle(*found) if found else None)

    async def passed(said: Said) -> Outgoing | None:
        return _sent(pitch_cards.passed(said, await service.community_name(said.community_id)))

    async def unpaid(said: Said) -> Outgoing | None:
        _kind, _subject, side, mark, _day = said.key.split(":")
        which: Side = "poster" if side == "poster" else "worker"
        view = await service.outcomes.shown(said.subject, which)
        return _sent(outcome_cards.unpaid(view, mark) if view else None)

    async def lead(said: Said) -> Outgoing | None:
        found = await service.leads.shown(said.subject, said.recipient)
        return _sent(lead_cards.asked(found) if found else None)

    async def handed(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        return _sent(lead_cards.handed(gig, said.key.rsplit(":", 1)[-1]) if gig else None)

    return {
        "gig.pitches": pitches, "gig.passed": passed, "gig.unpaid": unpaid, "gig.lead": lead,
        "gig.handed": handed,
    }  # fmt: skip


def _of_gig(service: GigService, make: Callable[[GigView], ui.LayoutView | None]) -> Renderer:
    async def render(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        return _sent(make(gig) if gig else None)

    return render


def _of_interest(service: GigService, make: Callable[[InterestView, int], ui.LayoutView | None]) -> Renderer:
    """Render a message about a pitch; the card depends on who reads it."""

    async def render(said: Said) -> Outgoing | None:
        interest = await service.interest_view(said.subject)
        return _sent(make(interest, said.recipient) if interest else None)

    return render


def _sent(view: ui.LayoutView | None) -> Outgoing | None:
    """Nothing is sent where there is nothing to say any more."""
    return Outgoing(view=view) if view is not None else None
