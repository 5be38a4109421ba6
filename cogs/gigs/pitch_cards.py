"""What posters and applicants see of a pitch."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.core.outbox import Said
from bot.core.text import N_, _, ngettext
from bot.edge.kit import Block, Option, button, card, link, mention, plain, safe, select
from bot.gigs.pitches import PitchList, PitchPage
from bot.gigs.service import GigView, InterestOutcome, InterestView
from cogs.gigs.common import from_community, place, profile, report_applicant, report_poster

ENDINGS = {
    "filled": N_(
        "“{title}” has found its person, and this time it is somebody else. "
        "Thank you for your pitch; the next gig may be the one."
    ),
    "expired": N_(
        "“{title}” ran its time and left the board before its poster answered. "
        "Thank you for your pitch; it was not about you."
    ),
    "withdrawn": N_(
        "“{title}” was taken back by its poster. Thank you for your pitch; it was not about you."
    ),
}
TAKEN_DOWN = N_(
    "“{title}” was taken down by the moderators. If its poster is in touch with you, please be careful. "
    "Thank you for your pitch; it was not about you."
)
REOPENED = N_(
    "“{title}” had closed before its poster answered you, and now it is open again. "
    "Still interested? Then please write to them once more."
)
PITCH_STATES = {
    "waiting": N_("with the poster"),
    "accepted": N_("accepted"),
    "declined": N_("another way this time"),
    "closed": N_("closed before an answer"),
    "withdrawn": N_("taken back"),
}


# --- the poster ------------------------------------------------------------------------------------


def asked(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Shows the poster who is interested, with Accept and Decline."""
    if interest.state != "waiting":
        return None
    title = _("Someone is interested in “{title}”").format(title=safe(interest.gig.title, 150))
    return card(title, *_pitch(interest), _what_follows(), place(interest.gig), actions=_choice(interest))


def bundle(gig: GigView, number: int) -> ui.LayoutView:
    """Tells the poster that several pitches came within the hour; who they are from is read on demand."""
    text = ngettext(
        "{n} pitch waits for you. Take your time; everybody hears from me what you decide.",
        "{n} pitches wait for you. Take your time; everybody hears from me what you decide.",
        number,
    )
    return card(
        _("New pitches for “{title}”").format(title=safe(gig.title, 150)),
        text.format(n=number),
        place(gig),
        actions=[button(_("Read them"), "gig.pitches", gig.id, 0, style="main")],
    )


def page(found: PitchPage) -> ui.LayoutView:
    """One pitch after the other, with what the poster can do about each."""
    title = safe(found.gig.title, 150)
    if found.interest is None:
        text = _("Nobody waits for an answer about “{title}”.").format(title=title)
        return card(_("Pitches"), text, tone="good")
    heading = _("Pitch {n} of {total} for “{title}”").format(
        n=found.place + 1, total=found.total, title=title
    )
    turn = [
        button(label, "gig.pitches", found.gig.id, at)
        for label, at in ((_("Previous"), found.place - 1), (_("Next"), found.place + 1))
        if 0 <= at < found.total
    ]
    return card(heading, *_pitch(found.interest), _what_follows(), actions=[*_choice(found.interest), *turn])


def answered(done: InterestOutcome) -> ui.LayoutView:
    """What the poster sees after pressing Accept or Decline."""
    interest = done.interest
    name, person = safe(interest.applicant.name, 100), mention(interest.applicant.person_id)
    again = "" if done.changed else _("You had answered this before; nothing changed.")
    here = place(interest.gig)  # it may stand in a DM
    if interest.state == "accepted":
        text = _(
            "You accepted {name} ({mention}). In a moment I tell you both where you can talk. "
            "When it is settled, press Filled in /gig mine."
        )
        told = text.format(name=name, mention=person)
        actions = [*_others(done), report_applicant(interest)]
        return card(_("Accepted"), told, again, _left(done), here, actions=actions, tone="good")
    if interest.state == "closed":
        return card(_("This gig is closed"), _("They were told that it is closed."), here)
    if interest.state == "withdrawn":
        text = _("They took their pitch back meanwhile; there is nothing to answer.")
        return card(_("Taken back"), text, here)
    text = _("I tell them kindly that it is not a fit this time.")
    return card(_("Declined"), text, again, _left(done), here, actions=_read_on(done))


