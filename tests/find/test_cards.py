"""What finding puts on the screen, whatever members call themselves."""

from datetime import UTC, datetime
from typing import Any

from bot.find.service import Asked, Page, Suggested, Wider
from bot.people.views import MemberView
from cogs.find.cards import found_card, suggestion_lines
from tests.find.reasons import Reason

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NASTY = "**@everyone** [x](https://evil.example) \u202e`code` # big"


def member(number: int, **more: Any) -> MemberView:
    values: dict[str, Any] = {"name": f"Member {number}", "headline": "Grids"} | more
    return MemberView(id=number, community_id=1, person_id=number, joined_at=NOW, **values)


def text(page: Page) -> str:
    view: Any = found_card(page, NOW)
    return str(view.to_components())


def test_hostile_text_stays_text() -> None:
    nasty = member(2, name=NASTY, headline=NASTY, niches=("x",), niche_names=(NASTY,), offers=("sql",))
    asked = Asked((("niche", "x", NASTY),))
    for page in (
        Page(1, NASTY, asked, (nasty,) * 1, older=2),
        Page(1, NASTY, asked, (), wider=(Wider("niche", NASTY, 50, True),)),
    ):
        shown = [one["content"] for one in _texts(found_card(page, NOW))]
        assert shown
        for words in ("**@everyone**", "[x](", "\u202e", "`code`"):
            assert all(words not in content for content in shown), words


def _texts(view: Any) -> list[dict[str, Any]]:
    (box,) = view.to_components()
    return [part for part in box["components"] if "content" in part]


def test_a_full_page_of_the_longest_profiles_fits() -> None:
    long = "W" * 100
    members = tuple(
        member(
            number, name=long, headline="*" * 120, niches=tuple("abcdefghij"), niche_names=("_" * 60,) * 10,
            offers=("sql",), disciplines=("analyst",), stage="booked",
        )
        for number in range(10**17, 10**17 + 5)
    )  # fmt: skip
    asked = Asked((("niche", "a", "_" * 60), ("open", "yes", "yes")))
    shown = text(Page(10**17, long, asked, members, newer=10**17, older=10**17 + 4, alert=True))
    assert shown.count("WWW") >= 5
    assert "find.page:100000000000000000:newer:100000000000000000" in shown
    contents = [one["content"] for one in _texts(found_card(Page(1, long, asked, members), NOW))]
    assert sum(len(content) for content in contents) <= 4000
    assert all("Data analyst" in content for content in contents[2:7])
    assert "at most one DM a day" in contents[7]


def test_widening_says_how_many_and_where_it_stops_counting() -> None:
    asked = Asked((("niche", "energy", "Energy"), ("open", "yes", "yes")))
    shown = text(
        Page(1, "Here", asked, (), wider=(Wider("niche", "Energy", 50, True), Wider("open", "yes", 3, False)))
    )
    assert "Without Energy (50+)" in shown
    assert "Without open for work (3)" in shown
    assert "I can tell you when somebody comes" in text(Page(1, "Here", Asked(), ()))


def test_suggestions_say_two_true_reasons_at_most() -> None:
    me, other = member(1), member(2, niches=("energy", "own"), niche_names=("Energy", "Our niche"))
    reasons = (
        Reason("niche", 160, ("energy", "own")), Reason("gets", 100, ("sql",), 2, 1),
        Reason("gets", 90, ("pricing",), 1, 2), Reason("new", 36),
    )  # fmt: skip
    (block,) = suggestion_lines(me, [Suggested(other, reasons)])
    assert block.splitlines() == [
        "**Member 2** · <@2>", "Grids", "- You share Energy, Our niche.",
        "- Member 2 offers SQL, which you are looking for.",
    ]  # fmt: skip
    rest = (
        Reason("gets", 90, ("pricing",), 1, 2), Reason("senior", 50, ("booked",), 2, 1), Reason("new", 36),
    )  # fmt: skip
    (block,) = suggestion_lines(me, [Suggested(other, rest)])
    assert block.splitlines()[2:] == [
        "- You offer Pricing, which Member 2 is looking for.",
        "- Member 2 is further along and knows the road.",
    ]  # fmt: skip
    mine = (Reason("senior", 50, ("booked",), 1, 2), Reason("peer", 40, ("booked",)))
    (block,) = suggestion_lines(me, [Suggested(other, mine)])
    assert block.splitlines()[2:] == [
        "- You are further along and know the road.", "- You are at a similar point: Booked.",
    ]  # fmt: skip
