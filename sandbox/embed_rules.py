"""Hand-written rules for embeds: Discord's OpenAPI file knows each length, but not their total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.kinds import MAX_EMBED_FIELDS, MAX_EMBED_TEXT, MAX_EMBEDS

Json = Mapping[str, Any]

EMBED_LIMITS = {"title": 256, "description": 4096}


def embeds_violations(embeds: Sequence[Json], where: str) -> list[str]:
    """Count and lengths of embeds; all their text together at most 6000."""
    found = [f"{where}/embeds: {len(embeds)} embeds; 10 is the most"] if len(embeds) > MAX_EMBEDS else []
    total = sum(sum(map(len, embed_texts(embed))) for embed in embeds)
    if total > MAX_EMBED_TEXT:
        found.append(f"{where}/embeds: {total} characters in all; 6000 is the most")
    for index, embed in enumerate(embeds):
        here = f"{where}/embeds/{index}"
        found += [
            f"{here}/{key}: over {most}" for key, most in EMBED_LIMITS.items() if too_long(embed, key, most)
        ]
        fields = embed.get("fields") or []
        if len(fields) > MAX_EMBED_FIELDS:
            found.append(f"{here}/fields: {len(fields)} fields; 25 is the most")
        for field in fields:
            found += [f"{here}/fields: {key} over {most}" for key, most in (("name", 256), ("value", 1024))
                      if too_long(field, key, most)]  # fmt: skip
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


def too_long(thing: Json, key: str, most: int) -> bool:
    """Whether a text is longer than allowed."""
    return len(str(thing.get(key) or "")) > most
