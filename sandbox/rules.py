"""Hand-written rules for messages and forms that Discord enforces but its OpenAPI file does not express."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.command_rules import choices_violations, command_violations, commands_violations
from sandbox.embed_rules import embeds_violations, too_long
from sandbox.kinds import (
    BUTTON,
    CALLBACK_FLAGS,
    CHECKS,
    CONTAINER,
    CREATE_FLAGS,
    DEFERRED_REPLY,
    DEFERRED_UPDATE,
    EPHEMERAL,
    FILE,
    GALLERY,
    IN_LABEL,
    LABEL,
    LINK,
    MAX_CHOICES,
    MAX_CONTENT,
    MAX_CUSTOM_ID,
    MAX_FORM_PARTS,
    MAX_IDS,
    MAX_IN_ROW,
    MAX_INPUT,
    MAX_OPTION_TEXT,
    MAX_ROWS,
    MAX_SECTION_TEXTS,
    MAX_TITLE,
    MAX_V2_PARTS,
    MAX_V2_TEXT,
    OPEN_FORM,
    PONG,
    PREMIUM,
    RADIO,
    REPLY,
    ROW,
    SECTION,
    SELECT,
    SELECTS,
    SEPARATOR,
    SUGGEST,
    TEXT,
    TEXT_INPUT,
    UPDATE,
    V2_FLAG,
    V2_ONLY,
)  # fmt: skip

Json = Mapping[str, Any]

_OWN_FIELDS = ("content", "embeds", "allowed_mentions", "sticker_ids", "components", "flags", "poll")
_SENDING_FIELDS = ("attachments", "message_reference", "nonce", "enforce_nonce", "tts", "shared_client_theme")
_WEBHOOK_FIELDS = ("username", "avatar_url", "thread_name", "applied_tags")
MESSAGE_FIELDS = frozenset({*_OWN_FIELDS, *_SENDING_FIELDS, *_WEBHOOK_FIELDS})
SUBSTANCE = ("content", "embeds", "components", "sticker_ids", "poll", "attachments", "message_reference")
LIMITS = {"label": 80, "custom_id": 100, "placeholder": 150, "url": 512, "description": 100, "title": 256}

_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("PUT", r"/applications/[^/]+(/guilds/[^/]+)?/commands", "commands"),
    ("POST", r"/applications/[^/]+(/guilds/[^/]+)?/commands", "command"),
    ("POST", r"/channels/[^/]+/messages", "create"),
    ("PATCH", r"/channels/[^/]+/messages/[^/]+", "edit"),
    ("POST", r"/channels/[^/]+/threads", "thread"),
    ("POST", r"/webhooks/[^/]+/[^/]+", "followup"),
    ("PATCH", r"/webhooks/[^/]+/[^/]+/messages/[^/]+", "edit"),
    ("POST", r"/interactions/[^/]+/[^/]+/callback", "callback"),
)


def violations(method: str, path: str, body: object) -> list[str]:
    """Everything the hand rules find wrong with one request (path without the /api/v10 prefix)."""
    for verb, pattern, kind in _ROUTES:
        if verb == method.upper() and re.fullmatch(pattern, path):
            return _by_kind(kind, body)
    return []


def _by_kind(kind: str, body: object) -> list[str]:
    """Apply the rules of one kind of request."""
    if kind == "commands":
        if isinstance(body, list):
            return commands_violations(body)
        return ["the body must be a list of commands"]
    if not isinstance(body, Mapping):
        return ["the body must be an object"]
    if kind == "command":
        return command_violations(body)
    if kind == "callback":
        return _callback(body)
    return _message_by_kind(kind, body)


def _message_by_kind(kind: str, body: Json) -> list[str]:
    """Apply the rules of a message that is created, edited, follows up or starts a forum post."""
    if kind == "thread":
        message = body.get("message")
        return message_violations(message, "/message", CREATE_FLAGS) if isinstance(message, Mapping) else []
    if kind == "edit":
        return message_violations(body, "", CREATE_FLAGS, edit=True)
    return message_violations(body, "", CALLBACK_FLAGS if kind == "followup" else CREATE_FLAGS)


def _callback(body: Json) -> list[str]:
    """Rules of an interaction callback, by its type."""
    kind = body.get("type")
    data: Json = body.get("data") or {}
    if kind == REPLY:
        return message_violations(data, "/data", CALLBACK_FLAGS)
    if kind == DEFERRED_REPLY:
        flags = int(data.get("flags") or 0)
        return ["/data/flags: a deferred answer may only be ephemeral"] if flags & ~EPHEMERAL else []
    if kind == UPDATE:
        return message_violations(data, "/data", CALLBACK_FLAGS, edit=True)
    if kind == SUGGEST:
        return _suggestions(data.get("choices") or [])
    if kind == OPEN_FORM:
        return form_violations(data, "/data")
    return [] if kind in (PONG, DEFERRED_UPDATE) else [f"/type: {kind!r} is not a callback this bot may send"]


def _suggestions(choices: Sequence[Json]) -> list[str]:
    """Rules of an autocomplete answer."""
    many = len(choices) > MAX_CHOICES
    most = [f"/data/choices: {len(choices)} choices; {MAX_CHOICES} is the most"] if many else []
    return most + choices_violations(choices, "/data/choices")


def message_violations(body: Json, where: str, allowed_flags: int, *, edit: bool = False) -> list[str]:
    """Everything wrong with a message body."""
    flags = int(body.get("flags") or 0)
    components: Sequence[Json] = body.get("components") or []
    found = [f"{where}/{key}: unknown field" for key in body if key not in MESSAGE_FIELDS]
    found += _flag_violations(flags, allowed_flags, where)
    if not edit and not any(body.get(key) for key in SUBSTANCE):
        found.append(f"{where}: the message is empty")
    if len(str(body.get("content") or "")) > MAX_CONTENT:
        found.append(f"{where}/content: {len(body['content'])} characters; 2000 is the most")
    found += _mention_violations(body.get("allowed_mentions") or {}, where)
    found += embeds_violations(body.get("embeds") or [], where)
    if flags & V2_FLAG:
        found += [f"{where}/{key}: not allowed with Components V2" for key in
                  ("content", "embeds", "sticker_ids", "poll") if body.get(key)]  # fmt: skip
    return found + _components_violations(components, bool(flags & V2_FLAG), where, edit)


def _flag_violations(flags: int, allowed: int, where: str) -> list[str]:
    """Flags that cannot be set on this kind of message."""
    if flags & EPHEMERAL and not allowed & EPHEMERAL:
        return [f"{where}/flags: EPHEMERAL exists only in answers to interactions"]
    return [f"{where}/flags: {flags & ~allowed} cannot be set"] if flags & ~allowed else []


def _mention_violations(mentions: Json, where: str) -> list[str]:
    """`parse` and the lists of ids exclude each other, and lists hold at most 100."""
    parse = mentions.get("parse") or []
    found: list[str] = []
    for key in ("users", "roles"):
        ids = mentions.get(key) or []
        if ids and key in parse:
            found.append(f"{where}/allowed_mentions: parse and {key} exclude each other")
        if len(ids) > MAX_IDS:
            found.append(f"{where}/allowed_mentions/{key}: 100 is the most")
    return found


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Every component, nested ones included, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), Mapping):
                yield from walk([component[key]])


def _components_violations(components: Sequence[Json], v2: bool, where: str, edit: bool) -> list[str]:
    """Rules of a message's components."""
    everything = list(walk(components))
    here = f"{where}/components"
    found = _duplicates(everything, here)
    if v2:
        found += _v2_violations(everything, here)
    # An edit of a message that is already V2 need not repeat the flag, so only new messages are judged.
    elif not edit and any(part.get("type") in V2_ONLY for part in everything):
        found.append(f"{here}: Components V2 without the IS_COMPONENTS_V2 flag")
    elif not any(part.get("type") in V2_ONLY for part in components):
        if len(components) > MAX_ROWS:
            found.append(f"{here}: {len(components)} rows; 5 is the most")
        if any(part.get("type") != ROW for part in components):
            found.append(f"{here}: only action rows are allowed at top level")
    for part in everything:
        found += _part_violations(part, here)
    return found


