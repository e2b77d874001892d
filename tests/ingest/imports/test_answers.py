"""JSON of other shapes than the layouts' own files, keys that stand twice, and answers without data."""

import json
from datetime import date
from pathlib import PurePath
from typing import Any

import pytest

from ingest.errors import FileError
from ingest.imports.files import FileContent, read

DAYS = [date(2025, 11, 19), date(2025, 11, 20)]
EPOCHS = [1763528400, 1763614800]  # midnight in New York
BARS = [
    {"date": "2025-11-19", "open": 10, "high": 12, "low": 9, "close": 11, "volume": 1000},
    {"date": "2025-11-20", "open": 10, "high": 12, "low": 9, "close": 11.5, "volume": 2000},
]
COLUMNS: dict[str, list[Any]] = {name: [bar[name] for bar in BARS] for name in BARS[0]}
SHORT = [
    {"t": epoch * 1000, "o": bar["open"], "h": bar["high"], "l": bar["low"], "c": bar["close"], "v": bar["volume"]}
    for epoch, bar in zip(EPOCHS, BARS, strict=True)
]


def content(value: Any, name: str = "NVDA.json") -> FileContent:
    (found,) = read(PurePath(name), (value if isinstance(value, str) else json.dumps(value)).encode())
    return found


def figures(found: FileContent) -> list[tuple[date, float, float, float, float, float | None]]:
    return [(row.date, row.open, row.high, row.low, row.close, row.volume) for row in found.rows]


EXPECTED = [(DAYS[0], 10, 12, 9, 11, 1000), (DAYS[1], 10, 12, 9, 11.5, 2000)]


def without(name: str, bar: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in bar.items() if key != name}


@pytest.mark.parametrize(
    "value",
    [
        BARS,
        "\n".join(json.dumps(bar) for bar in BARS),  # one record a line
        {"symbol": "NVDA", "historical": BARS},
        {"meta": {"symbol": "NVDA", "interval": "1day"}, "values": BARS, "status": "ok"},
        {"data": BARS},
        {"NVDA": BARS},
        {
            "dataset": {
                "dataset_code": "NVDA",
                "column_names": list(BARS[0]),
                "data": [list(bar.values()) for bar in BARS],
            }
        },
        {"datatable": {"columns": [{"name": n} for n in BARS[0]], "data": [list(bar.values()) for bar in BARS]}},
        {"data": {"symbol": "NVDA", "tradesTable": {"asOf": None, "rows": BARS}}, "message": None},
        {"bars": SHORT, "symbol": "NVDA", "next_page_token": None},
        {"bars": {"NVDA": SHORT}},
        {"ticker": "NVDA", "adjusted": False, "results": SHORT},
        {"results": [{"T": "NVDA", **bar} for bar in SHORT]},
        [{**without("date", bar), "Date": f"{bar['date']}T00:00:00.000Z"} for bar in BARS],
        COLUMNS,
        {"s": "ok", "t": EPOCHS, **{name[0]: COLUMNS[name] for name in ("open", "high", "low", "close", "volume")}},
        {name.title(): dict(enumerate(cells)) for name, cells in COLUMNS.items()},  # pandas
        {
            name.title(): dict(zip([f"{epoch}000" for epoch in EPOCHS], COLUMNS[name], strict=True))
            for name in ("open", "high", "low", "close", "volume")
        },
        {str(place): bar for place, bar in enumerate(BARS)},
        {bar["date"]: without("date", bar) for bar in BARS},
        {"columns": list(COLUMNS), "index": [0, 1], "data": [list(bar.values()) for bar in BARS]},
        {"NVDA": {bar["date"]: without("date", bar) for bar in BARS}},
    ],
)
def test_records_columns_and_values_by_day_are_read(value: Any) -> None:
    found = content(value)
    assert (figures(found), found.bad) == (EXPECTED, [])


def test_numbers_may_be_text_and_null() -> None:
    found = content([{**BARS[0], "open": "10.0000", "volume": None}, {**BARS[1], "low": None}])
    assert [(row.open, row.volume) for row in found.rows] == [(10, None)]
    assert [str(bad) for bad in found.bad] == ["record 2: low is missing"]


