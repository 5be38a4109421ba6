"""Gives, takes and makes the roles of niches on Discord; what is wanted is read before, kept after."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.core.agenda import Handler, Work
from bot.core.log import get_logger
from bot.core.text import _
from bot.niches.roles import RolesPlan, RoleWanted, Trouble
from bot.niches.service import NicheService

if TYPE_CHECKING:
    from bot.edge.client import Kith

log = get_logger(__name__)

UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_ROLE, UNKNOWN_USER = 10004, 10007, 10011, 10013
TOO_MANY_ROLES = 30005
NO_ACCESS, NO_PERMISSION = 50001, 50013
_GONE = {UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_USER, NO_ACCESS}


def twin_of(
    name: str, roles: Sequence[discord.Role], top: discord.Role, taken: Collection[int]
) -> discord.Role | None:
    """Return a role that is called so and could have been made by Kith; perhaps it was, before a crash."""
    fits = (
        role
        for role in roles
        if role.name == name
        and role.id not in taken
        and not (role.managed or role.is_default() or role.permissions.value)
        and role < top
    )
    return next(fits, None)


class RoleWork:
    """The agenda's work on roles. Every piece may be done again: it reads what is wanted at that moment."""

    def __init__(self, bot: Kith, service: NicheService) -> None:
        """Stand on the service; the client speaks to Discord."""
        self.bot = bot
        self.service = service
        # Two looks at one server at once would make every role twice.
        self._looking: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def handlers(self) -> dict[str, Handler]:
        """Name the work by kind."""
        return {"niche.role": self.member, "niche.roles": self.community, "niche.named": self.named}

    async def member(self, work: Work) -> None:
        """Give or take the role of one niche, as the member is in it or not."""
        change = await self.service.role_change(work)
        if change is None:
            return
        for role_id, given in ((change.give, True), (change.take, False)):
            if role_id is None:
                continue
            ask = self.bot.http.add_role if given else self.bot.http.remove_role
            reason = _("Joined a niche") if given else _("Left a niche")
            if await self.service.troubled(change.community_id, role_id):
                await self.service.put_off(work)
                return
            try:
                await ask(change.community_id, change.person_id, role_id, reason=reason)
            except discord.HTTPException as error:
                await self._refused(error, work, change.community_id, role_id)

    async def named(self, work: Work) -> None:
        """Call a niche's role as the niche is called now."""
        wanted = await self.service.role_name(work.subject)
        if wanted is None:
            return
        community_id, role_id, name = wanted
        try:
            await self.bot.http.edit_role(community_id, role_id, name=name, reason=_("Niche renamed"))
        except discord.HTTPException as error:
            await self._refused(error, work, community_id, role_id)

    async def _refused(
        self, error: discord.HTTPException, work: Work, community_id: int, role_id: int
    ) -> None:
        """Decide what a refusal means: somebody or something is gone, wait for a moderator, or try again."""
        if error.code == UNKNOWN_ROLE:
            await self.service.role_lost(community_id, role_id)
        elif error.code == NO_PERMISSION:
            found = await self._look(community_id)
            if found is not None:
                rights = found[1].guild_permissions.manage_roles
                trouble = Trouble("order", role_id) if rights else Trouble("rights")
                await self.service.trouble(community_id, trouble)
                await self.service.put_off(work)
        elif error.code not in _GONE:
            raise error

    async def community(self, work: Work) -> None:
        """Look at every niche's role of a server: make what is missing, say what cannot be."""
        async with self._looking.setdefault(work.subject, asyncio.Lock()):
            plan = await self.service.roles_plan(work.subject)
            found = await self._look(work.subject) if plan else None
            if plan is None or found is None:
                return
            guild, me = found
            still = await self._troubles(plan, guild, me)
            may_be = {Trouble("rights"), Trouble("full"), *(Trouble("order", one) for one in plan.taken)}
            if Trouble("rights") not in still:  # without them, nothing else was looked at
                await self.service.mended(plan.community_id, may_be - still)
            for trouble in sorted(still, key=lambda one: (one.what, one.role_id)):
                await self.service.trouble(plan.community_id, trouble)
            if still:
                await self.service.put_off(work)

    async def _look(self, community_id: int) -> tuple[discord.Guild, discord.Member] | None:
        """Ask Discord for a server's roles and Kith's place in it; None where Kith is not.

        The cache may be another process's, or older than what happened while Kith was away.
        """
        assert self.bot.user is not None
        try:
            guild = await self.bot.fetch_guild(community_id, with_counts=False)
            return guild, await guild.fetch_member(self.bot.user.id)
        except discord.HTTPException as error:
            if error.code in _GONE:
                return None
            raise

    async def _troubles(self, plan: RolesPlan, guild: discord.Guild, me: discord.Member) -> set[Trouble]:
        """Put every role right; return what Discord does not allow."""
        if not me.guild_permissions.manage_roles:
            return {Trouble("rights")}
        still = await self._too_high(plan, guild, me)
        for wanted in plan.wanted:
            if wanted.role_id and guild.get_role(wanted.role_id):
                continue
            if wanted.enough and Trouble("full") not in still:
                trouble = await self._make(plan, wanted, guild, me)
                still |= {trouble} if trouble else set()
            elif wanted.role_id is not None:
                await self.service.role_lost(plan.community_id, wanted.role_id)
        return still

    async def _too_high(self, plan: RolesPlan, guild: discord.Guild, me: discord.Member) -> set[Trouble]:
        """Return the roles Kith cannot reach: those of niches, and of merged ones it still has to take."""
        used = {wanted.role_id for wanted in plan.wanted}
        return {
            Trouble("order", role.id)
            for role in map(guild.get_role, sorted(plan.taken))
            if role is not None
            and role >= me.top_role
            and (role.id in used or await self.service.troubled(plan.community_id, role.id))
        }

    async def _make(
        self, plan: RolesPlan, wanted: RoleWanted, guild: discord.Guild, me: discord.Member
    ) -> Trouble | None:
        """Make the role of a niche, or use the one that is there by that name."""
        role = twin_of(wanted.name, guild.roles, me.top_role, plan.taken)
        try:
            role = role or await guild.create_role(
                name=wanted.name,
                permissions=discord.Permissions.none(),
                hoist=False,
                mentionable=False,
                reason=_("A niche that is large enough"),
            )
        except discord.HTTPException as error:
            if error.code == TOO_MANY_ROLES:
                return Trouble("full")
            if error.code == NO_PERMISSION:
                return Trouble("rights")
            if error.status == HTTPStatus.BAD_REQUEST:  # a name that Discord does not like stops no other
                log.warning("role refused", code=error.code)
                return None
            raise
        await self.service.role_made(plan.community_id, wanted.slug, role.id)
        return None
