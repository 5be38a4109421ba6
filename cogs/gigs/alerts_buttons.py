"""The buttons and the form of alerts: translate, call one use case, show one card.

They work under the message of a morning too, where no server is known: each carries its community.
"""

from __future__ import annotations

from typing import Any

from discord import Interaction, ui

from bot.core.text import _
from bot.edge.answer import locale_of, who
from bot.edge.buttons import Press
from bot.edge.client import Kith
from bot.edge.forms import FormModal, FormSpec, Submission, Values, checks_field, text_field
from bot.gigs.alert_views import AlertView, Typed
from bot.gigs.service import GigService
from bot.people.catalogue import load_catalogue
from bot.people.service import Who
from cogs.gigs import alerts_cards
from cogs.gigs.alerts_words import SENTENCES
from cogs.gigs.common import amount, gig_number
from cogs.gigs.words import KINDS

_NICHES_MAX, _SKILLS_MAX, _LEAST_MAX = 400, 400, 60
_PERS = {"hour": "/h", "day": "/day", "week": "/week", "month": "/month", "project": " fixed"}


class AlertButtons:
    """The handlers; `register` tells the bot about them."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Keep what the handlers need."""
        self.bot = bot
        self.alerts = service.alerts

    def register(self) -> None:
        """Add every button, the form and the sentences."""
        self.bot.buttons.register("gig.alert.edit", self.edit)
        self.bot.buttons.register("gig.alert.pause", self.pause)
        self.bot.buttons.register("gig.alert.resume", self.resume)
        self.bot.buttons.register("gig.alert.stop", self.stop)
        self.bot.forms.register(FormSpec("gig_alert", self.build, self.submit))
        self.bot.sentences.update(SENTENCES)

    async def edit(self, press: Press) -> None:
        """Open the form."""
        state = str(_community(press.interaction, press.args))
        await press.answer.form(await self.bot.forms.build("gig_alert", state, press.interaction))

    async def pause(self, press: Press) -> None:
        """Write nothing for the time being."""
        done = await self.alerts.pause(press.person_id, _community(press.interaction, press.args))
        await _answered(press, alerts_cards.paused(done))

    async def resume(self, press: Press) -> None:
        """Write again."""
        done = await self.alerts.resume(press.person_id, _community(press.interaction, press.args))
        await _answered(press, alerts_cards.resumed(done))

    async def stop(self, press: Press) -> None:
        """Forget the alert."""
        done = await self.alerts.stop(press.person_id, _community(press.interaction, press.args))
        await _answered(press, alerts_cards.stopped(done))

    async def build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """The form, filled in with what was typed or is kept; its state is the community's id."""
        place = _community(interaction, (state,))
        view = await self.alerts.mine(interaction.user.id, place)
        old = values if values is not None else filled(view)
        kinds = [(_(name), kind) for kind, name in KINDS.items()]
        fields = [
            checks_field(
                "kinds", _("What kind of gig?"), kinds, values=old.get("kinds", ()),
                description=_("Nothing ticked: every kind"),
            ),
            text_field(
                "niches", _("Niches"), required=False, max=_NICHES_MAX, value=old.get("niches"),
                placeholder=_("energy, OCR"), description=_("One of them is enough; empty: every niche"),
            ),
            text_field(
                "skills", _("Skills"), required=False, max=_SKILLS_MAX, value=old.get("skills"),
                placeholder=_("Python, Forecasting"),
                description=_("One of them is enough; empty: every skill"),
            ),
            text_field(
                "least", _("Pays at least"), required=False, max=_LEAST_MAX, value=old.get("least"),
                placeholder=_("60 €/h"),
                description=_("Only gigs in that currency and unit can be compared; empty: whatever it pays"),
            ),
        ]  # fmt: skip
        return self.bot.forms.modal("gig_alert", str(place), _("Tell me of gigs like these"), fields)

    async def submit(self, sent: Submission) -> None:
        """Keep what was typed."""
        typed = Typed(sent.chosen("kinds"), sent.text("niches"), sent.text("skills"), sent.text("least"))
        interaction = sent.interaction
        away = interaction.guild_id is None
        acting = _from_afar(interaction, sent.state) if away else who(interaction)
        done = await self.alerts.set(acting, typed, away=away)
        await sent.answer.show(alerts_cards.changed(done))


def filled(view: AlertView) -> Values:
    """What is kept, as it would be typed."""
    wanted, skills = view.wanted, load_catalogue().skills
    niches = [
        slug if "," in name or ";" in name else name
        for slug, name in zip(wanted.niches, view.niche_names, strict=False)
    ]
    least = ""
    if wanted.low is not None and wanted.per is not None:
        least = f"{amount(wanted.low)} {wanted.currency}{_PERS[wanted.per]}"
    return {
        "kinds": [*wanted.kinds],
        "niches": ", ".join(niches),
        "skills": ", ".join(skills[slug].name for slug in wanted.skills if slug in skills),
        "least": least,
    }


def _community(interaction: Interaction[Any], args: tuple[str, ...]) -> int:
    """Which community it is about: the one they are in, else the one the button or form carries."""
    return interaction.guild_id or gig_number(args)


def _from_afar(interaction: Interaction[Any], state: str) -> Who:
    """Who acts from a DM; the community knows them, or they can change nothing there."""
    user = interaction.user
    return Who(gig_number((state,)), "", user.id, user.display_name, locale_of(interaction))


async def _answered(press: Press, card: ui.LayoutView) -> None:
    """Answer in place; under a morning's message with one more, so that its gigs stay to be read."""
    if press.interaction.guild_id is None:
        await press.answer.show(card)
    else:
        await press.answer.update(card)
