"""`/kith round …` and `/kith holidays …`: what moderators do about introductions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Interaction, app_commands

from bot.core.text import _
from bot.edge.answer import answer_of
from bot.edge.limits import PREVIEW, costs
from bot.edge.rights import moderator
from bot.intros.dates import WEEKS
from bot.intros.service import IntroService
from cogs.intros import preview_cards as cards

if TYPE_CHECKING:
    from bot.edge.client import Kith

DATE_MAX = 30


class KithRounds(app_commands.Group):
    """Preview, run, history and settings of rounds."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the rounds."""
        super().__init__(name="round", description="Look after the introductions of your community")
        self.rounds = service.rounds

    @app_commands.command(name="preview")
    @costs(PREVIEW)
    async def preview(self, interaction: Interaction[Kith]) -> None:
        """See who would meet whom, keep or part pairs; nothing is sent."""
        view = await self.rounds.previews.show(moderator(interaction))
        await answer_of(interaction).show(cards.preview_card(view))

    @app_commands.command(name="run")
    async def run(self, interaction: Interaction[Kith]) -> None:
        """Begin the coming round now; asks once more."""
        view = await self.rounds.moderating.coming(moderator(interaction))
        await answer_of(interaction).show(cards.confirm_card(view))

    @app_commands.command(name="history")
    async def history(self, interaction: Interaction[Kith]) -> None:
        """See how the last rounds went."""
        found = await self.rounds.moderating.history(moderator(interaction))
        await answer_of(interaction).show(cards.history_card(found))

    @app_commands.command(name="settings")
    @app_commands.describe(
        approve="Whether a moderator looks at each round before it goes out",
        every="How often rounds come",
        new_first="Whether new pairs always come before good repeats",
    )
    @app_commands.choices(
        every=[
            app_commands.Choice(name="Every week" if n == 1 else f"Every {n} weeks", value=n) for n in WEEKS
        ]
    )
    async def settings(
        self,
        interaction: Interaction[Kith],
        approve: bool | None = None,
        every: int | None = None,
        new_first: bool | None = None,
    ) -> None:
        """See or change how rounds go."""
        view = await self.rounds.moderating.settings(
            moderator(interaction), approve=approve, weeks=every, new_first=new_first
        )
        await answer_of(interaction).show(cards.settings_card(view, _("Saved.") if view.changed else ""))


class KithHolidays(app_commands.Group):
    """Days without introductions."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the rounds."""
        super().__init__(name="holidays", description="Days without introductions")
        self.rounds = service.rounds

    @app_commands.command(name="add")
    @app_commands.rename(first="from", last="to")
    @app_commands.describe(
        first="The first day, like 2026-12-24 or 24 Dec", last="The last day; without it one"
    )
    async def add(
        self,
        interaction: Interaction[Kith],
        first: app_commands.Range[str, 1, DATE_MAX],
        last: app_commands.Range[str, 1, DATE_MAX] | None = None,
    ) -> None:
        """Let no round fall on these days; it moves on to the next one."""
        view = await self.rounds.moderating.add_holidays(moderator(interaction), first, last)
        note = _("Added.") if view.changed else _("They were in the list already.")
        await answer_of(interaction).show(cards.holidays_card(view, note))

    @app_commands.command(name="remove")
    @app_commands.rename(first="from", last="to")
    @app_commands.describe(
        first="The first day, like 2026-12-24 or 24 Dec", last="The last day; without it one"
    )
    async def remove(
        self,
        interaction: Interaction[Kith],
        first: app_commands.Range[str, 1, DATE_MAX],
        last: app_commands.Range[str, 1, DATE_MAX] | None = None,
    ) -> None:
        """Let rounds fall on these days again."""
        view = await self.rounds.moderating.remove_holidays(moderator(interaction), first, last)
        note = _("Removed.") if view.changed else _("They were not in the list.")
        await answer_of(interaction).show(cards.holidays_card(view, note))

    @app_commands.command(name="list")
    async def list(self, interaction: Interaction[Kith]) -> None:
        """See the days without introductions."""
        view = await self.rounds.moderating.settings(moderator(interaction))
        await answer_of(interaction).show(cards.holidays_card(view))


def add_to_kith(bot: Kith, service: IntroService) -> None:
    """Put both groups under `/kith`."""
    kith = bot.tree.get_command("kith")
    assert isinstance(kith, app_commands.Group)
    kith.add_command(KithRounds(service))
    kith.add_command(KithHolidays(service))
