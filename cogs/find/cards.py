"""What members see of finding: who was found, nobody yet, kept searches, news, and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from discord import ui

from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, mention, plain, safe, select
from bot.find.service import Asked, FindService, Kept, News, Page, Suggested, WhyMeet, Wider
from bot.find.views import START
from bot.people.catalogue import Catalogue, load_catalogue
from bot.people.service import MemberView
from cogs.find.words import FILTER_NAMES
from cogs.intros.reasons import named
from cogs.intros.words import REASONS

NAME_MAX, HEADLINE_MAX, WORD_MAX = 60, 160, 60
NICHES_SHOWN = 4  # so that five members always fit on a card
REASONS_SHOWN = 2
SHORT_MAX = 60


def asked_words(asked: Asked) -> str:
    """Write what a search asks for in words, ready for a card."""
    return " · ".join(_filter(kind, name) for kind, _slug, name in asked.filters) or _("everybody")


def _filter(kind: str, name: str) -> str:
    label = _(FILTER_NAMES[kind])
    return label if kind == "open" else f"{label} **{safe(_(name), WORD_MAX)}**"


def _short(asked: Asked) -> str:
    """The same for a button or a menu, where no markdown works."""
    names = [_(FILTER_NAMES[kind]) if kind == "open" else _(name) for kind, _slug, name in asked.filters]
    return plain(" + ".join(names), SHORT_MAX) or _("everybody")


def found_card(page: Page, now: datetime) -> ui.LayoutView:
    """Show one page of those found, or that there is nobody yet."""
    title = _("People in {community}").format(community=safe(page.community_name, 100))
    if not page.members:
        return _over_card(title, page) if page.over else _nobody_card(title, page)
    words = load_catalogue()
    return card(
        title,
        _("Looking for: {filters}").format(filters=asked_words(page.asked)),
        *(member_block(view, words, now) for view in page.members),
        _terms(page),
        actions=[_look_menu(page.search_id, page.members), *_turning(page), *_keeping(page)],
    )


def member_block(view: MemberView, words: Catalogue, now: datetime) -> str:
    """Write one member in a few lines: who, what they say of themselves, what they do and offer."""
    place = [named([view.discipline], words.disciplines)] if view.discipline else []
    if view.stage:
        place.append(named([view.stage], words.stages))
    if view.open_for_work(now):
        place.append(_("**open for work**"))
    niches = ", ".join(safe(_(name), WORD_MAX) for name in view.niche_names[:NICHES_SHOWN])
    niches += ", …" if len(view.niche_names) > NICHES_SHOWN else ""
    offers = named(view.offers, words.skills)
    lines = [
        _who(view),
        safe(view.headline, HEADLINE_MAX),
        " · ".join(place),
        _("Niches: {niches}").format(niches=niches) if niches else "",
        _("Offers: {offers}").format(offers=offers) if offers else "",
    ]
    return "\n".join(filter(None, lines))


def _who(view: MemberView) -> str:
    return f"**{safe(view.name, NAME_MAX)}** · {mention(view.person_id)}"


def _look_menu(search_id: int, members: Sequence[MemberView]) -> ui.Item[Any]:
    options = [(view.name, str(view.id), view.headline or None) for view in members]
    return select(_("Look at"), "find.look", search_id, options=options)


def _turning(page: Page) -> list[ui.Item[Any]]:
    """The buttons to other pages; each carries where it goes on from."""
    found: list[ui.Item[Any]] = []
    if page.newer is not None:
        found.append(button(_("Back"), "find.page", page.search_id, "newer", page.newer))
    if page.older is not None:
        found.append(button(_("More"), "find.page", page.search_id, "older", page.older, style="main"))
    return found


def _keeping(page: Page) -> list[ui.Item[Any]]:
    """The button that keeps or drops this search, and the one that shows what is kept."""
    keep = (
        button(_("Stop this alert"), "find.stop", page.search_id)
        if page.alert
        else button(_("Tell me when someone comes"), "find.keep", page.search_id)
    )
    return [keep, button(_("My alerts"), "find.alerts", page.search_id)]


def _terms(page: Page) -> str:
    """What the member agrees to with the button, said before they press it."""
    if page.alert:
        return ""
    return _("-# *Tell me when someone comes* is at most one DM a day. You can stop it at any time.")


def _over_card(title: str, page: Page) -> ui.LayoutView:
    """Those who came next have left meanwhile."""
    return card(
        title,
        _("Looking for: {filters}").format(filters=asked_words(page.asked)),
        _("That was everyone, for now."),
        _terms(page),
        actions=[button(_("From the start"), "find.page", page.search_id, "older", START), *_keeping(page)],
    )


def _nobody_card(title: str, page: Page) -> ui.LayoutView:
    """Nobody fits; what could be left out, and the offer to wait."""
    widen = [button(_wider_label(one), "find.widen", page.search_id, one.without) for one in page.wider]
    if page.wider:
        next_step = _("Leave one wish out, or let me tell you when somebody comes.")
    else:
        next_step = _("I can tell you when somebody comes. `/profile view` lets others find you, too.")
    return card(
        title,
        _("Looking for: {filters}").format(filters=asked_words(page.asked)),
        _("Nobody yet.") + " " + next_step,
        _terms(page),
        actions=[*widen, *_keeping(page)],
    )


def _wider_label(one: Wider) -> str:
    count = f"{one.count}+" if one.more else str(one.count)
    name = _(FILTER_NAMES["open"]) if one.without == "open" else _(one.name)
    return _("Without {filter} ({count})").format(filter=plain(name, SHORT_MAX), count=count)


def kept_card(kept: Kept) -> ui.LayoutView:
    """Confirm that the member will be told, what that means, and how it ends."""
    said = (
        _("I will write to you when somebody comes: {filters}.")
        if kept.changed
        else _("I look out for this already: {filters}.")
    )
    return card(
        _("I will tell you · {community}").format(community=safe(kept.community_name, 100)),
        said.format(filters=asked_words(kept.asked)),
        _("At most one message a day, and you can stop it at any time, here or with `/stop`."),
        actions=_stop_actions(kept),
        tone="good",
    )


def dropped_card(kept: Kept) -> ui.LayoutView:
    """Confirm that the member will not be told any more."""
    said = (
        _("I no longer look out for: {filters}.")
        if kept.changed
        else _("I was not looking out for this any more: {filters}.")
    )
    return card(
        _("Alert stopped · {community}").format(community=safe(kept.community_name, 100)),
        said.format(filters=asked_words(kept.asked)),
        _("`/find` starts another search whenever you like."),
    )


def alerts_card(kept: Sequence[Kept]) -> ui.LayoutView:
    """List the kept searches, with a menu to stop one."""
    if not kept:
        return card(
            _("My alerts"),
            _("None yet. Under any search, *Tell me when someone comes* makes one."),
        )
    lines = "\n".join(f"- {asked_words(one.asked)}" for one in kept)
    options = [(_short(one.asked), str(one.search_id)) for one in kept]
    return card(
        _("My alerts · {community}").format(community=safe(kept[0].community_name, 100)),
        lines,
        _("At most one message a day from all of them."),
        actions=[select(_("Stop one"), "find.stop", options=options)],
    )


def news_card(news: News, now: datetime) -> ui.LayoutView:
    """The message: somebody came who fits a kept search."""
    words, kept = load_catalogue(), news.kept
    title = ngettext(
        "Someone new for you · {community}", "New people for you · {community}", len(news.members)
    )
    further = ngettext("… and {count} more.", "… and {count} more.", news.more).format(count=news.more)
    return card(
        title.format(community=safe(kept.community_name, 100)),
        _("You asked me to look out for: {filters}").format(filters=asked_words(kept.asked)),
        *(member_block(view, words, now) for view in news.members),
        further if news.more else "",
        _("`/stop` ends every message from me."),
        actions=[
            _look_menu(kept.search_id, news.members),
            button(_("Show everyone"), "find.page", kept.search_id, "older", START),
            *_stop_actions(kept),
        ],
    )


def _stop_actions(kept: Kept) -> list[ui.Item[Any]]:
    return [
        button(_("Stop this alert"), "find.stop", kept.search_id),
        button(_("My alerts"), "find.alerts", kept.search_id),
    ]


def suggestion_lines(me: MemberView, found: Sequence[Suggested]) -> list[str]:
    """Write each suggested member in a block: who, their headline, and one or two true reasons."""
    blocks = []
    for one in found:
        said = [line for reason in one.reasons if (line := _why(reason, me, one.view)) is not None]
        reasons = [f"- {line}" for line in said[:REASONS_SHOWN]]
        blocks.append(
            "\n".join(filter(None, [_who(one.view), safe(one.view.headline, HEADLINE_MAX), *reasons]))
        )
    return blocks


def _why(reason: WhyMeet, me: MemberView, other: MemberView) -> str | None:
    """One reason as a sentence for `me`; None for one that is not about the two."""
    words, name = load_catalogue(), safe(other.name, 40)
    if reason.name == "gets":
        skills = named(reason.values, words.skills)
        if reason.giver == me.id:
            return _("You offer {skills}, which {taker} is looking for.").format(skills=skills, taker=name)
        return _("{giver} offers {skills}, which you are looking for.").format(skills=skills, giver=name)
    if reason.name == "senior":
        if reason.giver == me.id:
            return _("You are further along and know the road.")
        return _("{name} is further along and knows the road.").format(name=name)
    if reason.name == "new" or reason.name not in REASONS:
        return None
    if reason.name == "niche":  # under the names this community gave them
        here = dict(zip(other.niches, other.niche_names, strict=True))
        values = ", ".join(safe(_(here.get(slug, slug)), WORD_MAX) for slug in reason.values[:3])
    else:
        tables = {
            "direction": words.directions,
            "stack": words.disciplines,
            "peer": words.stages,
            "background": words.work_modes,
        }
        values = named(reason.values, tables.get(reason.name, {}))
    return _(REASONS[reason.name]).format(values=values)


def renderers(service: FindService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""

    async def alert(said: Said) -> Outgoing | None:
        news = await service.news(said)
        return Outgoing(view=news_card(news, service.clock.now())) if news else None

    return {"find.alert": alert}
