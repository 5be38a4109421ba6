"""Preview as a member: the real cards with made-up people; nothing on them can be pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from discord import ui

from bot.checkins.views import CheckinView, CommitmentView
from bot.community.preview import Cast
from bot.core.schedule import next_local
from bot.core.text import _
from bot.edge.kit import Outgoing, card
from bot.gigs.views import GigView
from bot.intros.scoring import Candidate, reasons
from bot.intros.views import CardView
from bot.people.views import CommunityView, MemberView
from cogs.checkins.cards import prompt_card
from cogs.intros.cards import intro_card

SLOTS = ((1, 15), (2, 17), (3, 10))


GigPost: TypeAlias = Callable[[GigView], Outgoing]
"""How a gig looks on the board; the gigs say."""


def preview_cards(
    cast: Cast, community: CommunityView, now: datetime, gig_post: GigPost
) -> list[ui.LayoutView]:
    """Return what a member sees of each part that is in use, after a word about what this is."""
    off = community.modules_off
    made = [
        intro_card(_introduction(cast, community, now), now) if "introductions" not in off else None,
        prompt_card(_week(cast, community, now)) if "checkins" not in off else None,
        _board(gig_post(_gig(cast, community, now))) if "gigs" not in off else None,
    ]
    shown = [inert(one) for one in made if one is not None]
    return [_about(cast.me.name, len(shown)), *shown]


def _about(name: str, count: int) -> ui.LayoutView:
    if not count:
        return card(_("What members see"), _("Nothing is in use here. `/kith setup` turns parts of Kith on."))
    return card(
        _("What members see"),
        _(
            "Below are the cards as members get them, with made-up people. Only you see this, nothing is "
            "sent, and the buttons do nothing here. You see them as {name} would; where members are "
            "mentioned, you see me."
        ).format(name=name),
    )


def inert(shown: ui.LayoutView) -> ui.LayoutView:
    """Switch every button and menu of a card off: they would be about people who do not exist."""
    for item in shown.walk_children():
        inner: Any = getattr(item, "item", item)
        if isinstance(inner, ui.Button | ui.Select):
            inner.disabled = True
    return shown


def _board(post: Outgoing) -> ui.LayoutView:
    """A post of the forum as a card: its embed's parts, then its buttons."""
    embed, buttons = post.embed, post.legacy_view
    if embed is None:
        return post.view or card(post.title or "…")
    fields = [f"**{field.name}** {field.value}" for field in embed.fields]
    actions = list(buttons.children) if buttons is not None else []
    return card(
        embed.title or post.title or "…",
        embed.description or "",
        "\n".join(fields),
        embed.footer.text or "",
        actions=actions,
    )


def _candidate(member: MemberView) -> Candidate:
    return Candidate(
        member.id,
        niches=frozenset(member.niches),
        offers=frozenset(member.offers),
        asks=frozenset(member.asks),
        discipline=member.discipline,
        stage=member.stage,
    )


def _introduction(cast: Cast, community: CommunityView, now: datetime) -> CardView:
    """An introduction of the two, with the reasons that matching would find."""
    slots = tuple(sorted(next_local(now, cast.me.zone or "UTC", day, hour) for day, hour in SLOTS))
    return CardView(
        seat_id=1,
        community_name=community.name,
        me=cast.me,
        others=(cast.other,),
        form="text",
        reasons=tuple(reasons(_candidate(cast.me), _candidate(cast.other), None)),
        slots=slots,
        number=1,
        created_at=now,
        outcome=None,
        next_at=None,
    )


def _week(cast: Cast, community: CommunityView, now: datetime) -> CheckinView:
    """The weekly message, with what was planned the week before."""
    before = tuple(CommitmentView(number, text, None) for number, text in enumerate(cast.week[:2], 1))
    return CheckinView(
        id=1,
        member_id=cast.me.id,
        community_name=community.name,
        week=f"{now:%G-W%V}",
        closes_at=now + timedelta(hours=48),
        answered=False,
        commitments=(),
        before=before,
        stuck=None,
        win=None,
        after_gap=False,
        next_at=None,
    )


def _gig(cast: Cast, community: CommunityView, now: datetime) -> GigView:
    """A gig on the board."""
    return GigView(
        id=1,
        community_id=community.id,
        community_name=community.name,
        person_id=cast.me.person_id,
        name=cast.poster,
        kind=cast.gig["kind"],
        title=cast.gig["title"],
        description=" ".join(cast.gig["description"].split()),
        budget=cast.gig["budget"],
        terms="",
        niches=(),
        niche_names=(cast.gig["niches"],),
        hours=cast.gig["hours"],
        state="live",
        score=0,
        findings=(),
        channel_id=None,
        message_id=None,
        created_at=now,
        expires_at=now + timedelta(days=14),
    )
