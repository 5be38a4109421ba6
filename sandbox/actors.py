"""Members to play: they type commands, press buttons, choose, fill forms and read what is on their screen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sandbox import payloads, permissions
from sandbox.filling import Answer, select_values, submission
from sandbox.forms import form_of
from sandbox.kinds import DEFERRED_UPDATE, UPDATE
from sandbox.line import Impossible, parse
from sandbox.model import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    DM,
    FORUM,
    MODAL_SUBMIT,
    PRIVATE_THREAD,
    TEXT,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    NoAnswer,
    User,
)
from sandbox.resolve import Place, available, chat_data, envelope, find_command
from sandbox.screen import FAILED, Screen

if TYPE_CHECKING:
    from sandbox.server import Sandbox

__all__ = ["Impossible", "Member"]

# Real seconds to wait for the edit that follows "thinking …" and the one that may follow a silent defer.
THINKING_PATIENCE, SILENT_PATIENCE = 15.0, 2.0


class Member:
    """One member of a guild, with a screen of their own."""

    def __init__(self, sandbox: Sandbox, user: User, guild: Guild) -> None:
        """Play this user in this guild."""
        self.sandbox = sandbox
        self.user = user
        self.guild = guild
        self.log: list[tuple[str, str]] = []
        self.screen: Screen | None = None
        self._form_from: tuple[Screen, Channel, Message | None] | None = None
        self._suggested: dict[tuple[tuple[str, ...], str], dict[str, Any]] = {}

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name others see."""
        return self.user.global_name or self.user.name

    @property
    def roles(self) -> list[str]:
        """The names of their roles, highest first; none for who is not in the guild."""
        member = self.guild.members.get(self.id)
        found = [self.guild.roles[number] for number in member.roles] if member else []
        return [role.name for role in sorted(found, key=lambda role: -role.position)]

    def __repr__(self) -> str:
        """Short form for failing tests."""
        return f"<Member {self.name}>"

    # --- what they do ----------------------------------------------------------------------------------

    async def slash(self, line: str, *, channel: Channel | str | None = None, dm: bool = False) -> Screen:
        """Type a slash command and read the answer."""
        place = self._place(channel, dm=dm)
        typed = parse(line)
        command = find_command(available(self.sandbox.commands, place), typed.path[0], (1,))
        data = chat_data(command, typed, place, self._suggested)
        return await self._do(line, COMMAND, place.channel, data)

    async def autocomplete(
        self, line: str, text: str = "", *, channel: Channel | str | None = None, dm: bool = False
    ) -> list[tuple[str, Any]]:
        """The suggestions (name, value) while typing `text` into the last option of the line."""
        place = self._place(channel, dm=dm)
        typed = parse(f"{line}{text}" if not text or " " not in text else f'{line}"{text}"')
        if not typed.options:
            raise Impossible(f"{line}: no option is being typed")
        command = find_command(available(self.sandbox.commands, place), typed.path[0], (1,))
        focus = typed.options[-1][0]
        data = chat_data(command, typed, place, self._suggested, focus=focus)
        interaction = self._interaction(AUTOCOMPLETE, place.channel, data)
        try:
            await self.sandbox.deliver(interaction)
        except NoAnswer:
            self.log.append((f"{line}{text}", "Loading options failed"))
            return []
        found = [(str(choice["name"]), choice["value"]) for choice in interaction.choices or []]
        self._suggested.setdefault((typed.path, focus), {}).update(found)
        self.log.append((f"{line}{text}", "\n".join(name for name, _ in found)))
        return found

    async def press(self, label: str, *, on: Screen | None = None) -> Screen:
        """Press a button, on that screen or on the newest one that has it."""
        screen = self._find(on, f"button {label!r}", lambda seen: seen.find_button(label) is not None)
        button = screen.find_button(label)
        if button is None:
            raise Impossible(f"no button {label!r}")
        if button.url or not button.custom_id:
            raise Impossible(f"{button} only opens a link")
        if button.disabled:
            raise Impossible(f"{button} cannot be pressed")
        data: Json = {"custom_id": button.custom_id, "component_type": 2}
        return await self._use(f"presses [{button.label}]", screen, data)

    async def choose(self, menu: str, values: Sequence[str] | str, *, on: Screen | None = None) -> Screen:
        """Choose in a select (named by placeholder, chosen label or one of its options)."""
        screen = self._find(on, f"select {menu!r}", lambda seen: seen.find_select(menu) is not None)
        select = screen.find_select(menu)
        if select is None or screen.message is None:
            raise Impossible(f"no select {menu!r}")
        wanted = [values] if isinstance(values, str) else list(values)
        place = self._place(self._channel_of(screen.message))
        data: Json = {"custom_id": select.custom_id, "component_type": select.kind}
        data["values"] = select_values(select, wanted, place)
        if place.resolved:
            data["resolved"] = place.resolved
        return await self._use(f"chooses {', '.join(wanted)} in {select}", screen, data)

    async def submit(
        self, answers: Mapping[str, Answer] | None = None, screen: Screen | None = None
    ) -> Screen:
        """Fill the open form by its labels and send it; fields not named keep what stood in them."""
        if self._form_from is None or (screen is not None and screen is not self._form_from[0]):
            raise Impossible("no such form is open")
        opened, channel, message = self._form_from
        if opened.form is None:
            raise Impossible("no form is open")
        answers = answers or {}
        data = submission(opened.form, answers, self._place(channel))
        self._form_from = None
        told = "; ".join(f"{label}: {value}" for label, value in answers.items())
        did = f"sends « {opened.form.title} » {told}".rstrip()
        return await self._do(did, MODAL_SUBMIT, channel, data, message)

    async def menu(self, name: str, target: Member | Screen | Message) -> Screen:
        """Use a context menu on a member or a message."""
        message = target.message if isinstance(target, Screen) else target
        if message is None:
            raise Impossible("there is nothing to open a menu on")
        if isinstance(message, Member):
            return await self._user_menu(name, message)
        place = self._place(self._channel_of(message))
        command = find_command(available(self.sandbox.commands, place), name, (3,))
        shown = payloads.message_json(self.sandbox, message)
        data = envelope(command) | {
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): shown}},
        }
        return await self._do(f"opens “{name}” on a message", COMMAND, place.channel, data)

    async def _user_menu(self, name: str, target: Member) -> Screen:
        place = self._place(None)
        command = find_command(available(self.sandbox.commands, place), name, (2,))
        place.add_user(target.user)
        data = envelope(command) | {"target_id": str(target.id), "resolved": place.resolved}
        return await self._do(f"opens “{name}” on {target.name}", COMMAND, place.channel, data)

    def say(self, text: str, *, channel: Channel | str | None = None, dm: bool = False) -> Message:
        """Write an ordinary message."""
        return self.sandbox.says(self.user, self._place(channel, dm=dm).channel, text)

    def dismiss(self) -> None:
        """Close the open form without sending it."""
        self._form_from = None

    def close_dms(self) -> None:
        """Refuse direct messages from members of all servers."""
        self._set_dms(False)

    def open_dms(self) -> None:
        """Allow direct messages again."""
        self._set_dms(True)

    def _set_dms(self, allowed: bool) -> None:
        for guild in self.sandbox.guilds.values():
            if self.id in guild.members:
                guild.members[self.id].dms_open = allowed

    def leave(self) -> None:
        """Leave the guild."""
        self.sandbox.leave(self.guild, self.user)

    def rejoin(self) -> None:
        """Come back to the guild: the same account, without the roles and threads of before."""
        self.sandbox.enter(self.guild, self.user)

    # --- what they see ---------------------------------------------------------------------------------

    @property
    def inbox(self) -> list[Screen]:
        """The bot's direct messages, oldest first."""
        channel = self.sandbox.dms.get(self.id)
        messages = channel.seen_by(self.user) if channel else []
        return [
            self.look(m) for m in messages if m.author.bot and m.ephemeral_to is None and not m.deleted
        ]  # fmt: skip

    @property
    def screens(self) -> list[Screen]:
        """The answers to what they did, oldest first, as they look now."""
        mine = [i for i in self.sandbox.interactions.values() if i.user is self.user]
        messages = {message.id: message for i in mine for message in i.responses if not message.deleted}
        return [self.look(messages[number]) for number in sorted(messages)]

    def channel(self, where: Channel | str) -> list[Screen]:
        """What they see in a channel or thread, oldest first; of a forum, the first message of each post."""
        channel = self._seen_channel(where)
        if channel.type == FORUM:
            posts = self.posts(channel)
            return [
                self.look(next(iter(post.messages.values())), post.name) for post in posts if post.messages
            ]
        return [self.look(message) for message in channel.seen_by(self.user) if not message.deleted]

    def posts(self, forum: Channel | str) -> list[Channel]:
        """The posts of a forum they see, oldest first."""
        home = self._seen_channel(forum)
        return [t for t in self.guild.threads.values() if t.parent_id == home.id and self._sees(t)]

    def threads(self) -> list[Channel]:
        """The private threads they see."""
        return [t for t in self.guild.threads.values() if t.type == PRIVATE_THREAD and self._sees(t)]

    def look(self, message: Message, note: str = "") -> Screen:
        """The message as it looks to them now."""
        return Screen(message, note=note, names=self._name_of)

    def _name_of(self, mark: str, number: int) -> str | None:
        """The name of what a mention points to."""
        if mark == "#":
            channel = self.sandbox.find_channel(number)[1]
            return channel.name if channel else None
        if mark == "@&":
            role = self.guild.roles.get(number)
            return role.name if role else None
        member, user = self.guild.members.get(number), self.sandbox.users.get(number)
        return (member.nick if member else None) or (user.global_name or user.name if user else None)

    def _sees(self, channel: Channel) -> bool:
        return permissions.sees(self.guild, channel, self.user)

    def _seen_channel(self, where: Channel | str) -> Channel:
        """The channel, if they see it."""
        name = where if isinstance(where, str) else where.name
        everything = [*self.guild.channels.values(), *self.guild.threads.values()]
        for channel in everything:
            fits = channel.name == name.removeprefix("#") if isinstance(where, str) else channel is where
            if fits and self._sees(channel):
                return channel
        raise Impossible(f"{self.name} sees no #{name}")

    # --- how it works ----------------------------------------------------------------------------------

    def _place(self, channel: Channel | str | None, *, dm: bool = False) -> Place:
        """Where they are: a channel, their direct messages, or the guild's first text channel."""
        if dm or (isinstance(channel, Channel) and channel.type == DM):
            return Place(self.user, self.sandbox.dm(self.user), None)
        if self.id not in self.guild.members:
            raise Impossible(f"{self.name} is not in {self.guild.name}")
        if channel is not None:
            return Place(self.user, self._seen_channel(channel), self.guild)
        rooms = [c for c in self.guild.channels.values() if c.type == TEXT and self._sees(c)]
        if not rooms:
            raise Impossible(f"{self.name} sees no text channel")
        return Place(self.user, next((c for c in rooms if c.name == "general"), rooms[0]), self.guild)

    def _channel_of(self, message: Message) -> Channel:
        channel = self.sandbox.find_channel(message.channel_id)[1]
        if channel is None:
            raise Impossible("the channel of that message is gone")
        return channel

    def _find(self, on: Screen | None, what: str, fits: Any) -> Screen:
        """The screen meant, as it looks now; without one, the newest that fits."""
        if on is not None:
            if on.message is None or on.message.deleted:
                raise Impossible(f"that screen is gone: {on!r}")
            now = self.look(on.message)
            if not fits(now):
                raise Impossible(f"no {what} on {now!r}")
            return now
        for screen in self._visible():
            if fits(screen):
                return screen
        raise Impossible(f"{self.name} sees no {what}")

    def _visible(self) -> Iterator[Screen]:
        """All they see: the screen before them, then answers, direct messages and channels, newest first."""
        if self.screen and self.screen.message and not self.screen.message.deleted:
            yield self.look(self.screen.message)
        yield from reversed(self.screens)
        yield from reversed(self.inbox)
        rooms = [c for c in (*self.guild.channels.values(), *self.guild.threads.values()) if self._sees(c)]
        messages = {m.id: m for room in rooms for m in room.seen_by(self.user) if not m.deleted}
        for number in sorted(messages, reverse=True):
            yield self.look(messages[number])

    async def _use(self, did: str, screen: Screen, data: Json) -> Screen:
        """Use a component of a message."""
        if screen.message is None:
            raise Impossible("there is no message to use")
        return await self._do(did, COMPONENT, self._channel_of(screen.message), data, screen.message)

    def _interaction(
        self, kind: int, channel: Channel, data: Json, message: Message | None = None
    ) -> Interaction:
        try:
            return self.sandbox.interaction(kind, self.user, channel, data, message=message)
        except AssertionError as error:
            raise Impossible(str(error)) from error

    async def _do(
        self, did: str, kind: int, channel: Channel, data: Json, message: Message | None = None
    ) -> Screen:
        """Send an interaction, wait for the answer and read it."""
        interaction = self._interaction(kind, channel, data, message)
        try:
            await self.sandbox.deliver(interaction)
            await self._settled(interaction)
        except NoAnswer:
            screen = Screen(note=FAILED)
        else:
            screen = self._answer(interaction)
        if screen.form:
            self._form_from = (screen, channel, message)
        self.screen = screen
        self.log.append((did, str(screen)))
        return screen

    async def _settled(self, interaction: Interaction) -> None:
        """Wait until there is something to see; a silent defer may never bring anything."""
        patience = SILENT_PATIENCE if interaction.callback_type == DEFERRED_UPDATE else THINKING_PATIENCE
        try:
            await asyncio.wait_for(interaction.settled.wait(), patience)
        except TimeoutError:
            return

    def _answer(self, interaction: Interaction) -> Screen:
        """The screen an interaction left."""
        if interaction.modal is not None:
            return Screen(form=form_of(interaction.modal), names=self._name_of)
        seen = [m for m in interaction.responses if m.ephemeral_to in (None, self.id)]
        if interaction.callback_type in (DEFERRED_UPDATE, UPDATE):
            seen = seen[-1:] or ([interaction.message] if interaction.message else [])
        if not seen or seen[0].deleted:
            return Screen(note="(the message is gone)")
        return self.look(seen[0])
