"""What a member sees: a message or an open form, as words, buttons, selects and fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.forms import Form, Option, number_of, options_of
from sandbox.kinds import (
    BUTTON,
    CONTAINER,
    EPHEMERAL,
    FILE,
    GALLERY,
    ROW,
    SECTION,
    SELECTS,
    TEXT,
    THUMBNAIL,
)  # fmt: skip
from sandbox.words import plain, stamp

if TYPE_CHECKING:
    from sandbox.model import Message

Json = Mapping[str, Any]
# Names of mentioned things: (one of "@", "@&", "#"; id) -> name, or None where it is not known.
Names = Callable[[str, int], str | None]

UPLOADED = "attachment://"
FAILED = "This interaction failed"

_MENTION = re.compile(r"<(@&|@!?|#)(\d+)>")
_COMMAND = re.compile(r"<(/[^:>]+):\d+>")
# Links to channels and messages; clients show the channel's name for them, or the text they stand behind.
_PLACE = r"https://discord\.com/channels/(?:\d+|@me)/(\d+)(?:/\d+)?"
_LINKED = re.compile(rf"\[([^\]\[]+)\]\({_PLACE}\)")
_LINK = re.compile(_PLACE)
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_STAMP = re.compile(r"<t:(-?\d+)(?::([tTdDfFsSR]))?>")


@dataclass(frozen=True)
class File:
    """A file a member can open."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Button:
    """A button; link buttons have a `url` and no `custom_id`."""

    label: str
    custom_id: str | None = None
    url: str | None = None
    disabled: bool = False

    def __str__(self) -> str:
        """As on screen: [Label], crossed out when it cannot be pressed."""
        return f"[{self.label}{' (disabled)' if self.disabled else ''}]"


@dataclass(frozen=True)
class Select:
    """A select menu. `kind` 3 has options; 5-8 offer users, roles, both, channels."""

    kind: int
    custom_id: str
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    least: int = 1
    most: int = 1
    disabled: bool = False

    def __str__(self) -> str:
        """As on screen: [placeholder ▾], or what is already chosen."""
        chosen = ", ".join(option.label for option in self.options if option.default)
        return (
            f"[{chosen or self.placeholder or 'Make a selection'} ▾{' (disabled)' if self.disabled else ''}]"
        )


