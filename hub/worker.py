"""The worker: dispatches the outbox, asks after silent legs, frees what dead workers held, acts on what was kept.

Several may run on one database. LISTEN wakes it; a sweep stands behind.
"""

import logging
import os
import select
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial, update_wrapper
from uuid import uuid4

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

import adapters
from adapters.fetch import Fetch
from hub import credentials, delivery, forwarder, inbound, inbox, letters, logs, tracing
from hub.carriers import gateway_of, hook_of, postman_of
from hub.carrying import Clock
from hub.clock import now as clock_now
from hub.core.errors import DeliveryFailure
from hub.core.ports import Has, HasNot, Partner
from hub.dispatch import Dispatcher, Tools, apply_news
from hub.jobs import ROUNDS, Job
from hub.live_directory import LiveDirectory
from hub.mailing import OUTBOX_CHANNEL
from hub.models import InboundMessage
from hub.national_numbers import partner_of
from hub.overseeing import host, leave
from hub.papers.transfer_sheet import transfer_sheet
from hub.presses import time_stamper
from hub.receiving import read_news
from hub.scanners import LONGEST, scanner_from
from hub.settings import Settings
from hub.storage import Store
from hub.wire.keys import load_signer

log = logging.getLogger("mesa.worker")
GATHERING = 0.02
"""Seconds between two claims while there is work: a batch costs the database little more than one message."""
POOL = {"pool_size": 24, "max_overflow": 16, "pool_pre_ping": True, "hide_parameters": True}


def make_tools(settings: Settings, engine: Engine, clock: Clock = clock_now) -> Tools:
    """Everything a worker needs, made once per process."""
    live_directory = LiveDirectory(engine)
    hub_keys = settings.keys_folder / "hub"
    signer = load_signer(hub_keys / "envelope.key.pem", hub_keys / "envelope.crt.pem")
    token_signer = load_signer(hub_keys / "token.key.pem", hub_keys / "token.crt.pem")
    sessions = sessionmaker(engine, expire_on_commit=False)

    def shown(ruc: str, cuo: str) -> Has | HasNot:
        with sessions() as session:
            return inbox.report(session, live_directory.current(), ruc, cuo)

    return Tools(
        name=f"{host(settings)}:{os.getpid()}:{uuid4().hex[:8]}",
        settings=settings,
        sessions=sessions,
        live_directory=live_directory,
        adapters=adapters.all_ways(
            trust=lambda ruc: live_directory.current().trust(ruc),
            token_signer=token_signer,
            own_ruc=lambda: live_directory.current().operator.ruc,
            clock=clock,
            transfer_sheet=transfer_sheet,
            is_institution=lambda ruc: live_directory.current().knows(ruc),
            inbox=shown,
            timeout=settings.call_timeout,
        ),
        signer=signer,
        ledger_signer=load_signer(hub_keys / "ledger.key.pem", hub_keys / "ledger.crt.pem"),
        store=Store(settings.documents_url, settings.s3_account),
        clock=clock,
        fetcher=Fetch(settings.call_timeout, may_be_here=settings.is_demo),
        stamper=time_stamper(settings),
        scanner=scanner_from(settings, LONGEST),
    )


