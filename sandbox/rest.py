"""The frame of the REST side: routes, requests, answers, refusals, and what every request passes through."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.errors import ApiError
from sandbox.limits import Standing
from sandbox.model import Attachment, Channel, Guild, Json

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.world import World

MAX_FILE, MAX_REQUEST, MAX_FILES = 10 * 1024 * 1024, 25 * 1024 * 1024, 10

Reply = tuple[int, Any]


@dataclass
class Call:
    """One request being answered. `ids` are the numbers in its path, by the names in the route."""

    world: World
    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    files: dict[int, Attachment] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    standing: Standing | None = None

    @property
    def major(self) -> str:
        """What its bucket is kept apart by: the channel, guild, or webhook with its token."""
        numbers = [str(self.ids[name]) for name in ("channel", "guild") if name in self.ids]
        return "+".join(numbers + [self.words[name] for name in ("token",) if name in self.words])

    @property
    def data(self) -> Json:
        """The body, which has to be an object."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise invalid("the body must be an object")
        return self.body

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A number from the query, refused outside its bounds."""
        value = self.query.get(name, str(default))
        if not value.isdigit() or not least <= int(value) <= most:
            raise invalid(f"{name} must be between {least} and {most}")
        return int(value)

    def guild(self) -> Guild:
        """The guild of the path; it must be one the bot is in."""
        guild = self.world.guilds.get(self.ids["guild"])
        if guild is None:
            raise ApiError(404, 10004, "Unknown Guild")
        if self.world.bot.id not in guild.members:
            raise ApiError(403, 50001, "Missing Access")
        not_down(guild)
        return guild

    def channel(self) -> tuple[Guild | None, Channel]:
        """The channel of the path with its guild (None for direct messages)."""
        guild, channel = self.world.find_channel(self.ids["channel"])
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        not_down(guild)
        return guild, channel


def not_down(guild: Guild | None) -> None:
    """503 for everything in a guild that is down: it is not known there what is so, and nothing is done."""
    if guild and guild.unavailable:
        raise ApiError(503, 0, "503: Service Unavailable")


Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class RouteSpec:
    """One route. Token routes carry their authority in the path: no bot token, no global limit."""

    method: str
    path: str
    pattern: re.Pattern[str]
    handler: Handler
    token: bool


class Routes:
    """A table of routes, filled by decorators."""

    def __init__(self) -> None:
        self.by_size: dict[tuple[str, int], list[RouteSpec]] = {}

    def add(self, method: str, path: str, *, token: bool = False) -> Callable[[Handler], Handler]:
        """Register a handler. `{name}` is an id, `{name:word}` any one segment; literal routes come first."""
        text = re.sub(r"\{(\w+):word\}", r"(?P<w_\1>[^/]+)", path)
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<i_\1>\\d{1,20})", text))

        def register(handler: Handler) -> Handler:
            table = self.by_size.setdefault((method, path.count("/")), [])
            table.append(RouteSpec(method, path, pattern, handler, token))
            return handler

        return register

    def find(self, call: Call) -> RouteSpec | None:
        """The route of a request; its ids and words are put into the call."""
        for route in self.by_size.get((call.method, call.path.count("/")), ()):
            if match := route.pattern.fullmatch(call.path):
                for name, value in match.groupdict().items():
                    if name[0] == "i":
                        call.ids[name[2:]] = int(value)
                    else:
                        call.words[name[2:]] = value
                return route
        return None


def invalid(*lines: str) -> ApiError:
    """50035, naming what is wrong."""
    return ApiError(400, 50035, "Invalid Form Body", tree(list(lines)))


def tree(lines: list[str]) -> Json:
    """Complaints as Discord nests them: by the path each begins with, where it begins with one."""
    errors: Json = {}
    for line in lines:
        place, _, text = line.partition(" ") if line.startswith("/") else ("", "", line)
        node = errors
        for part in place.strip("/:").split("/"):
            if part:
                node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": "BASE_TYPE_BAD", "message": text or line})
    return errors


async def read(request: web.Request, call: Call) -> None:
    """Read the body, JSON or multipart, into the call."""
    if not request.body_exists:
        return
    kind = request.content_type
    if kind == "multipart/form-data":
        await _read_multipart(request, call)
        return
    raw = await request.read()
    if not raw:
        return
    if kind != "application/json":
        raise ApiError(400, 50035, f"Expected application/json, not {kind}")
    call.body = _parsed(raw)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from error


async def _read_multipart(request: web.Request, call: Call) -> None:
    form, total = await request.post(), 0
    for name, part in form.items():
        if name == "payload_json":
            text = part if isinstance(part, str) else str(part)
            call.body = _parsed(text.encode())
            continue
        number = re.fullmatch(r"files\[(\d+)\]", name)
        if number is None or isinstance(part, str | bytes | bytearray):
            raise invalid(f"{name}: unknown part")
        data = part.file.read()
        total += len(data)
        if len(data) > MAX_FILE or total > MAX_REQUEST:
            raise ApiError(413, 40005, "Request entity too large")
        file = Attachment(0, part.filename, data, part.content_type or "application/octet-stream")
        call.files[int(number[1])] = file
    if len(call.files) > MAX_FILES:
        raise ApiError(400, 30015, "Maximum number of attachments in a message reached (10)")
