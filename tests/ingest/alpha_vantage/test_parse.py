import json
from datetime import UTC, date, datetime

import pytest

from ingest.alpha_vantage import parse
from ingest.alpha_vantage.parse import ParsedBars
from ingest.alpha_vantage.protocol import Data, classify
from ingest.errors import ParseError
from tests.ingest.fakes import FRIDAY_EVENING, daily_payload, dividends_payload, row, splits_payload

ORIGIN = parse.Provenance("alpha_vantage", FRIDAY_EVENING)
FRIDAY_NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def bars(payload: dict[str, object], now: datetime = FRIDAY_EVENING) -> ParsedBars:
    return parse.daily(payload, "VOO", ORIGIN, now)


def days(parsed: ParsedBars) -> list[str]:
    return [bar.date.isoformat() for bar in parsed.good]


TWO_DAYS = {"2026-11-20": row(20.0, "2000"), "2026-11-19": row(10.0, "1000")}


def test_strings_become_numbers_oldest_first() -> None:
    parsed = bars(daily_payload("VOO", TWO_DAYS))
    assert days(parsed) == ["2026-11-19", "2026-11-20"]
    newest = parsed.good[-1]
    assert (newest.open, newest.high, newest.low, newest.close, newest.volume) == (20.0, 21.0, 19.0, 20.5, 2000)
    assert (newest.ticker, newest.source, newest.fetched_at) == ("VOO", "alpha_vantage", FRIDAY_EVENING)
    assert parsed.refused == ()


def test_today_before_the_close_is_left_out() -> None:
    assert days(bars(daily_payload("VOO", TWO_DAYS), FRIDAY_NOON)) == ["2026-11-19"]


def test_a_half_day_is_closed_after_its_early_bell() -> None:
    payload = daily_payload("VOO", {"2026-11-27": row()})
    assert days(bars(payload, datetime(2026, 11, 27, 17, 59, tzinfo=UTC))) == []
    assert days(bars(payload, datetime(2026, 11, 27, 18, 0, tzinfo=UTC))) == ["2026-11-27"]


@pytest.mark.parametrize("clock_time", ["15:31:00", "09:30", "at noon"])
def test_a_time_of_day_before_the_bell_in_last_refreshed_marks_an_unfinished_bar(clock_time: str) -> None:
    assert days(bars(daily_payload("VOO", TWO_DAYS, f"2026-11-20 {clock_time}"))) == ["2026-11-19"]


def test_a_time_of_day_after_the_bell_marks_a_finished_one() -> None:
    """16:00 in New York, or 13:00 on the day after Thanksgiving."""
    assert days(bars(daily_payload("VOO", TWO_DAYS, "2026-11-20 16:00:01"))) == ["2026-11-19", "2026-11-20"]
    assert parse.unfinished_day("2025-11-28 13:00:00") is None
    assert parse.unfinished_day("2025-11-28 12:59:59") == "2025-11-28"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({**row(), "2. high": "1.0000"}, "outside"),
        ({**row(), "4. close": "abc"}, "abc"),
        ({**row(), "5. volume": "-1"}, "volume"),
        ({**row(), "1. open": "NaN"}, "open"),
        ({"1. open": "1.0"}, "is missing"),
        ({**row(), "5. volume": "many"}, "many"),
    ],
)
def test_a_bad_bar_is_named_and_does_not_stop_the_rest(bad: dict[str, object], reason: str) -> None:
    parsed = bars(daily_payload("VOO", {"2026-11-18": bad, **TWO_DAYS}))
    assert days(parsed) == ["2026-11-19", "2026-11-20"]
    (refused,) = parsed.refused
    assert (refused.ticker, refused.at) == ("VOO", "2026-11-18")
    assert reason in refused.reason


