"""What moderators see of a doubtful gig."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from discord import ui

from bot.core.text import _, ngettext
from bot.edge.kit import Tone, button, card, mention, plain, safe, shorten, when
from bot.gigs.change_review import ChangeView
from bot.gigs.review_rules import Reason
from bot.gigs.review_views import Decided, DecisionView, QueuePage, ReviewView
from bot.gigs.service import GigView
from cogs.gigs import change_cards
from cogs.gigs.common import details, finding_lines, pay
from cogs.gigs.review_words import DECISIONS, PAST, REASONS
from cogs.gigs.words import KINDS

_WORK_SHOWN = 1000
PART = 1800
"""So many characters of the work fit into a card, even where each is escaped."""


def review(view: ReviewView) -> ui.LayoutView:
    """A gig that waits, in the moderators' channel."""
    return card(_title(view), *_about(view), actions=_decisions(view, 0), tone=_tone(view))


def again(view: ReviewView) -> ui.LayoutView:
    """The same after a press on an older card: the words may be others now."""
    notice = _("**This changed since you opened it.** Nothing was decided; please read it again.")
    return card(_title(view), notice, *_about(view), actions=_decisions(view, 0), tone="warn")


def queue(seen: QueuePage, notice: str = "") -> ui.LayoutView:
    """One gig of the queue, and the way to the next."""
    if seen.view is None:
        return card(
            _("No gig waits for you"),
            notice,
            _(
                "Every gig is read for the marks of scams first. Up to 3 points it goes to the board by "
                "itself, from 4 it waits here, from 8 it is held. A person decides: you."
            ),
            tone="good",
        )
    title = ngettext("{n} gig waits for you", "{n} gigs wait for you", seen.total).format(n=seen.total)
    return card(
        title,
        notice,
        _place(seen),
        f"**{_title(seen.view)}**",
        *_about(seen.view),
        actions=[*_decisions(seen.view, seen.page), *_turns(seen)],
        tone=_tone(seen.view),
    )


