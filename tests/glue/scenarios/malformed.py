"""Malformed records among sound ones, a jump whose split becomes known later, and a delivery that comes twice."""

from lake import layout
from lake.storage import FolderStorage
from tests.glue.bars import ARRIVED, DAYS, FETCHED, bar, bars, deliver, deliver_market, dividends, splits

TICKERS = ("AVGO", "BAC", "VGT", "VTI")


def deliver_malformed(storage: FolderStorage) -> None:
    """Malformed records of BAC and VTI among sound ones."""
    deliver_market(storage, "BAC", "VTI", day=ARRIVED)
    planted = [
        bar("BAC", "2026-01-10"),  # a Saturday
        bar("BAC", "2026-01-20", high=50.0),
        bar("BAC", "2026-01-21") | {"close": None},
        bar("BAC", "2026-01-22", low=-1.0),
        bar("BAC", "20260123"),
        bar("A'; DROP TABLE", "2026-01-23"),
        bar("BAC", DAYS[0]) | {"close": "much"},
        bar("VTI", DAYS[1], low=150.0),  # a sound bar of that session is there too
    ]
    deliver(storage, "prices", planted, "bad", ARRIVED)
    deliver(storage, "splits", [splits("F", ("2026-01-06", 0.0)), splits("SNAP", ("soon", 2.0))], "bad", ARRIVED)
    score = {"ticker": "BAC", "source": "simulated", "fetched_at": FETCHED, "articles": 1}
    moods = [(DAYS[0], 0.5, 1), (DAYS[1], 1.5, 1), (DAYS[2], 0.5, 0), ("2026-01-10", 0.5, 1)]
    deliver(
        storage,
        "sentiment",
        [score | {"date": day, "score": mood, "articles": articles} for day, mood, articles in moods],
        "s",
        ARRIVED,
    )
    storage.write(layout.raw("prices", ARRIVED, "half.json"), b'{"ticker": "BAC", "da')


def deliver_jump(storage: FolderStorage) -> None:
    """AVGO at a tenth without a known split, and VGT without one of its sessions."""
    deliver(storage, "prices", bars("AVGO", closes=dict.fromkeys(DAYS[8:], 10.0)), "jump", ARRIVED)
    deliver(storage, "prices", bars("VGT", [day for day in DAYS if day != DAYS[4]]), "hole", ARRIVED)
    deliver(storage, "splits", [splits("AVGO"), splits("VGT")], "jump", ARRIVED)
    deliver(storage, "dividends", [dividends("AVGO")], "jump", ARRIVED)


def deliver_split(storage: FolderStorage) -> None:
    """The split that explains AVGO's jump."""
    known = splits("AVGO", (DAYS[8], 10.0), fetched_at="2026-01-21T01:00:00.000000Z")
    deliver(storage, "splits", [known], "later", ARRIVED)


def deliver_again(storage: FolderStorage) -> None:
    """BAC's bars once more."""
    deliver(storage, "prices", reversed(bars("BAC")), "again", ARRIVED)
