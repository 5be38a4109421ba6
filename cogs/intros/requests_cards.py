"""What members see of asking for one person."""

from __future__ import annotations

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, mention, safe
from bot.intros.service import AnsweredView, IntroService, RequestView
from bot.people.catalogue import load_catalogue
from bot.people.service import MemberView
from cogs.intros.actions import leave_button
from cogs.intros.reasons import named
from cogs.safety.cards import report_button


def asked_card() -> ui.LayoutView:
    """The answer to whoever asks: word for word the same, whomever they asked and whatever becomes of it."""
    return card(
        _("Thank you"),
        _(
            "I will ask. If they say yes, you both get a card; if not, you will not hear more, "
            "and that says nothing about you."
        ),
        tone="good",
    )


def request_card(view: RequestView) -> ui.LayoutView:
    """Ask somebody whether they want to meet: who, why, and two answers that are both fine."""
    name = safe(view.asker.name, 60)
    reason = "\n".join("> " + line for line in safe(view.reason, 600).splitlines())
    return card(
        _("{name} would like to meet you · {community}").format(
            name=name, community=safe(view.community_name, 100)
        ),
        _person(view.asker),
        reason,
        _("With a yes you both get a card. With a no, or no answer, {name} hears nothing.").format(name=name),
        actions=[
            button(_("Yes, introduce us"), "intro.accept", view.request_id, style="main"),
            button(_("No, thank you"), "intro.decline", view.request_id),
            report_button("profile", view.asker.id, view.request_id),
            leave_button(view.me.id),
        ],
    )


def _person(asker: MemberView) -> str:
    """Who asks, as they show themselves to members."""
    lines = [f"**{safe(asker.name, 60)}** · {mention(asker.person_id)}"]
    if asker.headline:
        lines.append(safe(asker.headline, 200))
    about = [named(asker.disciplines, load_catalogue().disciplines)] if asker.disciplines else []
    about += [safe(_(name), 60) for name in asker.niche_names[:3]]
    return "\n".join([*lines, " · ".join(about)]) if about else "\n".join(lines)


def answered_card(view: AnsweredView) -> ui.LayoutView:
    """The question that was answered; it stays so on every device."""
    name = safe(view.name, 60)
    if view.said_yes:
        title = _("You said yes · {community}") if view.changed else _("You said yes already · {community}")
        text = _("You and {name} each get a card with the next steps.")
    else:
        title = _("Noted · {community}") if view.changed else _("You said no already · {community}")
        text = _("{name} hears nothing about it, now or later.")
    return card(
        title.format(community=safe(view.community_name, 100)),
        text.format(name=name),
        actions=[report_button("profile", view.asker_id, view.request_id), leave_button(view.member_id)],
        tone="good",
    )


def renderers(service: IntroService) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""

    async def request(said: Said) -> Outgoing | None:
        view = await service.requests.view(said.subject)
        return Outgoing(view=request_card(view)) if view else None

    return {"intro.request": request}
