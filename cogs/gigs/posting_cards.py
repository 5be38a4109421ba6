"""What a poster sees while posting or changing a gig, and the findings for a pasted text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.core.text import _
from bot.edge import kit
from bot.edge.kit import button, card, safe, when
from bot.gigs.service import GigView, InterestView, Preview
from cogs.gigs import board_cards
from cogs.gigs.common import finding_lines, pay, place
from cogs.gigs.review_told import patience
from cogs.gigs.words import STATES

_LEAST_OF_THE_WORK, _FIELD_MAX = 200, 320
_SPARE = 250  # for the title, and for what stands between the parts


def preview(found: Preview, *, away: bool = False) -> ui.LayoutView:
    """What only the poster sees: how the budget was read, what was noticed, and the post itself.

    `away`: it is shown in a DM.
    """
    gig = found.gig
    title = _("This is how your gig will look") if found.beside is None else _("Your post with the new words")
    above = [_asked_for(gig), _budget(found), _filed(found), _noticed(found), _next(found), _hint(found)]
    below = "\n".join(filter(None, (_kept(found), _home(gig, away=away))))
    room = kit.TEXT_MAX - _SPARE - sum(map(len, above)) - len(below)
    return card(title, *above, ui.Separator(), _post(found, room), below, actions=_actions(found))


def unfinished(drafts: Sequence[GigView]) -> ui.LayoutView:
    """What `/gig post` shows to somebody who left a gig half-way."""
    lines = [
        _("“{title}”, kept until {until}").format(title=safe(gig.title, 150), until=when(gig.expires_at, "D"))
        for gig in drafts
    ]
    actions: list[ui.Item[Any]] = [
        button(
            _("Continue: {title}").format(title=kit.plain(gig.title, 60)), "gig.preview", gig.id, style="main"
        )
        for gig in drafts
    ]
    actions.append(button(_("Start a new one"), "form.open", "gig", "new"))
    return card(_("You have not published this yet"), "\n".join(lines), actions=actions)


def published(gig: GigView, changed: bool, *, slow: bool = False, away: bool = False) -> ui.LayoutView:
    """What the poster sees after Publish: what happens next; `slow` where moderators have no channel."""
    home = _home(gig, away=away)
    if not changed:
        text = _("You published “{title}” before, so nothing changed: it is {state}. /gig mine shows it.")
        said = text.format(title=safe(gig.title, 150), state=_(STATES[gig.state]))
        return card(_("Published already"), said, home)
    if gig.state == "live" and gig.audience != "board":
        return card(
            _("Your gig is on its way"),
            _("A few people see it first, then the board does. I tell you by DM when someone answers."),
            _("Found someone, or changed your mind? /gig mine."),
            home,
            tone="good",
        )
    if gig.state == "live":
        text = _("It goes on the board now and stays until {until}. I tell you by DM when someone answers.")
        return card(
            _("Your gig is on its way"),
            text.format(until=when(gig.expires_at, "D")),
            _("Found someone, or changed your mind? /gig mine."),
            home,
            tone="good",
        )
    waiting = _(
        "A moderator reads it before it goes on the board, and I tell you by DM what they decide. "
        "You can withdraw it with /gig mine and post it again, changed."
    )
    return card(
        _("Your gig waits for a moderator"), waiting, patience() if slow else "",
        _("**What I noticed**"), finding_lines(gig.findings), home,
    )  # fmt: skip


def saved(gig: GigView, changed: bool, *, away: bool = False) -> ui.LayoutView:
    """What the poster sees after saving new words."""
    title = safe(gig.title, 150)
    if not changed:
        text = _(
            "There is nothing left to save here: “{title}” was saved, or the new words were thrown away."
        )
        return card(_("Nothing changed"), text.format(title=title), _home(gig, away=away))
    told = _("Your post says the new words in a moment: “{title}”, {pay}.")
    more = _("If the pay changed, those who answered are told.")
    return card(
        _("Saved"),
        told.format(title=title, pay=pay(gig.low, gig.high, gig.currency, gig.per)),
        more,
        _home(gig, away=away),
        tone="good",
    )


def handed_over(
    gig: GigView, changed: bool, *, slow: bool = False, away: bool = False
) -> ui.LayoutView:  # fmt: skip
    """What the poster sees after asking the moderators about new words."""
    text = _(
        "Your post keeps its old words until the moderators say yes to “{title}”, and I tell you by DM what "
        "they decide. If the gig ends before, the new words end with it."
    )
    return card(
        _("The moderators have your new words"),
        "" if changed else _("They have them already, so nothing changed."),
        text.format(title=safe(gig.title, 150)),
        patience() if slow else "",
        _home(gig, away=away),
        actions=[button(_("Take them back"), "gig.discard", gig.id, gig.replaces)],
    )


def discarded(changed: bool) -> ui.LayoutView:
    """What the poster sees after throwing a draft away."""
    text = _("It is thrown away. Nobody else has seen it.") if changed else _("It was thrown away before.")
    return card(_("Discarded"), text)


def left_alone(gig: GigView, changed: bool, *, away: bool = False) -> ui.LayoutView:
    """What the poster sees after throwing away new words for a live gig."""
    text = (
        _("The new words are thrown away. Your post stays as it is: “{title}”.")
        if changed
        else _("Nothing is left to throw away here. Your gig is called “{title}”; /gig mine shows it.")
    )
    said = text.format(title=safe(gig.title, 150))
    return card(_("Discarded") if changed else _("Nothing changed"), said, _home(gig, away=away))


def repaid(interest: InterestView, _recipient: int) -> ui.LayoutView | None:
    """Tells somebody who answered a gig that it pays differently now."""
    gig = interest.gig
    if gig.state != "live" or interest.state not in ("waiting", "accepted"):
        return None
    text = _("“{title}” pays {pay} now. Its poster changed that after you answered; your pitch still stands.")
    return card(
        _("A gig you answered pays differently"),
        text.format(title=safe(gig.title, 150), pay=pay(gig.low, gig.high, gig.currency, gig.per)),
        place(gig),
    )


def _home(gig: GigView, *, away: bool) -> str:
    """In a DM nothing else says which community a card is about, and how to end this."""
    return place(gig) if away else ""


# --- parts of the preview --------------------------------------------------------------------------


def _asked_for(gig: GigView) -> str:
    if not gig.change:
        return ""
    return _("**The moderators ask:** {words}").format(words=safe(gig.change, 400))


def _budget(found: Preview) -> str:
    gig = found.gig
    text = _("**I read the budget as {pay}.** Not what you meant? Change it with Edit words.")
    return text.format(pay=pay(gig.low, gig.high, gig.currency, gig.per))


def _filed(found: Preview) -> str:
    lines = []
    if found.gig.niche_names:
        names = " · ".join(safe(_(name), 60) for name in found.gig.niche_names)
        lines.append(_("People find it under {niches}.").format(niches=names))
    if found.strange:
        strange = ", ".join(f"“{safe(word, 50)}”" for word in found.strange[:6])
        lines.append(
            _("Not known here as a niche or skill, so nobody finds it that way: {words}.").format(
                words=strange
            )
        )
    return "\n".join(lines)


def _noticed(found: Preview) -> str:
    if not found.gig.findings:
        return _("I found nothing to worry about.")
    heading = _("**What I noticed** (readers see it too, without your words)")
    return heading + "\n" + finding_lines(found.gig.findings, limit=900)


def _next(found: Preview) -> str:
    if found.beside is None:
        if found.verdict == "live":
            return _("Publish puts it on the board for two weeks.")
        return _(
            "As it is, a moderator reads it before it goes on the board. That may take a while; "
            "you can also change the words first."
        )
    other = _("The change that waited for the moderators is off the table; these words take its place.")
    told = [other] if found.instead else []
    if found.verdict == "live":
        told.append(_("Save puts these words in the place of the old ones."))
    else:
        told.append(
            _(
                "These words would need a moderator, so your post keeps its old ones for now. Change them, "
                "or ask the moderators: once they say yes, your post says the new words."
            )
        )
    return "\n".join(told)


def _hint(found: Preview) -> str:
    if found.typical is None:
        return ""
    gig = found.gig
    text = _("People here are usually paid {pay} for this; your budget is below that. It is only a hint.")
    return text.format(pay=pay(*found.typical, gig.currency, gig.per))


def _post(found: Preview, room: int) -> str:
    """The words of the post as the board will show them; what is long is shortened here alone."""
    shown = replace(found.gig, state="live", expires_at=found.until, findings=())
    embed = board_cards.board_post(shown).embed or discord.Embed()
    fields = [kit.shorten(f"**{field.name}** {field.value}", _FIELD_MAX) for field in embed.fields]
    rest = [f"**{embed.title}**", "", *fields, f"-# {embed.footer.text}"]
    more = "\n-# " + _("The post shows the rest.")
    left = max(_LEAST_OF_THE_WORK, room - sum(len(line) + 1 for line in rest) - len(more))
    work = embed.description or ""
    if len(work) > left:
        work = kit.shorten(work, left) + more
    return kit.shorten("\n".join((rest[0], work, *rest[1:])), room)


def _kept(found: Preview) -> str:
    if found.gig.state == "change":
        return "-# " + _("Only you and the moderators see this.")
    text = _("Only you see this; it is kept until {until}.").format(until=when(found.gig.expires_at, "D"))
    if found.beside is None:
        text += " " + _("Publishing lets me write to you by DM about your gigs; /stop ends that.")
    return "-# " + text


def _actions(found: Preview) -> list[ui.Item[Any]]:
    gig, beside = found.gig, found.beside
    ids = (gig.id,) if beside is None else (gig.id, beside)
    if beside is None:
        first = button(_("Publish"), "gig.publish", *ids, style="main")
    elif found.verdict == "live":
        first = button(_("Save"), "gig.save", *ids, style="main")
    else:
        first = button(_("Ask the moderators"), "gig.hand", *ids)
    added = any((gig.skills, gig.hours, gig.length, gig.apply, gig.starter))
    actions: list[ui.Item[Any]] = [
        first,
        button(_("Edit words"), "gig.words", *ids),
        button(_("Edit details") if added else _("Add details"), "gig.details", *ids),
    ]
    if beside is None:
        actions.append(button(_("Who sees it first"), "gig.first", gig.id))
    if gig.state != "change" or beside is not None:
        actions.append(button(_("Discard"), "gig.discard", *ids, style="danger"))
    return actions
