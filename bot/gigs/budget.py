"""Reads a budget the way people write one, and refuses what is not money.

Pure. Libraries read "80–120" as 80 or miss "2k", so this is a small parser of our own. It finds the first
amount that stands beside a currency, takes a range when one is there, and looks for the unit next to it
before anywhere else, so that "€1,500 fixed, about 20 hours a week" is a project and not an hourly rate.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.core.errors import KithError

MAX_TEXT = 4000
_GROUP = 3  # figures between two marks for thousands
LARGEST = Decimal("1000000000")
EXAMPLE = "80–120 €/h"
_CENT = Decimal("0.01")

_CODES = (  # noqa: SIM905 - fifty codes read better as words
    "usd eur gbp inr cad aud nzd chf sek nok dkk pln czk huf ron bgn isk try uah rub ils aed sar qar egp zar"
    " ngn kes"
    " ghs mad tnd jpy cny krw twd hkd sgd myr idr php thb vnd pkr bdt lkr npr brl mxn ars clp cop pen uyu"
).split()
_WORDS = {
    "us$": "USD", "usd$": "USD",
    "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "s$": "SGD",
    "hk$": "HKD", "r$": "BRL", "mx$": "MXN",
    "$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "₩": "KRW",
    "₽": "RUB", "₺": "TRY",
    "₴": "UAH", "₪": "ILS", "₱": "PHP", "₦": "NGN", "₫": "VND", "฿": "THB", "zł": "PLN",
    "dollars": "USD", "dollar": "USD",
    "bucks": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "quid": "GBP",
    "rupees": "INR", "rs.": "INR", "rs": "INR", "francs": "CHF", "yen": "JPY", "reais": "BRL", "zloty": "PLN",
    "eur.": "EUR", "sterling": "GBP", "fr.": "CHF", "sfr.": "CHF", "sfr": "CHF", "franken": "CHF",
    "złotych": "PLN", "kč": "CZK", "kc": "CZK", "ft": "HUF", "forint": "HUF", "lei": "RON",
    "руб.": "RUB", "руб": "RUB", "рублей": "RUB", "р.": "RUB", "грн": "UAH", "евро": "EUR", "долларов": "USD",
    "円": "JPY", "元": "CNY", "원": "KRW", "dhs": "AED", "reales": "BRL", "dólares": "USD", "dólar": "USD",
    "rand": "ZAR", "naira": "NGN",
} | {code: code.upper() for code in _CODES}  # fmt: skip
_SCALES = {"k": 1_000, "к": 1_000, "thousand": 1_000, "grand": 1_000, "tsd.": 1_000, "tsd": 1_000,
           "tausend": 1_000, "mil": 1_000, "mille": 1_000, "tys.": 1_000, "tys": 1_000, "тыс.": 1_000,
           "тыс": 1_000,
           "m": 1_000_000, "mn": 1_000_000, "mln": 1_000_000, "mio.": 1_000_000, "mio": 1_000_000,
           "million": 1_000_000, "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "lacs": 100_000,
           "crore": 10_000_000, "crores": 10_000_000, "千": 1_000, "万": 10_000, "만": 10_000}  # fmt: skip
_UNITS = {
    "hour": "hours?|hrs?|hr|h|std|stunden?|heures?|horas?|hora|ore|ora|uur|godz|godzin[aęy]|час|timme|timmen",
    "day": "days?|d|tag|tage|tages|jours?|journée|j|d[ií]as?|giorno|dag|dzień|dzien|день",
    "week": "weeks?|wks?|w|wochen?|semaines?|semanas?|settimana|tydzień|неделю",
    "month": "months?|mths?|mth|mo|monate?|mois|mes|mês|mese|maand|miesiąc|miesiac|месяц|m",
    "project": "projects?|projekt|projet|proyecto|gig|job|engagement|deliverable|milestone|report|dashboard",
}
_ALONE = {
    "hour": r"hourly|p/h|ph|p\. ?h\.?|stundensatz|stundenlohn|taux horaire",
    "day": "daily|day ?rate|p/d|pd|per diem|tjm|tagessatz",
    "week": "weekly|p/w|pw|wöchentlich",
    "month": "monthly|p/m|pm|pcm|retainer|monatlich|mensuel|mensual(?:es)?",
    "project": "fixed|flat|total|lump ?sum|one[- ]off|all[- ]in|overall|in full|budget cap"
    "|pauschal|festpreis|forfait|fijo|fixo",
}


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest first; none is the beginning of a longer word."""
    ordered = sorted(words, key=len, reverse=True)
    letter = r"(?![^\W\d_])"  # ideographs stand side by side
    return "(?:" + "|".join(
        re.escape(word) + (letter if word[-1].isalpha() and word[-1] < "\u2e80" else "") for word in ordered
    ) + ")"  # fmt: skip


