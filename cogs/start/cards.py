"""What newcomers see: the panel, what Kith is, niches, their city, and what they get at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discord import ui

from bot.community.panel import MOVED, POSTED
from bot.community.service import CommunityService
from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, safe, select, when
from bot.find.views import Suggested
from bot.intros.service import EnrolmentView
from bot.niches.views import NicheList
from bot.people.niches import Niche
from bot.people.views import MemberView, ZoneSet
from cogs.find.cards import suggestion_lines
from cogs.people.cards import clock_words
from cogs.start.steps import room, top


@dataclass(frozen=True, slots=True)
class Begun:
    """What a newcomer gets once they said enough: people, the next round, and what is on already."""

    me: MemberView
    found: Sequence[Suggested]
    standing: EnrolmentView
    listed: bool
    introduces: bool = True
    """False where the community does not use introductions."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Something typed that is no niche, and the nearest that are."""

    text: str
    near: Sequence[Niche]


def panel_card(off: Collection[str] = ()) -> ui.LayoutView:
    """The one public message, where everyone begins; `off` are the parts that are not in use here."""
    introduces = _(
        "Kith introduces members who fit each other: by niche, by what one offers and the other needs, "
        "one person at a time. It takes two minutes, and you decide what happens."
    )
    finds = _(
        "Kith shows you members who fit you: by niche, by what one offers and the other needs. "
        "It takes two minutes, and you decide what happens."
    )
    return card(
        _("Find your people"),
        finds if "introductions" in off else introduces,
        actions=[
            button(_("Join"), "start.join", style="main"),
            button(_("Browse"), "start.browse"),
            button(_("What is this?"), "start.about"),
        ],
    )


def moved_card(channel_id: int | None) -> ui.LayoutView:
    """What an older panel says once there is a newer one."""
    where = _("You find it in {channel} now.").format(channel=f"<#{channel_id}>") if channel_id else ""
    return card(_("This panel has moved"), where, _("`/profile edit` works everywhere."))


def about_card(off: Collection[str] = ()) -> ui.LayoutView:
    """Say what Kith does here, what it keeps and who sees it."""
    does = {
        "": _("**Niches** gather members around a subject."),
        "introductions": _(
            "**Introductions** bring you together with one person at a time, by DM, with the reasons."
        ),
        "gigs": _("**Gigs** are paid work, screened before anyone sees it."),
        "checkins": _("**Check-ins** ask once a week what you plan and how it went."),
    }
    jobs = [said for part, said in does.items() if part not in off]
    kept = (
        _("- Your profile: members, once you let them find you; otherwise those I introduce you to."),
        _("- Your time zone: those I introduce you to."),
        _("- Whom you met, how it went, and your weeks: only you."),
        _("- Your messages and conversations: nobody, I never read them."),
    )
    return card(
        _("What is this?"),
        "\n".join(jobs),
        "\n".join([_("**What is kept, and who sees it**"), *kept]),
        _("Nothing is sent to you unless you ask. `/privacy policy` says more; `/stop` ends every message."),
        actions=[button(_("Join"), "start.join", style="main"), button(_("Browse"), "start.browse")],
    )


def niches_card(me: MemberView, niches: NicheList, note: str = "") -> ui.LayoutView:
    """Offer the community's largest niches, and the way on once there is one."""
    mine = " · ".join(safe(_(name), 60) for name in me.niche_names)
    return card(
        _("Your niches"),
        note,
        _("**Yours** {niches}").format(niches=mine)
        if mine
        else _("An industry, a technique or a deliverable that you share with others."),
        _("`/niche leave` takes one back.") if mine else _("One niche is enough to begin with."),
        actions=[*_menu(me, niches), button(_("Search"), "form.open", "start.search", "0"), *_way_on(me)],
    )


def missed_card(me: MemberView, missed: Sequence[Missed], note: str = "") -> ui.LayoutView:
    """Answer what was typed and is no niche with the nearest that are."""
    lines = []
    for one in missed:
        near = " · ".join(safe(_(niche.name), 60) for niche in one.near)
        said = _("I do not know “{text}”. The nearest: {near}.") if near else _("I do not know “{text}”.")
        lines.append(said.format(text=safe(one.text, 60), near=near))
    if not all(one.near for one in missed):
        lines.append(_("`/niche suggest` asks the moderators for a new one."))
    options = [(_(niche.name), niche.slug) for one in missed for niche in one.near]
    menu = [_join_menu(_("Take one of these"), options, room(me))] if options and room(me) else []
    return card(
        _("Your niches"),
        note,
        "\n".join(lines),
        actions=[
            *menu,
            button(_("Search again"), "form.open", "start.search", "0"),
            button(_("All niches"), "start.niches"),
            *_way_on(me),
        ],
    )


def _menu(me: MemberView, niches: NicheList) -> list[ui.Item[Any]]:
    options = [
        (_(one.niche.name), one.niche.slug, _("members: {count}").format(count=one.members))
        for one in top(niches)
    ]
    if not options or not room(me):
        return []
    return [_join_menu(_("Choose one or more"), options, room(me))]


def _join_menu(placeholder: str, options: Sequence[Any], most: int) -> ui.Item[Any]:
    return select(placeholder, "start.niches", options=options, max_values=most)


