"""What moderators look at: settings, the record, the preview, the week in numbers, an export."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import discord
from discord import Interaction

from bot.community.preview import cast
from bot.community.service import CommunityService
from bot.community.week import moment
from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.answer import Answer, answer_of
from bot.edge.buttons import Press
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, card
from bot.edge.numbers import number_in
from bot.edge.rights import moderator
from cogs.community.audit_cards import audit_card
from cogs.community.cards import hello_card, settings_card
from cogs.community.doctor_cards import setback_card
from cogs.community.preview_cards import GigPost, preview_cards
from cogs.community.watching import Sight
from cogs.community.week_cards import NAME, week_card, week_svg

FILES_MAX, MESSAGE_MAX = 10, 20 * 2**20
"""Files of one message, and their bytes together; Discord takes 25 MiB of everything."""

Draw: TypeAlias = Callable[[str], Awaitable[bytes | None]]
"""Makes a PNG of an SVG; None where pictures are not installed."""


class Overview:
    """Answers what moderators ask; every answer asks again who may."""

    def __init__(self, service: CommunityService, draw: Draw, gig_post: GigPost) -> None:
        """Stand on the service, on whoever draws, and on how a gig looks."""
        self.service = service
        self.draw = draw
        self.gig_post = gig_post

    async def settings(self, interaction: Interaction[Any]) -> None:
        """Show everything that was decided."""
        seen = await self.service.settings(moderator(interaction))
        await answer_of(interaction).show(settings_card(seen))

    async def audit(self, interaction: Interaction[Any]) -> None:
        """Show the latest of the record."""
        seen = await self.service.audit.page(moderator(interaction))
        await answer_of(interaction).show(audit_card(seen))

    async def audit_page(self, press: Press) -> None:
        """Show another page; from a card of something else, in a card of its own."""
        acting = moderator(press.interaction)
        turning = bool(press.args[1:])
        page = number_in(press.args[0] if press.args else "", "button_outdated")
        seen = await self.service.audit.page(acting, page)
        await (press.answer.update if turning else press.answer.show)(audit_card(seen))

    async def preview(self, press: Press) -> None:
        """Show what members see."""
        await self.show_preview(press.interaction, press.answer)

    async def show_preview(self, interaction: Interaction[Any], answer: Answer) -> None:
        """Show the real cards with made-up people, to the moderator alone."""
        setup, now = await self.service.state(moderator(interaction)), self.service.clock.now()
        me = interaction.client.user
        people = cast(self.service.people, setup.community.id, me.id if me else 0, now)
        for shown in preview_cards(people, setup.community, now, self.gig_post):
            await answer.show(shown)

    async def week(self, interaction: Interaction[Any]) -> None:
        """Show the numbers of the last seven days."""
        view = await self.service.week.now(moderator(interaction))
        picture = await self._picture(week_svg(view))
        files = [discord.File(io.BytesIO(picture), NAME)] if picture else []
        await answer_of(interaction).show(week_card(view, pictured=bool(files)), files=files)

    async def export(self, interaction: Interaction[Any]) -> None:
        """Hand over the files."""
        found = await self.service.export.write(moderator(interaction))
        parcels = in_messages(found)
        for number, parcel in enumerate(parcels):
            files = [discord.File(io.BytesIO(content), name) for name, content in parcel]
            shown = export_card([name for name, _content in parcel], goes_on=number > 0)
            await answer_of(interaction).files(shown, *files)

    async def _picture(self, svg: str | None) -> bytes | None:
        return await self.draw(svg) if svg is not None else None

    def renderers(self, sight: Sight) -> dict[str, Renderer]:
        """Name what renders the messages to moderators."""

        async def hello(_said: Said) -> Outgoing:
            return Outgoing(view=hello_card())

        async def week(said: Said) -> Outgoing | None:
            view = await self.service.week.of(said.community_id or 0, moment(said.subject))
            if view is None or "digest" in view.community.modules_off:
                return None
            picture = await self._picture(week_svg(view))
            files = ((NAME, picture),) if picture else ()
            return Outgoing(view=week_card(view, pictured=bool(files)), files=files)

        async def setback(said: Said) -> Outgoing | None:
            trouble = await self.service.setbacks.one(said.subject)
            if trouble is None:
                return None
            return Outgoing(view=setback_card(trouble, await sight.fixes(said.community_id or 0, trouble)))

        return {"community.hello": hello, "community.week": week, "community.setback": setback}


def in_messages(files: Sequence[tuple[str, bytes]], most: int = MESSAGE_MAX) -> list[list[tuple[str, bytes]]]:
    """Share files out among messages, in their order, none with more than Discord takes."""
    found: list[list[tuple[str, bytes]]] = [[]]
    for name, content in files:
        size = sum(len(other) for _name, other in found[-1])
        if found[-1] and (size + len(content) > most or len(found[-1]) == FILES_MAX):
            found.append([])
        found[-1].append((name, content))
    return found


def export_card(names: Sequence[str], *, goes_on: bool = False) -> discord.ui.LayoutView:
    """Say what is in the files, and what is not; a message that goes on says only that."""
    said = (
        _(
            "**members** those whom others can find, with what they show to members · **rounds** · "
            "**introductions** how they went, counted · **gigs** what was on the board."
        ),
        _(
            "Nothing private is in here: no answers of anyone, no check-ins, no notes, nobody who did not "
            "let others find them. Members may change their mind: please keep it no longer than you need it."
        ),
    )
    title = _("Your community's export, continued") if goes_on else _("Your community's export")
    shown = card(title, *(() if goes_on else said))
    box = next(iter(shown.children))
    assert isinstance(box, discord.ui.Container)
    for name in names:
        box.add_item(discord.ui.File(f"attachment://{name}"))
    return shown
