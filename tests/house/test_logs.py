"""The logs of a whole run, at the level that says most: machines can read every line, and none tells."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sandbox import Guild, Sandbox
from sandbox.actors import Member
from sandbox.screen import Screen
from tests.house.running import KEY, Running, kith

PASSWORD = "a-password-of-the-database"
NAMES = ("Anastasia", "Benedikt", "Data Collective")
REFUSES = {
    "sqlite": "CREATE TRIGGER refuses BEFORE UPDATE ON member WHEN NEW.headline LIKE '%unlucky%' "
    "BEGIN SELECT RAISE(ABORT, 'no'); END",
    "postgresql": "ALTER TABLE member ADD CONSTRAINT refuses CHECK (headline NOT LIKE '%unlucky%')",
}


def words(what: str) -> str:
    """What somebody types; found wherever it is left."""
    return f"zzprivate {what} zzend"


def break_updates(url: str) -> None:
    """Let the database refuse a row, and say its contents when it does."""
    kind, _, rest = url.partition("://")
    if kind == "sqlite":
        with sqlite3.connect(rest.removeprefix("/")) as connection:
            connection.execute(REFUSES[kind])
        connection.close()
    else:
        with psycopg.connect(url) as connection:
            connection.execute(REFUSES[kind].encode())


async def use_everything(guild: Guild, ana: Member, ben: Member) -> None:
    """Type private words into forms and commands, right and wrong ones."""
    for member in (ana, ben):
        await member.slash('/profile timezone city:"Lisbon, Portugal"')
        await member.slash("/niche join niche:ocr")
    for headline in (words("headline"), words("x" * 121), words("@everyone"), words("\u200b")):
        await ana.slash("/profile edit")
        await ana.submit({"Headline": headline})
    await ana.slash(f'/niche suggest name:"{words("niche")[:30]}" axis:industry')
    await ana.slash(f'/niche join niche:"{words("typo")}"')
    await ana.slash(f'/gig check text:"{words("scam")} send your bank data to me on Telegram, pay first"')
    await ana.slash('/checkin start day:Monday hour:"10:00"')
    await ana.press("Plan my week", on=await ana.slash("/checkin now"))
    await ana.submit({"This week I will …": words("plan"), "One win since last time": words("win")})
    await ana.press("Change my week", on=await ana.slash("/checkin now"))
    await ana.submit({"This week I will …": words("\u200b\0")})
    await ana.slash("/intro join")
    await ana.slash("/privacy export")


async def fail(discord: Sandbox, ana: Member, url: str) -> Screen:
    """Let things break with private words at hand."""
    break_updates(url)
    await ana.slash("/profile edit")
    broken = await ana.submit({"Headline": words("unlucky")})
    discord.faults.add(method="POST", path="/messages$", status=500, times=3)
    discord.faults.add(method="POST", path="/callback$", status=500)
    await ana.slash("/profile view")
    discord.faults.add(method="POST", path="/callback$", status=429, retry_after=0.1)
    await ana.slash("/help")
    await discord.close_gateway(4000)
    return broken


def tells(log: str, discord: Sandbox) -> list[str]:
    """Everything in a log that should not be there."""
    tokens = [each.token for each in discord.interactions.values()]
    secret = [discord.token, discord.token.rpartition(".")[2], KEY, PASSWORD, *tokens, *NAMES]
    found = [word for word in secret if word in log]
    return found + re.findall(r".*zzprivate.*|.*zzend.*", log)


@pytest.mark.parametrize("style", ["json", "console"])
async def test_no_token_no_key_and_nothing_that_anybody_typed(
    database_url: str, tmp_path: Path, style: str
) -> None:
    async with Sandbox(global_rate=0) as discord:
        guild = discord.guild("Data Collective", owner="Mia")
        guild.text_channel("general")
        ana, ben, mia = (guild.member(name) for name in ("Anastasia", "Benedikt", "Mia"))
        logs = {"KITH_LOG_LEVEL": "DEBUG", "KITH_LOG_FORMAT": style}
        async with kith(with_password(database_url), discord, tmp_path, **logs) as running:
            await running.ready()
            await mia.slash("/kith setup city:Lisbon")
            await mia.press("Create what is missing")
            await mia.press("Start")
            await use_everything(guild, ana, ben)
            broken = await fail(discord, ana, database_url)
            await running.ready()
            await running.stop()
            log = running.log.read_text()
            assert tells(log, discord) == []
            reference = re.search(r"Reference: (\w{6})", broken.text)
            assert reference is not None, broken.text
            assert reference[1] in log, "who is shown a reference can be helped with it"
            assert "IntegrityError" in log
            assert "Traceback" in log
            if style == "json":
                _fields(running, reference[1])


def with_password(url: str) -> str:
    """The same database, opened with a password that nobody checks."""
    return url.replace("postgres:@", f"postgres:{PASSWORD}@")


def _fields(running: Running, reference: str) -> None:
    """Every line is an object with the same fields, and says what it is about."""
    lines: list[dict[str, Any]] = running.lines()
    for line in lines:
        assert {"timestamp", "level", "logger", "event"} <= line.keys()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"])
        assert line["level"] in {"debug", "info", "warning", "error", "critical"}
    failed = next(line for line in lines if line.get("reference") == reference)
    assert failed["level"] == "error"
    assert failed["event"] == "interaction.failed"
    assert "IntegrityError" in failed["exception"]
    assert {"interaction", "community"} <= failed.keys()
    assert any("message" in line for line in lines if "500" in str(line)) or any(
        line["logger"].startswith("bot.") for line in lines
    )