@pytest.mark.parametrize("volume", [None, "", "None", "absent"])
def test_a_bar_without_a_volume_keeps_its_prices(volume: str | None) -> None:
    silent = {name: value for name, value in row().items() if name != "5. volume"}
    bad = silent if volume == "absent" else {**silent, "5. volume": volume}
    (bar,) = bars(daily_payload("VOO", {"2026-11-20": bad})).good
    assert (bar.close, bar.volume) == (10.5, None)


@pytest.mark.parametrize(
    ("day", "reason"), [("2026-11-23", "after today"), ("2026-13-45", "not a date"), ("20261120", "not a date")]
)
def test_an_impossible_day_is_refused(day: str, reason: str) -> None:
    (refused,) = bars(daily_payload("VOO", {day: row(), **TWO_DAYS})).refused
    assert refused.at == day
    assert reason in refused.reason


def test_an_answer_about_another_ticker_is_refused() -> None:
    with pytest.raises(ParseError, match="not about VOO"):
        bars(daily_payload("QQQ", TWO_DAYS))
    with pytest.raises(ParseError, match="not about VOO"):
        parse.splits(splits_payload("QQQ"), "VOO", ORIGIN)
    with pytest.raises(ParseError, match="not about VOO"):
        parse.dividends(dividends_payload("QQQ"), "VOO", ORIGIN)


def test_splits_are_one_record() -> None:
    answer = parse.splits(splits_payload("VOO", ("2027-01-04", "2.0000"), ("2013-10-24", "0.5000")), "VOO", ORIGIN)
    assert [(event.date, event.ratio) for event in answer.events] == [
        (date(2027, 1, 4), 2.0),
        (date(2013, 10, 24), 0.5),
    ]
    assert parse.splits(splits_payload("VOO"), "VOO", ORIGIN).events == ()


def test_a_repeated_split_counts_once() -> None:
    """The lake multiplies the splits of one day: prices before it would be adjusted twice."""
    twice = splits_payload("VOO", ("2013-10-24", "0.5000"), ("2013-10-24", "0.5"), ("2013-10-25", "0.5"))
    days = [split.date.day for split in parse.splits(twice, "VOO", ORIGIN).events]
    assert days == [24, 25]


def answer_with(day: str, *rows: str) -> dict[str, object]:
    """A daily answer in whose text a day stands once for each row."""
    bars = ", ".join(f'"{day}": {{{text}}}' for text in rows)
    about = '"Meta Data": {"2. Symbol": "VOO", "3. Last Refreshed": "2026-11-20"}'
    body = f'{{{about}, "Time Series (Daily)": {{"2026-11-18": {{{bar_text(9)}}}, {bars}}}}}'
    answer = classify("TIME_SERIES_DAILY", 200, body.encode(), "")
    assert isinstance(answer, Data)
    return dict(answer.payload)


def bar_text(price: float, volume: str = "1000") -> str:
    return json.dumps(row(price, volume))[1:-1]


@pytest.mark.parametrize("again", [bar_text(10), bar_text(10).replace("10.5000", "10.50")])
def test_a_day_that_is_given_twice_alike_counts_once(again: str) -> None:
    parsed = bars(answer_with("2026-11-19", bar_text(10), again))
    assert [(bar.date.day, bar.close) for bar in parsed.good] == [(18, 9.5), (19, 10.5)]
    assert parsed.refused == ()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((bar_text(10), bar_text(10, "200")), "more than once with different values (volume 1000 and 200)"),
        ((bar_text(10), bar_text(10), bar_text(20)), "close 10.5 and 20.5"),
        ((bar_text(10) + ', "4. close": "10.6"',), "4. close is given more than once: 10.5000 and 10.6"),
        ((bar_text(10), '"1. open": "x"'), "'x' is not a number"),
    ],
)
def test_a_day_that_is_given_twice_differently_is_left_out(rows: tuple[str, ...], reason: str) -> None:
    parsed = bars(answer_with("2026-11-19", *rows))
    assert days(parsed) == ["2026-11-18"]
    (refused,) = parsed.refused
    assert (refused.at, reason in refused.reason) == ("2026-11-19", True)


