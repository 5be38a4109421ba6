"""The words members read: gettext in the reader's own language."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALES = Path(__file__).parents[1] / "locale"
SOURCE_LOCALE = "en-US"

_locale: ContextVar[str] = ContextVar("locale", default=SOURCE_LOCALE)


@lru_cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    """Return the texts of a Discord locale such as ``pt-BR``; English where there are none."""
    return gettext.translation("kith", LOCALES, [locale.replace("-", "_"), locale[:2]], fallback=True)


def _(message: str) -> str:
    """Return the message in the language of whoever is being answered."""
    return _catalogue(_locale.get()).gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a message for translators and return it unchanged."""
    return message


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of a message that fits the number."""
    return _catalogue(_locale.get()).ngettext(one, many, n)


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Speak this language until the block ends."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)
