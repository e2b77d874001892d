"""Prices in whole cents that are adjusted for dividends, against the vendor's closes. Figures are made by hand."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.errors import FileError
from ingest.imports.files import Row
from ingest.imports.payouts import Payouts, refuse_dividend_adjusted, untested_note
from ingest.imports.run import FileReport, ImportOptions, import_files
from ingest.records import Split
from lake import layout
from lake.calendar import sessions
from lake.storage import FolderStorage

DAYS = sessions(date(2025, 4, 28), date(2025, 5, 23))
EX = date(2025, 5, 15)
CLOSES = {day: round(391.16 + place * 3.07 % 11, 2) for place, day in enumerate(DAYS)}
PAID = Payouts([(date(2025, 2, 20), 0.83), (EX, 0.83)], ())


def rows(closes: dict[date, float]) -> list[Row]:
    return [Row(2, day, close, close, close, close, 1000) for day, close in closes.items()]


def adjusted(share: float, until: date = EX) -> list[Row]:
    """Closes before the ex-date lower by the dividend's share of the price, in whole cents, as Stooq gives them."""
    return rows({day: round(close * (1 - share), 2) if day < until else close for day, close in CLOSES.items()})


@pytest.mark.parametrize("shared", [slice(None), slice(0, 5)])
def test_closes_that_are_lower_by_the_dividend_are_refused(shared: slice) -> None:
    """0.83 of 395: 0.2 %, which is less than sources may differ by on a day. Also with days before it alone."""
    vendor = {day: CLOSES[day] for day in DAYS[shared]}
    with pytest.raises(FileError, match=r"before the dividend of 2025-05-15 are lower than the vendor's.*Stooq"):
        refuse_dividend_adjusted(adjusted(0.83 / 395), vendor, PAID)
    refuse_dividend_adjusted(adjusted(0), vendor, PAID)


def test_closes_that_are_adjusted_for_two_dividends_are_refused() -> None:
    later = Payouts([*PAID.dividends, (date(2025, 8, 21), 0.83)], ())
    with pytest.raises(FileError, match="before the dividend of 2025-08-21"):
        refuse_dividend_adjusted(adjusted(0.0042, date.max)[-4:], CLOSES, later)


def test_sources_that_differ_here_and_there_are_no_adjustment() -> None:
    noisy = rows(
        {day: round(close * (1 + (-1) ** place * 0.001), 2) for place, (day, close) in enumerate(CLOSES.items())}
    )
    refuse_dividend_adjusted(noisy, CLOSES, PAID)


def test_a_dividend_within_the_rounding_tells_nothing() -> None:
    tiny = Payouts([(EX, 0.01)], ())  # NVDA's: a 40,000th of the price
    refuse_dividend_adjusted(adjusted(0.01 / 395), CLOSES, tiny)
    assert "such as that of 2025-05-15" in str(untested_note(rows(CLOSES), CLOSES, tiny))


@pytest.mark.parametrize(("ratio", "amount"), [(10, 0.083), (0.1, 8.3)])
def test_a_dividend_after_a_split_counts_on_the_basis_before_it(ratio: float, amount: float) -> None:
    """0.083 after 10 for 1 is 0.83 of the shares before, and so is 8.30 after 1 for 10."""
    split = Split(date=date(2025, 5, 14), ratio=ratio)
    after = Payouts([(EX, amount)], [split])
    before = [row for row in adjusted(0.83 / 395) if row.date < split.date]
    with pytest.raises(FileError, match="before the dividend of 2025-05-15"):
        refuse_dividend_adjusted(before, CLOSES, after)


def test_what_could_not_be_compared_is_said() -> None:
    note = str(untested_note(rows(CLOSES), {}, PAID))
    assert "nothing tells whether its prices are adjusted for dividends too" in note
    assert untested_note(rows(CLOSES), CLOSES, PAID) is None
    assert untested_note(rows(CLOSES), {}, Payouts([], ())) is None
    assert untested_note([], {}, PAID) is None


def take(folder: Path, history: list[Row], *, vendor: bool) -> FileReport:
    """Import the rows as MSFT.csv, beside the dividends, into a lake with or without the vendor's bars."""
    storage = FolderStorage(folder / "lake")
    about = {"ticker": "MSFT", "source": "alpha_vantage", "fetched_at": "2025-11-21T01:00:00.000000Z", "volume": 1000}
    bars = [
        {"date": str(day), "open": close, "high": close, "low": close, "close": close, **about}
        for day, close in CLOSES.items()
    ]
    if vendor:
        lines = "".join(json.dumps(bar) + "\n" for bar in bars).encode()
        storage.write(layout.raw("prices", date(2025, 11, 21), "vendor.json"), lines)
    text = "".join(f"{row.date},{row.open},{row.high},{row.low},{row.close},1000\n" for row in history)
    (folder / "MSFT.csv").write_text("Date,Open,High,Low,Close,Volume\n" + text)
    (folder / "MSFT_splits.csv").write_text("date,ratio\n2003-02-18,2\n")
    (folder / "MSFT_dividends.csv").write_text("ex_dividend_date,amount\n2025-02-20,0.83\n2025-05-15,0.83\n")
    paths = [folder / f"MSFT{end}.csv" for end in ("", "_splits", "_dividends")]
    now = datetime(2025, 11, 28, 20, 0, tzinfo=UTC)
    prices, *_ = import_files(storage, paths, ImportOptions(), lambda: None, now)
    return prices


def test_an_import_compares_with_the_vendors_bars_and_the_dividends_beside_it(tmp_path: Path) -> None:
    assert "adjusted for dividends" in str(take(tmp_path, adjusted(0.83 / 395), vendor=True).reason)
    report = take(tmp_path, adjusted(0), vendor=True)
    assert (report.prices, report.notes) == (len(DAYS), ("its prices are as traded",))


def test_an_import_says_what_it_could_not_compare(tmp_path: Path) -> None:
    report = take(tmp_path, adjusted(0.83 / 395), vendor=False)
    assert report.prices == len(DAYS)
    assert "nothing tells whether its prices are adjusted for dividends too" in report.notes[-1]
