"""What members see of asking for help with what they are stuck on."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.checkins import topics
from bot.checkins.help import AskedView, Help, HelpedView, HelpView, OfferView, UnansweredView
from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.forms import Field, Values, text_field
from bot.edge.kit import Outgoing, button, card, mention, safe, when
from bot.people.catalogue import load_catalogue
from cogs.checkins.words import OLD_TOPICS, TOPICS
from cogs.safety.cards import report_button, way_out

FORM = "checkin.help"
# Longer than what is kept, so that too long a text is answered in words and offered again.
WORDS_ROOM = 900
NAMES_SHOWN = 3


def help_button(checkin_id: int, label: str = "") -> ui.Item[Any]:
    """Offer to find somebody who can help; for the card of a week whose topic `topics.has_help`."""
    return button(label or _("Find someone who can help"), "checkin.help", checkin_id)


def offer_card(view: OfferView) -> ui.LayoutView:
    """Say how many could help, before anybody is asked; names only of those who are listed in any case."""
    title = _titled(_("Help with what is in the way"), view.community_name)
    topic = topic_name(view.topic)
    if view.introduced:
        text = _("Somebody said yes, and you both have a card: `/intro history`.")
        return card(title, text, _elsewhere(view.topic), tone="good")
    if view.asked_until is not None:
        return card(title, _asked_line(view.count, topic), _until_line(view.asked_until))
    if not view.count:
        return nobody_card(view.community_name, view.topic)
    many = ngettext(
        "**{count} member** offers help with this: {topic}.",
        "**{count} members** offer help with this: {topic}.",
        view.count,
    ).format(count=view.count, topic=topic)
    named = ", ".join(f"**{safe(name, 60)}**" for name in view.names[:NAMES_SHOWN])
    return card(
        title,
        many,
        _("You can find in the directory: {names}.").format(names=named) if named else "",
        _("You choose what they read. The first yes introduces you two; a no is told to nobody."),
        actions=[button(_("Choose what to share"), "form.open", FORM, view.checkin_id, style="main")],
    )


def nobody_card(community: str, topic: str) -> ui.LayoutView:
    """Say honestly that there is nobody to ask now, and what else there is."""
    lines = [
        _("There is nobody here whom I can ask now about this: {topic}.").format(topic=topic_name(topic))
    ]
    if topic == topics.TECH:
        lines.append(
            _("What you want to learn is best said in `/profile edit`: then I look for exactly that.")
        )
    return card(_titled(_("Nobody to ask yet"), community), "\n".join(lines), _elsewhere(topic))


def help_fields(view: OfferView, typed: Values | None) -> list[Field]:
    """The one field: what they wrote about it, to be changed or emptied."""
    value = (typed or {}).get("words", view.words)
    return [
        text_field(
            "words",
            _("What may they read?"),
            required=False,
            max=WORDS_ROOM,
            long=True,
            value=value,
            description=_("Up to {most} characters, or nothing: the topic alone is enough.").format(
                most=topics.WORDS_MAX
            ),
        )
    ]


def asked_card(view: AskedView) -> ui.LayoutView:
    """Confirm how many were asked, and until when an answer comes."""
    if not view.count:
        return nobody_card(view.community_name, view.topic)
    title = _("Asked") if view.changed else _("Asked already")
    line = _asked_line(view.count, topic_name(view.topic))
    return card(_titled(title, view.community_name), line, _until_line(view.until), tone="good")


def _asked_line(count: int, topic: str) -> str:
    return ngettext(
        "I ask {count} member about this: {topic}.", "I ask {count} members about this: {topic}.", count
    ).format(count=count, topic=topic)


def _until_line(until: Any) -> str:
    return _("With the first yes you both get a card. In any case you hear from me by {time}.").format(
        time=when(until)
    )


def _elsewhere(topic: str) -> str:
    """Where else to look, and who tells when somebody comes."""
    skill = next(iter(topics.SKILLS.get(topic, ())), "")
    skills = load_catalogue().skills
    if skill not in skills:  # a technical problem can be any skill, and a changed week may name no topic
        return _("`/find` shows who is listed; *Tell me when someone comes* there keeps looking.")
    hint = _("`/find offer:{skill}` shows who is listed; *Tell me when someone comes* there keeps looking.")
    return hint.format(skill=_(skills[skill].name))


def request_card(view: HelpView) -> ui.LayoutView:
    """Ask somebody for help: who, with what, and two answers that are both fine."""
    name = safe(view.asker.name, 60)
    stuck = _("{name} is stuck: **{topic}**. You offer help with that.").format(
        name=name, topic=topic_name(view.topic)
    )
    words = "\n".join("> " + line for line in safe(view.words, 600).splitlines())
    open_until = _("Open until {time}. With a yes you both get a card; with no answer {name} hears nothing.")
    return card(
        _titled(_("{name} could use your help").format(name=name), view.community_name),
        stuck,
        words,
        _person(view),
        open_until.format(time=when(view.until), name=name),
        actions=[
            button(_("Yes, introduce us"), "help.yes", view.request_id, style="main"),
            button(_("Not now"), "help.no", view.request_id),
            report_button("profile", view.asker.id, view.request_id),
            way_out(),
        ],
    )


def _person(view: HelpView) -> str:
    """Who asks, as members see them."""
    lines = [f"**{safe(view.asker.name, 60)}** · {mention(view.asker.person_id)}"]
    if view.asker.headline:
        lines.append(safe(view.asker.headline, 200))
    niches = " · ".join(safe(_(name), 60) for name in view.asker.niche_names[:3])
    return "\n".join([*lines, niches]) if niches else "\n".join(lines)


def helped_card(view: HelpedView) -> ui.LayoutView:
    """The question that was answered; it stays so on every device."""
    name = safe(view.name, 60)
    if view.state == "yes":
        title = _("You said yes") if view.changed else _("You said yes already")
        text = _("You and {name} each get a card with the next steps. Thank you.").format(name=name)
    elif view.state == "no":
        title = _("Noted") if view.changed else _("You said “not now” already")
        text = _("{name} hears nothing about it, now or later.").format(name=name)
    else:
        title = _("Somebody was faster")
        text = _("{name} has found help already. Thank you for wanting to give it.").format(name=name)
    actions = [report_button("profile", view.asker_id, view.request_id), way_out()]
    return card(_titled(title, view.community_name), text, actions=actions, tone="good")


def unanswered_card(view: UnansweredView) -> ui.LayoutView:
    """Tell whoever asked, once, that nobody found the time, and what else there is."""
    return card(
        _titled(_("Nobody found the time this week"), view.community_name),
        _("That happens in busy weeks, and it says nothing about you or your question."),
        _elsewhere(view.topic),
        _("`/checkin help` asks others, and `/checkin now` takes another topic."),
        actions=[help_button(view.checkin_id, _("Ask others")), way_out()],
    )


def topic_name(topic: str) -> str:
    """The topic as members read it."""
    return _(TOPICS.get(topic) or OLD_TOPICS.get(topic, topic))


def _titled(title: str, community: str) -> str:
    return f"{title} · {safe(community, 100)}" if community else title


def renderers(helping: Help) -> dict[str, Renderer]:
    """Name what renders each of these messages, as late as possible."""

    async def request(said: Said) -> Outgoing | None:
        view = await helping.view(said.subject)
        return Outgoing(view=request_card(view)) if view else None

    async def unanswered(said: Said) -> Outgoing | None:
        view = await helping.unanswered(said.subject)
        return Outgoing(view=unanswered_card(view)) if view else None

    return {"help.request": request, "help.expired": unanswered}
