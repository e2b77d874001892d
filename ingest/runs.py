"""A run from its settings: the same on Lambda and on this machine."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from ingest.client import Client
from ingest.collect import Collector, Progress
from ingest.delivery import Delivery, FirehoseDelivery, StorageDelivery
from ingest.plan import Plan, plan, plan_history
from ingest.report import Report
from ingest.settings import Settings
from ingest.vendor import Vendor, open_vendor
from lake import layout
from lake.origin import claim_origin
from lake.snapshot import current_manifest
from lake.storage import Storage, open_storage
from lake.universe import universe

Depth = Literal["history", "daily"]


def quiet(_done: int, _planned: int, _what: str) -> None:
    """Progress that nobody watches."""


def run(settings: Settings, depth: Depth, clock: Callable[[], datetime], progress: Progress = quiet) -> Report:
    """Fetch what the plan of `depth` asks for into the lake. `clock` is the real one, in UTC."""
    started = clock()
    storage = open_storage(settings.lake)
    with open_vendor(settings, started) as vendor, _client(vendor) as client:
        claim_origin(storage, settings.origin)
        collector = Collector(
            run=layout.stamp(started),
            source=vendor.source,
            now=vendor.now,
            client=client,
            delivery=_delivery(settings, storage, started),
            clock=clock,
        )
        return collector.collect(_plan(depth, storage, vendor), progress)


def planned(settings: Settings, clock: Callable[[], datetime]) -> Plan:
    """What a daily run would ask for now. No request is made and nothing is written."""
    with open_vendor(settings, clock()) as vendor:
        return _plan("daily", open_storage(settings.lake), vendor)


def _plan(depth: Depth, storage: Storage, vendor: Vendor) -> Plan:
    tickers = tuple(universe())
    if depth == "history":
        return plan_history(tickers, vendor.plan)
    return plan(current_manifest(storage), tickers, vendor.now, vendor.plan)


def _client(vendor: Vendor) -> Client:
    return Client(vendor.base_url, vendor.key, vendor.plan.per_second)


def _delivery(settings: Settings, storage: Storage, started: datetime) -> Delivery:
    if settings.streams is None:
        return StorageDelivery(storage, layout.stamp(started), started.astimezone(UTC).date())
    import boto3  # only Firehose needs it

    return FirehoseDelivery(boto3.client("firehose"), settings.streams)
