"""Who may find a member and what they see, over the wire."""

from bot.core.clock import TurnedClock
from bot.core.store import Unit
from bot.edge.kit import Block
from bot.people.service import MemberView
from cogs.people.commands import Profiles
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.helpers import held_values, newcomer, restarted
from tests.stage import Stage

MORE = "Change something else"
EVERYONE, MATCHES = "Everyone here may see", "People I introduce you to may also see"


def introduce(stage: Stage, one: Member, other: Member) -> None:
    """Say that Kith brought these two together."""

    async def met(session: Unit, viewer: int, shown: int) -> bool:
        found = await stage.app.people.views(session, [viewer, shown])
        return {view.person_id for view in found.values()} == {one.id, other.id}

    stage.app.people.acquainted.append(met)


async def written(stage: Stage, name: str = "Ana") -> Member:
    """A member whose profile says something in every part."""
    ana = await newcomer(stage, name)
    await ana.slash("/profile edit")
    saved = await ana.submit({"Headline": "Forecasts for grids", "What you do": ["Data scientist"]})
    await ana.choose(MORE, "Business skills", on=saved)
    skills = {"You can help with": ["Pricing"], "You find hard (only your matches see it)": ["Contracts"]}
    saved = await ana.submit(skills)
    await ana.choose(MORE, "Your work now", on=saved)
    await ana.submit({"Hours a week you have open": "10"})
    return ana


def under(screen: Screen, heading: str) -> str:
    """What stands below a heading of one's own profile."""
    text = screen.text.split(heading, 1)[1]
    return text.split("-# ", 1)[0]


async def test_strangers_members_and_matches_see_what_is_theirs(
    database_url: str, clock: TurnedClock
) -> None:
    async with Stage.opened(database_url, clock) as stage:
        ana = await written(stage)
        ben, cleo = stage.guild.member("Ben"), stage.guild.member("Cleo")
        await ben.slash("/profile view")
        introduce(stage, ana, ben)
        for look in (await cleo.menu("View profile", ana), await cleo.slash("/profile view member:Ana")):
            assert "no profile to show" in look.text
            assert look.ephemeral
        match = await ben.menu("View profile", ana)
        for words in ("Forecasts for grids", "Pricing", "Contracts", "about 10 hours", "Mon 09:00"):
            assert words in match.text
        await ana.slash("/profile view")
        assert "can find you now" in (await ana.press("Let members find me")).text
        member = await cleo.slash("/profile view member:Ana")
        assert "Forecasts for grids" in member.text
        assert "Energy" in member.text
        for words in ("Contracts", "about 10 hours", "Mon 09:00", "Text"):
            assert words not in member.text
        report = member.find_button("Report")
        assert report is not None
        assert "safety.report:profile:" in str(report.custom_id)
        assert member.find_button("Edit") is None