@pytest.mark.parametrize(
    ("value", "basis"), [({"adjusted": False}, "raw"), ({"adjusted": True}, None), ({}, None)], ids=str
)
def test_polygon_says_whether_prices_are_as_traded(value: dict[str, bool], basis: str | None) -> None:
    assert content({"ticker": "NVDA", "results": SHORT, **value}).basis == basis


SERIES = '{"Meta Data": {"2. Symbol": "NVDA"}, "Time Series (Daily)": {%s}}'
DAY = '"%s": {"1. open": "10", "2. high": "12", "3. low": "9", "4. close": "%s", "5. volume": "1000"}'


def test_a_day_that_stands_twice_in_an_object_is_given_twice() -> None:
    """JSON readers keep the last of two equal keys, so that one of the two bars would be taken silently."""
    body = ", ".join([DAY % ("2025-11-18", "10"), DAY % ("2025-11-19", "11"), DAY % ("2025-11-19", "11.5")])
    assert [(row.date.day, row.close) for row in content(SERIES % body).rows] == [(18, 10), (19, 11), (19, 11.5)]


def test_a_day_that_stands_twice_alike_counts_once() -> None:
    body = ", ".join([DAY % ("2025-11-19", "11"), DAY % ("2025-11-19", "11")])
    assert [(row.date.day, row.close) for row in content(SERIES % body).rows] == [(19, 11)]


def test_a_field_that_stands_twice_leaves_its_record_out() -> None:
    text = json.dumps(BARS).replace('"open": 10', '"open": 10, "open": 11', 1)
    found = content(text)
    assert [str(bad) for bad in found.bad] == ["record 1: it gives 'open' twice, differently"]
    assert figures(found) == EXPECTED[1:]


def test_the_bar_of_a_session_that_was_not_over_is_left_out() -> None:
    body = ", ".join([DAY % ("2025-11-18", "10"), DAY % ("2025-11-19", "11")])
    refreshed = SERIES.replace('"NVDA"', '"NVDA", "3. Last Refreshed": "2025-11-19 14:30:00"')
    found = content(refreshed % body)
    assert [row.date.day for row in found.rows] == [18]
    assert [str(bad) for bad in found.bad] == [
        "record 2: its session was not over when the answer was given, at 14:30:00"
    ]
    assert len(content(refreshed.replace(" 14:30:00", "") % body).rows) == 2


def test_a_series_that_stands_twice_is_refused() -> None:
    with pytest.raises(FileError, match="it gives 'results' more than once, differently"):
        content('{"ticker": "NVDA", "results": [{"c": 1}], "results": [{"c": 2}]}')


CHART: dict[str, Any] = {
    "meta": {"symbol": "NVDA", "currency": "USD", "dataGranularity": "1d"},
    "timestamp": [epoch + 34_200 for epoch in EPOCHS],  # the opening
    "indicators": {"quote": [{name: COLUMNS[name] for name in COLUMNS if name != "date"}]},
}


def chart(**changed: Any) -> dict[str, Any]:
    return {"chart": {"result": [{**CHART, **changed}], "error": None}}


def test_a_chart_of_yahoo_has_events() -> None:
    events = {
        "dividends": {"1763562600": {"amount": 0.01, "date": 1763562600}},
        "splits": {"1763649000": {"date": 1763649000, "numerator": 10, "denominator": 1, "splitRatio": "10:1"}},
    }
    found = content(chart(events=events))
    assert figures(found) == EXPECTED
    assert (found.dividends, found.splits) == ([(DAYS[0], 0.01)], [(DAYS[1], 10)])
    silent = content(chart())
    assert (silent.dividends, silent.splits) == (None, None)


