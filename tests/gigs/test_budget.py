"""A budget is read the way people write it; what is not money is refused with a reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.gigs.budget import Budget, parse_budget


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("80–120 €/h", "80–120 EUR per hour"),
        ("$1.5k fixed", "1500 USD per project"),
        ("£300 a day", "300 GBP per day"),
        ("2k USD", "2000 USD per project"),
        ("INR 40,000 per month", "40000 INR per month"),
        ("1-2k usd", "1000–2000 USD per project"),
        ("800-1.2k €", "800–1200 EUR per project"),
        ("€1,500 fixed, about 20 hours a week", "1500 EUR per project"),
        ("1.500,50 € pro Tag", "1500.5 EUR per day"),
        ("CAD $90 to $110 hourly", "90–110 CAD per hour"),
        ("Hourly rate: 80 EUR", "80 EUR per hour"),
        ("R$ 200/h", "200 BRL per hour"),
        ("2 lakh INR / month", "200000 INR per month"),
        ("from 60 to 80 euros an hour", "60–80 EUR per hour"),
        ("3k/mo USD", "3000 USD per month"),
        ("20 hours a week at 70 EUR/h", "70 EUR per hour"),
        ("80 €/h - 120 €/h", "80–120 EUR per hour"),
        ("1 500 € par jour", "1500 EUR per day"),
        ("120-80 chf per day", "80–120 CHF per day"),
        ("2k USD plus 0.5% equity", "2000 USD per project"),
        ("\u200b８０ €\u200b / h", "80 EUR per hour"),
    ],
)
def test_a_budget_is_read(text: str, read: str) -> None:
    assert str(parse_budget(text)) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gig_budget_missing"),
        ("competitive", "gig_budget_missing"),
        ("great exposure", "gig_budget_unpaid"),
        ("unpaid at first", "gig_budget_unpaid"),
        ("equity only", "gig_budget_equity"),
        ("10% of revenue", "gig_budget_equity"),
        ("$500 for the winner of our contest", "gig_budget_contest"),
        ("80", "gig_budget_currency"),
        ("0 USD", "gig_budget_amount"),
        ("€80–$100", "gig_budget_two_currencies"),
    ],
)
def test_what_is_not_money_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(KithError) as refused:
        parse_budget(text)
    assert refused.value.code == code
    assert refused.value.values["example"]


AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999"), places=2)
UNITS = st.sampled_from(["hour", "day", "week", "month", "project"])


@given(AMOUNTS, AMOUNTS, st.sampled_from(["EUR", "USD", "GBP", "INR", "CHF", "JPY"]), UNITS)
def test_a_budget_written_out_is_read_back(one: Decimal, two: Decimal, currency: str, per: str) -> None:
    budget = Budget(min(one, two), max(one, two), currency, per)
    assert parse_budget(str(budget)) == budget


@given(st.text(max_size=200) | st.text("0123456789.,'–-€$k /%husdeur", max_size=60))
def test_any_text_gives_a_budget_or_a_reason(text: str) -> None:
    try:
        budget = parse_budget(text)
    except KithError as refused:
        assert refused.code.startswith("gig_budget_")  # noqa: PT017 - either ending is right
    else:
        assert 0 < budget.low <= budget.high