def _v2_violations(everything: Sequence[Json], where: str) -> list[str]:
    """Totals of a Components V2 message."""
    found = (
        [f"{where}: {len(everything)} components; 40 is the most"] if len(everything) > MAX_V2_PARTS else []
    )
    text = sum(len(str(part.get("content") or "")) for part in everything if part.get("type") == TEXT)
    if text > MAX_V2_TEXT:
        found.append(f"{where}: {text} characters of text; 4000 is the most")
    return found


def _duplicates(everything: Sequence[Json], where: str) -> list[str]:
    ids = Counter(part["custom_id"] for part in everything if part.get("custom_id"))
    return [f"{where}: duplicate custom_id {custom_id!r}" for custom_id, count in ids.items() if count > 1]


def _part_violations(part: Json, where: str) -> list[str]:
    """Rules of one component of a message."""
    kind = part.get("type")
    if kind in SELECTS:
        return _select_violations(part, where)
    if kind in PART_RULES:
        return PART_RULES[kind](part, where)
    return [f"{where}: component {kind} exists only in forms"] if kind in IN_LABEL or kind == LABEL else []


def _section_violations(part: Json, where: str) -> list[str]:
    texts = part.get("components") or []
    fine = 1 <= len(texts) <= MAX_SECTION_TEXTS and all(text.get("type") == TEXT for text in texts)
    return [] if fine and part.get("accessory") else [f"{where}: a section is 1-3 texts and an accessory"]


