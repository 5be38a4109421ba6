"""Times that suit everybody, the file for the calendar and the date of a follow-up, without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intros.calendar import LENGTH, LINE_OCTETS, Appointment, escaped, folded, ics
from bot.intros.rules import AGREEMENTS, HALF_HOUR, bolder_form, follow_due
from bot.intros.slots import LEAD, fits, offered
from bot.people.hours import DEFAULT, PARTS, SLOTS

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland")
moments = st.integers(0, 60 * 24 * 700).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
members = st.tuples(
    st.lists(st.sampled_from(SLOTS), unique=True, max_size=12).map(tuple), st.sampled_from(ZONES)
)


def awake(hours: tuple[str, ...], zone: str, at: datetime) -> bool:
    """Whether the wall clock stands within somebody's hours, worked out minute by minute."""
    local = at.astimezone(ZoneInfo(zone))
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]
    return any(
        f"{day}-{part}" in (hours or DEFAULT) and opens <= local.hour < closes
        for part, (opens, closes) in PARTS.items()
    )


@given(st.lists(members, min_size=2, max_size=3), moments, st.integers(0, 60 * 24 * 20))
@example([((), "Europe/Lisbon"), ((), "America/New_York")], datetime(2026, 3, 25, 12, tzinfo=UTC), 3000)
def test_times_that_are_offered_lie_ahead_and_within_everybodys_hours(
    people: list[tuple[tuple[str, ...], str]], created: datetime, minutes: int
) -> None:
    now = created + timedelta(minutes=minutes)
    slots = offered(people, created, now)
    assert len(slots) <= 3
    assert len({slot.date() for slot in slots}) == len(slots)
    for slot in slots:
        assert slot >= now + LEAD
        assert fits(people, slot, now)
        for minute in range(30):
            assert all(awake(hours, zone, slot + timedelta(minutes=minute)) for hours, zone in people)


def test_what_is_past_makes_room_for_later_times() -> None:
    people = [((), "Europe/Lisbon"), ((), "Europe/Berlin")]
    first = offered(people, MONDAY, MONDAY)
    assert len(first) == 3
    later = offered(people, MONDAY, first[1])
    assert len(later) == 3
    assert first[2] in later
    assert first[0] not in later
    assert first[1] not in later


@pytest.mark.parametrize(
    "away", [timedelta(minutes=10), timedelta(seconds=1), -timedelta(days=8), timedelta(days=15)]
)
def test_a_time_that_was_never_offered_is_refused(away: timedelta) -> None:
    people = [((), "Europe/Lisbon"), ((), "Europe/Berlin")]
    slot = offered(people, MONDAY, MONDAY)[0]
    assert fits(people, slot, MONDAY)
    assert not fits(people, slot + away, MONDAY)
    assert not fits([*people, ((), None)], slot, MONDAY)
    assert not fits([*people, (("sun-morning",), "Asia/Tokyo")], slot, MONDAY)


def unfolded(lines: bytes) -> str:
    return lines.replace(b"\r\n ", b"").decode()


def unescaped(text: str) -> str:
    found, place = "", 0
    while place < len(text):
        if text[place] == "\\":
            found += {"n": "\n"}.get(text[place + 1], text[place + 1])
            place += 2
        else:
            found, place = found + text[place], place + 1
    return found


@given(st.text(max_size=300))
@example("é" * 200)
@example("a\r\nBEGIN:VALARM\r\n;,\\n")
def test_a_line_is_folded_at_75_octets_and_reads_the_same(text: str) -> None:
    line = "SUMMARY:" + escaped(text)
    pieces = list(folded(line))
    assert all(len(piece) <= LINE_OCTETS for piece in pieces)
    for piece in pieces:
        piece.decode()  # never inside a character
    assert unfolded(b"\r\n".join(pieces)) == line
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in kept if char == "\n" or (ord(char) > 31 and not 127 <= ord(char) < 160))
    assert unescaped(escaped(text)) == "".join(c for c in kept if not 0xD800 <= ord(c) < 0xE000)


@given(st.text(max_size=100), st.text(max_size=300), moments, st.integers(0, 9))
def test_the_file_is_one_event_whatever_was_typed(
    summary: str, description: str, at: datetime, turn: int
) -> None:
    content = ics(Appointment("introduction-7-1@kith", turn, at, summary, description), MONDAY)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = unfolded(content).split("\r\n")[:-1]
    names = [line.partition(":")[0] for line in lines]
    assert names == [
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "BEGIN", "UID", "SEQUENCE", "DTSTAMP", "DTSTART",
        "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "END", "END",
    ]  # fmt: skip
    values = dict(line.split(":", 1) for line in lines)
    start = datetime.strptime(values["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    end = datetime.strptime(values["DTEND"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert start == at.replace(microsecond=0)
    assert end - start == LENGTH == HALF_HOUR
    assert (values["UID"], values["SEQUENCE"]) == ("introduction-7-1@kith", str(turn))


@given(moments, st.one_of(st.none(), st.sampled_from(["no", "", *AGREEMENTS])))
def test_a_follow_up_is_never_sooner_than_two_weeks_unless_agreed(
    met_at: datetime, agreed: str | None
) -> None:
    due = follow_due(met_at, agreed)
    if agreed == "week":
        assert due == met_at + timedelta(days=7)
    else:
        assert due >= met_at + timedelta(days=14)
        assert due <= met_at + timedelta(days=31)


def test_a_bolder_form_stops_at_video() -> None:
    assert [bolder_form(form) for form in ("text", "voice", "video", "group")] == [
        "voice",
        "video",
        None,
        None,
    ]