def test_a_list_of_events_that_is_given_twice_is_not_understood() -> None:
    body = b'{"symbol": "VOO", "data": [], "data": [{"effective_date": "2013-10-24", "split_factor": "0.5"}]}'
    assert str(classify("SPLITS", 200, body, "")) == "answer not understood ('data' is given more than once)"


def test_a_repeated_dividend_counts_once_and_is_reported() -> None:
    paid = dividends_payload("VOO", ("2026-09-01", "0.25"), ("2026-09-01", "0.2500"), ("2026-09-01", "0.30"))
    assert [event.amount for event in parse.dividends(paid, "VOO", ORIGIN).events] == [0.25, 0.30]
    assert parse.repeated_dividends(paid, parse.dividends(paid, "VOO", ORIGIN)) == [
        "VOO: the dividend of 2026-09-01 (0.25) is given 2 times in one answer; it counts once"
    ]


def test_a_repeated_split_is_reported() -> None:
    twice = splits_payload("VOO", ("2013-10-24", "0.5000"), ("2013-10-24", "0.5"), ("2013-10-25", "0.5"))
    assert parse.repeated_splits(twice, parse.splits(twice, "VOO", ORIGIN)) == [
        "VOO: the split of 2013-10-24 (0.5 for 1) is given 2 times in one answer; it counts once"
    ]


@pytest.mark.parametrize(("price", "good"), [("0.0001", True), ("0.00009", False), ("10000000", True),
                                             ("10000000.01", False), ("1" + "0" * 308, False)])  # fmt: skip
def test_a_price_is_within_what_a_share_costs(price: str, good: bool) -> None:
    names = ("1. open", "2. high", "3. low", "4. close")
    parsed = bars(daily_payload("VOO", {"2026-11-20": {**dict.fromkeys(names, price), "5. volume": "1"}}))
    assert (len(parsed.good), len(parsed.refused)) == (good, not good)


def test_zero_dividends_and_those_without_a_date_are_left_out_and_future_ones_kept() -> None:
    rows = (("2027-03-01", "0.5"), ("2026-09-01", "0"), ("None", "0.3"), ("2026-06-01", "0.4"))
    answer = parse.dividends(dividends_payload("VOO", *rows), "VOO", ORIGIN)
    assert [(event.ex_date, event.amount) for event in answer.events] == [
        (date(2027, 3, 1), 0.5),
        (date(2026, 6, 1), 0.4),
    ]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (("2026-13-01", "2.0"), "'2026-13-01' is not a date"),
        (("2026-01-02", "two"), "'two' is not a number"),
        (("2026-01-02", "-1"), "-1 is not above 0"),
    ],
)
def test_one_bad_event_refuses_the_whole_answer(event: tuple[str, str], reason: str) -> None:
    with pytest.raises(ParseError, match=f"VOO cannot be read: .*{reason}$"):
        parse.splits(splits_payload("VOO", event), "VOO", ORIGIN)
    with pytest.raises(ParseError, match=f"VOO cannot be read: .*{reason}$"):
        parse.dividends(dividends_payload("VOO", event), "VOO", ORIGIN)


def test_rows_that_are_not_objects_refuse_the_whole_answer() -> None:
    with pytest.raises(ParseError, match="cannot be read"):
        parse.splits({"symbol": "VOO", "data": ["x"]}, "VOO", ORIGIN)


def test_spin_offs_and_reverse_splits_come_as_splits() -> None:
    """IBM's spin-off of Kyndryl and VOO's reverse split, as the vendor reports them."""
    answer = parse.splits(splits_payload("IBM", ("2021-11-04", "1.0460")), "IBM", ORIGIN)
    assert answer.events[0].ratio == 1.046
    answer = parse.splits(splits_payload("VOO", ("2013-10-24", "0.5000"), ("None", "2.0")), "VOO", ORIGIN)
    assert [event.ratio for event in answer.events] == [0.5]
