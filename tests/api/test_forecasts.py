"""`python -m api.forecasts`: what is committed, once, and never again."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import api.forecasts
from api.forecasts import commit
from api.resources.outlook.committed import PAIRS, key_of
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake.errors import ConflictError
from lake.origin import Origin
from lake.storage import FolderStorage
from tests.support.client import EVENING, Client

TICKERS = ("AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "QQQ", "SCHG", "TSLA", "VOO")
KEYS = [
    f"forecasts/dt={LAST}/{name}.json"
    for name in ("META-GOOGL_VOO-SCHG", "QQQ_VOO", "SCHG_VOO", "AAPL-AMZN-GOOGL-META-MSFT-NVDA-TSLA_VOO")
]


def lake(root: Path, origin: Origin, **fewer: int) -> Path:
    """Every ticker up to the last session, or so many sessions fewer."""
    ends = {ticker: len(SESSIONS) - fewer.get(ticker, 0) for ticker in TICKERS}
    market = {
        ticker: History(walk(seed, SESSIONS[: ends[ticker]], 50)) for seed, ticker in enumerate(TICKERS) if ends[ticker]
    }
    return publish(root, market, origin=origin)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, DuckDBStore]]:
    root = lake(tmp_path_factory.mktemp("live"), "live")
    store = DuckDBStore(root)
    yield root, store
    store.close()


def committed(root: Path) -> dict[str, bytes]:
    storage = FolderStorage(root)
    return {key: storage.read(key) for key in storage.list("forecasts/")}


def run(root: Path, store: DuckDBStore, now: datetime = EVENING, storage: FolderStorage | None = None) -> list[str]:
    return asyncio.run(commit(store, storage or FolderStorage(root), now)).added


def test_each_pair_and_horizon_is_committed_once(live: tuple[Path, DuckDBStore]) -> None:
    root, store = live
    assert [key_of(LAST, pair) for pair in PAIRS] == KEYS
    assert run(root, store) == KEYS
    first = committed(root)
    assert sorted(first) == sorted(KEYS)
    # Another run on the same snapshot, a day later: nothing is added, and not a byte is rewritten.
    later = asyncio.run(commit(store, FolderStorage(root), EVENING + timedelta(days=1)))
    assert (later.added, later.there, later.left_out) == ([], KEYS, [])
    assert committed(root) == first


def test_the_probability_is_that_of_the_outlook(live: tuple[Path, DuckDBStore]) -> None:
    root, store = live
    run(root, store)
    client = Client.of(store)
    for (a, b), key in zip(PAIRS, KEYS, strict=True):
        month, quarter = (json.loads(line) for line in committed(root)[key].splitlines())
        for one, horizon, sessions in ((month, "1m", 21), (quarter, "3m", 63)):
            (wanted,) = client.json("/outlook", a=",".join(a), b=",".join(b), horizon=horizon)["summary"]
            assert one["probability"] == wanted["p_a_beats_b"]
            assert (one["horizon"], one["baskets"]) == (sessions, {"a": list(a), "b": list(b)})
            assert (one["as_of"], one["made"]) == (str(LAST), "2026-11-21T02:00:00Z")
            assert one["snapshot"] == "20261121T013005Z"


def test_a_second_publish_of_the_session_leaves_the_first_ones_forecasts(tmp_path: Path) -> None:
    """Its closes are corrected, so that it would say something else: who could choose between them would be tuning."""
    store = DuckDBStore(lake(tmp_path, "live"))
    assert run(tmp_path, store) == KEYS
    store.close()
    first = committed(tmp_path)
    corrected = {ticker: History(walk(seed + 50, SESSIONS, 50)) for seed, ticker in enumerate(TICKERS)}
    store = DuckDBStore(publish(tmp_path, corrected, snapshot="20261121T030000Z", origin="live"))
    later = asyncio.run(commit(store, FolderStorage(tmp_path), EVENING + timedelta(hours=2)))
    (wanted,) = Client.of(store).json("/outlook", a="QQQ", b="VOO", horizon="1m")["summary"]
    store.close()
    assert (later.added, later.there) == ([], KEYS)
    assert committed(tmp_path) == first
    assert json.loads(first[KEYS[1]].splitlines()[0])["probability"] != wanted["p_a_beats_b"]


class Blind(FolderStorage):
    """Lists nothing, as for a run that looked before another one wrote."""

    def list(self, prefix: str) -> Iterator[str]:
        return iter(())


def test_of_two_runs_at_once_the_first_stands(live: tuple[Path, DuckDBStore]) -> None:
    root, store = live
    run(root, store)
    first = committed(root)
    overtaken = asyncio.run(commit(store, Blind(root), EVENING + timedelta(hours=1)))
    assert (overtaken.added, overtaken.there, overtaken.left_out) == ([], KEYS, [])
    assert committed(root) == first
    with pytest.raises(ConflictError):
        FolderStorage(root).write_if(KEYS[0], b"{}", None)


def test_a_simulated_lake_keeps_no_record(tmp_path: Path) -> None:
    store = DuckDBStore(lake(tmp_path, "simulated"))
    found = asyncio.run(commit(store, FolderStorage(tmp_path), EVENING))
    assert (found.added, committed(tmp_path)) == ([], {})
    assert found.left_out == ["a simulated lake has invented prices, so that a track record would mean nothing"]
    body = Client.of(store).json("/outlook/record")
    store.close()
    assert (body["rows"], body["summary"]) == ([], [])
    assert "so a track record means nothing" in body["claim"]


def test_a_pair_without_todays_closes_is_left_out_and_the_others_are_committed(tmp_path: Path) -> None:
    """A forecast from an older session would know less than its date says."""
    store = DuckDBStore(lake(tmp_path, "recorded", META=1, SCHG=300))
    found = asyncio.run(commit(store, FolderStorage(tmp_path), EVENING))
    store.close()
    assert found.added == [KEYS[1]]
    assert found.left_out == [
        f"META+GOOGL and VOO+SCHG: no close of META, SCHG on {LAST}",
        f"SCHG and VOO: no close of SCHG on {LAST}",
        f"AAPL+AMZN+GOOGL+META+MSFT+NVDA+TSLA and VOO: no close of META on {LAST}",
    ]


def test_too_little_history_is_said(tmp_path: Path) -> None:
    market = {ticker: History(walk(seed, SESSIONS[-50:], 50)) for seed, ticker in enumerate(("QQQ", "VOO"))}
    store = DuckDBStore(publish(tmp_path, market, origin="live"))
    found = asyncio.run(commit(store, FolderStorage(tmp_path), EVENING))
    store.close()
    assert found.added == []
    assert "an outlook needs at least 99" in found.left_out[1]


def test_the_command_and_the_lambda_commit_to_the_lake_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAKE", str(lake(tmp_path, "live")))
    api.forecasts._opened.cache_clear()
    assert api.forecasts.main() == 0
    assert capsys.readouterr().out == "bellwether: forecasts: 4 committed, 0 already there\n"
    found = api.forecasts.handler({"detail": {"state": "SUCCEEDED"}}, None)
    assert found == {"added": [], "there": KEYS, "left_out": []}
    api.forecasts._opened.cache_clear()


def test_a_lake_that_cannot_be_opened_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAKE", "ftp://somewhere")
    api.forecasts._opened.cache_clear()
    assert api.forecasts.main() == 2
    assert capsys.readouterr().err == "bellwether: LAKE=ftp://somewhere: a lake is a folder or s3://bucket/prefix\n"
