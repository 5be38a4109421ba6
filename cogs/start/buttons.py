"""The buttons, menus and forms of a member's first five minutes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from discord import Interaction, ui

from bot.community.service import CommunityService
from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.answer import Answer, who
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, text_field
from bot.edge.kit import safe
from bot.edge.numbers import number_in
from bot.find.service import FindService
from bot.intros.service import IntroService
from bot.niches.service import NicheChange, NicheService
from bot.people.rules import NICHES_MAX
from bot.people.service import PeopleService, ProfileEdit, Who, ZoneSet
from cogs.niches.cards import browse_card
from cogs.people.fields import ProfileFields
from cogs.people.showing import Showing
from cogs.start import cards, steps

_NEAREST = 5
_NOT_A_NICHE = ("niche_unknown", "niche_nowhere")


async def turn(answer: Answer, shown: ui.LayoutView) -> None:
    """Go on in the member's own private card; the panel, which all see, stays as it is."""
    message = answer.interaction.message
    if message is not None and message.flags.ephemeral:
        await answer.update(shown)
    else:
        await answer.show(shown)


class StartButtons:
    """Leads a newcomer on; what they said so far is in their profile, so that nothing else must be kept."""

    def __init__(
        self,
        community: CommunityService,
        people: PeopleService,
        niches: NicheService,
        find: FindService,
        intros: IntroService,
        showing: Showing,
        forms: Forms,
    ) -> None:
        """Stand on the services that know what is there already."""
        self.community = community
        self.people = people
        self.niches = niches
        self.find = find
        self.intros = intros
        self.showing = showing
        self.forms = forms
        self.fields = ProfileFields(people.catalogue)

    def specs(self) -> list[FormSpec]:
        """Return the three forms: the profile, the search for niches, the city."""
        return [
            FormSpec("start.profile", self.build_profile, self.submit_profile),
            FormSpec("start.search", self.build_search, self.submit_search),
            FormSpec("start.city", self.build_city, self.submit_city),
        ]

    # --- the panel ---------------------------------------------------------------------------------

    async def join(self, press: Press) -> None:
        """Begin, or go on at the first step that is missing."""
        acting = who(press.interaction)
        step = steps.first_missing(await self.people.mine(acting))
        if step == "profile":
            await press.answer.form(await self.forms.build("start.profile", "0", press.interaction))
        else:
            await turn(press.answer, await self._screen(acting, step))

    async def browse(self, press: Press) -> None:
        """Show the niches to whoever asked, alone."""
        await turn(press.answer, browse_card(await self.niches.browse(who(press.interaction))))

    async def about(self, press: Press) -> None:
        """Say what Kith is."""
        off = await self.community.gate.off(who(press.interaction).community_id)
        await turn(press.answer, cards.about_card(off))

    # --- the profile -------------------------------------------------------------------------------

    async def build_profile(
        self, _state: str, values: Values | None, interaction: Interaction[Any]
    ) -> FormModal:
        """Build the one short form, filled in with what was typed before or with what is stored."""
        me, given = await self.people.mine(who(interaction)), values or {}
        return self.forms.modal(
            "start.profile",
            "0",
            _("Who you are"),
            [
                self.fields.disciplines(me, given),
                self.fields.stage(me, given),
                self.fields.skills("offers", _("You can help with"), "core", me, given),
                self.fields.skills("asks", _("You look for help with"), "core", me, given),
                self.fields.comfort(me, given),
            ],
        )

    async def submit_profile(self, sent: Submission) -> None:
        """Store the form, which may be empty, and go on."""
        acting = who(sent.interaction)
        edit = ProfileEdit(
            disciplines=tuple(sent.chosen("disciplines")),
            stage=sent.text("stage"),
            offers=tuple(sent.chosen("offers")),
            asks=tuple(sent.chosen("asks")),
            comfort=sent.text("comfort"),
        )
        saved = await self.people.edit_profile(acting, edit, group="core")
        await turn(sent.answer, await self._screen(acting, steps.after_profile(saved.view)))

    # --- niches ------------------------------------------------------------------------------------

    async def choose(self, press: Press) -> None:
        """Join what was chosen in the menu, or show the menu again."""
        acting = who(press.interaction)
        joined = await self.niches.join_all(acting, list(press.values)) if press.values else []
        await turn(press.answer, await self._niches(acting, _joined(joined)))

    async def build_search(
        self, _state: str, values: Values | None, _interaction: Interaction[Any]
    ) -> FormModal:
        """Build the search for niches."""
        field = text_field(
            "niches",
            _("Niches"),
            max=200,
            value=(values or {}).get("niches"),
            placeholder=_("energy, OCR, forecasting"),
            description=_("Several with commas between, up to {limit}.").format(limit=NICHES_MAX),
        )
        return self.forms.modal("start.search", "0", _("Search niches"), [field])

    async def submit_search(self, sent: Submission) -> None:
        """Join what is known, and answer the rest with what is nearest."""
        acting = who(sent.interaction)
        joined: list[NicheChange] = []
        missed: list[cards.Missed] = []
        for text in steps.typed_niches(sent.text("niches")):
            try:
                joined.append(await self.niches.join(acting, text))
            except KithError as error:
                if error.code not in _NOT_A_NICHE:
                    raise
                missed.append(cards.Missed(text, (await self.niches.search(acting, text))[:_NEAREST]))
        if not joined and not any(one.near for one in missed):
            raise KithError("niche_nowhere", text=sent.text("niches")[:60])
        if missed:
            me = await self.people.mine(acting)
            await turn(sent.answer, cards.missed_card(me, missed, _joined(joined)))
        else:
            await turn(sent.answer, await self._niches(acting, _joined(joined)))

    # --- the city ----------------------------------------------------------------------------------

    async def city(self, press: Press) -> None:
        """Go on to the city: ask for it, or have confirmed what was told in another community."""
        acting = who(press.interaction)
        me = await self.people.mine(acting)
        if me.niches and me.zone is not None and await self.community.knows_elsewhere(acting):
            shown = self._confirm(me.zone, steps.city_of(me.zone), elsewhere=True)
            await turn(press.answer, shown)
        else:
            await turn(press.answer, await self._screen(acting, steps.after_profile(me)))

    async def build_city(
        self, _state: str, values: Values | None, _interaction: Interaction[Any]
    ) -> FormModal:
        """Build the form for the city."""
        field = text_field(
            "city",
            _("The nearest larger city"),
            max=100,
            value=(values or {}).get("city"),
            placeholder=_("Lisbon"),
        )
        return self.forms.modal("start.city", "0", _("Your city"), [field])

    async def submit_city(self, sent: Submission) -> None:
        """Show the time there, to be confirmed; raises what `Cities.resolve` raises."""
        place = self.people.cities.resolve(sent.text("city"), self.people.clock.now())
        await turn(sent.answer, self._confirm(place.zone, place.label))

    async def zone(self, press: Press) -> None:
        """Keep the zone that was confirmed."""
        acting = who(press.interaction)
        await self.people.set_zone(acting, "".join(press.args[:1]))
        me = await self.people.mine(acting)
        await turn(press.answer, await self._screen(acting, steps.after_profile(me)))

    # --- what they get -----------------------------------------------------------------------------

    async def value(self, press: Press) -> None:
        """Skip the city; a niche cannot be skipped."""
        acting = who(press.interaction)
        me = await self.people.mine(acting)
        await turn(press.answer, await self._screen(acting, "value" if me.niches else "niches"))

    async def look(self, press: Press) -> None:
        """Show the whole profile of somebody suggested, as far as they show it."""
        person_id = number_in("".join(press.values[:1]), "no_profile")
        view = await self.people.profile_of(who(press.interaction), person_id)
        await press.answer.show(await self.showing.other(view))

    async def introduce(self, press: Press) -> None:
        """Take part in the introductions."""
        acting = who(press.interaction)
        standing = await self.intros.join(acting)
        note = "" if standing.changed else _("You were in already.")
        await turn(press.answer, await self._value(acting, note))

    async def findable(self, press: Press) -> None:
        """Let members find them."""
        acting = who(press.interaction)
        new = await self.people.list_me(acting, listed=True)
        await turn(press.answer, await self._value(acting, "" if new else _("You could be found already.")))

    async def later(self, press: Press) -> None:
        """Leave it at that."""
        await turn(press.answer, cards.later_card())

    # --- screens -----------------------------------------------------------------------------------

    async def _screen(self, acting: Who, step: steps.Step) -> ui.LayoutView:
        if step == "niches":
            return await self._niches(acting)
        return cards.city_card() if step == "city" else await self._value(acting)

    def _confirm(self, zone: str, label: str, *, elsewhere: bool = False) -> ui.LayoutView:
        now = self.people.clock.now()
        there = ZoneSet(zone, label, now.astimezone(ZoneInfo(zone)))
        return cards.confirm_card(there, now, elsewhere=elsewhere)

    async def _niches(self, acting: Who, note: str = "") -> ui.LayoutView:
        me = await self.people.mine(acting)
        return cards.niches_card(me, await self.niches.browse(acting), note)

    async def _value(self, acting: Who, note: str = "") -> ui.LayoutView:
        me = await self.people.mine(acting)
        found = await self.find.suggestions(acting, most=3)
        standing = await self.intros.next(acting)
        introduces = "introductions" not in await self.community.gate.off(acting.community_id)
        begun = cards.Begun(me, found, standing, await self.people.listed(acting), introduces)
        return cards.value_card(begun, note)


def _joined(changes: list[NicheChange]) -> str:
    """Say which niches are new; nothing for those the member was in."""
    names = " · ".join(safe(_(one.niche.name), 60) for one in changes if one.changed)
    return _("✔ You joined {niches}.").format(niches=names) if names else ""
