"""Imports into a lake in a folder and on S3: imported and refused files, and that a refused one leaves nothing."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.imports.basis import Wanted
from ingest.imports.cli import lines
from ingest.imports.files import BadLine
from ingest.imports.run import FileReport, ImportOptions, import_files
from lake import layout
from lake.calendar import sessions
from lake.storage import Storage

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DAYS = sessions(date(2020, 8, 24), date(2020, 9, 4))  # AAPL's 4 for 1 is on 2020-08-31
AUTO, RAW, SPLIT = ImportOptions(), ImportOptions(Wanted("raw")), ImportOptions(Wanted("split"))
SPLITS = "effective_date,split_factor\n2020-08-31,4.0\n"


def history(factor: float = 4, volume: int = 1000) -> str:
    """Prices as traded (factor 4, in whole cents) or adjusted (factor 1, in quarters of a cent)."""
    text = "date,open,high,low,close,volume\n"
    for place, day in enumerate(DAYS):
        before = day < date(2020, 8, 31)
        close = (12500 + place) / 100 if not before else (50003 + place) / 400 * factor
        shares = volume if before else 4 * volume
        text += f"{day},{close},{close + 1},{close - 1},{close},{shares if factor == 4 else 4 * volume}\n"
    return text


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "AAPL.csv").write_text(history())
    return folder


def take(storage: Storage, folder: Path, options: ImportOptions, *names: str) -> list[FileReport]:
    return import_files(storage, [folder / name for name in names], options, lambda: None, NOW)


def taken(storage: Storage, kind: str = "prices") -> list[dict[str, object]]:
    found = ((key, storage.read(key)) for key in storage.list(f"raw/{kind}/"))
    plain = (gzip.decompress(data) if key.endswith(".gz") else data for key, data in found)
    return [json.loads(line) for data in plain for line in data.splitlines()]


def test_bars_are_raw_records_of_their_file(any_storage: Storage, files: Path) -> None:
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert (report.imported, report.first, report.last, report.reason) == (10, DAYS[0], DAYS[-1], None)
    records = taken(any_storage)
    assert [record["date"] for record in records] == [day.isoformat() for day in DAYS]
    assert {(record["ticker"], record["source"], record["fetched_at"]) for record in records} == {
        ("AAPL", "csv:AAPL.csv", "2026-11-21T01:00:00.000000Z")
    }
    assert list(lines(report)) == ["AAPL.csv: 10 prices of AAPL imported, 2020-08-24 to 2020-09-04"]


def test_adjusted_bars_are_restored_with_the_splits_of_the_same_import(any_storage: Storage, files: Path) -> None:
    (files / "AAPL.csv").write_text(history(factor=1))
    (files / "splits-AAPL.csv").write_text(SPLITS)
    reports = take(any_storage, files, SPLIT, "AAPL.csv", "splits-AAPL.csv")
    assert [report.reason for report in reports] == [None, None]
    expected = [(500.03 + place / 100 if place < 5 else 125.0 + place / 100) for place in range(10)]
    assert [record["close"] for record in taken(any_storage)] == pytest.approx(expected, abs=1e-9)
    assert [record["volume"] for record in taken(any_storage)] == [1000] * 5 + [4000] * 5
    (splits,) = taken(any_storage, "splits")
    assert (splits["events"], splits["source"]) == ([{"date": "2020-08-31", "ratio": 4.0}], "csv:splits-AAPL.csv")


def vendor_splits(storage: Storage, *events: tuple[str, float], name: str = "x.json", zipped: bool = False) -> None:
    record = {
        "ticker": "AAPL",
        "events": [{"date": day, "ratio": ratio} for day, ratio in events],
        "source": "alpha_vantage",
        "fetched_at": "2026-11-20T22:30:00.000000Z",
    }
    data = f"broken\n{json.dumps(record)}\n".encode()
    storage.write(layout.raw("splits", date(2026, 11, 20), name), gzip.compress(data) if zipped else data)


@pytest.mark.parametrize("broken", [b"", b"\x00" * 20, None], ids=["cut", "no gzip", "nested"])
def test_a_corrupt_object_of_the_lake_is_left_to_glue(any_storage: Storage, files: Path, broken: bytes | None) -> None:
    data = b"[" * 200_000 if broken is None else gzip.compress(b"{}")[:10] + broken
    any_storage.write(layout.raw("splits", date(2026, 11, 20), "AAPL.json"), data)
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert report.reason is None


@pytest.mark.parametrize("zipped", [False, True])
def test_the_lakes_splits_take_precedence_over_a_files(any_storage: Storage, files: Path, zipped: bool) -> None:
    vendor_splits(any_storage, ("2020-08-31", 4.0), zipped=zipped)
    (files / "splits-AAPL.csv").write_text("effective_date,split_factor\n2013-01-02,2.0\n")
    (adjusted, _) = take(any_storage, files, SPLIT, "AAPL.csv", "splits-AAPL.csv")
    assert "the split of 2020-08-31 (4 for 1) is a step in its prices" in str(adjusted.reason)
    assert taken(any_storage) == []


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        (history(), AUTO, "splits are unknown, and without them nothing tells"),
        (history(factor=1), SPLIT, "splits are unknown"),
        (history(factor=1), RAW, "not whole cents"),
        ("date,open,high,low,close,volume\n", RAW, "it has no line of prices"),
        ("date,open,high,low,close,volume\n2020-08-24,1,0,2,1,5\n", RAW, "1 of its 1 lines are wrong, such as line 2"),
        ("nonsense\n", RAW, "it says 'nonsense'"),
    ],
)
def test_a_wrong_file_never_reaches_the_lake(
    any_storage: Storage, files: Path, text: str, options: ImportOptions, reason: str
) -> None:
    claimed: list[bool] = []
    (files / "AAPL.csv").write_text(text)
    (report,) = import_files(any_storage, [files / "AAPL.csv"], options, lambda: claimed.append(True), NOW)
    assert reason in str(report.reason)
    assert list(lines(report)) == [f"AAPL.csv: refused: {report.reason}"]
    assert (list(any_storage.list("")), claimed) == ([], [])


def test_one_wrong_file_does_not_stop_the_others(any_storage: Storage, files: Path) -> None:
    (files / "MSFT.csv").write_text("nonsense\n")
    reports = take(any_storage, files, RAW, "MSFT.csv", "none.csv", "AAPL.csv")
    assert [report.reason is None for report in reports] == [False, False, True]
    assert "it cannot be read: No such file" in str(reports[1].reason)
    assert len(taken(any_storage)) == 10


def vendor_bars(storage: Storage, closes: Sequence[float]) -> None:
    records = [
        {"ticker": "AAPL", "date": day.isoformat(), "open": close, "high": close, "low": close, "close": close,
         "volume": 1, "source": "alpha_vantage", "fetched_at": "2026-11-20T22:30:00.000000Z"}
        for day, close in zip(DAYS, closes, strict=False)
    ]  # fmt: skip
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    storage.write(layout.raw("prices", date(2026, 11, 20), "vendor.json"), data)


def test_another_tickers_closes_are_refused(any_storage: Storage, files: Path) -> None:
    vendor_bars(any_storage, [300.0] * 5)
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert "5 of the 5 closes that the vendor gave too are different" in str(report.reason)
    assert "on 2020-08-24: 500.03 in the file, 300 from the vendor" in str(report.reason)


def test_closes_within_half_a_percent_of_the_vendors_are_accepted(any_storage: Storage, files: Path) -> None:
    vendor_bars(any_storage, [502.0] * 5)
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert report.reason is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2020-08-29,1,2,1,1,5", "2020-08-29 is not a session of the NYSE"),
        ("1961-12-29,1,2,1,1,5", "1961-12-29 is before 1962-01-02, the first session of the calendar"),
        ("2026-11-23,1,2,1,1,5", "2026-11-23 has not closed yet"),
        ("2020-08-21,1,0.5,1,1,5", "outside"),
        ("2020-08-21,1,2,1,1,-5", "volume"),
        ("2020-08-24,1,2,1,1,5", "2020-08-24 is given 2 times, differently"),
    ],
)
def test_a_wrong_line_is_reported_and_left_out(any_storage: Storage, files: Path, line: str, reason: str) -> None:
    (files / "AAPL.csv").write_text(f"{history()}{line}\n{history().splitlines()[-1]}\n")
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert (report.reason, report.imported) == (None, 9 if "differently" in reason else 10)
    assert any(bad.line == 12 and reason in bad.reason for bad in report.bad)
    assert any(text.startswith("AAPL.csv: left out line 12: ") for text in lines(report))


@pytest.mark.parametrize("line", ["2020-08-28,0,2,0,0,5", "2020-08-28,1,2,1,-1,5", "2020-08-28,1,2,1,1,inf"])
@pytest.mark.parametrize("how", [RAW, SPLIT])
def test_a_price_of_zero_next_to_a_split_does_not_end_the_import(
    any_storage: Storage, files: Path, line: str, how: ImportOptions
) -> None:
    (files / "AAPL-splits.csv").write_text("date,ratio\n2020-08-31,4\n")
    (files / "AAPL.csv").write_text(f"date,open,high,low,close,volume\n{line}\n2020-08-31,1,2,1,1,5\n")
    splits, prices = take(any_storage, files, how, "AAPL-splits.csv", "AAPL.csv")
    # Half of the lines may be wrong, and is left out; more than half refuses a file.
    assert (splits.imported, prices.imported, prices.reason) == (1, 1, None)
    assert [bad.line for bad in prices.bad] == [2]


def test_a_file_with_more_wrong_lines_than_right_ones_is_refused(any_storage: Storage, files: Path) -> None:
    text = "date,open,high,low,close,volume\n2020-08-27,0,2,1,1,5\n2020-08-28,1,2,1,-1,5\n2020-08-31,1,2,1,1,5\n"
    (files / "AAPL.csv").write_text(text)
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert "2 of its 3 lines are wrong, such as line 2: open 0 is not above zero" in str(report.reason)


def test_volumes_as_traded_are_whole_numbers_of_shares(any_storage: Storage, files: Path) -> None:
    """A dot before three digits separates thousands in much of the world, and 1.234 is no single share."""
    (files / "AAPL.csv").write_text(history() + "2020-09-08,125.1,126,125,125.5,1.234\n")
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert (report.imported, [str(bad) for bad in report.bad]) == (
        10,
        ["line 12: volume 1.234 is not a whole number of shares"],
    )
    (files / "AAPL.csv").write_text(history().replace(",1000\n", ",1000.125\n").replace(",4000\n", ",4000.125\n"))
    (report,) = take(any_storage, files, RAW, "AAPL.csv")
    assert "10 of its 10 lines are wrong, such as line 2: volume 1000.125 is not a whole number" in str(report.reason)


@pytest.mark.parametrize("ratio", ["0.0", "-2", "1e999"])
def test_an_impossible_split_refuses_its_own_file_alone(any_storage: Storage, files: Path, ratio: str) -> None:
    (files / "MSFT-splits.csv").write_text(f"date,ratio\n2003-02-18,2\n2020-08-31,{ratio}\n")
    splits, prices = take(any_storage, files, RAW, "MSFT-splits.csv", "AAPL.csv")
    assert (splits.reason is None, prices.reason) == (ratio == "0.0", None)  # the vendor has events of nothing


def test_only_the_first_wrong_lines_are_shown() -> None:
    bad = [BadLine(number, "is wrong") for number in range(2, 26)]
    shown = list(lines(FileReport("AAPL.csv", "AAPL", prices=100, bad=bad)))
    assert (len(shown), shown[-2:]) == (22, ["AAPL.csv: left out line 21: is wrong", "AAPL.csv: left out 4 more lines"])


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (FileReport("a.csv", "VOO", prices=1), "a.csv: 1 price of VOO imported"),
        (FileReport("a.csv", "VOO", splits=2, dividends=1), "a.csv: 2 splits and 1 dividend of VOO imported"),
        (FileReport("a.csv", "VOO", 3000, 1, 0), "a.csv: 3,000 prices, 1 split and 0 dividends of VOO imported"),
    ],
)
def test_the_report_counts_prices_splits_and_dividends(report: FileReport, text: str) -> None:
    assert list(lines(report)) == [text]


def test_a_replacing_record_says_so_in_its_source(any_storage: Storage, files: Path) -> None:
    take(any_storage, files, ImportOptions(Wanted("raw"), replace=True), "AAPL.csv")
    assert {record["source"] for record in taken(any_storage)} == {"replace:AAPL.csv"}


def test_events_are_imported_as_a_whole_or_not_at_all(any_storage: Storage, files: Path) -> None:
    (files / "AAPL-d.csv").write_text("ex_date,amount\n2026-02-09,0.26\n2026-05-11,-1\n")
    (files / "MSFT-d.csv").write_text("ex_date,amount\n2026-02-19,0.91\n2027-02-19,0.95\n")
    bad, good = take(any_storage, files, RAW, "AAPL-d.csv", "MSFT-d.csv")
    assert "line 3: '-1' is no dividend" in str(bad.reason)
    assert (good.imported, good.first, good.last) == (2, date(2026, 2, 19), date(2027, 2, 19))
    (record,) = taken(any_storage, "dividends")
    assert (record["ticker"], record["source"]) == ("MSFT", "csv:MSFT-d.csv")


def test_rows_from_before_a_change_of_the_ticker_are_said(any_storage: Storage, files: Path) -> None:
    (files / "META.csv").write_text("date,open,high,low,close,volume\n2022-06-08,190,200,180,196.64,10\n")
    (report,) = take(any_storage, files, RAW, "META.csv")
    (note,) = report.notes
    assert note.startswith("1 of its rows are of days up to 2022-06-08, when Meta Platforms traded as FB: check that")
