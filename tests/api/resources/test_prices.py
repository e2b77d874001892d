"""`/prices`, against the bars the lake was written from."""

import pytest

from benchmarks.support.markets import LAST, MISSING_DAY, SESSIONS, SILENT_DAY, SPLIT_DAY, small_market
from lake.snapshot import Manifest, TickerManifest
from tests.support.client import Client
from tests.support.stores import ManifestStore

MARKET = small_market()
KEYS = ["time", "ticker", "open", "high", "low", "close", "volume"]
FIGURES = ["change", "change_ratio", "range", "range_ratio", "gap", "intraday"]


def test_rows_are_ascending_and_have_every_field(client: Client) -> None:
    rows = client.json("/prices", tickers="QQQ,AMZN", range="20d")["rows"]
    assert [(row["time"], row["ticker"]) for row in rows] == [
        (f"{day}T00:00:00Z", ticker) for day in SESSIONS[-20:] for ticker in ("AMZN", "QQQ")
    ]
    assert all(list(row) == KEYS + FIGURES for row in rows)


def test_figures_of_a_day_from_its_bar_and_the_previous_close(client: Client) -> None:
    first = client.json("/prices", tickers="AMZN", range="20d")["rows"][0]
    before, bar = MARKET["AMZN"].bars[-21:-19]
    assert [first[name] for name in KEYS[2:]] == [bar.open, bar.high, bar.low, bar.close, bar.volume]
    assert [first[name] for name in FIGURES] == pytest.approx(
        [
            bar.close - before.close,
            bar.close / before.close - 1,
            bar.high - bar.low,
            (bar.high - bar.low) / bar.open,
            bar.open / before.close - 1,
            bar.close / bar.open - 1,
        ],
        rel=1e-12,
    )


def test_a_split_changes_only_raw_prices(client: Client) -> None:
    span = {"first": str(SESSIONS[249]), "last": str(SPLIT_DAY)}
    split = client.json("/prices", tickers="NVDA", **span)
    raw = client.json("/prices", tickers="NVDA", basis="raw", **span)
    assert abs(split["rows"][1]["change_ratio"]) < 0.1
    assert raw["rows"][1]["change_ratio"] == pytest.approx(-0.9, abs=0.01)
    assert split["rows"][0]["close"] == pytest.approx(raw["rows"][0]["close"] / 10)
    assert split["rows"][0]["volume"] == pytest.approx(raw["rows"][0]["volume"] * 10)
    assert (
        f"NVDA: raw prices are as traded, so that its split of {SPLIT_DAY} shows as a change of price"
        in raw["warnings"]
    )
    assert len(split["warnings"]) == 1


def test_total_is_anchored_at_the_newest_close_and_scales_the_whole_bar(client: Client) -> None:
    """One dividend of 0.02 at SESSIONS[290]: the bars before it are scaled by C ÷ (C + D), C the close of that day."""
    span = {"first": str(SESSIONS[285]), "last": str(SESSIONS[292])}
    split = client.json("/prices", tickers="NVDA", **span)["rows"]
    total = client.json("/prices", tickers="NVDA", basis="total", **span)["rows"]
    shrink = MARKET["NVDA"].bars[290].close / (MARKET["NVDA"].bars[290].close + 0.02)
    for name in ("open", "high", "low", "close"):
        assert total[0][name] == pytest.approx(split[0][name] * shrink, rel=1e-12)
        assert total[7][name] == pytest.approx(split[7][name], rel=1e-12)
    assert total[0]["volume"] == split[0]["volume"]
    early = client.json("/prices", tickers="NVDA", basis="total", first=str(SESSIONS[285]), last=str(SESSIONS[287]))
    assert early["rows"][0]["close"] == total[0]["close"]  # anchored in the snapshot, not in the window


def test_nulls(client: Client) -> None:
    (silent,) = client.json("/prices", tickers="QQQ", first=str(SILENT_DAY), last=str(SILENT_DAY))["rows"]
    assert silent["volume"] is None
    after = client.json("/prices", tickers="META", first=str(MISSING_DAY), last=str(SESSIONS[281]))
    assert [row["time"][:10] for row in after["rows"]] == [str(SESSIONS[281])]
    assert [after["rows"][0][name] for name in ("change", "change_ratio", "gap")] == [None] * 3
    assert after["rows"][0]["range"] is not None
    body = client.json("/prices", tickers="TSLA", basis="total", range="5d")
    assert {row["close"] for row in body["rows"]} == {None}
    assert "TSLA: its dividends are unknown, so no total return is given" in body["warnings"]


def test_summary(client: Client) -> None:
    (summary,) = client.json("/prices", tickers="QQQ", range="20d")["summary"]
    bars = MARKET["QQQ"].bars[-20:]
    volumes = [bar.volume for bar in bars if bar.volume is not None]
    assert (summary["sessions"], summary["last_session"], summary["last_close"]) == (20, str(LAST), bars[-1].close)
    assert summary["average_volume"] == pytest.approx(sum(volumes) / 19)
    assert summary["average_range_ratio"] == pytest.approx(sum((bar.high - bar.low) / bar.open for bar in bars) / 20)


