"""What kind of work a commitment is, guessed from its words. Pure; nothing leaves the machine.

A guess only preselects a menu; the member's own choice replaces it.
"""

from __future__ import annotations

import re

# Beginnings of words; the kind that more words speak for wins, among equals the one named first.
_WORDS = {
    "outreach": "call cold contact email follow lead message pitch prospect reach write",
    "proposal": "bid budget contract estimate offer price proposal quote scope sow",
    "publishing": "article blog case linkedin newsletter podcast portfolio post publish video website",
    "networking": "attend coffee community conference event intro meet network talk",
    "learning": "book certificat course learn lesson paper practi read study tutorial",
    "admin": "account bank bookkeep expense insurance invoic legal paperwork receipt tax",
    "delivery": "build client code dashboard deliver deploy finish fix launch model pipeline project ship",
}
_STARTS = {kind: tuple(words.split()) for kind, words in _WORDS.items()}
_WORD = re.compile(r"[a-z]+")


def guess_kind(text: str) -> str | None:
    """Return the kind that most words speak for, None when no word does."""
    typed = _WORD.findall(text.casefold())
    counts = {kind: sum(word.startswith(starts) for word in typed) for kind, starts in _STARTS.items()}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else None
