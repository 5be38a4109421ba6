"""The form and the buttons of reports; every press asks again who may."""

from __future__ import annotations

from typing import Any

from discord import Interaction

from bot.core.text import _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.forms import FormModal, Forms, FormSpec, Submission, Values, choice_field, text_field
from bot.edge.numbers import number_in
from bot.edge.rights import moderator
from bot.safety.rules import WORDS_MAX
from bot.safety.service import About, Complaint, Reporter, SafetyService
from cogs.core.cards import stop_card
from cogs.safety import cards
from cogs.safety.words import REASONS


class SafetyButtons:
    """Handles what is sent in with *Report* and what moderators decide about it."""

    def __init__(self, service: SafetyService, forms: Forms) -> None:
        """Stand on the service; the forms make modals."""
        self.service = service
        self.forms = forms

    def spec(self) -> FormSpec:
        """Return the form behind *Report*; its state is place, person and row."""
        return FormSpec("safety.report", self.build, self.submit)

    async def build(self, state: str, values: Values | None, interaction: Interaction[Any]) -> FormModal:
        """Build the form; it names nobody, since whoever forges an id should learn nothing."""
        given: Values = values or {}
        _place, about, _subject = _address(state)
        await self.service.may_report(_reporter(interaction), about)
        reasons = [(_(name), reason) for reason, name in REASONS.items()]
        return self.forms.modal(
            "safety.report",
            state,
            _("Tell the moderators"),
            [
                choice_field(
                    "reason",
                    _("What is wrong?"),
                    reasons,
                    value=given.get("reason"),
                    description=_("Only moderators see this, and that it came from you."),
                ),
                text_field(
                    "words",
                    _("In your words, if you like"),
                    required=False,
                    max=WORDS_MAX,
                    long=True,
                    value=given.get("words"),
                    description=_("I will tell you by DM what became of it."),
                ),
            ],
        )

    async def submit(self, sent: Submission) -> None:
        """Hand the report to the moderators."""
        place, about, subject = _address(sent.state)
        complaint = Complaint(about, place, sent.text("reason"), sent.text("words"), subject)
        member_id = await self.service.report(_reporter(sent.interaction), complaint)
        can = self.service.keep_apart is not None
        await sent.answer.show(cards.thanks_card(member_id, can_keep_apart=can))

    async def apart(self, press: Press) -> None:
        """Never introduce the reporter to whom they reported."""
        await self.service.never_introduce(press.person_id, _number(press.args, 0, "safety_not_here"))
        await press.answer.update(cards.apart_card())

    async def stop(self, press: Press) -> None:
        """Ask once before every message ends."""
        await press.answer.show(stop_card(press.person_id))

    # --- moderators --------------------------------------------------------------------------------

    async def reports(self, press: Press) -> None:
        """Turn the page of the open reports."""
        page = await self.service.open_reports(moderator(press.interaction), _number(press.args, 0))
        await press.answer.update(cards.reports_card(page))

    async def settle(self, press: Press) -> None:
        """Decide a report, on the card or in the list it was pressed on."""
        acting = moderator(press.interaction)
        outcome = press.args[1] if len(press.args) > 1 else ""
        decided = await self.service.settle(acting, _number(press.args, 0), outcome)
        page = _number(press.args, 2)
        if page:
            listed = await self.service.open_reports(acting, page)
            await press.answer.update(cards.reports_card(listed, decided))
        else:
            await press.answer.update(cards.settled_card(decided.report, repeated=not decided.changed))

    async def ask_bar(self, press: Press) -> None:
        """Ask once before Kith is closed for someone."""
        report = await self.service.one_report(moderator(press.interaction), _number(press.args, 0))
        if report.state == "open":
            await press.answer.show(cards.confirm_card(report))
        else:
            await press.answer.show(cards.settled_card(report, repeated=True))


def _reporter(interaction: Interaction[Any]) -> Reporter:
    """Say who reports; introductions come by DM, where there is no server."""
    here = who(interaction) if interaction.guild_id is not None else None
    return Reporter(interaction.user.id, here)


def _address(state: str) -> tuple[str, About, int]:
    """Read place, person and row from the form's state; raises `safety_not_here` for what Kith never made."""
    place, about, subject, *_rest = (*state.split(":"), "", "", "")
    community, dash, person = about.partition("-")
    if dash:
        found = About(community_id=_known(community), person_id=_known(person))
    else:
        found = About(member_id=_known(about))
    return place, found, _known(subject or "0")


def _known(text: str) -> int:
    return number_in(text, "safety_not_here")


def _number(args: tuple[str, ...], place: int, code: str = "safety_report_gone") -> int:
    """Return the number that a button carries; raises `code` for one Kith never made."""
    return number_in(args[place] if len(args) > place else "", code)
