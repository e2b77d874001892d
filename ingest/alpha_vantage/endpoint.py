"""Which server a run requests from: the vendor, a simulator elsewhere, or one started here for the run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr

from ingest.alpha_vantage.plans import FREE, RECORDED, SIMULATED, VendorPlan
from ingest.alpha_vantage.protocol import BASE_URL
from ingest.errors import SettingsError
from ingest.settings import Settings
from ingest.simulator.apart import MANY_TICKERS, serve_apart
from ingest.simulator.limits import PlanLimits
from ingest.simulator.recorded import RecordedFeed
from ingest.simulator.server import Feed, serve
from ingest.simulator.simulated import SimulatedFeed

# A simulator takes any key, and must never be sent a real one: it may run on another machine, over plain HTTP.
_ANY_KEY = SecretStr("simulator")


@dataclass(frozen=True)
class Endpoint:
    """The server, its plan, and `now` by the feed's clock. `source` is what the records name as theirs."""

    source: str
    base_url: str
    key: SecretStr
    plan: VendorPlan
    now: datetime


@contextmanager
def open_endpoint(settings: Settings, now: datetime) -> Iterator[Endpoint]:
    """The endpoint of the settings' origin; `now` is the real time. FeedError for a folder that is no feed."""
    if settings.origin == "live":
        if settings.api_key is None:
            raise SettingsError("a live origin needs ALPHA_VANTAGE_API_KEY")
        yield Endpoint("alpha_vantage", BASE_URL, settings.api_key, settings.plan or FREE, now)
        return
    if settings.url and settings.feed is None:
        yield Endpoint(settings.origin, settings.url, _ANY_KEY, settings.plan or SIMULATED, now)
        return
    if settings.feed is None and len(settings.tickers) >= MANY_TICKERS:
        plan = settings.plan or SIMULATED
        with serve_apart(now, plan) as base_url:
            yield Endpoint(settings.origin, base_url, _ANY_KEY, plan, now)
        return
    # Over real HTTP on loopback even in the same process, so that one client and one code path serve every origin.
    feed, plan, clock = _local_feed(settings, now)
    with serve(feed, PlanLimits(plan)) as base_url:
        yield Endpoint(settings.origin, base_url, _ANY_KEY, plan, clock)


def _local_feed(settings: Settings, now: datetime) -> tuple[Feed, VendorPlan, datetime]:
    if settings.feed is None:
        return SimulatedFeed(lambda: now), settings.plan or SIMULATED, now
    recorded = RecordedFeed(settings.feed)
    plan = settings.plan or RECORDED
    return recorded, replace(plan, news=recorded.has_news), recorded.clock
