"""Who sees which part of a profile. Pure.

Three audiences: `members` of the community, `matches` (those Kith introduced to the member, or whom the
member wrote to about a gig), and `nobody`. What nobody sees is not used for matching: the reasons would tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from bot.core.errors import KithError
from bot.people.views import MemberView

Audience = Literal["members", "matches"]
AUDIENCES = ("members", "matches", "nobody")

DEFAULTS: Mapping[str, str] = {
    "headline": "members",
    "disciplines": "members",
    "stage": "members",
    "work_mode": "members",
    "direction": "members",
    "niches": "members",
    "offers": "members",
    "asks": "members",
    "languages": "members",
    "open_for_work": "members",
    "links": "members",
    "comfort": "matches",
    "local_time": "matches",
    "contact_hours": "matches",
    "workload": "matches",
    "enjoys": "matches",
    "weak": "matches",
}
"""Every part of a profile that can be hidden, in the order shown, and who sees it unless the member says."""

MATCHES_ONLY = frozenset({"enjoys", "weak"})
"""Never for the whole community: saying where one is weak needs a smaller room."""

_BLANK: Mapping[str, Mapping[str, Any]] = {
    "headline": {"headline": ""},
    "disciplines": {"disciplines": ()},
    "stage": {"stage": None},
    "work_mode": {"work_mode": None},
    "direction": {"direction": None},
    "niches": {"niches": (), "niche_names": ()},
    "offers": {"offers": ()},
    "asks": {"asks": ()},
    "languages": {"languages": ()},
    "open_for_work": {"open_until": None},
    "links": {"links": ()},
    "comfort": {"comfort": ""},
    "local_time": {"zone": None},
    "contact_hours": {"contact_hours": ()},
    "workload": {"hours_open": None, "clients": None},
    "enjoys": {"enjoys": ()},
    "weak": {"weak": ()},
}


def audience_of(view: MemberView, field: str) -> str:
    """Return who sees a part of this profile."""
    return dict(view.visibility).get(field, DEFAULTS[field])


def shows_niches(view: MemberView) -> bool:
    """Tell whether everyone in the community may know this member's niches, as a role on Discord tells."""
    return audience_of(view, "niches") == "members"


def seen_by(view: MemberView, audience: Audience) -> MemberView:
    """Return the profile as that audience sees it; hidden parts look as if nothing had been said."""
    enough = ("members",) if audience == "members" else ("members", "matches")
    hidden: dict[str, Any] = {"visibility": ()}
    for field, blank in _BLANK.items():
        if audience_of(view, field) not in enough:
            hidden.update(blank)
    return replace(view, **hidden)


def checked(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what differs from the defaults.

    Raises:
        KithError: `choice_unknown` for an unknown part or audience, or `matches_only` (part).
    """
    for field, audience in wanted.items():
        if field not in DEFAULTS or audience not in AUDIENCES:
            raise KithError("choice_unknown", value=field)
        if field in MATCHES_ONLY and audience == "members":
            raise KithError("matches_only", part=field)
    return {field: audience for field, audience in wanted.items() if audience != DEFAULTS[field]}
