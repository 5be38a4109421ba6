"""How a profile reads: its lines, its fields, and a sentence for everything that may be said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import KithError
from bot.people import hours, rules
from bot.people.catalogue import load_catalogue
from bot.people.links import KINDS, checked_link
from bot.people.service import ProfileEdit
from bot.people.visibility import DEFAULTS, seen_by
from cogs.people.cards import MORE, profile_card, profile_lines
from cogs.people.fields import ProfileFields
from cogs.people.words import HINTS, LINKS, SENTENCES, WORKLOAD, hours_words, slot_words
from tests.people.test_visibility import FULL, NOW

WORDS = load_catalogue()


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        (hours.DEFAULT, "Mon–Fri morning, afternoon, evening · Sat–Sun afternoon"),
        (("mon-morning",), "Mon morning"),
        (("mon-morning", "wed-morning"), "Mon morning · Wed morning"),
        (("mon-morning", "tue-morning", "tue-evening"), "Mon morning · Tue morning, evening"),
        (("sun-evening", "mon-evening", "sat-evening"), "Mon evening · Sat–Sun evening"),
    ],
)
def test_hours_read_as_one_line(slots: tuple[str, ...], words: str) -> None:
    assert hours_words(slots) == words


def test_all_slots_have_words_of_their_own() -> None:
    assert slot_words("sun-afternoon") == "Sun afternoon"
    assert len({slot_words(slot) for slot in hours.SLOTS}) == 21


def test_hidden_parts_leave_no_line() -> None:
    hidden = replace(FULL, visibility=tuple(dict.fromkeys(DEFAULTS, "nobody").items()))
    assert profile_lines(seen_by(hidden, "matches"), WORDS, NOW) == []
    lines = "\n".join(profile_lines(seen_by(FULL, "members"), WORDS, NOW))
    assert "Grids" in lines
    assert "Likes to meet by" not in lines
    for part in DEFAULTS:
        seen = "\n".join(profile_lines(replace(FULL, open_until=NOW + timedelta(days=1)), WORDS, NOW, {part}))
        assert seen, f"{part} is never shown"


def test_a_communitys_own_names_are_harmless() -> None:
    view = replace(FULL, niches=("own",), niche_names=("**x** @everyone <@1>",))
    (line,) = profile_lines(view, WORDS, NOW, {"niches"})
    assert "**x**" not in line
    assert "@everyone" not in line
    assert "<@1>" not in line


def test_the_fullest_profile_fits_on_a_card() -> None:
    skills = tuple(WORDS.skills)[: rules.SKILLS_MAX]
    view = replace(
        FULL,
        name="N" * 100,
        headline="*" * rules.HEADLINE_MAX,
        disciplines=tuple(WORDS.disciplines)[: rules.DISCIPLINES_MAX],
        offers=skills,
        asks=skills,
        enjoys=skills,
        weak=skills,
        niche_names=("_" * 60,) * rules.NICHES_MAX,
        languages=tuple(WORDS.languages)[: rules.LANGUAGES_MAX],
        contact_hours=tuple(slot for slot in hours.SLOTS if slot != "wed-morning"),
        links=tuple((kind, f"https://{kind}.dev/" + "x" * 180) for kind in reversed(KINDS)),
        open_until=NOW + timedelta(days=1),
    )
    for mine in (True, False):
        card = profile_card(view, WORDS, NOW, mine=mine, extra=["**Vouched for** by Ben"])
        shown: list[Any] = list(card.walk_children())
        texts = "".join(getattr(item, "content", "") for item in shown)
        urls = [item.url for item in shown if getattr(item, "url", None)]
        assert len(shown) <= 40
        assert len(texts) <= 4000
        assert texts.count("Finds hard") == 1
        assert "Vouched for" in texts
        assert [url.split("//")[1].split(".")[0] for url in urls] == list(KINDS)


def test_every_hint_and_word_has_its_sentence() -> None:
    bare = replace(FULL, niches=(), asks=(), offers=(), zone=None, headline="")
    given = []
    full: dict[str, Any] = {
        "niches": ("energy",),
        "asks": ("sql",),
        "offers": ("sql",),
        "zone": "UTC",
        "headline": "x",
    }
    for part, value in full.items():
        given.append(rules.hint_for(bare))
        bare = replace(bare, **{part: value})
    assert given == list(HINTS)
    assert rules.hint_for(bare) is None
    said = {
        rules.word_for(
            replace(FULL, clients=clients, hours_open=0),
            ProfileEdit(workload=(0, clients)),
            open_for_work=True,
        )
        for clients in (0, 4)
    }
    assert said == set(WORKLOAD)


def test_every_refused_link_has_its_sentence() -> None:
    sites = ["ftp://a.dev", "https://a:b@a.dev", "a.dev:81", "127.0.0.1", "g1thub.com/a", "bit.ly/a"]
    refused = [*sites, "a(b).dev", "two words", "word", "a.dev/" + "x" * 300]
    for text in refused:
        with pytest.raises(KithError) as found:
            checked_link("site", text)
        why = found.value.values.get("why")
        code = f"link_{why}" if why else found.value.code
        assert "{kind}" in SENTENCES[code], text
    assert tuple(LINKS) == KINDS


def test_the_fields_of_a_profile_fit_into_forms() -> None:
    make = ProfileFields(WORDS)
    fields = [
        make.headline(FULL, {}),
        make.disciplines(FULL, {}),
        make.stage(FULL, {}),
        make.work_mode(FULL, {}),
        make.direction(FULL, {}),
        make.comfort(FULL, {}),
        make.languages(FULL, {}),
        make.contact_hours(FULL, {}),
        make.skills("offers", "You can help with", "core", FULL, {}),
    ]
    for field in fields:
        assert len(field.text) <= 45
        assert len(field.about or "") <= 100
        assert field.name in ProfileEdit.__slots__
    ticked = [option["value"] for option in _options(fields[-1]) if option.get("default")]
    assert ticked == ["sql"]
    hard = make.skills("weak", "You find hard", "business", FULL, {"weak": ["pricing"]})
    assert [option["value"] for option in _options(hard) if option.get("default")] == ["pricing"]


def test_the_menu_leads_to_forms_of_the_profile() -> None:
    assert {form for _name, _hint, form, _state in MORE.values()} == {
        "profile.skills", "profile.meet", "profile.work", "profile.links", "profile.seen",
    }  # fmt: skip


def _options(field: Any) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = field.label().to_component_dict()["component"]["options"]
    return options
