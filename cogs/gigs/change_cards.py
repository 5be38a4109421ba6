"""What moderators see of new words for a live gig, and what its poster is told of their decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, safe, shorten
from bot.gigs.change_review import ChangeView
from bot.gigs.change_rules import OVER, Difference, apart, differences
from bot.gigs.service import GigView
from bot.people.catalogue import load_catalogue
from cogs.gigs.board_cards import where
from cogs.gigs.common import finding_lines, names, pay, place
from cogs.gigs.words import FIELDS, KINDS

_SHOWN, _LONG = 160, 550
_ALL = 1900


def title(view: ChangeView) -> str:
    """What the moderators' card is called."""
    if view.gig.state == "held":
        return _("A change to a live gig is held: please look")
    return _("A change to a live gig waits for you")


def what_changes(view: ChangeView, live: GigView) -> str:
    """The fields that would be others: what stands on the board, and what would."""
    heading = _("**What would change** in “{title}” {post}").format(
        title=safe(live.title, 100), post=where(live)
    )
    parts = [heading.rstrip(), *map(_part, differences(live, view.gig))]
    if len(parts) == 1:
        parts.append(_("Nothing by now: the post says the same."))
    kept = _("The post keeps its old words until you say yes.")
    return shorten("\n".join(parts), _ALL) + f"\n-# {kept}"


def _part(one: Difference) -> str:
    old, new = _said(one.field, one.old), _said(one.field, one.new)
    most = _SHOWN
    if one.field in ("description", "apply"):
        (old, new), most = apart(old, new), _LONG
    lines = (f"**{_(FIELDS[one.field])}**", _quoted(old, most), _("becomes"), _quoted(new, most))
    return "\n".join(lines)


def _quoted(text: str, most: int) -> str:
    lines = safe(text, most).splitlines() or [_("nothing")]
    return "\n".join(f"> {line}" for line in lines)


def _said(field: str, gig: GigView) -> str:
    """A field in words, as it is read on the board."""
    if field == "kind":
        return _(KINDS[gig.kind])
    if field == "budget":
        return f"{gig.budget} ({pay(gig.low, gig.high, gig.currency, gig.per)})"
    if field == "skills":
        return names(load_catalogue().skills, gig.skills)
    if field == "starter":
        return _("Yes") if gig.starter else _("No")
    return str(getattr(gig, field))


def stands(view: ChangeView) -> Iterator[str]:
    """What followed, on the moderators' card once it is decided or over."""
    live = view.live is not None and view.live.state == "live"
    kept = _("The post keeps its old words.")
    if view.gig.state == "refused":
        appeal = _("They can appeal once.") if view.appeal is None else _("They have appealed before.")
        again = (
            _("The same words are held when they come again.")
            if view.remembered
            else _("The same words are screened like any others when they come again.")
        )
        yield " ".join((_("The poster is told why."), kept, appeal, again))
    elif view.gig.state == "change":
        yield _("The poster is told, and can change the new words; then they are screened anew.") + " " + kept
    elif approved(view):
        yield _("The post says the new words.") if live else _("The gig has ended since.")
    elif live:
        yield _("The poster took these words back, or wrote others instead.")
    else:
        yield _("The gig has ended, and this change with it.")


def approved(view: ChangeView) -> bool:
    """Tell whether the new words went into the post."""
    return view.gig.state == OVER and view.last is not None and view.last.decision == "approved"


# --- what the poster is told -----------------------------------------------------------------------


def decided(view: ChangeView, reason: str, appeal: list[ui.Item[Any]]) -> ui.LayoutView | None:
    """Tells the poster what the moderators decided about new words; None where it is no longer so."""
    if view.live is None or view.live.state != "live" or view.last is None:
        return None
    if approved(view):
        return _approved(view.live)
    if (view.gig.state, view.last.decision) == ("change", "change"):
        return _change(view, reason)
    if (view.gig.state, view.last.decision) == ("refused", "refused"):
        return _refused(view, reason, appeal)
    return None


def _approved(live: GigView) -> ui.LayoutView:
    text = _("The moderators said yes: your post says the new words in a moment: “{title}”, {pay}.")
    more = _("If the pay changed, those who answered are told.")
    paid = pay(live.low, live.high, live.currency, live.per)
    return card(
        _("Your new words go into the post"), text.format(title=safe(live.title, 150), pay=paid), more,
        place(live), tone="good",
    )  # fmt: skip


def _change(view: ChangeView, reason: str) -> ui.LayoutView:
    gig = view.gig
    text = _("Before your new words for “{title}” go into the post, they would like this:")
    return card(
        _("The moderators ask for a change"),
        text.format(title=safe(gig.title, 150)),
        f"> {reason}" if reason else "",
        _("Your post stays as it is meanwhile, and your new words are kept. Change them, and ask again."),
        place(gig),
        actions=[button(_("Change the words"), "gig.edit", gig.id, style="main")],
    )


def _refused(view: ChangeView, reason: str, appeal: list[ui.Item[Any]]) -> ui.LayoutView:
    gig = view.gig
    text = _("The moderators did not take your new words for “{title}”. Your post stays as it is.")
    noticed = _("**What I noticed**") + "\n" + finding_lines(gig.findings) if gig.findings else ""
    return card(
        _("About your new words"),
        text.format(title=safe(gig.title, 150)),
        _("**Why** {reason}").format(reason=reason) if reason else "",
        noticed,
        _("Did they get it wrong? One tap, and they look once more.") if appeal else "",
        place(gig),
        actions=appeal,
    )
