"""Routes of application commands, global and of one guild."""

from __future__ import annotations

from typing import Any

from sandbox.errors import ApiError
from sandbox.model import Json
from sandbox.rest import Call, Reply, Routes, invalid

routes = Routes()
SCOPES = ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands")
CREATES_PER_DAY = 200
FIELDS = ("name", "name_localizations", "description", "description_localizations", "options", "nsfw")


def _scope(call: Call) -> int | None:
    """None for global commands, else the guild's id."""
    if call.ids["app"] != call.world.bot.id:
        raise ApiError(404, 10002, "Unknown Application")
    return call.guild().id if "guild" in call.ids else None


def _made(call: Call, scope: int | None, body: Json, old: Json | None) -> Json:
    """A command as Discord keeps it; one that had this name and type keeps its id."""
    if old is None:
        _count(call, scope)
    permissions = body.get("default_member_permissions")
    command: Json = {key: body[key] for key in FIELDS if body.get(key) is not None}
    command |= {
        "id": old["id"] if old else str(call.world.next_id()),
        "application_id": str(call.world.bot.id),
        "version": str(call.world.next_id()),
        "type": int(body.get("type") or 1),
        "description": body.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(body.get("nsfw")),
        "integration_types": body.get("integration_types") or [0],
    }
    if scope is None:
        command |= {"contexts": body.get("contexts"), "dm_permission": body.get("dm_permission", True)}
        return command
    return command | {"guild_id": str(scope), "contexts": None}


def _count(call: Call, scope: int | None) -> None:
    """At most 200 creations a day and scope."""
    day = (scope, call.world.clock.now().date())
    call.world.created[day] = call.world.created.get(day, 0) + 1
    if call.world.created[day] > CREATES_PER_DAY:
        message = "Maximum number of daily application command creates has been reached (200)"
        raise ApiError(400, 30034, message)


def _key(command: Json) -> tuple[Any, int]:
    return command.get("name"), int(command.get("type") or 1)


def _list(call: Call) -> Reply:
    localized = call.query.get("with_localizations") in ("true", "1", "True")
    hidden = () if localized else ("name_localizations", "description_localizations")
    commands = call.world.commands.get(_scope(call), [])
    return 200, [{key: value for key, value in c.items() if key not in hidden} for c in commands]


def _replace(call: Call) -> Reply:
    if not isinstance(call.body, list):
        raise invalid("the body must be a list of commands")
    scope = _scope(call)
    old = {_key(command): command for command in call.world.commands.get(scope, [])}
    commands = [_made(call, scope, body, old.get(_key(body))) for body in call.body]
    call.world.commands[scope] = commands
    return 200, commands


def _upsert(call: Call) -> Reply:
    scope = _scope(call)
    commands = call.world.commands.setdefault(scope, [])
    old = next((c for c in commands if _key(c) == _key(call.data)), None)
    command = _made(call, scope, call.data, old)
    if old:
        commands[commands.index(old)] = command
        return 200, command
    commands.append(command)
    return 201, command


def _one(call: Call) -> Json:
    wanted = str(call.ids["command"])
    for command in call.world.commands.get(_scope(call), []):
        if command["id"] == wanted:
            return command
    raise ApiError(404, 10063, "Unknown application command")


def _get(call: Call) -> Reply:
    return 200, _one(call)


def _edit(call: Call) -> Reply:
    command = _one(call)
    command |= {key: call.data[key] for key in FIELDS if key in call.data}
    command["version"] = str(call.world.next_id())
    return 200, command


def _delete(call: Call) -> Reply:
    command = _one(call)
    call.world.commands[_scope(call)].remove(command)
    return 204, None


for path in SCOPES:
    routes.add("GET", path)(_list)
    routes.add("PUT", path)(_replace)
    routes.add("POST", path)(_upsert)
    routes.add("GET", path + "/{command}")(_get)
    routes.add("PATCH", path + "/{command}")(_edit)
    routes.add("DELETE", path + "/{command}")(_delete)