@pytest.mark.parametrize(("now", "days"), [(EPOCHS[1] + 40_000, [19]), (EPOCHS[1] + 57_601, [19, 20])])
def test_a_chart_that_was_saved_during_a_session_lacks_that_session(now: int, days: list[int]) -> None:
    session = {"start": EPOCHS[1] + 34_200, "end": EPOCHS[1] + 57_600}
    meta = {**CHART["meta"], "regularMarketTime": now, "currentTradingPeriod": {"regular": session}}
    found = content(chart(meta=meta))
    assert [row.date.day for row in found.rows] == days
    assert len(found.bad) == 2 - len(days)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found, symbol may be "
                                              "delisted"}}}, "the source had no data: the file says 'No data found"),
        ({"chart": {"result": [], "error": None}}, "its answer is empty"),
        (chart(timestamp=[]), "its answer is empty"),
        (chart(meta={"currency": "EUR"}), "its currency is 'EUR', and prices in USD are needed"),
        (chart(meta={"dataGranularity": "1wk"}), "its dataGranularity is '1wk', and daily bars are needed"),
        ({}, "its answer is empty"),
        ([], "its answer is empty"),
        ("[1, 2]", "no records with names"),
        ("[[1, 2]]", "no records with names"),
        ('"No data"', "the source had no data: the file says 'No data'"),
        ({"bars": {}, "next_page_token": None}, "its answer is empty"),
        ({"bars": None, "symbol": "NVDA"}, "its answer is empty"),
        ({"ticker": "NVDA", "queryCount": 0, "resultsCount": 0, "status": "OK"}, "its answer is empty"),
        ({"status": "ERROR", "error": "Unknown API Key"}, "the source refused the download"),
        ({"status": "NOT_AUTHORIZED", "message": "You are not entitled to this data. Please upgrade your plan"},
         "the source refused the download: the file says 'You are not entitled"),
        ({"error": "You don't have access to this resource."}, "the source refused the download"),
        ({"detail": "Please supply a token"}, "the source refused the download"),
        ({"candles": [], "symbol": "NVDA", "empty": True}, "its answer is empty"),
        ({"detail": "Not found."}, "the source had no data: the file says 'Not found.'"),
        ({"Information": "We have detected your API key as ABC123 and our rate limit is 25 requests per day"},
         r"the message of a limit on requests, 'We have detected your API key as \*\*\* and"),
        ({"Meta Data": {"2. Symbol": "NVDA"}, "Time Series (5min)": {}}, "'Time Series \\(5min\\)', and daily bars"),
        ({"Meta Data": {}, "Weekly Time Series": {"2025-11-21": BARS[0]}}, "'Weekly Time Series', and daily"),
        ({"a": 1, "b": 2}, "its JSON has no layout that is known; its keys are 'a, b'"),
        ([{"date": "2025-11-20", "close": 1}], "it has dates and closes only"),
        ([{"x": 1}], "its records have 'x', and no layout is known"),
        ('{"a": ', "it is no JSON from line 1, column 7 on, so it is damaged or cut off: download it again"),
    ],
)  # fmt: skip
def test_an_answer_without_bars_says_what_it_is(value: Any, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        content(value)


@pytest.mark.parametrize(("name", "notes"), [("next_page_token", 1), ("next_url", 1), ("previous", 0)])
def test_a_page_says_that_there_are_more(name: str, notes: int) -> None:
    found = content({"results": BARS, "ticker": "NVDA", name: "QUFQTHxEfDIw"})
    assert (figures(found), ["it is one page of several" in note for note in found.notes]) == (EXPECTED, [True] * notes)


def test_the_source_decides_by_content_and_not_by_the_files_name() -> None:
    assert figures(content(BARS, "NVDA.csv")) == EXPECTED
    with pytest.raises(FileError, match="it is a web page"):
        content("<html><body>no such page</body></html>")


@pytest.mark.parametrize("value", [{"currency": "EUR", "data": BARS}, {"meta": {"currency": "EUR"}, "values": BARS}])
def test_an_answer_in_another_currency_is_refused(value: Any) -> None:
    with pytest.raises(FileError, match="its currency is 'EUR', and values in USD are needed"):
        content(value)
    assert figures(content(json.loads(json.dumps(value).replace("EUR", "USD")))) == EXPECTED


def test_dividends_of_nasdaqs_own_answer() -> None:
    rows = [{"exOrEffDate": "11/08/2024", "type": "CASH", "amount": "$0.25", "recordDate": "11/11/2024"}]
    found = content({"data": {"symbol": "AAPL", "dividends": {"headers": None, "rows": rows}}}, "x.json")
    assert (found.ticker, found.dividends) == ("AAPL", [(date(2024, 11, 8), 0.25)])


def test_a_list_of_messages_is_shown() -> None:
    with pytest.raises(FileError, match=r"the source had no data: the file says 'Symbol not found.'"):
        content({"errors": ["Symbol not found."]})
