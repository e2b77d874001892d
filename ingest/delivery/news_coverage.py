"""`state/news.json` records, by ticker, which sessions' news has been requested and delivered.

The manifest cannot tell, because a session without an article leaves no record. Whoever drops sentiment from the lake
removes this file, and the news is requested anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingest.plan.requests import SessionRange
from lake import layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage

_TRIES = 20  # conditional writes; far more than runs that could ever overlap


@dataclass(frozen=True)
class NewsCoverage:
    storage: Storage

    def read(self) -> Mapping[str, SessionRange]:
        """The covered sessions of each ticker whose news was ever requested."""
        return self._read()[0]

    def add(self, covered: Mapping[str, SessionRange]) -> None:
        """Record that the news of these tickers and sessions is delivered."""
        # A conditional write, because runs of different tasks may overlap: the loser reads again and adds its own.
        for _ in range(_TRIES):
            ranges, tag = self._read()
            ranges |= {ticker: one.union(ranges.get(ticker)) for ticker, one in covered.items()}
            data = {name: {"first": str(one.first), "last": str(one.last)} for name, one in sorted(ranges.items())}
            try:
                self.storage.write_if(layout.NEWS, json.dumps(data, indent=1).encode(), tag)
            except ConflictError:
                continue
            return
        raise LakeError(
            f"{self.storage.url}/{layout.NEWS}: other runs wrote it first {_TRIES} times in a row; run again"
        )

    def _read(self) -> tuple[dict[str, SessionRange], str | None]:
        try:
            data, tag = self.storage.read_tagged(layout.NEWS)
            ranges = {
                ticker: SessionRange(*(date.fromisoformat(one[end]) for end in ("first", "last")))
                for ticker, one in json.loads(data).items()
            }
        except NotFoundError:
            return {}, None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise LakeError(
                f"{self.storage.url}/{layout.NEWS} cannot be read as the sessions of each ticker; remove it"
            ) from error
        return ranges, tag
