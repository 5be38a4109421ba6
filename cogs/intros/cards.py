"""What members see of the introductions: the card, the welcome, being left out, the question, the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, mention, safe, when
from bot.intros.openers import pick_openers
from bot.intros.service import CardView, EnrolmentView, IntroService, OutcomeView, PastView
from bot.people.catalogue import load_catalogue
from bot.people.service import MemberView
from cogs.intros.reasons import difference, gives_lines, named, why_lines
from cogs.intros.words import FORMS, OUTCOME_NAMES, OUTCOMES
from cogs.safety.cards import report_button


def intro_card(view: CardView, now: datetime, notice: str = "") -> ui.LayoutView:
    """The introduction itself: who, why, what each can give, three openers, three times."""
    view = _with_niche_names(view)
    names = _names([other.name for other in view.others])
    differing = [line for other in view.others if (line := difference(view.me, other)) is not None]
    blocks = [notice, *(_person(other, now) for other in view.others)]
    why = [*why_lines(view), *differing[:1]]
    heading = _("**Why you two**") if len(view.others) == 1 else _("**Why you three**")
    blocks.append("\n".join([heading, *(f"- {line}" for line in why)]))
    if gives := gives_lines(view):
        blocks.append("\n".join([_("**What you can give each other**"), *(f"- {line}" for line in gives)]))
    niche = next((reason.values for reason in view.reasons if reason.name == "niche"), ())
    openers = pick_openers(view.number + view.seat_id, named(niche[:1], {}) or None)
    blocks.append("\n".join([_("**To begin with**"), *(f"- {_(line)}" for line in openers)]))
    blocks.append(_times(view))
    title = _("Meet {names} · {community}").format(names=names, community=safe(view.community_name, 100))
    actions = [*_answers(view, "card", met_style="main"), *_reports(view)]
    return card(title, *blocks, actions=actions, tone="good")


def _with_niche_names(view: CardView) -> CardView:
    """Say the reasons with the names that this community gave its niches; some are its own."""
    names = {
        slug: name
        for member in (*view.others, view.me)
        for slug, name in zip(member.niches, member.niche_names, strict=True)
    }
    seeds = load_catalogue().niches

    def name_of(slug: str) -> str:
        return _(names.get(slug) or (seeds[slug].name if slug in seeds else slug))

    return replace(
        view,
        reasons=tuple(
            replace(reason, values=tuple(name_of(slug) for slug in reason.values))
            if reason.name == "niche"
            else reason
            for reason in view.reasons
        ),
    )


def _reports(view: CardView) -> list[ui.Item[Any]]:
    """One *Report* for each of the others; where there are several, each says whom."""
    several = len(view.others) > 1
    return [
        report_button("intro", other.id, view.seat_id, other.name if several else "") for other in view.others
    ]


def _person(other: MemberView, now: datetime) -> str:
    """Who it is: in words and as a mention, what they do, and their clock."""
    words = load_catalogue()
    about = [named(other.disciplines, words.disciplines)] if other.disciplines else []
    if other.zone is not None:
        there = now.astimezone(ZoneInfo(other.zone))
        about.append(_("it is {time} there now").format(time=f"{there:%H:%M}"))
    lines = [f"**{safe(other.name, 60)}** · {mention(other.person_id)}"]
    if other.headline:
        lines.append(safe(other.headline, 200))
    return "\n".join([*lines, " · ".join(about)]) if about else "\n".join(lines)


def _times(view: CardView) -> str:
    """How to meet, and moments when everyone is up."""
    form = _(FORMS.get(view.form, FORMS["text"]))
    if not view.slots:
        return form + " " + _("Your days hardly overlap, so messages will work best.")
    times = [f"- {when(slot, 'F')}" for slot in view.slots]
    return "\n".join([form, _("Times that fit all of you, if you want one:"), *times])


def gone_card(view: CardView) -> ui.LayoutView:
    """Somebody stepped back before the card arrived."""
    return card(
        _("Your match had to step back · {community}").format(community=safe(view.community_name, 100)),
        _("It has nothing to do with you. You have the first place in the next round."),
        _next_line(view.next_at),
        actions=[_leave_button(view.me.id)],
    )


def ask_card(view: CardView) -> ui.LayoutView:
    """Ask, a week later, whether it happened."""
    names = _names([other.name for other in view.others])
    return card(
        _("Did you meet {names}?").format(names=names),
        _("You were introduced in {community} {time}. Every answer is fine, and only you see it.").format(
            community=safe(view.community_name, 100), time=when(view.created_at, "R")
        ),
        actions=[*_answers(view, "ask"), *_reports(view)],
    )


def outcome_card(view: OutcomeView, now: datetime, place: str) -> ui.LayoutView:
    """The message that was pressed, with what was noted; answers can be changed."""
    notice = outcome_notice(view)
    if place == "card" and not view.card.gone:
        return intro_card(view.card, now, notice)
    title = _("You and {names}").format(names=_names(view.others))
    return card(title, notice, actions=[*_answers(view.card, place), *_reports(view.card)], tone="good")


def outcome_notice(view: OutcomeView) -> str:
    """What was noted, or that it was noted before."""
    if view.changed:
        return _(OUTCOMES[view.outcome])
    return _("Noted already: {outcome}.").format(outcome=_(OUTCOME_NAMES[view.outcome]))


def _answers(view: CardView, place: str, *, met_style: str = "plain") -> list[ui.Item[Any]]:
    """Met, Not yet, on the question also It didn't happen, and the way out."""
    shown = ["met", "not_yet"] if place == "card" else ["met", "not_yet", "did_not_happen"]
    return [
        *(
            button(
                _(OUTCOME_NAMES[outcome]),
                "intro.outcome",
                view.seat_id,
                outcome,
                place,
                style="main" if outcome == "met" and met_style == "main" else "plain",
            )
            for outcome in shown
        ),
        _leave_button(view.me.id),
    ]


