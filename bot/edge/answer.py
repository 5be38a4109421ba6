"""Answers an interaction once, always and in time; one place turns errors into a sentence."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import discord
from discord import Interaction, InteractionType, ui
from structlog.contextvars import bound_contextvars

from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.core.text import _, use_locale
from bot.edge import kit
from bot.edge.gates import read_options, report_refusal
from bot.edge.trouble import explain, is_ours
from bot.people.views import Who

if TYPE_CHECKING:
    from bot.core.metrics import Metrics
    from bot.edge.buttons import Buttons
    from bot.edge.forms import FormModal, Forms

log = get_logger(__name__)

DEFER_AFTER = 2.0
GIVE_UP_AFTER = 2.5
SEEN_MAX = 4096

# Too late, already answered, token over, webhook gone: nothing can be sent any more.
_ANSWERED_TWICE = 40060
_LOST = {10062: "late", _ANSWERED_TWICE: "answered twice", 50027: "token over", 10015: "token over"}

_State = Literal["new", "deferred", "answered", "lost"]


class Host(Protocol):
    """What the edge needs of the client."""

    clock: Clock
    sentences: dict[str, str]
    buttons: Buttons
    forms: Forms
    seen: Seen
    metrics: Metrics


class Seen:
    """Remembers the latest interaction ids: Discord may deliver an event more than once."""

    def __init__(self, most: int = SEEN_MAX) -> None:
        """Remember at most this many."""
        self._most = most
        self._ids: OrderedDict[int, None] = OrderedDict()

    def first(self, interaction_id: int) -> bool:
        """Tell whether this id comes for the first time, and remember it."""
        if interaction_id in self._ids:
            return False
        self._ids[interaction_id] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True


class Answer:
    """The one answer to one interaction, whichever of its makers comes first."""

    def __init__(self, interaction: Interaction[Any], clock: Clock) -> None:
        """Prepare the answer; `attend` starts its timer."""
        self.interaction = interaction
        self._clock = clock
        self._lock = asyncio.Lock()
        self._state: _State = "new"
        self._timer: asyncio.Task[None] | None = None
        self._pressed = interaction.type is InteractionType.component
        self.outcome = "answered"  # or "refused", or "failed"

    @property
    def given(self) -> bool:
        """Whether the person has something to see (a deferral is not yet an answer)."""
        return self._state in ("answered", "lost")

    @property
    def ended(self) -> str:
        """Name how it ended, for those who count: lost is what Discord no longer took."""
        return "lost" if self._state == "lost" else self.outcome

    async def show(
        self, card: ui.LayoutView, private: bool = True, files: Sequence[discord.File] = ()
    ) -> None:
        """Show a card: as the answer, in place of the deferral, or as one more message."""
        async with self._lock:
            with self._taking_part():
                await self._show(card, private, list(files))

    async def files(self, card: ui.LayoutView, *files: discord.File, private: bool = True) -> None:
        """Show a card together with files."""
        await self.show(card, private, files)

    async def update(self, card: ui.LayoutView) -> None:
        """Replace the card whose button was pressed; where there is none, show the card.

        Nor is a card replaced that has no such button: a forged press could paint over what all see.
        """
        message = self.interaction.message
        if message is not None and self._pressed and not _carries(message, self.interaction):
            message = None
        async with self._lock:
            with self._taking_part():
                if message is None or self._state == "answered":
                    await self._show(card, True, [])
                    return
                is_card = message.flags.components_v2
                legacy: dict[str, Any] = {} if is_card else {"content": None, "embeds": []}
                if self._state == "new":
                    await self.interaction.response.edit_message(view=card, attachments=[], **legacy)
                elif self._state == "deferred":
                    await self.interaction.edit_original_response(view=card, attachments=[], **legacy)
                self._move("answered")

    async def form(self, modal: FormModal) -> None:
        """Open a form; where Discord forbids it by now, offer a button that opens it."""
        async with self._lock:
            if self._state == "new" and self.interaction.type is not InteractionType.modal_submit:
                with self._taking_part():
                    await self.interaction.response.send_modal(modal)
                    self._move("answered")
                return
        opener = kit.button(_("Open the form"), "form.open", *modal.address, style="main")
        await self.show(kit.card(_("One moment…"), _("The form is ready for you."), actions=[opener]))

    def start(self) -> None:
        """Start the timer that defers what takes long."""
        self._timer = asyncio.create_task(self._defer_late(), name=f"defer-{self.interaction.id}")

    async def close(self) -> None:
        """Stop the timer and leave nobody without an answer."""
        async with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self.given or (self._state == "deferred" and self._pressed):
                return
            with self._taking_part():
                if self._pressed:
                    await self.interaction.response.defer()
                    self._move("answered")
                else:
                    await self._show(kit.note(_("Done."), tone="good"), True, [])

    async def _show(self, card: ui.LayoutView, private: bool, files: list[discord.File]) -> None:
        if self._state == "lost":
            log.info("answer.dropped")
        elif self._state == "new":
            await self.interaction.response.send_message(view=card, ephemeral=private, files=files)
        elif self._state == "deferred" and not self._pressed and private:
            await self.interaction.edit_original_response(view=card, attachments=files)
        else:
            if self._state == "deferred" and not self._pressed:
                # The deferral was private and stays so; what all may see comes as a second message.
                await self.interaction.edit_original_response(view=kit.note(_("Here it is:"), tone="good"))
            await self.interaction.followup.send(view=card, ephemeral=private, files=files)
        self._move("answered")

    async def _defer_late(self) -> None:
        await self._clock.sleep(DEFER_AFTER)
        async with self._lock:
            if self._state != "new":
                return
            with self._taking_part():
                if self._pressed:
                    await self.interaction.response.defer()
                else:
                    await self.interaction.response.defer(ephemeral=True, thinking=True)
                self._move("deferred")
                log.info("answer.deferred")

    def _move(self, state: _State) -> None:
        if self._state != "lost":
            self._state = state

    @contextmanager
    def _taking_part(self) -> Iterator[None]:
        """Swallow, with a log line, the errors that mean that nothing can be said any more."""
        if self._state == "new" and self.interaction.response.is_done():
            self._state = "answered"
        try:
            yield
        except discord.InteractionResponded:
            self._state = "answered"
            log.warning("answer.repeated")
        except discord.HTTPException as error:
            if error.code not in _LOST:
                raise
            self._state = "answered" if error.code == _ANSWERED_TWICE else "lost"
            log.warning("answer.lost", why=_LOST[error.code], code=error.code)


def _carries(message: discord.Message, interaction: Interaction[Any]) -> bool:
    """Tell whether the button or menu that was used is on the message it is said to be on."""
    used = dict(interaction.data or {}).get("custom_id")
    waiting: list[Any] = list(message.components)
    while waiting:
        part = waiting.pop()
        if getattr(part, "custom_id", None) == used:
            return True
        waiting += [*getattr(part, "children", ()), *filter(None, [getattr(part, "accessory", None)])]
    return False


def answer_of(interaction: Interaction[Any]) -> Answer:
    """Return the answer that belongs to this interaction."""
    known = interaction.extras.get("answer")
    if known is None:
        known = interaction.extras["answer"] = Answer(interaction, cast("Host", interaction.client).clock)
    return cast("Answer", known)


def who(interaction: Interaction[Any]) -> Who:
    """Say who acts, and in which community; only inside a server."""
    if interaction.guild_id is None:
        raise KithError("server_only")
    name = interaction.guild.name if interaction.guild else ""
    return Who(
        interaction.guild_id, name, interaction.user.id, interaction.user.display_name, locale_of(interaction)
    )


def locale_of(interaction: Interaction[Any]) -> str:
    """Return the language of the person's own Discord, such as en-US."""
    return str(interaction.locale.value)


