"""The composition root: the only file that knows every part, and puts them together."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import cogs.checkins
import cogs.checkins.help_setup
import cogs.circle
import cogs.community
import cogs.core
import cogs.find
import cogs.gigs
import cogs.gigs.board_cards
import cogs.gigs.removed
import cogs.intros
import cogs.intros.leavers
import cogs.niches
import cogs.people
import cogs.pods
import cogs.privacy
import cogs.safety
import cogs.start
import cogs.vouches
from bot import figures
from bot.checkins import sharing
from bot.checkins.dated import Dated
from bot.checkins.help import Help
from bot.checkins.service import CheckinService
from bot.circle.service import CircleService
from bot.circle.views import Past
from bot.community.service import CommunityService
from bot.core.agenda import Agenda
from bot.core.clock import Clock, SystemClock
from bot.core.drafts import Drafts
from bot.core.log import get_logger
from bot.core.memory import Memory
from bot.core.metrics import Metrics
from bot.core.metronome import Metronome
from bot.core.outbox import Outbox
from bot.core.pace import Pacing
from bot.core.processes import EVERY, Processes, Share
from bot.core.schema import require_current
from bot.core.seal import Sealer
from bot.core.store import Store, Unit
from bot.core.worker import Worker
from bot.edge.client import READY_TIMEOUT, Kith, connect, login, point_at
from bot.edge.courier import Courier
from bot.edge.shards import ShardedKith
from bot.find.service import FindService
from bot.gigs import ties as gigs
from bot.gigs.screening import load_phishing
from bot.gigs.service import GigService
from bot.health import Body, HealthServer, Pulse
from bot.intros import company
from bot.intros import ties as intros
from bot.intros.encounters import past_met
from bot.intros.lent import Lent
from bot.intros.service import IntroService
from bot.niches.service import NicheService
from bot.people.directory import PeopleDirectory
from bot.people.service import PeopleService
from bot.pods.service import Outside, PodService
from bot.privacy.service import Hooks, Periods, PrivacyService
from bot.safety.service import OnMember, SafetyService
from bot.settings import Settings, secret_key
from bot.vouches.service import VouchService

log = get_logger(__name__)

_BEAT = 1.0
# Together less than the ten seconds after which whoever stopped Kith loses patience.
_FINISH_WITHIN = 5.0
_LEAVE_WITHIN = 3.0
_HAND_OVER_WITHIN = 1.0

Stop = Callable[[Unit, int], Awaitable[None]]


class App:
    """Kith, put together: start it, close it, or ask it to do at once all that is due."""

    def __init__(self, settings: Settings, clock: Clock | None = None, *, beats: bool = True) -> None:
        """Wire every part; nothing is opened or sent before ``start``.

        Args:
            settings: what the operator decided.
            clock: the system's by default.
            beats: without beats only ``settled`` does what is due, so that a test sees each step,
                and servers that Discord lists late are hardly waited for.
        """
        self.settings = settings
        self.clock = clock or SystemClock()
        key, made = secret_key(settings)
        if made:
            log.warning("made a secret key: keep a copy of it", file=str(settings.secret_key_file))
        self.sealer = Sealer([key])
        self.store = Store(settings.database_url, self.sealer)
        self.memory = Memory(self.store)
        self.agenda = Agenda(self.store, self.clock)
        self.outbox = Outbox(self.store, self.clock)
        self.worker = Worker()
        self.metrics = Metrics()
        self.share = Share(settings.shard_count, settings.shards)
        self.processes = Processes(self.store, self.clock, self.share)
        self.people = PeopleService(self.store, self.clock)
        self._make_features()
        self._introduce_features()
        pacing = Pacing(self.store, self.clock)
        self.client = (ShardedKith if len(self.share.ids) > 1 else Kith)(
            self.clock,
            drafts=Drafts(self.store, self.clock, timedelta(days=settings.keep_drafts_days)),
            remembered=self.memory,
            setups=[self._set_up_cogs],
            on_ready_work=self._begin,
            ready_timeout=READY_TIMEOUT if beats else READY_TIMEOUT / 10,
            metrics=self.metrics,
            share=self.share,
            turns=pacing if self.share.count > 1 else None,
        )
        self.courier = Courier(
            self.client,
            self.store,
            self.clock,
            self.outbox,
            PeopleDirectory(self.store),
            sends_per_second=settings.sends_per_second,
            dm_opens_per_hour=settings.dm_opens_per_hour,
            shared=None if self.share.whole else pacing,
        )
        self._watch()
        self._metronome = Metronome(self._pulse, self.courier.tick, every=_BEAT) if beats else None
        self._signs = Metronome(self.processes.beat, every=EVERY) if beats else None
        self._connection: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()

    def _make_features(self) -> None:
        """Make every feature; what one needs of another is handed over here, none imports another."""
        work = (self.store, self.clock, self.agenda, self.outbox, self.people)
        spoken = (self.store, self.clock, self.outbox, self.people)
        self.niches = NicheService(*work)
        self.intros = IntroService(*work, self.worker)
        self.find = FindService(*work, self.intros.reasons_between)
        self.gigs = GigService(*work)
        if self.settings.phishing_list is not None:
            self.gigs.posting.vetting.know_phishing(load_phishing(self.settings.phishing_list))
        self.checkins = CheckinService(*work, self.worker)
        lent = Lent(*work[1:])
        self.help = Help(*work, lent.apart, lent.introduce, lent.resting)
        self.dated = Dated(*work, lent.slots)
        self.pods = PodService(*work, Outside(sharing, company.apart, company.went_well))
        self.vouches = VouchService(*spoken, [intros.met, gigs.met])
        self.circle = CircleService(self.store, self.clock, self.people, [_past_introductions])
        ends: list[OnMember] = [
            self.intros.stop_member,
            self.pods.end_member,
            self.checkins.end_member,
            self.help.ends.end_member,
            self.gigs.board.stop_member,
            self.gigs.pitches.stop_member,
            self.gigs.leads.stop_member,
            self.vouches.end_member,
        ]
        self.safety = SafetyService(*spoken, ends, self.intros.avoid)
        hooks = Hooks(
            erases=[
                self.intros.erase,
                self.gigs.channels.erase,
                self.gigs.erasing.erase,
                self.pods.erase,
            ],
            asked_apart_from=intros.asked_apart_from,
            keep_apart=intros.ask_apart,
            roles_of=self.niches.roles_of,
        )
        days = {name: getattr(self.settings, f"keep_{name}_days") for name in Periods.__slots__}
        kept, contact = Periods(**days), self.settings.operator_contact
        self.privacy = PrivacyService(*work[:4], self.sealer, hooks, kept, contact)
        self.community = CommunityService(
            self.store,
            self.clock,
            self.people,
            agenda=self.agenda,
            outbox=self.outbox,
            on_start=[self.intros.started],
            on_change=[self.intros.replan_round],
            told=figures.TOLD,
        )

    def _introduce_features(self) -> None:
        """Let features follow the member record, and tell it what they know."""
        self.people.on_new_zone.append(self.checkins.replan_person)
        self.people.on_new_member.append(self.privacy.restore)
        self.people.acquainted += [intros.acquainted, gigs.acquainted]
        self.intros.on_met.append(self.circle.met)
        self.intros.on_unmet.append(self.circle.unmet)
        self.gigs.board.on_worked.append(self.circle.met)
        self.gigs.alerts.elsewhere.append(self.find.alerts.keeps)
        self.find.alerts.elsewhere.append(self.gigs.alerts.keeps)
        self.gigs.outcomes.on_unworked.append(self.circle.unmet)
        self.gigs.outcomes.vouch = self.vouches.offer
        self.gigs.leads.apart = company.apart
        self.gigs.alert_mail.apart = company.apart

    def _watch(self) -> None:
        """Let what happens be counted, and be asked for on the operator's port."""
        self.courier.settled.append(self.metrics.sent)
        self.intros.rounds.on_done.append(self.metrics.round_done)
        self._pulse = Pulse(self.agenda.tick, self.clock)
        body = Body(self.store, self.clock, self.client, self._pulse, self.metrics)
        port = self.settings.health_port
        self._health = HealthServer(body, self.settings.health_host, port) if port is not None else None

    async def start(self) -> None:
        """Check the database and the key, log in, load every cog and connect.

        Raises:
            OldSchema: the database is not this version's; nothing was started.
            WrongKey: another key sealed this database.
            BadToken: Discord does not know the token.
            SettingsError: the port to ask about its health is taken.
        """
        self.metrics.failures.attach()
        if self._health is not None:
            await self._health.start()
        await require_current(self.store)
        await self.memory.require_key(self.sealer.fingerprint)
        await self.agenda.release_dead()
        await self.outbox.queue.release_dead()
        await self.processes.begin()
        if self._signs is not None:
            self._signs.start()
        await self.privacy.begin()
        await self.community.week.begin()
        point_at(self.settings.discord_api_url, self.settings.discord_gateway_url)
        token = self.settings.discord_token
        assert token is not None
        await login(self.client, token.get_secret_value())
        self._connection = asyncio.create_task(connect(self.client), name="gateway")

    async def wait_closed(self) -> None:
        """Wait until the connection ends; what ended it is raised."""
        assert self._connection is not None
        await self._connection

    async def close(self) -> None:
        """Stop claiming, finish what runs, leave Discord, close the database; all within ten seconds."""
        if self._metronome is not None and self.ready.is_set():
            await self._metronome.stop(_FINISH_WITHIN)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVE_WITHIN):
                await self._hand_over()
                await self.client.close()
        if self._connection is not None:
            self._connection.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._connection
        self.worker.close()
        if self._health is not None:
            await self._health.close()
        self.metrics.failures.detach()
        await self.store.close()

    async def _hand_over(self) -> None:
        """Leave to the other processes, now, what this one had taken and did not come to."""
        if self._signs is None:
            return
        await self._signs.stop(_HAND_OVER_WITHIN)
        try:
            async with asyncio.timeout(_HAND_OVER_WITHIN):
                await self.agenda.hand_over()
                await self.outbox.queue.hand_over()
                await self.processes.end()
        except Exception as error:  # noqa: BLE001 - leases and the lack of signs tell the others as well, later
            log.warning("left without handing over", error=type(error).__name__)

    async def settled(self) -> None:
        """Do and say all that is due by now, and what follows from it at once; for tests and the demo."""
        while await self.agenda.tick() + await self.courier.tick():
            pass

    async def _begin(self) -> None:
        """Start to work once the connection stands."""
        if self._metronome is not None:
            self._metronome.start()
        self.ready.set()

    async def _set_up_cogs(self, bot: Kith) -> None:
        """Load every feature: its commands and buttons, what it does when due and how its messages look."""
        await cogs.core.setup(bot, self.courier, self.stop, self.community.gate.off_for)
        # First, because others add to its /kith.
        looks = (self.checkins.draw, cogs.gigs.board_cards.board_post)
        overview = cogs.community.Overview(self.community, *looks)
        await cogs.community.setup(bot, self.community, self.courier, overview)
        showing = cogs.people.Showing(self.people, [cogs.vouches.profile_extra(self.vouches)])
        await cogs.people.setup(bot, showing)
        await cogs.niches.setup(bot, self.niches)
        await cogs.find.setup(bot, self.find, showing)
        await cogs.vouches.setup(bot, self.vouches)
        await cogs.safety.setup(bot, self.safety)
        await cogs.intros.setup(bot, self.intros)
        await cogs.gigs.setup(bot, self.gigs)
        await cogs.checkins.setup(bot, self.checkins, [cogs.checkins.help_setup.week_extra])
        await cogs.checkins.help_setup.setup_help(bot, self.help, self.dated, self.checkins)
        await cogs.pods.setup(bot, self.pods)
        cogs.community.add_week(bot, overview)
        await cogs.circle.setup(bot, self.circle)
        services = (self.community, self.people, self.niches, self.find, self.intros)
        await cogs.start.setup(bot, *services, showing)
        await cogs.privacy.setup(bot, self.privacy)
        self.agenda.register(self.privacy.handlers())
        self.agenda.register(self.intros.handlers() | cogs.intros.leavers.handlers(bot, self.intros))
        self.agenda.register(self.gigs.handlers() | cogs.gigs.handlers(bot, self.gigs))
        self.agenda.register(self.checkins.handlers(), self.checkins.expired())
        self.agenda.register(self.help.handlers() | self.dated.handlers())
        self.agenda.register(self.pods.handlers() | cogs.pods.handlers(bot, self.pods), self.pods.expired())
        self.agenda.register(self.find.handlers())
        self.agenda.register(cogs.niches.handlers(bot, self.niches))
        self.agenda.register(self.community.week.handlers(), self.community.week.expired())
        self.agenda.handlers = cogs.community.guarded(self.agenda.handlers, self.community)
        self.agenda.expired = cogs.community.guarded(self.agenda.expired, self.community)
        self.courier.register(cogs.niches.renderers(self.niches))
        self.courier.register(cogs.privacy.renderers())
        self.courier.register(cogs.find.renderers(self.find), self.find.delivered())
        self.courier.register(cogs.vouches.renderers(self.vouches))
        self.courier.register(cogs.safety.renderers(self.safety))
        self.courier.register(cogs.start.renderers(self.community), self.community.delivered())
        self.courier.register(cogs.intros.renderers(self.intros), self.intros.delivered())
        self.courier.register(cogs.gigs.renderers(self.gigs), self.gigs.delivered())
        self.courier.register(cogs.gigs.removed.renderers(self.gigs))
        self.courier.register(cogs.checkins.renderers(self.checkins, self.dated))
        self.courier.register(cogs.pods.renderers(self.pods))
        self.courier.register(cogs.checkins.help_setup.renderers(self.help, self.dated))

    async def stop(self, person_id: int) -> None:
        """End every message to a person, in one transaction, as ``/stop`` promises."""
        stops: tuple[Stop, ...] = (
            self.intros.stop_person,
            self.pods.stop_person,
            self.checkins.stop_person,
            self.help.ends.stop_person,
            self.gigs.board.stop_person,  # before the consents go: applicants are told
            self.gigs.pitches.stop_person,
            self.gigs.leads.stop_person,
            self.people.stop_person,
            self.outbox.silence,
        )
        async with self.store.write() as session:
            for stop in stops:
                await stop(session, person_id)


async def _past_introductions(session: Unit, member_id: int) -> list[Past]:
    """Whom a member said they met before they kept a circle."""
    return [Past(*one) for one in await past_met(session, member_id)]


def keep_out_of_collections() -> None:
    """Let garbage collection pass by what stays: looking at all of it stops the loop for 100 ms and more."""
    gc.collect()
    gc.freeze()


async def run(settings: Settings, clock: Clock | None = None) -> None:
    """Run Kith until it is told to stop (SIGINT, SIGTERM) or the connection ends for good."""
    app = App(settings, clock)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    try:
        await app.start()
        keep_out_of_collections()
        told = asyncio.create_task(stopping.wait())
        ended = asyncio.create_task(app.wait_closed())
        done, _ = await asyncio.wait({told, ended}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if ended in done:
            ended.result()
        else:
            log.info("stopping")
    finally:
        await app.close()
