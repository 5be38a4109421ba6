"""The record: who did what, in words, a page at a time; each community its own."""

import re
from pathlib import Path

from bot.community import modules
from bot.community.service import CommunityService, SetupEdit
from bot.community.views import Entry
from bot.core.clock import TurnedClock
from bot.core.store import Store
from bot.edge.kit import safe
from bot.people.service import PeopleService, Who
from cogs.community.audit_cards import entry_line
from cogs.community.words import ACTIONS

MIA = Who(1, "Data Collective", 10, "Mia")


async def test_what_moderators_do_is_written_down_and_what_changes_nothing_is_not(
    store: Store, clock: TurnedClock
) -> None:
    community = CommunityService(store, clock, PeopleService(store, clock))
    await community.configure(MIA, SetupEdit(city="Lisbon", lobby=5, panel=9))
    await community.configure(MIA, SetupEdit(city="Lisbon", lobby=5))
    await community.start(MIA)
    await community.start(MIA)
    await community.pause(MIA)
    await community.pause(MIA)
    await community.resume(MIA)
    await community.use_modules(MIA, ["gigs"])
    await community.use_modules(MIA, ["gigs"])
    found = await community.audit.page(MIA)
    assert [(one.action, one.detail) for one in reversed(found.entries)] == [
        ("setup.changed", "city lobby panel"),
        ("started", ""),
        ("paused", ""),
        ("resumed", ""),
        ("modules.changed", "-introductions -checkins -digest"),
    ]
    assert {one.actor_id for one in found.entries} == {10}
    elsewhere = await community.audit.page(Who(2, "Elsewhere", 10, "Mia"))
    assert elsewhere.entries == ()


async def test_pages_hold_ten_and_beyond_the_last_is_the_last(store: Store, clock: TurnedClock) -> None:
    community = CommunityService(store, clock, PeopleService(store, clock))
    for _time in range(6):
        await community.pause(MIA)
        await community.resume(MIA)
    first, last = await community.audit.page(MIA, 0), await community.audit.page(MIA, 10**18)
    assert (len(first.entries), first.page, first.pages) == (10, 0, 2)
    assert (len(last.entries), last.page) == (2, 1)
    assert last.entries[-1].action == "paused"


def test_every_entry_reads_as_a_sentence(clock: TurnedClock) -> None:
    def said(action: str, detail: str = "", about: str = "", actor: int | None = 10) -> str:
        return entry_line(Entry(clock.now(), actor, "Mia", action, detail, about)).partition("> ")[2]

    assert said("setup.changed", "city lobby") == "**Mia** <@10> changed the setup: city, lobby"
    changed = said("modules.changed", "+gigs -checkins")
    assert changed.endswith("what Kith does here: Gig board on, Check-ins and pods off")
    assert said("member.barred", "*spam*", "Ana").endswith("closed Kith for Ana: \\*spam\\*")
    assert said("member.unbarred", "", "").endswith("for someone who is gone again")
    assert said("started", actor=None) == "someone who deleted themselves pressed Start"
    assert said("left", actor=None) == "Kith was removed from the server"
    assert said("brand.new", "x") == "**Mia** <@10> brand.new"
    assert all(one in modules.NAMES for one in modules.MODULES)
    assert said("gigs.channel.add", "<#5>").endswith("put a channel on the gig board: <#5>")
    assert said("gigs.channel.add", "<@&5>").endswith("board: " + safe("<@&5>", 20))
    assert said("report.settled", "talked").endswith("settled a report: talked with the member")
    assert "niche.roles" not in said("niche.roles", "from 3")


def test_every_action_that_the_code_writes_down_has_words() -> None:
    written = re.compile(r'"((?:gigs\.channel|niche|round|member|digest|holidays|panel|report)\.[a-z]+)"')
    root = Path(__file__).parents[2] / "bot"
    noted = {
        found
        for path in root.rglob("*.py")
        if ".note(" in (text := path.read_text()) or "_note(" in text
        for call in re.findall(r"note\((?:[^()]|\([^()]*\))*\)", text)
        for found in written.findall(call)
    }
    assert {"gigs.channel.add", "niche.roles", "member.barred", "digest.on"} <= noted
    assert noted <= set(ACTIONS)
