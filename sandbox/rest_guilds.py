"""Routes of the bot's own account, of guilds and members."""

from __future__ import annotations

from sandbox import payloads, permissions
from sandbox.errors import ApiError
from sandbox.model import Guild, GuildMember, Json
from sandbox.rest import Call, Reply, Routes

routes = Routes()


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
def gateway_bot(call: Call) -> Reply:
    """Where the gateway is, how many shards it would like, and how sessions may be started."""
    gateway = call.world.gateway
    limit = gateway.starts.json()
    return 200, {
        "url": call.world.gateway_url,
        "shards": gateway.recommended_shards,
        "session_start_limit": limit,
    }


@routes.add("GET", "/gateway")
def gateway_url(call: Call) -> Reply:
    """Where the gateway is."""
    return 200, {"url": call.world.gateway_url}


@routes.add("GET", "/guilds/{guild}")
def guild(call: Call) -> Reply:
    """One guild; whether there is one at all is not told to a bot that is not in it."""
    if call.ids["guild"] not in [guild.id for guild in call.world.bot_guilds()]:
        raise ApiError(404, 10004, "Unknown Guild")
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
    return 200, payloads.member_json(member_of(call, call.guild()))


def member_of(call: Call, guild: Guild) -> GuildMember:
    """The member of the path."""
    found = guild.members.get(call.ids["user"])
    if found is None:
        known = call.ids["user"] in call.world.users
        raise ApiError(404, 10007, "Unknown Member") if known else ApiError(404, 10013, "Unknown User")
    return found