def welcome_card(view: EnrolmentView) -> ui.LayoutView:
    """The first DM: you are in, when it begins, the way out."""
    return card(
        _("You are in · {community}").format(community=safe(view.community_name, 100)),
        _("I will introduce you to one person at a time, here in this DM, and always tell you why."),
        _when_line(view),
        actions=[_leave_button(view.member_id)],
        tone="good",
    )


def enrolled_card(view: EnrolmentView) -> ui.LayoutView:
    """The answer to `/intro join`."""
    title = _("You are in") if view.changed else _("You are in already")
    return card(title, _when_line(view), _company(view), actions=[_leave_button(view.member_id)], tone="good")


def next_card(view: EnrolmentView) -> ui.LayoutView:
    """The answer to `/intro next`."""
    if not view.enrolled:
        return card(
            _("You are not taking part right now"),
            _when_line(view),
            _("`/intro join` takes you along, whenever you like."),
        )
    return card(
        _("Your next introduction"), _when_line(view), _company(view), actions=[_leave_button(view.member_id)]
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
        _when_line(view),
        actions=[_leave_button(view.member_id)],
    )


def history_card(past: list[PastView]) -> ui.LayoutView:
    """Whom Kith introduced this member to."""
    if not past:
        return card(_("Your introductions"), _("None yet. `/intro next` tells you when the next round is."))
    lines = []
    for one in past:
        outcome = _(OUTCOME_NAMES[one.outcome]) if one.outcome in OUTCOME_NAMES else _("no answer yet")
        lines.append(f"- {_names(one.others)} · {when(one.created_at, 'D')} · {outcome}")
    return card(_("Your introductions"), "\n".join(lines))


def avoided_card(name: str) -> ui.LayoutView:
    """A private wish was noted."""
    text = _("I will never introduce you and {name} to each other. Nobody is told, not even moderators.")
    return card(_("Noted"), text.format(name=safe(name, 60)))


def _company(view: EnrolmentView) -> str:
    """How many others take part; the truth is friendlier than a promise."""
    if view.others == 0:
        return _("You are the first. Bring someone along, or stay and I will tell you when there is company.")
    return ngettext("{n} other person takes part.", "{n} others take part.", view.others).format(
        n=view.others
    )


def _when_line(view: EnrolmentView) -> str:
    """When the next round is, or why there is none."""
    if not view.started:
        return _("Introductions have not started here yet. A moderator starts them; your place is kept.")
    if view.paused:
        return _("Kith is paused here at the moment. Your place is kept.")
    return _next_line(view.next_at)


def _next_line(next_at: datetime | None) -> str:
    if next_at is None:
        return _("The date of the next round is not set yet. I will write to you.")
    return _("Next round: {time} ({relative}).").format(time=when(next_at, "F"), relative=when(next_at, "R"))


def _leave_button(member_id: int) -> ui.Item[Any]:
    return button(_("Leave introductions"), "intro.leave", member_id)


def _names(names: list[str] | tuple[str, ...]) -> str:
    return _(" and ").join(safe(name, 60) for name in names)


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each message of the introductions, as late as possible."""

    async def introduction(said: Said) -> Outgoing | None:
        view = await service.card(said.subject)
        if view is None:
            return None
        return Outgoing(view=gone_card(view) if view.gone else intro_card(view, service.clock.now()))

    async def question(said: Said) -> Outgoing | None:
        view = await service.card(said.subject)
        answered = view is None or view.outcome is not None or not view.others
        return None if answered or view is None else Outgoing(view=ask_card(view))

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
