"""The lake of the soak test: two markets without a figure in common, published and rolled back in turn."""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.support.lakes import Bar, History, publish
from benchmarks.support.markets import small_market
from lake import layout
from lake.snapshot import read_pointer, swap_pointer
from lake.storage import FolderStorage

FIRST = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
RETAINED = 6  # snapshots in the lake besides the two sources; glue retains a few too
MARKETS = 2


def market_of(snapshot: str) -> int:
    """The number of the market in a snapshot: the parity of its timestamp's seconds."""
    return int(snapshot[-3:-1]) % MARKETS


def snapshot_id(number: int) -> str:
    """The id of the n-th snapshot; they are one second apart."""
    return layout.stamp(FIRST + timedelta(seconds=number))


def other_market() -> dict[str, History]:
    """The small market at three times the prices and without the last session, so that every figure differs."""
    return {ticker: _tripled(history) for ticker, history in small_market().items()}


def _tripled(history: History) -> History:
    bars = [
        Bar(bar.day, bar.open * 3, bar.high * 3.3, bar.low * 3, bar.close * 3, bar.volume) for bar in history.bars[:-1]
    ]
    return History(bars, history.splits, history.dividends, history.sentiment)


def publish_both_markets(root: Path) -> None:
    """Publish both markets; the second one is served."""
    publish(root, small_market(), snapshot=snapshot_id(0))
    publish(root, other_market(), snapshot=snapshot_id(1))


@dataclass
class Publisher:
    """Publishes a snapshot every `every` seconds until it is stopped, and rolls back after every third one."""

    storage: FolderStorage
    every: float
    published: int = 0
    rolled_back: int = 0
    _ids: list[str] = field(default_factory=lambda: [snapshot_id(0), snapshot_id(1)])
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run until `stop` is called; blocks, hence for a thread of its own."""
        while not self._stop.wait(self.every):
            self.publish_next()
            if self.published % 3 == 0 and not self._stop.wait(self.every):
                self.roll_back()

    def stop(self) -> None:
        self._stop.set()

    def publish_next(self) -> None:
        """Publish the other market under a new id: data, then manifest, then pointer, as glue does."""
        # Copied from one of the first two snapshots: publishing through Spark would take longer than the interval.
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
        """Delete old snapshots, but not the first two, from which new ones are copied."""
        while len(self._ids) > RETAINED + MARKETS:
            self.storage.delete_prefix(layout.snapshot(self._ids.pop(MARKETS)))


def without_snapshot(body: bytes, snapshot: str) -> str:
    """An answer without its snapshot's id and time, so that it is equal for every snapshot of one market."""
    published_at = datetime.strptime(snapshot, "%Y%m%dT%H%M%S%z").isoformat().replace("+00:00", "Z")
    text = body.decode()
    for value, placeholder in ((snapshot, "SNAPSHOT"), (snapshot.lower(), "snapshot"), (published_at, "TIME")):
        text = text.replace(value, placeholder)
    return text


def snapshot_of(body: bytes) -> str:
    """The snapshot that an answer names in its metadata."""
    answer = json.loads(body)
    snapshot = answer["meta"]["snapshot"] if "meta" in answer else answer["snapshot"]
    return str(snapshot)