def read(gig: GigView, part: int) -> ui.LayoutView:
    """The words of a gig that are too many for its card, a part at a time."""
    parts = max(1, -(-len(gig.description) // PART))
    part = min(max(1, part), parts)
    text = gig.description[(part - 1) * PART : part * PART]
    more = [button(_("Go on reading"), "gig.read", gig.id, part + 1, style="main")] if part < parts else []
    place = _("Part {part} of {parts}").format(part=part, parts=parts) if parts > 1 else ""
    return card(safe(gig.title, 150), safe(text, PART * 2), place, actions=more)


def outcome(done: Decided) -> ui.LayoutView:
    """The card once it was pressed: what was decided, by this press or before it."""
    return again(done.view) if done.view.waits else reviewed(done.view, repeated=not done.changed)


def reviewed(view: ReviewView, *, repeated: bool = False) -> ui.LayoutView:
    """The moderators' card once it is decided, wherever that was."""
    before = _("This was decided already.") if repeated else ""
    yes = view.gig.state == "live" or (isinstance(view, ChangeView) and change_cards.approved(view))
    tone: Tone = "good" if yes else "plain"
    return card(safe(view.gig.title, 150), before, *_now(view), actions=_afterwards(view), tone=tone)


def notice(done: Decided) -> str:
    """The same in a line, above the next gig of the queue."""
    view = done.view
    title = f"**{safe(view.gig.title, 100)}**"
    if view.waits:
        return _("{title} changed since you opened it. Nothing was decided.").format(title=title)
    if view.last is None:
        return _("{title} is no longer in the queue.").format(title=title)
    said = _("✔ {title}: {decision}.") if done.changed else _("{title} was decided already: {decision}.")
    return said.format(title=title, decision=_(DECISIONS.get(view.last.decision, "")))


def reminder(number: int, oldest: datetime) -> ui.LayoutView:
    """Once a day, in the moderators' channel, when something waits for long."""
    title = ngettext("{n} gig waits for you", "{n} gigs wait for you", number).format(n=number)
    return card(
        title,
        _("The oldest came in {when}. Its poster waits to hear from you.").format(when=when(oldest, "R")),
        actions=[button(_("Open the queue"), "gig.queue", 1, style="main")],
    )


def reason_words(reason: Reason) -> str:
    """A reason as it is read: the ready one, then the moderator's words."""
    ready = _(REASONS[reason.why]) if reason.why in REASONS and reason.why != "other" else ""
    return ". ".join(filter(None, (ready, safe(reason.words, 500))))


# --- parts -----------------------------------------------------------------------------------------


def _title(view: ReviewView) -> str:
    if view.appeal is not None:
        return _("An appeal: please look again")
    if isinstance(view, ChangeView):
        return change_cards.title(view)
    return _("A gig is held: please look") if view.gig.state == "held" else _("A gig waits for you")


def _tone(view: ReviewView) -> Tone:
    return "warn" if view.gig.state == "held" or view.appeal is not None else "plain"


def _about(view: ReviewView) -> Iterator[str]:
    """What decides comes first: what was said and found, then the post, then who posted it."""
    gig = view.gig
    if view.appeal is not None:
        yield _appeal(view)
    elif view.last is not None and view.last.decision == "change":
        asked = _("**You asked for a change:** {words}")
        yield asked.format(words=reason_words(view.last.reason))
    points = _("**Why it is here** · {score} points · came in {when}").format(
        score=gig.score, when=when(view.since, "R")
    )
    yield f"{points}\n{finding_lines(gig.findings, limit=900)}"
    if isinstance(view, ChangeView) and view.live is not None:
        yield change_cards.what_changes(view, view.live)
    else:
        yield f"**{safe(gig.title, 150)}**\n{safe(gig.description, _WORK_SHOWN)}"
        yield _facts(gig)
    yield _poster(view)


def _appeal(view: ReviewView) -> str:
    """Why it is here once more: the decision, and the poster's words against it."""
    lines = []
    if view.last is not None:
        lines.append(_decided(view.last))
    if view.appeal:
        quoted = "\n".join("> " + line for line in safe(view.appeal, 600).splitlines())
        lines.append(_("**The poster says**") + "\n" + quoted)
    else:
        lines.append(_("The poster asks you to look again."))
    return "\n".join(lines)


def _facts(gig: GigView) -> str:
    paid = pay(gig.low, gig.high, gig.currency, gig.per)
    lines = [f"{_(KINDS[gig.kind])} · {safe(gig.budget, 200)} ({paid})"]
    lines += [safe(gig.terms, 200)] if gig.terms else []
    lines += [f"{name}: {text}" for name, text in details(gig)]
    return shorten("\n".join(lines), 700)


def _poster(view: ReviewView) -> str:
    """Who posted it, and what else they posted here; no points for a person."""
    gig, history = view.gig, view.history
    lines = [
        _("**Posted by** {name} ({mention}), known here since {when}").format(
            name=safe(gig.name, 80), mention=mention(gig.person_id), when=when(history.since, "D")
        )
    ]
    past = " · ".join(f"{number} {_(PAST[state])}" for state, number in history.gigs if state in PAST)
    lines.append(_("Posted before: {past}.").format(past=past) if past else _("Their first gig here."))
    for title, reason in history.refused:
        said = _("- “{title}” was refused: {reason}").format(
            title=safe(title, 60), reason=shorten(reason_words(reason), 150) or _("no reason was given")
        )
        lines.append(said)
    return "\n".join(lines)


def _decisions(view: ReviewView, page: int) -> list[ui.Item[Any]]:
    """The three answers; a button knows which words it stands under, and in which list."""
    gig, marks = view.gig, (view.gig.id, view.asking, page)
    whole = not isinstance(view, ChangeView) and len(safe(gig.description, _WORK_SHOWN * 10)) <= _WORK_SHOWN
    more: list[ui.Item[Any]] = [] if whole else [button(_("Read all of it"), "gig.read", gig.id, 1)]
    return [
        button(_("Approve"), "gig.approve", *marks, style="main"),
        button(_("Ask for a change"), "gig.ask_change", *marks),
        button(_("Refuse"), "gig.refuse", *marks, style="danger"),
        *more,
    ]


def _place(seen: QueuePage) -> str:
    place = _("Number {page} of {total}").format(page=seen.page, total=seen.total)
    if seen.oldest is None or seen.total == 1:
        return ""
    return _("{place} · the oldest came in {when}").format(place=place, when=when(seen.oldest, "R"))


def _turns(seen: QueuePage) -> list[ui.Item[Any]]:
    found: list[ui.Item[Any]] = []
    if seen.page > 1:
        found.append(button(_("Back"), "gig.queue", seen.page - 1))
    if seen.page < seen.total:
        found.append(button(_("Next"), "gig.queue", seen.page + 1))
    return found


def _now(view: ReviewView) -> Iterator[str]:
    """How it stands, and what follows."""
    if view.last is not None:
        yield _decided(view.last)
    if isinstance(view, ChangeView):
        yield from change_cards.stands(view)
        return
    follows = {
        "live": _("It goes on the board."),
        "change": _("The poster is told, and can change the words; then it is screened anew."),
        "withdrawn": _("The poster took it back."),
        "filled": _("It has found its person."),
        "expired": _("Its time has run out."),
    }
    if view.gig.state in follows:
        yield follows[view.gig.state]
    elif view.gig.state == "refused":
        kept = (
            _("The same words are held when they come again.")
            if view.remembered
            else _("The same words are screened like any others when they come again.")
        )
        appeal = _("They can appeal once.") if view.appeal is None else _("They have appealed before.")
        yield " ".join((_("The poster is told why."), appeal, kept))


def _decided(last: DecisionView) -> str:
    said = f"**{_(DECISIONS.get(last.decision, last.decision))}**"
    by = _("{decision} by {name}, {when}.").format(decision=said, name=_name(last), when=when(last.at, "R"))
    reason = reason_words(last.reason)
    return f"{by}\n{reason}" if reason else by


def _name(last: DecisionView) -> str:
    if not last.person_id:
        return _("someone who deleted themselves")
    return f"{safe(last.name, 80)} ({mention(last.person_id)})" if last.name else mention(last.person_id)


def _afterwards(view: ReviewView) -> list[ui.Item[Any]]:
    """What can still be done about a decided gig."""
    gig = view.gig
    if isinstance(view, ChangeView) and view.live is not None and change_cards.approved(view):
        gig = view.live
    if gig.state == "live":
        return [button(_("Take it down"), "gig.takedown", gig.id, style="danger")]
    if gig.state != "refused":
        return []
    if view.remembered:
        return [button(_("Forget these words"), "gig.remember", gig.id, 0)]
    return [button(_("Hold these words again"), "gig.remember", gig.id, 1)]


def label(title: str) -> str:
    """A gig's title as a suggestion of a command."""
    return plain(title, 100) or "…"
