"""One run: plan the requests, fetch and parse each, deliver its records. The same on Lambda and on this machine."""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.alpha_vantage import parse
from ingest.alpha_vantage.budget import RequestBudget
from ingest.alpha_vantage.client import Client, UnlimitedBudget
from ingest.alpha_vantage.endpoint import Endpoint, open_endpoint
from ingest.alpha_vantage.news import news
from ingest.alpha_vantage.parse import ParsedBars, Payload, RefusedRow
from ingest.alpha_vantage.protocol import Reason, Refusal
from ingest.delivery import dead_letters
from ingest.delivery.dead_letters import Redelivery
from ingest.delivery.firehose import PATIENCE, FirehoseDelivery, firehose_client
from ingest.delivery.news_coverage import NewsCoverage
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.delivery.waiting import read_waiting
from ingest.errors import IngestError
from ingest.plan import events
from ingest.plan.planner import plan
from ingest.plan.requests import Plan, PlannedRequest, SessionRange, Task
from ingest.records import Record
from ingest.report import SPENT, FailedRequest, RunReport
from ingest.settings import Settings
from lake import calendar, layout
from lake.errors import LakeError
from lake.layout import RawKind
from lake.origin import claim_origin
from lake.snapshot import current_manifest
from lake.splits import may_be_a_split
from lake.storage import Storage, open_storage
from lake.universe import universe

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient

log = logging.getLogger(__name__)

# What a run needs after its last answer, to deliver it and to report.
SECONDS_TO_FINISH = PATIENCE + 15
# After these, every further request of the run would be refused too. In words why the rest is left for a later run.
_FINAL = {
    Reason.DAILY_LIMIT: SPENT,
    Reason.BAD_KEY: "because the key is refused",
    Reason.OUT_OF_TIME: "because this one has no time left",
}
# Answers of a plan without a daily limit that are delivered together. A killed run loses so many at most, and the next
# one requests them again; of a plan with a limit each answer is delivered at once, because its request is spent.
ANSWERS_TOGETHER = 50
_FLUSHES = 40  # of a run, at least: fewer answers than ANSWERS_TOGETHER are delivered together in a short one
# So many requests in a row without an answer, each tried three times: the vendor is down, and the day's budget and the
# run's time are better spent later.
MAX_OUTAGES = 3
_DOWN = f"because the vendor has not answered {MAX_OUTAGES} requests in a row"

Clock = Callable[[], datetime]
Progress = Callable[[int, int, str], None]  # requests done, requests planned, the current request


def log_line(line: str) -> None:
    """Log what happens meanwhile, as on Lambda."""
    log.info("%s", line)


def no_progress(_done: int, _planned: int, _what: str) -> None:
    """Show nothing, as on Lambda."""


def run(
    settings: Settings,
    task: Task,
    clock: Clock,
    progress: Progress = no_progress,
    *,
    started: datetime | None = None,
    seconds: float = float("inf"),
    sleep: Callable[[float], None] = time.sleep,
    firehose: "FirehoseClient | None" = None,
    notify: Callable[[str], None] = log_line,
    left: Sequence[PlannedRequest] | None = None,
) -> RunReport:
    """Fetch what the plan of `task` asks for into the lake. `clock` is the real one, in UTC.

    `started` names the run; by default it is now. `seconds`: how long the process may run; what cannot be requested in
    that time is deferred. `firehose`: by default boto3's client, made when the settings name streams. `notify`: shows a
    line about a retry at once. `left`: the requests of a run that this one continues, instead of a plan.
    """
    ends_at = time.monotonic() + seconds - SECONDS_TO_FINISH
    started = started or clock()
    storage = open_storage(settings.lake)
    with open_endpoint(settings, started) as endpoint:
        # Before the first request, so that a lake of another origin costs none.
        claim_origin(storage, settings.origin)
        budget = _request_budget(storage, endpoint, clock)
        with _client(endpoint, budget, ends_at, sleep, notify) as client:
            executor = PlanExecutor(
                run=layout.stamp(started),
                source=endpoint.source,
                now=endpoint.now,
                client=client,
                delivery=_delivery(settings, storage, started, sleep, firehose, notify=notify, batched=budget is None),
                record_news=NewsCoverage(storage).add,
                clock=clock,
                together=1 if budget else ANSWERS_TOGETHER,
            )
            made = _plan(task, settings, endpoint, clock) if left is None else Plan(tuple(left))
            return executor.execute(made, progress)


def daily_plan(settings: Settings, clock: Clock) -> Plan:
    """What a daily run would request now. No request is made and nothing is written."""
    with open_endpoint(settings, clock()) as endpoint:
        return _plan("daily", settings, endpoint, clock)


