import json
from pathlib import Path

import pytest

from ingest.errors import FeedError
from ingest.simulator.recorded import RecordedFeed
from lake.calendar import evening_of
from tests.ingest.fakes import FRIDAY, recorded_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return recorded_folder(tmp_path / "feed", ["VOO", "META"])


def test_the_files_are_served_byte_for_byte(folder: Path) -> None:
    feed = RecordedFeed(folder)
    assert feed.daily("VOO", "compact") == (folder / "daily/VOO.json").read_bytes()
    assert feed.splits("VOO") == (folder / "splits/VOO.json").read_bytes()
    assert feed.dividends("VOO") == (folder / "dividends/VOO.json").read_bytes()


def test_a_missing_file_is_an_empty_answer(folder: Path) -> None:
    (folder / "dividends/META.json").unlink()
    (folder / "splits/META.json").unlink()
    assert RecordedFeed(folder).dividends("META") == RecordedFeed(folder).splits("META") == b"{}"


@pytest.mark.parametrize("symbol", ["ZZZZ", "", "../SECRET"])
def test_a_ticker_without_a_daily_file_is_unknown(folder: Path, symbol: str) -> None:
    (folder / "SECRET.json").write_text("{}")
    feed = RecordedFeed(folder)
    for body in (feed.daily(symbol, "full"), feed.splits(symbol), feed.dividends(symbol)):
        assert "Invalid API call" in json.loads(body)["Error Message"]


def test_the_clock_stands_at_the_evening_of_the_newest_session(folder: Path) -> None:
    recorded_folder(folder, ["OLD"], last=FRIDAY.replace(month=6, day=1))
    assert RecordedFeed(folder).clock == evening_of(FRIDAY)


def test_a_folder_that_is_missing_or_not_a_feed_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"FEED=.*/none is not there: expected a folder with daily/TICKER.json"):
        RecordedFeed(tmp_path / "none")
    with pytest.raises(FeedError, match=r"FEED=.* holds no daily/\*.json: expected"):
        RecordedFeed(tmp_path)


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"Time Series (Daily)": {}}', '{"Time Series (Daily)": {"x": 1}}'])
def test_one_file_that_is_not_an_answer_stops_no_other_ticker(folder: Path, body: str) -> None:
    """The vendor's refusals may be recorded too. The run reports this one, and delivers the others."""
    (folder / "daily/META.json").write_text(body)
    feed = RecordedFeed(folder)
    assert (feed.clock, feed.daily("META", "compact")) == (evening_of(FRIDAY), body.encode())
    for file in (folder / "daily").glob("*.json"):
        file.write_text(body)
    with pytest.raises(FeedError, match=r"FEED=.*: none of its daily/\*.json is a TIME_SERIES_DAILY answer: expected"):
        RecordedFeed(folder)
