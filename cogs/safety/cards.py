"""What members and moderators see of reports and bars."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.core.text import _
from bot.edge.kit import Block, button, card, mention, note, plain, safe, when
from bot.safety.service import BarView, Decision, ReportPage, ReportView
from cogs.safety.words import OUTCOMES, PLACES, REASONS

WORDS_IN_LIST = 250


def report_button(place: str, member_id: int, subject: int = 0, name: str = "") -> ui.Item[Any]:
    """Make the button that reports a member to the moderators, from the card that shows them.

    `place` is where it stands (`profile` · `intro` · `gig` · `pitch` · `vouch`), `subject` the row it shows.
    `name` tells several such buttons of one card apart.
    """
    return button(_label(name), "form.open", "safety.report", place, member_id, subject)


def report_person_button(place: str, community_id: int, person_id: int, subject: int = 0) -> ui.Item[Any]:
    """Make the same button for a card that knows the person but not the member."""
    return button(_label(""), "form.open", "safety.report", place, f"{community_id}-{person_id}", subject)


def way_out() -> ui.Item[Any]:
    """Make the button that ends every message, after asking once; for DMs that no other way out fits."""
    return button(_("Stop all messages"), "safety.stop")


def _label(name: str) -> str:
    return _("Report {name}").format(name=plain(name, 40)) if name else _("Report")


# --- for the one who reports -----------------------------------------------------------------------


def thanks_card(member_id: int, *, can_keep_apart: bool) -> ui.LayoutView:
    """Thank the reporter and say what happens next."""
    apart = [button(_("Never introduce us"), "safety.apart", member_id)] if can_keep_apart else []
    return card(
        _("Thank you for telling us"),
        _("The moderators look at it, and I tell you by DM when they have."),
        _("The person you reported is told nothing. Only moderators can see that it came from you."),
        actions=apart,
        tone="good",
    )


def apart_card() -> ui.LayoutView:
    """Confirm that the two are never introduced."""
    return card(_("Noted"), _("I will never introduce you two to each other. Nobody is told."), tone="good")


def told_card(view: ReportView) -> ui.LayoutView:
    """Tell the reporter that it was decided, and nothing about the other person."""
    text = (
        _("The moderators have looked at what you reported and found nothing to do.")
        if view.outcome == "nothing"
        else _("The moderators have looked at what you reported and dealt with it.")
    )
    return card(
        _("About your report · {community}").format(community=safe(view.community_name, 100)),
        text,
        _("Thank you for looking out for others. If it goes on, please report it again."),
        actions=[way_out()],
    )


# --- for moderators --------------------------------------------------------------------------------


def report_card(view: ReportView) -> ui.LayoutView:
    """Show an open report in the moderators' channel; who told is not for every reader there."""
    return card(
        _("A report about {name}").format(name=safe(view.about.name, 100)),
        _facts(view),
        _quoted(view.words, 1500),
        "-# " + _("`/kith reports` shows in private who told us."),
        actions=_decisions(view, 0),
        tone="warn",
    )


def settled_card(view: ReportView, *, repeated: bool = False) -> ui.LayoutView:
    """Show what was decided, and by whom."""
    text = _("This was decided already: {outcome}.") if repeated else _("Decided: {outcome}.")
    lines = [text.format(outcome=_(OUTCOMES.get(view.outcome or "", "")))]
    if view.decided_by is not None:
        person_id, name = view.decided_by
        shown = f"{safe(name, 100)} ({mention(person_id)})" if name else mention(person_id)
        lines.append(_("By {name}.").format(name=shown))
    return card(
        _("A report about {name}").format(name=safe(view.about.name, 100)),
        _facts(view),
        " ".join(lines),
        tone="good",
    )


def confirm_card(view: ReportView) -> ui.LayoutView:
    """Ask once before Kith is closed for someone."""
    return card(
        _("Close Kith for {name}?").format(name=safe(view.about.name, 100)),
        _(
            "Their introductions, check-ins and gigs here end at once, and they can no longer use Kith "
            "in this server. They get no message. `/kith member unbar` opens it again."
        ),
        actions=[
            button(_("Yes, close it"), "safety.settle", view.id, "barred", 0, style="danger"),
        ],
        tone="warn",
    )


def reports_card(page: ReportPage, decided: Decision | None = None) -> ui.LayoutView:
    """List the open reports, oldest first, each with its three answers."""
    blocks: list[Block] = []
    if decided is not None:
        words = _("Decided: {outcome}.") if decided.changed else _("This was decided already: {outcome}.")
        blocks.append(words.format(outcome=_(OUTCOMES.get(decided.report.outcome or "", ""))))
    if not page.reports:
        blocks.append(_("Nothing is waiting for you."))
    for view in page.reports:
        head = f"**{safe(view.about.name, 60)}**\n{_facts(view)}\n{_teller(view)}"
        blocks.append(f"{head}\n{_quoted(view.words, WORDS_IN_LIST)}")
        blocks.append(ui.ActionRow(*_decisions(view, page.page)))
    title = _("Open reports: {count}").format(count=page.total)
    return card(title, *blocks, actions=_turns(page))


def _facts(view: ReportView) -> str:
    about = f"{safe(view.about.name, 60)} ({mention(view.about.person_id)})"
    return "\n".join(
        (
            _("**Who** {name}").format(name=about),
            _("**Where** {place}, {when}").format(
                place=_(PLACES.get(view.place, "")), when=when(view.created_at, "R")
            ),
            _("**Why** {reason}").format(reason=_(REASONS.get(view.reason, ""))),
        )
    )


def _teller(view: ReportView) -> str:
    if view.teller is None:
        return _("**Told by** someone who is no longer here")
    person_id, name = view.teller
    return _("**Told by** {name}").format(name=f"{safe(name, 60)} ({mention(person_id)})")


def _quoted(words: str, limit: int) -> str:
    return "\n".join("> " + line for line in safe(words, limit).splitlines())


def _decisions(view: ReportView, page: int) -> list[ui.Item[Any]]:
    return [
        button(_("No action"), "safety.settle", view.id, "nothing", page),
        button(_("Talked to them"), "safety.settle", view.id, "talked", page),
        button(_("Close Kith for them"), "safety.ask_bar", view.id, style="danger"),
    ]


def _turns(page: ReportPage) -> list[ui.Item[Any]]:
    turns: list[ui.Item[Any]] = []
    if page.page > 1:
        turns.append(button(_("Earlier"), "safety.reports", page.page - 1))
    if page.page < page.pages:
        turns.append(button(_("More"), "safety.reports", page.page + 1))
    return turns


def barred_card(view: BarView) -> ui.LayoutView:
    """Tell a moderator what closing Kith did."""
    name = f"{safe(view.name, 100)} ({mention(view.person_id)})"
    if not view.changed:
        return note(_("Kith is closed for {name} here already.").format(name=name))
    return card(
        _("Closed"),
        _("Kith is closed for {name} in this server. They get no message about it.").format(name=name),
        _("What they took part in here has ended. `/kith member unbar` opens Kith for them again."),
        tone="good",
    )


def unbarred_card(view: BarView) -> ui.LayoutView:
    """Tell a moderator what opening Kith again means."""
    name = f"{safe(view.name, 100)} ({mention(view.person_id)})"
    return card(
        _("Open again"),
        _("{name} can use Kith here again.").format(name=name),
        _("Nothing comes back by itself: they join again what they like."),
        tone="good",
    )
