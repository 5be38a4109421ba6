"""What moderators see of rounds: previews, what waits for them, settings, and how the last ones went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, plain, safe, select, when
from bot.intros.dates import stretches
from bot.intros.moderating import RoundView, SettingsView
from bot.intros.notice import UNAPPROVED
from bot.intros.preview import PairView, PreviewView
from bot.intros.scoring import Reason
from bot.intros.service import IntroService
from bot.people.catalogue import load_catalogue
from cogs.intros.rounds_words import REASONS_TOLD, RULES_RELAXED, STATES

REASONS_SHOWN = 3


def preview_card(view: PreviewView, note: str = "") -> ui.LayoutView:
    """A page of a round as it would go out, with what may still be changed."""
    title = _("Round {number}: {state}").format(
        number=view.number, state=_("waits for you") if view.ready else _("as it would go out now")
    )
    if view.dropped:
        note = "\n".join([note, _("A pair you kept may not meet any more, so I let it go.")]).strip()
    pairs = [_pair_line(pair, view.niche_names) for pair in view.pairs]
    return card(
        title,
        note,
        _summary(view),
        "\n".join(pairs) if pairs else _("Nobody can be introduced yet."),
        _("Page {page} of {pages}").format(page=view.page + 1, pages=view.pages) if view.pages > 1 else "",
        actions=_actions(view),
        tone="warn" if view.fallback else "plain",
    )


def _summary(view: PreviewView) -> str:
    """Coverage, who is left out, repeats, relaxed rules, closed DMs."""
    lines = [
        _("**{matched} of {enrolled}** are introduced, in {groups} groups.").format(
            matched=view.matched, enrolled=view.enrolled, groups=view.groups
        )
    ]
    if not view.ready:
        lines.append(_("It goes out {time}.").format(time=when(view.due_at, "F")))
    if view.left_out:
        lines.append(_("Left out this time: {names}").format(names=_named(view.left_names, view.left_out)))
    if view.repeats:
        lines.append(_("Introduced before: {n}").format(n=view.repeats))
    lines += [f"{_(RULES_RELAXED.get(rule, rule))}: {count}" for rule, count in view.relaxed]
    if view.skipped:
        lines.append(_("Sitting this one out: {n}").format(n=view.skipped))
    if view.unreachable:
        names = _named(view.unreachable_names, view.unreachable)
        lines.append(_("Direct messages closed, so a thread waits for them: {names}").format(names=names))
    if view.fallback:
        lines.append(_("Matching took too long: these are as many meetings as possible, not the best ones."))
    return "\n".join(lines)


def _named(names: Sequence[str], count: int) -> str:
    shown = ", ".join(safe(name, 40) for name in names)
    more = count - len(names)
    return shown + (" " + _("and {n} more").format(n=more) if more > 0 else "")


def _pair_line(pair: PairView, niches: Mapping[str, str]) -> str:
    names = " · ".join(safe(name, 40) for _member, name in pair.members)
    reasons = [told for reason in pair.reasons if (told := _told(reason, pair, niches))][:REASONS_SHOWN]
    if pair.private:
        reasons.append(_("a private reason"))
    marks = ("🔒 " if pair.locked else "") + ("↻ " if pair.again else "")
    return f"- {marks}**{names}**: {', '.join(reasons) or _('chance, which can be the best reason')}"


def _told(reason: Reason, pair: PairView, niches: Mapping[str, str]) -> str | None:
    words = load_catalogue()
    if reason.name == "gets":
        names = dict(pair.members)
        skills = ", ".join(_(words.skills[one].name) for one in reason.values if one in words.skills)
        return _("{giver} offers {skills}, which {taker} looks for").format(
            giver=safe(names.get(reason.giver or 0, ""), 40),
            skills=skills,
            taker=safe(names.get(reason.taker or 0, ""), 40),
        )
    if reason.name not in REASONS_TOLD:
        return None
    if reason.name == "niche":
        values = [safe(niches.get(one, one), 40) for one in reason.values]
    else:
        values = [_(words.directions[one].name) for one in reason.values if one in words.directions]
    return _(REASONS_TOLD[reason.name]).format(values=", ".join(values))


def _actions(view: PreviewView) -> list[ui.Item[Any]]:
    """Menus for the pairs of this page, pages, match again, and send where it waits."""
    place = (view.round_id, view.page)
    pairs = [pair for pair in view.pairs if len(pair.members) == 2]  # noqa: PLR2004 - a pair
    kept = [
        (plain(_pair_name(pair.members), 90) + (" 🔒" if pair.locked else ""), _value(pair.members))
        for pair in pairs
    ]
    two = [
        (plain(_pair_name((one, other)), 100), _value((one, other)))
        for pair in view.pairs
        for number, one in enumerate(pair.members)
        for other in pair.members[number + 1 :]
    ]
    actions: list[ui.Item[Any]] = []
    if kept:
        actions.append(select(_("Keep these two"), "round.keep", *place, options=kept))
    if two:
        actions.append(select(_("Not these two"), "round.split", *place, options=two))
    if view.page > 0:
        actions.append(button(_("Back"), "round.page", view.round_id, view.page - 1))
    if view.page + 1 < view.pages:
        actions.append(button(_("More"), "round.page", view.round_id, view.page + 1))
    actions.append(button(_("Match again"), "round.again", view.round_id))
    if view.ready:
        actions.append(button(_("Send it"), "round.send", view.round_id, style="main"))
    return actions


def _pair_name(members: Sequence[tuple[int, str]]) -> str:
    return " · ".join(name for _member, name in members)


def _value(members: Sequence[tuple[int, str]]) -> str:
    return "-".join(str(member) for member, _name in members)


def ready_card(view: RoundView, community_name: str) -> ui.LayoutView:
    """A round waits for a moderator."""
    return card(
        _("The round is ready · {community}").format(community=safe(community_name, 100)),
        _("Round {number} was matched {time} and waits for a look. Nothing goes out before.").format(
            number=view.number, time=when(view.at, "R")
        ),
        _("Without a yes within three days it is skipped."),
        actions=[
            button(_("Preview"), "round.show", view.round_id, style="main"),
            button(_("Send it"), "round.send", view.round_id),
        ],
    )


def over_card(view: RoundView, community_name: str) -> ui.LayoutView:
    """What a message about a waiting round becomes once it is over, and the word that it was skipped."""
    title = _("Round {number} · {community}").format(number=view.number, community=safe(community_name, 100))
    if view.report.get("why") == UNAPPROVED:
        text = _("Nobody sent it within three days, so it was skipped. Members were told, without a reason.")
    else:
        text = _("It has gone out. `/kith round history` shows how it went.")
    hint = _("`/kith round settings approve:False` lets rounds go out by themselves.")
    return card(title, text, hint if view.report.get("why") == UNAPPROVED else "")


def sent_card(number: int) -> ui.LayoutView:
    """A moderator let a round go."""
    return card(
        _("Round {number} is on its way").format(number=number),
        _("The cards go out now, paced. `/kith round history` shows how it went."),
        tone="good",
    )


def confirm_card(view: RoundView) -> ui.LayoutView:
    """Ask before a round begins at once."""
    if view.state == "ready":
        return card(
            _("Round {number} waits for you").format(number=view.number),
            _("It was matched already. Have a look, then send it."),
            actions=[button(_("Preview"), "round.show", view.round_id, style="main")],
        )
    return card(
        _("Run round {number} now?").format(number=view.number),
        _("It would come by itself {time}. Now means that everyone who takes part hears at once.").format(
            time=when(view.at, "F")
        ),
        actions=[button(_("Run it now"), "round.run", view.round_id, style="main")],
    )


def running_card(number: int) -> ui.LayoutView:
    """A round begins at once."""
    return card(
        _("Round {number} begins").format(number=number),
        _("Matching takes a moment. `/kith round history` shows how it went."),
        tone="good",
    )


def history_card(rounds: Sequence[RoundView]) -> ui.LayoutView:
    """How the last rounds went."""
    if not rounds:
        return card(_("Rounds"), _("None yet. `/kith round preview` shows the one to come."))
    return card(_("Rounds"), *(_past(one) for one in rounds))


def _past(one: RoundView) -> str:
    head = f"**{one.number}** · {when(one.at, 'D')} · {_(STATES.get(one.state, one.state))}"
    report = one.report
    if one.state != "done":
        return head
    found = [
        _("{matched} of {enrolled} introduced").format(
            matched=report.get("matched", 0), enrolled=report.get("enrolled", 0)
        )
    ]
    words = (
        ("left_out", _("left out: {n}")),
        ("repeats", _("introduced before: {n}")),
        ("skipped", _("sat out: {n}")),
        ("unreachable", _("direct messages closed: {n}")),
    )
    found += [text.format(n=report[name]) for name, text in words if report.get(name)]
    found += [f"{_(RULES_RELAXED.get(rule, rule))}: {n}" for rule, n in report.get("relaxed", {}).items()]
    if report.get("fallback"):
        found.append(_("matched in a hurry: as many as possible, not the best"))
    return head + "\n" + " · ".join(found)


def settings_card(view: SettingsView, note: str = "") -> ui.LayoutView:
    """How rounds go here."""
    rules = view.rules
    return card(
        _("Rounds"),
        note,
        "\n".join(
            [
                ngettext("Every week", "Every {n} weeks", view.weeks).format(n=view.weeks),
                _("A moderator looks at each round first")
                if rules.approve
                else _("Rounds go out by themselves"),
                _("New people first, repeats only when nobody new is left")
                if rules.new_first
                else _("Good repeats may come before weak new pairs"),
            ]
        ),
        _("Next round: {time}.").format(time=when(view.next_at, "F")) if view.next_at else "",
    )


def holidays_card(view: SettingsView, note: str = "") -> ui.LayoutView:
    """Days without introductions."""
    lines = [f"- {_stretch(*one)}" for one in stretches(view.rules.holidays)]
    return card(
        _("Days without introductions"),
        note,
        "\n".join(lines) or _("None. `/kith holidays add` adds some."),
        _("Next round: {time}.").format(time=when(view.next_at, "F")) if view.next_at else "",
    )


def _stretch(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each message to moderators."""

    async def ready(said: Said) -> Outgoing | None:
        found = await service.rounds.moderating.of(said.subject)
        if found is None or found[0].state != "ready":
            return None
        return Outgoing(view=ready_card(*found))

    async def report(said: Said) -> Outgoing | None:
        found = await service.rounds.moderating.of(said.subject)
        return Outgoing(view=over_card(*found)) if found else None

    return {"round.ready": ready, "round.report": report}
