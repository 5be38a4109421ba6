"""A Discord on loopback that discord.py connects to unchanged. For tests and the demo only."""

from sandbox.model import (
    Channel,
    Guild,
    Interaction,
    Message,
    NoAnswer,
    Recorded,
    Role,
    User,
)
from sandbox.server import Sandbox

__all__ = ["Channel", "Guild", "Interaction", "Message", "NoAnswer", "Recorded", "Role", "Sandbox", "User"]
