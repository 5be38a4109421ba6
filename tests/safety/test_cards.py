"""The cards that show a person carry *Report*, and name things as members know them."""

from dataclasses import replace
from datetime import UTC, datetime

from discord import ui

from bot.gigs.views import GigView, InterestOutcome, InterestView
from bot.intros.scoring import Reason
from bot.intros.views import CardView, OutcomeView
from bot.people.views import MemberView
from cogs.gigs import board_cards, pitch_cards
from cogs.intros import cards as intro_cards

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def member(number: int, name: str, **profile: object) -> MemberView:
    return MemberView(number, 1, number + 10, name, NOW, **profile)  # type: ignore[arg-type]


ANA = member(1, "Ana", niches=("energy", "wind-parks"), niche_names=("Energy", "Wind parks"))
BEN = member(
    2, "Ben", niches=("wind-parks",), niche_names=("Wind parks",), disciplines=("analyst", "data-engineer"),
    stage="booked", offers=("pricing",), headline="*Grids*",
)  # fmt: skip
CARD = CardView(
    seat_id=5, community_name="Here", me=ANA, others=(BEN,), form="text",
    reasons=(Reason("niche", 3, ("wind-parks",)),), slots=(), number=1, created_at=NOW, outcome=None,
    next_at=None,
)  # fmt: skip
GIG = GigView(
    id=9, community_id=1, community_name="Here", person_id=11, name="Ana", kind="hire", title="Forecast",
    description="A model.", budget="80 €/h", terms="", niches=(), state="live", score=0, findings=(),
    channel_id=None, message_id=None, created_at=NOW, expires_at=NOW,
)  # fmt: skip


def words(view: ui.LayoutView | None) -> str:
    assert view is not None
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def reports(view: ui.LayoutView | ui.View | None) -> list[tuple[str, str]]:
    """The *Report* buttons of a card: label and what the form gets to know."""
    assert view is not None
    found = [getattr(item, "item", item) for item in view.walk_children()]
    mark = "k:form.open:safety.report:"
    return [
        (item.label or "", item.custom_id.removeprefix(mark))
        for item in found
        if isinstance(item, ui.Button) and (item.custom_id or "").startswith(mark) and item.custom_id
    ]


def test_an_introduction_can_be_reported_on_every_card_that_names_the_other() -> None:
    one = [("Report", "intro:2:5")]
    assert reports(intro_cards.intro_card(CARD, NOW)) == one
    assert reports(intro_cards.ask_card(CARD)) == one
    noted = OutcomeView(5, "met", True, ("Ben",), CARD)
    for place in ("card", "ask"):
        assert reports(intro_cards.outcome_card(noted, NOW, place)) == one
    cleo = member(3, "Cleo\n**x**")
    trio = intro_cards.intro_card(replace(CARD, others=(BEN, cleo)), NOW)
    assert reports(trio) == [("Report Ben", "intro:2:5"), ("Report Cleo **x**", "intro:3:5")]


def test_an_introduction_names_the_communitys_own_niches_and_all_disciplines() -> None:
    text = words(intro_cards.intro_card(CARD, NOW))
    assert "You share Wind parks." in text
    assert "wind-parks" not in text
    assert "Data analyst, Data engineer" in text


def test_a_niche_that_somebody_left_keeps_its_name_from_the_seeds() -> None:
    seed = replace(CARD, me=member(1, "Ana"), reasons=(Reason("niche", 3, ("energy",)),))
    assert "You share Energy" in words(intro_cards.intro_card(seed, NOW))


def test_gigs_can_be_reported_by_each_side() -> None:
    poster, applicant = [("Report", "gig:1-11:9")], [("Report", "pitch:2:7")]
    assert reports(board_cards.board_post(GIG).legacy_view) == poster
    assert reports(board_cards.board_post(replace(GIG, state="filled")).legacy_view) == poster
    waiting = InterestView(7, GIG, BEN, "Me!", "waiting")
    assert reports(pitch_cards.asked(waiting, 11)) == applicant
    done = replace(waiting, state="accepted")
    assert reports(pitch_cards.answered(InterestOutcome(done, changed=True))) == applicant
    assert reports(pitch_cards.accepted(done, 11)) == applicant
    assert reports(pitch_cards.accepted(done, 12)) == poster
    assert (
        reports(pitch_cards.answered(InterestOutcome(replace(waiting, state="declined"), changed=True))) == []
    )


def test_a_pitch_names_what_the_applicant_does() -> None:
    text = words(pitch_cards.asked(InterestView(7, GIG, BEN, "Me!", "waiting"), 11))
    for name in ("\\*Grids\\*", "Data engineer", "Wind parks"):
        assert name in text
    for slug in ("data-engineer", "wind-parks", "booked\n"):
        assert slug not in text


def test_ids_of_the_largest_accounts_fit() -> None:
    largest = replace(GIG, id=2**40, community_id=2**63 - 1, person_id=2**63 - 1)
    ((_label, address),) = reports(board_cards.board_post(largest).legacy_view)
    assert len(f"f:safety.report:{address}:{'x' * 12}") <= 100
