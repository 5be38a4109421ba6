"""Every form: found again by its id, so it counts after a restart; refused input is offered again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from discord import Interaction, ui

from bot.core.errors import KithError
from bot.core.ids import new_id
from bot.core.text import _
from bot.edge import kit
from bot.edge.answer import Answer, attend, refuse
from bot.edge.buttons import Buttons, Press
from bot.edge.fields import Field, checks_field, choice_field, choices_field, read_values, text_field
from bot.edge.gates import admit

__all__ = [
    "Drafts",
    "Field",
    "FormModal",
    "FormSpec",
    "Forms",
    "Submission",
    "Values",
    "checks_field",
    "choice_field",
    "choices_field",
    "text_field",
]

Values: TypeAlias = dict[str, "str | list[str]"]

PREFIX = "f:"
TITLE_MAX = 45
FIELDS_MAX = 5
ID_MAX = 100
_ID = re.compile(r"f:(?P<form>[a-z_.]+):(?P<state>.*):(?P<random>[^:]+)", re.DOTALL)


class Drafts(Protocol):
    """Keeps what a person typed into a form that was refused."""

    async def save(self, person_id: int, form: str, state: str, values: Mapping[str, Any]) -> str:
        """Keep the values; return the draft's id."""

    async def load(self, draft_id: str, person_id: int) -> tuple[str, str, Values] | None:
        """Return (form, state, values) to the person who typed them; None if no longer kept."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One form as it was sent in."""

    interaction: Interaction[Any]
    state: str
    values: Values
    answer: Answer
    person_id: int

    def text(self, name: str) -> str:
        """Return a field's text or single choice, "" if left empty."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else (value[0] if value else "")

    def chosen(self, name: str) -> list[str]:
        """Return the values chosen in a field."""
        value = self.values.get(name, [])
        return ([value] if value else []) if isinstance(value, str) else value


class FormModal(ui.Modal):
    """A form on its way out; discord.py never keeps it, `Forms` answers it by its id."""

    def __init__(self, form: str, state: str, title: str, fields: Sequence[Field]) -> None:
        """Lay out at most five fields."""
        if not 1 <= len(fields) <= FIELDS_MAX:
            raise ValueError(f"the form {form} has {len(fields)} fields; 1 to {FIELDS_MAX} fit")
        made = f"{PREFIX}{form}:{state}:{new_id()}"
        if len(made) > ID_MAX:
            raise ValueError(f"the id of the form {form} is longer than {ID_MAX} characters: {made}")
        super().__init__(title=kit.plain(title, TITLE_MAX) or "…", timeout=None, custom_id=made)
        self.form = form
        self.state = state
        for field in fields:
            self.add_item(field.label())

    @property
    def address(self) -> tuple[str, ...]:
        """Say which form this is, as arguments of a button that opens it."""
        return (self.form, *self.state.split(":"))

    def is_finished(self) -> bool:
        """Say yes always: a form that was dismissed would otherwise stay in memory for ever."""
        return True


Build: TypeAlias = Callable[[str, "Values | None", "Interaction[Any]"], Awaitable[FormModal]]
Submit: TypeAlias = Callable[[Submission], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One kind of form: how it is built (again), and what happens with what is sent in."""

    name: str
    build: Build
    submit: Submit


class Forms:
    """Knows every form; opens them, reads what is sent in and keeps what was refused."""

    def __init__(self, drafts: Drafts, buttons: Buttons) -> None:
        """Take the keeper of drafts, and register the buttons that open forms."""
        self._drafts = drafts
        self._specs: dict[str, FormSpec] = {}
        buttons.register("form.open", self._open)
        buttons.register("form.draft", self._reopen)

    def register(self, spec: FormSpec) -> None:
        """Add one kind of form."""
        if spec.name in self._specs:
            raise ValueError(f"two forms are called {spec.name}")
        self._specs[spec.name] = spec

    def known(self) -> tuple[str, ...]:
        """List every form, for checks and documents."""
        return tuple(sorted(self._specs))

    def form_of(self, interaction: Interaction[Any]) -> str | None:
        """Return the name of the form that was sent in; None when it is no known one."""
        found = _ID.fullmatch(str(dict(interaction.data or {}).get("custom_id", "")))
        return found["form"] if found and found["form"] in self._specs else None

    def submit_of(self, interaction: Interaction[Any]) -> Submit | None:
        """Return what takes the form that was sent in; None when it is no known one."""
        form = self.form_of(interaction)
        return self._specs[form].submit if form is not None else None

    def modal(self, form: str, state: str, title: str, fields: Iterable[Field]) -> FormModal:
        """Make a form to be opened with `answer.form`."""
        return FormModal(form, state, title, list(fields))

    async def build(
        self, form: str, state: str, interaction: Interaction[Any], values: Values | None = None
    ) -> FormModal:
        """Build a registered form, filled in with `values` where there are some."""
        return await self._spec(form).build(state, values, interaction)

    async def dispatch(self, interaction: Interaction[Any]) -> None:
        """Answer one form that was sent in, whenever it was opened."""
        await attend(interaction, self._handle)

    async def _handle(self, answer: Answer) -> None:
        interaction = answer.interaction
        data: dict[str, Any] = dict(interaction.data or {})
        found = _ID.fullmatch(str(data.get("custom_id", "")))
        if found is None or "\0" in found.string:  # PostgreSQL keeps no such text, and Kith writes none
            raise KithError("form_outdated")
        form, state = found["form"], found["state"]
        values = read_values(data.get("components") or ())
        person_id = interaction.user.id
        try:
            await admit(interaction, form)
            await self._spec(form).submit(Submission(interaction, state, values, answer, person_id))
        except Exception as error:  # noqa: BLE001 - it is told and logged by `refuse`
            draft = await self._drafts.save(person_id, form, state, values)
            again = kit.button(_("Open it again, filled in"), "form.draft", draft, style="main")
            await refuse(answer, error, [again])

    def _spec(self, form: str) -> FormSpec:
        spec = self._specs.get(form)
        if spec is None:
            raise KithError("form_outdated")
        return spec

    async def _open(self, press: Press) -> None:
        form, *state = press.args or ("",)
        await press.answer.form(await self.build(form, ":".join(state), press.interaction))

    async def _reopen(self, press: Press) -> None:
        draft_id = press.args[0] if press.args else ""
        draft = await self._drafts.load(draft_id, press.person_id)
        if draft is None:
            raise KithError("draft_gone")
        form, state, values = draft
        await press.answer.form(await self.build(form, state, press.interaction, values))