_CUR, _SCALE = _any_of(_WORDS), _any_of(_SCALES)
_NUM = r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,6}){0,4}"
_AMOUNT = (
    rf"(?:(?<![a-z])(?P<pre{{n}}>{_CUR}) ?)?(?<![\d.,])(?P<num{{n}}>{_NUM})"
    rf"(?: ?(?P<scale{{n}}>{_SCALE}))?(?! ?%)(?: ?(?P<post{{n}}>{_CUR}))?"
)
_MONEY = re.compile(
    _AMOUNT.replace("{n}", "1") + "(?: ?(?:-|to|until|bis|and|à) ?" + _AMOUNT.replace("{n}", "2") + ")?"
)
_CODE_AND_SIGN = re.compile(rf"\b({'|'.join(_CODES)}) ?[$€£]")
_UNIT_BEFORE_CURRENCY = re.compile(rf"(?<=[\dkm])( ?(?:/|per) ?[a-z]{{1,9}}) ({_CUR})")
_UNIT_SAID_TWICE = re.compile(
    rf" ?(?:/|per) ?[a-z]{{1,9}}(?= ?(?:-|to) ?{_CUR}? ?\d[^ ]* ?{_CUR}? ?(?:/|per) ?[a-z])"
)
_ABOUT = re.compile(r"(?:^|(?<![\d\s]))\s*[~≈]")
_NO_CENTS = re.compile(r"(?<=\d)[.,]--?(?!\d)|(?<=[\dk])\+")
_DASHES = re.compile(r"[‐‑‒–—―−~]")
_MINUS = re.compile(r"(?:^|[ (:])-$")
_AMOUNT_OF_TIME = re.compile(
    r"\d+(?: ?- ?\d+)? ?(?:hours?|hrs?|h|days?) ?(?:/|a|per|each|every) ?(?:day|week|wk|month|mo)\w*"
)
_EACH = (
    r"(?:/|per|an?|each|every|by the|the|pro|die|der|je|par|de l'|à l'|por|al|a la|la|il|all'|na|za|за|в|op"
    r"|p\.)"
)
_FOR_ONE = r"for (?:an?|one|1|each|every)(?! ?[-\d])"
_YEAR = re.compile(
    rf" ?(?:{_EACH} ?(?:years?|yr|y|annum|jahr|an|année|año|ano|anno|rok|год)\b|p\.? ?a\b|lpa\b|yearly|annual"
    "|jährlich)"
)
_TAXED = re.compile(
    r"^ ?(?:ttc|ht|brutto|netto|net|gross|(?:plus|excl\.?|incl\.?|\+) ?vat|zzgl\.? mwst\.?)\b\.?"
)
_OF_A_YEAR = re.compile(r"\b(?:annual|yearly|jahresgehalt)[a-z :]*$")
_PIECE = re.compile(
    r" ?(?:per (?!cent\b)[a-z]{2,}|/ ?(?:words?|pages?|images?|items?|articles?|pieces?|rows?|records?|sales?"
    r"|leads?|clicks?|tasks?|hires?|posts?|label|annotation)\b)"
)
_CONTEST = re.compile(
    r"\b(?:contests?|competition|prizes?|winners?|wettbewerb|concours|concurso|spec work"
    r"|best (?:entry|submission|solution|design|one))\b"
)
_CRYPTO = re.compile(r"\b(?:btc|bitcoins?|eth|ether(?:eum)?|usdt|usdc|tether|xmr|dai|solana|crypto\w*)\b")
_SHARE_ONLY = re.compile(
    r"\b(?:equity|shares?|stock|tokens?|rev(?:enue)?[- ]?share|commissions?|profit[- ]shar\w+)[ -]only\b"
    r"|\bonly (?:in )?(?:equity|shares|stock|tokens|commissions?)\b"
)
_EXPOSURE = re.compile(r"\b(?:worth of|in|as|for) exposure\b|\bexposure (?:worth|instead)\b")
_EQUITY = re.compile(
    r"\b(?:equity|shares?|stock|tokens?|rev(?:enue)?[- ]?share|commissions?"
    r"|profit[- ]shar\w+|percent|stake)\b|%"
)
_UNPAID = re.compile(
    r"\b(?:exposure|portfolio|experience|volunteer\w*|unpaid|pro bono|(?:for )?free"
    r"|testimonial|reference|credit|nothing)\b"
)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a gig pays: both ends of the range (equal for one number), ISO currency, and per what."""

    low: Decimal
    high: Decimal
    currency: str
    per: str

    def __str__(self) -> str:
        """Plain text that `parse_budget` reads back to the same budget."""
        ends = _plain(self.low) if self.low == self.high else f"{_plain(self.low)}–{_plain(self.high)}"
        return f"{ends} {self.currency} per {self.per}"


def parse_budget(text: str) -> Budget:
    """Read a budget; raise KithError `gig_budget_…` with an example when no amount of money is in it."""
    clean = _fold(text)
    for code, said in (
        ("gig_budget_contest", _CONTEST),
        ("gig_budget_equity", _SHARE_ONLY),
        ("gig_budget_unpaid", _EXPOSURE),
        ("gig_budget_crypto", _CRYPTO),
    ):
        if said.search(clean):
            raise KithError(code, example=EXAMPLE)
    return _read(clean)


def find_budget(text: str) -> Budget | None:
    """The first budget named anywhere in a longer text, None when there is none; any unit will do."""
    clean = _fold(text)
    try:
        return None if _CONTEST.search(clean) else _read(clean, picky=False)
    except KithError:
        return None


def _read(clean: str, picky: bool = True) -> Budget:
    found, bare = _first_money(clean)
    if found is None:
        raise _why_not(clean, bare)
    low, high = _ends(found)
    if _MINUS.search(clean[: found.start()]) or not 0 < low <= high <= LARGEST:
        raise KithError("gig_budget_amount", example=EXAMPLE)
    currency, per = _currency(found), _per(clean, found)
    if per is None and picky:
        raise KithError("gig_budget_unit", example=EXAMPLE)
    return Budget(low, high, currency, per or "project")


def _fold(text: str) -> str:
    """Lower case, one kind of dash and space, nothing invisible."""
    wide = unicodedata.normalize("NFKC", text[:MAX_TEXT])
    seen = "".join(char for char in wide if unicodedata.category(char) not in {"Cf", "Mn"})
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in seen)
    plain = _ABOUT.sub(" ", " ".join(digits.lower().split())).strip()
    line = _NO_CENTS.sub("", _DASHES.sub("-", plain)).replace("\\", "/")
    line = _UNIT_BEFORE_CURRENCY.sub(r" \2\1", _CODE_AND_SIGN.sub(r"\1 ", line))
    return _UNIT_SAID_TWICE.sub("", line)


def _first_money(clean: str) -> tuple[re.Match[str] | None, bool]:
    """The first amount beside a currency, and whether any bare number was seen on the way."""
    bare = False
    for match in _MONEY.finditer(clean):
        if any(match[name] for name in ("pre1", "post1", "pre2", "post2")):
            return match, bare
        bare = True
    return None, bare


def _why_not(clean: str, bare: bool) -> KithError:
    if _EQUITY.search(clean):
        return KithError("gig_budget_equity", example=EXAMPLE)
    if _UNPAID.search(clean):
        return KithError("gig_budget_unpaid", example=EXAMPLE)
    return KithError("gig_budget_currency" if bare else "gig_budget_missing", example=EXAMPLE)


def _currency(found: re.Match[str]) -> str:
    """The one currency named; the sign "$" gives way to a code such as CAD written beside it."""
    names = {_WORDS[found[name]] for name in ("pre1", "post1", "pre2", "post2") if found[name]}
    signs = {found[name] for name in ("pre1", "post1", "pre2", "post2") if found[name]}
    if "$" in signs and len(names) > 1 and all(name.endswith("D") or name == "MXN" for name in names):
        names.discard("USD")
    if len(names) != 1:
        raise KithError("gig_budget_two_currencies", example=EXAMPLE)
    return names.pop()


def _ends(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Both ends, smaller first; "1–2k" means thousands on both sides, "800–1.2k" does not."""
    first, last = found["num1"], found["num2"]
    if last is None:
        one = _number(first, found["scale1"])
        return one, one
    scale = found["scale1"]
    if (
        scale is None
        and found["scale2"]
        and _number(first, found["scale2"]) <= _number(last, found["scale2"])
    ):
        scale = found["scale2"]
    ends = sorted((_number(first, scale), _number(last, found["scale2"])))
    return ends[0], ends[1]


