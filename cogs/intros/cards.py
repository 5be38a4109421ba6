"""What members see of the introductions: the card, the welcome, being left out, the question, the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, mention, safe, when
from bot.intros.openers import pick_openers
from bot.intros.service import ApartView, CardView, EnrolmentView, IntroService, OutcomeView
from bot.people.catalogue import load_catalogue
from bot.people.service import MemberView
from cogs.intros.actions import (
    answers,
    leave_button,
    names_of,
    note_buttons,
    reports,
    room_button,
    slot_menu,
    step_button,
)
from cogs.intros.reasons import difference, first_niche, gives_lines, named, why_lines
from cogs.intros.standing import next_line, when_line
from cogs.intros.words import FORMS, OUTCOME_NAMES, OUTCOMES, OUTCOMES_ASKED

LINK_MAX = 200


def intro_card(view: CardView, now: datetime, notice: str = "") -> ui.LayoutView:
    """The introduction itself: who, why, what each can give, three openers, three times."""
    names = names_of([other.name for other in view.others])
    differing = [line for other in view.others if (line := difference(view.me, other)) is not None]
    blocks = [notice, *(_person(other, now) for other in view.others)]
    why = [*why_lines(view), *differing[:1]]
    heading = _("**Why you two**") if len(view.others) == 1 else _("**Why you three**")
    blocks.append("\n".join([heading, *(f"- {line}" for line in why)]))
    if gives := gives_lines(view):
        blocks.append("\n".join([_("**What you can give each other**"), *(f"- {line}" for line in gives)]))
    blocks.append("\n".join([_("**To begin with**"), *(f"- {line}" for line in openers(view))]))
    blocks.append(_times(view))
    title = _("Meet {names} · {community}").format(names=names, community=safe(view.community_name, 100))
    actions = [
        *slot_menu(view, "card"),
        *note_buttons(view),
        *room_button(view),
        *answers(view, "card", ("met", "not_yet"), main="" if view.outcome == "met" else "met"),
        *step_button(view),
        leave_button(view.me.id),
        *reports(view),
    ]
    return card(title, *blocks, actions=actions, tone="good")


def openers(view: CardView) -> list[str]:
    """First sentences: about the past, the present and the future."""
    return [_(line) for line in pick_openers(view.number + view.seat_id, first_niche(view))]


def _person(other: MemberView, now: datetime) -> str:
    """Who it is: in words and as a mention, what they do, and their clock."""
    words = load_catalogue()
    about = [named(other.disciplines, words.disciplines)] if other.disciplines else []
    if other.zone is not None:
        there = now.astimezone(ZoneInfo(other.zone))
        clock = _("it is {time} there now") if about else _("It is {time} there now")
        about.append(clock.format(time=f"{there:%H:%M}"))
    lines = [f"**{safe(other.name, 60)}** · {mention(other.person_id)}"]
    if other.headline:
        lines.append(safe(other.headline, 200))
    if about:
        lines.append(" · ".join(about))
    if other.links:
        lines.append(" · ".join(safe(url, LINK_MAX) for _kind, url in other.links))
    return "\n".join(lines)


def _times(view: CardView) -> str:
    """How to meet, and moments when everyone is up."""
    form = _(FORMS.get(view.form, FORMS["text"]))
    if view.slot_at is not None:
        return form + " " + _("You agreed on {time}.").format(time=when(view.slot_at, "F"))
    if not view.slots:
        return form + " " + _("Your days hardly overlap, so messages will work best.")
    times = [f"- {when(slot, 'F')}" for slot in view.slots]
    fitting = (
        _("Times that fit both of you, if you want one:")
        if len(view.others) == 1
        else _("Times that fit all of you, if you want one:")
    )
    return "\n".join([form, fitting, *times])


def gone_card(view: CardView) -> ui.LayoutView:
    """Somebody stepped back before the card arrived."""
    return card(
        _("Your match had to step back · {community}").format(community=safe(view.community_name, 100)),
        _("It has nothing to do with you. You have the first place in the next round."),
        next_line(view.next_at),
        actions=[leave_button(view.me.id)],
    )


def ask_card(view: CardView, *, again: bool = False) -> ui.LayoutView:
    """Ask whether it happened: a week later or after the time they picked, and again after *Not yet*."""
    names = names_of([other.name for other in view.others])
    title = _("Did you meet {names}?") if not again else _("And now, did you meet {names}?")
    return card(
        title.format(names=names),
        _("You were introduced in {community} {time}. Every answer is fine, and only you see it.").format(
            community=safe(view.community_name, 100), time=when(view.created_at, "R")
        ),
        actions=[*slot_menu(view, "ask"), *_every_answer(view, "ask"), *reports(view)],
    )


def _every_answer(view: CardView, place: str) -> list[ui.Item[Any]]:
    """The four answers, and the way out."""
    return [*answers(view, place, OUTCOMES_ASKED), leave_button(view.me.id)]


def outcome_card(view: OutcomeView, now: datetime, place: str) -> ui.LayoutView:
    """The message that was pressed, with what was noted; answers can be changed."""
    notice = outcome_notice(view)
    if place == "card" and not view.card.gone:
        return intro_card(view.card, now, notice)
    title = _("You and {names}").format(names=names_of(view.others))
    actions = [
        *slot_menu(view.card, place),
        *note_buttons(view.card),
        *_every_answer(view.card, place),
        *reports(view.card),
    ]
    return card(title, notice, actions=actions, tone="good")


def outcome_notice(view: OutcomeView) -> str:
    """What was noted, or that it was noted before."""
    if view.changed:
        return _(OUTCOMES[view.outcome])
    return _("Noted already: {outcome}.").format(outcome=_(OUTCOME_NAMES[view.outcome]))


def welcome_card(view: EnrolmentView) -> ui.LayoutView:
    """The first DM: you are in, when it begins, the way out."""
    return card(
        _("You are in · {community}").format(community=safe(view.community_name, 100)),
        _("I will introduce you to one person at a time, here in this DM, and always tell you why."),
        when_line(view),
        actions=[leave_button(view.member_id)],
        tone="good",
    )


def left_card(view: EnrolmentView) -> ui.LayoutView:
    """The answer to leaving."""
    said = _("You will get no more introductions here.") if view.changed else _("You were not taking part.")
    return card(_("Introductions are off"), said, _("`/intro join` brings you back whenever you like."))


def left_out_card(view: EnrolmentView) -> ui.LayoutView:
    """Nobody this time, why, and what comes next."""
    why = (
        _("You are the only one taking part so far, so there was nobody to introduce you to.")
        if view.others == 0
        else _("Everyone else who fits was taken this time. That says nothing about you.")
    )
    return card(
        _("No introduction this time · {community}").format(community=safe(view.community_name, 100)),
        why,
        _("You have the first place in the next round."),
        when_line(view),
        actions=[leave_button(view.member_id)],
    )


def avoided_card(view: ApartView) -> ui.LayoutView:
    """A private wish was noted; it can be taken back, here or after the same command later."""
    text = _("I will never introduce you and {name} to each other. Nobody is told, not even moderators.")
    undo = button(_("Undo"), "intro.unavoid", view.member_id, view.other_id)
    return card(_("Noted"), text.format(name=safe(view.name, 60)), actions=[undo])


def together_card(view: ApartView) -> ui.LayoutView:
    """A private wish was taken back; it says nothing about the other's wishes."""
    text = _("Your wish about {name} is gone. Nobody knows that it was there.")
    return card(_("Undone"), text.format(name=safe(view.name, 60)))


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each message of the introductions, as late as possible."""

    async def introduction(said: Said) -> Outgoing | None:
        view = await service.meeting.card(said.subject)
        if view is None:
            return None
        return Outgoing(view=gone_card(view) if view.gone else intro_card(view, service.clock.now()))

    async def question(said: Said) -> Outgoing | None:
        view = await service.meeting.card(said.subject)
        open_ = view is not None and view.awake and not view.gone and view.outcome is None
        return Outgoing(view=ask_card(view)) if view is not None and open_ else None

    async def welcome(said: Said) -> Outgoing | None:
        view = await service.standing(said.subject)
        return Outgoing(view=welcome_card(view)) if view else None

    async def left_out(said: Said) -> Outgoing | None:
        view = await service.standing(said.subject)
        return Outgoing(view=left_out_card(view)) if view else None

    return {
        "intro.card": introduction,
        "intro.ask": question,
        "intro.welcome": welcome,
        "intro.left_out": left_out,
    }
