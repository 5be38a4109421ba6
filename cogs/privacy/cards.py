"""What members see of `/privacy`."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict

import discord
from discord import ui

from bot.core.outbox import Said
from bot.core.text import _, ngettext
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, button, card, note, safe, when
from bot.privacy.service import Exported, Held, Place, PolicyView, RoleHeld
from cogs.privacy import words

EVERYWHERE = "all"
FILE_MAX = 8 * 1024 * 1024
NAME = "kith-export"
CONSENTS_SHOWN = 10


def policy_card(view: PolicyView) -> ui.LayoutView:
    """The policy, with the operator's own numbers, and what this person agreed to."""
    numbers = asdict(view.periods)
    blocks = [f"**{_(title)}**\n{_(text).format(**numbers)}" for title, text in words.POLICY]
    contact = (
        _(words.CONTACT).format(contact=safe(view.contact, 200)) if view.contact else _(words.NO_CONTACT)
    )
    return card(_("Your data and Kith"), *blocks, contact, _agreed(view))


def _agreed(view: PolicyView) -> str:
    """What the reader said yes to: where, to what, since when, and to which text."""
    if not view.consents:
        return _("**You agreed to** nothing so far, so I write to you about nothing.")
    lines = [
        _("- {purpose} · {community} · since {since} · text {version}").format(
            purpose=_(words.PURPOSES.get(one.purpose, one.purpose)),
            community=safe(one.community_name, 40),
            since=when(one.since, "d"),
            version=safe(one.text_version, 16),
        )
        for one in view.consents[:CONSENTS_SHOWN]
    ]
    more = len(view.consents) - CONSENTS_SHOWN
    if more > 0:
        lines.append(_("- and {count} more: `/privacy export` has them all").format(count=more))
    return "\n".join([_("**You agreed to**"), *lines])


def export_files(exported: Exported) -> list[discord.File]:
    """The two files; in one archive where they are too large to be sent as they are."""
    data = json.dumps(exported.data, ensure_ascii=False, indent=2).encode()
    contents = {f"{NAME}.json": data, f"{NAME}.md": exported.page.encode()}
    if sum(map(len, contents.values())) > FILE_MAX:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
        contents = {f"{NAME}.zip": packed.getvalue()}
    return [discord.File(io.BytesIO(content), name) for name, content in contents.items()]


def export_card(files: Sequence[discord.File]) -> ui.LayoutView:
    """Hand over the files."""
    return card(
        _("Everything about you"),
        _("What I keep about you in every community, with private texts opened. Only you see this message."),
        *(ui.File(f"attachment://{file.filename}") for file in files),
        tone="good",
    )


def delete_card(person_id: int, held: Held, here: int | None, marks: int) -> ui.LayoutView:
    """Say what goes and what stays, and ask where."""
    if not held.anything:
        return nothing_card()
    places = [place for place in held.places if place.id == here]
    actions = [
        button(
            _("Delete me in {community}").format(community=place.name),
            "privacy.ask", person_id, place.id, style="danger",
        )
        for place in places
    ]  # fmt: skip
    actions.append(button(_("Delete me everywhere"), "privacy.ask", person_id, EVERYWHERE, style="danger"))
    return card(
        _("Delete what I know about you?"),
        _(words.GOES),
        _(words.STAYS).format(marks=marks),
        _places(held.places),
        _("`/privacy export` gives you a copy first."),
        actions=actions,
        tone="warn",
    )


def _places(places: Sequence[Place]) -> str:
    if not places:
        return ""
    names = ", ".join(safe(place.name, 60) for place in places[:10])
    more = "…" if len(places) > len(places[:10]) else ""
    return _("I know you in: {communities}").format(communities=names + more)


def confirm_card(person_id: int, scope: int | None, held: Held) -> ui.LayoutView:
    """Ask one last time."""
    names = [place.name for place in held.places if place.id == scope]
    here = safe("".join(names) or _("this community"), 100)
    where = _("everywhere") if scope is None else _("in {community}").format(community=here)
    return card(
        _("Really delete?"),
        _("Everything about you {where}, at once. Nobody can bring it back.").format(where=f"**{where}**"),
        actions=[
            button(
                _("Delete for good"), "privacy.delete", person_id,
                EVERYWHERE if scope is None else scope, style="danger",
            ),
            button(_("Keep everything"), "privacy.keep", person_id),
        ],
        tone="warn",
    )  # fmt: skip


def kept_card() -> ui.LayoutView:
    """Nothing was deleted."""
    return note(_("Nothing was deleted."), tone="good")


def deleted_card(refused: Sequence[RoleHeld]) -> ui.LayoutView:
    """It is done; what Discord did not let us do is said."""
    left = ""
    if refused:
        roles = ", ".join(f"<@&{one.role_id}>" for one in refused)
        left = ngettext(
            "Discord did not let me take this role from you: {roles}. A moderator can.",
            "Discord did not let me take these roles from you: {roles}. A moderator can.",
            len(refused),
        ).format(roles=roles)
    return card(
        _("You are deleted"),
        _("What I knew about you is gone. You are welcome back at any time, as someone new."),
        left,
        tone="good",
    )


def nothing_card() -> ui.LayoutView:
    """There is nothing, or nothing any more."""
    return note(_("Already gone: I know nothing about you here."), tone="good")


def gone_card() -> ui.LayoutView:
    """What stays of a message that was about someone who is gone."""
    return note(_("What stood here was removed, because the person it was about deleted their data."))


def renderers() -> dict[str, Renderer]:
    """Name what renders the messages of this feature."""

    async def gone(_said: Said) -> Outgoing | None:
        return Outgoing(view=gone_card())

    return {"privacy.gone": gone}