def others_declined(gig: GigView, number: int) -> ui.LayoutView:
    """What the poster sees after declining everybody who still waited."""
    text = ngettext(
        "I tell {n} person kindly that “{title}” went another way.",
        "I tell {n} people kindly that “{title}” went another way.",
        number,
    )
    if not number:
        text = _("Nobody was waiting any more; nothing changed.")
    return card(_("Done"), text.format(n=number, title=safe(gig.title, 150)), tone="good")


# --- the applicant ---------------------------------------------------------------------------------


def interested(interest: InterestView) -> ui.LayoutView:
    """What an applicant sees after sending the pitch."""
    text = _(
        "{name} gets your pitch and your profile. I tell you by DM what they answer; "
        "they can write to you only after accepting."
    )
    back = button(_("Take it back"), "gig.unpitch", interest.id)
    return card(_("Sent"), text.format(name=safe(interest.gig.name, 100)), actions=[back], tone="good")


def taken_back(done: InterestOutcome) -> ui.LayoutView:
    """What an applicant sees after taking a pitch back."""
    if done.interest.state != "withdrawn":
        return card(_("Too late"), _("The poster has answered already. I tell you by DM what they said."))
    text = _("The poster does not see it any more.") if done.changed else _("It was taken back already.")
    return card(_("Taken back"), text, tone="good")