async def test_what_is_ticked_nowhere_is_for_nobody(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = await written(stage)
        ben, cleo = stage.guild.member("Ben"), stage.guild.member("Cleo")
        await ben.slash("/profile view")
        introduce(stage, ana, ben)
        form = await ana.choose(MORE, "Who sees what", on=await ana.slash("/profile view"))
        assert "in neither menu is for nobody" in form.text
        held = held_values(form)
        assert held["Who may find you"] == ("introduced",)
        assert "headline" in held[EVERYONE]
        assert "weak" in held[MATCHES]
        assert form.form is not None
        everyone = form.form.field(EVERYONE)
        assert everyone is not None
        assert not {"enjoys", "weak"} & {option.value for option in everyone.options}
        saved = await ana.submit(
            {
                "Who may find you": "Members of this server",
                EVERYONE: ["Headline"],
                MATCHES: ["Headline", "What you find hard"],
            }
        )
        assert "Forecasts" in under(saved, "Everyone here sees")
        assert "Contracts" in under(saved, "Only people I introduce you to see")
        assert "Pricing" in under(saved, "Only you see")
        assert "Data scientist" in under(saved, "Only you see")
        match, member = await ben.menu("View profile", ana), await cleo.menu("View profile", ana)
        assert "Contracts" in match.text
        assert "Contracts" not in member.text
        for screen in (match, member):
            assert "Forecasts for grids" in screen.text
            for hidden in ("Pricing", "Data scientist", "Energy", "about 10", "Mon 09:00"):
                assert hidden not in screen.text
        again = held_values(await ana.choose(MORE, "Who sees what", on=saved))
        assert again["Who may find you"] == ("members",)
        assert again[EVERYONE] == ("headline",)
        assert again[MATCHES] == ("weak",)


async def test_weak_sides_for_everyone_are_refused_from_a_modified_client(
    sqlite_url: str, clock: TurnedClock
) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = await written(stage)
        for parts, told in ((["weak"], "never for everyone"), (["zodiac"], "pick one from the list")):
            form = await ana.choose(MORE, "Who sees what", on=await ana.slash("/profile view"))
            assert form.form is not None
            values: list[tuple[str, int, dict[str, object]]] = [
                ("listed", 21, {"value": "members"}),
                ("members", 3, {"values": parts}),
            ]
            data = {
                "custom_id": form.form.custom_id,
                "components": [
                    {"type": 18, "id": n, "component": {"type": kind, "custom_id": name, "id": n + 9} | value}
                    for n, (name, kind, value) in enumerate(values, 1)
                ],
            }
            refused = await ana._do("forges a form", 5, ana._place(None).channel, data)
            ana.dismiss()
            assert told in refused.text
        assert "Let members find me" in str((await ana.slash("/profile view")).controls)


async def test_ones_own_profile_tells_the_truth_about_who_sees_it(
    sqlite_url: str, clock: TurnedClock
) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = await written(stage)
        mine = await ana.slash("/profile view")
        assert "Everyone here sees" not in mine.text
        assert "Forecasts" in under(mine, "Only people I introduce you to see")
        assert "cannot find you" in mine.text
        listed = await ana.press("Let members find me", on=mine)
        assert "Forecasts" in under(listed, "Everyone here sees")
        assert "Contracts" in under(listed, "Only people I introduce you to see")
        assert "Only you see" not in listed.text
        assert "can find you and open" in listed.text
        own = await ana.menu("View profile", ana)
        assert own.find_button("Report") is None
        assert own.find_button("Edit") is not None


async def test_the_second_press_says_it_is_so_already(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = stage.guild.member("Ana")
        mine = await ana.slash("/profile view")
        listed = await ana.press("Let members find me", on=mine)
        assert "can find you now" in listed.text
        async with restarted(stage):
            assert "so already" in (await ana.press("Let members find me", on=mine)).text
            assert "You are hidden from" in (await ana.press("Hide me from /find", on=listed)).text
            assert "so already" in (await ana.press("Hide me from /find", on=listed)).text


async def test_a_member_who_left_is_not_shown_until_they_return(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = await written(stage)
        ben = stage.guild.member("Ben")
        await ana.slash("/profile view")
        await ana.press("Let members find me")
        ana.leave()
        for look in (
            await ben.menu("View profile", ana),
            await ben.slash(f"/profile view member:{ana.id}"),
        ):
            assert "not in this server now" in look.text
        ana.rejoin()
        assert "Forecasts" in (await ben.menu("View profile", ana)).text


async def test_other_features_add_to_a_profile(sqlite_url: str, clock: TurnedClock) -> None:
    async with Stage.opened(sqlite_url, clock) as stage:
        ana = await written(stage)
        profiles = next(cog for cog in stage.app.client.cogs.values() if isinstance(cog, Profiles))
        asked: list[MemberView] = []

        async def vouches(view: MemberView) -> list[Block]:
            asked.append(view)
            return ["**Vouched for** twice"]

        profiles.showing.extras = [vouches]
        assert "Vouched for" in (await ana.slash("/profile view")).text
        await ana.press("Let members find me")
        ben = stage.guild.member("Ben")
        seen = await ben.menu("View profile", ana)
        assert "Vouched for" in seen.text
        assert (asked[-1].person_id, asked[-1].weak) == (ana.id, ())
