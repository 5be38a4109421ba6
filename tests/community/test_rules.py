"""The check-up: which permission is needed where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.community.rules import (
    LABELS,
    NEEDS,
    PLACES,
    UNSET,
    ChannelSeen,
    Place,
    findings,
    fixes,
    parse_hour,
    still_to_do,
    well,
)
from bot.core.errors import KithError

ALL = frozenset(LABELS)
MEMBERS = frozenset({"view_channel"})
WHOLE: dict[Place, ChannelSeen] = {
    "lobby": ChannelSeen("lobby", "text", ALL, MEMBERS),
    "gigs": ChannelSeen("gigs", "forum", ALL, MEMBERS),
    "moderators": ChannelSeen("mods", "text", ALL, frozenset()),
    "panel": ChannelSeen("start-here", "text", ALL, MEMBERS),
}


def test_a_server_that_is_set_up_has_nothing_to_mend() -> None:
    assert [one for one in findings(WHOLE) if not one.ok] == []


@pytest.mark.parametrize(
    ("place", "kind", "permission"), [(*key, p) for key, needs in NEEDS.items() for p in needs]
)
def test_each_missing_permission_is_named_with_its_channel_and_switch(
    place: Place, kind: str, permission: str
) -> None:
    everyone = frozenset() if place == "moderators" else MEMBERS
    seen = ChannelSeen("here", kind, ALL - {permission}, everyone)  # type: ignore[arg-type]
    main, beside = ({place: seen}, []) if place in PLACES else ({}, [(place, seen)])
    wrong = [one for one in findings({**WHOLE, **main}, beside=beside) if not one.ok]
    assert [(one.place, one.check) for one in wrong] == [(place, permission)]
    assert "#here" in wrong[0].fix
    assert LABELS[permission] in wrong[0].fix


def test_unset_deleted_and_unfit_channels_say_how_to_choose() -> None:
    found = findings({"gigs": ChannelSeen("", "gone"), "moderators": ChannelSeen("voice", "other")})
    wrong = {one.place: one.fix for one in found if not one.ok}
    assert "Create what is missing" in wrong["lobby"]
    assert "/kith setup panel:" in wrong["panel"]
    assert "deleted" in wrong["gigs"]
    assert "#voice" in wrong["moderators"]


def test_without_a_moderators_channel_reports_have_nowhere_to_go() -> None:
    wrong = [one for one in findings({**WHOLE, "moderators": UNSET}) if not one.ok]
    assert [(one.place, one.check) for one in wrong] == [("moderators", "chosen")]
    assert wrong[0].fix.startswith("What needs a moderator has nowhere to go.")
    assert "/kith setup moderators:" in wrong[0].fix


def test_members_see_the_lobby_do_not_post_gigs_and_do_not_see_the_moderators() -> None:
    loose = frozenset({"view_channel", "send_messages"})
    shut = {
        "lobby": ChannelSeen("lobby", "text", ALL, frozenset()),
        "gigs": ChannelSeen("gigs", "forum", ALL, loose),
        "moderators": ChannelSeen("mods", "text", ALL, loose),
        "panel": WHOLE["panel"],
    }
    wrong = [one.check for one in findings(shut) if not one.ok]  # type: ignore[arg-type]
    assert wrong == ["seen_by_members", "only_kith_posts", "private"]


def test_members_see_the_panel_and_do_not_write_below_it() -> None:
    writable = ChannelSeen("start-here", "text", ALL, MEMBERS | {"send_messages"})
    wrong = [one for one in findings({**WHOLE, "panel": writable}) if not one.ok]
    assert [(one.place, one.check) for one in wrong] == [("panel", "only_kith_posts")]
    assert "Deny @everyone “Send Messages” in #start-here" in wrong[0].fix
    hidden = ChannelSeen("start-here", "text", ALL, frozenset())
    wrong = [one for one in findings({**WHOLE, "panel": hidden}) if not one.ok]
    assert [(one.place, one.check) for one in wrong] == [("panel", "seen_by_members")]
    assert "Allow @everyone “View Channel” in #start-here" in wrong[0].fix


def test_manage_roles_is_needed_only_where_niches_have_roles() -> None:
    assert not [one for one in findings(WHOLE, may_manage_roles=False) if not one.ok]
    wrong = [one for one in findings(WHOLE, too_high=(), may_manage_roles=False) if not one.ok]
    assert [one.check for one in wrong] == ["manage_roles"]
    assert "“Manage Roles”" in wrong[0].fix


def test_roles_above_kith_are_named() -> None:
    wrong = [one for one in findings(WHOLE, too_high=["ocr", "energy"]) if not one.ok]
    assert [one.check for one in wrong] == ["role_order"]
    assert "drag Kith's role above: energy, ocr." in wrong[0].fix
    assert not [one for one in findings(WHOLE, too_high=[]) if not one.ok]


def test_paused_direct_messages_are_told() -> None:
    assert [one.check for one in findings(WHOLE, dms_paused=True) if not one.ok] == ["dms"]


@given(st.sets(st.sampled_from(sorted(ALL))), st.sets(st.sampled_from(sorted(ALL))))
def test_what_is_wrong_always_has_a_fix(mine: set[str], everyone: set[str]) -> None:
    seen = {place: ChannelSeen("c", "text", frozenset(mine), frozenset(everyone)) for place in WHOLE}
    assert all(one.fix for one in findings(seen) if not one.ok)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("10", 10), ("18:00", 18), ("9 am", 9), ("12am", 0), ("12 p.m.", 12), ("7h", 7), ("00:00", 0)],
)
def test_an_hour_is_read(typed: str, hour: int) -> None:
    assert parse_hour(typed) == hour


@pytest.mark.parametrize("typed", ["", "25", "24:00", "10:30", "13pm", "noon", "-1", "１０", "0am"])
def test_what_is_no_full_hour_is_refused(typed: str) -> None:
    with pytest.raises(KithError, match="hour_unknown"):
        parse_hour(typed)


def test_what_is_missing_is_listed_in_order() -> None:
    assert still_to_do({"moderators": None, "gigs": 2}) == ("lobby", "moderators", "panel")
    assert still_to_do({"lobby": 1, "gigs": 2, "moderators": 3, "panel": 4}) == ()


def test_the_switches_of_one_channel_stand_in_one_sentence() -> None:
    bare = ChannelSeen("lobby", "text", ALL - {"view_channel", "manage_threads"}, MEMBERS, id=1)
    said = fixes(findings({**WHOLE, "lobby": bare}))
    assert len(said) == 1
    assert "#lobby → Permissions → Kith" in said[0]
    assert said[0].endswith("allow “View Channel”, “Manage Threads”.")


def test_a_channel_for_moderators_and_for_members_is_told_apart_and_not_shut_to_members() -> None:
    both = ChannelSeen("general", "text", ALL, MEMBERS, id=1)
    said = fixes(findings({**WHOLE, "lobby": both, "moderators": both}))
    assert len(said) == 1
    assert "#general has other uses too (Lobby)" in said[0]
    assert "/kith setup moderators:" in said[0]


def test_a_channel_is_well_when_kith_may_do_all_it_needs_whatever_members_may() -> None:
    noisy = ChannelSeen("start-here", "text", ALL, MEMBERS | {"send_messages"}, id=4)
    shut = ChannelSeen("announce", "text", ALL - {"send_messages"}, MEMBERS, id=9)
    assert well(findings({**WHOLE, "panel": noisy}, beside=[("links", shut)])) == {4}


@pytest.mark.parametrize(
    ("place", "way"), [("board", "/kith gigs channels"), ("digest", "/kith digest checkins channel:")]
)
def test_a_channel_beside_that_was_deleted_says_what_to_do(place: Place, way: str) -> None:
    said = fixes(findings(WHOLE, beside=[(place, ChannelSeen("", "gone", id=9))]))
    assert len(said) == 1
    assert way in said[0]
