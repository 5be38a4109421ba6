"""The record of who did what, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from discord import ui

from bot.community import modules
from bot.community.views import AuditPage, Entry
from bot.core.text import _
from bot.edge.kit import button, card, mention, safe, when
from cogs.community.words import ACTIONS, NOBODYS, REPORTS, SETTINGS

DETAIL_MAX = 150
_LISTS: Mapping[str, Mapping[str, str]] = {
    "setup.changed": SETTINGS,
    "channels.created": SETTINGS,
    "report.settled": REPORTS,
}
_CHANNEL = re.compile(r"<#\d{1,20}>")


def audit_card(seen: AuditPage) -> ui.LayoutView:
    """Show one page, the latest first."""
    lines = [entry_line(entry) for entry in seen.entries]
    if not lines:
        return card(_("Who did what"), _("Nothing yet. What moderators decide is written down from now on."))
    place = _("Page {page} of {pages}").format(page=seen.page + 1, pages=seen.pages)
    return card(_("Who did what"), "\n".join(lines), place if seen.pages > 1 else "", actions=_turning(seen))


def _turning(seen: AuditPage) -> list[ui.Item[Any]]:
    found: list[ui.Item[Any]] = []
    if seen.page > 0:
        found.append(button(_("Later"), "kith.audit", seen.page - 1, "turn"))
    if seen.page + 1 < seen.pages:
        found.append(button(_("Earlier"), "kith.audit", seen.page + 1, "turn"))
    return found


def entry_line(entry: Entry) -> str:
    """Say one entry: when, who, what."""
    said = _(ACTIONS.get(entry.action, entry.action)).format(
        detail=_detail(entry), about=safe(entry.about, 60) or _("someone who is gone")
    )
    at = when(entry.at)
    return f"{at} {said}" if entry.action in NOBODYS else f"{at} {_actor(entry)} {said}"


def _actor(entry: Entry) -> str:
    """Name who it was: in words where Kith knows them, and as a mention."""
    if entry.actor_id is None:
        return _("someone who deleted themselves")
    name = f"**{safe(entry.actor, 60)}** " if entry.actor else ""
    return f"{name}{mention(entry.actor_id)}"


def _detail(entry: Entry) -> str:
    if entry.action == "modules.changed":
        return _modules(entry.detail)
    words = _LISTS.get(entry.action)
    if words is not None:
        return ", ".join(_(words.get(word, word)) for word in entry.detail.split())
    if entry.action.startswith("gigs.channel.") and _CHANNEL.fullmatch(entry.detail):
        return entry.detail
    return safe(entry.detail, DETAIL_MAX) or "–"


def _modules(detail: str) -> str:
    """Read "+gigs -checkins" as words."""
    turned = []
    for one in detail.split():
        said = _("{part} on") if one.startswith("+") else _("{part} off")
        turned.append(said.format(part=_(modules.NAMES.get(one[1:], one[1:]))))
    return ", ".join(turned)
