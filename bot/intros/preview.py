"""What a moderator sees of a round before it goes out, and what they may still change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.intros.gathering import Pair, groups_in, pairs_in
from bot.intros.matching import Group
from bot.intros.planning import OPEN, open_round
from bot.intros.rules import pair_key
from bot.intros.scoring import Reason
from bot.intros.tables import Round
from bot.people.service import MemberView, Who
from bot.people.visibility import audience_of

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

PAGE = 8
NAMES_SHOWN = 15
TRIES = 3
PUBLIC = "members"
# Which parts of a profile a reason tells about: the giver's and the taker's, or those of both.
_TELLS = {
    "niche": "niches",
    "direction": "direction",
    "stack": "disciplines",
    "peer": "stage",
    "senior": "stage",
    "background": "work_mode",
}
_OPEN_TO_ALL = frozenset({"new"})
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class PairView:
    """One meeting: who, the reasons everybody may know, and whether there are others."""

    members: tuple[tuple[int, str], ...]
    reasons: tuple[Reason, ...]
    private: bool
    locked: bool
    again: bool


@dataclass(frozen=True, slots=True)
class PreviewView:
    """One page of a round as it would go out; `dropped`: a pair that was to be kept may not meet."""

    round_id: int
    number: int
    due_at: datetime
    ready: bool
    page: int
    pages: int
    pairs: tuple[PairView, ...]
    enrolled: int
    matched: int
    groups: int
    left_out: int
    left_names: tuple[str, ...]
    unreachable: int
    unreachable_names: tuple[str, ...]
    repeats: int
    relaxed: tuple[tuple[str, int], ...]
    fallback: bool
    skipped: int
    niche_names: dict[str, str] = field(default_factory=dict)
    dropped: bool = False


class Previews:
    """Shows the coming round, and lets moderators keep pairs, split them, match again and send."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    async def show(self, who: Who) -> PreviewView:
        """Match the coming round as it stands now; one that waits for approval is shown as it would go out.

        Raises `round_none`.
        """
        async with self.on.store.read() as session:
            coming = await open_round(session, who.community_id)
            if coming is None:
                raise KithError("round_none")
            number, ready = coming.id, coming.state == "ready"
        return await self.page(who, number) if ready else await self.again(who, number)

    async def page(self, who: Who, round_id: int, page: int = 0) -> PreviewView:
        """Show another page of what was matched; raises `round_gone`."""
        async with self.on.store.read() as session:
            return await self._view(session, await self._mine(session, who, round_id), page)

    async def again(self, who: Who, round_id: int, page: int = 0) -> PreviewView:
        """Match anew with everyone who takes part now, the kept and the split as they are.

        Raises `round_gone`, or `round_changed` when other moderators keep and split faster than that.
        """
        for _try in range(TRIES):
            async with self.on.store.read() as session:
                wished = _wishes(await self._mine(session, who, round_id))
            plan = await self.on.matched(round_id)
            async with self.on.store.write() as session:
                round_ = await self._mine(session, who, round_id, lock=True)
                if plan is None:
                    raise KithError("round_gone")
                if _wishes(round_) != wished:
                    continue  # matched without what another moderator wished meanwhile
                round_.plan = {**round_.plan, **plan}
                await session.flush()
                kept, _parted = wished
                dropped = len(pairs_in(plan, "locked")) < len(kept)
                return await self._view(session, round_, page, dropped=dropped)
        raise KithError("round_changed")

    async def keep(self, who: Who, round_id: int, page: int, pair: Pair) -> PreviewView:
        """Keep these two together when the round is matched again; the second time lets them go.

        Raises `round_gone`, or `round_changed` when they are no longer together.
        """

        def change(plan: dict[str, Any]) -> dict[str, Any]:
            kept = pairs_in(plan, "locked")
            kept = [one for one in kept if one != pair] if pair in kept else [*kept, pair]
            return {**plan, "locked": [list(one) for one in kept]}

        async with self.on.store.write() as session:
            round_ = await self._changed(session, who, round_id, pair, change)
            return await self._view(session, round_, page)

    async def split(self, who: Who, round_id: int, page: int, pair: Pair) -> PreviewView:
        """Do not let these two meet in this round, and match again; raises what `keep` raises."""

        def change(plan: dict[str, Any]) -> dict[str, Any]:
            kept = [list(one) for one in pairs_in(plan, "locked") if one != pair]
            parted = sorted({*pairs_in(plan, "split"), pair})
            return {**plan, "locked": kept, "split": [list(one) for one in parted]}

        async with self.on.store.write() as session:
            await self._changed(session, who, round_id, pair, change)
        return await self.again(who, round_id, page)

    async def send(self, who: Who, round_id: int) -> int:
        """Let a round go that waits for approval; return its number.

        Raises `round_gone`, `round_busy` when another moderator was faster, `round_not_ready`.
        """
        async with self.on.store.write() as session:
            round_ = await session.get(Round, round_id, with_for_update=True, populate_existing=True)
            if round_ is None or round_.community_id != who.community_id:
                raise KithError("round_gone")
            if round_.state == "done":
                raise KithError("round_busy")
            community = await self.on.people.community(session, who.community_id)
            if round_.state != "ready" or community is None:
                raise KithError("round_not_ready")
            number = round_.number
            await self.on.send(session, round_, community, round_.plan)
            detail = str(number)
            await self.on.people.note(session, community.id, who.person_id, "round.sent", detail=detail)
            return number

    async def _changed(
        self,
        session: AsyncSession,
        who: Who,
        round_id: int,
        pair: Pair,
        change: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> Round:
        """Change the plan of a round in which these two are together."""
        round_ = await self._mine(session, who, round_id, lock=True)
        if not any(set(pair) <= set(group["members"]) for group in round_.plan.get("groups", ())):
            raise KithError("round_changed")
        round_.plan = change(round_.plan)
        await session.flush()
        return round_

    async def _mine(self, session: AsyncSession, who: Who, round_id: int, *, lock: bool = False) -> Round:
        """Return a round of the acting moderator's community that is still to go out."""
        round_ = await session.get(Round, round_id, with_for_update=lock or None, populate_existing=True)
        if round_ is None or round_.community_id != who.community_id or round_.state not in OPEN:
            raise KithError("round_gone")
        return round_

    async def _view(
        self, session: AsyncSession, round_: Round, page: int, *, dropped: bool = False
    ) -> PreviewView:
        """Freeze one page; only the people on it are read."""
        plan = round_.plan
        raw = plan.get("groups", [])
        pages = max(1, -(-len(raw) // PAGE))
        page = min(max(page, 0), pages - 1)
        groups = groups_in({"groups": raw[page * PAGE : (page + 1) * PAGE]})
        left, closed = plan.get("left_out", []), plan.get("unreachable", [])
        shown = [*left[:NAMES_SHOWN], *closed[:NAMES_SHOWN]]
        views = await self.on.people.views(session, [*shown, *(m for group in groups for m in group.members)])
        locked, again = pairs_in(plan, "locked"), {tuple(one) for one in plan.get("repeats", ())}
        return PreviewView(
            round_id=round_.id,
            number=round_.number,
            due_at=round_.due_at,
            ready=round_.state == "ready",
            page=page,
            pages=pages,
            pairs=tuple(_pair(group, views, locked, group.members in again) for group in groups),
            enrolled=plan.get("enrolled", 0),
            matched=sum(len(group["members"]) for group in raw),
            groups=len(raw),
            left_out=len(left),
            left_names=_names(left[:NAMES_SHOWN], views),
            unreachable=len(closed),
            unreachable_names=_names(closed[:NAMES_SHOWN], views),
            repeats=len(again),
            relaxed=tuple(sorted(plan.get("relaxed", {}).items())),
            fallback=plan.get("fallback", False),
            skipped=plan.get("skipped", 0),
            niche_names={
                slug: name
                for view in views.values()
                for slug, name in zip(view.niches, view.niche_names, strict=True)
            },
            dropped=dropped,
        )


def _wishes(round_: Round) -> tuple[Sequence[Pair], Sequence[Pair]]:
    """Who is to be kept together, and who is not to meet."""
    return pairs_in(round_.plan, "locked"), pairs_in(round_.plan, "split")


def _names(members: Sequence[int], views: dict[int, MemberView]) -> tuple[str, ...]:
    return tuple(views[member].name for member in members if member in views)


def _pair(group: Group, views: dict[int, MemberView], locked: Sequence[Pair], again: bool) -> PairView:
    """What may be told about one meeting; whoever was deleted meanwhile is left out."""
    members = tuple((member, views[member].name) for member in group.members if member in views)
    public = tuple(reason for reason in group.reasons if is_public(reason, group.members, views))
    kept = len(group.members) == _ENOUGH and pair_key(*group.members) in locked
    return PairView(members, public, len(public) < len(group.reasons), kept, again)


def is_public(reason: Reason, members: Sequence[int], views: dict[int, MemberView]) -> bool:
    """Whether everybody in the community could read off the profiles what this reason says.

    In a group of three a reason does not tell whose it is, so all of them have to show that part.
    """
    if reason.name in _OPEN_TO_ALL:
        return True
    if reason.name == "gets":
        told = [(reason.giver, "offers"), (reason.taker, "asks")]
    elif reason.name in _TELLS:
        told = [(member, _TELLS[reason.name]) for member in members]
    else:
        return False
    return all(
        member in views and audience_of(views[member], part) == PUBLIC for member, part in told if member
    )
