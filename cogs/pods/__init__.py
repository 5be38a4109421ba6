"""How pods and the digests of check-ins look on Discord."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from discord import app_commands, ui

from bot.core.agenda import Handler
from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.pods.digests import moment
from bot.pods.service import PodService
from cogs.pods import cards, digest_cards
from cogs.pods.buttons import PodButtons
from cogs.pods.commands import KithDigest, Pods, share_command
from cogs.pods.threads import PodThreads
from cogs.pods.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith

__all__ = ["handlers", "renderers", "setup"]

View = TypeVar("View")


async def setup(bot: Kith, service: PodService) -> None:
    """Add the commands, the buttons and the sentences; `/checkin` and `/kith` have to be there already."""
    await bot.add_cog(Pods(service))
    for name, command in (("checkin", share_command(service)), ("kith", KithDigest(service))):
        group = bot.tree.get_command(name)
        assert isinstance(group, app_commands.Group)
        group.add_command(command)
    PodButtons(service).register(bot)
    bot.sentences.update(SENTENCES)


def handlers(bot: Kith, service: PodService) -> dict[str, Handler]:
    """Name the agenda work that reaches for Discord: threads."""
    return PodThreads(bot, service).handlers()


def renderers(service: PodService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""
    forming, terms, digests = service.forming, service.terms, service.digests

    async def invite(said: Said) -> Outgoing | None:
        view = await forming.invitation(said.subject, again=said.target == "edit")
        return Outgoing(view=cards.invite_card(view)) if view else None

    async def started(said: Said) -> Outgoing | None:
        view = await forming.invitation(said.subject, again=True)
        stays = view is not None and (view.pod.state == "active" and view.state == "in")
        return Outgoing(view=cards.started_card(view)) if view and (stays or said.target == "edit") else None

    async def welcome(said: Said) -> Outgoing | None:
        pod = await forming.pod(said.subject)
        shown = pod is not None and (pod.state == "active" or said.target == "edit")
        return Outgoing(view=cards.welcome_card(pod)) if pod and shown else None

    async def digest(said: Said) -> Outgoing | None:
        found = await digests.of_pod(said.subject, _moment(said))
        shown = found is not None and (found.weeks or said.target == "edit")
        return Outgoing(view=digest_cards.pod_digest_card(found)) if found and shown else None

    async def letter(said: Said) -> Outgoing | None:
        found = await digests.of_seat(said.subject, _moment(said))
        if found is None:
            return Outgoing(view=cards.gone_card()) if said.target == "edit" else None
        return Outgoing(view=digest_cards.letter_card(*found))

    async def community(said: Said) -> Outgoing | None:
        found = await digests.of_community(said.community_id or 0, _moment(said))
        return Outgoing(view=digest_cards.community_digest_card(found))

    return {
        "pod.invite": invite,
        "pod.started": started,
        "pod.welcome": welcome,
        "pod.digest": digest,
        "pod.letter": letter,
        "community.digest": community,
        "pod.term": _of(terms.question, cards.term_card),
        "pod.merge": _of(terms.too_small, cards.merge_card),
        "pod.back": _of(terms.standing, cards.back_card),
        "pod.missed": _of(terms.standing, cards.missed_card),
        "pod.over": _of(terms.standing, cards.over_card),
    }


def _of(read: Callable[[int], Awaitable[View | None]], show: Callable[[View], ui.LayoutView]) -> Renderer:
    """Render what a message is about as it stands now; nothing when there is nothing to say any more."""

    async def render(said: Said) -> Outgoing | None:
        view = await read(said.subject)
        return Outgoing(view=show(view)) if view is not None else None

    return render


def _moment(said: Said) -> datetime:
    """Return the end of the week that a digest is about, from its key; that of an edit begins the same."""
    return moment(said.key.split(":")[2])
