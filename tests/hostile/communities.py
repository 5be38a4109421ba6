"""Two communities on one Discord, with a mark in everything that is typed in each; one member is in both."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox import Guild
from sandbox.actors import Member
from sandbox.model import Message
from tests.conversations.test_gigs import GIG, PITCH
from tests.stage import Stage

HERE, ELSEWHERE = "Heron", "Zebra"
"""A word in every name and text of one community; nobody who is only in the other may ever read it."""


@dataclass
class Player:
    """A member of one or both communities, as whom things are sent in."""

    actor: Member
    hidden: str | None
    """A word this person may never read, None for who is in both communities."""

    @property
    def mark(self) -> str:
        """The word in all that they type."""
        return {HERE: ELSEWHERE, ELSEWHERE: HERE}.get(self.hidden or "", "")


@dataclass
class Communities:
    """Who is there, and a message that everybody may press on."""

    stage: Stage
    players: list[Player]
    public: dict[int, Message]
    stranger: int

    def of(self, guild: Guild, *, moderator: bool) -> Player:
        """A player who is only in this community."""
        return next(
            one
            for one in self.players
            if one.actor.guild is guild and one.hidden and (one.actor.id == guild.owner_id) is moderator
        )


async def two_communities(stage: Stage) -> Communities:
    """Two communities with profiles, niches, gigs, pitches, check-ins and introductions."""
    players: list[Player] = []
    public: dict[int, Message] = {}
    for word, hidden, names in ((HERE, ELSEWHERE, ("Mia", "Ann")), (ELSEWHERE, HERE, ("Bo", "Bea"))):
        guild = stage.discord.guild(f"{word} House", owner=names[0])
        guild.text_channel("general")
        owner, member, both = (guild.member(name) for name in (*names, "Cy"))
        public[guild.id] = await _set_up(stage, owner)
        mine = [Player(owner, hidden), Player(member, hidden), Player(both, None)]
        for player in mine:
            await _live(player.actor, word)
        await stage.app.settled()
        await _trade(stage, owner, member, word)
        await member.menu("View profile", owner)
        players += mine
    await stage.clock.advance(timedelta(days=8))
    await stage.app.settled()
    return Communities(stage, players, public, stage.discord.user("Nobody").id)


async def _set_up(stage: Stage, owner: Member) -> Message:
    """Set a community up as its moderator; the public message of its panel."""
    await owner.slash("/kith setup city:Lisbon")
    await owner.press("Create what is missing")
    await owner.press("Start")
    await stage.app.settled()
    return next(one.message for one in owner.channel("start-here") if one.message and not one.ephemeral)


async def _live(actor: Member, word: str) -> None:
    """Do what members do, with the word in everything."""
    await actor.slash('/profile timezone city:"Lisbon, Portugal"')
    await actor.slash("/niche join niche:energy")
    await actor.slash("/profile edit")
    await actor.submit({"Headline": f"I forecast for {word}"})
    await actor.slash(f'/niche suggest name:"{word} watching {actor.name}" axis:industry')
    await actor.slash("/intro join")
    await actor.press("Let members find me", on=await actor.slash("/profile view"))
    await actor.slash("/find")
    await actor.slash('/checkin start day:Monday hour:"10:00"')
    await actor.press("Plan my week", on=await actor.slash("/checkin now"))
    await actor.submit({"This week I will …": f"{word} planning", "One win since last time": f"{word} won"})
    await actor.slash("/pod join")
    await actor.slash("/circle")


async def _trade(stage: Stage, poster: Member, reader: Member, word: str) -> None:
    """Post a gig, answer it, and report it."""
    await poster.slash("/gig post")
    more = {"Title": f"{word} demand", "The work": f"{GIG['The work']} For {word}."}
    await poster.press("Publish", on=await poster.submit(GIG | more))
    await stage.app.settled()
    board = next(one for one in reversed(reader.channel("gigs")) if "I'm interested" in one.buttons)
    await reader.press("I'm interested", on=board)
    await reader.submit({PITCH: f"I have built three such models for {word} grid operators."})
    await reader.press("Report", on=board)
    words = {"In your words, if you like": f"{word} sells coins."}
    await reader.submit({"What is wrong?": "Spam or scam", **words})
    await stage.app.settled()
