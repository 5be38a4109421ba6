"""A small discord.py bot that answers in every way an interaction can be answered."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands, ui

KINDS = [app_commands.Choice(name="Hire", value="hire"), app_commands.Choice(name="Team up", value="team")]
NICHES = {"OCR & documents": "ocr", "Optimal pricing": "pricing"}


class ProfileForm(ui.Modal, title="Your profile"):
    """A form with every kind of field Kith uses."""

    note: Any = ui.TextDisplay("Only what you write here is used.")
    headline: Any = ui.Label(text="Headline", component=ui.TextInput(max_length=20, default="Old"))
    about: Any = ui.Label(
        text="About", component=ui.TextInput(required=False, min_length=3, style=discord.TextStyle.long)
    )
    stage: Any = ui.Label(text="Stage", component=ui.RadioGroup(required=True))
    topics: Any = ui.Label(text="Topics", component=ui.CheckboxGroup(max_values=2, required=False))
    mode: Any = ui.Label(
        text="Mode",
        component=ui.Select(
            required=False,
            options=[
                discord.SelectOption(label="Remote", value="r", default=True),
                discord.SelectOption(label="Local"),
            ],
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        # Discord allows five parts; the text makes way for the fifth field.
        self.remove_item(self.note)
        for label in ("Starting", "Growing"):
            self.stage.component.add_option(label=label, value=label.lower())
        for label in ("Pricing", "Sales", "Law"):
            self.topics.component.add_option(label=label, value=label[0])

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat what was sent."""
        fields = (self.headline, self.about, self.stage, self.topics, self.mode)
        told = [getattr(f.component, "value", None) or getattr(f.component, "values", "") for f in fields]
        await interaction.response.send_message(f"saved {told}", ephemeral=True)


class PeopleForm(ui.Modal, title="People"):
    """A form with a checkbox, a user select and a text between."""

    note: Any = ui.TextDisplay("Who did you meet?")
    who: Any = ui.Label(text="Who", component=ui.UserSelect(required=True))
    again: Any = ui.Label(text="Again", component=ui.Checkbox())

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat what was sent."""
        people = [user.display_name for user in self.who.component.values]
        await interaction.response.send_message(f"met {people} again={self.again.component.value}")


class Card(ui.LayoutView):
    """A Components V2 card with buttons and a select."""

    def __init__(self, count: int = 0) -> None:
        super().__init__(timeout=None)
        buttons: list[ui.Item[Any]] = [
            self._button(f"Count {count}", self._count(count)),
            self._button("Slow", self._slow),
            self._button("Silent", self._silent),
            self._button("Form", self._form),
            ui.Button(label="Site", url="https://kith.example"),
        ]
        off: ui.Button[Any] = ui.Button(label="Off", disabled=True, custom_id="off")
        self.menu: ui.Select[Any] = ui.Select(
            placeholder="Which day",
            max_values=2,
            options=[discord.SelectOption(label=d) for d in ("Mon", "Tue", "Wed")],
        )
        self.menu.callback = self._chosen  # type: ignore[method-assign]
        text: ui.TextDisplay[Any] = ui.TextDisplay("**A card** for <t:1795615500:t>")
        self.add_item(ui.Container(text, ui.ActionRow(*buttons), ui.ActionRow(off), ui.ActionRow(self.menu)))

    def _button(self, label: str, callback: Any) -> ui.Button[Any]:
        button: ui.Button[Any] = ui.Button(label=label)
        button.callback = callback  # type: ignore[method-assign]
        return button

    def _count(self, count: int) -> Any:
        async def counted(interaction: discord.Interaction) -> None:
            await interaction.response.edit_message(view=Card(count + 1))

        return counted

    async def _slow(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.05)
        await interaction.edit_original_response(content=f"done, {interaction.user.mention}")

    async def _silent(self, interaction: discord.Interaction) -> None:
        """Say nothing at all."""

    async def _form(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(PeopleForm())

    async def _chosen(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"chose {self.menu.values}", ephemeral=True)


class TinyBot(discord.Client):
    """The bot; `ready` is set once its guild is there."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.is_up = asyncio.Event()
        add_commands(self)

    async def setup_hook(self) -> None:
        """Tell Discord of the commands."""
        await self.tree.sync()

    async def on_ready(self) -> None:
        """Note that the guild has come."""
        self.is_up.set()


def add_commands(bot: TinyBot) -> None:
    """The commands of the bot."""
    gig = app_commands.Group(name="gig", description="Gigs")

    @gig.command(name="post", description="Post a gig")
    @app_commands.choices(kind=KINDS)
    async def post(
        interaction: discord.Interaction,
        kind: str,
        title: app_commands.Range[str, 3, 30],
        who: discord.Member | None = None,
        room: discord.TextChannel | None = None,
        days: app_commands.Range[int, 1, 9] = 1,
        remote: bool = False,
    ) -> None:
        told = f"{kind} {title} {who and who.display_name} {room and room.name} {days} {remote}"
        await interaction.response.send_message(told, ephemeral=True)

    @bot.tree.command(description="A card")
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card())

    @bot.tree.command(description="A form")
    async def profile(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(ProfileForm())

    @bot.tree.command(description="For managers")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def setup(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("set up", ephemeral=True)

    @bot.tree.command(description="Write to me")
    async def write(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            await interaction.user.send("hello there")
            await interaction.followup.send("written")
        except discord.Forbidden:
            await interaction.followup.send("closed")

    add_lookups(bot)
    bot.tree.add_command(gig)


def add_lookups(bot: TinyBot) -> None:
    """Autocomplete and context menus."""

    @bot.tree.command(description="Join a niche")
    async def join(interaction: discord.Interaction, niche: str) -> None:
        await interaction.response.send_message(f"joined {niche}", ephemeral=True)

    @join.autocomplete("niche")
    async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=n, value=v) for n, v in NICHES.items() if current.lower() in n.lower()
        ]

    @bot.tree.command(description="Find someone")
    async def find(interaction: discord.Interaction, who: discord.Member | discord.User) -> None:
        kind = "member" if isinstance(who, discord.Member) else "stranger"
        await interaction.response.send_message(f"{kind} {who.mention}", ephemeral=True)

    @bot.tree.context_menu(name="View profile")
    async def view(interaction: discord.Interaction, user: discord.Member | discord.User) -> None:
        left = "" if isinstance(user, discord.Member) else " (left)"
        await interaction.response.send_message(f"profile of {user.mention}{left}", ephemeral=True)

    @bot.tree.context_menu(name="Report")
    async def report(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"reported {message.id}", ephemeral=True)
