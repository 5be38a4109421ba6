"""The buttons and menus of rounds: notices, pauses, silence; previews and what moderators decide."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.core.text import _
from bot.edge.buttons import Press, PressHandler
from bot.edge.forms import Forms, FormSpec
from bot.edge.limits import PREVIEW, costs
from bot.edge.rights import moderator
from bot.intros.rules import pair_key
from bot.intros.service import IntroService
from cogs.intros import preview_cards, rounds_cards

PAUSE_MAX = 52
ID_DIGITS = 18


class MemberButtons:
    """What a member presses; the ids say what it is about, the service says who may."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the rounds."""
        self.rounds = service.rounds

    def handlers(self) -> dict[str, PressHandler]:
        """Name every action."""
        return {
            "round.skip": self.skip,
            "round.along": self.along,
            "round.pause": self.pause,
            "round.paused": self.paused,
            "round.stay": self.stay,
            "round.later": self.later,
        }

    async def skip(self, press: Press) -> None:
        """Sit this round out."""
        member, number = numbers(press.args, 2)
        view = await self.rounds.notices.skip(press.person_id, member, number, skips=True)
        await press.answer.update(rounds_cards.notice_card(view))

    async def along(self, press: Press) -> None:
        """Take part after all."""
        member, number = numbers(press.args, 2)
        view = await self.rounds.notices.skip(press.person_id, member, number, skips=False)
        await press.answer.update(rounds_cards.back_in_card(view))

    async def pause(self, press: Press) -> None:
        """Ask for how long."""
        (member,) = numbers(press.args, 1)
        await press.answer.show(rounds_cards.pause_card(member))

    async def paused(self, press: Press) -> None:
        """Pause for that long."""
        (member,) = numbers(press.args, 1)
        (weeks,) = numbers(press.values[:1], 1)
        back_at = await self.rounds.pausing.pause_mine(press.person_id, member, min(weeks, PAUSE_MAX))
        await press.answer.update(rounds_cards.paused_card(back_at))

    async def stay(self, press: Press) -> None:
        """Go on being introduced."""
        (member,) = numbers(press.args, 1)
        me = await self.rounds.silence.stay(press.person_id, member)
        await press.answer.update(rounds_cards.stayed_card(me))

    async def later(self, press: Press) -> None:
        """Come back in four weeks."""
        (member,) = numbers(press.args, 1)
        back_at = await self.rounds.silence.later(press.person_id, member)
        await press.answer.update(rounds_cards.paused_card(back_at))


class RoundButtons:
    """What moderators press; every press asks again who may."""

    def __init__(self, service: IntroService) -> None:
        """Stand on the rounds."""
        self.rounds = service.rounds

    def handlers(self) -> dict[str, PressHandler]:
        """Name every action."""
        return {
            "round.show": self.show,
            "round.page": self.page,
            "round.again": self.again,
            "round.keep": self.keep,
            "round.split": self.split,
            "round.send": self.send,
            "round.run": self.run,
        }

    async def show(self, press: Press) -> None:
        """Show the round that waits, to the moderator alone."""
        acting = moderator(press.interaction)
        (round_id,) = numbers(press.args, 1)
        view = await self.rounds.previews.page(acting, round_id)
        await press.answer.show(preview_cards.preview_card(view))

    async def page(self, press: Press) -> None:
        """Show another page."""
        acting = moderator(press.interaction)
        view = await self.rounds.previews.page(acting, *numbers(press.args, 2))
        await press.answer.update(preview_cards.preview_card(view))

    @costs(PREVIEW)
    async def again(self, press: Press) -> None:
        """Match again."""
        acting = moderator(press.interaction)
        view = await self.rounds.previews.again(acting, *numbers(press.args, 1))
        await press.answer.update(preview_cards.preview_card(view, _("Matched again.")))

    async def keep(self, press: Press) -> None:
        """Keep two together, or let them go again."""
        acting = moderator(press.interaction)
        round_id, page = numbers(press.args, 2)
        view = await self.rounds.previews.keep(acting, round_id, page, chosen_pair(press))
        await press.answer.update(preview_cards.preview_card(view))

    @costs(PREVIEW)
    async def split(self, press: Press) -> None:
        """Do not let two meet this time."""
        acting = moderator(press.interaction)
        round_id, page = numbers(press.args, 2)
        view = await self.rounds.previews.split(acting, round_id, page, chosen_pair(press))
        await press.answer.update(preview_cards.preview_card(view, _("Not those two. Matched again.")))

    async def send(self, press: Press) -> None:
        """Let the round go."""
        acting = moderator(press.interaction)
        number = await self.rounds.previews.send(acting, *numbers(press.args, 1))
        await press.answer.update(preview_cards.sent_card(number))

    async def run(self, press: Press) -> None:
        """Let the planned round begin at once."""
        acting = moderator(press.interaction)
        number = await self.rounds.moderating.run_now(acting, *numbers(press.args, 1))
        await press.answer.update(preview_cards.running_card(number))


def numbers(args: tuple[str, ...], count: int) -> list[int]:
    """The ids in a button; raises `round_gone` for what Kith never made."""
    fits = len(args) == count and all(
        arg.isascii() and arg.isdigit() and len(arg) <= ID_DIGITS for arg in args
    )
    if not fits:
        raise KithError("round_gone")
    return [int(arg) for arg in args]


def chosen_pair(press: Press) -> tuple[int, int]:
    """The two members chosen in a menu; raises `round_gone` for what Kith never offered."""
    one, other = numbers(tuple("".join(press.values[:1]).split("-")), 2)
    return pair_key(one, other)


def buttons(service: IntroService, _forms: Forms) -> dict[str, PressHandler]:
    """Name every action."""
    return MemberButtons(service).handlers() | RoundButtons(service).handlers()


def specs(_service: IntroService, _forms: Forms) -> list[FormSpec]:
    """Return every form."""
    return []