def _text_violations(part: Json, where: str) -> list[str]:
    return [] if part.get("content") else [f"{where}: a text display is empty"]


def _container_violations(part: Json, where: str) -> list[str]:
    inner = part.get("components") or []
    if not inner:
        return [f"{where}: a container is empty"]
    allowed = {ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE}
    wrong = sorted({str(child.get("type")) for child in inner if child.get("type") not in allowed})
    return [f"{where}: a container cannot hold components {', '.join(wrong)}"] if wrong else []


def _row_violations(row: Json, where: str) -> list[str]:
    """A row holds one to five buttons or exactly one select."""
    kinds = [child.get("type") for child in row.get("components") or []]
    selects = sum(kind in SELECTS for kind in kinds)
    if selects and len(kinds) > 1:
        return [f"{where}: a select shares its row"]
    if not 1 <= len(kinds) <= MAX_IN_ROW:
        return [f"{where}: a row of {len(kinds)}; 1 to 5"]
    return [f"{where}: {kind} cannot be in a row" for kind in kinds if kind not in SELECTS | {BUTTON}]


def _button_violations(button: Json, where: str) -> list[str]:
    """A button has exactly one of custom_id (it acts), url (it links) and sku_id (it sells)."""
    name = button.get("label") or button.get("custom_id")
    found = _length_violations(button, where, ("label", "custom_id", "url"))
    style = button.get("style")
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(style if isinstance(style, int) else 0, "custom_id")
    if not button.get(wanted):
        found.append(f"{where}: button {name!r} has no {wanted}")
    found += [f"{where}: button {name!r} of style {style} cannot have {key}" for key in
              ("custom_id", "url", "sku_id") if key != wanted and button.get(key)]  # fmt: skip
    if wanted != "sku_id" and not button.get("label") and not button.get("emoji"):
        found.append(f"{where}: button {name!r} has neither label nor emoji")
    return found


PART_RULES: dict[object, Callable[[Json, str], list[str]]] = {
    ROW: _row_violations,
    BUTTON: _button_violations,
    SECTION: _section_violations,
    TEXT: _text_violations,
    CONTAINER: _container_violations,
}


def _select_violations(select: Json, where: str) -> list[str]:
    """Counts, lengths and uniqueness of a select's options."""
    found = _length_violations(select, where, ("custom_id", "placeholder"))
    if not select.get("custom_id"):
        found.append(f"{where}: a select has no custom_id")
    if select.get("type") == SELECT:
        found += _option_violations(select.get("options") or [], where, 1, 25)
    least, most = _count(select, "min_values"), _count(select, "max_values")
    if least > most:
        found.append(f"{where}: min_values {least} over max_values {most}")
    if select.get("type") == SELECT and most > max(1, len(select.get("options") or [])):
        found.append(f"{where}: max_values {most} over the number of options")
    return found


