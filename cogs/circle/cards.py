"""What a member sees of their own circle; nobody else sees any of it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.circle.rules import NOTE_MAX, TIE, closeness
from bot.circle.views import CircleView, EncounterView, Kept, PersonChange, PersonPage, PersonView
from bot.core.text import _, ngettext
from bot.edge.kit import Option, button, card, mention, plain, safe, select, when
from cogs.circle.words import FORMER, KINDS

NAME_MAX = 60
TEXT_SHOWN = 2 * NOTE_MAX  # escaped text is longer than what was typed
DAY = "D"


def circle_card(view: CircleView, notice: str = "") -> ui.LayoutView:
    """Show a page of the circle, or what a circle is to those who keep none."""
    if not view.kept:
        return _offer_card(view, notice)
    lines = [_line(one) for one in view.people] or [_("Nobody is in it yet.")]
    ways = _("`/circle member:` adds somebody you met through Kith. Only you see this.")
    return card(_title(_("Your circle"), view), notice, *lines, ways, actions=_overview_actions(view))


def kept_card(kept: Kept) -> ui.LayoutView:
    """Say that a circle is kept from now on, and who came in at once."""
    if not kept.changed:
        return circle_card(kept.circle, _("You keep it already."))
    said = [_("You keep a circle now; whoever you meet through Kith comes in by itself.")]
    if kept.found:
        said.append(
            ngettext(
                "I put in the one person you said you met.",
                "I put in the {n} people you said you met.",
                kept.found,
            ).format(n=kept.found)
        )
    return circle_card(kept.circle, " ".join(said))


def _offer_card(view: CircleView, notice: str) -> ui.LayoutView:
    return card(
        _title(_("Your circle"), view),
        notice,
        _(
            "A circle is your private diary of the people you met through Kith, with the times you met "
            "and your next step with each."
        ),
        _("Trust takes about {eight} such times, so it counts up to {eight}.").format(eight=TIE),
        _(
            "Only you see it: never moderators, never the people in it; and you can delete any of it, "
            "or all at once."
        ),
        actions=[button(_("Keep my circle"), "circle.keep", view.community_id, style="main")],
    )


def _overview_actions(view: CircleView) -> list[ui.Item[Any]]:
    actions: list[ui.Item[Any]] = []
    if view.people:
        shown: list[Option] = [(_name(one), str(one.id), _count(one)) for one in view.people]
        actions.append(select(_("Look at someone"), "circle.look", options=shown))
    actions += _turning("circle.page", view.community_id, view.page, view.pages)
    actions.append(button(_("Stop keeping it"), "circle.stop", view.community_id))
    return actions


def _turning(action: str, about: int, page: int, pages: int) -> list[ui.Item[Any]]:
    """Make the buttons to the pages beside this one."""
    made: list[ui.Item[Any]] = []
    if page > 0:
        made.append(button(_("Newer"), action, about, page - 1))
    if page < pages - 1:
        made.append(button(_("Older"), action, about, page + 1))
    return made


def _line(one: PersonView) -> str:
    """Tell about one person in two or three short lines."""
    head = f"**{safe(_name(one), NAME_MAX)}** · {_count(one)}"
    return "\n".join(line for line in (head, _last(one), _step(one)) if line)


def person_card(page: PersonPage, notice: str = "") -> ui.LayoutView:
    """Show one person: the times they met, the owner's notes, the next step."""
    one = page.person
    met = [_encounter(each) for each in page.encounters] or [_("Nothing is written down yet.")]
    return card(
        f"{safe(_name(one), NAME_MAX)} · {_count(one)}",
        notice,
        mention(one.person_id) if one.person_id else "",
        "\n".join(met),
        _step(one),
        _("In {community}. Only you see this.").format(community=safe(one.community_name, 100)),
        actions=_person_actions(page),
    )


def _person_actions(page: PersonPage) -> list[ui.Item[Any]]:
    one = page.person
    again = _("We met again") if one.count else _("We met")
    actions: list[ui.Item[Any]] = [
        button(again, "form.open", "circle.met", one.id, style="main"),
        button(_("Next step"), "form.open", "circle.step", one.id),
    ]
    if one.next_step is not None:
        actions.append(button(_("Done"), "circle.done", one.id))
    actions += _turning("circle.person", one.id, page.page, page.pages)
    if page.encounters:
        shown: list[Option] = [
            (f"{each.day.isoformat()} · {_(KINDS[each.kind])}", str(each.id), each.note)
            for each in page.encounters
        ]
        actions.append(select(_("Remove this encounter"), "circle.strike", one.id, options=shown))
    actions.append(button(_("Remove this person"), "circle.remove", one.id))
    actions.append(button(_("My circle"), "circle.page", one.community_id, 0))
    return actions


