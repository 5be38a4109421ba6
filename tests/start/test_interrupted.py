"""Closed forms, restarts, two presses, two devices: a newcomer goes on where they were."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.people.service import ProfileEdit, Who
from bot.people.views import MemberView
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import held_values, restarted
from tests.stage import Stage
from tests.start.helpers import ABOUT, LISBON, founded, menu_of, panel, to_niches, to_value

Act = Callable[[Member], Awaitable[Screen]]


async def profile(stage: Stage, member: Member) -> MemberView:
    return await stage.app.people.mine(Who(stage.guild.id, stage.guild.name, member.id, member.name))


async def join(member: Member) -> Screen:
    return await member.press("Join", on=panel(member))


async def send_form(member: Member) -> Screen:
    return await member.submit(ABOUT)


async def choose(member: Member) -> Screen:
    assert member.screen is not None
    return await member.choose("Choose one or more", [menu_of(member.screen).options[0].label])


async def ask_city(member: Member) -> Screen:
    return await member.press("Go on: my city")


async def send_city(member: Member) -> Screen:
    return await member.submit(LISBON)


async def confirm(member: Member) -> Screen:
    return await member.press("Yes")


async def introduce(member: Member) -> Screen:
    return await member.press("Introduce me")


STEPS: tuple[Act, ...] = (join, send_form, choose, ask_city, send_city, confirm, introduce)


@pytest.mark.parametrize("cut", range(1, len(STEPS)))
async def test_a_restart_between_any_two_steps_changes_nothing(sqlite_url: str, cut: int) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for act in STEPS[:cut]:
            await act(ana)
        async with restarted(stage):
            for act in STEPS[cut:]:
                await act(ana)
            assert ana.screen is not None
            assert "✔ **Introductions**" in ana.screen.text


@pytest.mark.parametrize(
    ("done", "goes_on"),
    [
        (0, "Who you are"),
        (1, "Who you are"),
        (2, "One niche is enough to begin with"),
        (3, "hours that suit both sides"),
        (4, "hours that suit both sides"),
        (5, "hours that suit both sides"),
        (6, "Introduce me"),
        (7, "✔ **Introductions**"),
    ],
)
async def test_next_week_join_goes_on_at_the_first_missing_step(
    sqlite_url: str, done: int, goes_on: str
) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for act in STEPS[:done]:
            await act(ana)
        ana.dismiss()
        await stage.clock.advance(timedelta(weeks=1))
        async with restarted(stage):
            screen = await join(ana)
            told = screen.form.title if screen.form else screen.text
            assert goes_on in told


async def test_whoever_asks_for_the_city_later_goes_straight_on(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        for act in (join, send_form, choose):
            await act(ana)
        await join(ana)
        await ana.press("My city")
        await send_city(ana)
        assert (await confirm(ana)).find_button("Introduce me")


async def test_the_form_comes_filled_in_with_what_is_known(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await ana.slash("/profile edit")
        ana.dismiss()
        me = Who(stage.guild.id, stage.guild.name, ana.id, "Ana")
        await stage.app.people.edit_profile(me, ProfileEdit(comfort="voice"))
        assert held_values(await join(ana))["How you like to meet"] == ("voice",)


async def test_a_form_opened_before_takes_away_only_what_it_showed(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await join(ana)
        skills = stage.app.people.catalogue.skills
        other = next(slug for slug, term in skills.items() if not term.core)
        me = Who(stage.guild.id, stage.guild.name, ana.id, "Ana")
        await stage.app.people.edit_profile(me, ProfileEdit(offers=(other, "sql")))
        await send_form(ana)
        assert (await profile(stage, ana)).offers == tuple(sorted((other, "python")))


async def test_two_presses_of_join_open_two_forms_and_the_last_one_sent_counts(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        phone, laptop = stage.guild.member("Ana"), ana
        assert (await join(phone)).form is not None
        assert (await join(laptop)).form is not None
        await phone.submit({**ABOUT, "Where your business is": "Exploring"})
        await laptop.submit({**ABOUT, "Where your business is": "Booked"})
        assert (await profile(stage, ana)).stage == "booked"


async def test_two_devices_take_the_same_niche_and_it_is_held_once(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        phone, laptop = stage.guild.member("Ana"), ana
        for one in (phone, laptop):
            await join(one)
        for one in (phone, laptop):
            await send_form(one)
        label = menu_of(await send_again(laptop)).options[0].label
        for one in (phone, laptop):
            assert one.screen is not None
            after = await one.choose("Choose one or more", [label], on=one.screen)
            assert f"**Yours** {label}" in after.text
        assert len((await profile(stage, ana)).niches) == 1


async def test_two_devices_at_the_very_same_moment_are_one_member(database_url: str) -> None:
    async with founded(database_url) as stage:
        phone, laptop = stage.guild.member("Ana"), stage.guild.member("Ana")
        await asyncio.gather(*(join(one) for one in (phone, laptop)))
        sent = await asyncio.gather(*(send_form(one) for one in (phone, laptop)))
        assert all("One niche is enough" in screen.text for screen in sent)
        await asyncio.gather(*(search(one) for one in (phone, laptop)))
        assert (await profile(stage, phone)).niche_names == ("Energy and utilities",)
        for one in (phone, laptop):
            await ask_city(one)
            await send_city(one)
        await asyncio.gather(*(confirm(one) for one in (phone, laptop)))
        done = await asyncio.gather(*(introduce(one) for one in (phone, laptop)))
        assert all("✔ **Introductions**" in screen.text for screen in done)
        await stage.app.settled()
        assert len(phone.inbox) == 1


async def search(member: Member) -> Screen:
    """Search for one niche."""
    assert member.screen is not None
    await member.press("Search", on=member.screen)
    return await member.submit({"Niches": "energy"})


async def send_again(member: Member) -> Screen:
    """Come back to the menu on this device."""
    return await join(member)


async def test_an_event_that_comes_twice_is_answered_once(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_value(ana)
        stage.discord.faults.duplicate_interactions = True
        introduced = await introduce(ana)
        assert "✔ **Introductions**" in introduced.text
        await stage.app.settled()
        assert len(ana.inbox) == 1


async def test_introduce_me_pressed_on_an_old_card_says_so_and_writes_once(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        old = await to_value(ana)
        again = await join(ana)
        await ana.press("Introduce me", on=again)
        assert "You were in already" in (await ana.press("Introduce me", on=old)).text
        await ana.press("Let members find me", on=again)
        await stage.app.settled()
        assert len(ana.inbox) == 1


async def test_what_fails_at_discord_is_told_and_the_form_kept(sqlite_url: str) -> None:
    async with founded(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        await to_niches(ana)
        stage.discord.faults.add(method="POST", path=r"/callback$", status=500)
        await choose(ana)
        assert len((await profile(stage, ana)).niches) == 1
        assert "hours that suit both sides" in (await join(ana)).text
