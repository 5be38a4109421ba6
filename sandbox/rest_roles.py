"""Routes of roles: make, change, delete, give and take, as far as the bot's own highest role reaches."""

from __future__ import annotations

from sandbox import payloads, permissions
from sandbox.errors import ApiError
from sandbox.model import Guild, GuildMember, Json, Role
from sandbox.rest import Call, Reply, Routes, invalid
from sandbox.rest_guilds import member_of

routes = Routes()
MAX_ROLES, MAX_NAME = 250, 100


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
    """A new role, with no more permissions than the bot has; those of @everyone unless it names others."""
    world, guild, body = call.world, call.guild(), call.data
    own = permissions.require_guild(guild, world.bot, permissions.MANAGE_ROLES)
    if len(guild.roles) >= MAX_ROLES:
        raise ApiError(400, 30005, f"Maximum number of guild roles reached ({MAX_ROLES})")
    made = Role(0, "new role")
    _change(guild, own, made, body)
    if body.get("permissions") is None:
        made.permissions = guild.roles[guild.id].permissions
    made.id = world.next_id()
    return 200, payloads.role_json(world.insert_role(guild, made))


def _change(guild: Guild, own: GuildMember, role: Role, body: Json) -> None:
    """Put into a role what the body says, once all of it is allowed."""
    name = role.name if body.get("name") is None else str(body["name"]).strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise invalid(f"/name Must be between 1 and {MAX_NAME} in length.")
    bits = role.permissions if body.get("permissions") is None else int(body["permissions"])
    if bits & ~role.permissions & ~permissions.in_guild(guild, own):
        raise ApiError(403, 50013, "Missing Permissions")
    role.name, role.permissions = name, bits
    color = body.get("color")
    if color is None:
        color = (body.get("colors") or {}).get("primary_color")
    role.color = role.color if color is None else int(color)
    role.hoist = bool(body.get("hoist", role.hoist))
    role.mentionable = bool(body.get("mentionable", role.mentionable))


@routes.add("PATCH", "/guilds/{guild}/roles/{role}")
def edit_role(call: Call) -> Reply:
    """Change a role lower than the bot's highest."""
    guild, own, role = _reached(call)
    _change(guild, own, role, call.data)
    call.world.emit_role("UPDATE", guild, role)
    return 200, payloads.role_json(role)


@routes.add("DELETE", "/guilds/{guild}/roles/{role}")
def delete_role(call: Call) -> Reply:
    """Delete a role lower than the bot's highest; those of bots and @everyone stay."""
    guild, _, role = _reached(call)
    if role.managed or role.id == guild.id:
        raise ApiError(400, 50028, "Invalid Role")
    call.world.delete_role(guild, role)
    return 204, None


def _reached(call: Call) -> tuple[Guild, GuildMember, Role]:
    """The guild, the bot's place in it, and the role of the path, which must be lower than the bot's."""
    guild = call.guild()
    own = permissions.require_guild(guild, call.world.bot, permissions.MANAGE_ROLES)
    role = _role(call, guild)
    permissions.require_below(guild, own, role)
    return guild, own, role


@routes.add("PUT", "/guilds/{guild}/members/{user}/roles/{role}")
def give_role(call: Call) -> Reply:
    """Give a member a role."""
    return _set(call, given=True)


@routes.add("DELETE", "/guilds/{guild}/members/{user}/roles/{role}")
def take_role(call: Call) -> Reply:
    """Take a role from a member."""
    return _set(call, given=False)


def _set(call: Call, *, given: bool) -> Reply:
    guild = call.guild()
    permissions.require_guild(guild, call.world.bot, permissions.MANAGE_ROLES)
    member = member_of(call, guild)
    guild, _, role = _reached(call)
    if role.id == guild.id:
        raise ApiError(400, 50028, "Invalid Role")
    if role.managed:
        raise ApiError(403, 50013, "Missing Permissions")
    call.world.set_role(guild, member, role, given=given)
    return 204, None
