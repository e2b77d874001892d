"""A feed of recorded answers: the bytes of a folder's files, or the vendor's refusal where there is no file."""

import json
from datetime import date, datetime
from pathlib import Path

from ingest.alpha_vantage.protocol import BARS_KEY, NewsOrder
from ingest.errors import FeedError
from ingest.simulator import responses
from lake.calendar import evening_of
from lake.universe import TICKER_PATTERN

_EXPECTED = "a folder with daily/TICKER.json, splits/TICKER.json and dividends/TICKER.json"


class RecordedFeed:
    """Answers from `folder`. FeedError if it has not the expected files."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FeedError(f"FEED={folder} is not there: expected {_EXPECTED}")
        files = sorted((folder / "daily").glob("*.json"))
        if not files:
            raise FeedError(f"FEED={folder} holds no daily/*.json: expected {_EXPECTED}")
        self._folder = folder
        newest = [day for file in files if (day := _newest_session(file))]
        if not newest:
            raise FeedError(
                f"FEED={folder}: none of its daily/*.json is a TIME_SERIES_DAILY answer: expected {_EXPECTED}"
            )
        self._newest = max(newest)

    @property
    def clock(self) -> datetime:
        """The feed's time: the evening of the newest session in its daily files."""
        return evening_of(self._newest)

    def daily(self, symbol: str, outputsize: str) -> bytes:  # noqa: ARG002 - PlanLimits has refused what is not here
        """The recorded bars, in whatever output size they were recorded."""
        return self._file("daily", symbol) if self._knows(symbol) else responses.unknown_symbol("TIME_SERIES_DAILY")

    def splits(self, symbol: str) -> bytes:
        return self._file("splits", symbol) if self._knows(symbol) else responses.unknown_symbol("SPLITS")

    def dividends(self, symbol: str) -> bytes:
        return self._file("dividends", symbol) if self._knows(symbol) else responses.unknown_symbol("DIVIDENDS")

    @property
    def has_news(self) -> bool:
        """Whether news was recorded too."""
        return (self._folder / "news").is_dir()

    def news(self, symbol: str, after: datetime, until: datetime, order: NewsOrder, limit: int) -> bytes:  # noqa: ARG002
        """All recorded articles, whatever times are requested."""
        return self._file("news", symbol) if self._knows(symbol) else responses.invalid_news_inputs()

    def _knows(self, symbol: str) -> bool:
        # The symbol becomes part of a path: "../secret" must not leave the folder.
        is_ticker = TICKER_PATTERN.fullmatch(symbol) is not None
        return is_ticker and (self._folder / "daily" / f"{symbol}.json").is_file()

    def _file(self, kind: str, symbol: str) -> bytes:
        path = self._folder / kind / f"{symbol}.json"
        return path.read_bytes() if path.is_file() else responses.EMPTY


def _newest_session(file: Path) -> date | None:
    """The newest day of an answer; None for a refusal of the vendor, which is recorded and served like an answer."""
    try:
        return max(date.fromisoformat(day) for day in json.loads(file.read_bytes())[BARS_KEY])
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        return None
