"""What Kith is compared with: the same commands in plain discord.py and SQLAlchemy, and empty ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import Interaction, app_commands, ui
from sqlalchemy import Connection, Select, event, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bot.find.tables import Facet
from bot.people.catalogue import Catalogue, load_catalogue
from bot.people.tables import Community, CommunityNiche, Consent, Member, MemberNiche, MemberTag, Person
from bot.vouches.tables import Vouch

BLUE, GREEN = 0x4F6D9A, 0x3C8D5A
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Style = discord.ButtonStyle
NOT_LISTED = (
    "Other members cannot find you; only people I introduce you to see your profile. "
    "*Let members find me* puts you into `/find` and lets members here open it."
)
MORE = (
    ("business", "Business skills", "What you can help with and look for"),
    ("technical", "Technical skills", "What you can help with and look for"),
    ("meet", "How you like to meet", "Languages, and when to reach you"),
    ("work", "Your work now", "Hours open, clients, open for work"),
    ("links", "Links", "Portfolio, GitHub, LinkedIn, website"),
    ("seen", "Who sees what", "For each part of your profile"),
)


class Database:
    """SQLite with the same durability as Kith's store, without the store."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url)
        event.listen(self.engine.sync_engine, "connect", _prepare)
        event.listen(self.engine.sync_engine, "begin", _begin)
        self.readers = async_sessionmaker(self.engine, expire_on_commit=False)
        writing = self.engine.execution_options(writes=True)
        self.sessions = async_sessionmaker(writing, expire_on_commit=False)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Bare(discord.Client):
    """A client with a command tree and the two commands."""

    def __init__(self, database: Database | None) -> None:
        """Answer from the database; without one, answer with a bare sentence."""
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        profile = app_commands.Group(name="profile", description="Profiles", guild_only=True)
        niche = app_commands.Group(name="niche", description="Niches", guild_only=True)
        if database is None:
            profile.command(name="view", description="Look")(_empty_view)
            niche.command(name="join", description="Join")(_empty_join)
        else:
            hand = Hand(database, load_catalogue())
            profile.command(name="view", description="Look")(hand.view)
            niche.command(name="join", description="Join")(hand.join)
        self.tree.add_command(profile)
        self.tree.add_command(niche)

    async def setup_hook(self) -> None:
        """Tell Discord about the commands."""
        await self.tree.sync()


async def _empty_view(interaction: Interaction[Any]) -> None:
    await interaction.response.send_message("ok", ephemeral=True)


async def _empty_join(interaction: Interaction[Any], niche: str) -> None:
    await interaction.response.send_message("ok", ephemeral=True)


