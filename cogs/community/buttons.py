"""The buttons and the form of setup and the check-up; every press asks again who may."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from weakref import WeakValueDictionary

from discord import Interaction, ui

from bot.community.rules import parse_hour, well
from bot.community.service import CommunityService, SetupEdit
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, choice_field, text_field
from bot.edge.rights import guild_of, moderator
from cogs.community.cards import setup_card
from cogs.community.channels import add_tags, check_up, create_missing, home_of, myself
from cogs.community.doctor_cards import Examined, doctor_card
from cogs.days import DAYS


class CommunityButtons:
    """Handles what moderators press and send in."""

    def __init__(
        self, service: CommunityService, forms: Forms, release: Callable[[Iterable[int]], Awaitable[None]]
    ) -> None:
        """Stand on the service; the forms make modals, `release` lets channels go that were held back."""
        self.service = service
        self.release = release
        self.forms = forms
        # Two presses of "Create" at once would make every channel twice.
        self._creating: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def spec(self) -> FormSpec:
        """Return the form for city, day and hour."""
        return FormSpec("kith.setup", self.build, self.submit)

    async def build(self, _state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """Build the form, filled in with what was typed before or with what is stored."""
        seen = (await self.service.state(moderator(interaction))).community
        given: Values = values or {}
        days = [(_(name), str(number)) for number, name in enumerate(DAYS)]
        return self.forms.modal(
            "kith.setup",
            "0",
            _("City, day and hour"),
            [
                text_field(
                    "city",
                    _("City"),
                    max=100,
                    value=given.get("city", seen.zone),
                    description=_("The city whose clock your community goes by."),
                ),
                choice_field(
                    "day",
                    _("Day of the introductions"),
                    days,
                    value=given.get("day", str(seen.round_weekday)),
                ),
                text_field(
                    "hour",
                    _("Hour of the introductions"),
                    max=20,
                    value=given.get("hour", f"{seen.round_hour:02d}:00"),
                    placeholder="10:00",
                ),
            ],
        )

    async def submit(self, sent: Submission) -> None:
        """Store city, day and hour."""
        acting = moderator(sent.interaction)
        day = sent.text("day")
        if not (day.isascii() and day.isdigit()):
            raise KithError("day_unknown")
        edit = SetupEdit(city=sent.text("city"), weekday=int(day), hour=parse_hour(sent.text("hour")))
        setup = await self.service.configure(acting, edit)
        await sent.answer.show(setup_card(setup, _("Saved.")))

    async def setup(self, press: Press) -> None:
        """Show where setup stands, to the moderator alone."""
        await press.answer.show(setup_card(await self.service.state(moderator(press.interaction))))

    async def start(self, press: Press) -> None:
        """Let Kith speak to members."""
        setup = await self.service.start(moderator(press.interaction))
        note = _("Started. Welcome!") if setup.changed else _("It was started already.")
        await press.answer.update(setup_card(setup, note))

    async def create(self, press: Press) -> None:
        """Make the channels that are missing, then keep which they are."""
        acting, guild = moderator(press.interaction), guild_of(press.interaction)
        lock = self._creating.setdefault(guild.id, asyncio.Lock())
        async with lock:
            setup = await self.service.state(acting)
            if setup.missing:
                me = await myself(guild, press.interaction.client)
                made = await create_missing(guild, me, setup.missing)
                await self.service.created(acting, setup.missing)
                setup = await self.service.configure(acting, made)
                note = _("Created.")
            else:
                note = _("Every channel was chosen already.")
        await press.answer.update(setup_card(setup, note))

    async def panel(self, press: Press) -> None:
        """Post the panel again: somebody deleted it, or it is far up by now."""
        acting, guild = moderator(press.interaction), guild_of(press.interaction)
        channel_id = await self.service.panel_stands_in(guild.id)
        if channel_id is not None and guild.get_channel(channel_id) is None:
            raise KithError("panel_channel_gone")
        setup = await self.service.post_panel(acting)
        note = _("The panel is posted again.") if setup.changed else _("The panel is on its way already.")
        await press.answer.update(setup_card(setup, note))

    async def doctor(self, press: Press) -> None:
        """Show the check-up, to the moderator alone."""
        await press.answer.show(await self.examined(press.interaction))

    async def recheck(self, press: Press) -> None:
        """Check again, in the same card."""
        await press.answer.update(await self.examined(press.interaction))

    async def tags(self, press: Press) -> None:
        """Give the forum of gigs the tags it lacks, then check again."""
        acting, guild = moderator(press.interaction), guild_of(press.interaction)
        setup = await self.service.state(acting)
        me = await myself(guild, press.interaction.client)
        if await add_tags(guild, me, setup.community.gig_channel_id):
            await self.service.created(acting, ["tags"])
        await press.answer.update(await self.examined(press.interaction))

    async def modules(self, press: Press) -> None:
        """Use the chosen parts of Kith, and leave out the others."""
        setup = await self.service.use_modules(moderator(press.interaction), press.values)
        note = _("Saved.") if setup.changed else _("Nothing was changed.")
        await press.answer.update(setup_card(setup, note))

    async def examined(self, interaction: Interaction[Any]) -> ui.LayoutView:
        """Check everything now; what waited for something that is mended goes at once."""
        acting, guild = moderator(interaction), guild_of(interaction)
        setup = await self.service.state(acting)
        me = await myself(guild, interaction.client)
        beside = await self.service.beside(guild.id)
        roles = await self.service.niche_roles(guild.id)
        found = await check_up(guild, me, setup.community, roles, beside)
        fine, checked = well(found), {one.channel_id for one in found}
        at = {one: home_of(guild, one) or one for one in await self.service.setbacks.channels(guild.id)}
        unseen = {one for one, home in at.items() if home not in checked}
        await self.service.setbacks.look_again(guild.id, unseen)
        threads = {one for one, home in at.items() if home in fine}  # each is as well as its channel
        health, mended = await self.service.checkup.health(acting, fine | threads)
        await self.release([*mended, *unseen])
        return doctor_card(Examined(found, setup, health, mended, at.keys() - unseen))
