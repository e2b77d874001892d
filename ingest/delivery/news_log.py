"""Which sessions' news were asked for and delivered: `state/news.json`, by ticker.

The manifest cannot say: a session without an article leaves no record. Whoever drops sentiment from the lake removes
this file, and the news are asked for anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lake import layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage

_TRIES = 20


@dataclass(frozen=True)
class Span:
    """A run of sessions, both ends inclusive."""

    first: date
    last: date

    def joined(self, other: "Span | None") -> "Span":
        """Both, as one: what is asked for always meets what was."""
        return Span(min(self.first, other.first), max(self.last, other.last)) if other else self


@dataclass(frozen=True)
class NewsLog:
    storage: Storage

    def read(self) -> Mapping[str, Span]:
        """The span of each ticker of which any news were asked."""
        return self._read()[0]

    def add(self, ticker: str, span: Span) -> None:
        """Remember that these sessions' news are delivered."""
        for _ in range(_TRIES):
            spans, tag = self._read()
            spans = {**spans, ticker: span.joined(spans.get(ticker))}
            data = {name: {"first": str(one.first), "last": str(one.last)} for name, one in sorted(spans.items())}
            try:
                self.storage.write_if(layout.NEWS, json.dumps(data, indent=1).encode(), tag)
            except ConflictError:
                continue
            return
        raise LakeError(f"{self.storage.url}/{layout.NEWS} was taken {_TRIES} times by other runs; run again")

    def _read(self) -> tuple[dict[str, Span], str | None]:
        try:
            data, tag = self.storage.read_tagged(layout.NEWS)
            spans = {
                ticker: Span(*(date.fromisoformat(span[end]) for end in ("first", "last")))
                for ticker, span in json.loads(data).items()
            }
        except NotFoundError:
            return {}, None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise LakeError(f"{self.storage.url}/{layout.NEWS} cannot be read ({error!r}); remove it") from error
        return spans, tag
