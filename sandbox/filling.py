"""Choosing in selects and filling forms, as Discord's client allows it and in the shapes it sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.forms import Field, Form, Option
from sandbox.kinds import CHECK, LABEL, RADIO, ROW, TEXT, TEXT_INPUT, UPLOAD
from sandbox.line import Impossible
from sandbox.model import Json
from sandbox.resolve import SELECT_AS_OPTION, Place
from sandbox.screen import Select

YES = frozenset({"true", "yes", "on", "x"})

Answer = str | bool | Sequence[str]


def select_values(select: Select, values: Sequence[str], place: Place) -> list[str]:
    """The values a member's choice sends; Impossible where the menu would not close like that."""
    if select.disabled:
        raise Impossible(f"{select} is disabled")
    chosen = _picked(select.kind, select.options, values, place, str(select))
    if not select.least <= len(chosen) <= select.most:
        raise Impossible(f"{select}: {len(chosen)} chosen; {select.least} to {select.most}")
    return chosen


def _picked(
    kind: int, options: Sequence[Option], values: Sequence[str], place: Place, where: str
) -> list[str]:
    """Values by label or value, or ids by name; each once."""
    if kind in SELECT_AS_OPTION:
        return list(dict.fromkeys(place.named(SELECT_AS_OPTION[kind], value) for value in values))
    found: list[str] = []
    for value in values:
        by_label = (option for option in options if value in (option.label, option.value))
        option = next(by_label, None) or next(
            (option for option in options if option.label.casefold() == value.casefold()), None
        )
        if option is None:
            raise Impossible(f"{where}: {value!r} is not among {', '.join(o.label for o in options)}")
        if option.value not in found:
            found.append(option.value)
    return found


def submission(form: Form, answers: Mapping[str, Answer], place: Place) -> Json:
    """The data of a form's submission. Fields not named keep what they were filled with."""
    for label in answers:
        if form.field(label) is None:
            labels = ", ".join(field.label for field in form.fields)
            raise Impossible(f"« {form.title} » has no field {label!r} (there are: {labels})")
    given = {label.casefold(): answer for label, answer in answers.items()}
    by_id = {
        field.custom_id: field_json(field, given.get(field.label.casefold()), place) for field in form.fields
    }
    components: list[Json] = []
    for number, part in enumerate(form.parts):
        # Discord numbers parts that came without an id; labels and their fields are numbered in one row.
        own = part.get("id") or 2 * number + 1
        if part.get("type") == LABEL:
            inner = part["component"]
            sent = by_id[str(inner["custom_id"])] | {"id": inner.get("id") or own + 1}
            components.append({"type": LABEL, "id": own, "component": sent})
        elif part.get("type") == TEXT:
            components.append({"type": TEXT, "id": own})
        else:
            children = [by_id[str(child["custom_id"])] for child in part.get("components") or []]
            components.append({"type": ROW, "id": own, "components": children})
    data: Json = {"custom_id": form.custom_id, "components": components}
    return data | ({"resolved": place.resolved} if place.resolved else {})


def field_json(field: Field, answer: Answer | None, place: Place) -> Json:
    """What one field sends, given the member's answer or (None) what stood there."""
    data: Json = {"type": field.kind, "custom_id": field.custom_id}
    if field.kind == TEXT_INPUT:
        return data | {"value": _text(field, answer)}
    if field.kind == CHECK:
        ticked = bool(field.values) if answer is None else _ticked(answer)
        return data | {"value": ticked}
    values = _chosen(field, answer, place)
    if field.kind == RADIO:
        return data | {"value": values[0] if values else None}
    return data | {"values": values}


def _text(field: Field, answer: Answer | None) -> str:
    """A text field's value; empty, too short and too long are held back by the client."""
    text = "".join(field.values) if answer is None else answer
    if not isinstance(text, str):
        raise Impossible(f"{field.label}: takes text, not {answer!r}")
    if not text.strip():
        if field.required:
            raise Impossible(f"{field.label}: must be filled in")
        return text
    if not field.least <= len(text) <= field.most:
        raise Impossible(f"{field.label}: {len(text)} characters; {field.least} to {field.most}")
    return text


def _ticked(answer: Answer) -> bool:
    return answer.casefold() in YES if isinstance(answer, str) else bool(answer)


def _chosen(field: Field, answer: Answer | None, place: Place) -> list[str]:
    """The values of a select, radio group, checkbox group or upload."""
    wanted = field.values if answer is None else _listed(field, answer)
    if field.kind == UPLOAD:
        if wanted or field.required:
            raise Impossible(f"{field.label}: members here have no files")
        return []
    values = _picked(field.kind, field.options, wanted, place, field.label)
    if not values and not field.required:
        return []
    least = max(field.least, 1) if field.required else field.least
    if not least <= len(values) <= field.most:
        raise Impossible(f"{field.label}: {len(values)} chosen; {least} to {field.most}")
    return values


def _listed(field: Field, answer: Answer) -> Sequence[str]:
    """The answer as a list of choices; a lone box of consent may be ticked with True."""
    if isinstance(answer, bool):
        return [option.value for option in field.options[:1]] if answer else []
    if isinstance(answer, str):
        return [answer] if answer else []
    return answer
