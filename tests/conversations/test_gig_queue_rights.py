"""Who may decide about gigs, played through Discord: moderators of this server, and nobody else."""

import pytest

from sandbox.model import Overwrite
from tests.conversations.helpers import (
    community,
    forge,
    newcomer,
)
from tests.conversations.test_gig_queue import MANAGE_MESSAGES, SCAM, asked, uses


async def test_members_and_other_communities_decide_nothing(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        ana, card = await asked(stage)
        for label in ("Approve", "Ask for a change", "Refuse"):
            assert "Only moderators" in (await forge(ana, card, label)).text
        for made in ("gig.queue:1", "gig.read:1:1", "gig.takedown:1", "gig.remember:1:0"):
            assert "Only moderators" in (await uses(ana, f"k:{made}")).text
        for form in ("gig.refuse:1:0:0", "gig.ask_change:1:0:0", "gig.takedown:1"):
            assert "Only moderators" in (await uses(ana, f"k:form.open:{form}")).text
        elsewhere = stage.discord.guild("Elsewhere", owner="Eve")
        elsewhere.text_channel("general")
        await stage.discord.connected()
        eve = elsewhere.member("Eve")
        await eve.slash("/kith gigs queue")
        assert "No gig waits for you" in eve.screen.text  # type: ignore[union-attr]
        for made in (
            "approve:1:0:0",
            "refuse:1:0:0",
            "ask_change:1:0:0",
            "read:1:1",
            "remember:1:0",
            "takedown:1",
        ):
            answer = await uses(eve, f"k:gig.{made}", eve.screen)
            assert "no longer here" in answer.text, made
            assert SCAM.title not in answer.text
        assert (await stage.app.gigs.review.card(1)).waits  # type: ignore[union-attr]


async def test_manage_messages_in_one_channel_makes_no_moderator(sqlite_url: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, card = await asked(stage)
        ben = await newcomer(stage, "Ben")
        stage.guild.channel("general").overwrites = [Overwrite(ben.id, 1, allow=MANAGE_MESSAGES)]
        assert "Only moderators" in (await forge(ben, card, "Approve")).text


@pytest.mark.parametrize("made", ["x", "-1", "9" * 30, "99999", "٣", "1:x:0", "1:0:x", ""])
async def test_forged_numbers_are_answered_in_words(sqlite_url: str, made: str) -> None:
    async with community(sqlite_url) as stage:
        _ana, card = await asked(stage)
        for action in ("approve", "refuse", "ask_change", "queue", "read", "takedown", "remember", "appeal"):
            answer = await uses(stage.owner, f"k:gig.{action}:{made}", card)
            assert not answer.failed, action
            assert "on our side" not in answer.text, action
        for form in ("gig.refuse", "gig.ask_change", "gig.takedown", "gig.appeal_words"):
            answer = await uses(stage.owner, f"k:form.open:{form}:{made}", card)
            assert "on our side" not in answer.text, form
