"""What came of a run, as data and as lines for a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.alpha_vantage.parse import Refused


@dataclass(frozen=True)
class Failure:
    """One request that brought nothing into the lake."""

    ticker: str
    request: str
    reason: str

    def __str__(self) -> str:
        return f"{self.request}: {self.reason}"


@dataclass(frozen=True)
class Report:
    """One run. `delivered`: records of each kind; `requests`: tries too; `left`: planned, and not asked for.

    `unreachable`: what only an import can fill; `warnings`: what somebody should look after in time.
    """

    run: str
    delivered: Mapping[str, int]
    requests: int
    refused: tuple[Refused, ...] = ()
    failures: tuple[Failure, ...] = ()
    left: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def failed_tickers(self) -> tuple[str, ...]:
        """Each ticker of which a request failed, once."""
        return tuple(dict.fromkeys(failure.ticker for failure in self.failures))

    @property
    def ok(self) -> bool:
        """Whether every request brought what it asked for. A refused bar and a budget that is spent are no failures."""
        return not self.failures

    def lines(self) -> Iterator[str]:
        """The report in words, what went well first."""
        counts = ", ".join(f"{count} {kind}" for kind, count in self.delivered.items()) or "nothing"
        yield f"run {self.run}: {counts} delivered, {self.requests} requests made"
        yield from (f"refused {record}" for record in self.refused)
        yield from (f"failed: {failure}" for failure in self.failures)
        if self.left:
            yield f"left for another day: {', '.join(self.left)}"
        yield from self.unreachable
        yield from (f"warning: {warning}" for warning in self.warnings)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "run": self.run,
            "delivered": dict(self.delivered),
            "requests": self.requests,
            "refused": [str(bar) for bar in self.refused],
            "failures": [str(failure) for failure in self.failures],
            "left": list(self.left),
            "unreachable": list(self.unreachable),
            "warnings": list(self.warnings),
        }
