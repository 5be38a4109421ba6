"""What stays of an introduction whose other person is gone: no name, and nothing to answer."""

from __future__ import annotations

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, safe
from bot.intros.service import IntroService


def ended_card(community_name: str, member_id: int | None) -> ui.LayoutView:
    """Say that it ended; `member_id` is the reader's, None where they take part no more."""
    actions = [] if member_id is None else [button(_("Leave introductions"), "intro.leave", member_id)]
    return card(
        _("This introduction has ended · {community}").format(community=safe(community_name, 100)),
        _("The other person does not take part any more. It has nothing to do with you."),
        _("`/intro next` tells you when the next round is.") if actions else "",
        "-# " + _("/stop ends all my messages"),
        actions=actions,
    )


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders the end of an introduction: the message about it, and what the card became."""

    async def ended(said: Said) -> Outgoing | None:
        reader = await service.standing(said.subject)
        name = reader.community_name if reader else await service.community_name(said.community_id)
        return Outgoing(view=ended_card(name, reader.member_id if reader else None))

    return {"intro.ended": ended}
