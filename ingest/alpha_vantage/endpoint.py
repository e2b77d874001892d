"""Who answers: the vendor itself, or a stand-in, on this machine and up for as long as it is needed, or elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr

from ingest.alpha_vantage.plans import FREE, RECORDED, SIMULATED, VendorPlan
from ingest.alpha_vantage.protocol import BASE_URL
from ingest.errors import SettingsError
from ingest.settings import Settings
from ingest.simulator.gate import Gate
from ingest.simulator.recorded import RecordedFeed
from ingest.simulator.server import Feed, serve
from ingest.simulator.simulated import SimulatedFeed

_ANY_KEY = SecretStr("stand-in")  # a stand-in wants a key, as the vendor does, and takes any: it never gets a real one


@dataclass(frozen=True)
class Vendor:
    """Whom to ask, what the plan allows, and `now` by the feed's clock. `source` is what its records say."""

    source: str
    base_url: str
    key: SecretStr
    plan: VendorPlan
    now: datetime


@contextmanager
def open_vendor(settings: Settings, now: datetime) -> Iterator[Vendor]:
    """The vendor of the settings' origin; `now` is the real time. FeedError for a folder that is no feed."""
    if settings.origin == "live":
        if settings.api_key is None:
            raise SettingsError("a live origin needs ALPHA_VANTAGE_API_KEY")
        yield Vendor("alpha_vantage", BASE_URL, settings.api_key, settings.plan or FREE, now)
        return
    if settings.url and settings.feed is None:
        yield Vendor(settings.origin, settings.url, _ANY_KEY, settings.plan or SIMULATED, now)
        return
    feed, plan, clock = _stand_in(settings, now)
    with serve(feed, Gate(plan)) as base_url:
        yield Vendor(settings.origin, base_url, _ANY_KEY, plan, clock)


def _stand_in(settings: Settings, now: datetime) -> tuple[Feed, VendorPlan, datetime]:
    if settings.feed is None:
        return SimulatedFeed(lambda: now), settings.plan or SIMULATED, now
    recorded = RecordedFeed(settings.feed)
    plan = settings.plan or RECORDED
    return recorded, replace(plan, news=recorded.has_news), recorded.clock
