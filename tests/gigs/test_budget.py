"""A budget is read the way people write it; what is not money is refused with a reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.gigs.budget import LARGEST, Budget, find_budget, parse_budget


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
        ("1.500,50 €", "1500.5 EUR per project"),
        ("1 500,50 €", "1500.5 EUR per project"),
        ("1\u202f500 €", "1500 EUR per project"),
        ("1,500.50 USD", "1500.5 USD per project"),
        ("1.234.567,89 EUR", "1234567.89 EUR per project"),
        ("1.500 €", "1500 EUR per project"),
        ("12.50 USD/hr", "12.5 USD per hour"),
        ("12,50 €/h", "12.5 EUR per hour"),
        ("₹40,000", "40000 INR per project"),
        ("1,50,000 INR", "150000 INR per project"),
        ("₹1.5 lakh a month", "150000 INR per month"),
        ("CHF 1'200", "1200 CHF per project"),
        ("CHF 1’200.–", "1200 CHF per project"),
        ("80,- €/Std", "80 EUR per hour"),
        ("R$ 5 mil", "5000 BRL per project"),
        ("10 tys. zł", "10000 PLN per project"),
        ("3 000 Kč", "3000 CZK per project"),
        ("5 тыс. руб. в месяц", "5000 RUB per month"),
        ("5万円", "50000 JPY per project"),
        ("2,5k €", "2500 EUR per project"),
        ("1.5M NGN", "1500000 NGN per project"),
        ("~500 €", "500 EUR per project"),
        ("80 ~ 120 €/h", "80–120 EUR per hour"),
        ("50+ €/h", "50 EUR per hour"),
        ("$150 for one hour", "150 USD per hour"),
        ("$150 for an hour of advice", "150 USD per hour"),
        ("€400 for a day", "400 EUR per day"),
        ("$150 for 10 hours", "150 USD per project"),
        ("$150 for 1-2 hours", "150 USD per project"),
        ("$150 for a one-hour call", "150 USD per project"),
        ("up to $50/hr", "50 USD per hour"),
        ("$60-$80/hr", "60–80 USD per hour"),
        ("between 500 and 700 EUR", "500–700 EUR per project"),
        ("€2.000 pauschal", "2000 EUR per project"),
        ("Stundensatz 90 €", "90 EUR per hour"),
        ("80 € die Stunde", "80 EUR per hour"),
        ("90 € HT de l'heure", "90 EUR per hour"),
        ("TJM 450 €", "450 EUR per day"),
        ("450 €/j", "450 EUR per day"),
        ("2.000 € al mes", "2000 EUR per month"),
        ("1500 zł/dzień", "1500 PLN per day"),
        ("£35 p/h", "35 GBP per hour"),
        ("£250pd", "250 GBP per day"),
        ("700 USD weekly", "700 USD per week"),
        ("CA$100/h", "100 CAD per hour"),
        ("HK$ 800 per day", "800 HKD per day"),
        ("500 EUR / negotiable", "500 EUR per project"),
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
        ("500 kr", "gig_budget_currency"),
        ("0-50 €/h", "gig_budget_amount"),
        ("-50 €/h", "gig_budget_amount"),
        ("999999999999 €", "gig_budget_amount"),
        ("paid in exposure worth 500 EUR", "gig_budget_unpaid"),
        ("commission only, up to 5000 EUR", "gig_budget_equity"),
        ("0.5% equity", "gig_budget_equity"),
        ("tokens", "gig_budget_equity"),
        ("prize money: 500 EUR", "gig_budget_contest"),
        ("the best design wins $500", "gig_budget_contest"),
        ("$500 in USDT", "gig_budget_crypto"),
        ("0.5 BTC", "gig_budget_crypto"),
        ("60k EUR per year", "gig_budget_unit"),
        ("₹12 lakh p.a.", "gig_budget_unit"),
        ("annual salary 60k USD", "gig_budget_unit"),
        ("0.05 USD per word", "gig_budget_unit"),
        ("25 €/article", "gig_budget_unit"),
    ],
)
def test_what_is_not_money_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(KithError) as refused:
        parse_budget(text)
    assert refused.value.code == code
    assert refused.value.values["example"]


@pytest.mark.parametrize(
    "text", ["25 € per article, ten of them", "60k EUR per year", "We pay 0.05 USD per word."]
)
def test_a_pasted_offer_may_name_its_pay_in_any_unit(text: str) -> None:
    assert find_budget(text) is not None


@pytest.mark.parametrize("text", ["", "great exposure", "the winner of our contest gets $500"])
def test_a_pasted_offer_without_pay_has_none(text: str) -> None:
    assert find_budget(text) is None


AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999"), places=2)
UNITS = st.sampled_from(["hour", "day", "week", "month", "project"])


@given(AMOUNTS, AMOUNTS, st.sampled_from(["EUR", "USD", "GBP", "INR", "CHF", "JPY"]), UNITS)
def test_a_budget_written_out_is_read_back(one: Decimal, two: Decimal, currency: str, per: str) -> None:
    budget = Budget(min(one, two), max(one, two), currency, per)
    assert parse_budget(str(budget)) == budget


SIGNS = st.sampled_from(
    [("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("₹", "INR"), ("CHF", "CHF"), ("R$", "BRL")]
)
SHORT = {"hour": "/h", "day": " a day", "week": " per week", "month": " monthly", "project": " fixed"}


def grouped(amount: int, mark: str) -> str:
    return f"{amount:,}".replace(",", mark)


@given(
    st.integers(1, 999_999_999), st.integers(0, 99), SIGNS, UNITS,
    st.sampled_from([(".", ","), (",", "."), (" ", ","), ("\u202f", ","), ("'", "."), ("’", "."), ("", ".")]),
    st.booleans(),
)  # fmt: skip
def test_every_locale_writes_the_same_amount(
    whole: int, cents: int, sign: tuple[str, str], per: str, marks: tuple[str, str], before: bool
) -> None:
    number = f"{grouped(whole, marks[0])}{marks[1]}{cents:02}"
    text = f"{sign[0]} {number}" if before else f"{number} {sign[0]}"
    exact = Decimal(whole) + Decimal(cents) / 100
    assert parse_budget(text + SHORT[per]) == Budget(exact, exact, sign[1], per)


@given(
    st.integers(1, 999), st.integers(1, 999), SIGNS, UNITS, st.sampled_from(["-", "–", " to ", " — ", "~"])
)
def test_a_range_is_read_smaller_end_first(
    one: int, two: int, sign: tuple[str, str], per: str, dash: str
) -> None:
    read = parse_budget(f"{one}{dash}{two} {sign[0]}{SHORT[per]}")
    assert (read.low, read.high) == (min(one, two), max(one, two))
    assert (read.currency, read.per) == (sign[1], per)


@given(st.integers(1, 9999), st.integers(0, 9), SIGNS, st.sampled_from(["k", "K", " k", " thousand"]))
def test_thousands_are_thousands(whole: int, tenth: int, sign: tuple[str, str], scale: str) -> None:
    for mark in ".,":
        read = parse_budget(f"{sign[0]}{whole}{mark}{tenth}{scale}")
        assert read.low == read.high == whole * 1000 + tenth * 100


@given(
    st.integers(1, 10**6), SIGNS, st.sampled_from(["contest", "winner gets", "prize of", "equity only or"])
)
def test_no_number_saves_what_is_no_pay(amount: int, sign: tuple[str, str], words: str) -> None:
    with pytest.raises(KithError, match=r"gig_budget_(contest|equity)"):
        parse_budget(f"{words} {sign[0]}{amount}")


@given(st.text(max_size=200) | st.text("0123456789.,'–-€$k /%husdeur", max_size=60))
def test_any_text_gives_a_budget_or_a_reason(text: str) -> None:
    try:
        budget = parse_budget(text)
    except KithError as refused:
        assert refused.code.startswith("gig_budget_")  # noqa: PT017 - either ending is right
    else:
        assert 0 < budget.low <= budget.high <= LARGEST
        assert parse_budget(str(budget)) == budget
