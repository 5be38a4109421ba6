"""Every screen of the circle, word for word, in a world that stands still."""

from datetime import UTC, datetime

from syrupy.assertion import SnapshotAssertion

from bot.core.clock import TurnedClock
from sandbox.screen import Screen, Select
from tests.circle.world import BY, HOW, NOTE, STEP, WHEN, acquainted, met_at_an_event, with_ben

SATURDAY = datetime(2026, 1, 10, 14, 5, tzinfo=UTC)


def words(screen: Screen) -> str:
    """A screen as words, with what its menus offer; names stand where ids were."""
    lines = [screen.form.title] if screen.form else []
    lines += [screen.text]
    for menu in (one for one in screen.controls if isinstance(one, Select)):
        offered = ", ".join(option.label for option in menu.options)
        lines.append(f"{menu.placeholder}: {offered}")
    return "\n".join(lines)


async def test_the_screens_of_a_circle(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with acquainted(sqlite_url, TurnedClock(SATURDAY, frozen=True)) as (_stage, ana, _ben):
        offer = await ana.slash("/circle")
        assert words(offer) == snapshot(name="offer")
        assert words(await ana.press("Keep my circle", on=offer)) == snapshot(name="kept")
        added = await ana.slash("/circle member:Ben")
        assert words(added) == snapshot(name="added")
        assert words(await ana.press("We met", on=added)) == snapshot(name="we met")
        met = await ana.submit({HOW: "One of us helped the other", WHEN: "2 Jan", NOTE: "Read my offer."})
        assert words(met) == snapshot(name="met")
        assert words(await ana.press("Next step", on=met)) == snapshot(name="next step")
        planned = await ana.submit({STEP: "Send the article on tides", BY: "friday"})
        assert words(planned) == snapshot(name="planned")
        assert words(await ana.slash("/circle")) == snapshot(name="overview")
        assert words(await ana.press("Done", on=planned)) == snapshot(name="done")
        asked = await ana.press("Remove this person")
        assert words(asked) == snapshot(name="remove")
        assert words(await ana.press("Remove for good", on=asked)) == snapshot(name="removed")


async def test_the_end_of_a_circle(sqlite_url: str, snapshot: SnapshotAssertion) -> None:
    async with acquainted(sqlite_url, TurnedClock(SATURDAY, frozen=True)) as (_stage, ana, _ben):
        shown = await with_ben(ana)
        for _time in range(8):
            shown = await met_at_an_event(ana, shown, label=shown.buttons[0])
        assert words(shown) == snapshot(name="a real tie")
        listed = await ana.slash("/circle")
        stopping = await ana.press("Stop keeping it", on=listed)
        assert words(stopping) == snapshot(name="stopping")
        assert words(await ana.press("Delete it for good", on=stopping)) == snapshot(name="stopped")