def _number(text: str, scale: str | None) -> Decimal:
    """A number; three digits after a lone mark are thousands unless a "k" follows."""
    digits = re.sub(r"[ '’]", "", text)
    marks = [char for char in digits if char in ".,"]
    if marks and _last_mark_is_decimal(digits, marks, scale):
        whole, _, rest = digits.rpartition(marks[-1])
        digits = re.sub(r"[.,]", "", whole) + "." + rest
    else:
        digits = re.sub(r"[.,]", "", digits)
    value = Decimal(digits) * _SCALES.get(scale or "", 1)
    return value.quantize(_CENT) if value < LARGEST * 10 else LARGEST * 10


def _last_mark_is_decimal(digits: str, marks: list[str], scale: str | None) -> bool:
    tail = len(digits) - 1 - max(digits.rfind("."), digits.rfind(","))
    if len(set(marks)) > 1:
        return marks.count(marks[-1]) == 1
    if len(marks) > 1:
        return False
    return tail != _GROUP or scale is not None or digits.startswith("0")


def _per(clean: str, found: re.Match[str]) -> str | None:
    """The unit: right after the amount, else right before it, else anywhere, else the whole project.

    None for a year or a piece of work: no gig here is counted in those.
    """
    after, before = _TAXED.sub("", clean[found.end() :]), clean[: found.start()]
    if _YEAR.match(after) or _OF_A_YEAR.search(before):
        return None
    for per, words in _UNITS.items():
        if re.match(rf" ?(?:{_EACH}|{_FOR_ONE}) ?(?:1 ?)?(?:{words})\b", after):
            return per
    if _PIECE.match(after):
        return None
    for per, words in _ALONE.items():
        if re.match(rf"[ ,(/-]*(?:{words})\b", after) or re.search(
            rf"\b(?:{words})(?: ?(?:rate|price|fee|budget))?[ :=(-]*$", before
        ):
            return per
    rest = _AMOUNT_OF_TIME.sub(" ", before + " | " + after)
    for per, words in _UNITS.items():
        if re.search(rf"(?:/ ?|\bper )(?:{words})\b|\b(?:{_ALONE[per]})\b", rest):
            return per
    return "project"


def _plain(value: Decimal) -> str:
    """A number without needless zeros, with a point only for real decimals."""
    return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
