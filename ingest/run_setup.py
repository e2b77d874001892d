"""A run from its settings: the same on Lambda and on this machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.alpha_vantage.budget import Spending
from ingest.alpha_vantage.client import Client, Unlimited
from ingest.alpha_vantage.endpoint import Vendor, open_vendor
from ingest.delivery.firehose import PATIENCE, FirehoseDelivery
from ingest.delivery.news_log import NewsLog
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.plan.planner import plan
from ingest.plan.requests import Plan, Task
from ingest.report import Report
from ingest.run import Collector, Progress
from ingest.settings import Settings
from lake import calendar, layout
from lake.origin import claim_origin
from lake.snapshot import current_manifest
from lake.storage import Storage, open_storage
from lake.universe import universe

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient

Clock = Callable[[], datetime]
_TO_END = PATIENCE + 15  # seconds that a run needs after its last answer: to deliver it, and to report


@dataclass(frozen=True)
class Edges:
    """Where a run waits, and through what its records leave; `firehose` None is boto3's, made when it is needed."""

    sleep: Callable[[float], None] = time.sleep
    firehose: "FirehoseClient | None" = None


def quiet(_done: int, _planned: int, _what: str) -> None:
    """Progress that nobody watches."""


def run(
    settings: Settings,
    task: Task,
    clock: Clock,
    progress: Progress = quiet,
    *,
    started: datetime | None = None,
    seconds: float = float("inf"),
    edges: Edges | None = None,
) -> Report:
    """Fetch what the plan of `task` asks for into the lake. `clock` is the real one, in UTC.

    `started` is what the run is named after, now where it is None. `seconds`: how long the process has; what cannot be
    asked in that time is left for another run.
    """
    edges, ends_at = edges or Edges(), time.monotonic() + seconds - _TO_END
    started = started or clock()
    storage = open_storage(settings.lake)
    with open_vendor(settings, started) as vendor:
        claim_origin(storage, settings.origin)
        with _client(vendor, _spending(storage, vendor, clock), ends_at, edges) as client:
            collector = Collector(
                run=layout.stamp(started),
                source=vendor.source,
                now=vendor.now,
                client=client,
                delivery=_delivery(settings, storage, started, edges),
                remember_news=NewsLog(storage).add,
                clock=clock,
            )
            return collector.collect(_plan(task, settings, vendor, clock), progress)


def planned(settings: Settings, clock: Clock) -> Plan:
    """What a daily run would ask for now. No request is made and nothing is written."""
    with open_vendor(settings, clock()) as vendor:
        return _plan("daily", settings, vendor, clock)


def published_behind(settings: Settings, now: datetime) -> float | None:
    """How many sessions what is published lies back; None where nothing is."""
    manifest = current_manifest(open_storage(settings.lake))
    return calendar.sessions_behind(manifest.as_of, now) if manifest else None


def _plan(task: Task, settings: Settings, vendor: Vendor, clock: Clock) -> Plan:
    storage = open_storage(settings.lake)
    spending = _spending(storage, vendor, clock)
    return plan(
        current_manifest(storage),
        {ticker: universe()[ticker] for ticker in settings.tickers},
        vendor.now,
        vendor.plan,
        task=task,
        spent=spending.spent() if spending else 0,
        news=NewsLog(storage).read(),
    )


def _spending(storage: Storage, vendor: Vendor, clock: Clock) -> Spending | None:
    return None if vendor.plan.per_day is None else Spending(storage, vendor.plan.per_day, clock)


def _client(vendor: Vendor, spending: Spending | None, ends_at: float, edges: Edges) -> Client:
    return Client(
        vendor.base_url,
        vendor.key,
        vendor.plan.per_second,
        sleep=edges.sleep,
        budget=spending or Unlimited(),
        ends_at=ends_at,
    )


def _delivery(settings: Settings, storage: Storage, started: datetime, edges: Edges) -> Delivery:
    run = layout.stamp(started)
    if settings.streams is None:
        return StorageDelivery(storage, run, started.astimezone(UTC).date())
    import boto3  # only Firehose needs it

    return FirehoseDelivery(edges.firehose or boto3.client("firehose"), settings.streams, storage, run, edges.sleep)
