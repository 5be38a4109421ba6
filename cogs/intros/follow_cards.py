"""What members see of the time after: their note, and two weeks later a draft to write again."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, plain, safe, when
from bot.intros.service import IntroService
from bot.intros.views import FollowView
from cogs.intros.actions import leave_button, names_of

DRAFT_MAX = 1500


def noted_card(view: FollowView) -> ui.LayoutView:
    """What is kept about a meeting, and when Kith comes back to it."""
    note = _("Your note, which only you see: “{note}”").format(note=safe(view.note, 300)) if view.note else ""
    if view.done:
        later = _("You wrote again already, so I will not remind you.")
    elif view.due_at is not None:
        later = _("I will remind you {time}, with a draft.").format(time=when(view.due_at, "D"))
    else:
        later = _("I will not remind you.")
    title = _("Noted about {names}").format(names=names_of(view.others))
    return card(title, note, later, tone="good")


def follow_card(view: FollowView) -> ui.LayoutView:
    """Suggest writing again, with a draft that quotes the member's own note."""
    met = _("You met {time}. Staying in touch is what turns a chat into trust; a few words are enough.")
    return _draft_card(
        view,
        _("Write to {names} again? · {community}").format(
            names=names_of(view.others), community=safe(view.community_name, 100)
        ),
        met.format(time=when(view.met_at, "R")) if view.met_at else "",
        draft_of(view),
    )


def edited_card(view: FollowView, text: str) -> ui.LayoutView:
    """The draft as the member wrote it, to copy."""
    return _draft_card(view, _("Your words to {names}").format(names=names_of(view.others)), "", text)


def _draft_card(view: FollowView, title: str, about: str, text: str) -> ui.LayoutView:
    return card(title, about, _("To copy:"), _copyable(text), actions=_actions(view))


def _actions(view: FollowView) -> list[ui.Item[Any]]:
    return [
        button(_("Edit the draft"), "form.open", "intro.draft", view.seat_id),
        button(_("Done"), "intro.followed", view.seat_id, style="main"),
        button(_("Not now"), "intro.not_now", view.seat_id),
        leave_button(view.member_id),
    ]


def followed_card(view: FollowView) -> ui.LayoutView:
    """They wrote again."""
    return card(
        _("Well done"),
        _("You and {names} are in touch again. I ask no more about it.").format(names=names_of(view.others)),
        tone="good",
    )


def not_now_card(view: FollowView) -> ui.LayoutView:
    """Another time, or not at all."""
    if view.due_at is None:
        return card(_("All right"), _("I will not ask again. Your note stays with you."))
    return card(_("All right"), _("I will ask once more {time}.").format(time=when(view.due_at, "D")))


def draft_of(view: FollowView) -> str:
    """A few friendly sentences; the note is quoted as it was written."""
    lines = [
        _("Hi {names}, it was good to meet you in {community}.").format(
            names=_(" and ").join(plain(name, 60) for name in view.others),
            community=plain(view.community_name, 100),
        )
    ]
    if view.note:
        lines.append(_("I still think of this: “{note}”.").format(note=plain(view.note, 200)))
    lines.append(_("How has it been going since? I would be glad to talk again."))
    return " ".join(lines)


def _copyable(text: str) -> str:
    """Text in a block to copy, in which nothing is markdown and out of which nothing breaks."""
    lines = [plain(line, DRAFT_MAX) for line in text.splitlines()]
    inside = "\n".join(lines).replace("```", "'''").strip("`")
    return f"```\n{inside[:DRAFT_MAX] or '…'}\n```"


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders the follow-up."""

    async def follow(said: Said) -> Outgoing | None:
        view = await service.meeting.follow.shown(said.subject)
        return Outgoing(view=follow_card(view)) if view else None

    return {"intro.follow": follow}
