"""`kith run` on the clock of a test: `python -m tests.processes.hasty`."""

import asyncio

from bot.app import run
from bot.core.log import configure_logging
from bot.settings import load_settings
from tests.processes.clocks import FastClock


def main() -> None:
    """Run until told to stop."""
    settings = load_settings(env_file=None)
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(run(settings, FastClock.given()))


if __name__ == "__main__":
    main()
