"""The loop of a run: one planned request after the other is fetched, parsed and delivered."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from ingest.alpha_vantage import parse
from ingest.alpha_vantage.client import Client
from ingest.alpha_vantage.news import news
from ingest.alpha_vantage.parse import Bars, Payload, Refused
from ingest.alpha_vantage.protocol import Reason, Refusal
from ingest.delivery.news_log import Span
from ingest.delivery.storage import Delivery
from ingest.errors import IngestError
from ingest.plan import events
from ingest.plan.requests import Plan, PlannedRequest
from ingest.records import Record
from ingest.report import Failure, Report
from ingest.splits import moves_like_a_split
from lake.errors import LakeError
from lake.layout import RawKind

log = logging.getLogger(__name__)

AGAIN = 5  # the last held sessions of an answer are delivered again: a volume may have been corrected since
_FINAL = {Reason.DAILY_LIMIT, Reason.BAD_KEY, Reason.OUT_OF_TIME}  # every further request would meet the same

Progress = Callable[[int, int, str], None]  # requests done, requests planned, what is asked now


class _RefusedError(IngestError):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.reason = refusal.reason


@dataclass(frozen=True)
class _Parsed:
    """What an answer holds. `jump`: the session of a new bar that moves like a split; `news`: what news speak of."""

    kind: RawKind
    records: Sequence[Record]
    refused: tuple[Refused, ...] = ()
    jump: date | None = None
    news: Span | None = None


@dataclass
class _Tally:
    delivered: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class Collector:
    """Carries out a plan. `now` is the feed's clock, `clock` the real one: it dates what is fetched."""

    run: str
    source: str
    now: datetime
    client: Client
    delivery: Delivery
    remember_news: Callable[[str, Span], None]
    clock: Callable[[], datetime]

    def collect(self, plan: Plan, progress: Progress) -> Report:
        """Every request of the plan; a failed one does not stop the others, a final refusal ends the run."""
        queue, tally, done = deque(plan.requests), _Tally(), 0
        while queue:
            request = queue.popleft()
            progress(done, done + 1 + len(queue), str(request))
            done += 1
            try:
                parsed = self._carry_out(request)
            except (IngestError, LakeError, OSError) as error:  # the count of requests and the news log lie in the lake
                reason = error.reason if isinstance(error, _RefusedError) else None
                if reason is not Reason.DAILY_LIMIT:  # that ends a day, and no request of it was wrong
                    log.info("%s failed: %s", request, error)
                    tally.failures.append(Failure(request.ticker, str(request), str(error)))
                if reason in _FINAL:
                    queue.appendleft(request)
                    break
                continue
            tally.delivered[parsed.kind] += len(parsed.records)
            tally.refused += parsed.refused
            if parsed.jump:
                queue = _splits_first(queue, request.ticker, parsed.jump)
        progress(done, done, "done")
        return self._report(plan, tally, [*queue, *plan.left])

    def _report(self, plan: Plan, tally: _Tally, left: Sequence[PlannedRequest]) -> Report:
        return Report(
            run=self.run,
            delivered=tally.delivered,
            requests=self.client.requests_made,
            refused=tuple(tally.refused),
            failures=tuple(tally.failures),
            left=tuple(str(request) for request in left),
            unreachable=plan.unreachable,
            warnings=plan.warnings,
        )

    def _carry_out(self, request: PlannedRequest) -> _Parsed:
        origin = parse.Origin(self.source, self.clock())
        answer = self.client.fetch(request.function, request.ticker, request.options())
        if isinstance(answer, Refusal):
            raise _RefusedError(answer)
        parsed = _parsed(request, answer.payload, origin, self.now)
        if parsed.records:
            self.delivery.deliver(parsed.kind, request.ticker, [record.line() for record in parsed.records])
        if parsed.news:
            self.remember_news(request.ticker, parsed.news)
        return parsed


def chosen(bars: Bars, wanted: frozenset[date] | None) -> Bars:
    """The bars to deliver: the wanted sessions and the last few of the others; all where `wanted` is None.

    The others are held already: by them the lake sees that an answer is on another basis than what it has.
    """
    if wanted is None:
        return bars
    days = sorted({bar.date.isoformat() for bar in bars.good} | {bar.at for bar in bars.refused})
    asked = {day.isoformat() for day in wanted}
    keep = asked | set([day for day in days if day not in asked][-AGAIN:])
    return Bars(
        tuple(bar for bar in bars.good if bar.date.isoformat() in keep),
        tuple(bar for bar in bars.refused if bar.at in keep),
    )


def new_jump(bars: Bars, wanted: frozenset[date] | None) -> date | None:
    """The first wanted session whose open or close is a split away from the close before.

    None where all of a ticker is new: its splits are asked for anyway.
    """
    moves = (
        bar.date
        for before, bar in pairwise(bars.good)
        if bar.date in (wanted or ()) and moves_like_a_split(before.close, bar.open, bar.close)
    )
    return next(moves, None)


def _splits_first(queue: deque[PlannedRequest], ticker: str, session: date) -> deque[PlannedRequest]:
    """The queue with the ticker's splits at its head, and not a second time."""
    others = (request for request in queue if (request.function, request.ticker) != ("SPLITS", ticker))
    return deque((events.at_once(ticker, session), *others))


def _parsed(request: PlannedRequest, payload: Payload, origin: parse.Origin, now: datetime) -> _Parsed:
    if request.function == "SPLITS":
        return _Parsed("splits", [parse.splits(payload, request.ticker, origin)])
    if request.function == "DIVIDENDS":
        return _Parsed("dividends", [parse.dividends(payload, request.ticker, origin)])
    if request.function == "NEWS_SENTIMENT":
        return _news(request, payload, origin)
    bars = parse.daily(payload, request.ticker, origin, now)
    kept = chosen(bars, request.wanted)
    return _Parsed("prices", kept.good, kept.refused, jump=new_jump(bars, request.wanted))


def _news(request: PlannedRequest, payload: Payload, origin: parse.Origin) -> _Parsed:
    found = news(payload, request.ticker, origin, sorted(request.wanted or ()), request.order or "LATEST")
    span = Span(found.sessions[0], found.sessions[-1])
    return _Parsed("sentiment", found.records, found.refused, news=span)
