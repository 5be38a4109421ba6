"""Browsing, merging, renaming and importing niches, over the wire."""

from sandbox.actors import Member
from sandbox.permissions import sees
from sandbox.screen import Screen, Select
from tests.conversations.helpers import community, forge, having, newcomer, restarted
from tests.stage import Stage


def invitations(stage: Stage, member: Member) -> list[Screen]:
    """The invitations a member sees, in the panel's channel where there is one."""
    rooms = [room for room in stage.guild.channels.values() if sees(stage.guild, room, member.user)]
    return [one for room in rooms for one in having(member.channel(room), "A niche for you?")]


async def test_browse_shows_what_has_members_then_one_axis(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await newcomer(stage, "Ana"), await newcomer(stage, "Ben", "ocr")
        await newcomer(stage, "Caro", "ocr")
        seen = await ana.slash("/niche browse")
        assert seen.text.index("OCR and documents (2)") < seen.text.index("✔ **Energy and utilities** (1)")
        total = len(stage.app.niches.people.catalogue.niches)
        assert f"and {total - 2} more: type `/niche join`" in seen.text
        assert "Legal" not in seen.text
        axis = await ana.press("Industries", on=seen)
        assert "✔ **Energy and utilities** (1)" in axis.text
        assert "Legal" in axis.text
        assert "OCR" not in axis.text
        menu = next(one for one in axis.controls if isinstance(one, Select))
        assert len(menu.options) == 25
        assert "Energy and utilities" not in {option.label for option in menu.options}
        assert "OCR and documents (2)" in (await ana.press("With members", on=axis)).text
        assert "You are in *OCR" in (await ana.choose("Join a niche", "OCR and documents")).text
        assert "OCR" in (await ben.slash("/niche browse")).text


async def test_merging_moves_everybody_and_says_how_many(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = await newcomer(stage, "Ana", "nlp"), await newcomer(stage, "Ben", "nlp")
        await ben.slash("/niche join niche:llm")
        asked = await stage.owner.slash('/kith niches merge from:"Natural language" into:llm')
        assert "2 members move." in asked.text
        assert "Of these 1 are in both" in asked.text
        async with restarted(stage):
            done = await stage.owner.press("Merge: 2 members move.", on=asked)
            assert "is part of *LLM applications* now; 2 members moved" in done.text
            again = await forge(stage.owner, asked, "Merge: 2 members move.")
            assert "merged already" in again.text
            twice = await stage.owner.slash("/kith niches merge from:nlp into:llm")
            assert "merged already" in twice.text
            assert "itself" in (await stage.owner.slash("/kith niches merge from:llm into:llm")).text
            for member in (ana, ben):
                seen = (await member.slash("/profile view")).text
                assert seen.count("LLM applications") == 1
                assert "Natural language" not in seen


async def test_a_new_name_shows_everywhere(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = await newcomer(stage, "Ana")
        done = await stage.owner.slash('/kith niches rename niche:energy name:"Power and *grids*"')
        assert "is called" in done.text
        for screen in (await ana.slash("/profile view"), await ana.slash("/niche browse")):
            assert "Power and \\*grids\\*" in screen.text
            assert "Energy and utilities" not in screen.text
        assert ("Power and *grids*", "energy") in await ana.autocomplete("/niche join niche:", "power and")
        assert "already" in (await ana.slash('/niche join niche:"Energy and utilities"')).text
        refused = await stage.owner.slash("/kith niches rename niche:energy name:banking")
        assert "answers to that name already" in refused.text


async def test_a_role_is_imported_and_its_members_invited(database_url: str) -> None:
    async with community(database_url) as stage:
        ana, ben = stage.guild.member("Ana"), stage.guild.member("Ben")
        stage.guild.give_role(ana, stage.guild.role("OCR"))
        await stage.app.client.wait_until_ready()
        asked = await stage.owner.slash("/kith niches import role:OCR")
        assert "Link @OCR to *OCR and documents*" in asked.text
        done = await stage.owner.press("Yes: OCR and documents", on=asked)
        assert "an invitation is on its way" in done.text
        assert "belonged to" in (await forge(stage.owner, asked, "Yes: OCR and documents")).text
        await stage.app.settled()
        (invitation,) = invitations(stage, ana)
        assert "@OCR" in invitation.text
        assert invitation.message is not None
        assert "Nobody is in a niche yet" in (await ben.slash("/niche browse")).text
        assert ana.inbox == []
        async with restarted(stage):
            joined = await ana.press("Join", on=invitation)
            assert joined.ephemeral
            assert "You are in *OCR and documents*" in joined.text
            assert "already" in (await ana.press("Join", on=invitation)).text
            browse = await ben.press("Browse", on=invitation)
            assert browse.ephemeral
            assert "Join" in invitation.buttons


async def test_a_role_without_a_niche_makes_one(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana = stage.guild.member("Ana")
        stage.guild.role("Beekeepers *x*")
        asked = await stage.owner.slash('/kith niches import role:"Beekeepers *x*"')
        await stage.owner.choose("Make a new niche of it", "Industry: whom you work for", on=asked)
        await stage.app.settled()
        (invitation,) = invitations(stage, ana)
        assert "\\*x\\*" in invitation.text
        assert "You are in" in (await ana.press("Join", on=invitation)).text
        assert (
            "belongs to the niche"
            in (await stage.owner.slash('/kith niches import role:"Beekeepers *x*"')).text
        )


async def test_roles_that_are_no_niches_are_refused_in_words(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        guild = stage.guild
        guild.role("Powerful", permissions=1 << 1)
        guild.role("High", above_bot=True)
        for name, word in (
            ("@everyone", "is no niche"), ("Kith", "belongs to a bot"), ("Powerful", "permissions"),
            ("High", "above mine"),
        ):  # fmt: skip
            assert word in (await stage.owner.slash(f"/kith niches import role:{name}")).text
        late = guild.role("Late")
        asked = await stage.owner.slash("/kith niches import role:Late")
        guild.delete_role(late)
        gone = await stage.owner.choose("Make a new niche of it", "Industry: whom you work for", on=asked)
        assert "not on the server any more" in gone.text
