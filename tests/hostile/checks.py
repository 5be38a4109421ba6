"""What has to hold of every answer, every message and every request, whatever was sent in."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.model import Channel, Message
from tests.hostile.communities import ELSEWHERE, HERE, Communities
from tests.stage import Stage

OURS = "on our side"
"""What somebody reads when Kith itself failed."""
MARKS = (HERE, ELSEWHERE)


def raw(message: Message) -> str:
    """All that is in a message, files too, before names stand for numbers."""
    files = [file.filename + file.data.decode("utf-8", "ignore") for file in message.attachments]
    return json.dumps([message.content, message.embeds, message.components]) + " ".join(files)


def everything_said(stage: Stage) -> Iterator[tuple[Channel, Message]]:
    """Every message of the bot's that is anywhere."""
    rooms = [*stage.discord.dms.values()]
    for guild in stage.discord.guilds.values():
        rooms += [*guild.channels.values(), *guild.threads.values()]
    for room in rooms:
        yield from ((room, one) for one in room.messages.values() if one.author is stage.discord.bot)


def nothing_slipped(stage: Stage, world: Communities) -> None:
    """No message pings anybody, and none brings anything of one community into the other."""
    for room, message in everything_said(stage):
        shown = raw(message)
        assert not message.mention_everyone, message.components
        assert not message.mention_roles, message.components
        assert not message.mentions, (room.name, message.components)
        for player in world.players:
            theirs = room is stage.discord.dms.get(player.actor.id) or room.guild_id == player.actor.guild.id
            if player.hidden and theirs and message.ephemeral_to in (None, player.actor.id):
                assert player.hidden not in shown, f"{player.actor.name} in {room.name}: {shown}"


def nothing_refused(stage: Stage) -> None:
    """Discord took every request, and none asked for a mention that pings."""
    assert stage.discord.violations == []
    for one in stage.discord.requests:
        assert not 400 <= one.status < 500, one
        for body in bodies(one.body):
            allowed = body["allowed_mentions"] or {}
            assert not any(allowed.get(what) for what in ("parse", "users", "roles")), one


def bodies(found: Any) -> Iterator[Mapping[str, Any]]:
    """Whatever says in a request whom it may ping."""
    if isinstance(found, Mapping):
        if "allowed_mentions" in found:
            yield found
        for inner in found.values():
            yield from bodies(inner)