def redeliver(
    settings: Settings,
    clock: Clock,
    *,
    firehose: "FirehoseClient | None" = None,
    notify: Callable[[str], None] = log_line,
) -> Redelivery:
    """Deliver the dead letters of the lake: to Firehose where the settings name streams, else below raw/."""
    storage, now = open_storage(settings.lake), clock()
    if settings.streams is None:
        return dead_letters.redeliver(storage, dead_letters.into_raw(storage), now.date())
    client = firehose or firehose_client()
    streams = FirehoseDelivery(client, settings.streams, storage, layout.stamp(now), notify=notify)
    return dead_letters.redeliver(storage, dead_letters.into_streams(streams), now.date())


def sessions_behind(settings: Settings, now: datetime) -> float | None:
    """How many sessions the published snapshot is behind; None where nothing is published."""
    manifest = current_manifest(open_storage(settings.lake))
    return calendar.sessions_behind(manifest.as_of, now) if manifest else None


def _plan(task: Task, settings: Settings, endpoint: Endpoint, clock: Clock) -> Plan:
    storage = open_storage(settings.lake)
    budget = _request_budget(storage, endpoint, clock)
    manifest = current_manifest(storage)
    return plan(
        manifest,
        {ticker: universe()[ticker] for ticker in settings.tickers},
        endpoint.now,
        endpoint.plan,
        task=task,
        spent=budget.spent() if budget else 0,
        news=NewsCoverage(storage).read(),
        delivered=read_waiting(storage, manifest, endpoint.source, settings.tickers),
    )


def _request_budget(storage: Storage, endpoint: Endpoint, clock: Clock) -> RequestBudget | None:
    return None if endpoint.plan.per_day is None else RequestBudget(storage, endpoint.plan.per_day, clock)


def _client(
    endpoint: Endpoint,
    budget: RequestBudget | None,
    ends_at: float,
    sleep: Callable[[float], None],
    notify: Callable[[str], None],
) -> Client:
    return Client(
        endpoint.base_url,
        endpoint.key,
        endpoint.plan.per_second,
        sleep=sleep,
        budget=budget or UnlimitedBudget(),
        ends_at=ends_at,
        notify=notify,
    )


def _delivery(
    settings: Settings,
    storage: Storage,
    started: datetime,
    sleep: Callable[[float], None],
    firehose: "FirehoseClient | None",
    *,
    notify: Callable[[str], None],
    batched: bool,
) -> Delivery:
    run_id = layout.stamp(started)
    if settings.streams is None:
        return StorageDelivery(storage, run_id, started.astimezone(UTC).date(), batched)
    return FirehoseDelivery(firehose or firehose_client(), settings.streams, storage, run_id, sleep, notify=notify)


class _RefusedError(IngestError):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.reason = refusal.reason


@dataclass(frozen=True)
class _ParsedAnswer:
    """`split_like`: the session of a new bar that moves like a split; `news`: the sessions that the answer covers.

    `notes`: what is odd about the answer, in sentences.
    """

    kind: RawKind
    records: Sequence[Record]
    refused: tuple[RefusedRow, ...] = ()
    split_like: date | None = None
    news: SessionRange | None = None
    notes: Sequence[str] = ()


@dataclass
class _Totals:
    delivered: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    failures: list[FailedRequest] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    news: dict[str, SessionRange] = field(default_factory=dict)  # fetched since the last flush
    outages: int = 0  # in a row
    ended: str = ""  # why the run did

    def add(self, answer: _ParsedAnswer) -> None:
        """Count a good answer."""
        self.outages = 0
        self.delivered[answer.kind] += len(answer.records)
        self.refused += answer.refused
        self.notes += answer.notes