class Worker:
    """One worker process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = create_engine(settings.sqlalchemy_url, **POOL)
        self.tools = make_tools(settings, self.engine)
        self.wake = threading.Event()
        self.stopping = self.tools.stopping
        self.dispatcher = Dispatcher(self.tools, self.wake, sides=(forwarder.SIDE,))
        self.postman = postman_of(settings)
        self.gateway, self.hook = gateway_of(settings), hook_of(settings)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is being carried is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        threading.Thread(target=self._listen, name="outbox", daemon=True).start()
        scheduler = self._schedule()
        log.info("worker %s is working", self.tools.name)
        while not self.stopping.is_set():
            self.wake.clear()
            if self._guarded(self.dispatcher.dispatch):
                self.stopping.wait(GATHERING)
            else:
                self.wake.wait(self.settings.sweep)
        scheduler.shutdown(wait=False)
        for lane in self.dispatcher.lanes.values():
            lane.pool.shutdown(wait=True)
        self._guarded(partial(leave, self.tools))

    def stop(self) -> None:
        self.stopping.set()
        self.wake.set()

    def _schedule(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        for job in (self.free_stuck, self.act_on_kept, self.ask_silent, self.send_letters, self.forget_credentials):
            scheduler.add_job(self._guarded, "interval", [job], seconds=self.settings.sweep)
        for one in ROUNDS:
            seconds = one.interval(self.settings)
            scheduler.add_job(self._guarded, "interval", [named(one.job, self.tools)], seconds=seconds)
        scheduler.start()
        return scheduler

    def _guarded(self, job: Callable[[], int]) -> int:
        """Run a job; a database that is down is waited for, anything else is logged and tried at the next round."""
        try:
            return job()
        except DBAPIError as error:
            log.warning("%s: the database did not answer (%s)", _name(job), type(error.orig).__name__)
        except Exception:
            log.exception("%s failed", _name(job))
        self.stopping.wait(min(self.settings.sweep, 1.0))
        return 0

    def free_stuck(self) -> int:
        """Put back what dead workers had claimed."""
        with self.tools.sessions() as session:
            freed = delivery.free_stuck(session, self.tools.clock())
            session.commit()
        if freed:
            self.wake.set()
        return freed

    def act_on_kept(self) -> int:
        """Act on messages that were kept by a process that died before it acted."""
        tools = self.tools
        before = tools.clock() - timedelta(seconds=self.settings.sweep)
        with tools.sessions() as session:
            waiting = inbound.open_messages(session, kept_before=before)
        for row, body in waiting:
            try:
                self._act_on(row, body)
            except DBAPIError:
                raise
            except Exception:  # what is wrong with one message is not the next one's
                log.exception("%s: kept message %s could not be acted on", row.cuo, row.id)
        return len(waiting)

    def _act_on(self, row: InboundMessage, body: bytes) -> None:
        tools = self.tools
        with tools.sessions() as session:
            inbound.act_on(session, tools.directory, row.id, read_news(row, body), tools.clock())
            inbound.replay_parked(session, tools.directory, row.cuo, read_news, tools.clock())
            session.commit()

    def ask_silent(self) -> int:
        """Ask destinations about legs of which they have long said nothing."""
        tools = self.tools
        again = timedelta(seconds=self.settings.ask_after)
        with tools.sessions() as session:
            legs = delivery.silent_legs(session, tools.clock(), again_in=again, limit=self.settings.worker_batch)
            session.commit()
            asked: dict[str, list[tuple[Partner, str]]] = {}
            for leg in legs:
                partner = partner_of(session, tools.directory, leg)
                if partner.adapter not in tools.adapters:  # it fetches and is never called: it was by another way once
                    continue
                asked.setdefault(partner.code, []).append((partner, leg.cuo))
        if asked:
            with ThreadPoolExecutor(len(asked), thread_name_prefix="ask") as pool:
                list(pool.map(self._ask, *zip(*asked.items(), strict=True)))
        return len(legs)

    def _ask(self, code: str, legs: list[tuple[Partner, str]]) -> None:
        """Ask one institution about its legs; one that does not answer is left alone until the next round."""
        tools = self.tools
        adapter = tools.adapters[tools.directory.entity(code).adapter.kind.value]
        for partner, cuo in legs:
            try:
                answer = adapter.status_of(partner, cuo)
            except DeliveryFailure as error:
                log.info("%s: asking failed: %s", cuo, error.code)
                return
            if isinstance(answer, Has) and answer.news:
                with tools.sessions() as session:
                    apply_news(session, tools, answer.news)

    def forget_credentials(self) -> int:
        """Drop the used credentials that have expired."""
        with self.tools.sessions() as session:
            gone = credentials.forget_expired(session, self.tools.clock())
            session.commit()
        return gone

    def send_letters(self) -> int:
        """Send mail, SMS and alerts that are due, by the carriers that are set."""
        return letters.send_due(self.tools, self.postman, self.gateway, self.hook)

    def _listen(self) -> None:
        while not self.stopping.is_set():
            try:
                self._listen_until_cut()
            except DBAPIError as error:
                log.warning("outbox: listening was cut, trying again: %s", type(error).__name__)
                self.stopping.wait(1.0)

    def _listen_until_cut(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"listen {OUTBOX_CHANNEL}")
            raw = connection.connection.driver_connection
            self.wake.set()  # what was notified while nobody listened
            while not self.stopping.is_set() and raw is not None:
                ready, _, _ = select.select([raw], [], [], self.settings.sweep)
                connection.exec_driver_sql("select 1")  # reads what was notified, and finds out a cut connection
                if ready or raw.notifies:
                    self.wake.set()
                raw.notifies.clear()


def named(job: Job, tools: Tools) -> Callable[[], int]:
    """The job with its tools, under its own name in the log."""
    bound = partial(job, tools)
    return update_wrapper(bound, job)


def _name(job: Callable[[], int]) -> str:
    return getattr(job, "__name__", "job")


def main(settings: Settings | None = None) -> int:
    """Run one worker in this process."""
    settings = settings or Settings.from_env()
    logs.set_up(settings.log_format)
    if settings.otel:
        tracing.start(settings.otel, "worker")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # its two lines a round would hide ours
    Worker(settings).run()
    tracing.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
