"""What is handed to screening besides the text, odd texts, hostile texts, and the list of phishing sites."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.gigs.screening import MAX_TEXT, load_phishing, load_rules, screen, with_phishing

load_rules()  # once, outside of what is timed
CORPUS = Path(__file__).parent / "corpus" / "tuning.toml"
PLAIN = "Forecast demand for a bakery chain in Python. 80 €/h."
SLOW = (
    "pay fee ",
    "you must ",
    "telegram @",
    "$ 5 ",
    "no ",
    "a-a",
    "t e l e ",
    "\n- ",
    "[a](https://b.c/",
    "x.y.",
)


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_new_account_alone_never_stops_a_gig(account: int, member: int) -> None:
    assert screen(PLAIN + " Urgent!", account_days=account, member_days=member).verdict == "live"


def test_high_pay_alone_never_stops_a_gig_and_adds_to_other_signs() -> None:
    assert screen(PLAIN, pay_ratio=50.0).verdict == "live"
    assert screen(PLAIN, pay_ratio=2.0).findings == ()
    assert screen(PLAIN, pay_ratio=50.0, account_days=1).verdict == "queue"


def test_a_text_near_a_removed_one_is_stopped_and_one_near_an_open_one_is_not() -> None:
    assert screen(PLAIN, similar="refused").verdict == "queue"
    assert screen(PLAIN, similar="open").verdict == "live"
    assert screen(PLAIN, similar="open", repeat="refused").score == screen(PLAIN, repeat="refused").score


@pytest.mark.parametrize(
    "text",
    [
        "🎨🎨🎨 🚀 💶",
        "",
        "x" * 4000,
        "WE NEED A SENIOR SQL PERSON FOR TWO WEEKS. BUDGET 3,000 EUR. INVOICE AT THE END.",
        "مطلوب محلل بيانات لتطوير نموذج تنبؤ بالمبيعات، 40 دولار في الساعة",
        "דרוש אנליסט נתונים לחברת ביטוח, 200 ₪ לשעה, חוזה וחשבונית",
        "\u202eabc\u202c",
        "ＦＵＬＬ ＷＩＤＴＨ",
    ],
)  # fmt: skip
def test_unusual_texts_are_read_like_any_other(text: str) -> None:
    assert screen(text).verdict == "live"


@pytest.mark.parametrize(
    "dressed",
    [
        "PLEASE PAY THE REGISTRATION FEE OF $30 BEFORE YOU START",
        "Pl3ase p4y the r3gistration f33 of $30 bef0re you start",
        "𝐏𝐥𝐞𝐚𝐬𝐞 𝐩𝐚𝐲 𝐭𝐡𝐞 𝐫𝐞𝐠𝐢𝐬𝐭𝐫𝐚𝐭𝐢𝐨𝐧 𝐟𝐞𝐞 of $30",
        "ᴘʟᴇᴀꜱᴇ ᴘᴀʏ ᴛʜᴇ ʀᴇɢɪꜱᴛʀᴀᴛɪᴏɴ ꜰᴇᴇ of $30",
        "Please p\u200bay the regi\u00adstration fee of $30",
        "Please pаy thе rеgistrаtion fее of $30",
    ],
)
def test_dressing_up_does_not_help(dressed: str) -> None:
    assert screen(dressed).verdict == "held"


def test_the_quote_is_what_was_written() -> None:
    text = "Hello. Please pаy the REGISTRATION fee now. Bye."
    quotes = [finding.quote for finding in screen(text).findings if finding.rule == "pay_to_work"]
    assert quotes
    assert quotes[0] in text


def test_a_language_is_heard_beside_english() -> None:
    text = "Data entry project. Bitte überweise vorab die Anmeldegebühr von 30 €. Thanks and see you soon!"
    assert screen(text).verdict == "held"


def test_the_operators_list_of_phishing_sites(tmp_path: Path) -> None:
    path = tmp_path / "sites.txt"
    path.write_text("# fresh\nbad.example\n0.0.0.0 www.Worse.example # hosts\n\n", encoding="utf-8")
    sites = load_phishing(path)
    assert sites == {"bad.example", "worse.example"}
    book = with_phishing(load_rules(), sites)
    assert screen("See https://docs.bad.example/x", book=book).verdict == "held"
    assert screen("See https://notbad.example/x", book=book).verdict == "live"
    assert screen("See https://docs.bad.example/x").verdict == "live"


@pytest.mark.parametrize("piece", SLOW)
def test_no_text_makes_screening_run_away(piece: str) -> None:
    """Twice the text costs about twice the time; a pattern that runs away would take four times and more."""
    screen(PLAIN)
    half, whole = (piece * MAX_TEXT)[: MAX_TEXT // 2], (piece * MAX_TEXT)[:MAX_TEXT]
    assert min(_seconds(whole) for _ in range(3)) < 8 * min(_seconds(half) for _ in range(3)) + 0.05


def test_nothing_but_scams_in_many_languages_costs_little_more_than_plain_work() -> None:
    """Five times as much where nothing else runs; `make bench` tells the milliseconds."""
    texts = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["text"]
    scams = [entry["text"] for entry in texts if not entry["honest"]]
    whole = "\n".join(scams[::-1])[:MAX_TEXT]
    assert len(whole) == MAX_TEXT
    plain = (PLAIN * MAX_TEXT)[:MAX_TEXT]
    assert min(_seconds(whole) for _ in range(5)) < 10 * min(_seconds(plain) for _ in range(5))


@given(st.text(alphabet="pay fe$1@.,:-\n/tme", max_size=600))
@example("pay " * 150)
def test_hostile_texts_end_with_an_answer(text: str) -> None:
    result = screen(text)
    assert 0 <= result.score <= sum(finding.weight for finding in result.findings)


def _seconds(text: str) -> float:
    start = time.perf_counter()
    screen(text)
    return time.perf_counter() - start
