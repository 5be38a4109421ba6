"""Cards, buttons and text: the look that every message of Kith shares, always within Discord's limits."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import discord
from discord import ui

from bot.core.errors import KithError
from bot.edge.items import BUTTON, SELECT, KithButton, KithSelect

Tone = Literal["plain", "good", "warn"]
Style = Literal["plain", "main", "danger"]
Block: TypeAlias = "str | ui.Item[Any]"
Option: TypeAlias = "tuple[str, str] | tuple[str, str, str | None]"

TEXT_MAX = 4000
COMPONENTS_MAX = 40
TITLE_MAX = 200
LABEL_MAX = 80
OPTION_MAX = 100
OPTIONS_MAX = 25
ID_MAX = 100
URL_MAX = 512
ROW = 5
# Room that is always left for the title and at least one block.
ACTIONS_MAX = 32

TONES: dict[str, int] = {"plain": 0x4F6D9A, "good": 0x3C8D5A, "warn": 0xC98A1B}
STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "main": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}

_WEB = re.compile(r"https?://[A-Za-z0-9\-._~/?=&%#+:,;]+")
_ANYWHERE = frozenset("\\*_~`|[]<>")
_LINE_START = frozenset("#-+>=")
_GAP = "\u200b"
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]"
_STACKED = re.compile(f"({_MARKS}{{3}}){_MARKS}+")


class Card(ui.LayoutView):
    """A Components V2 message; discord.py never stores it, since its items are found again by their ids."""

    def __init__(self) -> None:
        """Make an empty card that never times out."""
        super().__init__(timeout=None)

    def is_finished(self) -> bool:
        """Say yes always: discord.py keeps only unfinished views in memory (15 minutes or for ever)."""
        return True


class LegacyView(ui.View):
    """Buttons under a message that is not a card."""

    def __init__(self) -> None:
        """Make an empty view that never times out."""
        super().__init__(timeout=None)

    def is_finished(self) -> bool:
        """Say yes always, as `Card` does."""
        return True


@dataclass(slots=True)
class Outgoing:
    """What a renderer returns: one message to send, post or edit; `rename` gives a post another name.

    `files` are (name, content); a card shows them below what it says. An edit takes a message's files away.
    """

    view: ui.LayoutView | None = None
    embed: discord.Embed | None = None
    legacy_view: ui.View | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    archive: bool | None = None
    rename: str | None = None
    files: tuple[tuple[str, bytes], ...] = ()


def uploads(outgoing: Outgoing) -> list[discord.File]:
    """Make a message's files for one try, and name them in its card, without which Discord shows none.

    An upload that was read is empty afterwards: each try needs a message that was rendered anew.
    """
    box = next(iter(outgoing.view.children), None) if outgoing.view is not None else None
    if isinstance(box, ui.Container):
        shown = str(box.to_component_dict())  # as a picture
        for name, _content in outgoing.files:
            if f"attachment://{name}'" not in shown:
                box.add_item(ui.File(f"attachment://{name}"))
    return [discord.File(io.BytesIO(content), name) for name, content in outgoing.files]


def shorten(text: str, n: int) -> str:
    """Cut `text` to at most `n` characters, with … where something is missing."""
    if len(text) <= n:
        return text
    return text[: max(0, n - 1)].rstrip() + "…" if n > 0 else ""


def plain(text: str, limit: int = LABEL_MAX) -> str:
    """Clean member-typed text for places without markdown: labels, options, thread names. One line."""
    return shorten(" ".join(_clean(text).split()), limit)


def safe(text: object, limit: int = 1000) -> str:
    """Make member-typed text harmless inside a card: no markdown, mentions, invisible or reversed text."""
    pieces: list[str] = []
    room = limit
    for piece in _pieces(_clean(str(text))):
        if len(piece) > room:
            while pieces and room < 1:
                room += len(pieces.pop())
            return "".join(pieces).rstrip() + ("…" if limit > 0 else "")
        pieces.append(piece)
        room -= len(piece)
    return "".join(pieces)


def mention(person_id: int) -> str:
    """Mention a person; say their name in words as well, mentions are often not resolved."""
    return f"<@{person_id}>"


def when(at: datetime, style: str = "f") -> str:
    """Show a time that every reader sees in their own zone (styles of Discord: t T d D f F R)."""
    if at.tzinfo is None:
        raise ValueError("a time shown to people needs its zone")
    return f"<t:{int(at.timestamp())}:{style}>"


def button(
    label: str,
    action: str,
    *args: object,
    style: Style = "plain",
    emoji: str | None = None,
    disabled: bool = False,
) -> KithButton:
    """Make a button that calls what is registered for `action`, also after a restart."""
    return KithButton(
        ui.Button(
            label=plain(label) or "…",
            style=STYLES[style],
            custom_id=custom_id(BUTTON, action, args),
            emoji=emoji,
            disabled=disabled,
        )
    )


def select(
    placeholder: str,
    action: str,
    *args: object,
    options: Iterable[Option],
    max_values: int = 1,
    min_values: int = 1,
    chosen: Collection[str] = (),
) -> KithSelect:
    """Make a menu that calls what is registered for `action` with the chosen values."""
    shown = menu_options(options, chosen)
    return KithSelect(
        ui.Select(
            placeholder=plain(placeholder, OPTION_MAX) or None,
            custom_id=custom_id(SELECT, action, args),
            options=shown,
            max_values=max(1, min(max_values, len(shown))),
            min_values=max(0, min(min_values, len(shown))),
        )
    )


def link(label: str, url: str) -> ui.Button[Any]:
    """Make a button that opens a web page."""
    if len(url) > URL_MAX or not url.startswith(("https://", "http://", "discord://")):
        raise KithError("link_unusable")
    return ui.Button(label=plain(label) or "…", url=url)


def menu_options(options: Iterable[Option], chosen: Collection[str] = ()) -> list[discord.SelectOption]:
    """Turn (label, value, description) into at most 25 options, each value once."""
    found: dict[str, discord.SelectOption] = {}
    for label, value, *rest in options:
        if len(value) > OPTION_MAX or not value:
            raise ValueError(f"an option's value has 1 to {OPTION_MAX} characters: {value!r}")
        about = plain(rest[0] or "", OPTION_MAX) if rest else ""
        found.setdefault(
            value,
            discord.SelectOption(
                label=plain(label, OPTION_MAX) or "…",
                value=value,
                description=about or None,
                default=value in chosen,
            ),
        )
    if not found:
        raise ValueError("a menu needs an option")
    return list(found.values())[:OPTIONS_MAX]


def custom_id(prefix: str, action: str, args: Iterable[object]) -> str:
    """Join an action and its arguments into a component's id."""
    parts = [str(arg) for arg in args]
    if any(":" in part for part in parts):
        raise ValueError(f"an argument of {action} contains a colon: {parts}")
    made = ":".join([prefix, action, *parts])
    if len(made) > ID_MAX:
        raise ValueError(f"the id of {action} is longer than {ID_MAX} characters: {made}")
    return made


