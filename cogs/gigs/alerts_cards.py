"""What members see of alerts: what they look for, and the message of a morning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.core.text import _, ngettext
from bot.edge import kit
from bot.edge.kit import button, card, safe, when
from bot.gigs.alert_rules import Wanted
from bot.gigs.alert_views import AlertDone, AlertNews, AlertView
from bot.gigs.service import GigView
from bot.people.catalogue import load_catalogue
from cogs.gigs.alerts_words import SHORT_KINDS
from cogs.gigs.board_cards import where
from cogs.gigs.common import from_community, names, pay

_TITLE_MAX, _BUDGET_MAX, _NAME_MAX = 120, 120, 60
_LISTED = 400


def alert(view: AlertView) -> ui.LayoutView:
    """An alert as it is, with what can be done about it."""
    if view.state == "none":
        return card(
            _title(view),
            _(
                "Say what you look for, and I write to you when such a gig comes: at most one DM a day, in "
                "your morning, with links. It pauses with one tap."
            ),
            _terms(),
            actions=[button(_("Set it up"), "gig.alert.edit", view.community_id, style="main")],
        )
    lines = {
        "on": "",
        "paused": _("**Paused.** I write nothing about new gigs until you resume."),
        "asleep": _("**Off.** You ended my messages, so I write nothing until you resume."),
    }
    return card(
        _title(view), lines[view.state], wanted(view), _rhythm(view), _terms(), actions=_actions(view)
    )


def changed(done: AlertDone) -> ui.LayoutView:
    """What a member sees after saving the form."""
    view = done.alert
    said = (
        _("Noted. From now on you hear of new gigs like these:")
        if done.changed
        else _("It was like this already, and stays so:")
    )
    now = _("What is open at present is in `/gig browse`.")
    return card(
        _title(view), said, wanted(view), _rhythm(view), now, _terms(), actions=_actions(view), tone="good"
    )


def paused(done: AlertDone) -> ui.LayoutView:
    """What a member sees after Pause."""
    said = (
        _("I write nothing about new gigs until you resume. What you look for is kept.")
        if done.changed
        else _("It was paused already, so nothing changed.")
    )
    return card(_("Paused · {community}").format(community=_name(done)), said, actions=_actions(done.alert))


def resumed(done: AlertDone) -> ui.LayoutView:
    """What a member sees after Resume."""
    said = _("You hear of new gigs again:") if done.changed else _("It was on already, so nothing changed:")
    return card(
        _("Alert on · {community}").format(community=_name(done)),
        said,
        wanted(done.alert),
        _rhythm(done.alert),
        actions=_actions(done.alert),
        tone="good",
    )


def stopped(done: AlertDone) -> ui.LayoutView:
    """What a member sees after Stop."""
    said = (
        _("I forgot what you looked for, and write nothing about new gigs any more.")
        if done.changed
        else _("There was no alert any more, so nothing changed.")
    )
    return card(
        _("Alert stopped · {community}").format(community=_name(done)),
        said,
        _("`/gig alerts` makes a new one whenever you like."),
    )


def news(found: AlertNews) -> ui.LayoutView:
    """The message of a morning: new gigs that fit, each with a link to its post."""
    alert = found.alert
    title = ngettext(
        "A new gig for you · {community}", "New gigs for you · {community}", len(found.gigs) + found.more
    )
    more = ngettext(
        "… and {count} more: `/gig browse` in the server shows it.",
        "… and {count} more: `/gig browse` in the server shows them.",
        found.more,
    )
    return card(
        title.format(community=safe(alert.community_name, 100)),
        *map(_entry, found.gigs),
        more.format(count=found.more) if found.more else "",
        "-# " + _("Your alert · {wanted}").format(wanted=_short(alert)),
        from_community(alert.community_name),
        actions=[
            button(_("Pause alerts"), "gig.alert.pause", alert.community_id),
            button(_("Change"), "gig.alert.edit", alert.community_id),
            button(_("Stop"), "gig.alert.stop", alert.community_id),
        ],
    )  # fmt: skip


def wanted(view: AlertView) -> str:
    """What an alert asks for, a line each."""
    asked = view.wanted
    if asked == Wanted():
        return _("- every new gig")
    lines = [f"- {part}" for part in _asked(view)]
    if asked.low is not None:
        lines.append("-# " + _("Gigs paid in another currency or unit cannot be compared and are left out."))
    return "\n".join(lines)


def _asked(view: AlertView) -> list[str]:
    asked, skills = view.wanted, load_catalogue().skills
    several = (
        (_("Kind: {names}"), [_(SHORT_KINDS[kind]) for kind in asked.kinds]),
        (_("Niche: {names}"), [safe(_(name), _NAME_MAX) for name in view.niche_names]),
        (_("Skill: {names}"), [names(skills, (slug,)) for slug in asked.skills]),
    )
    found = [line.format(names=_or(parts)) for line, parts in several if parts]
    if asked.low is not None and asked.currency and asked.per:
        rate = pay(asked.low, asked.low, asked.currency, asked.per)
        found.append(_("Pays at least {rate}").format(rate=rate))
    return found


def _or(parts: Sequence[str]) -> str:
    """Join alternatives in a line that is never too long."""
    return kit.shorten(_(" or ").join(parts), _LISTED)


def _short(view: AlertView) -> str:
    return " · ".join(_asked(view)) or _("every new gig")


def _entry(gig: GigView) -> str:
    """One gig in a few lines, with the way to its post."""
    facts = [_(SHORT_KINDS[gig.kind]), safe(gig.budget, _BUDGET_MAX)]
    subjects = [safe(_(name), _NAME_MAX) for name in gig.niche_names[:4]]
    if gig.skills:
        subjects.append(names(load_catalogue().skills, gig.skills[:4]))
    end = _("open until {until}").format(until=when(gig.expires_at, "D"))
    # A title that leads there itself would be none: no link has an address in its words, and titles may.
    read = _("[Read it]({address})").format(address=where(gig)) if where(gig) else ""
    lines = (
        f"**{safe(gig.title, _TITLE_MAX)}**",
        " · ".join(facts),
        ", ".join(subjects),
        " · ".join(filter(None, (read, end))),
    )
    return "\n".join(filter(None, lines))


def _rhythm(view: AlertView) -> str:
    """How often, and when."""
    if view.placed:
        return _("At most one DM a day, in your morning.")
    return _("At most one DM a day, in the server's morning; `/profile timezone` makes it yours.")


def _terms() -> str:
    """What else the yes is for, said before it is given."""
    return "-# " + _(
        "Who posts a gig can ask some of its niche before the board; with this, that can be you."
    )


def _actions(view: AlertView) -> Sequence[ui.Item[Any]]:
    place = view.community_id
    turn = (
        button(_("Pause"), "gig.alert.pause", place)
        if view.state == "on"
        else button(_("Resume"), "gig.alert.resume", place, style="main")
    )
    return [turn, button(_("Change"), "gig.alert.edit", place), button(_("Stop"), "gig.alert.stop", place)]


def _title(view: AlertView) -> str:
    return _("Gig alerts · {community}").format(community=safe(view.community_name, 100))


def _name(done: AlertDone) -> str:
    return safe(done.alert.community_name, 100)
