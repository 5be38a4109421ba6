"""The buttons and the form of setup and the check-up; every press asks again who may."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakValueDictionary

import discord
from discord import Interaction, ui

from bot.community.rules import parse_hour
from bot.community.service import CommunityService, SetupEdit
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, choice_field, text_field
from bot.people.service import Who
from cogs.community.cards import doctor_card, setup_card
from cogs.community.channels import check_up, create_missing, myself
from cogs.days import DAYS


def moderator(interaction: Interaction[Any]) -> Who:
    """Say who acts, if they may manage the server; raises `manage_server_only` otherwise."""
    acting = who(interaction)
    if not interaction.permissions.manage_guild:
        raise KithError("manage_server_only")
    return acting


def guild_of(interaction: Interaction[Any]) -> discord.Guild:
    """Return the server with its channels; raises `server_only` outside one."""
    if interaction.guild is None:
        raise KithError("server_only")
    return interaction.guild


class CommunityButtons:
    """Handles what moderators press and send in."""

    def __init__(self, service: CommunityService, forms: Forms) -> None:
        """Stand on the service; the forms make modals."""
        self.service = service
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

    async def examined(self, interaction: Interaction[Any]) -> ui.LayoutView:
        """Check everything now."""
        setup = await self.service.state(moderator(interaction))
        guild = guild_of(interaction)
        me = await myself(guild, interaction.client)
        roles = await self.service.niche_roles(guild.id)
        return doctor_card(await check_up(guild, me, setup.community, roles))
