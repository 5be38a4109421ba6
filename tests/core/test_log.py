"""Logs: no secrets, no members' words; tracebacks are there in both styles."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging, sys
from bot.core.log import configure_logging, get_logger
configure_logging("INFO", sys.argv[1])
log = get_logger("trial")
log.info("login", discord_token="abc-123", Authorization="Bot abc-123", person=7)
SECRET = "aW50ZXJhY3Rpb246MTIz"
logging.getLogger("discord.http").warning("%s was 429", f"https://discord.com/api/v10/interactions/12/{SECRET}/callback")
logging.getLogger("discord.http").warning("%s was 429", f"https://discord.com/api/v10/webhooks/12/{SECRET}?wait=true")
log.warning("cannot reach postgresql://kith:%s@db/kith" % SECRET)
log.warning("the token MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbCdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa was refused")
def fail():
    private = "what Ana " + "wrote"
    raise ValueError("broken\\nDETAIL:  Failing row contains (1, \\"what Ana wrote\\n\\nto Ben\\").")
try:
    fail()
except ValueError:
    log.exception("it failed")
    logging.getLogger("other").exception("it failed too")
"""


@pytest.mark.parametrize("style", ["console", "json"])
def test_secrets_are_blank_and_tracebacks_show_no_variables(style: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, style], capture_output=True, text=True, check=True, timeout=30
    )
    assert "abc-123" not in done.stderr
    assert "what Ana wrote" not in done.stderr
    assert "to Ben" not in done.stderr
    assert "aW50" not in done.stderr
    assert "MTIz" not in done.stderr
    assert "@db/kith" in done.stderr
    assert done.stderr.count("Traceback (most recent call last)") == 2
    assert done.stderr.count("ValueError: broken") == 2
    if style == "json":
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert lines[0]["person"] == 7
        assert {"timestamp", "level", "logger", "event"} <= lines[0].keys()
