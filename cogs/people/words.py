"""The sentences of profiles and zones: what to do when something cannot be done, and the words of a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.text import N_, _
from bot.people import hours

SENTENCES = {
    "empty_text": N_("I need at least one visible letter. Please write a few words."),
    "mention_in_text": N_("Please leave mentions such as @everyone out, so nobody is pinged."),
    "text_too_long": N_("That is {length} characters. Please keep it within {limit}."),
    "choice_unknown": N_("I do not know that choice. Please pick one from the list."),
    "too_many_choices": N_("Up to {limit} fit here. Please drop some."),
    "too_many_skills": N_("Up to {limit} skills fit on each side. Fewer say more; please drop some."),
    "number_needed": N_("Please write a whole number up to {most}, such as 10, or leave it empty."),
    "matches_only": N_("What you enjoy and find hard is never for everyone here. Please choose another."),
    "no_profile": N_(
        "There is no profile to show here. People write theirs with `/profile edit` and choose who sees it."
    ),
    "profile_left": N_("That person is not in this server now, so there is no profile to show."),
    "link_invalid": N_("{kind}: I cannot read that as a web address. One looks like `example.com/me`."),
    "link_wrong_site": N_("{kind}: that address leads to {host}. Please give the page of your own account."),
    "link_too_long": N_("{kind}: that address is longer than {limit} characters. A shorter one will do."),
    "link_unsafe": N_("{kind}: others could not open that address safely. Please give a plain one."),
    "link_characters": N_("{kind}: please leave spaces, brackets and quotation marks out of the address."),
    "link_scheme": N_("{kind}: only web addresses fit here, those that begin with `https://`."),
    "link_login": N_("{kind}: please leave the name and password before the @ out of the address."),
    "link_port": N_("{kind}: please leave the number after the colon out of the address."),
    "link_number": N_("{kind}: please give the name of the site instead of its number."),
    "link_lookalike": N_("{kind}: that address looks like another site's, so others would not trust it."),
    "link_shortener": N_("{kind}: please give the full address, so that others see where it leads."),
    "city_unknown": N_(
        "I do not know the city “{text}”. Did you mean: {suggestions}? If not, a larger city nearby will do."
    ),
    "city_several": N_("“{text}” fits several places, such as {suggestions}. Please name one."),
    "city_nowhere": N_("I do not know “{text}”. Please name a larger city nearby, in the same time zone."),
}

# The one hint a member ever gets about an unfinished profile, by what is missing.
HINTS = {
    "niches": N_("A niche helps me find the right people: `/niche join` names yours."),
    "asks": N_(
        "A word on what you look for helps me find the right people: it is under *Change something else*."
    ),
    "offers": N_("A word on what you can help with helps me find the right people: *Change something else*."),
    "zone": N_("Your city makes every time I name yours: `/profile timezone`."),
    "headline": N_("One line about you helps others see why you two would fit: *Edit* has it."),
}

# Said after a word about the workload, never more than a word.
WORKLOAD = {
    "many_clients": N_("That is a lot of clients at once. Leave an hour for your own business, if you can."),
    "no_hours_open": N_("You are open for work with no hours open. If that is what you mean, all is well."),
}

# Every part of a profile that can be hidden, as the form about it names it.
FIELDS = {
    "headline": N_("Headline"),
    "disciplines": N_("What you do"),
    "stage": N_("Where your business is"),
    "work_mode": N_("How you work"),
    "direction": N_("Where you are heading"),
    "niches": N_("Your niches"),
    "offers": N_("What you can help with"),
    "asks": N_("What you look for help with"),
    "languages": N_("Languages you speak"),
    "open_for_work": N_("That you are open for work"),
    "links": N_("Your links"),
    "comfort": N_("How you like to meet"),
    "local_time": N_("Your local time"),
    "contact_hours": N_("When you are glad to hear from others"),
    "workload": N_("Hours open and clients at present"),
    "enjoys": N_("What you enjoy"),
    "weak": N_("What you find hard"),
}

LINKS = {
    "portfolio": N_("Portfolio"),
    "github": N_("GitHub"),
    "linkedin": N_("LinkedIn"),
    "site": N_("Website"),
}

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
PARTS = {"morning": N_("morning"), "afternoon": N_("afternoon"), "evening": N_("evening")}


def slot_words(slot: str) -> str:
    """Write a part of a week as 'Mon morning'."""
    day, _dash, part = slot.partition("-")
    return f"{_day(day)} {_(PARTS[part])}"


def hours_words(slots: Sequence[str]) -> str:
    """Write the parts of a week in one line: 'Mon–Fri morning, evening · Sun afternoon'."""
    runs: list[tuple[str, str, tuple[str, ...]]] = []
    for day, parts in hours.lines(slots):
        first, last, same = runs[-1] if runs else ("", "", ())
        if same == parts and hours.DAYS.index(last) + 1 == hours.DAYS.index(day):
            runs[-1] = (first, day, parts)
        else:
            runs.append((day, day, parts))
    return " · ".join(
        f"{_day(first)}{f'–{_day(last)}' if last != first else ''} {', '.join(_(PARTS[p]) for p in parts)}"
        for first, last, parts in runs
    )


def _day(day: str) -> str:
    return _(DAYS[hours.DAYS.index(day)])