class Screen:
    """One thing on a member's screen. The words are those of the moment it was looked at."""

    def __init__(
        self,
        message: Message | None = None,
        form: Form | None = None,
        *,
        note: str = "",
        names: Names | None = None,
    ) -> None:
        """Look at a message, a form or only a note of the client's own."""
        self.message = message
        self.form = form
        self.note = note
        self.names: Names = names or (lambda _mark, _id: None)
        self.controls: tuple[Button | Select, ...] = ()
        lines: list[str] = [note] if note else []
        if message is not None:
            lines += self._message_lines(message)
            self.controls = tuple(controls(message.components))
        if form is not None:
            lines += form.lines()
        self.text = "\n".join(self.spoken(line) for line in lines if line)

    @property
    def ephemeral(self) -> bool:
        """Whether only this member sees it."""
        return self.message is not None and (
            self.message.ephemeral_to is not None or bool(self.message.flags & EPHEMERAL)
        )

    @property
    def failed(self) -> bool:
        """Whether the bot did not answer."""
        return self.note == FAILED

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons, disabled and link ones too."""
        return [control.label for control in self.controls if isinstance(control, Button)]

    @property
    def selects(self) -> list[str]:
        """The placeholders of all selects."""
        return [control.placeholder for control in self.controls if isinstance(control, Select)]

    @property
    def files(self) -> list[File]:
        """The files to open: those of a message, or those a card names, pictures too."""
        message = self.message
        if message is None:
            return []
        named = set(uploads_named(message.components))
        return [
            File(file.filename, file.data)
            for file in message.attachments
            if not message.v2 or file.filename in named
        ]

    def find_button(self, label: str) -> Button | None:
        """The button with that label: exactly, or but for case and an emoji in front."""
        found = [control for control in self.controls if isinstance(control, Button)]
        return next((button for button in found if button.label == label), None) or next(
            (button for button in found if _same(button.label, label)), None
        )

    def find_select(self, name: str) -> Select | None:
        """The select with that placeholder or chosen label, or with an option of that label."""
        found = [control for control in self.controls if isinstance(control, Select)]
        by_name = (
            select for select in found if _same(select.placeholder, name) or _same(_chosen(select), name)
        )
        return next(by_name, None) or next(
            (select for select in found if any(_same(option.label, name) for option in select.options)), None
        )

    def spoken(self, text: str) -> str:
        """The text with mentions and links to channels as names, and timestamps as words: no ids are left."""
        text = _LINK.sub(r"<#\1>", _LINKED.sub(r"\1", text))
        text = _EMOJI.sub(r"\1", _MENTION.sub(self._name, text))
        text = _COMMAND.sub(r"\1", text)
        return _STAMP.sub(lambda match: stamp(int(match[1]), match[2] or "f"), text)

    def _name(self, match: re.Match[str]) -> str:
        mark = match[1].rstrip("!")
        name = self.names(mark, int(match[2]))
        return f"{mark[0]}{name or 'unknown'}"

    def _message_lines(self, message: Message) -> Iterator[str]:
        """A message as lines: content, embeds, components, attachments."""
        if message.loading:
            yield "thinking …"
        yield message.content
        for embed in message.embeds:
            yield from embed_lines(embed)
        yield from component_lines(message.components)
        # A card shows only the files it names, and has named them by now.
        for attachment in () if message.v2 else message.attachments:
            yield f"(file: {attachment.filename})"

    def __str__(self) -> str:
        """The screen for a terminal: markdown and escapes taken away."""
        header = ["(only you can see this)"] if self.ephemeral else []
        return "\n".join([*header, plain(self.text)])

    def __repr__(self) -> str:
        """Short form for failing tests."""
        return f"<Screen {self.text!r}>"


def embed_lines(embed: Json) -> Iterator[str]:
    """An embed as lines."""
    yield str((embed.get("author") or {}).get("name") or "")
    title = str(embed.get("title") or "")
    yield f"**{title}**" if title else ""
    yield str(embed.get("description") or "")
    for field in embed.get("fields") or []:
        yield f"{field.get('name')}: {field.get('value')}"
    yield str((embed.get("footer") or {}).get("text") or "")


def component_lines(components: Sequence[Json]) -> Iterator[str]:
    """Components as lines, rows of buttons on one line each."""
    for part in components:
        kind = part.get("type")
        if kind == ROW:
            yield " ".join(str(control) for control in controls([part]))
        elif kind == TEXT:
            yield str(part.get("content") or "")
        elif kind == SECTION:
            yield from component_lines(part.get("components") or [])
            yield from component_lines([part.get("accessory") or {}])
        elif kind == CONTAINER:
            yield from component_lines(part.get("components") or [])
        elif kind == BUTTON or kind in SELECTS:
            yield " ".join(str(control) for control in controls([part]))
        elif kind in (THUMBNAIL, GALLERY):
            yield from (f"(picture: {text})" for text in _pictures(part))
        elif kind == FILE:
            yield f"(file: {str((part.get('file') or {}).get('url', '')).removeprefix(UPLOADED)})"


def uploads_named(components: Iterable[Json]) -> Iterator[str]:
    """The names of uploaded files that components show, as `attachment://name`."""
    for part in components:
        media = [
            part.get("file"),
            part.get("media"),
            *(item.get("media") for item in part.get("items") or []),
        ]
        urls = [str(item.get("url", "")) for item in media if item]
        yield from (url.removeprefix(UPLOADED) for url in urls if url.startswith(UPLOADED))
        yield from uploads_named(part.get("components") or [])
        if part.get("accessory"):
            yield from uploads_named([part["accessory"]])


def _pictures(part: Json) -> Iterator[str]:
    """Descriptions of a thumbnail's or gallery's pictures."""
    for item in part.get("items") or [part]:
        yield str(item.get("description") or (item.get("media") or {}).get("url", ""))


def controls(components: Iterable[Json]) -> Iterator[Button | Select]:
    """All buttons and selects, nested ones too, in reading order."""
    for part in components:
        kind = part.get("type")
        if kind == BUTTON:
            emoji = (part.get("emoji") or {}).get("name") or ""
            label = " ".join(filter(None, (emoji, part.get("label") or "")))
            yield Button(label, part.get("custom_id"), part.get("url"), bool(part.get("disabled")))
        elif kind in SELECTS:
            yield _select(part)
        yield from controls(part.get("components") or [])
        if part.get("accessory"):
            yield from controls([part["accessory"]])


def _select(part: Json) -> Select:
    return Select(
        int(part["type"]),
        str(part["custom_id"]),
        str(part.get("placeholder") or ""),
        options_of(part),
        number_of(part, "min_values", 1),
        number_of(part, "max_values", 1),
        bool(part.get("disabled")),
    )


def _chosen(select: Select) -> str:
    return ", ".join(option.label for option in select.options if option.default)


def _same(one: str, other: str) -> bool:
    """Whether two labels read the same, emoji in front and case aside."""
    return bool(other) and _bare(one) == _bare(other)


def _bare(label: str) -> str:
    return re.sub(r"^\W+", "", label).strip().casefold() or label