def _count(select: Json, key: str) -> int:
    value = select.get(key)
    return int(value) if value is not None else 1


def _option_violations(options: Sequence[Json], where: str, least: int, most: int) -> list[str]:
    """Rules of the options of a select, radio group or checkbox group."""
    found = [] if least <= len(options) <= most else [f"{where}: {len(options)} options; {least} to {most}"]
    for option in options:
        long = [key for key in ("label", "value", "description") if too_long(option, key, MAX_OPTION_TEXT)]
        found += [f"{where}: option {key} over {MAX_OPTION_TEXT} characters" for key in long]
        if not option.get("label") or not option.get("value"):
            found.append(f"{where}: an option needs a label and a value")
    values = Counter(option.get("value") for option in options)
    return found + [
        f"{where}: duplicate option value {value!r}" for value, count in values.items() if count > 1
    ]


def _length_violations(thing: Json, where: str, keys: Sequence[str]) -> list[str]:
    return [f"{where}/{key}: {len(str(thing[key]))} characters; {LIMITS[key]} is the most"
            for key in keys if too_long(thing, key, LIMITS[key])]  # fmt: skip


def form_violations(data: Json, where: str) -> list[str]:
    """Everything wrong with a form (modal)."""
    components: Sequence[Json] = data.get("components") or []
    found = (
        [f"{where}/components: {len(components)} parts; 1 to 5"]
        if not 1 <= len(components) <= MAX_FORM_PARTS
        else []
    )
    if not 1 <= len(str(data.get("title") or "")) <= MAX_TITLE:
        found.append(f"{where}/title: 1 to 45 characters")
    if not 1 <= len(str(data.get("custom_id") or "")) <= MAX_CUSTOM_ID:
        found.append(f"{where}/custom_id: 1 to 100 characters")
    found += _duplicates(list(walk(components)), f"{where}/components")
    for index, part in enumerate(components):
        here = f"{where}/components/{index}"
        if part.get("type") == LABEL:
            found += _label_violations(part, here)
        elif part.get("type") != TEXT:
            found.append(
                f"{here}: only Label and Text Display are allowed at top level, not {part.get('type')}"
            )
    return found


def _label_violations(label: Json, where: str) -> list[str]:
    """Rules of one labelled field of a form."""
    field: Json = label.get("component") or {}
    kind = field.get("type")
    found = (
        [] if 1 <= len(str(label.get("label") or "")) <= MAX_TITLE else [f"{where}/label: 1 to 45 characters"]
    )
    if too_long(label, "description", 100):
        found.append(f"{where}/description: over 100 characters")
    if kind not in IN_LABEL:
        return [*found, f"{where}: {kind} cannot be in a label"]
    if not field.get("custom_id"):
        found.append(f"{where}: the field has no custom_id")
    found += _length_violations(field, where, ("custom_id",))
    if kind == TEXT_INPUT:
        return found + _text_input_violations(field, where)
    if kind in SELECTS:
        return found + _form_select_violations(field, where)
    if kind == RADIO:
        return found + _option_violations(field.get("options") or [], where, 2, 10)
    if kind == CHECKS:
        return found + _option_violations(field.get("options") or [], where, 1, 10) + _optional(field, where)
    return found


def _text_input_violations(field: Json, where: str) -> list[str]:
    found = [f"{where}/placeholder: over 100 characters"] if too_long(field, "placeholder", 100) else []
    most = int(field.get("max_length") or MAX_INPUT)
    if not 1 <= most <= MAX_INPUT or int(field.get("min_length") or 0) > most:
        found.append(f"{where}: impossible lengths")
    if too_long(field, "value", most):
        found.append(f"{where}/value: longer than max_length")
    return found


def _form_select_violations(field: Json, where: str) -> list[str]:
    found = _select_violations(field, where) + _optional(field, where)
    if field.get("disabled"):
        found.append(f"{where}: a select in a form cannot be disabled")
    return found


def _optional(field: Json, where: str) -> list[str]:
    """Zero choices are only possible where the field is not required."""
    if field.get("min_values") == 0 and field.get("required", True):
        return [f"{where}: min_values 0 needs required false"]
    return []