def card(
    title: str, *blocks: Block, actions: Sequence[ui.Item[Any]] = (), tone: Tone = "plain"
) -> ui.LayoutView:
    """Lay out one card: a title, texts and other blocks, then the actions in rows of five."""
    rows = _rows(actions)
    box: ui.Container[Any] = ui.Container(accent_colour=TONES[tone])
    heading = "### " + (shorten(title.strip().replace("\n", " "), TITLE_MAX) or "…")
    box.add_item(ui.TextDisplay(heading))
    room = COMPONENTS_MAX - 2 - sum(row._total_count for row in rows)
    _fill(box, list(_laid_out(blocks)), room, TEXT_MAX - len(heading))
    for row in rows:
        box.add_item(row)
    return Card().add_item(box)


def note(text: str, *, actions: Sequence[ui.Item[Any]] = (), tone: Tone = "plain") -> ui.LayoutView:
    """Lay out one sentence without a title: what a refusal or a short confirmation looks like."""
    box: ui.Container[Any] = ui.Container(accent_colour=TONES[tone])
    box.add_item(ui.TextDisplay(shorten(text.strip(), TEXT_MAX) or "…"))
    for row in _rows(actions):
        box.add_item(row)
    return Card().add_item(box)


def legacy_view(*actions: ui.Item[Any]) -> ui.View:
    """Put buttons under a message with an embed (a forum post); kept out of discord.py's memory too."""
    view = LegacyView()
    for action in actions[: ROW * ROW]:
        view.add_item(action)
    return view


