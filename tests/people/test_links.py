"""The links of a profile: one shape, and nothing that leads astray."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import KithError
from bot.people.links import KINDS, LINK_MAX, SHOWN_MAX, checked_link, shown

ANY_KIND = st.sampled_from(KINDS)
PIECES = st.sampled_from(
    ["https://", "http://", "www.", "ana.dev", "GitHub.com", "linkedin.com", "in/", "/", "//", "/../", "?",
     "#", "@", ":", ".", "%", "%2e", "%41", "é", "ß", "ｇ", "octocat", "ana-silva", "a=b&c", "xn--", "1", " ",
     "<", ")", "]", "\\", "`", "\u200b", "\u202e", "~", "_", "+", "!", ";", "8080", "[::1]", "127.0.0.1"]
)  # fmt: skip
ADDRESSES = st.one_of(st.text(max_size=60), st.lists(PIECES, min_size=1, max_size=8).map("".join))


def refusal(kind: str, text: str) -> KithError:
    with pytest.raises(KithError) as refused:
        checked_link(kind, text)
    return refused.value


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("site", "ana.dev", "https://ana.dev"),
        ("site", "  http://Ana.Dev./ \n", "https://ana.dev"),
        ("site", "HTTPS://www.ana.dev/?#", "https://www.ana.dev"),
        ("site", "<https://ana.dev/>", "https://ana.dev"),
        ("site", "ana.dev/?page=2#top", "https://ana.dev/?page=2#top"),
        ("site", "ana.dev/?next=https://other.dev", "https://ana.dev/?next=https://other.dev"),
        ("site", "ana.dev/a/../b", "https://ana.dev/b"),
        ("portfolio", "https://medium.com/@ana", "https://medium.com/@ana"),
        ("portfolio", "ana.dev/trabalho/josé", "https://ana.dev/trabalho/jos%C3%A9"),
        ("portfolio", "https://octocat.github.io/maps/", "https://octocat.github.io/maps/"),
        ("portfolio", "https://uni.edu/~ana_silva", "https://uni.edu/~ana_silva"),
        ("portfolio", "https://github.com/octocat/work", "https://github.com/octocat/work"),
        ("github", "octocat", "https://github.com/octocat"),
        ("github", "@octo-cat", "https://github.com/octo-cat"),
        ("github", "github.com/octocat", "https://github.com/octocat"),
        ("github", "http://www.GitHub.com/Octocat/?tab=repositories", "https://github.com/Octocat"),
        ("linkedin", "in/ana-silva", "https://linkedin.com/in/ana-silva"),
        ("linkedin", "/in/ana-silva/", "https://linkedin.com/in/ana-silva"),
        ("linkedin", "https://www.linkedin.com/in/ana-silva?trk=x", "https://linkedin.com/in/ana-silva"),
        ("linkedin", "pt.linkedin.com/in/ana-silva/en", "https://linkedin.com/in/ana-silva"),
        ("linkedin", "linkedin.com/in/josé", "https://linkedin.com/in/jos%C3%A9"),
    ],
)
def test_an_address_is_brought_into_one_shape(kind: str, typed: str, kept: str) -> None:
    assert checked_link(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "host"),
    [
        ("github", "https://gitlab.com/octocat", "gitlab.com"),
        ("github", "octocat.github.io", "octocat.github.io"),
        ("github", "https://gist.github.com/octocat", "gist.github.com"),
        ("github", "github.com", "github.com"),
        ("github", "github.com/octocat/repo", "github.com"),
        ("github", "github.com/octo--cat", "github.com"),
        ("github", "linkedin.com/in/ana", "linkedin.com"),
        ("linkedin", "https://linkedin.com/company/acme", "linkedin.com"),
        ("linkedin", "linkedin.com/in/", "linkedin.com"),
        ("linkedin", "in/", "linkedin.com"),
        ("linkedin", "https://notlinkedin.com/in/ana", "notlinkedin.com"),
        ("linkedin", "github.com/octocat", "github.com"),
    ],
)
def test_an_account_has_to_be_on_the_site_of_its_kind(kind: str, typed: str, host: str) -> None:
    error = refusal(kind, typed)
    assert (error.code, error.values) == ("link_wrong_site", {"kind": kind, "host": host})


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("https://ana.dev/a b", "characters"), ("https://ana.dev/(x)", "characters"),
        ("https://ana.dev/[x]", "characters"), ("https://[::1]/", "characters"),
        ("https:\\\\ana.dev", "characters"), ("https://ana.dev/\u202egpj", "characters"),
        ("https://ana.dev/\u200b", "characters"),
        ("https://a\nna.dev", "characters"),
        ("https://ana.dev/`x`", "characters"), ("https://ana.dev/**x**", "characters"),
        ("ftp://ana.dev", "scheme"), ("javascript:alert", "scheme"), ("discord://ana.dev", "scheme"),
        ("data:text/html,x", "scheme"), ("https:ana.dev", "scheme"),
        ("https://google.com@ana.dev", "login"), ("https://ana:secret@ana.dev", "login"),
        ("ana:secret@ana.dev", "login"), ("https://@ana.dev", "login"),
        ("https://ana.dev:8443/", "port"), ("https://ana.dev:443/", "port"), ("localhost:3000", "port"),
        ("127.0.0.1", "number"), ("http://8.8.8.8/x", "number"),
        ("0x7f.1", "number"), ("2130706433", "number"),
        ("https://xn--80ak6aa92e.com", "lookalike"), ("https://аpple.com", "lookalike"),
        ("https://ｇithub.com", "lookalike"), ("https://münchen.de", "lookalike"),
        ("g1thub.com", "lookalike"), ("https://paypa1.com/me", "lookalike"), ("rnicrosoft.com", "lookalike"),
        ("github-login.com", "lookalike"), ("github.com.ana.dev", "lookalike"),
        ("https://a.xn--p1ai", "lookalike"), ("https://ana%E3%80%82dev", "lookalike"),
        ("bit.ly/abc", "shortener"), ("https://www.tinyurl.com/abc", "shortener"),
        ("https://t.co./a", "shortener"),
    ],
)  # fmt: skip
def test_what_could_lead_astray_is_refused(typed: str, why: str) -> None:
    error = refusal("site", typed)
    assert (error.code, error.values) == ("link_unsafe", {"kind": "site", "why": why})


@pytest.mark.parametrize(
    "typed", ["", "  ", "<>", "hello", "ana@mail.com", "@ana", "//ana.dev", "-ana.dev", "a..dev", "a_b.dev", "https://"]
)  # fmt: skip
def test_what_is_no_address_is_asked_for_again(typed: str) -> None:
    error = refusal("portfolio", typed)
    assert (error.code, error.values) == ("link_invalid", {"kind": "portfolio"})


def test_a_link_may_be_long_but_not_endless() -> None:
    longest = "https://ana.dev/" + "a" * (LINK_MAX - len("https://ana.dev/"))
    assert checked_link("site", longest) == longest
    for typed in (longest + "a", "ana.dev/" + "a" * (LINK_MAX - len("ana.dev/")), "ana.dev/" + "é" * 50):
        error = refusal("site", typed)
        assert (error.code, error.values) == ("link_too_long", {"kind": "site", "limit": LINK_MAX})


def test_a_kind_nobody_offered_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        checked_link("fax", "ana.dev")


@pytest.mark.parametrize(
    ("kind", "url", "label"),
    [
        ("github", "https://github.com/octocat", "github.com/octocat"),
        ("linkedin", "https://linkedin.com/in/" + "a" * 50, "linkedin.com/in/" + "a" * 50),
        ("site", "https://www.ana.dev/?page=2#top", "ana.dev"),
        ("portfolio", "https://medium.com/@ana", "medium.com/@ana"),
        ("portfolio", "https://ana.dev/" + "a" * 50, "ana.dev/" + "a" * 31 + "…"),
    ],
)
def test_a_label_is_short_but_never_names_somebody_else(kind: str, url: str, label: str) -> None:
    assert shown(kind, url) == label


@given(ANY_KIND, ADDRESSES)
@example("github", "@octocat")
@example("linkedin", "in/é%")
@example("site", "ana.dev//%2e%2e//x?#")
def test_what_is_kept_is_safe_and_checking_again_changes_nothing(kind: str, typed: str) -> None:
    try:
        kept = checked_link(kind, typed)
    except KithError as error:
        refused = error.code in {"link_invalid", "link_unsafe", "link_wrong_site", "link_too_long"}
        kept = "" if refused else error.code
    if kept == "":
        return
    assert kept.startswith("https://")
    assert kept.isascii()
    assert kept.isprintable()
    assert len(kept) <= LINK_MAX
    assert not set(kept) & set(" <>()[]`\\")
    assert checked_link(kind, kept) == kept
    label = shown(kind, kept)
    assert label
    assert kind in {"github", "linkedin"} or len(label) <= SHOWN_MAX


@given(
    ANY_KIND, st.text("abcxyz019-", min_size=1, max_size=20), st.sampled_from("<>()[]{}`\\ \n\t\x00\u200b")
)
def test_no_address_with_a_breaking_character_inside_is_kept(kind: str, name: str, bad: str) -> None:
    assert refusal(kind, f"https://ana.dev/{name}{bad}{name}").code == "link_unsafe"
