"""What members see of meetings: a picked time, reminders, a nudge, a double wish, the question again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, card, link, plain, safe, when
from bot.intros.calendar import Appointment, ics
from bot.intros.rules import OPEN_OUTCOMES
from bot.intros.service import IntroService
from bot.intros.views import CardView, PickView, StepView
from cogs.intros import follow_cards
from cogs.intros.actions import leave_button, names_of, own_time, reports, room_button, slot_menu, step_button
from cogs.intros.cards import ask_card, intro_card, openers
from cogs.intros.words import FORMS

FILE = "meeting.ics"


def picked_notice(view: PickView) -> str:
    """What choosing a time did."""
    time = own_time(view.card, view.slot_at)
    if not view.changed:
        return _("You agreed on {time} already.").format(time=time)
    return _("{time} it is. {names} will hear from me, and a file for your calendar is on its way.").format(
        time=time, names=names_of([other.name for other in view.card.others])
    )


def picked_card(view: PickView, now: datetime, place: str) -> ui.LayoutView:
    """The message whose menu was used."""
    if place == "card":
        return intro_card(view.card, now, picked_notice(view))
    title = _("You and {names}").format(names=_others(view.card))
    return card(title, picked_notice(view), actions=_actions(view.card, "slot"), tone="good")


def slot_card(view: CardView, slot_at: datetime, picker: str | None) -> ui.LayoutView:
    """Tell of a time; `picker` is the name of who chose it, None for the reader."""
    time = own_time(view, slot_at)
    title = _("You picked {time}") if picker is None else _("{name} picked {time}")
    named = title.format(time=time, name=safe(picker or "", 60))
    return card(
        f"{named} · {safe(view.community_name, 100)}",
        _("You and {names}: {when} ({relative}).").format(
            names=_others(view), when=when(slot_at, "F"), relative=when(slot_at, "R")
        ),
        _(FORMS.get(view.form, FORMS["text"])),
        _("The file puts it into your calendar. I will remind you an hour before."),
        actions=_actions(view, "slot"),
        tone="good",
    )


def remind_card(view: CardView, slot_at: datetime) -> ui.LayoutView:
    """Remind of the time that was picked."""
    title = _("Soon: you and {names} · {community}")
    return card(
        title.format(names=_others(view), community=safe(view.community_name, 100)),
        _("You agreed on {time}, which is {relative}.").format(
            time=own_time(view, slot_at), relative=when(slot_at, "R")
        ),
        _(FORMS.get(view.form, FORMS["text"])),
        actions=_actions(view, "remind"),
    )


def nudge_card(view: CardView) -> ui.LayoutView:
    """Encourage both, once, when neither has made a move."""
    title = _("A first line to {names}? · {community}")
    return card(
        title.format(names=_others(view), community=safe(view.community_name, 100)),
        _("Nobody has begun yet, and most people find that part hard. One line is enough:"),
        f"- {openers(view)[1]}",
        _("Or pick a time, then it is agreed. I will not nudge you about this again."),
        actions=_actions(view, "nudge"),
    )


def step_card(view: CardView) -> ui.LayoutView:
    """Tell everybody that everybody wished for it."""
    return card(
        _("You both would like a call · {community}").format(community=safe(view.community_name, 100))
        if len(view.others) == 1
        else _("You all would like a call · {community}").format(community=safe(view.community_name, 100)),
        _("{names} and you wished for it independently of each other.").format(names=_others(view)),
        _(FORMS.get(view.form, FORMS["text"])),
        actions=_actions(view, "step"),
        tone="good",
    )


def stepped_card(view: StepView, now: datetime) -> ui.LayoutView:
    """The card after a wish: nothing on it tells what anybody else wishes, until all do."""
    if view.agreed:
        notice = (
            _("You both would like that. I have written to you two.")
            if len(view.card.others) == 1
            else _("You all would like that. I have written to each of you.")
        )
    else:
        notice = _("Noted, only for you. If {names} would like it too, I tell you both.").format(
            names=_others(view.card)
        )
    return intro_card(view.card, now, notice)


def room_card(guild_id: int, room_id: int) -> ui.LayoutView:
    """Where the room is."""
    address = f"https://discord.com/channels/{guild_id}/{room_id}"
    return card(
        _("Your room"),
        _("A private thread, only for you. Moderators with Manage Threads can read it."),
        actions=[link(_("Go to our room"), address)],
        tone="good",
    )


def room_welcome(names: list[str], lines: list[str], mentions: list[str]) -> ui.LayoutView:
    """The first message in a room."""
    return card(
        _("Welcome, {names}").format(names=names_of(names)),
        " · ".join(mentions),
        _(
            "This room is yours. Moderators with Manage Threads can read it too, and it is put away after a "
            "day without messages; write, and it is back."
        ),
        "\n".join([_("**To begin with**"), *(f"- {line}" for line in lines)]),
    )


def calendar_file(view: CardView, now: datetime) -> tuple[str, bytes] | None:
    """The agreed time as a file; a later time replaces an earlier one in the calendar."""
    if view.slot_at is None:
        return None
    names = " & ".join(plain(other.name, 60) for other in view.others)
    appointment = Appointment(
        uid=f"introduction-{view.introduction_id}-{view.community_id}@kith",
        sequence=view.slot_turn,
        starts_at=view.slot_at,
        summary=_("{names} · {community}").format(names=names, community=plain(view.community_name, 100)),
        description=_(FORMS.get(view.form, FORMS["text"])),
    )
    return FILE, ics(appointment, now)


def _actions(view: CardView, place: str) -> list[ui.Item[Any]]:
    step = step_button(view) if place == "nudge" else []
    return [
        *slot_menu(view, place),
        *room_button(view),
        *step,
        leave_button(view.me.id),
        *reports(view),
    ]


def _others(view: CardView) -> str:
    return names_of([other.name for other in view.others])


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""

    async def open_card(said: Said) -> CardView | None:
        view = await service.meeting.card(said.subject)
        return view if view is not None and not view.gone and view.outcome in OPEN_OUTCOMES else None

    async def slot(said: Said) -> Outgoing | None:
        view = await open_card(said)
        _kind, _seat, turn, picker_seat = said.key.split(":")
        if view is None or view.slot_at is None or view.slot_turn != int(turn):
            return None
        mine = int(picker_seat) == view.seat_id
        picker = None if mine else await service.meeting.name_of(int(picker_seat))
        now = service.clock.now()
        if now > view.slot_at:
            return None
        file = calendar_file(view, now)
        return Outgoing(view=slot_card(view, view.slot_at, picker), files=(file,) if file else ())

    async def remind(said: Said) -> Outgoing | None:
        view = await open_card(said)
        turn = int(said.key.rpartition(":")[2])
        if view is None or view.slot_at is None or view.slot_turn != turn:
            return None
        return Outgoing(view=remind_card(view, view.slot_at))

    async def nudge(said: Said) -> Outgoing | None:
        view = await open_card(said)
        return Outgoing(view=nudge_card(view)) if view and view.quiet and view.awake else None

    async def step(said: Said) -> Outgoing | None:
        view = await open_card(said)
        return Outgoing(view=step_card(view)) if view and view.stepped else None

    async def again(said: Said) -> Outgoing | None:
        view = await open_card(said)
        waits = view is not None and view.awake and view.outcome == "not_yet"
        return Outgoing(view=ask_card(view, again=True)) if view is not None and waits else None

    found: dict[str, Renderer] = {
        "intro.slot": slot,
        "intro.remind": remind,
        "intro.nudge": nudge,
        "intro.step": step,
        "intro.again": again,
    }
    return found | follow_cards.renderers(service)