def test_meta_and_the_first_warning(client: Client) -> None:
    body = client.json("/prices", tickers="VOO", range="5d")
    meta = body["meta"]
    assert meta["window"] == {"from": str(SESSIONS[-5]), "to": str(LAST), "base": str(SESSIONS[-6]), "sessions": 5}
    assert (meta["simulated"], meta["origin"], meta["sources"]) == (True, "simulated", ["simulated"])
    assert (meta["as_of"], meta["basis"], meta["benchmark"]) == (str(LAST), "split", None)
    assert body["warnings"] == ["simulated data: the prices are invented, not a market's"]


def test_coverage_counts_from_the_listing_and_names_what_is_missing(client: Client) -> None:
    body = client.json("/prices", tickers="NEWCO,META,AAPL", first=str(SESSIONS[100]), last=str(LAST))
    newco, meta, apple = body["meta"]["coverage"]
    assert (newco["expected"], newco["found"], newco["ratio"], newco["first"]) == (100, 100, 1.0, str(SESSIONS[200]))
    assert (meta["expected"], meta["found"]) == (200, 199)
    assert (apple["expected"], apple["found"], apple["ratio"], apple["last"]) == (200, 0, 0.0, None)
    assert body["warnings"][1:] == [
        f"META: 199 of the period's 200 sessions are in the lake; missing: {MISSING_DAY}",
        "AAPL: not in the lake (its splits are unknown), so nothing is given for it",
    ]


def test_a_window_after_the_newest_session_is_empty_and_says_so(client: Client) -> None:
    body = client.json("/prices", tickers="VOO", first="2026-11-21")
    assert (body["rows"], body["meta"]["window"]["sessions"]) == ([], 0)
    assert body["warnings"][-1] == f"the period begins on 2026-11-21, after {LAST}, the newest session in the lake"
    assert (body["meta"]["window"]["from"], body["meta"]["window"]["to"]) == ("2026-11-21", "2026-11-21")


@pytest.mark.parametrize(
    "path", ["/prices", "/compare", "/returns", "/volatility", "/seasonality", "/events", "/sentiment"]
)
@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-09-05", "2026-09-07", "the market was closed from 2026-09-05 to 2026-09-07"),  # with Labor Day
        ("2026-07-03", "2026-07-03", "the market was closed on 2026-07-03"),  # Independence Day, observed
        ("2026-11-21", "2026-11-22", "the market was closed from 2026-11-21 to 2026-11-22"),  # after the newest session
        ("2026-11-21", "2026-11-30", f"the period begins on 2026-11-21, after {LAST}, the newest session in the lake"),
        ("2035-01-01", "2035-02-01", f"the period begins on 2035-01-01, after {LAST}"),  # after the calendar's end too
        ("1955-01-01", "1955-02-01", "the period ends on 1955-02-01, before 1962-01-02"),
    ],
)
def test_a_window_without_a_session_says_why(client: Client, path: str, first: str, last: str, words: str) -> None:
    body = client.json(path, tickers="VOO", first=first, last=last)
    assert sum(text.startswith(words) for text in body["warnings"]) == 1
    assert (body["meta"]["window"]["from"], body["meta"]["window"]["to"]) == (first, last)


def test_max_of_one_ticker_includes_its_first_session(client: Client) -> None:
    body = client.json("/prices", tickers="VOO", range="max")
    assert (len(body["rows"]), body["rows"][0]["time"][:10]) == (len(SESSIONS), str(SESSIONS[0]))
    assert body["rows"][0]["change"] is None
    (coverage,) = body["meta"]["coverage"]
    assert (coverage["found"], coverage["first"]) == (len(SESSIONS), str(SESSIONS[0]))
    assert len(client.json("/volatility", tickers="VOO", range="max")["rows"]) == len(SESSIONS)


def test_an_asterisk_means_every_ticker(client: Client) -> None:
    known = [row["value"] for row in client.json("/tickers")["rows"]]
    body = client.json("/prices", tickers="*", range="1d")
    assert [entry["ticker"] for entry in body["meta"]["coverage"]] == known
    assert {row["ticker"] for row in body["rows"]} == set(MARKET)
    mixed = client.get("/prices", {"tickers": "*,AMZN"})
    assert (mixed.status_code, mixed.json()["parameter"]) == (400, "tickers")


def test_an_asterisk_is_bounded_by_rows_and_not_by_the_limit_of_tickers() -> None:
    names = [f"Z{one}{two}" for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for two in "ABCDEFGHIJKLMNOPQRST"]
    entry = TickerManifest(SESSIONS[0], SESSIONS[-1], len(SESSIONS), "", "", "", ())
    manifest = Manifest("20261121T013005Z", "", "live", 0, (), dict.fromkeys(names, entry))
    client = Client.of(ManifestStore(manifest))
    year = client.get("/prices", {"tickers": "*", "range": "1y"})
    assert (year.status_code, year.json()["parameter"]) == (400, "range")
    assert "at most 14598 rows of 13 columns" in year.json()["detail"]