def _fill(box: ui.Container[Any], items: list[ui.Item[Any]], room: int, text: int) -> None:
    """Add what fits; what does not is announced by …, never cut silently."""
    for place, item in enumerate(items):
        left = len(items) - place - 1
        cost = item._total_count
        if cost > room or (cost == room and left) or text <= 1:
            if room > 0 and text > 0:
                box.add_item(ui.TextDisplay("…"))
            return
        text = _fit(item, text, keep=1 if left else 0)
        box.add_item(item)
        room -= cost


def _fit(item: ui.Item[Any], text: int, keep: int) -> int:
    """Shorten the texts of `item` to what is left of the budget; return what is left after it."""
    for shown in _texts(item):
        shown.content = shorten(shown.content, max(1, text - keep))
        text -= len(shown.content)
    return text


def _texts(item: ui.Item[Any]) -> Iterator[ui.TextDisplay[Any]]:
    """Find every text inside an item."""
    if isinstance(item, ui.TextDisplay):
        yield item
    elif isinstance(item, (ui.Section, ui.Container)):
        for child in item.walk_children():
            if isinstance(child, ui.TextDisplay):
                yield child


def _laid_out(blocks: Iterable[Block]) -> Iterator[ui.Item[Any]]:
    """Turn blocks into items that a container takes; empty texts are left out."""
    for block in blocks:
        if isinstance(block, str):
            if block.strip():
                yield ui.TextDisplay(block.strip())
        elif isinstance(block, (KithButton, KithSelect, ui.Button)):
            yield ui.ActionRow(block)
        else:
            yield block


def _rows(actions: Sequence[ui.Item[Any]]) -> list[ui.ActionRow[Any]]:
    """Put buttons five to a row and each menu in its own row; an id shows once."""
    rows: list[ui.ActionRow[Any]] = []
    seen: set[str] = set()
    open_row: ui.ActionRow[Any] | None = None
    for action in actions:
        key = getattr(action, "custom_id", None)
        if key is not None and key in seen:
            continue
        seen.add(key or "")
        fits = open_row is not None and action.width == 1 and len(open_row.children) < ROW
        if sum(row._total_count for row in rows) + (1 if fits else 2) > ACTIONS_MAX:
            break
        if fits and open_row is not None:
            open_row.add_item(action)
            continue
        made: ui.ActionRow[Any] = ui.ActionRow(action)
        rows.append(made)
        open_row = made if action.width == 1 else None
    return rows


def _clean(text: str) -> str:
    """Drop control, zero-width and direction characters; keep at most one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(
        char
        for char in text
        if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}
    )
    kept = re.sub(r"[^\S\n]+\n", "\n", kept)
    # Stacked combining marks ("zalgo") run over the neighbouring lines.
    kept = _STACKED.sub(r"\1", kept)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _pieces(text: str) -> Iterator[str]:
    """Yield the escaped text in pieces that must not be cut; web addresses stay clickable."""
    head, digits = True, False
    place = 0
    while place < len(text):
        web = _WEB.match(text, place) if text[place] == "h" else None
        if web is not None and len(web.group()) <= URL_MAX:
            yield web.group()
            place, head, digits = web.end(), False, False
            continue
        char = text[place]
        yield _escaped(char, head, digits)
        digits = char.isdigit() and (head or digits)
        head = char == "\n" or (head and char.isspace())
        place += 1


def _escaped(char: str, head: bool, digits: bool) -> str:
    """Escape one character; `head`: first of its line, `digits`: only a number stands before it."""
    if char in _ANYWHERE or (head and char in _LINE_START) or (digits and char in ".)"):
        return "\\" + char
    return char + _GAP if char == "@" else char
