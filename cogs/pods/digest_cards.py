"""The digests: a pod's week for its members, and a community's week in public."""

from __future__ import annotations

from discord import ui

from bot.core.text import _, ngettext
from bot.edge.kit import card, safe, when
from bot.pods.views import CommunityDigest, DigestState, PodDigest, WeekOf
from cogs.checkins.words import MARKS, OLD_TOPICS, TOPICS
from cogs.pods.cards import SHOWN, leave_button, title

WINS_MAX = 20


def pod_digest_card(digest: PodDigest) -> ui.LayoutView:
    """Show what each chose to show, in the pod's thread; nobody else is mentioned."""
    return card(_("Our week, {time}").format(time=when(digest.until, "D")), *_weeks(digest))


def letter_card(digest: PodDigest, member_id: int) -> ui.LayoutView:
    """Show the same by DM."""
    heading = _("Your pod's week, {time}").format(time=when(digest.until, "D"))
    return card(
        title(heading, digest.pod.community_name),
        *_weeks(digest),
        actions=[leave_button(member_id, _("Leave this pod"))],
    )


def _weeks(digest: PodDigest) -> list[str]:
    return [_week(week) for week in digest.weeks] or [_("Nothing is shown of this week any more.")]


def _week(week: WeekOf) -> str:
    lines = [f"**{safe(week.name, 100)}**"]
    lines += [f"{MARKS.get(outcome or '', '·')} {safe(text, SHOWN)}" for text, outcome in week.commitments]
    if week.win:
        lines.append(_("A win: {win}").format(win=safe(week.win, SHOWN)))
    if week.stuck:
        topics = {**OLD_TOPICS, **TOPICS}
        lines.append(_("In the way: {topic}").format(topic=_(topics.get(week.stuck, week.stuck))))
    return "\n".join(lines)


def community_digest_card(digest: CommunityDigest) -> ui.LayoutView:
    """Show a community its week: numbers, and wins that were shared on purpose."""
    wins = [f"**{safe(name, 100)}**: {safe(text, SHOWN)}" for name, text in digest.wins[:WINS_MAX]]
    more = len(digest.wins) - len(wins)
    if more:
        wins.append(ngettext("… and {n} more win.", "… and {n} more wins.", more).format(n=more))
    blocks = ["\n".join(_numbers(digest)), _("### Wins") + "\n" + "\n".join(wins) if wins else ""]
    if not any(blocks):
        blocks = [_("Nothing is shown of this week any more.")]
    how = _("-# Wins are here because their members chose so: `/checkin share`. `/checkin start` joins in.")
    heading = _("Our week, {time}").format(time=when(digest.until, "D"))
    return card(title(heading, digest.community_name), *blocks, how)


def _numbers(digest: CommunityDigest) -> list[str]:
    lines: list[str] = []
    if digest.written is not None:
        lines.append(
            ngettext("{n} check-in was written.", "{n} check-ins were written.", digest.written).format(
                n=digest.written
            )
        )
    if digest.done:
        lines.append(
            ngettext(
                "Of last week's commitments, {n} is done.",
                "Of last week's commitments, {n} are done.",
                digest.done,
            ).format(n=digest.done)
        )
    if digest.pods:
        lines.append(
            ngettext(
                "{n} pod goes through the week together.",
                "{n} pods go through the week together.",
                digest.pods,
            ).format(n=digest.pods)
        )
    return lines


def state_card(state: DigestState) -> ui.LayoutView:
    """Tell a moderator how the digest of check-ins is set."""
    heading = title(_("Digest of check-ins"), state.community_name)
    if state.channel_id is None or state.next_at is None:
        said = _("The digest is off now.") if state.changed else _("There is no digest.")
        how = _("`/kith digest checkins` with a channel turns it on.")
        return card(heading, said, how)
    where = _("The digest is posted in <#{channel}>, next {time}.").format(
        channel=state.channel_id, time=when(state.next_at, "F")
    )
    what = _(
        "It shows numbers, from five check-ins a week on, and the wins that members share on purpose. Nobody "
        "is named for missing, and nobody, moderators included, sees what a member keeps to themselves."
    )
    how = _("`/kith digest checkins off:True` turns it off.")
    return card(heading, where, what, how, tone="good" if state.changed else "plain")
