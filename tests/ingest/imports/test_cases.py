"""Imports of the small files of tests/cases, whose right prices and events were written down apart from this code."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.imports.basis import Basis, Wanted
from ingest.imports.run import FileReport, ImportOptions, import_files
from lake.storage import FolderStorage

CASES = Path(__file__).parents[2] / "cases"
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
Import = Callable[..., list[FileReport]]


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "lake")


def take(storage: FolderStorage, case: str, *names: str, basis: Basis = "auto", as_of: str = "") -> list[FileReport]:
    day = datetime.fromisoformat(as_of).date() if as_of else None
    paths = [CASES / case / name for name in names]
    return import_files(storage, paths, ImportOptions(Wanted(basis, day)), lambda: None, NOW)


def lines_of(storage: FolderStorage, kind: str) -> list[dict[str, object]]:
    keys = storage.list(f"raw/{kind}/")
    return [json.loads(line) for key in keys for line in storage.read(key).decode().splitlines()]


def closes(storage: FolderStorage) -> dict[object, object]:
    return {line["date"]: line["close"] for line in lines_of(storage, "prices")}


def reasons(reports: Sequence[FileReport]) -> list[str | None]:
    return [report.reason for report in reports]


@pytest.mark.parametrize(
    ("case", "ticker", "count", "right"),
    [
        ("stale-split-own-end", "NVDA", 30, {"2021-07-19": 747.53, "2021-08-12": 218.92}),
        ("stale-split-today-exact", "NVDA", 30, {"2021-07-19": 747.53, "2021-08-12": 218.92}),
        ("dividend-adjusted-column", "MSFT", 39, {"2025-03-03": 391.56}),
        ("split-adjusted-single-precision", "AAPL", 30, {"2014-06-06": 596.82, "2014-06-09": 86.75}),
    ],
)
@pytest.mark.parametrize("basis", ["auto", "split"])
def test_adjusted_prices_are_put_back_to_what_was_traded(
    storage: FolderStorage, case: str, ticker: str, count: int, right: dict[str, float], basis: Basis
) -> None:
    assert reasons(take(storage, case, f"{ticker}.csv", f"{ticker}_splits.csv", basis=basis)) == [None, None]
    found = closes(storage)
    assert len(found) == count
    assert {day: found[day] for day in right} == pytest.approx(right, abs=1e-4)


def test_the_day_of_an_adjustment_may_be_named(storage: FolderStorage) -> None:
    names = ("NVDA.csv", "NVDA_splits.csv")
    assert reasons(take(storage, "stale-split-own-end", *names, basis="split", as_of="2021-08-12")) == [None, None]
    assert closes(storage)["2021-07-19"] == 747.53


def test_rounded_prices_are_refused_with_the_choice_named(storage: FolderStorage) -> None:
    names = ("NVDA.csv", "NVDA_splits.csv")
    refused, _ = take(storage, "stale-split-today-rounded", *names, basis="split")
    assert "--basis-as-of 2021-08-12" in str(refused.reason)
    assert "--basis-as-of 2024-06-10" in str(refused.reason)
    assert closes(storage) == {}
    take(storage, "stale-split-today-rounded", *names, basis="split", as_of="2024-06-10")
    assert closes(storage)["2021-07-19"] == pytest.approx(747.53, abs=0.2)
    assert closes(storage)["2021-08-12"] == pytest.approx(218.92, abs=0.05)


@pytest.mark.parametrize("basis", ["auto", "raw", "split"])
@pytest.mark.parametrize(
    ("case", "ticker", "counted", "example"),
    [
        ("dividend-adjusted", "AAPL", "26 of 30 closes", "539.2414 on 2014-05-20"),
        ("dividend-adjusted-half", "MSFT", "20 of 39 closes", "390.7029 on 2025-03-03"),
    ],
)
def test_dividend_adjusted_prices_are_refused(
    storage: FolderStorage, case: str, ticker: str, counted: str, example: str, basis: Basis
) -> None:
    refused, _ = take(storage, case, f"{ticker}.csv", f"{ticker}_splits.csv", basis=basis)
    assert refused.reason is not None
    for words in (counted, example, "adjusted for dividends", "not adjusted for dividends"):
        assert words in refused.reason
    assert "--basis" not in refused.reason
    assert lines_of(storage, "prices") == []


def test_a_file_of_dividends_and_splits_covers_its_own_dates(storage: FolderStorage) -> None:
    (report,) = take(storage, "actions-file", "NVDA_actions.csv")
    assert (report.splits, report.dividends, report.prices) == (1, 3, None)
    for kind, events in (
        ("splits", [{"date": "2024-06-10", "ratio": 10.0}]),
        ("dividends", [{"ex_date": day, "amount": 0.01} for day in ("2024-06-11", "2024-09-12", "2024-12-05")]),
    ):
        (line,) = lines_of(storage, kind)
        assert line["events"] == events
        assert (line["covers_from"], line["covers_to"]) == ("2024-06-10", "2024-12-05")


def test_growth_over_years_between_blocks_is_taken(storage: FolderStorage) -> None:
    reports = take(storage, "actions-file", "NVDA.csv", "splits/NVDA.json", "dividends/NVDA.json", basis="raw")
    assert [(report.prices, report.splits, report.dividends) for report in reports] == [
        (28, None, None), (None, 6, None), (None, None, 3)
    ]  # fmt: skip


def test_the_vendors_daily_answers_bring_their_events(storage: FolderStorage) -> None:
    take(storage, "daily-adjusted-csv", "splits/SCHG.json", "dividends/SCHG.json")
    (csv,) = take(storage, "daily-adjusted-csv", "SCHG.csv", basis="raw")
    assert (csv.prices, csv.splits, csv.dividends, csv.reason) == (30, 1, 1, None)
    json_, *_ = take(storage, "daily-adjusted-json", "MSFT.json", "MSFT_splits.csv", "MSFT_dividends.csv", basis="raw")
    assert (json_.prices, json_.splits, json_.dividends) == (21, 0, 1)
    plain, _ = take(storage, "daily-json", "VOO.json", "VOO_splits.csv")
    assert (plain.prices, plain.splits, plain.dividends) == (24, None, None)


@pytest.mark.parametrize("basis", ["auto", "raw"])
def test_a_few_scattered_closes_off_the_cent_are_as_traded(storage: FolderStorage, basis: Basis) -> None:
    assert reasons(take(storage, "vendor-off-cents", "SCHG.csv", "SCHG_splits.csv", basis=basis)) == [None, None]
    assert (len(closes(storage)), closes(storage)["2012-06-05"]) == (30, 31.2542)


def amounts(storage: FolderStorage) -> list[object]:
    (line,) = lines_of(storage, "dividends")
    events = line["events"]
    assert isinstance(events, list)
    return [event["amount"] for event in events]


def test_split_adjusted_dividends_are_put_back_and_said(storage: FolderStorage) -> None:
    names = ("NVDA.csv", "NVDA_splits.csv", "NVDA_dividends.csv")
    *_, report = take(storage, "split-adjusted-dividends", *names, basis="raw")
    assert "2 of its dividends are adjusted for splits, and were put back" in str(report.notes)
    assert amounts(storage) == [0.04, 0.04, 0.01, 0.01]


def test_those_beside_their_split_too(storage: FolderStorage) -> None:
    take(storage, "split-adjusted-dividends-actions", "NVDA_splits.csv")
    take(storage, "split-adjusted-dividends-actions", "NVDA_actions.csv")
    assert amounts(storage) == [0.04, 0.04, 0.01, 0.01]


def test_special_dividends_stay(storage: FolderStorage) -> None:
    *_, report = take(storage, "special-dividend", "SCHG.csv", "SCHG_splits.csv", "SCHG_dividends.csv", basis="raw")
    assert report.notes == ()
    assert sorted(map(str, amounts(storage))) == ["0.0251", "0.0297", "0.31"]


@pytest.mark.parametrize("basis", ["auto", "raw"])
def test_rows_of_another_instrument_are_set_aside_by_line(storage: FolderStorage, basis: Basis) -> None:
    prices, *_ = take(storage, "renamed-ticker", "META.csv", "META_splits.csv", "META_dividends.csv", basis=basis)
    assert (prices.prices, prices.reason) == (25, None)
    assert [line.line for line in prices.bad] == list(range(2, 12))
    assert min(map(str, closes(storage))) == "2022-06-09"


@pytest.mark.parametrize("order", [["NVDA.csv", "NVDA_splits.csv"], ["NVDA_splits.csv", "NVDA.csv"]])
@pytest.mark.parametrize("together", [True, False])
def test_one_wrong_row_is_set_aside_and_not_the_file(
    storage: FolderStorage, order: Sequence[str], together: bool
) -> None:
    calls = [order] if together else [[name] for name in order]
    reports = [report for names in calls for report in take(storage, "one-wrong-row", *names, basis="raw")]
    (prices,) = (report for report in reports if report.prices is not None)
    assert (prices.prices, prices.reason) == (40, None)
    (bad,) = prices.bad
    assert (bad.line, "2024-05-15" in bad.reason) == (12, True)


def test_no_value_of_a_file_ends_the_import(storage: FolderStorage) -> None:
    prices, splits = take(storage, "tiny-and-huge-csv", "MSFT.csv", "MSFT_splits.csv", basis="raw")
    assert (prices.prices, splits.splits) == (8, 1)
    assert [line.line for line in prices.bad] == [6, 8]
    assert closes(storage)["2025-11-21"] == 508.26


@pytest.mark.parametrize("case", ["name-column-same", "name-column-company"])
def test_a_column_of_names_that_does_not_contradict(storage: FolderStorage, case: str) -> None:
    prices, _ = take(storage, case, "AAPL.csv", "AAPL_splits.csv", basis="raw")
    assert prices.prices == 6


def test_a_column_of_tickers_that_contradicts_the_files_name(storage: FolderStorage) -> None:
    refused, _ = take(storage, "name-column-other", "AAPL.csv", "AAPL_splits.csv", basis="raw")
    assert "AAPL" in str(refused.reason)
    assert "MSFT" in str(refused.reason)
    assert lines_of(storage, "prices") == []
