"""What the forms of a gig may hold, what one for first-timers pays at least, and that any preview fits."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.edge.items import KithButton
from bot.edge.kit import TEXT_MAX
from bot.gigs import budget, rules
from bot.gigs.budget import Budget
from bot.gigs.rules import Details, Draft, checked, checked_details, skills_in
from bot.gigs.screening import Finding
from bot.gigs.service import GigView, Preview
from bot.gigs.starter import check_starter, load_floors
from bot.people.catalogue import load_catalogue
from cogs.gigs import posting_cards
from tests.gigs.posters import GOOD

SKILLS = {slug: term.name for slug, term in load_catalogue().skills.items()}


def changed(**values: str) -> Draft:
    return Draft(**{name: values.get(name, getattr(GOOD, name)) for name in Draft.__slots__})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "favour"}, "gig_kind"),
        ({"title": "Short"}, "gig_title"),
        ({"title": "x" * 91}, "gig_title"),
        ({"title": "🎉" * 20}, "gig_title_words"),
        ({"description": "Too short to tell."}, "gig_description"),
        ({"description": "word " * 801}, "gig_description"),
        ({"description": "🎉 " * 60}, "gig_description_words"),
        ({"description": "*_~`" * 60}, "gig_description_words"),
        ({"description": "\u200b" * 60}, "gig_description_words"),
        ({"budget": "1 €" + " x" * 200}, "gig_budget_length"),
        ({"terms": "energy, " * 30}, "gig_terms"),
    ],
)
def test_a_form_that_says_too_little_or_too_much_is_refused(values: dict[str, str], code: str) -> None:
    with pytest.raises(KithError) as refused:
        checked(changed(**values))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "description",
    [
        "x" * rules.DESCRIPTION_MAX,
        "需要一个人来为能源公司建立日前预测模型并编写测试和简短的报告，两周内完成，请说明您做过的类似工作。",
    ],
)
def test_long_descriptions_and_those_without_spaces_are_fine(description: str) -> None:
    assert checked(changed(description=f"  {description}\n")).description == description


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_details_are_tidied_or_refused(skills: str, hours: str, apply: str) -> None:
    try:
        clean = checked_details(Details(skills, hours, "", apply))
    except KithError as refused:
        assert refused.code == "gig_details"  # noqa: PT017 - either ending is right
    else:
        assert (len(clean.skills), len(clean.hours), len(clean.apply)) <= (200, 60, 300)
        assert clean == checked_details(clean)


@pytest.mark.parametrize(
    ("typed", "found", "strange"),
    [
        ("Python, SQL", ["python", "sql"], []),
        ("python; PYTHON", ["python"], []),
        ("forcasting, R", ["forecasting", "r"], []),
        ("A/B tests and experiments, UX/UI design", ["experimentation", "ux-design"], []),
        ("kafka, sql", ["sql"], ["kafka"]),
        ("", [], []),
        (" , ;", [], []),
    ],
)
def test_skills_are_found_by_what_was_typed(typed: str, found: list[str], strange: list[str]) -> None:
    assert skills_in(SKILLS, typed) == (found, strange)


def test_every_skill_is_found_by_its_own_name() -> None:
    assert skills_in(SKILLS, ", ".join(SKILLS.values())) == (list(SKILLS), [])


@given(st.text(max_size=200))
def test_any_typed_skills_are_known_or_named(typed: str) -> None:
    found, strange = skills_in(SKILLS, typed)
    assert set(found) <= set(SKILLS)
    assert all(part and part in typed for part in strange)


# --- first-timers ------------------------------------------------------------------------------------


def paying(amount: str, currency: str = "EUR", per: str = "hour") -> Budget:
    return Budget(Decimal(amount), Decimal(amount) * 2, currency, per)


@pytest.mark.parametrize(
    "paid", [paying("15"), paying("90", per="day"), paying("60", per="project"), paying("400", "INR")]
)
def test_the_lower_end_of_a_starters_budget_reaches_the_floor(paid: Budget) -> None:
    check_starter(paid)
    with pytest.raises(KithError, match="gig_starter_floor"):
        check_starter(Budget(paid.low - Decimal("0.01"), paid.high, paid.currency, paid.per))


def test_a_currency_without_a_floor_takes_any_budget() -> None:
    assert "LAK" not in load_floors().an_hour
    check_starter(paying("1", "LAK"))


def test_every_floor_belongs_to_a_currency_that_budgets_know_and_every_unit_has_hours() -> None:
    floors = load_floors()
    assert set(floors.an_hour) <= {code.upper() for code in budget._CODES}
    assert set(floors.hours) == {"hour", "day", "week", "month", "project"}
    assert all(least > 0 for least in floors.an_hour.values())


# --- what the preview shows --------------------------------------------------------------------------


def full_preview(state: str) -> Preview:
    """A preview in which everything is as long as it may be, in characters that must be escaped."""
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    finding = Finding("fee", 5, "It asks the person who applies to pay something. " * 3, "*" * 120)
    gig = GigView(
        id=1, community_id=1, community_name="*" * 100, person_id=1, name="*" * 100, kind="hire",
        title="*" * rules.TITLE_MAX, description="*" * rules.DESCRIPTION_MAX, budget="*" * rules.BUDGET_MAX,
        terms="*" * rules.TERMS_MAX, niches=("energy",) * 8, niche_names=("Energy and utilities",) * 8,
        state=state, score=9, findings=(finding,) * 12, channel_id=None, message_id=None, created_at=noon,
        expires_at=noon, low=100, high=10**13, currency="EUR", per="project", skills=tuple(SKILLS),
        hours="*" * rules.HOURS_MAX, length="*" * rules.LENGTH_MAX, apply="*" * rules.APPLY_MAX, starter=True,
        change="*" * 300,
    )  # fmt: skip
    return Preview(gig, "held", noon, None, (10**12, 10**13), ("*" * 40,) * 30)


def words_of(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


@pytest.mark.parametrize("state", ["draft", "change"])
def test_the_longest_preview_fits_and_ends_with_its_last_line(state: str) -> None:
    view = posting_cards.preview(full_preview(state))
    text = words_of(view)
    assert len(text) <= TEXT_MAX
    assert "see this" in text.splitlines()[-1]
    assert "I read the budget as" in text
    labels = [item.item.label for item in view.walk_children() if isinstance(item, KithButton)]
    assert labels[:3] == ["Publish", "Edit words", "Edit details"]
