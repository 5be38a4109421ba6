"""Conversations that are played again while every piece of their work dies; together they cover every kind.

Each is a test of its own as well. What it is to prove is named, so that each kind has its case, and a kind
that comes without one is found.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.core.agenda import AgendaRow
from bot.people.service import ProfileEdit, Who
from tests.conversations.helpers import community, having, newcomer, pass_time, turn_to
from tests.conversations.test_gig_people import accepted
from tests.conversations.test_gigs import GIG, post
from tests.pods.scene import DAY, FORMING, invited, latest
from tests.privacy.test_conversation import delete


@dataclass(frozen=True, slots=True)
class Play:
    """A test that takes the URL of a database: where it is, and the kinds of work and messages it is for."""

    module: str
    name: str
    works: str
    says: str

    @property
    def act(self) -> Callable[[str], Awaitable[None]]:
        act: Callable[[str], Awaitable[None]] = getattr(importlib.import_module(self.module), self.name)
        return act

    def kinds(self, table: str) -> set[str]:
        return set((self.works if table == "agenda" else self.says).split())


async def a_pod_that_does_not_come_together(url: str) -> None:
    async with community(url) as stage:
        ana, ben, cleo = await invited(stage, "Ana", "Ben", "Cleo")
        for member in (ana, ben):
            await member.press("I am in", on=latest(member, "A pod for you?"))
        await turn_to(stage, FORMING + 3 * DAY + timedelta(minutes=5))
        await pass_time(stage, 2 * DAY)
        told = [len(member.inbox) for member in (ana, ben, cleo)]
        await pass_time(stage, timedelta(hours=1))
        assert told == [len(member.inbox) for member in (ana, ben, cleo)]


async def a_thread_about_a_gig_loses_who_deletes_themselves(url: str) -> None:
    async with community(url) as stage:
        ana, ben = await accepted(stage)
        (thread,) = ben.threads()
        await delete(ana)
        await stage.app.settled()
        assert ana.threads() == []
        assert thread.thread is not None
        assert ana.id not in thread.thread.members
        assert ben.id in thread.thread.members


async def a_gig_waits_for_the_moderators(url: str) -> None:
    async with community(url) as stage:
        ana = await newcomer(stage, "Ana")
        stage.discord.faults.add(method="POST", path=r"/threads$", status=400, code=160006, times=-1)
        await post(ana, GIG)
        for _hour in range(4):
            await pass_time(stage, timedelta(hours=1))
        assert len(having(ana.inbox, "goes up by itself")) == 1


async def open_for_work_runs_out(url: str) -> None:
    async with community(url) as stage:
        ana = await newcomer(stage, "Ana")
        me = Who(stage.guild.id, stage.guild.name, ana.id, ana.name)
        await stage.app.people.list_me(me, listed=True)
        await stage.app.people.edit_profile(me, ProfileEdit(open_for_work=True))
        await pass_time(stage, timedelta(days=30))
        async with stage.app.store.read() as session:
            query = select(AgendaRow.state).where(AgendaRow.kind == "find.closed")
            assert set(await session.scalars(query)) == {"done"}


async def a_week_that_nobody_planned(url: str) -> None:
    async with community(url) as stage:
        ben = await newcomer(stage, "Ben")
        await ben.slash('/checkin start day:Monday hour:"10:00"')
        await stage.app.settled()
        await pass_time(stage, timedelta(hours=1, minutes=1))
        await pass_time(stage, timedelta(days=1, minutes=3))
        assert len(having(ben.inbox, "Still time for your week")) == 1


PLAYS = (
    Play(
        "tests.checkins.test_dated_conversation",
        "test_hostile_words_are_harmless_in_the_reminder_and_the_question",
        "commitment.ask commitment.remind",
        "checkin.welcome commitment.ask commitment.remind",
    ),
    Play(
        "tests.checkins.test_help_conversation",
        "test_strangers_can_neither_answer_nor_ask_in_anothers_name",
        "help.expire",
        "help.expired help.request",
    ),
    Play(
        "tests.checkins.test_help_conversation",
        "test_a_deleted_asker_is_gone_from_the_screens_of_the_asked",
        "",
        "privacy.gone",
    ),
    Play(
        "tests.conversations.test_asking",
        "test_strangers_cannot_answer_and_the_asker_cannot_either",
        "intro.late",
        "intro.request",
    ),
    Play(
        "tests.conversations.test_asking",
        "test_after_a_no_the_asker_never_hears_anything",
        "intro.request.expire",
        "",
    ),
    Play(
        "tests.conversations.test_checkins",
        "test_stopping_twice_is_answered_and_nothing_comes_any_more",
        "checkin checkin.remind",
        "checkin.prompt",
    ),
    Play(
        "tests.conversations.test_gig_alerts",
        "test_stop_ends_it_and_the_alert_says_so",
        "gig.arrive gig.look gig.sweep",
        "gig.post",
    ),
    Play(
        "tests.conversations.test_gig_alerts",
        "test_hostile_words_stay_harmless_in_the_message",
        "gig.alerts gig.match",
        "gig.alert gig.guide",
    ),
    Play(
        "tests.conversations.test_gig_board",
        "test_a_gig_is_renewed_from_the_word_before_its_end_and_after_it",
        "gig.ending gig.expire",
        "gig.ending gig.expired",
    ),
    Play(
        "tests.conversations.test_gig_board",
        "test_a_text_channel_is_a_board_too",
        "gig.poster",
        "gig.closed gig.lost",
    ),
    Play(
        "tests.conversations.test_gig_board_browse",
        "test_several_channels_route_link_and_follow",
        "",
        "gig.link",
    ),
    Play(
        "tests.conversations.test_gig_people",
        "test_not_paid_reaches_the_moderators_and_nobody_else",
        "gig.outcome gig.room",
        "gig.outcome gig.room gig.unpaid gig.worked gig.interest",
    ),
    Play(
        "tests.conversations.test_gig_people",
        "test_whoever_is_asked_first_can_pitch_from_the_dm",
        "gig.lead",
        "gig.handed gig.lead",
    ),
    Play(
        "tests.conversations.test_gig_people",
        "test_several_pitches_come_as_one_message_and_are_read_one_by_one",
        "gig.declines",
        "gig.accepted gig.declined gig.pitches",
    ),
    Play(
        "tests.conversations.test_gig_people",
        "test_declines_are_told_together_and_without_hurting",
        "",
        "gig.passed",
    ),
    Play(
        "tests.conversations.test_gig_posting",
        "test_words_typed_into_a_draft_that_is_gone_begin_anew",
        "gig.draft round.lookup",
        "community.week",
    ),
    Play(
        "tests.conversations.test_gig_posting_edits",
        "test_saved_words_reach_the_post_and_those_who_answered",
        "",
        "gig.repaid",
    ),
    Play(
        "tests.conversations.test_gig_queue",
        "test_moderators_are_reminded_once_a_day_and_open_the_queue_there",
        "gig.waiting",
        "gig.decided gig.reminder gig.review",
    ),
    Play(
        "tests.find.test_conversation",
        "test_discord_failing_once_sends_one_message",
        "find.tell round.notice",
        "find.alert",
    ),
    Play(
        "tests.intros.test_meeting_talk",
        "test_a_nudge_comes_once_and_only_where_nobody_moved",
        "intro.remind",
        "intro.ask intro.nudge intro.slot",
    ),
    Play(
        "tests.intros.test_meeting_talk",
        "test_remind_me_without_a_note",
        "intro.ask intro.follow intro.nudge",
        "intro.follow",
    ),
    Play(
        "tests.intros.test_meeting_talk",
        "test_a_single_wish_for_a_call_is_never_told_and_a_double_one_is",
        "",
        "intro.card intro.step",
    ),
    Play(
        "tests.intros.test_meeting_talk", "test_not_yet_is_asked_three_times_and_no_more", "", "intro.again"
    ),
    Play(
        "tests.intros.test_meeting_talk",
        "test_another_time_replaces_the_first_and_its_reminder",
        "",
        "intro.remind",
    ),
    Play(
        "tests.intros.test_rounds_conversation",
        "test_a_pause_from_the_notice_ends_with_a_word",
        "intro.resume",
        "intro.left_out intro.notice intro.resumed",
    ),
    Play(
        "tests.intros.test_rounds_conversation",
        "test_a_round_nobody_sends_is_skipped_and_everyone_hears",
        "round.approval",
        "intro.skipped round.ready round.report",
    ),
    Play(
        "tests.intros.test_rounds_conversation",
        "test_silence_is_asked_about_with_three_ways_to_answer",
        "",
        "intro.silent",
    ),
    Play(
        "tests.niches.test_roles",
        "test_an_imported_role_stays_with_those_who_held_it",
        "niche.role niche.roles",
        "niche.invite",
    ),
    Play(
        "tests.niches.test_roles",
        "test_the_role_goes_along_when_only_the_merged_niche_had_one",
        "niche.named",
        "",
    ),
    Play("tests.niches.test_roles", "test_without_the_right_kith_says_so_once", "", "niche.rights"),
    Play(
        "tests.niches.test_roles",
        "test_a_role_above_kiths_is_told_once_and_caught_up_with",
        "",
        "niche.order",
    ),
    Play("tests.niches.test_roles", "test_a_full_server_is_told_once_and_tried_again", "", "niche.full"),
    Play(
        "tests.niches.test_suggestions",
        "test_a_refusal_is_told_kindly",
        "",
        "community.hello niche.decided niche.suggested",
    ),
    Play(
        "tests.pods.test_conversation",
        "test_who_deletes_themselves_is_out_of_thread_and_digests",
        "pod.out",
        "pod.digest pod.merge pod.welcome",
    ),
    Play(
        "tests.pods.test_conversation",
        "test_a_community_digest_with_a_win_shared_on_purpose",
        "community.digest",
        "community.digest",
    ),
    Play(
        "tests.pods.test_conversation",
        "test_a_pod_from_the_wish_to_another_term",
        "pod.end pod.term",
        "pod.over pod.term",
    ),
    Play(
        "tests.pods.test_conversation",
        "test_a_refused_thread_becomes_letters",
        "pod.close pod.digest pod.form pod.thread",
        "pod.invite pod.letter pod.started",
    ),
    Play(
        "tests.privacy.test_conversation",
        "test_a_gig_leaves_the_board_and_who_waits_is_told_without_a_name",
        "gig.board gig.pin",
        "gig.ended gig.removed",
    ),
    Play(
        "tests.privacy.test_leaving",
        "test_who_is_a_member_elsewhere_stays_there",
        "community.erase community.week retention round",
        "",
    ),
    Play(
        "tests.safety.test_conversation",
        "test_closing_kith_after_a_report_tells_the_person_when_they_use_it",
        "",
        "intro.ended safety.report safety.settled",
    ),
    Play(
        "tests.start.test_panel",
        "test_a_panel_that_could_not_be_written_comes_when_it_can",
        "",
        "community.setback start.moved start.panel",
    ),
    Play(
        "tests.vouches.test_conversation",
        "test_a_vouch_is_shown_once_accepted",
        "",
        "intro.welcome vouch.offered",
    ),
    Play(__name__, "a_pod_that_does_not_come_together", "", "pod.missed pod.back"),
    Play(__name__, "a_thread_about_a_gig_loses_who_deletes_themselves", "gig.out", ""),
    Play(__name__, "a_gig_waits_for_the_moderators", "", "gig.blocked"),
    Play(__name__, "open_for_work_runs_out", "find.closed", ""),
    Play(__name__, "a_week_that_nobody_planned", "", "checkin.remind"),
)

REASONS: dict[tuple[str, str], str] = {}
"""By table and kind: why there is no case."""