async def attend(interaction: Interaction[Any], work: Callable[[Answer], Awaitable[None]]) -> None:
    """Run one handler: once per event, in the person's language, answered in time, errors in words."""
    host = cast("Host", interaction.client)
    with bound_contextvars(interaction=interaction.id, community=interaction.guild_id):
        if not host.seen.first(interaction.id):
            log.info("interaction.repeated")
            host.metrics.repeated(_name_of(interaction, host))
            return
        began = host.clock.monotonic()
        with use_locale(locale_of(interaction)):
            answer = answer_of(interaction)
            answer.start()
            try:
                await work(answer)
            except Exception as error:  # noqa: BLE001 - it is told and logged there
                await refuse(answer, error)
            finally:
                await _quietly(answer.close())
                seconds = host.clock.monotonic() - began
                host.metrics.answered(_name_of(interaction, host), answer.ended, seconds)


async def refuse(answer: Answer, error: BaseException, actions: Sequence[ui.Item[Any]] = ()) -> None:
    """Tell the person what went wrong, in one private sentence that says what to do."""
    host = cast("Host", answer.interaction.client)
    answer.outcome = "failed" if is_ours(error, host.sentences) else "refused"
    with use_locale(locale_of(answer.interaction)):
        sentence = explain(error, host.sentences, typed=bool(actions))
        await _quietly(answer.show(kit.note(sentence, actions=actions, tone="warn")))
    await _quietly(report_refusal(answer.interaction, error))


async def suggest(interaction: Interaction[Any], work: Callable[[], Awaitable[None]]) -> None:
    """Run an autocomplete; whatever fails or takes too long becomes an empty list."""
    host = cast("Host", interaction.client)
    with (
        bound_contextvars(interaction=interaction.id, community=interaction.guild_id),
        use_locale(locale_of(interaction)),
    ):
        if not host.seen.first(interaction.id):
            return
        began, outcome = host.clock.monotonic(), "suggested"
        working = asyncio.ensure_future(_suggested(interaction, work))
        limit = asyncio.ensure_future(host.clock.sleep(GIVE_UP_AFTER))
        await asyncio.wait({working, limit}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            log.warning("autocomplete.slow")
            outcome = "slow"
        for task in (working, limit):
            task.cancel()
        for result in await asyncio.gather(working, limit, return_exceptions=True):
            if isinstance(result, Exception) and is_ours(result, host.sentences):
                log.error("autocomplete.failed", exc_info=result)
                outcome = "failed"
        if not interaction.response.is_done():
            await _quietly(interaction.response.autocomplete([]))
        host.metrics.answered(_name_of(interaction, host), outcome, host.clock.monotonic() - began)


async def _suggested(interaction: Interaction[Any], work: Callable[[], Awaitable[None]]) -> None:
    read_options(interaction)
    await work()


def _name_of(interaction: Interaction[Any], host: Host) -> str:
    """Name the command, button or form; only names from the code, whatever was sent."""
    if interaction.type is InteractionType.component:
        known = host.buttons.action_of(interaction)
    elif interaction.type is InteractionType.modal_submit:
        known = host.forms.form_of(interaction)
    else:
        known = None
        with suppress(LookupError, TypeError, ValueError, AttributeError):  # not what Discord would send
            command = interaction.command
            known = f"/{command.qualified_name}" if command is not None else None
    return known or "unknown"


async def _quietly(sending: Awaitable[object]) -> None:
    """Await the last word of a handler: when even that fails there is nobody left to tell."""
    try:
        await sending
    except Exception as error:
        log.error("answer.failed", exc_info=error)