def declined(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells an applicant that it is not a fit."""
    text = _("“{title}” went another way this time. Thank you for your pitch; the next gig may be the one.")
    title = _("About the gig you answered")
    return card(title, text.format(title=safe(interest.gig.title)), place(interest.gig))


def passed(said: Said, community: str) -> ui.LayoutView:
    """Tells an applicant of several declines at once; which ones is read on demand."""
    number = int(said.key.rsplit(":", 1)[-1])
    text = _(
        "{n} of the gigs you answered went another way this time. That happens to everybody and says little "
        "about you. Thank you for writing; the next one may be yours."
    )
    return card(
        _("About the gigs you answered"),
        text.format(n=number),
        from_community(community),
        actions=[button(_("See which"), "gig.sent", said.community_id or 0)],
    )


def closed(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells an applicant how the gig ended, as it stands by now; one that is open again can be answered."""
    gig = interest.gig
    if gig.state == "live":
        if interest.state != "closed":
            return None  # they have answered it anew, or are in touch with its poster
        again = button(_("I'm interested"), "gig.interest", gig.id, style="main")
        text = _(REOPENED).format(title=safe(gig.title))
        return card(_("About the gig you answered"), text, place(gig), actions=[again])
    ending = _(ENDINGS.get(gig.state, TAKEN_DOWN)).format(title=safe(gig.title))
    return card(_("About the gig you answered"), ending, place(gig))


# --- both ------------------------------------------------------------------------------------------


def accepted(interest: InterestView, recipient: int) -> ui.LayoutView | None:
    """Names each of the two to the other, and says where they can talk."""
    gig, applicant = interest.gig, interest.applicant
    is_poster = recipient == gig.person_id
    name, person = (applicant.name, applicant.person_id) if is_poster else (gig.name, gig.person_id)
    text = _(
        "You and {name} ({mention}) can talk about “{title}” now. "
        "Say hello first; it is easier than it looks."
    )
    told = text.format(name=safe(name, 100), mention=mention(person), title=safe(gig.title))
    where = (
        _("You have a private thread for it. Moderators with Manage Threads can read it too.")
        if interest.thread_id
        else _("I could not open a thread for you two, so please write to each other directly.")
    )
    advice = _("Agree on scope and pay in writing before you start.")
    actions: list[ui.Item[Any]] = [report_applicant(interest) if is_poster else report_poster(gig)]
    if interest.thread_id:
        url = f"https://discord.com/channels/{gig.community_id}/{interest.thread_id}"
        actions.insert(0, link(_("Open our thread"), url))
    return card(_("It is a match"), told, where, advice, place(gig), actions=actions, tone="good")


def welcome(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """The first message in the thread of two who agreed to talk."""
    gig, applicant = interest.gig, interest.applicant
    return card(
        _("Welcome, {poster} and {applicant}").format(
            poster=safe(gig.name, 100), applicant=safe(applicant.name, 100)
        ),
        f"{mention(gig.person_id)} · {mention(applicant.person_id)}",
        _("This thread is about “{title}”.").format(title=safe(gig.title)),
        _(
            "It is yours. Moderators with Manage Threads can read it too, and it is put away after a week "
            "without messages; write, and it is back."
        ),
        _("A good start: what is the first result you need, by when, and what does it pay?"),
    )


def overview(found: PitchList) -> ui.LayoutView:
    """A member's side of the board: pitches that wait for them, and those they sent."""
    blocks: list[Block] = []
    menus: list[ui.Item[Any]] = []
    if found.received:
        options: list[Option] = [
            (plain(gig.title, 80), str(gig.id), ngettext("{n} pitch", "{n} pitches", n).format(n=n))
            for gig, n in found.received
        ]
        blocks.append(_("Pitches wait for your answer. Choose a gig to read them."))
        menus.append(select(_("Choose a gig"), "gig.pitches", options=options))
    if found.sent:
        lines = [
            f"- {safe(gig.title, 80)}: {_(PITCH_STATES.get(state, PITCH_STATES['closed']))}"
            for gig, state, _pitch_id in found.sent
        ]
        blocks.append("\n".join([_("**Sent by you**"), *lines]))
    waiting: list[Option] = [
        (plain(gig.title, 80), str(pitch_id)) for gig, state, pitch_id in found.sent if state == "waiting"
    ]
    if waiting:
        menus.append(select(_("Take a pitch back"), "gig.unpitch", options=waiting))
    if not blocks:
        blocks.append(_("None yet. *I'm interested* under a gig on the board starts one."))
    return card(_("Pitches"), *blocks, actions=menus)


# --- pieces ----------------------------------------------------------------------------------------


def _pitch(interest: InterestView) -> list[str]:
    """Who it is, what they wrote, and when they could do it."""
    quote = "\n".join("> " + line for line in safe(interest.pitch, 1200).splitlines())
    facts = []
    if interest.hours:
        facts.append(_("Hours a week: {hours}").format(hours=safe(interest.hours, 120)))
    if interest.start:
        facts.append(_("Can start: {start}").format(start=safe(interest.start, 120)))
    return [profile(interest.applicant), quote, " · ".join(facts)]


def _what_follows() -> str:
    return _("If you accept, I open a private thread for you two. If you decline, I tell them kindly.")


def _choice(interest: InterestView) -> list[ui.Item[Any]]:
    return [
        button(_("Accept"), "gig.accept", interest.id, style="main"),
        button(_("Decline"), "gig.decline", interest.id),
        report_applicant(interest),
    ]


def _left(done: InterestOutcome) -> str:
    """How many still wait for an answer."""
    text = ngettext("{n} more pitch waits for you.", "{n} more pitches wait for you.", done.waiting)
    return text.format(n=done.waiting) if done.waiting else ""


def _read_on(done: InterestOutcome) -> list[ui.Item[Any]]:
    return [button(_("Read on"), "gig.pitches", done.interest.gig.id, 0)] if done.waiting else []


def _others(done: InterestOutcome) -> list[ui.Item[Any]]:
    if not done.waiting:
        return []
    return [*_read_on(done), button(_("Decline the others"), "gig.others", done.interest.gig.id)]
