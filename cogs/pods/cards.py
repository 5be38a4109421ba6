"""What members see of pods: the offer, where they stand, invitations and the questions of a term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, mention, safe, select, when
from bot.pods.views import MineView, PodPerson, PodView, SeatView, StandingView, WinView
from cogs.pods.words import NEXT, NEXT_NOTED, SHARED, SHARES

SHOWN = 300


def title(text: str, community: str) -> str:
    """Name the community in the title of a card."""
    return f"{text} · {safe(community, 100)}" if community else text


def names(people: Iterable[PodPerson]) -> str:
    """List people by name."""
    return ", ".join(safe(person.name, 100) for person in people)


def described(person: PodPerson) -> str:
    """Name a person with what they do and where they are, as far as they show it."""
    place = _("{city} time").format(city=_city(person.zone)) if person.zone else ""
    about = ", ".join(part for part in (safe(person.about, 60), place) if part)
    name = safe(person.name, 100)
    return f"{name} ({about})" if about else name


def _city(zone: str) -> str:
    return safe(zone.rpartition("/")[2].replace("_", " "), 40)


# --- buttons that other cards may carry ------------------------------------------------------------------


def join_button(member_id: int) -> ui.Item[Any]:
    """Wish for a pod; the card it is on says what that shows to whom."""
    return button(_("Join a pod"), "pod.join", member_id, style="main")


def leave_button(member_id: int, label: str = "") -> ui.Item[Any]:
    """Leave the pod, an invitation or the list."""
    return button(label or _("Leave the list"), "pod.leave", member_id)


def win_button(checkin_id: int, *, public: bool = True) -> ui.Item[Any]:
    """Show the win of a week in the community's digest, or no longer."""
    label = _("Share my win here") if public else _("Keep my win to myself")
    return button(label, "pod.win", checkin_id, int(public))


# --- where one stands ------------------------------------------------------------------------------------


def offer_card(view: MineView) -> ui.LayoutView:
    """Say what a pod is and what joining shows to whom, before anybody agrees."""
    blocks = [
        _("Three to five people for ten weeks: at the end of each week you read how it went for the others."),
        _(
            "**What the others see.** The two to four people you are asked together with see your name, what "
            "you do and your city's time, as your profile shows them. Of your weeks they see only what you "
            "choose; at first that is nothing."
        ),
        _("Pods are formed every week, next {time}. I ask you before anything begins.").format(
            time=when(view.forms_at, "F")
        ),
    ]
    return card(title(_("Pods"), view.community_name), *blocks, actions=[join_button(view.member_id)])


def mine_card(view: MineView) -> ui.LayoutView:
    """Say where a member stands."""
    if view.state == "waiting":
        return waiting_card(view)
    if view.state == "asked" and view.pod is not None:
        return _asked_card(view, view.pod)
    if view.state == "in" and view.pod is not None:
        return _pod_card(view, view.pod)
    return offer_card(view)


def waiting_card(view: MineView) -> ui.LayoutView:
    """Confirm the wish for a pod."""
    said = _("You are on the list.") if view.changed else _("You are on the list already.")
    forms = _("Pods are formed next {time}. I will ask you who would be in yours.")
    later = _("When nobody fits yet, I look again a week later.")
    return card(
        title(_("Your pod"), view.community_name),
        said,
        forms.format(time=when(view.forms_at, "F")),
        later,
        actions=[leave_button(view.member_id)],
        tone="good",
    )


def _asked_card(view: MineView, pod: PodView) -> ui.LayoutView:
    return card(
        title(_("Your pod"), view.community_name),
        _("A pod waits for answers: {names}.").format(names=_all_described(pod)),
        actions=[*_answers(view.seat_id), leave_button(view.member_id, _("Leave"))],
    )


def _pod_card(view: MineView, pod: PodView) -> ui.LayoutView:
    """Show who is in the pod, until when, and the choice of what it sees."""
    blocks: list[str | ui.Item[Any]] = [_all_described(pod)]
    if pod.thread_id is not None:
        blocks.append(_("Your thread: <#{thread}>").format(thread=pod.thread_id))
    if pod.ends_at is not None:
        blocks.append(_("This term ends {time}.").format(time=when(pod.ends_at, "D")))
    if view.digest_at is not None:
        blocks.append(_("What each of you shows comes {time}.").format(time=when(view.digest_at, "F")))
    chosen = ", ".join(_(SHARED[one]) for one in view.shares)
    shows = _("Of your weeks your pod sees: {what}.").format(what=chosen) if chosen else ""
    blocks.append(shows or _("Of your weeks your pod sees nothing yet. Choose below."))
    blocks.append(_share_menu(view))
    actions: list[ui.Item[Any]] = []
    if view.small and view.seat_id is not None:
        actions += company_buttons(view.seat_id)[:1]
    if view.term_open and not view.small and view.seat_id is not None:
        actions += term_buttons(view.seat_id)
    actions.append(leave_button(view.member_id, _("Leave this pod")))
    return card(title(_("Your pod"), view.community_name), *blocks, actions=actions)


