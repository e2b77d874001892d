"""Two years of four tickers in five deliveries: a new year, gaps, an import, a split, dividends, corrections."""

import random
from datetime import date

from lake import calendar, layout
from lake.storage import FolderStorage
from tests.glue.bars import Row, bar, deliver, dividends, splits

DAYS = [str(day) for day in calendar.sessions(date(2023, 12, 18), date(2026, 1, 16))]
SPLIT = 500  # the session from which on GE trades at a tenth
ABSURD = 300  # the session at which DIS's bar is 400 times too high
TICKERS = ("CAT", "DIS", "GE", "IVV")


def fetched(day: int) -> str:
    return f"2026-02-{day:02}T01:00:00.000000Z"


def walk(ticker: str, seed: int, jump: int | None = None) -> dict[str, Row]:
    """Every bar of a ticker, by session; from session `jump` on it trades at a tenth."""
    draws, close, rows = random.Random(seed), 100.0, {}
    for place, day in enumerate(DAYS):
        close *= 1 + draws.gauss(0.0005, 0.01)
        traded = round(close / 10 if jump is not None and place >= jump else close, 2)
        rows[day] = bar(ticker, day, traded, high=round(traded * 1.01, 2), low=round(traded * 0.99, 2))
        rows[day]["volume"] = draws.randint(1000, 2000)
    return rows


def quarterly(ticker: str, upto: str, fetched_at: str, amount: float = 0.25) -> Row:
    return dividends(ticker, *((day, amount) for day in DAYS[20::63] if day <= upto), fetched_at=fetched_at)


def times(row: Row, factor: float) -> Row:
    """A bar with all four prices so many times as high."""
    return row | {name: row[name] * factor for name in ("open", "high", "low", "close")}


def deliver_before(run: int, storage: FolderStorage) -> None:
    """What arrives before that run of five."""
    for kind, rows in deliveries()[run - 1]:
        deliver(storage, kind, rows, f"{kind}-{run}", date(2026, 2, run))


def deliveries() -> list[list[tuple[layout.RawKind, list[Row]]]]:
    """What is delivered before each run: a new year, gaps, an import, a split, dividends, sentiment, corrections.

    And what is held back: a bar of DIS for good, one of CAT until it is corrected, a dividend of DIS.
    """
    market = {ticker: walk(ticker, seed, SPLIT if ticker == "GE" else None) for seed, ticker in enumerate(TICKERS)}
    market["DIS"][DAYS[ABSURD]] = times(market["DIS"][DAYS[ABSURD]], 400)

    def sessions(ticker: str, first: int, last: int | None, day: int, **other: object) -> list[Row]:
        return [row | {"fetched_at": fetched(day), **other} for row in list(market[ticker].values())[first:last]]

    first: list[tuple[layout.RawKind, list[Row]]] = [
        ("prices", [row for ticker in TICKERS[:3] for row in sessions(ticker, 100, 490, 1)]),
        ("splits", [splits(ticker, fetched_at=fetched(1)) for ticker in TICKERS[:3]]),
        ("dividends", [quarterly(ticker, DAYS[485], fetched(1)) for ticker in ("CAT", "GE")]),
        ("sentiment", [sentiment("CAT", DAYS[480], 0.25, 1)]),
    ]
    # CAT continues with a gap, DIS's dividends become known, GE falls to a tenth without a known split
    wrong = [times(row, 400) for row in sessions("CAT", 504, 505, 2)]
    paid = quarterly("DIS", DAYS[400], fetched(2))
    paid["events"].append({"ex_date": DAYS[450], "amount": 5000.0})
    second: list[tuple[layout.RawKind, list[Row]]] = [
        (
            "prices",
            sessions("CAT", 485, 500, 2) + sessions("CAT", 502, 504, 2) + wrong + sessions("GE", 485, 503, 2),
        ),
        ("dividends", [paid, of_file(dividends("CAT", (DAYS[300], 0.5)), 295, 305)]),
        ("splits", [of_file(splits("DIS", (DAYS[50], 1.046), (DAYS[300], 1.02)), 50, 300)]),
        ("sentiment", [sentiment("CAT", DAYS[480], -0.5, 2), sentiment("DIS", DAYS[10], 0.1, 2)]),
    ]
    # GE's split; older history of DIS from a file, which overlaps the vendor's; a ticker without known splits
    third: list[tuple[layout.RawKind, list[Row]]] = [
        ("prices", sessions("DIS", 0, 200, 3, source="csv:old.csv") + sessions("IVV", 0, None, 3)),
        ("splits", [splits("GE", (DAYS[SPLIT], 10.0), fetched_at=fetched(3))]),
    ]
    # CAT's gap is filled, a volume corrected, a dividend withdrawn; IVV's split and spin-off become known
    corrected = sessions("CAT", 500, 502, 4) + sessions("CAT", 504, 505, 4, volume=7777)
    fourth: list[tuple[layout.RawKind, list[Row]]] = [
        ("prices", corrected + sessions("DIS", 490, None, 4)),
        ("splits", [splits("IVV", (DAYS[300], 1.046), (DAYS[-1], 2.0), fetched_at=fetched(4))]),
        ("dividends", [quarterly("CAT", DAYS[410], fetched(4)), quarterly("IVV", DAYS[-1], fetched(4), 1.5)]),
    ]
    # No events, but bars of the vendor that reach back beyond the spin-off of DIS which a file alone knows
    fifth: list[tuple[layout.RawKind, list[Row]]] = [("prices", sessions("DIS", 40, 45, 5))]
    return [first, second, third, fourth, fifth]


def of_file(response: Row, first: int, last: int) -> Row:
    """The response as a file gives it, which covers some sessions only."""
    covers = {"covers_from": DAYS[first], "covers_to": DAYS[last]}
    return response | {"source": "csv:events.csv", "fetched_at": fetched(2)} | covers


def sentiment(ticker: str, day: str, score: float, fetch: int) -> Row:
    record = {"ticker": ticker, "date": day, "score": score, "articles": 3}
    return {**record, "source": "simulated", "fetched_at": fetched(fetch)}
