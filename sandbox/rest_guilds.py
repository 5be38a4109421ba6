"""Routes of the bot's own account, of guilds, members and roles."""

from __future__ import annotations

from sandbox import payloads, permissions
from sandbox.model import ApiError, Guild, GuildMember, Json, Role
from sandbox.rest import Call, Reply, Routes, invalid

routes = Routes()
MAX_ROLES, MAX_NAME = 250, 100


@routes.add("GET", "/users/@me")
def me(call: Call) -> Reply:
    """The bot's account."""
    return 200, payloads.user_json(call.world.bot) | {"verified": True, "mfa_enabled": True, "email": None}


@routes.add("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> Reply:
    """The guilds the bot is in, in short."""
    world = call.world
    keys = ("id", "name", "icon", "banner", "features")
    found = []
    for guild in world.bot_guilds():
        bits = permissions.in_guild(guild, guild.members[world.bot.id])
        own = {"owner": guild.owner_id == world.bot.id, "permissions": str(bits)}
        found.append({key: payloads.guild_json(guild)[key] for key in keys} | own)
    return 200, found


@routes.add("DELETE", "/users/@me/guilds/{guild}")
def leave(call: Call) -> Reply:
    """The bot leaves a guild."""
    call.world.remove_bot(call.guild())
    return 204, None


@routes.add("GET", "/users/{user}")
def user(call: Call) -> Reply:
    """Any account."""
    found = call.world.users.get(call.ids["user"])
    if found is None:
        raise ApiError(404, 10013, "Unknown User")
    return 200, payloads.user_json(found)


def _application(call: Call) -> Json:
    world = call.world
    owner = next((u for u in world.users.values() if not u.bot), world.bot)
    return {
        "id": str(world.bot.id),
        "name": world.bot.global_name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": payloads.user_json(owner),
        "team": None,
        "flags": 0,
        "bot": payloads.user_json(world.bot),
        "approximate_guild_count": len(world.bot_guilds()),
        "redirect_uris": [],
        "tags": [],
        "integration_types_config": {"0": {}},
    }


@routes.add("GET", "/oauth2/applications/@me")
def oauth_application(call: Call) -> Reply:
    """The application, as login asks for it."""
    return 200, _application(call)


@routes.add("GET", "/applications/@me")
def application(call: Call) -> Reply:
    """The application."""
    return 200, _application(call)


@routes.add("GET", "/gateway/bot")
def gateway(call: Call) -> Reply:
    """Where the gateway is."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return 200, {"url": call.world.gateway_url, "shards": 1, "session_start_limit": limit}


@routes.add("GET", "/guilds/{guild}")
def guild(call: Call) -> Reply:
    """One guild."""
    found = call.guild()
    data = payloads.guild_json(found)
    if call.query.get("with_counts") in ("true", "1", "True"):
        data |= {"approximate_member_count": len(found.members), "approximate_presence_count": 1}
    return 200, data


@routes.add("GET", "/guilds/{guild}/members")
def members(call: Call) -> Reply:
    """All members; needs the GUILD_MEMBERS intent."""
    guild = call.guild()
    if not call.world.gateway.allowed_intents & 2:
        raise ApiError(403, 50001, "Missing Access")
    limit, after = call.number("limit", 1, 1, 1000), int(call.query.get("after", "0"))
    found = sorted((m for m in guild.members.values() if m.user.id > after), key=lambda m: m.user.id)
    return 200, [payloads.member_json(member) for member in found[:limit]]


@routes.add("GET", "/guilds/{guild}/members/{user}")
def member(call: Call) -> Reply:
    """One member."""
    return 200, payloads.member_json(_member(call, call.guild()))


def _member(call: Call, guild: Guild) -> GuildMember:
    found = guild.members.get(call.ids["user"])
    if found is None:
        known = call.ids["user"] in call.world.users
        raise ApiError(404, 10007, "Unknown Member") if known else ApiError(404, 10013, "Unknown User")
    return found


@routes.add("GET", "/guilds/{guild}/roles")
def roles(call: Call) -> Reply:
    """All roles."""
    return 200, [payloads.role_json(role) for role in call.guild().roles.values()]


@routes.add("GET", "/guilds/{guild}/roles/member-counts")
def role_counts(call: Call) -> Reply:
    """How many members have each role, @everyone left out."""
    guild = call.guild()
    counts = {str(role): 0 for role in guild.roles if role != guild.id}
    for member in guild.members.values():
        for role_id in member.roles:
            counts[str(role_id)] += 1
    return 200, counts


@routes.add("GET", "/guilds/{guild}/roles/{role}")
def role(call: Call) -> Reply:
    """One role."""
    return 200, payloads.role_json(_role(call, call.guild()))


def _role(call: Call, guild: Guild) -> Role:
    found = guild.roles.get(call.ids["role"])
    if found is None:
        raise ApiError(404, 10011, "Unknown Role")
    return found


@routes.add("POST", "/guilds/{guild}/roles")
def create_role(call: Call) -> Reply:
    """A new role, with no more permissions than the bot has."""
    world, guild, body = call.world, call.guild(), call.data
    _check_role(call, guild, body)
    if len(guild.roles) >= MAX_ROLES:
        raise ApiError(400, 30005, "Maximum number of guild roles reached (250)")
    default = guild.roles[guild.id].permissions
    role = world.add_role(
        guild, body.get("name") or "new role", permissions=int(body.get("permissions", default))
    )
    _apply(role, body)
    world.emit_role("UPDATE", guild, role)
    return 200, payloads.role_json(role)


def _check_role(call: Call, guild: Guild, body: Json) -> GuildMember:
    member = permissions.require_guild(guild, call.world.bot, permissions.MANAGE_ROLES)
    if len(body.get("name") or "") > MAX_NAME:
        raise invalid("/name Must be 100 or fewer in length.")
    if int(body.get("permissions") or 0) & ~permissions.in_guild(guild, member):
        raise ApiError(403, 50013, "Missing Permissions")
    return member


def _apply(role: Role, body: Json) -> None:
    role.name = body.get("name") or role.name
    role.permissions = int(body.get("permissions") or role.permissions)
    role.color = int(body.get("color") or (body.get("colors") or {}).get("primary_color") or role.color)
    role.hoist = bool(body.get("hoist", role.hoist))
    role.mentionable = bool(body.get("mentionable", role.mentionable))


@routes.add("PATCH", "/guilds/{guild}/roles/{role}")
def edit_role(call: Call) -> Reply:
    """Change a role lower than the bot's highest."""
    guild = call.guild()
    role = _role(call, guild)
    permissions.require_below(guild, _check_role(call, guild, call.data), role)
    _apply(role, call.data)
    call.world.emit_role("UPDATE", guild, role)
    return 200, payloads.role_json(role)


@routes.add("DELETE", "/guilds/{guild}/roles/{role}")
def delete_role(call: Call) -> Reply:
    """Delete a role lower than the bot's highest."""
    guild = call.guild()
    role = _role(call, guild)
    permissions.require_below(guild, _check_role(call, guild, {}), role)
    if role.managed or role.id == guild.id:
        raise ApiError(400, 50028, "Invalid Role")
    del guild.roles[role.id]
    for member in guild.members.values():
        member.roles = [r for r in member.roles if r != role.id]
    call.world.emit("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)})
    return 204, None


def _assignable(call: Call) -> tuple[Guild, GuildMember, Role]:
    guild = call.guild()
    own = permissions.require_guild(guild, call.world.bot, permissions.MANAGE_ROLES)
    member, role = _member(call, guild), _role(call, guild)
    permissions.require_below(guild, own, role)
    if role.managed or role.id == guild.id:
        raise ApiError(400, 50028, "Invalid Role")
    return guild, member, role


@routes.add("PUT", "/guilds/{guild}/members/{user}/roles/{role}")
def give_role(call: Call) -> Reply:
    """Give a member a role."""
    guild, member, role = _assignable(call)
    if role.id not in member.roles:
        member.roles.append(role.id)
        _tell(call, guild, member)
    return 204, None


@routes.add("DELETE", "/guilds/{guild}/members/{user}/roles/{role}")
def take_role(call: Call) -> Reply:
    """Take a role from a member."""
    guild, member, role = _assignable(call)
    if role.id in member.roles:
        member.roles.remove(role.id)
        _tell(call, guild, member)
    return 204, None


def _tell(call: Call, guild: Guild, member: GuildMember) -> None:
    data = payloads.member_json(member) | {"guild_id": str(guild.id)}
    if member.user is call.world.bot:
        call.world.emit("GUILD_MEMBER_UPDATE", data)
    else:
        call.world.gateway.emit("GUILD_MEMBER_UPDATE", data, 2)
