"""The loop of a run: one planned request after the other is fetched, parsed and delivered."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ingest import parse
from ingest.alpha_vantage import Reason, Refusal
from ingest.client import Client
from ingest.delivery import Delivery
from ingest.errors import IngestError
from ingest.parse import Bars, Payload, RefusedBar
from ingest.plan import Plan, PlannedRequest
from ingest.records import Record
from ingest.report import Failure, Report
from lake.layout import RawKind

log = logging.getLogger(__name__)

AGAIN = 5  # the last held sessions of an answer are delivered again: a volume may have been corrected since
_FINAL = {Reason.DAILY_LIMIT, Reason.BAD_KEY}  # every further request would meet the same refusal

Progress = Callable[[int, int, str], None]  # requests done, requests planned, what is asked now


class _RefusedError(IngestError):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.is_final = refusal.reason in _FINAL


@dataclass(frozen=True)
class _Parsed:
    kind: RawKind
    records: Sequence[Record]
    refused: tuple[RefusedBar, ...] = ()


@dataclass(frozen=True)
class Collector:
    """Carries out a plan. `now` is the feed's clock, `clock` the real one: it dates what is fetched."""

    run: str
    source: str
    now: datetime
    client: Client
    delivery: Delivery
    clock: Callable[[], datetime]

    def collect(self, plan: Plan, progress: Progress) -> Report:
        """Every request of the plan; a failed one does not stop the others, a final refusal ends the run."""
        delivered: Counter[str] = Counter()
        refused: list[RefusedBar] = []
        failures: list[Failure] = []
        left = plan.left
        for place, request in enumerate(plan.requests):
            progress(place, len(plan.requests), str(request))
            try:
                parsed = self._carry_out(request)
            except IngestError as error:
                log.info("%s failed: %s", request, error)
                failures.append(Failure(str(request), str(error)))
                if isinstance(error, _RefusedError) and error.is_final:
                    left = plan.requests[place + 1 :] + plan.left
                    break
                continue
            delivered[parsed.kind] += len(parsed.records)
            refused += parsed.refused
        progress(len(plan.requests), len(plan.requests), "done")
        names = tuple(str(request) for request in left)
        return Report(self.run, delivered, self.client.requests_made, tuple(refused), tuple(failures), names)

    def _carry_out(self, request: PlannedRequest) -> _Parsed:
        origin = parse.Origin(self.source, self.clock())
        answer = self.client.fetch(request.function, request.ticker, request.outputsize)
        if isinstance(answer, Refusal):
            raise _RefusedError(answer)
        parsed = _parsed(request, answer.payload, origin, self.now)
        if parsed.records:
            self.delivery.deliver(parsed.kind, request.ticker, [record.line() for record in parsed.records])
        return parsed


def chosen(bars: Bars, wanted: frozenset[date] | None) -> Bars:
    """The bars to deliver: the wanted sessions and the last few of the others; all where `wanted` is None.

    The others are held already: by them the lake sees that an answer is on another basis than what it has.
    """
    if wanted is None:
        return bars
    days = sorted({bar.date.isoformat() for bar in bars.good} | {bar.session for bar in bars.refused})
    asked = {day.isoformat() for day in wanted}
    keep = asked | set([day for day in days if day not in asked][-AGAIN:])
    return Bars(
        tuple(bar for bar in bars.good if bar.date.isoformat() in keep),
        tuple(bar for bar in bars.refused if bar.session in keep),
    )


def _parsed(request: PlannedRequest, payload: Payload, origin: parse.Origin, now: datetime) -> _Parsed:
    if request.function == "SPLITS":
        return _Parsed("splits", [parse.splits(payload, request.ticker, origin)])
    if request.function == "DIVIDENDS":
        return _Parsed("dividends", [parse.dividends(payload, request.ticker, origin)])
    bars = chosen(parse.daily(payload, request.ticker, origin, now), request.wanted)
    return _Parsed("prices", bars.good, bars.refused)
