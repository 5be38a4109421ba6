"""Hand-written rules for messages and forms that Discord enforces but its OpenAPI file does not express."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.command_rules import choices_violations, command_violations, commands_violations

Json = Mapping[str, Any]

ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, UPLOAD, RADIO, CHECKS, CHECK = 18, 19, 21, 22, 23
SELECTS = frozenset({3, 5, 6, 7, 8})
V2_ONLY = frozenset({SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER})
IN_LABEL = SELECTS | {TEXT_INPUT, UPLOAD, RADIO, CHECKS, CHECK}
LINK, PREMIUM = 5, 6

EPHEMERAL, V2_FLAG = 1 << 6, 1 << 15
CREATE_FLAGS = (1 << 2) | (1 << 12) | (1 << 13) | V2_FLAG
CALLBACK_FLAGS = CREATE_FLAGS | EPHEMERAL

MESSAGE_FIELDS = frozenset(
    ["content", "embeds", "allowed_mentions", "sticker_ids", "components", "flags", "attachments", "poll", "message_reference", "nonce", "enforce_nonce", "tts", "username", "avatar_url", "thread_name", "applied_tags", "shared_client_theme"]
)
SUBSTANCE = ("content", "embeds", "components", "sticker_ids", "poll", "attachments", "message_reference")
LIMITS = {"label": 80, "custom_id": 100, "placeholder": 150, "url": 512, "description": 100, "title": 256}
EMBED_LIMITS = {"title": 256, "description": 4096}

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
        return (
            commands_violations(body) if isinstance(body, list) else ["the body must be a list of commands"]
        )
    if not isinstance(body, Mapping):
        return ["the body must be an object"]
    if kind == "command":
        return command_violations(body)
    if kind == "callback":
        return _callback(body)
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
    if kind == 4:
        return message_violations(data, "/data", CALLBACK_FLAGS)
    if kind == 5:
        flags = int(data.get("flags") or 0)
        return ["/data/flags: a deferred answer may only be ephemeral"] if flags & ~EPHEMERAL else []
    if kind == 7:
        return message_violations(data, "/data", CALLBACK_FLAGS, edit=True)
    if kind == 8:
        choices = data.get("choices") or []
        most = [f"/data/choices: {len(choices)} choices; 25 is the most"] if len(choices) > 25 else []
        return most + choices_violations(choices, "/data/choices")
    if kind == 9:
        return form_violations(data, "/data")
    return [] if kind in (1, 6) else [f"/type: {kind!r} is not a callback this bot may send"]


def message_violations(body: Json, where: str, allowed_flags: int, *, edit: bool = False) -> list[str]:
    """Everything wrong with a message body."""
    flags = int(body.get("flags") or 0)
    components: Sequence[Json] = body.get("components") or []
    found = [f"{where}/{key}: unknown field" for key in body if key not in MESSAGE_FIELDS]
    found += _flag_violations(flags, allowed_flags, where)
    if not edit and not any(body.get(key) for key in SUBSTANCE):
        found.append(f"{where}: the message is empty")
    if len(str(body.get("content") or "")) > 2000:
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
        if len(ids) > 100:
            found.append(f"{where}/allowed_mentions/{key}: 100 is the most")
    return found


def embeds_violations(embeds: Sequence[Json], where: str) -> list[str]:
    """Count and lengths of embeds; all their text together at most 6000."""
    found = [f"{where}/embeds: {len(embeds)} embeds; 10 is the most"] if len(embeds) > 10 else []
    total = sum(sum(map(len, embed_texts(embed))) for embed in embeds)
    if total > 6000:
        found.append(f"{where}/embeds: {total} characters in all; 6000 is the most")
    for index, embed in enumerate(embeds):
        here = f"{where}/embeds/{index}"
        found += [
            f"{here}/{key}: over {most}" for key, most in EMBED_LIMITS.items() if _long(embed, key, most)
        ]
        fields = embed.get("fields") or []
        if len(fields) > 25:
            found.append(f"{here}/fields: {len(fields)} fields; 25 is the most")
        for field in fields:
            found += [f"{here}/fields: {key} over {most}" for key, most in (("name", 256), ("value", 1024))
                      if _long(field, key, most)]  # fmt: skip
            if not field.get("name") or not field.get("value"):
                found.append(f"{here}/fields: a field needs a name and a value")
    return found


def embed_texts(embed: Json) -> Iterator[str]:
    """The texts of an embed that count towards the 6000."""
    for key in ("title", "description"):
        yield str(embed.get(key) or "")
    yield str((embed.get("author") or {}).get("name") or "")
    for field in embed.get("fields") or []:
        yield str(field.get("name") or "")
        yield str(field.get("value") or "")
    yield str((embed.get("footer") or {}).get("text") or "")


def _long(thing: Json, key: str, most: int) -> bool:
    return len(str(thing.get(key) or "")) > most


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
        if len(components) > 5:
            found.append(f"{here}: {len(components)} rows; 5 is the most")
        if any(part.get("type") != ROW for part in components):
            found.append(f"{here}: only action rows are allowed at top level")
    for part in everything:
        found += _part_violations(part, here)
    return found


def _v2_violations(everything: Sequence[Json], where: str) -> list[str]:
    """Totals of a Components V2 message."""
    found = [f"{where}: {len(everything)} components; 40 is the most"] if len(everything) > 40 else []
    text = sum(len(str(part.get("content") or "")) for part in everything if part.get("type") == TEXT)
    if text > 4000:
        found.append(f"{where}: {text} characters of text; 4000 is the most")
    return found


def _duplicates(everything: Sequence[Json], where: str) -> list[str]:
    ids = Counter(part["custom_id"] for part in everything if part.get("custom_id"))
    return [f"{where}: duplicate custom_id {custom_id!r}" for custom_id, count in ids.items() if count > 1]


def _part_violations(part: Json, where: str) -> list[str]:
    """Rules of one component of a message."""
    kind = part.get("type")
    if kind == ROW:
        return _row_violations(part, where)
    if kind == BUTTON:
        return _button_violations(part, where)
    if kind in SELECTS:
        return _select_violations(part, where)
    if kind == SECTION:
        texts = part.get("components") or []
        fine = 1 <= len(texts) <= 3 and all(text.get("type") == TEXT for text in texts)
        return [] if fine and part.get("accessory") else [f"{where}: a section is 1-3 texts and an accessory"]
    if kind == TEXT and not part.get("content"):
        return [f"{where}: a text display is empty"]
    if kind == CONTAINER:
        return _container_violations(part, where)
    if kind in IN_LABEL or kind == LABEL:
        return [f"{where}: component {kind} exists only in forms"]
    return []


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
    if not 1 <= len(kinds) <= 5:
        return [f"{where}: a row of {len(kinds)}; 1 to 5"]
    return [f"{where}: {kind} cannot be in a row" for kind in kinds if kind not in SELECTS | {BUTTON}]


def _button_violations(button: Json, where: str) -> list[str]:
    """A button sends an interaction (custom_id), opens a link (url) or sells (sku_id): exactly one of them."""
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
        for key in ("label", "value", "description"):
            if _long(option, key, 100):
                found.append(f"{where}: option {key} over 100 characters")
        if not option.get("label") or not option.get("value"):
            found.append(f"{where}: an option needs a label and a value")
    values = Counter(option.get("value") for option in options)
    return found + [
        f"{where}: duplicate option value {value!r}" for value, count in values.items() if count > 1
    ]


def _length_violations(thing: Json, where: str, keys: Sequence[str]) -> list[str]:
    return [f"{where}/{key}: {len(str(thing[key]))} characters; {LIMITS[key]} is the most"
            for key in keys if _long(thing, key, LIMITS[key])]  # fmt: skip


def form_violations(data: Json, where: str) -> list[str]:
    """Everything wrong with a form (modal)."""
    components: Sequence[Json] = data.get("components") or []
    found = [f"{where}/components: {len(components)} parts; 1 to 5"] if not 1 <= len(components) <= 5 else []
    if not 1 <= len(str(data.get("title") or "")) <= 45:
        found.append(f"{where}/title: 1 to 45 characters")
    if not 1 <= len(str(data.get("custom_id") or "")) <= 100:
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
    found = [] if 1 <= len(str(label.get("label") or "")) <= 45 else [f"{where}/label: 1 to 45 characters"]
    if _long(label, "description", 100):
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
    found = [f"{where}/placeholder: over 100 characters"] if _long(field, "placeholder", 100) else []
    most = int(field.get("max_length") or 4000)
    if not 1 <= most <= 4000 or int(field.get("min_length") or 0) > most:
        found.append(f"{where}: impossible lengths")
    if _long(field, "value", most):
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
