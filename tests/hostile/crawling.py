"""Collects what can be pressed, chosen and filled in, as its owner gets to see it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.actors import Member
from sandbox.kinds import SELECT
from sandbox.model import COMPONENT, MODAL_SUBMIT, Json, Message
from sandbox.screen import Screen
from sandbox.screen import Select as Menu


@dataclass
class Found:
    """Buttons and menus by their id, with a value that they offer; forms by theirs, with their parts."""

    controls: dict[str, Json] = field(default_factory=dict)
    forms: dict[str, Iterable[Mapping[str, Any]]] = field(default_factory=dict)

    def keep(self, screen: Screen) -> list[str]:
        """Remember what is on a screen; return what is new."""
        new: list[str] = []
        for control in screen.controls:
            if not control.custom_id or control.disabled or control.custom_id in self.controls:
                continue
            data: Json = {"custom_id": control.custom_id, "component_type": 2}
            if isinstance(control, Menu):
                values = [one.value for one in control.options[: control.most]]
                data |= {"component_type": SELECT, "values": values}
            self.controls[control.custom_id] = data
            new.append(control.custom_id)
        if screen.form is not None:
            self.forms[screen.form.custom_id] = screen.form.parts
        return new

    @property
    def actions(self) -> set[str]:
        """The families of all of them."""
        return {one.split(":")[1] for one in (*self.controls, *self.forms)}


async def press(actor: Member, data: Json, on: Message) -> Screen:
    """Send in a button or a menu that may never have been on this message."""
    return await actor._do(f"presses {data}", COMPONENT, actor._channel_of(on), dict(data), on)


async def crawl(actor: Member, screens: Iterable[Screen], found: Found, most: int = 150) -> None:
    """Press all there is, and all that this brings, each once."""
    waiting = [(one, screen.message) for screen in screens for one in found.keep(screen) if screen.message]
    while waiting and most:
        made, on = waiting.pop(0)
        if on.deleted:
            continue
        most -= 1
        shown = await press(actor, found.controls[made], on)
        if shown.message is not None:
            waiting += [(one, shown.message) for one in found.keep(shown)]
        else:
            found.keep(shown)


async def submit(actor: Member, made: str, parts: Iterable[Mapping[str, Any]], word: str) -> Screen:
    """Send in a form that somebody else may have opened."""
    place = actor._place(None)
    data: Json = {"custom_id": made, "components": list(filled(parts, word))}
    return await actor._do(f"sends {data}", MODAL_SUBMIT, place.channel, data)


def filled(parts: Iterable[Mapping[str, Any]], word: str) -> Iterator[Json]:
    """A form as somebody in a hurry would fill it in."""
    for number, part in enumerate(parts):
        inner = part.get("component")
        if not inner:
            continue
        sent: Json = {"type": inner["type"], "custom_id": inner["custom_id"], "id": number + 100}
        offered = [str(one["value"]) for one in inner.get("options") or ()][:1]
        if inner["type"] == 4:
            sent["value"] = word
        elif inner["type"] == 21:
            sent["value"] = offered[0] if offered else None
        elif inner["type"] == 23:
            sent["value"] = True
        else:
            sent["values"] = offered
        yield {"type": 18, "id": number + 200, "component": sent}
