"""The report of a run, as data and as lines for a person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.alpha_vantage.parse import RefusedRow
from ingest.plan.requests import PlannedRequest

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
        yield from (f"refused {row}" for row in self.refused)
        if self.waiting:
            yield self.waiting
        yield from self.notes
        yield from (f"failed: {failure}" for failure in self.failures)
        if self.deferred:
            yield f"deferred to a later run, {self.deferred_because}: {_by_function(self.deferred)}"
        yield from self.unreachable
        yield from (f"warning: {warning}" for warning in self.warnings)
        yield from (f"error: {error}" for error in self.errors)

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


_MOST_NAMED = 30  # tickers in a line: the deferred requests of an index would fill twenty screens


def _by_function(requests: Iterable[str]) -> str:
    """`SPLITS of VOO, QQQ; DIVIDENDS of VOO` of requests in words, in their order."""
    grouped: dict[str, list[str]] = {}
    for function, _, ticker in (request.partition(" of ") for request in requests):
        grouped.setdefault(function, []).append(ticker)
    return "; ".join(f"{function} of {_names(tickers)}" for function, tickers in grouped.items())


def _names(tickers: list[str]) -> str:
    more = f" and {len(tickers) - _MOST_NAMED:,} more" if len(tickers) > _MOST_NAMED else ""
    return ", ".join(tickers[:_MOST_NAMED]) + more
