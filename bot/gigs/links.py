"""Looks at where the links in a text lead, by their address alone. Pure; nothing is ever fetched."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.gigs.folding import ALIEN, skeleton, visible

_FULL = re.compile(r"(?i)(?:h(?:tt|xx)ps?://|\bwww\.)[^\s<>\"]+")
_BARE = re.compile(r"(?i)(?<![@\w./-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?![\w@])(?:/[^\s<>\"]*)?")
_MARKDOWN = re.compile(r"\[([^\[\]\n]{1,200})\]\(<?(https?://[^\s()<>]{1,400})>?\)")
_NAMED = re.compile(r"(?i)(?<![@\w.-])(?:[\w-]{1,63}\.){1,6}(?:com|org|io|gg|me|dev|app)(?![\w.])")
_TRAIL = ".,;:!?)]}'*_"
_FIGURES = str.maketrans("01345", "oleas")


@dataclass(frozen=True, slots=True)
class LinkLists:
    """The names of sites that the link rules know, from the seeds."""

    messengers: frozenset[str]
    invites: frozenset[str]
    shorteners: frozenset[str]
    downloads: frozenset[str]
    bait: frozenset[str]
    imitated: frozenset[str]
    genuine: frozenset[str]
    risky: frozenset[str]
    phishing: frozenset[str] = frozenset()
    """Known phishing sites; the operator may hand in more."""


def link_findings(text: str, lists: LinkLists) -> Iterator[tuple[str, str]]:
    """Yield (rule, link) for every link that deserves a word."""
    clean = unicodedata.normalize("NFC", visible(text))
    for shown, target in _MARKDOWN.findall(clean):
        if _hides(shown, target):
            yield "lookalike_link", f"[{shown}]({target})"
    full = [match.group().rstrip(_TRAIL) for match in _FULL.finditer(clean)]
    rest = _FULL.sub(" ", clean)
    bare = [match.group().rstrip(_TRAIL) for match in _BARE.finditer(rest)]
    for written in full + bare:
        for rule in _judge(written, written in full, lists):
            yield rule, written


def _hides(shown: str, target: str) -> bool:
    """Whether the words of a link name one site and the link leads to another."""
    named = _FULL.search(shown) or _NAMED.search(shown)  # "Node.js" is no site
    if not named:
        return False
    first, second = _site(named.group().rstrip(_TRAIL)), _site(target)
    return bool(first and second) and _main_label(first) != _main_label(second)


def _with_parents(site: str) -> set[str]:
    """A host and the domains it belongs to."""
    labels = site.split(".")
    return {".".join(labels[place:]) for place in range(len(labels))}


def _site(written: str) -> str:
    """The host of an address as it was written, "" when it has none."""
    address = re.sub(r"(?i)^hxxp", "http", written)
    try:
        host = urlsplit(address if "://" in address else "//" + address).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def _judge(written: str, is_full: bool, lists: LinkLists) -> Iterator[str]:
    address = re.sub(r"(?i)^hxxp", "http", written)
    try:
        parts = urlsplit(address if "://" in address else "//" + address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        yield "odd_link"
        return
    site = host.removeprefix("www.")
    if not lists.phishing.isdisjoint(_with_parents(site)):
        yield "phishing_link"
    if "@" in parts.netloc:
        yield "lookalike_link"
    if site in lists.messengers:
        yield "off_platform"
    if site in lists.shorteners and parts.path.strip("/"):  # to speak of bit.ly is no crime
        yield "short_link"
    if site in lists.invites or (site + parts.path).startswith(tuple(lists.invites)):
        yield "invite_link"
    extension = parts.path.rpartition("/")[2].rpartition(".")[2].lower()
    if extension in lists.downloads and "/" in parts.path and (is_full or "/" in written):
        yield "download_link"
    yield from _judge_host(site, lists)


def _judge_host(site: str, lists: LinkLists) -> Iterator[str]:
    if _is_public_ip(site):
        yield "odd_link"
    elif _imitates(site, lists):
        yield "lookalike_link"
    elif any(label.startswith("xn--") for label in site.split(".")):
        yield "odd_link"


def _is_public_ip(host: str) -> bool:
    try:
        address = ipaddress.ip_address(int(host) if host.isdecimal() and host.isascii() else host)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_private)


def _imitates(site: str, lists: LinkLists) -> bool:
    """Whether a host only looks like, or borrows the name of, a site that people trust."""
    shown = _decoded(site)
    if _mixes_alphabets(shown):
        return True
    if any(shown == real or shown.endswith("." + real) for real in lists.imitated | lists.genuine):
        return False
    if any(f".{real}." in f".{shown}." for real in lists.imitated):
        return True
    brands = {real.partition(".")[0] for real in lists.imitated}
    parts = set(_main_label(shown).split("-"))
    if parts & brands and (parts & lists.bait or shown.rpartition(".")[2] in lists.risky):
        return True
    if shown.rpartition(".")[2] in lists.risky and brands.intersection(re.split(r"[.-]", shown)):
        return True
    misread = {_misread(brand) for brand in brands}
    return any(part not in brands and _misread(part) in misread for part in parts)


def _mixes_alphabets(shown: str) -> bool:
    """Whether look-alikes stand among Latin letters, or make up a whole name before a Latin ending."""
    name, _, ending = shown.rpartition(".")
    letters = [char for char in name if char.isalpha()]
    if not any(char in ALIEN for char in letters):
        return False
    return any(char.isascii() for char in letters) or (
        ending.isascii() and all(char in ALIEN for char in letters)
    )


def _decoded(site: str) -> str:
    """The host as a browser may show it."""
    labels = []
    for label in site.split("."):
        try:
            labels.append(label[4:].encode().decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


def _main_label(host: str) -> str:
    """The label before the ending: "shop" of shop.co.uk and of www.shop.com."""
    labels = host.split(".")
    if (
        len(labels) > len("xy")
        and len(labels[-1]) == len("uk")
        and labels[-2] in {"co", "com", "ac", "gov", "org", "net"}
    ):
        return labels[-3]
    return labels[-2] if len(labels) > 1 else host


def _misread(label: str) -> str:
    """What a hasty eye takes a name for: the same for "paypal" and "paypa1", "linkedin" and "linkedln"."""
    plain = re.sub(r"(.)\1{2,}", r"\1\1", skeleton(label)).translate(_FIGURES)
    return plain.replace("rn", "m").replace("vv", "w").replace("i", "l")
