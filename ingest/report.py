"""The report of a run, as data and as lines for a person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.alpha_vantage.parse import RefusedRow
from ingest.plan.requests import PlannedRequest

_MOST_NAMED = 30  # tickers in a line, and lines of a kind: the requests of an index would fill twenty screens
SPENT = "because the day's requests are spent (a new day begins at midnight in New York)"


@dataclass(frozen=True)
class FailedRequest:
    """One request that delivered nothing."""

    ticker: str
    request: str
    reason: str

    def __str__(self) -> str:
        return f"{self.request}: {self.reason}"


@dataclass(frozen=True)
class RunReport:
    """`delivered`: records by kind. `requests`: those made, retries included. `deferred`: planned, but not made.

    `notes`: what is odd about answers that were delivered. `waiting`: what earlier runs delivered and is not published.
    `unreachable`: sessions that only an import can fill. `unfinished`: what the process had no time for.
    `warnings`: what needs attention before long; `errors`: what needs it now, although no request has failed.
    """

    run: str
    delivered: Mapping[str, int]
    requests: int
    refused: tuple[RefusedRow, ...] = ()
    failures: tuple[FailedRequest, ...] = ()
    notes: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    deferred_because: str = SPENT
    unfinished: tuple[PlannedRequest, ...] = ()
    waiting: str | None = None
    unreachable: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def failed_tickers(self) -> tuple[str, ...]:
        """Each ticker with a failed request, once."""
        return tuple(dict.fromkeys(failure.ticker for failure in self.failures))

    @property
    def ok(self) -> bool:
        """Whether nothing failed. A refused row is not a failure, and neither is a spent budget."""
        return not self.failures and not self.errors

    def lines(self) -> Iterator[str]:
        """The report in words, what went well first."""
        counts = ", ".join(f"{count} {kind}" for kind, count in self.delivered.items()) or "nothing"
        yield f"run {self.run}: {counts} delivered, {self.requests} requests made"
        yield from (f"refused {row}" for row in self.refused[:_MOST_NAMED])
        if others := self.refused[_MOST_NAMED:]:
            yield f"refused {len(others):,} more of {_names(list(dict.fromkeys(row.ticker for row in others)))}"
        if self.waiting:
            yield self.waiting
        yield from self.notes
        yield from self._failures()
        if self.deferred:
            yield f"deferred to a later run, {self.deferred_because}: {_by_function(self.deferred)}"
        yield from self.unreachable
        yield from (f"warning: {warning}" for warning in self.warnings)
        yield from (f"error: {error}" for error in self.errors)

    def _failures(self) -> Iterator[str]:
        """A line a failed request; where a whole index failed, a line a reason."""
        if len(self.failures) <= _MOST_NAMED:
            yield from (f"failed: {failure}" for failure in self.failures)
        else:
            reasons: dict[str, list[str]] = {}
            for failure in self.failures:
                reasons.setdefault(failure.reason, []).append(failure.request)
            groups = list(reasons.items())
            yield from (f"failed: {_by_function(requests)}: {reason}" for reason, requests in groups[:_MOST_NAMED])
            if others := sum(len(requests) for _, requests in groups[_MOST_NAMED:]):
                yield f"failed: {others:,} more, for other reasons"
        if self.failures:
            yield "what failed is requested again by the next run"

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "run": self.run,
            "delivered": dict(self.delivered),
            "requests": self.requests,
            "refused": [str(row) for row in self.refused],
            "notes": list(self.notes),
            "failures": [str(failure) for failure in self.failures],
            "deferred": list(self.deferred),
            "waiting": self.waiting,
            "unreachable": list(self.unreachable),
            "warnings": list(self.warnings),
            "errors": list(self.errors),
        }


def _by_function(requests: Iterable[str]) -> str:
    """`SPLITS of VOO, QQQ; DIVIDENDS of VOO` of requests in words, in their order."""
    grouped: dict[str, list[str]] = {}
    for function, _, ticker in (request.partition(" of ") for request in requests):
        grouped.setdefault(function, []).append(ticker)
    # "the last answers" are of no ticker.
    return "; ".join(f"{what} of {_names(those)}" if any(those) else what for what, those in grouped.items())


def _names(tickers: list[str]) -> str:
    more = f" and {len(tickers) - _MOST_NAMED:,} more" if len(tickers) > _MOST_NAMED else ""
    return ", ".join(tickers[:_MOST_NAMED]) + more
