"""What moderators may do is checked where it is done: forged, it is refused in words and changes nothing."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.actors import Member
from sandbox.screen import Screen
from tests.conversations.test_gigs import DOUBTFUL
from tests.hostile.commands import call, leaves
from tests.hostile.communities import Communities, two_communities
from tests.hostile.crawling import Found, crawl, press, submit
from tests.hostile.dumps import changes, dump
from tests.stage import Stage

REFUSALS = (
    "it needs the server permission “Manage Server”",
    "Only moderators of this server can decide that",
)
INSIDE = ("This works inside a server", "I could not understand", "an older version of this command")
OF_EVERYBODY = {"gig.look", "gig.interest", "gig.keep", "safety.report", "form.open", "gig_interest"}
"""What moderators find on their cards, and members on theirs."""
KEPT = ("draft",)  # what a form that was refused said, for whoever typed it


@dataclass
class Forger:
    """A member without any right, who sends in what only moderators get to see."""

    stage: Stage
    world: Communities
    owner: Member
    member: Member
    found: Found

    @classmethod
    async def of(cls, stage: Stage) -> "Forger":
        """Let a moderator see all there is for moderators, and remember it."""
        world = await two_communities(stage)
        guild = world.players[0].actor.guild
        owner, member = (world.of(guild, moderator=which).actor for which in (True, False))
        await owner.slash("/kith round settings approve:True")
        await member.slash("/gig post")
        await member.press("Publish", on=await member.submit(DOUBTFUL))
        for _day in range(14):
            await stage.clock.advance(timedelta(days=1))
            await stage.app.settled()
        found = Found()
        screens = [await call(owner, *one, full=False) for one in moderators_commands(stage)]
        screens += owner.channel("kith-moderators")
        await crawl(owner, screens, found)
        await stage.app.settled()
        await crawl(owner, owner.channel("kith-moderators"), found)
        return cls(stage, world, owner, member, found)

    async def refused(self, screen: Screen, *, but: tuple[str, ...] = ()) -> None:
        """See that an answer says no, to this member alone."""
        did = self.member.log[-1][0]
        assert screen.form is None, did
        assert any(words in screen.text for words in (*REFUSALS, *but)), f"{did}\n{screen.text}"
        assert (
            screen.ephemeral or screen.message is None or screen.message.channel_id in self.stage.discord.dms
        )


def moderators_commands(stage: Stage) -> list[tuple[dict[str, object], tuple[str, ...]]]:
    """Every command that Discord offers only to moderators."""
    found = [one for one in stage.discord.commands[None] if one.get("default_member_permissions")]
    return [(one, path) for one in found for path in leaves(one)]


async def test_every_command_of_moderators_is_refused(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        forger = await Forger.of(stage)
        listed = moderators_commands(stage)
        names = {f"{one['name']} {' '.join(path)}" for one, path in listed}
        walked = stage.app.client.tree.walk_commands()
        assert names == {one.qualified_name for one in walked if one.qualified_name.startswith("kith ")
                         and not hasattr(one, "commands")}  # fmt: skip
        before = await dump(stage.app.store, but=KEPT)
        for one, path in listed:
            for full in (False, True):
                await forger.refused(await call(forger.member, one, path, full=full))
            await forger.refused(await call(forger.member, one, path, full=False, dm=True), but=INSIDE)
        assert changes(before, await dump(stage.app.store, but=KEPT)) == []


async def test_every_button_and_form_of_moderators_is_refused(sqlite_url: str) -> None:
    async with Stage.opened(sqlite_url) as stage:
        forger = await Forger.of(stage)
        client, found = stage.app.client, forger.found
        guarded = await forger_finds(forger)
        seen = {one for one in found.actions if one not in OF_EVERYBODY}
        assert seen <= guarded, "on a moderator's card, and anybody may press it"
        assert {one for one in client.buttons.known() if one.startswith("kith.")} <= guarded
        assert len(guarded) > 30
        public = forger.world.public[forger.member.guild.id]
        before = await dump(stage.app.store, but=KEPT)
        for made, data in found.controls.items():
            if made.split(":")[1] not in OF_EVERYBODY:
                await forger.refused(await press(forger.member, data, public))
                await stage.clock.advance(timedelta(seconds=30))
        for made, parts in found.forms.items():
            if made.split(":")[1] not in OF_EVERYBODY:
                await forger.refused(await submit(forger.member, made, parts, "10"))
                await stage.clock.advance(timedelta(seconds=30))
        assert changes(before, await dump(stage.app.store, but=KEPT)) == []


async def forger_finds(forger: Forger) -> set[str]:
    """Every family of buttons and forms that says no to a member, whatever its arguments."""
    guarded: set[str] = set()
    public, client = forger.world.public[forger.member.guild.id], forger.stage.app.client
    for action in client.buttons.known():
        data = {"custom_id": f"k:{action}:1:1:1", "component_type": 3, "values": ["1"]}
        shown = await press(forger.member, data, public)
        if any(words in shown.text for words in REFUSALS):
            guarded.add(action)
    for form in client.forms.known():
        shown = await submit(forger.member, f"f:{form}:1:made", (), "")
        if any(words in shown.text for words in REFUSALS):
            guarded.add(form)
        await forger.stage.clock.advance(timedelta(seconds=30))
    return guarded
