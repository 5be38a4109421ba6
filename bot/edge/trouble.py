"""Errors in words: a code has its sentence, the unknown gets a reference that is logged with it."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import discord
from discord import app_commands

from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.core.text import N_, _
from bot.edge import kit

log = get_logger(__name__)

SENTENCES: Final[dict[str, str]] = {
    "server_only": N_("This works inside a server. Please use it there."),
    "button_outdated": N_(
        "This button is from an older version of Kith. Please use the command again to get a fresh one."
    ),
    "form_outdated": N_("This form is from an older version of Kith. Please open it again."),
    "draft_gone": N_("This draft is no longer kept. Please open the form again."),
    "command_outdated": N_(
        "Discord still shows an older version of this command. Please reload Discord and try again."
    ),
    "rights_missing": N_("For this you need the server permission: {rights}."),
    "bot_rights_missing": N_("I need the server permission {rights} here. A moderator can give it to me."),
    "bot_forbidden": N_("Discord does not let me do this here. A moderator sees why with /kith doctor."),
    "slow_down": N_("That was quick. Please try again in {seconds} seconds."),
    "a_moment": N_("A moment, please: that was a lot at once. You can go on {again:R}."),
    "not_allowed": N_("You cannot use this here."),
    "not_understood": N_("I could not understand {value}. Please choose one of the suggestions."),
    "link_unusable": N_("This link cannot be opened. Please use one that begins with https://."),
    "not_yours": N_("This belongs to someone else, so nothing was changed."),
}


# The first that fits counts: special cases stand before the general ones.
_REFUSED: Final = (
    (app_commands.NoPrivateMessage, "server_only"),
    (app_commands.CheckFailure, "not_allowed"),
    (app_commands.CommandNotFound, "command_outdated"),
    (app_commands.CommandSignatureMismatch, "command_outdated"),
    (discord.Forbidden, "bot_forbidden"),
)


def explain(error: BaseException, sentences: Mapping[str, str], *, typed: bool = False) -> str:
    """Return the sentence for an error; what is not a member's to mend is logged under a reference."""
    known = _known(error)
    message = _message(known, sentences)
    if known is None or message is None:
        return _unknown(error, typed)
    log.info("refused", code=known.code)
    return _(message).format_map(_shown(known.values))


def is_ours(error: BaseException, sentences: Mapping[str, str]) -> bool:
    """Tell whether an error is a mistake of Kith's, and no member's to mend."""
    return _message(_known(error), sentences) is None


def _message(known: KithError | None, sentences: Mapping[str, str]) -> str | None:
    return None if known is None else (sentences.get(known.code) or SENTENCES.get(known.code))


def _unknown(error: BaseException, typed: bool) -> str:
    reference = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _place in range(6))
    log.error("interaction.failed", reference=reference, exc_info=error)
    if typed:
        said = _("Something went wrong on our side. Nothing you typed is lost. Reference: {reference}")
    else:
        said = _("Something went wrong on our side. Please try again in a moment. Reference: {reference}")
    return said.format(reference=reference)


class _Instant:
    """A time in a sentence; `{again:R}` shows it as "in 5 seconds"."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __format__(self, style: str) -> str:
        return kit.when(self._at, style or "f")


def _shown(values: Mapping[str, object]) -> defaultdict[str, object]:
    """Make the values of an error safe to show; a missing one becomes … instead of a second error."""
    shown: defaultdict[str, object] = defaultdict(lambda: "…")
    for name, value in values.items():
        if isinstance(value, datetime):
            shown[name] = _Instant(value)
        elif isinstance(value, (list, tuple, set, frozenset)):
            shown[name] = ", ".join(kit.safe(part, 100) for part in value)
        else:
            shown[name] = kit.safe(value, 300)
    return shown


def _known(error: BaseException) -> KithError | None:
    """Find the member's error inside the wrappers of discord.py."""
    if isinstance(error, KithError):
        return error
    original = getattr(error, "original", None) or (
        error.__cause__ if isinstance(error, app_commands.TransformerError) else None
    )
    if isinstance(original, BaseException):
        return _known(original)
    return _of_discord(error)


def _of_discord(error: BaseException) -> KithError | None:
    """Translate what discord.py and Discord refuse by themselves."""
    if isinstance(error, app_commands.MissingPermissions):
        return KithError("rights_missing", rights=_rights(error.missing_permissions))
    if isinstance(error, app_commands.BotMissingPermissions):
        return KithError("bot_rights_missing", rights=_rights(error.missing_permissions))
    if isinstance(error, app_commands.CommandOnCooldown):
        return KithError("slow_down", seconds=max(1, round(error.retry_after)))
    if isinstance(error, app_commands.TransformerError):
        return KithError("not_understood", value=error.value)
    return next((KithError(code) for kind, code in _REFUSED if isinstance(error, kind)), None)


def _rights(names: list[str]) -> str:
    """Write permission names as Discord's settings do."""
    return ", ".join(name.replace("_", " ").replace("guild", "server").title() for name in names)
