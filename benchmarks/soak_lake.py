"""A lake for the soak: two markets that no answer can mistake for one another, published and rolled back in turn."""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lake import layout
from lake.snapshot import read_pointer, swap_pointer
from lake.storage import FolderStorage
from tests.support.lakes import Bar, History, publish
from tests.support.markets import small_market

FIRST = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
KEPT = 6  # snapshots that stay in the lake; publish keeps the last few too
MARKETS = 2


def market_of(snapshot: str) -> int:
    """Which of the two markets a snapshot holds: the parity of its second tells."""
    return int(snapshot[-3:-1]) % MARKETS


def snapshot_id(number: int) -> str:
    """The id of the n-th snapshot, one second after the one before."""
    return layout.stamp(FIRST + timedelta(seconds=number))


def other_market() -> dict[str, History]:
    """The small market at three times its prices and without its last session: no figure of the two is the same."""
    return {ticker: _dearer(history) for ticker, history in small_market().items()}


def _dearer(history: History) -> History:
    bars = [
        Bar(bar.day, bar.open * 3, bar.high * 3.3, bar.low * 3, bar.close * 3, bar.volume) for bar in history.bars[:-1]
    ]
    return History(bars, history.splits, history.dividends, history.sentiment)


def first_two(root: Path) -> None:
    """Publish both markets; the second is served."""
    publish(root, small_market(), snapshot=snapshot_id(0))
    publish(root, other_market(), snapshot=snapshot_id(1))


@dataclass
class Publisher:
    """Publishes a snapshot, and rolls back every third time, each `every` seconds until it is stopped."""

    storage: FolderStorage
    every: float
    published: int = 0
    rolled_back: int = 0
    _ids: list[str] = field(default_factory=lambda: [snapshot_id(0), snapshot_id(1)])
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """The loop, for a thread of its own."""
        while not self._stop.wait(self.every):
            self.publish_next()
            if self.published % 3 == 0 and not self._stop.wait(self.every):
                self.roll_back()

    def stop(self) -> None:
        """No further snapshot."""
        self._stop.set()

    def publish_next(self) -> None:
        """A new snapshot with the market that is not the newest one's: data, manifest, pointer."""
        number = self.published + MARKETS
        source, target = snapshot_id(number % MARKETS), snapshot_id(number)
        for key in list(self.storage.list(layout.snapshot(source))):
            if key != layout.manifest(source):
                self.storage.copy(key, key.replace(source, target))
        manifest = self.storage.read(layout.manifest(source)).replace(source.encode(), target.encode())
        self.storage.write(layout.manifest(target), manifest)
        self._serve(target)
        self._ids.append(target)
        self.published += 1
        self._prune()

    def roll_back(self) -> None:
        """Serve the snapshot before the newest one."""
        self._serve(self._ids[-2])
        self.rolled_back += 1

    def _serve(self, snapshot: str) -> None:
        swap_pointer(self.storage, snapshot, read_pointer(self.storage))

    def _prune(self) -> None:
        """Remove what is old, but for the two that new ones are copied from."""
        while len(self._ids) > KEPT + MARKETS:
            self.storage.delete_prefix(layout.snapshot(self._ids.pop(MARKETS)))


def normal(body: bytes, snapshot: str) -> str:
    """An answer without the name of its snapshot: the same of every snapshot of one market."""
    when = datetime.strptime(snapshot, "%Y%m%dT%H%M%S%z").isoformat().replace("+00:00", "Z")
    text = body.decode()
    for told, stands_for in ((snapshot, "SNAPSHOT"), (snapshot.lower(), "snapshot"), (when, "WHEN")):
        text = text.replace(told, stands_for)
    return text


def snapshot_of(body: bytes) -> str:
    """The snapshot that an answer says it was made from."""
    answer = json.loads(body)
    snapshot = answer["meta"]["snapshot"] if "meta" in answer else answer["snapshot"]
    return str(snapshot)
