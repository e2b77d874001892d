"""Thirteen tickers in four deliveries, each with a problem of its own, which ends with a later one."""

from lake.storage import FolderStorage
from tests.glue.bars import ARRIVED, DAYS, Row, bar, deliver, dividends, splits

NEW, NEXT = DAYS[8], DAYS[9]
FIRST, SECOND, THIRD, FOURTH = (f"2026-01-{day}T22:00:00.000000Z" for day in ("14", "15", "16", "20"))
# Each with a problem of its own, but for SPY and SCHG, whose pay-out of 60 of 100 its price shows.
CLOSES = {day: round(99.3 + place / 10, 2) for place, day in enumerate(DAYS[:8])}  # to 100.00
TICKERS = ("AAPL", "ADBE", "GME", "IBM", "KO", "META", "MSFT", "NFLX", "PEP", "QQQ", "SCHG", "TSLA", "SPY")
# AAPL: 2 for 1. PEP: a stock dividend of 10 %, which steps like an ordinary day. KO: 10 for 1, and the vendor says 4.
RATIOS = {"AAPL": 2.0, "KO": 10.0, "PEP": 1.1}


def first_delivery(storage: FolderStorage) -> None:
    rows = [priced(one, day, traded(one, day, CLOSES[day])) for one in TICKERS for day in DAYS[:8]]
    deliver(storage, "prices", at(FIRST, rows), "bars-1", ARRIVED)
    known = [splits(one) for one in TICKERS if one not in RATIOS]
    named = [splits(one, (DAYS[4], ratio)) for one, ratio in (RATIOS | {"KO": 4.0}).items()]
    deliver(storage, "splits", at(FIRST, [*known, *named]), "splits-1", ARRIVED)
    deliver(storage, "dividends", at(FIRST, [dividends(one) for one in TICKERS]), "dividends-1", ARRIVED)


def second_delivery(storage: FolderStorage) -> None:
    """The problems arrive. AAPL's split and PEP's are gone, and TSLA has one that no price shows."""
    closes = {"GME": 151.0, "IBM": 500.0, "META": 102.0, "QQQ": 40000.0, "SCHG": 41.0}
    new = [priced(one, NEW, closes.get(one, traded(one, NEW, 101.0))) for one in TICKERS if one not in ("MSFT", "NFLX")]
    impossible = [priced("MSFT", NEW, 1e-9), priced("NFLX", NEW, 1e308)]
    restated = [priced("META", DAYS[7], 102.0)]
    deliver(storage, "prices", at(SECOND, [*new, *impossible, *restated]), "bars-2", ARRIVED)
    paid = [dividends("ADBE", (NEW, 150.0)), dividends("SCHG", (NEW, 60.0))]
    deliver(storage, "dividends", at(SECOND, paid), "dividends-2", ARRIVED)
    without = [splits("AAPL"), splits("PEP"), splits("TSLA", (DAYS[4], 3.0))]
    deliver(storage, "splits", at(SECOND, without), "splits-2", ARRIVED)


def third_delivery(storage: FolderStorage) -> None:
    """QQQ is corrected, GME's splits explain nothing, IBM is confirmed once; META's answer is as before."""
    again = [priced("QQQ", NEW, 100.5), priced("IBM", NEW, 500.0), priced("META", DAYS[7], 102.0)]
    closes = {"GME": 152.0, "IBM": 505.0, "META": 103.0, "SCHG": 41.0}
    new = [priced(one, NEXT, closes.get(one, traded(one, NEXT, 102.0))) for one in TICKERS]
    deliver(storage, "prices", at(THIRD, [*again, *new]), "bars-3", ARRIVED)
    deliver(storage, "splits", at(THIRD, [splits("GME")]), "splits-3", ARRIVED)


def fourth_delivery(storage: FolderStorage) -> None:
    """IBM is confirmed a second time, META's answer agrees with what is published, AAPL's and PEP's splits are
    back, KO's has the right ratio, and an operator says that TSLA's is right."""
    agreeing = [priced("META", day, close) for day, close in ((DAYS[7], 100.0), (NEW, 101.0), (NEXT, 102.0))]
    rows = [priced("IBM", NEW, 500.0), priced("IBM", NEXT, 505.0), *agreeing]
    deliver(storage, "prices", at(FOURTH, rows), "bars-4", ARRIVED)
    operators = splits("TSLA", (DAYS[4], 3.0), source="replace:TSLA_splits.csv")
    right = [splits(one, (DAYS[4], ratio)) for one, ratio in RATIOS.items()]
    deliver(storage, "splits", at(FOURTH, [*right, operators]), "splits-4", ARRIVED)


def traded(ticker: str, day: str, close: float) -> float:
    """What a close would have traded at, had the splits of RATIOS not been."""
    return close / RATIOS[ticker] if ticker in RATIOS and day >= DAYS[4] else close


def at(moment: str, rows: list[Row]) -> list[Row]:
    return [row | {"fetched_at": moment} for row in rows]


def priced(ticker: str, day: str, close: float) -> Row:
    return bar(ticker, day, close, high=close * 1.01, low=close * 0.99)


DELIVERIES = (first_delivery, second_delivery, third_delivery, fourth_delivery)
