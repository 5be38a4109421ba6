"""`python -m sandbox`: a Discord of one's own, with a sample guild, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from sandbox import Sandbox
from sandbox.server import IDENTIFY_SECONDS


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A Discord on loopback.")
    parser.add_argument("--host", default="127.0.0.1", choices=["127.0.0.1", "localhost"])
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--guild", default="Data Collective", help="name of the sample guild")
    parser.add_argument("--owner", default="Mia", help="name of its owner")
    parser.add_argument(
        "--member", action="append", default=[], help="a further member; may be given repeatedly"
    )
    return parser.parse_args(argv)


async def serve(options: argparse.Namespace, stop: asyncio.Event) -> None:
    """Run until `stop` is set, having said where to connect."""
    async with Sandbox(host=options.host, port=options.port, identify_seconds=IDENTIFY_SECONDS) as discord:
        guild = discord.guild(options.guild, owner=options.owner)
        guild.text_channel("general")
        guild.forum("gigs", ("open", "filled"))
        for name in options.member:
            guild.member(name)
        lines = (
            f"KITH_DISCORD_API_URL={discord.api_url}",
            f"KITH_DISCORD_GATEWAY_URL={discord.gateway_url}",
            f"KITH_DISCORD_TOKEN={discord.token}",
        )
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Serve until interrupted."""
    try:
        asyncio.run(serve(arguments(), asyncio.Event()))
    except KeyboardInterrupt:
        sys.stdout.write("Closed.\n")


if __name__ == "__main__":
    main()