class Hand:
    """Both commands as someone would write them who needs nothing else; Kith's statements, Kith's cards."""

    def __init__(self, database: Database, words: Catalogue) -> None:
        self.database = database
        self.words = words
        # discord.py takes a command's parameters from a function, not from a bound method.
        self.view = self._view_command()
        self.join = self._join_command()

    def _view_command(self) -> Any:
        async def view(interaction: Interaction[Any], member: discord.User | None = None) -> None:
            await interaction.response.send_message(view=await self.profile(interaction), ephemeral=True)

        return view

    def _join_command(self) -> Any:
        async def join(interaction: Interaction[Any], niche: str) -> None:
            await interaction.response.send_message(
                view=await self.joined(interaction, niche), ephemeral=True
            )

        return join

    @asynccontextmanager
    async def _me(self, interaction: Interaction[Any]) -> AsyncIterator[tuple[AsyncSession, Member]]:
        async with self.database.sessions() as session, session.begin():
            await session.get(Community, interaction.guild_id)
            await session.get(Person, interaction.user.id)
            query = select(Member).where(
                Member.community_id == interaction.guild_id, Member.person_id == interaction.user.id
            )
            yield session, (await session.scalars(query)).one()

    async def profile(self, interaction: Interaction[Any]) -> ui.LayoutView:
        """Read the profile and lay it out."""
        async with self._me(interaction) as (session, me):
            member, person, tags, names = await self._profile_rows(session, me.id)
            listed = (await session.execute(_consent(me.id))).first()
            assert listed is None  # the card below is that of somebody who is not listed
        async with self.database.readers() as session:
            standing = select(Vouch).where(Vouch.receiver_id == me.id, Vouch.state == "shown")
            newest = standing.order_by(Vouch.decided_at.desc(), Vouch.id.desc())
            assert not (await session.scalars(newest)).all()
        words = self.words
        local = datetime.now(UTC).astimezone(ZoneInfo(person.zone or "UTC"))
        (discipline,) = (row.value for row in tags if row.kind == "discipline")
        offers = " · ".join(words.skills[row.value].name for row in tags if row.kind == "offer")
        facts = (
            discord.utils.escape_markdown(member.headline),
            f"{words.disciplines[discipline].name} · {words.stages[member.stage or ''].name}",
            f"**Niches** {' · '.join(names)}",
            f"**Offers** {offers}",
            f"**Likes to meet by** {words.comforts[member.comfort].name}",
            f"**Local time** {DAYS[local.weekday()]} {local:%H:%M}",
        )
        box: ui.Container[Any] = ui.Container(accent_colour=BLUE)
        box.add_item(ui.TextDisplay(f"### {person.name}"))
        box.add_item(ui.TextDisplay("\n".join(["-# Only people I introduce you to see", *facts])))
        box.add_item(ui.TextDisplay(f"-# {NOT_LISTED}"))
        edit = f"k:form.open:profile.edit:{member.id}"
        row: ui.ActionRow[Any] = ui.ActionRow(ui.Button(label="Edit", style=Style.primary, custom_id=edit))
        on = "k:profile.list:on"
        row.add_item(ui.Button(label="Let members find me", style=Style.secondary, custom_id=on))
        box.add_item(row)
        options = [discord.SelectOption(label=name, value=key, description=hint) for key, name, hint in MORE]
        box.add_item(
            ui.ActionRow(
                ui.Select(placeholder="Change something else", custom_id="s:profile.more", options=options)
            )
        )
        return ui.LayoutView(timeout=None).add_item(box)

    async def _profile_rows(
        self, session: AsyncSession, member_id: int
    ) -> tuple[Member, Person, list[MemberTag], list[str]]:
        both = select(Member, Person).join(Person, Person.id == Member.person_id)
        member, person = (await session.execute(both.where(Member.id.in_([member_id])))).one()
        tags = (await session.scalars(select(MemberTag).where(MemberTag.member_id.in_([member_id])))).all()
        named = (
            select(MemberNiche.member_id, MemberNiche.niche, CommunityNiche.name)
            .join(Member, Member.id == MemberNiche.member_id)
            .outerjoin(
                CommunityNiche,
                (CommunityNiche.community_id == Member.community_id)
                & (CommunityNiche.slug == MemberNiche.niche),
            )
            .where(MemberNiche.member_id.in_([member_id]))
        )
        rows = (await session.execute(named)).all()
        names = [name or self.words.niches[slug].name for _member, slug, name in sorted(rows)]
        return member, person, sorted(tags, key=lambda tag: tag.value), names

    async def joined(self, interaction: Interaction[Any], slug: str) -> ui.LayoutView:
        """Store the niche and lay out what changed."""
        async with self._me(interaction) as (session, me):
            await session.execute(select(Community.id).where(Community.id == me.community_id))
            own = select(CommunityNiche).where(CommunityNiche.community_id == me.community_id)
            (await session.scalars(own.order_by(CommunityNiche.id))).all()
            mine = select(MemberNiche.niche).where(MemberNiche.member_id == me.id).order_by(MemberNiche.niche)
            (await session.scalars(mine)).all()
            new = insert(MemberNiche).values(member_id=me.id, niche=slug).on_conflict_do_nothing()
            (await session.execute(new.returning(MemberNiche.member_id))).scalar_one_or_none()
            here = (Community.id == me.community_id, Community.left_at.is_(None))
            assert await session.scalar(select(Community.niche_roles_from).where(*here)) is None
            await self._profile_rows(session, me.id)
            (await session.execute(select(Facet.facet, Facet.value).where(Facet.member_id == me.id))).all()
            assert (await session.execute(_consent(me.id))).first() is None
            counted = (
                select(MemberNiche.niche, func.count())
                .join(Member, Member.id == MemberNiche.member_id)
                .where(Member.community_id == me.community_id)
                .group_by(MemberNiche.niche)
            )
            sizes = {row[0]: row[1] for row in await session.execute(counted)}
            held = (await session.scalars(mine)).all()
        names = " · ".join(sorted(self.words.niches[one].name for one in held))
        box: ui.Container[Any] = ui.Container(accent_colour=GREEN)
        box.add_item(ui.TextDisplay("### Niches"))
        said = f"You are in *{self.words.niches[slug].name}*. Members in it here: {sizes[slug]}."
        box.add_item(ui.TextDisplay(said))
        box.add_item(ui.TextDisplay(f"**Yours** {names}"))
        browse: ui.Button[Any] = ui.Button(label="Browse", style=Style.secondary, custom_id="k:niche.browse")
        box.add_item(ui.ActionRow(browse))
        return ui.LayoutView(timeout=None).add_item(box)


def _consent(member_id: int) -> Select[int]:
    """Whether others can find a member."""
    return select(Consent.id).where(
        Consent.member_id == member_id, Consent.purpose == "directory", Consent.withdrawn_at.is_(None)
    )
