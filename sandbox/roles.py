"""Roles, from the side of whoever manages the server: made, given, moved, deleted; the bot is told."""

from __future__ import annotations

from sandbox import payloads
from sandbox.line import Impossible
from sandbox.model import Guild, GuildMember, Role
from sandbox.state import State


class Roles(State):
    """What can be done with the roles of a guild. Positions are whole and without gaps, @everyone at 0."""

    def set_bot_permissions(self, guild: Guild, bits: int) -> None:
        """Change what the bot's own role may do in a guild; the bot is told."""
        role = self.bot_role(guild)
        role.permissions = bits
        self.emit_role("UPDATE", guild, role)

    def bot_role(self, guild: Guild) -> Role:
        """The role that came with the bot; Impossible where the bot is not."""
        member = guild.members.get(self.bot.id)
        for role_id in member.roles if member else ():
            if guild.roles[role_id].managed:
                return guild.roles[role_id]
        raise Impossible(f"the bot is not in {guild.name}")

    def add_role(self, guild: Guild, name: str, *, permissions: int = 0, top: bool = False) -> Role:
        """A new role at the bottom, as Discord makes them, or then moved to the top; the bot is told."""
        role = self.insert_role(guild, Role(self.next_id(), name, permissions=permissions))
        if top:
            self.move_role(guild, role, len(guild.roles) - 1)
        return role

    def insert_role(self, guild: Guild, role: Role) -> Role:
        """Put a new role just above @everyone."""
        for other in guild.roles.values():
            other.position += other.position >= 1
        role.position = 1
        guild.roles[role.id] = role
        self.emit_role("CREATE", guild, role)
        return role

    def move_role(self, guild: Guild, role: Role, position: int) -> None:
        """Move a role to that position; an update goes out for every role that moved with it."""
        if role.id == guild.id or not 1 <= position < len(guild.roles):
            raise Impossible(f"{role.name} cannot be moved to {position}")
        order = sorted(guild.roles.values(), key=lambda other: other.position)
        order.remove(role)
        order.insert(position, role)
        for number, other in enumerate(order):
            if other.position != number:
                other.position = number
                self.emit_role("UPDATE", guild, other)

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Delete a role; its members lose it. Impossible for @everyone and roles that belong to a bot."""
        if role.managed or role.id == guild.id:
            raise Impossible(f"{role.name} cannot be deleted")
        self.drop_role(guild, role)
        if self.tells(guild):
            self.emit("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)})

    def drop_role(self, guild: Guild, role: Role) -> None:
        """Take a role out of the guild, from its members too, and close the gap it leaves."""
        del guild.roles[role.id]
        for member in guild.members.values():
            member.roles = [number for number in member.roles if number != role.id]
        for other in guild.roles.values():
            other.position -= other.position > role.position

    def set_role(self, guild: Guild, member: GuildMember, role: Role, *, given: bool) -> None:
        """Give or take a role. The bot hears of itself, and of others with the GUILD_MEMBERS intent."""
        if given is (role.id in member.roles):
            return
        if given:
            member.roles.append(role.id)
        else:
            member.roles.remove(role.id)
        data = payloads.member_json(member) | {"guild_id": str(guild.id)}
        if member.user is self.bot:
            self.emit("GUILD_MEMBER_UPDATE", data)
        else:
            self.emit_member("UPDATE", guild, data)

    def emit_role(self, what: str, guild: Guild, role: Role) -> None:
        """GUILD_ROLE_CREATE or _UPDATE."""
        if self.tells(guild):
            data = {"guild_id": str(guild.id), "role": payloads.role_json(role)}
            self.emit(f"GUILD_ROLE_{what}", data)
