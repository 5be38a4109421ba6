"""The links of a profile: in one shape, and only those safe to show. Nothing is ever fetched."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from functools import lru_cache

from pydantic import HttpUrl, TypeAdapter, ValidationError

from bot.core.errors import KithError
from bot.people.catalogue import SEEDS

KINDS = ("portfolio", "github", "linkedin", "site")
LINK_MAX = 200  # characters: real addresses of people are far shorter, tracking links are not
SHOWN_MAX = 40  # characters of a label: one line on a phone

_URL = TypeAdapter(HttpUrl)
_BREAKS = frozenset("<>()[]{}\\`|*^\"'")  # end a Markdown link early, or dress it up
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z]{{2,24}}")
_HANDLE = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")  # GitHub: 39 letters, figures, single hyphens
_NAME = re.compile(r"[\w%-]{2,150}", re.ASCII)  # LinkedIn: also other alphabets, which arrive encoded
_OWN = re.compile(r"(?:www\.)?github\.com|(?:(?:www|m|[a-z]{2})\.)?linkedin\.com")
_FIGURES = (str.maketrans("01345", "oleas"), str.maketrans("01345", "oieas"))
_BRANDS = ("github", "linkedin")


def checked_link(kind: str, text: str) -> str:
    """Return the https address that is kept for what a member typed; checking it again changes nothing.

    Args:
        kind: one of `KINDS`.
        text: an address, with or without its scheme; for GitHub a handle does, for LinkedIn `in/name`.

    Raises:
        KithError: `link_invalid` (kind), `link_wrong_site` (kind, host), `link_too_long` (kind, limit),
            or `link_unsafe` (kind, why: characters, scheme, login, port, number, lookalike, shortener).
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of link: {kind}")
    typed = _unwrapped(text)
    if len(typed) > LINK_MAX:
        raise KithError("link_too_long", kind=kind, limit=LINK_MAX)
    if any(char in _BREAKS or char.isspace() or not char.isprintable() for char in typed):
        raise KithError("link_unsafe", kind=kind, why="characters")
    url = _parsed(kind, _rest(kind, _spelled_out(kind, typed)))
    link = _at_home(kind, url) if kind in _BRANDS else _address(url)
    if len(link) > LINK_MAX:
        raise KithError("link_too_long", kind=kind, limit=LINK_MAX)
    return link


def shown(kind: str, url: str) -> str:
    """Return the short label of a checked link, such as `github.com/octocat`; still to be made safe."""
    label = re.split(r"[?#]", url.removeprefix("https://").removeprefix("www."))[0].rstrip("/")
    # Cut short, the name of an account would be somebody else's.
    if kind in _BRANDS or len(label) <= SHOWN_MAX:
        return label
    return label[: SHOWN_MAX - 1] + "…"


def _unwrapped(text: str) -> str:
    """Drop the angle brackets with which people on Discord keep a preview away."""
    text = text.strip()
    return text[1:-1] if text.startswith("<") and text.endswith(">") else text


def _spelled_out(kind: str, typed: str) -> str:
    if kind == "github" and _HANDLE.fullmatch(typed.removeprefix("@")):
        return f"github.com/{typed.removeprefix('@')}"
    if kind == "linkedin" and re.match("/?in/", typed):
        return f"linkedin.com/{typed.removeprefix('/')}"
    return typed


def _rest(kind: str, address: str) -> str:
    """Return the address without its scheme, which has to be a web one."""
    scheme, separator, rest = address.partition("://")
    if not separator or re.search("[/?#]", scheme):
        scheme, rest = "", address
    if scheme.lower() not in {"", "http", "https"}:
        raise KithError("link_unsafe", kind=kind, why="scheme")
    host = re.split("[/?#]", rest)[0]
    if "@" in host and (scheme or ":" in host):
        raise KithError("link_unsafe", kind=kind, why="login")
    if ":" in host:
        raise KithError("link_unsafe", kind=kind, why="port" if re.search(r":\d*$", host) else "scheme")
    # Without a scheme, an @ is that of an e-mail address or a handle, and no trick.
    if not host or "@" in host:
        raise _invalid(kind)
    if not host.isascii() or "%" in host:
        raise KithError("link_unsafe", kind=kind, why="lookalike")
    return rest


def _parsed(kind: str, rest: str) -> HttpUrl:
    try:
        url = _URL.validate_python(f"https://{rest}")
    except ValidationError:
        raise _invalid(kind) from None
    host = _host(url)
    if _is_number(host):
        raise KithError("link_unsafe", kind=kind, why="number")
    if any(label.startswith("xn--") for label in host.split(".")) or _imitates(host):
        raise KithError("link_unsafe", kind=kind, why="lookalike")
    if not _HOST.fullmatch(host):
        raise _invalid(kind)
    if host.removeprefix("www.") in _site_names()["shorteners"]:
        raise KithError("link_unsafe", kind=kind, why="shortener")
    return url


def _at_home(kind: str, url: HttpUrl) -> str:
    """Return the address of an account on the site of its kind."""
    host, segments = _host(url), [each for each in (url.path or "").split("/") if each]
    if _OWN.fullmatch(host) and f"{kind}.com" in host:
        if kind == "github" and len(segments) == 1 and _HANDLE.fullmatch(segments[0]):
            return f"https://github.com/{segments[0]}"
        # What follows the name is a tab or a language of the same page.
        if kind == "linkedin" and segments[:1] == ["in"] and _NAME.fullmatch("".join(segments[1:2])):
            return f"https://linkedin.com/in/{segments[1]}"
    raise KithError("link_wrong_site", kind=kind, host=host)


def _address(url: HttpUrl) -> str:
    query = f"?{url.query}" if url.query else ""
    fragment = f"#{url.fragment}" if url.fragment else ""
    path = url.path or "/"
    if path == "/" and not query and not fragment:
        path = ""
    return f"https://{_host(url)}{path}{query}{fragment}"


def _host(url: HttpUrl) -> str:
    return (url.host or "").removesuffix(".")


def _is_number(host: str) -> bool:
    # The parser has already written 0x7f.1 and 2130706433 as 127.0.0.1.
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _imitates(host: str) -> bool:
    """Whether a host borrows a name people trust: `g1thub.com`, `github-login.com`, `github.com.ana.dev`."""
    sites = _site_names()
    if any(f".{real}." in f".{host}" for real in sites["imitated"]):
        return True
    brands = {real.partition(".")[0] for real in sites["imitated"]}
    return any(_borrows(label, brands, sites["bait"]) for label in host.split(".")[:-1])


def _borrows(label: str, brands: set[str], bait: frozenset[str]) -> bool:
    words = set(label.split("-"))
    if words & brands and words & bait:
        return True
    return label not in brands and not brands.isdisjoint(_read_as(label))


def _read_as(label: str) -> set[str]:
    """What a hasty reader takes a name for."""
    forms = {label.translate(table) for table in _FIGURES}
    return forms | {form.replace("rn", "m").replace("vv", "w") for form in forms}


@lru_cache(maxsize=1)
def _site_names() -> dict[str, frozenset[str]]:
    """The sites that the screening of gigs knows: one list for the whole house."""
    with (SEEDS / "screening.toml").open("rb") as file:
        return {name: frozenset(sites) for name, sites in tomllib.load(file)["links"].items()}


def _invalid(kind: str) -> KithError:
    return KithError("link_invalid", kind=kind)
