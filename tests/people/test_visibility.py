"""Nothing hidden is ever shown: for every profile and every choice of who sees what."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.people.views import MemberView
from bot.people.visibility import AUDIENCES, DEFAULTS, MATCHES_ONLY, Audience, audience_of, checked, seen_by
from cogs.people.words import FIELDS

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
# What a part of the form stands for in the record; written down here again, so that a slip there shows.
HOLDS: dict[str, tuple[str, ...]] = {part: (part,) for part in DEFAULTS} | {
    "niches": ("niches", "niche_names"),
    "open_for_work": ("open_until",),
    "local_time": ("zone",),
    "workload": ("hours_open", "clients"),
}
ALWAYS = {"id", "community_id", "person_id", "name", "joined_at", "visibility", "barred"}
FULL = MemberView(
    id=1,
    community_id=2,
    person_id=3,
    name="Ana",
    joined_at=NOW,
    headline="Grids",
    disciplines=("analyst",),
    stage="booked",
    work_mode="contract",
    direction="product",
    comfort="video",
    zone="Europe/Lisbon",
    offers=("sql",),
    asks=("pricing",),
    enjoys=("dbt",),
    weak=("contracts",),
    niches=("energy",),
    niche_names=("Energy",),
    languages=("pt",),
    hours_open=10,
    clients=2,
    open_until=NOW,
    contact_hours=("mon-morning",),
    links=(("github", "https://github.com/ana"),),
)
audiences = st.dictionaries(st.sampled_from(sorted(DEFAULTS)), st.sampled_from(AUDIENCES))


def seeing(audience: str) -> tuple[str, ...]:
    return {"members": ("members",), "matches": ("members", "matches"), "nobody": ()}[audience]


@given(audiences, st.sampled_from(get_args(Audience)))
def test_what_is_hidden_is_blank_and_the_rest_is_whole(chosen: dict[str, str], audience: Audience) -> None:
    seen = seen_by(replace(FULL, visibility=tuple(chosen.items())), audience)
    for part, names in HOLDS.items():
        visible = chosen.get(part, DEFAULTS[part]) in seeing(audience)
        for name in names:
            held: Any = getattr(seen, name)
            assert held == getattr(FULL, name) if visible else not held, name
    assert seen.visibility == ()  # who may see what is itself nobody's business


def test_every_field_of_the_record_can_be_hidden_or_is_known_to_all() -> None:
    hidden = seen_by(replace(FULL, visibility=tuple(dict.fromkeys(DEFAULTS, "nobody").items())), "matches")
    for field in fields(MemberView):
        assert field.name in ALWAYS or not getattr(hidden, field.name), field.name
    assert {name for names in HOLDS.values() for name in names} | ALWAYS == {
        field.name for field in fields(MemberView)
    }


def test_matches_see_all_that_members_see() -> None:
    members, matches = seen_by(FULL, "members"), seen_by(FULL, "matches")
    for field in fields(MemberView):
        shown = getattr(members, field.name)
        assert not shown or shown == getattr(matches, field.name)
    assert (members.weak, members.enjoys, members.zone) == ((), (), None)
    assert (matches.weak, matches.enjoys, matches.zone) == (("contracts",), ("dbt",), "Europe/Lisbon")


@given(st.fixed_dictionaries({part: st.sampled_from(AUDIENCES) for part in DEFAULTS}))
def test_what_is_chosen_is_kept_as_it_was_meant(chosen: dict[str, str]) -> None:
    if any(chosen[part] == "members" for part in MATCHES_ONLY):
        with pytest.raises(KithError, match="matches_only"):
            checked(chosen)
        return
    kept = checked(chosen)
    view = replace(FULL, visibility=tuple(kept.items()))
    assert {part: audience_of(view, part) for part in DEFAULTS} == chosen
    assert all(DEFAULTS[part] != audience for part, audience in kept.items())


@pytest.mark.parametrize("wanted", [{"name": "members"}, {"stage": "strangers"}, {"": ""}])
def test_unknown_parts_and_audiences_are_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(KithError, match="choice_unknown"):
        checked(wanted)


def test_weak_sides_are_never_for_everyone_unless_somebody_changes_the_promise() -> None:
    assert {"enjoys", "weak"} == MATCHES_ONLY
    assert all(DEFAULTS[part] == "matches" for part in MATCHES_ONLY)


def test_every_part_has_its_name_in_the_form() -> None:
    assert list(FIELDS) == list(DEFAULTS)