def _way_on(me: MemberView) -> list[ui.Item[Any]]:
    """The next step, open only once there is a niche."""
    if not me.niches:
        return []
    if me.zone is not None:
        return [button(_("Go on"), "start.city", style="main")]
    return [_city_button(_("Go on: my city")), _skip_city()]


def _city_button(label: str, *, main: bool = True) -> ui.Item[Any]:
    return button(label, "form.open", "start.city", "0", style="main" if main else "plain")


def _skip_city() -> ui.Item[Any]:
    return button(_("Skip the city"), "start.value")


def city_card() -> ui.LayoutView:
    """Ask for the city of someone who comes back at this step."""
    return card(
        _("Your city"),
        _("I name every time in your own zone, and look for hours that suit both sides."),
        actions=[_city_button(_("My city")), _skip_city()],
    )


def confirm_card(place: ZoneSet, now: datetime, *, elsewhere: bool = False) -> ui.LayoutView:
    """Show the time at a place beside the time on the member's own screen, before it counts."""
    said = (
        _("You told me {place} elsewhere: there it is {time}.")
        if elsewhere
        else _("In {place} it is {time} now.")
    )
    shown = said.format(place=safe(place.label, 100), time=clock_words(place.local_now))
    compare = _("Your Discord shows {time}. Is that right?").format(time=when(now, "t"))
    return card(
        _("Your city"),
        f"{shown} {compare}",
        actions=[
            button(_("Yes"), "start.zone", place.zone, style="main"),
            _city_button(_("Another city"), main=False),
        ],
    )


def value_card(begun: Begun, note: str = "") -> ui.LayoutView:
    """Give at once: people with reasons, the date of the next round, and two ways to be part of it."""
    lines = suggestion_lines(begun.me, begun.found)
    people = lines or [_nobody_yet()]
    both_off = not begun.standing.enrolled and not begun.listed
    return card(
        _("People who fit you") if lines else _("You are all set"),
        note,
        *people,
        _introductions(begun),
        _findable(begun),
        "" if both_off else _("`/stop` ends everything at any time."),
        actions=_value_actions(begun),
        tone="plain" if both_off else "good",
    )


def _nobody_yet() -> str:
    return _(
        "Nobody who fits you can be found here yet: members decide that for themselves. "
        "`/find` looks again whenever you like."
    )


def _introductions(begun: Begun) -> str:
    if not begun.introduces:
        return ""
    if begun.standing.enrolled:
        return (
            _("✔ **Introductions** You are in; I write by DM, or into `/inbox` if yours are closed.")
            + " "
            + _round(begun.standing)
        )
    what = _("**Introductions** One person at a time who fits you, by DM.")
    if begun.me.zone is None:
        return what + " " + _("For that I need your city.")
    return what + " " + _round(begun.standing)


def _findable(begun: Begun) -> str:
    if begun.listed:
        return _("✔ **Findable** Members find you with `/find`, and see what you show to members.")
    return _("**Findable** Members of this server could find you, and see what you show to members.")


def _round(standing: EnrolmentView) -> str:
    if not standing.started:
        return _("A moderator has not started them yet; a place is kept for everyone who asks.")
    if standing.paused:
        return _("They are paused here at the moment.")
    if standing.next_at is None:
        return _("The date of the next round is not set yet.")
    at = standing.next_at
    return _("Next round: {time} ({relative}).").format(time=when(at, "F"), relative=when(at, "R"))


def _value_actions(begun: Begun) -> list[ui.Item[Any]]:
    actions: list[ui.Item[Any]] = []
    people = [(one.view.name, str(one.view.person_id)) for one in begun.found]
    if people:
        actions.append(select(_("Look at a profile"), "start.look", options=people))
    if begun.me.zone is None:
        actions.append(_city_button(_("My city")))
    elif begun.introduces and not begun.standing.enrolled:
        actions.append(button(_("Introduce me"), "start.introduce", style="main"))
    if not begun.listed:
        actions.append(button(_("Let members find me"), "start.findable", style="main"))
    actions.append(button(_("Edit my profile"), "form.open", "profile.edit", begun.me.id))
    if not (begun.listed and (begun.standing.enrolled or not begun.introduces)):
        actions.append(button(_("Not now"), "start.later"))
    return actions


def later_card() -> ui.LayoutView:
    """Let someone go without a word too many."""
    return card(
        _("Whenever you like"),
        _("What you told me is kept. *Join* goes on from here, and `/profile edit` changes it."),
        actions=[button(_("Join"), "start.join"), button(_("Browse"), "start.browse")],
    )


def renderers(service: CommunityService) -> dict[str, Renderer]:
    """Name what renders the panel and what is left of an older one."""

    async def panel(said: Said) -> Outgoing | None:
        stands_in = await service.panel_stands_in(said.subject)
        off = await service.gate.off(said.subject)
        return Outgoing(view=panel_card(off)) if stands_in == said.recipient else None

    async def moved(said: Said) -> Outgoing:
        return Outgoing(view=moved_card(await service.panel_stands_in(said.subject)))

    return {POSTED: panel, MOVED: moved}