def _share_menu(view: MineView) -> ui.Item[Any]:
    return select(
        _("What my pod sees of my weeks"),
        "pod.share",
        view.member_id,
        options=[(_(label), value) for value, label in SHARES.items()],
        max_values=len(SHARES),
        min_values=0,
        chosen=view.shares,
    )


def _all_described(pod: PodView) -> str:
    return ", ".join(map(described, pod.people))


def left_card(before: MineView) -> ui.LayoutView:
    """Say what was left, and what becomes of what they showed."""
    if before.state == "in":
        said = _("You left your pod. What you showed goes from the digests of the last weeks there.")
    elif before.state == "asked":
        said = _("You said no to this pod and left the list. Nobody is told why.")
    else:
        said = _("You left the list.")
    again = _("Come back whenever you like with `/pod join`.")
    return card(title(_("Your pod"), before.community_name), said, again)


# --- the invitation --------------------------------------------------------------------------------------


def invite_card(view: SeatView) -> ui.LayoutView:
    """Ask whether a member would like to be in this pod."""
    pod = view.pod
    if pod.state != "forming":  # shown again, because somebody who was named here is gone
        return card(title(_("A pod for you?"), pod.community_name), _("This invitation is settled."))
    sizes = {3: _("A pod of three"), 4: _("A pod of four"), 5: _("A pod of five")}
    who = _("{size}: {names}.").format(size=sizes.get(len(pod.people), _("A pod")), names=_all_described(pod))
    begins = _("It begins when at least three of you say yes by {time}.").format(time=when(view.until))
    shows = _("You all have a few hours a week in common. For ten weeks you see what each chooses to show.")
    return card(
        title(_("A pod for you?"), pod.community_name),
        who,
        shows,
        begins,
        actions=[*_answers(view.id), leave_button(view.member_id)],
    )


def _answers(seat_id: int | None) -> list[ui.Item[Any]]:
    return [
        button(_("I am in"), "pod.in", seat_id, style="main"),
        button(_("Not this one"), "pod.no", seat_id),
    ]


def answered_card(view: SeatView) -> ui.LayoutView:
    """Confirm an answer."""
    heading = title(_("Your pod"), view.pod.community_name)
    if view.state != "in":
        said = _("Noted: not this one. Nobody is told, and you stay on the list for another.")
        return card(heading, said, actions=[leave_button(view.member_id)])
    if view.pod.state == "active":
        begun = _("Your pod begins: {names}.").format(names=names(view.pod.people))
        choose = _("Choose what it sees of your weeks: `/pod mine`. At first that is nothing.")
        return card(heading, begun, choose, tone="good")
    noted = _("Noted: you are in.") if view.changed else _("Noted already: you are in.")
    waits = _("The pod begins when at least three of you say yes by {time}.").format(time=when(view.until))
    return card(heading, noted, waits, actions=_answers(view.id)[1:], tone="good")


def back_card(view: StandingView) -> ui.LayoutView:
    """Tell somebody who said yes that it did not come together."""
    heading = title(_("This pod did not come together"), view.community_name)
    if not view.waits:
        return card(heading, _("Too few said yes this time."), actions=[join_button(view.member_id)])
    said = _("Too few said yes this time. You are first in line when pods are formed next.")
    return card(heading, said, actions=[leave_button(view.member_id)])


def missed_card(view: StandingView) -> ui.LayoutView:
    """Tell somebody who did not answer that they are not asked any more until they wish."""
    said = _("You did not get round to answering, and that is fine. I took you off the list for now.")
    again = _("Whenever it suits you, join again: two to four others see your name, as before.")
    return card(
        title(_("No pod for now"), view.community_name), said, again, actions=[join_button(view.member_id)]
    )


# --- the pod itself --------------------------------------------------------------------------------------


def welcome_card(pod: PodView) -> ui.LayoutView:
    """Open the thread of a pod, or a new term in it."""
    if pod.state != "active" or pod.ends_at is None:
        return card(_("Our pod"), _("This pod is over. Thank you for having been here."))
    return card(
        _("Our pod"),
        " ".join(f"{safe(person.name, 100)} ({mention(person.person_id)})" for person in pod.people),
        _("This term ends {time}. At the end of each week I post what each of you chose to show.").format(
            time=when(pod.ends_at, "D")
        ),
        _("You choose what that is with `/pod mine`; until then it is nothing. Nobody is named for missing."),
        _("This thread is private. Moderators with Manage Threads can read it."),
        tone="good",
    )