@dataclass(frozen=True)
class PlanExecutor:
    """Makes a plan's requests one after another and delivers their records.

    `now` is the feed's clock: a recorded feed stands still. `clock` is the real one, and dates what is fetched.
    `together`: how many answers are delivered at once, at most.
    """

    run: str
    source: str
    now: datetime
    client: Client
    delivery: Delivery
    record_news: Callable[[Mapping[str, SessionRange]], None]
    clock: Clock
    together: int = 1

    def execute(self, plan: Plan, progress: Progress) -> RunReport:
        """Make every request. A failed one does not stop the others.

        After a final refusal, and once the vendor is down, the rest is deferred.
        """
        queue, totals, done = deque(plan.requests), _Totals(), 0
        # A run of a few requests delivers each at once: there is little to save.
        together = min(self.together, max(1, len(queue) // _FLUSHES))
        while queue and not totals.ended:
            request = queue.popleft()
            progress(done, done + 1 + len(queue), str(request))
            done += 1
            try:
                answer = self._fetch(request)
                if answer.news:
                    totals.news[request.ticker] = answer.news
                if done % together == 0:
                    self._flush(totals)
            # LakeError and OSError too: the request budget and the news coverage are files of the lake.
            except (IngestError, LakeError, OSError) as error:
                if self._failed(request, error, totals):
                    queue.appendleft(request)
                continue
            totals.add(answer)
            if answer.split_like:
                queue = _with_splits_first(queue, request.ticker, answer.split_like)
        try:
            self._flush(totals)
        except (IngestError, LakeError, OSError) as error:
            totals.failures.append(FailedRequest("", "the last answers", str(error)))
        progress(done, done, "done")
        left = tuple(queue) if totals.ended == _FINAL[Reason.OUT_OF_TIME] else ()
        return replace(self._report(plan, totals, [*queue, *plan.deferred]), unfinished=left)

    def _failed(self, request: PlannedRequest, error: Exception, totals: _Totals) -> bool:
        """Note a failed request, and whether the run ends with it; True where it is left for a later run."""
        reason = error.reason if isinstance(error, _RefusedError) else None
        # A spent budget or time is no failure: the request itself was not wrong, and is left for later.
        if reason not in (Reason.DAILY_LIMIT, Reason.OUT_OF_TIME):
            log.info("%s failed: %s", request, error)
            totals.failures.append(FailedRequest(request.ticker, str(request), str(error)))
        if reason in _FINAL:
            totals.ended = _FINAL[reason]
            return True
        totals.outages = totals.outages + 1 if reason is Reason.OUTAGE else 0
        if totals.outages == MAX_OUTAGES:
            totals.ended = _DOWN
        return False

    def _report(self, plan: Plan, totals: _Totals, deferred: Sequence[PlannedRequest]) -> RunReport:
        return RunReport(
            run=self.run,
            delivered=totals.delivered,
            requests=self.client.requests_made,
            refused=tuple(totals.refused),
            failures=tuple(totals.failures),
            notes=tuple(totals.notes),
            deferred=tuple(str(request) for request in deferred),
            deferred_because=totals.ended or SPENT,
            waiting=plan.waiting,
            unreachable=plan.unreachable,
            warnings=plan.warnings,
            errors=plan.errors,
        )

    def _fetch(self, request: PlannedRequest) -> _ParsedAnswer:
        """Fetch, parse and deliver one request. _RefusedError where the vendor gives no data."""
        provenance = parse.Provenance(self.source, self.clock())
        answer = self.client.fetch(request.function, request.ticker, request.options())
        if isinstance(answer, Refusal):
            raise _RefusedError(answer)
        parsed = _parse(request, answer.payload, provenance, self.now)
        if parsed.records:
            self.delivery.deliver(parsed.kind, request.ticker, [record.line() for record in parsed.records])
        return parsed

    def _flush(self, totals: _Totals) -> None:
        """Deliver what is held back, and then record its news: news that is lost before is requested again."""
        news, totals.news = totals.news, {}
        self.delivery.flush()
        if news:
            self.record_news(news)


def bars_to_deliver(bars: ParsedBars, wanted: frozenset[date] | None) -> ParsedBars:
    """The wanted sessions and the last few published ones before them; every bar where `wanted` is None."""
    if wanted is None:
        return bars
    days = sorted({bar.date.isoformat() for bar in bars.good} | {bar.at for bar in bars.refused})
    keep = parse.days_to_deliver(days, wanted)
    return ParsedBars(
        tuple(bar for bar in bars.good if bar.date.isoformat() in keep),
        tuple(bar for bar in bars.refused if bar.at in keep),
    )


def split_like_session(bars: ParsedBars, wanted: frozenset[date] | None) -> date | None:
    """The first wanted session whose open or close is a split ratio away from the close before.

    None where the ticker is new, because its splits are requested anyway.
    """
    sessions = (
        bar.date
        for before, bar in pairwise(bars.good)
        if bar.date in (wanted or ()) and may_be_a_split(before.close, bar.open, bar.close)
    )
    return next(sessions, None)


def _with_splits_first(queue: deque[PlannedRequest], ticker: str, session: date) -> deque[PlannedRequest]:
    """The queue with the ticker's splits request at its head, and only there."""
    others = (request for request in queue if (request.function, request.ticker) != ("SPLITS", ticker))
    return deque((events.splits_of_new_bar(ticker, session), *others))


def _parse(request: PlannedRequest, payload: Payload, provenance: parse.Provenance, now: datetime) -> _ParsedAnswer:
    ticker = request.ticker
    if request.function == "SPLITS":
        splits = parse.splits(payload, ticker, provenance)
        return _ParsedAnswer("splits", [splits], notes=parse.repeated_splits(payload, splits))
    if request.function == "DIVIDENDS":
        dividends = parse.dividends(payload, ticker, provenance)
        return _ParsedAnswer("dividends", [dividends], notes=parse.repeated_dividends(payload, dividends))
    if request.function == "NEWS_SENTIMENT":
        return _parse_news(request, payload, provenance)
    bars = parse.daily(payload, ticker, provenance, now, request.wanted)
    kept = bars_to_deliver(bars, request.wanted)
    return _ParsedAnswer("prices", kept.good, kept.refused, split_like=split_like_session(bars, request.wanted))


def _parse_news(request: PlannedRequest, payload: Payload, provenance: parse.Provenance) -> _ParsedAnswer:
    found = news(payload, request.ticker, provenance, sorted(request.wanted or ()), request.order or "LATEST")
    covered = SessionRange(found.sessions[0], found.sessions[-1])
    return _ParsedAnswer("sentiment", found.records, found.refused, news=covered)