def added_card(change: PersonChange) -> ui.LayoutView:
    """Show who came into the circle, or was there already."""
    said = _("In your circle now. They are not told.") if change.changed else ""
    return person_card(change.page, said)


def met_card(change: PersonChange) -> ui.LayoutView:
    """Confirm what was written down."""
    said = _("Written down.") if change.changed else _("That was written down already.")
    return person_card(change.page, said)


def planned_card(change: PersonChange) -> ui.LayoutView:
    """Confirm a next step."""
    said = (
        _("Noted. It stands here; I will not remind you.") if change.changed else _("It stands so already.")
    )
    return person_card(change.page, said)


def done_card(change: PersonChange) -> ui.LayoutView:
    """Confirm that the next step is done."""
    said = _("Done, and off your list.") if change.changed else _("There was no next step left.")
    return person_card(change.page, said)


def struck_card(change: PersonChange) -> ui.LayoutView:
    """Confirm that one time they met was deleted."""
    said = _("Removed.") if change.changed else _("It was gone already.")
    return person_card(change.page, said)


def remove_card(one: PersonView) -> ui.LayoutView:
    """Ask before a person is removed."""
    return card(
        _("Remove {name}?").format(name=safe(_name(one), NAME_MAX)),
        _("The times you met, your notes and the next step are deleted for good. They are not told."),
        actions=[
            button(_("Remove for good"), "circle.removed", one.id, style="danger"),
            button(_("Keep them"), "circle.person", one.id, 0),
        ],
        tone="warn",
    )


def removed_card(one: PersonView) -> ui.LayoutView:
    """Confirm that a person is out of the circle."""
    return card(
        _("Removed"),
        _("{name} is no longer in your circle.").format(name=safe(_name(one), NAME_MAX)),
        actions=[button(_("My circle"), "circle.page", one.community_id, 0)],
        tone="good",
    )


def stop_card(view: CircleView) -> ui.LayoutView:
    """Ask before the whole circle is deleted."""
    everybody = ngettext(
        "The one person in it is deleted for good, with the times you met, your notes and the next step.",
        "The {n} people in it are deleted for good, with the times you met, your notes and the next steps.",
        view.total,
    ).format(n=view.total)
    return card(
        _title(_("Stop keeping your circle?"), view),
        everybody if view.total else _("Nobody is in it."),
        _("From then on nothing is written down. Nobody is told, and introductions go on as before."),
        actions=[
            button(_("Delete it for good"), "circle.stopped", view.community_id, style="danger"),
            button(_("Keep it"), "circle.page", view.community_id, 0),
        ],
        tone="warn",
    )


def stopped_card(*, changed: bool) -> ui.LayoutView:
    """Confirm that no circle is kept any more."""
    said = _("Your circle is deleted, all of it.") if changed else _("There was no circle any more.")
    return card(_("No circle"), said, _("`/circle` begins a new one whenever you like."), tone="good")


def _title(title: str, view: CircleView) -> str:
    name = safe(view.community_name, 100)
    return f"{title} · {name}" if name else title


def _name(one: PersonView) -> str:
    return plain(one.name, NAME_MAX) if one.name else _(FORMER)


def _count(one: PersonView) -> str:
    """Say how many of eight times; no number stands above eight, and no score beside it."""
    close = closeness(one.count)
    said = _("{n} of {eight}").format(n=close.n, eight=TIE)
    return _("{count} · a real tie").format(count=said) if close.tie else said


def _last(one: PersonView) -> str:
    if one.last is None:
        return ""
    kind, day = _(KINDS[one.last.kind]), when(one.last.at, DAY)
    return _("Last met {day}: {kind}").format(day=day, kind=kind)


def _step(one: PersonView) -> str:
    if one.next_step is None:
        return ""
    step = safe(one.next_step, TEXT_SHOWN)
    if one.next_at is None:
        return _("Next: {step}").format(step=step)
    return _("Next, {day}: {step}").format(day=when(one.next_at, DAY), step=step)


def _encounter(each: EncounterView) -> str:
    line = f"- {when(each.at, DAY)} · {_(KINDS[each.kind])}"
    return f"{line}\n  {safe(each.note, TEXT_SHOWN)}" if each.note else line
