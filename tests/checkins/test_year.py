"""A year in every zone that changes its clocks: one prompt a week at the right wall time, whatever comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.checkins import rules
from bot.checkins.rhythm import Stretch, is_away
from bot.core.schedule import at_local, local_date, zone_of

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=371)
A_DAY = timedelta(days=1)


def changes_its_clocks(zone: str) -> bool:
    here = ZoneInfo(zone)
    return len({(START + timedelta(days=day)).astimezone(here).utcoffset() for day in range(365)}) > 1


ZONES = sorted(filter(changes_its_clocks, available_timezones()))


@dataclass
class Member:
    """A plan played by hand, with the decisions of the rules alone."""

    zone: str
    weekday: int
    hour: int
    away: list[Stretch] = field(default_factory=list)
    sent: list[tuple[str, datetime]] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.pending = rules.next_slot(START, self.zone, self.weekday, self.hour)

    def due(self, now: datetime) -> None:
        """What the agenda does once for a row that is due: ask, or let the week go; then plan the next."""
        self.rows.append(self.pending.week)
        days = {local_date(now, self.zone), local_date(self.pending.at, self.zone)}
        if now - self.pending.at <= rules.GRACE and not any(is_away(self.away, day) for day in days):
            self.sent.append((self.pending.week, now))
        self.pending = rules.next_slot(now, self.zone, self.weekday, self.hour, self.pending.week)

    def move(self, now: datetime, zone: str, weekday: int, hour: int) -> None:
        self.zone, self.weekday, self.hour = zone, weekday, hour
        self.pending = rules.replan(
            now, zone, weekday, hour, pending=self.pending, taken=self.rows[-1] if self.rows else None
        )

    def run(self, until: datetime, down: Iterable[tuple[datetime, timedelta]] = ()) -> None:
        """Let time pass; while the bot is down nothing happens, and then all that is due at once."""
        outages = list(down)
        while self.pending.at < until:
            now = self.pending.at
            for begins, lasts in outages:
                if begins <= now < begins + lasts:
                    now = begins + lasts
            self.due(now)


def weeks(first: str, count: int) -> list[str]:
    monday = date.fromisoformat(first)
    return [(monday + timedelta(weeks=number)).isoformat() for number in range(count)]


def at_the_right_time(member: Member) -> Iterator[bool]:
    """Whether each prompt came when the wall showed the hour; in a gap, as long after midnight."""
    for week, at in member.sent:
        day = date.fromisoformat(week) + timedelta(days=member.weekday)
        wall = datetime(day.year, day.month, day.day, member.hour, tzinfo=zone_of(member.zone))
        yield at == wall.astimezone(UTC)


def test_there_are_many_zones_to_look_at() -> None:
    assert len(ZONES) > 100
    assert {"Europe/Lisbon", "America/Nuuk", "Australia/Lord_Howe", "Africa/Casablanca"} <= set(ZONES)


@pytest.mark.parametrize("zone", ZONES)
def test_a_quiet_year_has_one_prompt_a_week_at_the_hour_on_the_wall(zone: str) -> None:
    for weekday, hour in ((0, 0), (2, 9), (5, 23), (6, 1), (6, 2), (6, 3)):
        member = Member(zone, weekday, hour)
        member.begin()
        member.run(END)
        assert [week for week, _ in member.sent] == weeks(member.sent[0][0], len(member.sent))
        assert len(member.sent) >= 52
        assert all(at_the_right_time(member))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("lasts", [timedelta(hours=1), A_DAY, timedelta(days=7)])
def test_downtime_delays_within_the_grace_and_never_makes_a_burst(zone: str, lasts: timedelta) -> None:
    """One outage at the hour of a prompt in each month, so also around each change of the clocks."""
    member = Member(zone, 6, 2)
    member.begin()
    down = [(at_local(date(2026, month, 1), datetime.min.time(), zone), lasts) for month in range(1, 13)]
    sundays = [(begins + timedelta(days=6 - begins.weekday(), hours=1), lasts) for begins, lasts in down]
    member.run(END, sundays)
    said = [week for week, _ in member.sent]
    assert len(set(said)) == len(said)
    # However long it was down, a prompt comes alone: the next is days later.
    assert all(later - earlier > timedelta(days=4) for (_, earlier), (_, later) in pairwise(member.sent))
    if lasts <= rules.GRACE:
        assert said == weeks(said[0], len(said))
        assert len(said) >= 52
    else:
        assert len(said) >= 52 - 2 * len(down)


@pytest.mark.parametrize("zone", ZONES)
def test_moves_of_zone_day_and_hour_in_mid_week_never_cost_or_double_a_week(zone: str) -> None:
    member = Member(zone, 3, 9)
    member.begin()
    now = START
    for number, other in enumerate(
        [*ZONES[::29], zone, "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", zone]
    ):
        now += timedelta(days=9, hours=7)
        member.run(now)
        member.move(now, other, number % 7, (number * 5) % 24)
    member.run(END)
    said = [week for week, _ in member.sent]
    assert said == weeks(said[0], len(said))
    assert all(earlier < later for (_, earlier), (_, later) in pairwise(member.sent))
    assert member.sent[-1][1] > END - timedelta(days=16)


@pytest.mark.parametrize("zone", ZONES)
def test_days_away_cost_their_weeks_alone(zone: str) -> None:
    away = [Stretch(date(2026, 3, 23), date(2026, 4, 5)), Stretch(date(2026, 10, 20), date(2026, 11, 4))]
    member = Member(zone, 6, 2, away)
    member.begin()
    member.run(END)
    missing = sorted(set(member.rows) - {week for week, _ in member.sent})
    assert missing == ["2026-03-23", "2026-03-30", "2026-10-19", "2026-10-26"]
    assert member.rows == weeks(member.rows[0], len(member.rows))
    assert all(at_the_right_time(member))


def test_a_zone_that_no_longer_exists_is_asked_by_utc() -> None:
    member, plain = Member("Mars/Olympus", 3, 9), Member("UTC", 3, 9)
    for one in (member, plain):
        one.begin()
        one.run(END)
    assert member.sent == plain.sent