def started_card(view: SeatView) -> ui.LayoutView:
    """Say by DM that a pod begins, where there is no place for a thread."""
    heading = title(_("Your pod"), view.pod.community_name)
    if view.pod.state != "active":
        return card(heading, _("This pod is over. Thank you for having been here."))
    said = _("Your pod begins: {names}.").format(names=_all_described(view.pod))
    how = _("At the end of each week I write to you what each of you chose to show: `/pod mine`.")
    return card(heading, said, how, actions=[leave_button(view.member_id, _("Leave this pod"))], tone="good")


def gone_card() -> ui.LayoutView:
    """Stand where something of a pod was shown that is shown no more."""
    return card(_("Your pod"), _("What stood here is no longer shown."))


def term_card(view: SeatView) -> ui.LayoutView:
    """Ask how a member would like to go on."""
    said = _("The ten weeks of your pod end {time}. How would you like to go on?").format(
        time=when(view.until, "D")
    )
    how = _("With three or more who renew, you go on together. Without an answer your pod simply ends.")
    return card(
        title(_("Your pod, and after"), view.pod.community_name), said, how, actions=term_buttons(view.id)
    )


def term_buttons(seat_id: int) -> list[ui.Item[Any]]:
    """Renew, change or end."""
    return [
        button(_(label), "pod.next", seat_id, value, style="main" if value == "renew" else "plain")
        for value, label in NEXT.items()
    ]


def next_card(view: SeatView) -> ui.LayoutView:
    """Confirm how a member would like to go on; they may change their mind until the end."""
    return card(
        title(_("Your pod, and after"), view.pod.community_name),
        _(NEXT_NOTED[view.wish or "end"]),
        _("You can change your mind until {time}.").format(time=when(view.until)),
        actions=term_buttons(view.id),
        tone="good",
    )


def over_card(view: StandingView) -> ui.LayoutView:
    """Tell somebody that their pod is over for them."""
    heading = title(_("Your pod is over"), view.community_name)
    thanks = _("Ten weeks of being there for each other: thank you.")
    if view.waits:
        said = _("You are on the list; I will ask you when a new pod is formed.")
        return card(heading, thanks, said, actions=[leave_button(view.member_id)])
    again = _("Another pod is a click away: two to four others see your name, as before.")
    return card(heading, thanks, again, actions=[join_button(view.member_id)])


def merge_card(view: SeatView) -> ui.LayoutView:
    """Ask those left in a pod that became too small how they would like to go on."""
    said = _("Your pod has become too small. I can look for company: another small pod, or new people.")
    how = _(
        "You stay together, and the people I ask see your names. Before anything changes, "
        "each of you is asked."
    )
    return card(
        title(_("Company for your pod?"), view.pod.community_name),
        said,
        how,
        actions=company_buttons(view.id),
    )


def company_buttons(seat_id: int) -> list[ui.Item[Any]]:
    """Look for company, or leave."""
    return [
        button(_("Find us company"), "pod.company", seat_id, style="main"),
        button(_("End it"), "pod.alone", seat_id),
    ]


def company_card(view: SeatView) -> ui.LayoutView:
    """Confirm what happens with a pod that became too small."""
    heading = title(_("Your pod"), view.pod.community_name)
    if view.state != "in":
        return card(heading, _("You left your pod. Come back whenever you like with `/pod join`."))
    said = _("Noted. Once all of you wish so, I look for company when pods are formed next.")
    return card(heading, said, actions=company_buttons(view.id)[1:], tone="good")


def win_card(view: WinView) -> ui.LayoutView:
    """Show a win with who sees it, and the way to change that."""
    win = safe(view.text, SHOWN)
    if view.public:
        said = _("It is in your community's next digest, with your name.")
        if view.posted:
            said = _("That week's digest is out. If there was one, your win is in it now, with your name.")
        elif not view.digest:
            said = _("Your community has no digest yet. Should it have one this week, your win is in it.")
    else:
        said = _(
            "Only you see it, and your pod if you chose so. Shared, it is in your community's digest, with "
            "your name."
        )
    return card(
        title(_("Your win"), view.community_name),
        win,
        said,
        actions=[win_button(view.checkin_id, public=not view.public)],
        tone="good" if view.public else "plain",
    )
