"""Every card of pods and digests, word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from discord import ui
from syrupy.assertion import SnapshotAssertion

from bot.pods.views import (
    CommunityDigest,
    DigestState,
    MineView,
    PodDigest,
    PodPerson,
    PodView,
    SeatView,
    StandingView,
    WeekOf,
    WinView,
)
from cogs.pods import cards, digest_cards

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
NASTY = "**x** @everyone\n# z"
PEOPLE = (
    PodPerson(1, 11, "Ana", "Data scientist", "Europe/Lisbon"),
    PodPerson(2, 12, NASTY, "", "America/Argentina/Buenos_Aires"),
    PodPerson(3, 13, "Cleo", "Product", None),
)
FORMING = PodView(7, 10, "Data Collective", "forming", PEOPLE, None, None)
POD = replace(FORMING, state="active", thread_id=99, ends_at=AT)
GONE = replace(POD, state="ended", people=())
SEAT = SeatView(5, 1, "asked", None, FORMING, AT)
MINE = MineView(1, "Data Collective", "none", AT, digest_at=AT)
STANDING = StandingView(1, "Data Collective", waits=True)
WEEKS = (
    WeekOf("Ana", (("Call three clients", "done"), (NASTY, None)), "A lead", "pricing"),
    WeekOf(NASTY, (), None, "an old topic"),
)
WIN = WinView(4, "Data Collective", NASTY, public=False, digest=True)

CARDS: dict[str, ui.LayoutView] = {
    "offer": cards.mine_card(MINE),
    "waiting": cards.mine_card(replace(MINE, state="waiting")),
    "waiting already": cards.mine_card(replace(MINE, state="waiting", changed=False)),
    "asked": cards.mine_card(replace(MINE, state="asked", pod=FORMING, seat_id=5)),
    "in": cards.mine_card(replace(MINE, state="in", pod=POD, seat_id=5, shares=("win", "stuck"))),
    "in, last week": cards.mine_card(replace(MINE, state="in", pod=POD, seat_id=5, term_open=True)),
    "in, too small": cards.mine_card(replace(MINE, state="in", pod=POD, seat_id=5, small=True)),
    "left the pod": cards.left_card(replace(MINE, state="in")),
    "left an invitation": cards.left_card(replace(MINE, state="asked")),
    "left the list": cards.left_card(replace(MINE, state="waiting")),
    "invitation": cards.invite_card(SEAT),
    "invitation, settled": cards.invite_card(replace(SEAT, pod=POD)),
    "answered yes": cards.answered_card(replace(SEAT, state="in")),
    "answered yes again": cards.answered_card(replace(SEAT, state="in", changed=False)),
    "answered no": cards.answered_card(replace(SEAT, state="out", wish="no")),
    "begins": cards.answered_card(replace(SEAT, state="in", pod=POD)),
    "did not come together": cards.back_card(STANDING),
    "did not come together, left": cards.back_card(replace(STANDING, waits=False)),
    "missed": cards.missed_card(STANDING),
    "welcome": cards.welcome_card(POD),
    "welcome, over": cards.welcome_card(GONE),
    "started": cards.started_card(replace(SEAT, state="in", pod=POD)),
    "started, over": cards.started_card(replace(SEAT, state="out", pod=GONE)),
    "term": cards.term_card(replace(SEAT, state="in", pod=POD)),
    "renew": cards.next_card(replace(SEAT, state="in", pod=POD, wish="renew")),
    "change": cards.next_card(replace(SEAT, state="in", pod=POD, wish="change")),
    "end": cards.next_card(replace(SEAT, state="in", pod=POD, wish="end")),
    "over, waits": cards.over_card(STANDING),
    "over": cards.over_card(replace(STANDING, waits=False)),
    "too small": cards.merge_card(replace(SEAT, state="in", pod=POD)),
    "company": cards.company_card(replace(SEAT, state="in", pod=POD, wish="company")),
    "left a small pod": cards.company_card(replace(SEAT, state="out", pod=GONE)),
    "gone": cards.gone_card(),
    "win": cards.win_card(WIN),
    "win, shared": cards.win_card(replace(WIN, public=True)),
    "win, shared after its digest": cards.win_card(replace(WIN, public=True, posted=True)),
    "win, shared without a digest": cards.win_card(replace(WIN, public=True, digest=False)),
    "digest": digest_cards.pod_digest_card(PodDigest(POD, AT, WEEKS)),
    "digest, empty": digest_cards.pod_digest_card(PodDigest(POD, AT, ())),
    "letter": digest_cards.letter_card(PodDigest(POD, AT, WEEKS), 1),
    "community": digest_cards.community_digest_card(
        CommunityDigest("Data Collective", AT, 12, 1, 3, (("Ana", "A lead"), (NASTY, NASTY)))
    ),
    "community, few": digest_cards.community_digest_card(
        CommunityDigest("Data Collective", AT, None, None, None, (("Ana", "A lead"),))
    ),
    "community, many wins": digest_cards.community_digest_card(
        CommunityDigest("Data Collective", AT, 50, 0, 0, tuple(("Ana", f"Win {n}") for n in range(22)))
    ),
    "community, empty": digest_cards.community_digest_card(
        CommunityDigest("Data Collective", AT, None, None, None, ())
    ),
    "digest off": digest_cards.state_card(DigestState("Data Collective", None, None, changed=False)),
    "digest turned off": digest_cards.state_card(DigestState("Data Collective", None, None)),
    "digest on": digest_cards.state_card(DigestState("Data Collective", 55, AT)),
}


def words(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What a card says, its menus and its buttons with what they do."""
    for item in items:
        if "content" in item:
            yield item["content"]
        if "custom_id" in item:
            yield f"[{item.get('label') or item.get('placeholder')}] {item['custom_id']}"
        for option in item.get("options", ()):
            yield f"  {'x' if option.get('default') else '-'} {option['label']}"
        yield from words(item.get("components", ()))


@pytest.mark.parametrize("name", CARDS)
def test_cards(name: str, snapshot: SnapshotAssertion) -> None:
    shown = "\n".join(words(CARDS[name].to_components()))
    assert "@everyone" not in shown
    assert "**x**" not in shown
    assert shown == snapshot
