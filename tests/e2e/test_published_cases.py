"""What is published of the inputs of tests/cases, and what the API answers from it.

The right values were computed from the files with plain Python, and again with pandas, numpy, scipy and empyrical,
before and apart from this code. One run of Spark publishes all cases, each under tickers of its own; the correction of
the bad print is a second one.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from api.store.duckdb import DuckDBStore
from lake.origin import claim_origin
from lake.snapshot import Manifest
from lake.storage import FolderStorage
from tests.support.case_lake import Case, Step, add
from tests.support.client import Client
from tests.support.publishing import publish

NOW = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)


def imported(folder: str, files: str, tickers: dict[str, str], **options: Any) -> Case:
    return Case(folder, tickers, [Step(files.split(), **options)])


VENDOR = ("AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "QQQ", "SCHG", "TSLA", "VOO")
RATIO = {ticker: f"R{ticker}" for ticker in VENDOR}
WRONG_ROW = "one-wrong-row"
CASES = (
    imported("stale-split-own-end", "NVDA.csv NVDA_splits.csv", {"NVDA": "OWNEND"}, basis="split"),
    imported("stale-split-own-end", "NVDA.csv NVDA_splits.csv", {"NVDA": "ASOF"}, basis="split", as_of="2021-08-12"),
    imported("stale-split-today-exact", "NVDA.csv NVDA_splits.csv", {"NVDA": "EXACT"}, basis="split"),
    imported("stale-split-today-rounded", "NVDA.csv NVDA_splits.csv", {"NVDA": "CENTS"}, as_of="2024-06-10"),
    imported("dividend-adjusted-column", "MSFT.csv MSFT_splits.csv", {"MSFT": "COLUMN"}, basis="split"),
    imported("split-adjusted-single-precision", "AAPL.csv AAPL_splits.csv", {"AAPL": "SINGLE"}, basis="split"),
    imported("hole", "MSFT.csv VOO.csv MSFT_splits.csv VOO_splits.csv MSFT_dividends.csv VOO_dividends.csv",
             {"MSFT": "HOLEM", "VOO": "HOLEV"}, basis="raw"),
    imported("hole-of-one", "GOOGL.csv GOOGL_splits.csv GOOGL_dividends.csv", {"GOOGL": "HOLE"}, basis="raw"),
    Case("actions-file", {"NVDA": "ACTION"}, [
        Step(["NVDA.csv", "splits/NVDA.json", "dividends/NVDA.json"], "raw"), Step(["NVDA_actions.csv"]),
    ]),
    Case("daily-adjusted-csv", {"SCHG": "DAYCSV"}, [
        Step(["splits/SCHG.json", "dividends/SCHG.json"]), Step(["SCHG.csv"], "raw"),
    ]),
    imported("daily-json", "VOO.json VOO_splits.csv", {"VOO": "DAYJS"}),
    imported("daily-adjusted-json", "MSFT.json MSFT_splits.csv MSFT_dividends.csv", {"MSFT": "ADJJS"}, basis="raw"),
    imported("vendor-off-cents", "SCHG.csv SCHG_splits.csv", {"SCHG": "OFF"}, basis="raw"),
    imported("split-adjusted-dividends", "NVDA.csv NVDA_splits.csv NVDA_dividends.csv", {"NVDA": "PAID"}, basis="raw"),
    Case("split-adjusted-dividends-actions", {"NVDA": "PAIDA"}, [
        Step(["NVDA_splits.csv"]), Step(["NVDA_actions.csv"]), Step(["NVDA.csv"], "raw"),
    ]),
    imported("special-dividend", "SCHG.csv SCHG_splits.csv SCHG_dividends.csv", {"SCHG": "EXTRA"}, basis="raw"),
    Case("split-ratios", RATIO, [Step()]),
    Case("dividend-above-price", {"AMZN": "ABOVE", "VOO": "ABOVEV", "SCHG": "PAYOUT"}, [Step()]),
    imported("renamed-ticker", "META.csv META_splits.csv META_dividends.csv", {"META": "META"}, basis="raw"),
    imported("ten-times-volume", "QQQ.csv VOO.csv AAPL.csv QQQ_splits.csv VOO_splits.csv AAPL_splits.csv",
             {"QQQ": "TENQ", "VOO": "TENV", "AAPL": "TENA"}, basis="raw"),
    Case("given-twice", {"MSFT": "TWICEM", "GOOGL": "TWICEG", "AAPL": "TWICEA", "META": "TWICEF"}, [Step()]),
    imported("name-column-same", "AAPL.csv AAPL_splits.csv", {"AAPL": "NAMES"}, basis="raw"),
    imported("name-column-company", "AAPL.csv AAPL_splits.csv", {"AAPL": "NAMEC"}, basis="raw"),
    imported(WRONG_ROW, "NVDA.csv NVDA_splits.csv", {"NVDA": "ROWA"}, basis="raw"),
    Case(WRONG_ROW, {"NVDA": "ROWB"}, [Step(["NVDA_splits.csv"]), Step(["NVDA.csv"], "raw")]),
    Case(WRONG_ROW, {"NVDA": "ROWC"}, [Step(["NVDA.csv"], "raw"), Step(["NVDA_splits.csv"])]),
    Case("tiny-and-huge", {"MSFT": "TINY", "NVDA": "HUGE", "VOO": "USUAL"}, [Step()]),
    imported("tiny-and-huge-csv", "MSFT.csv MSFT_splits.csv", {"MSFT": "TINYC"}, basis="raw"),
)  # fmt: skip
BAD_PRINT = {"QQQ": "BADQ", "VOO": "BADV", "TSLA": "BADT"}
RUNS = (("day-1", "day-2"), ("day-3",))  # the days of the bad print that each run publishes


@dataclass(frozen=True)
class Published:
    """After each of the two runs the manifest and the bad print's prices, and a client of the API after the last."""

    manifests: list[Manifest]
    client: Client
    bad_prints: list[dict[str, Any]]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    root = tmp_path_factory.mktemp("cases")
    storage = FolderStorage(root / "lake")
    claim_origin(storage, "recorded")
    for number, case in enumerate(CASES):
        add(case, root / f"case-{number}", storage)
    manifests, bad_prints = [], []
    for number, days in enumerate(RUNS):
        for day in days:
            add(Case("bad-print", BAD_PRINT, [Step(feed=day, hour=int(day[-1]))]), root / day, storage)
        manifests.append(publish(root / "lake", f"202611{29 + number}T020000Z"))
        with closing(DuckDBStore(root / "lake")) as store:
            asked = {"first": "2025-11-19", "last": "2025-11-21"}
            bad_prints.append(Client.of(store, NOW).json("/prices", tickers="BADQ,BADV,BADT", **asked))
    with closing(DuckDBStore(root / "lake")) as store:
        yield Published(manifests, Client.of(store, NOW), bad_prints)


@pytest.fixture(scope="module")
def client(published: Published) -> Client:
    return published.client


def rows(body: Mapping[str, Any], name: str, **only: str) -> dict[str, Any]:
    """A column of an answer's rows, by day."""
    chosen = (row for row in body["rows"] if all(row[key] == value for key, value in only.items()))
    return {row["time"][:10]: row[name] for row in chosen}


def one(body: Mapping[str, Any], ticker: str | None = None) -> dict[str, Any]:
    """The summary of the ticker."""
    (found,) = (row for row in body["summary"] if ticker in (None, row["ticker"]))
    return dict(found)


def close(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def prices(client: Client, ticker: str, first: str, last: str, basis: str = "split", column: str = "close") -> Any:
    return rows(client.json("/prices", tickers=ticker, first=first, last=last, basis=basis), column)


def events(client: Client, ticker: str, kind: str, first: str, last: str) -> dict[str, Any]:
    return rows(client.json("/events", tickers=ticker, first=first, last=last), "value", kind=kind)


@pytest.mark.parametrize("ticker", ["OWNEND", "ASOF", "EXACT"])
def test_split_adjusted_prices_are_published_as_traded(client: Client, ticker: str) -> None:
    raw = prices(client, ticker, "2021-07-01", "2021-08-12", "raw")
    assert (raw["2021-07-19"], raw["2021-08-12"]) == close((747.53, 218.92))


def test_a_split_after_the_last_bar_adjusts_nothing(client: Client) -> None:
    """The split of 2024-06-10 is known, and the bars end in 2021."""
    adjusted = prices(client, "OWNEND", "2021-07-01", "2021-08-12")
    assert (adjusted["2021-07-19"], adjusted["2021-08-12"]) == close((186.8825, 218.92))


def test_prices_that_the_source_rounded_are_right_within_their_rounding(client: Client) -> None:
    raw = prices(client, "CENTS", "2021-07-01", "2021-08-12", "raw")
    assert raw["2021-07-19"] == pytest.approx(747.53, abs=0.2)
    assert raw["2021-08-12"] == pytest.approx(218.92, abs=0.05)


def test_the_close_is_served_and_not_the_adjusted_one_beside_it(client: Client) -> None:
    assert prices(client, "COLUMN", "2025-03-03", "2025-03-03", "raw") == {"2025-03-03": close(391.56)}


def test_single_precision_comes_out_as_traded(client: Client) -> None:
    raw = prices(client, "SINGLE", "2014-06-05", "2014-06-09", "raw")
    assert raw["2014-06-06"] == pytest.approx(596.82, abs=1e-4)
    assert raw["2014-06-09"] == pytest.approx(86.75, abs=1e-4)


def test_a_move_across_a_hole_is_no_daily_return(client: Client) -> None:
    window = {"first": "2025-01-03", "last": "2025-10-20"}
    body = client.json("/returns", tickers="HOLEM", benchmark="none", **window)
    found = one(body)
    assert rows(body, "daily_return")["2025-07-28"] is None
    assert (found["returns"], found["best_day_on"], found["worst_day_on"]) == (118, "2025-09-03", "2025-08-01")
    right = {
        "best_day": 0.0340433213, "worst_day": -0.0339015761, "average_daily_return": -0.0040926521,
        "geometric_daily_return": -0.0041828018, "volatility": 0.2135693179, "cumulative_return": 0.0736757320,
        "max_drawdown": -0.3229469395,
    }  # fmt: skip
    assert {name: found[name] for name in right} == pytest.approx(right, abs=1e-9)
    assert any("80 sessions" in text and "2025-04-01" in text and "2025-07-25" in text for text in body["warnings"])
    found = one(client.json("/volatility", tickers="HOLEM", **window))
    assert found["ewma_volatility"] == pytest.approx(0.2279517557, abs=1e-9)
    assert found["expected_range_1d"] == pytest.approx(0.0143596109, abs=1e-9)


def test_tickers_are_compared_on_the_sessions_of_both(client: Client) -> None:
    body = client.json("/compare", tickers="HOLEM,HOLEV", benchmark="none", first="2025-01-03", last="2025-10-20")
    assert {(found["sessions"], found["returns"]) for found in body["summary"]} == {(119, 118)}
    assert one(body, "HOLEV")["volatility"] == pytest.approx(0.1483163457, abs=1e-9)
    body = client.json("/outlook", a="HOLEM", b="HOLEV", first="2025-01-03", last="2025-10-20")
    assert body["past"]["sessions"] == 118
    assert body["past"]["mean_spread"] == pytest.approx(-0.9483368981, abs=1e-9)
    assert body["summary"][0]["weight_on_history"] == pytest.approx(0.0778670198, abs=1e-9)


def test_one_missing_session_makes_one_return_less(client: Client) -> None:
    body = client.json("/returns", tickers="HOLE", benchmark="none", first="2025-10-02", last="2025-11-11")
    found = one(body)
    assert (rows(body, "daily_return")["2025-10-27"], found["returns"]) == (None, 27)
    right = {"volatility": 0.3000736429, "average_daily_return": 0.0033934072, "cumulative_return": 0.0905112393}
    assert {name: found[name] for name in right} == pytest.approx(right, abs=1e-9)


def test_a_file_of_events_replaces_only_those_of_its_own_days(client: Client) -> None:
    assert events(client, "ACTION", "split", "2000-01-01", "2025-03-13") == {
        "2000-06-27": 2, "2001-09-17": 2, "2006-04-07": 2, "2007-09-11": 1.5, "2021-07-20": 4, "2024-06-10": 10
    }  # fmt: skip
    assert events(client, "ACTION", "dividend", "2000-01-01", "2025-03-13") == {
        "2023-12-05": 0.04, "2024-03-05": 0.04, "2024-06-11": 0.01, "2024-09-12": 0.01, "2024-12-05": 0.01,
        "2025-03-12": 0.01,
    }  # fmt: skip
    assert prices(client, "ACTION", "2020-01-02", "2020-01-02") == {"2020-01-02": close(5.75125)}
    total = list(prices(client, "ACTION", "2024-09-11", "2024-09-12", "total").values())
    assert total[1] / total[0] - 1 == pytest.approx(0.0044093954, abs=1e-9)


def test_a_daily_adjusted_csv_brings_its_split_and_its_dividend(client: Client) -> None:
    assert events(client, "DAYCSV", "split", "2022-01-01", "2024-10-25") == {"2022-03-11": 2, "2024-10-11": 4}
    paid = {"2024-06-26": 0.0981, "2024-09-25": 0.1144}
    assert events(client, "DAYCSV", "dividend", "2022-01-01", "2024-10-25") == paid
    found = one(client.json("/compare", tickers="DAYCSV", benchmark="DAYCSV", first="2024-09-17", last="2024-10-25"))
    assert found["cumulative_return"] == pytest.approx(-0.0344292503, abs=1e-9)
    assert found["cumulative_total_return"] == pytest.approx(-0.0333449145, abs=1e-9)
    assert prices(client, "DAYCSV", "2024-10-10", "2024-10-10") == {"2024-10-10": close(25.2125)}
    volume = prices(client, "DAYCSV", "2024-10-10", "2024-10-10", column="volume")
    assert volume == {"2024-10-10": pytest.approx(5802696, abs=0.5)}


def test_daily_answers_of_the_vendor_as_files(client: Client) -> None:
    assert prices(client, "DAYJS", "2025-11-21", "2025-11-21") == {"2025-11-21": close(621.23)}
    assert prices(client, "DAYJS", "2025-11-21", "2025-11-21", column="volume") == {"2025-11-21": 6375542}
    assert events(client, "ADJJS", "split", "2003-01-01", "2025-08-29") == {"2003-02-18": 2}
    paid = {"2025-05-15": 0.83, "2025-08-21": 0.83}
    assert events(client, "ADJJS", "dividend", "2003-01-01", "2025-08-29") == paid
    found = one(client.json("/compare", tickers="ADJJS", benchmark="ADJJS", first="2025-08-04", last="2025-08-29"))
    assert found["cumulative_return"] == pytest.approx(-0.0071610770, abs=1e-9)
    assert found["cumulative_total_return"] == pytest.approx(-0.0055906084, abs=1e-9)


def test_a_close_of_the_vendor_off_the_cent_is_served_as_it_is(client: Client) -> None:
    assert prices(client, "OFF", "2012-06-05", "2012-06-05", "raw") == {"2012-06-05": close(31.2542)}


@pytest.mark.parametrize("ticker", ["PAID", "PAIDA"])
def test_dividends_are_published_as_paid(client: Client, ticker: str) -> None:
    assert list(events(client, ticker, "dividend", "2023-12-01", "2024-09-13").values()) == [0.04, 0.04, 0.01, 0.01]
    splits = events(client, ticker, "split", "2021-01-01", "2024-09-13")
    assert splits["2024-06-10"] == 10
    found = one(client.json("/compare", tickers=ticker, benchmark=ticker, first="2023-12-05", last="2024-09-13"))
    assert found["cumulative_total_return"] == pytest.approx(1.6099957950, abs=1e-9)
    assert found["cumulative_return"] == pytest.approx(1.6092081996, abs=1e-9)


def test_a_special_dividend_is_reinvested_as_it_is(client: Client) -> None:
    found = one(client.json("/compare", tickers="EXTRA", benchmark="EXTRA", first="2025-03-04", last="2025-03-28"))
    assert found["cumulative_total_return"] == pytest.approx(-0.0087677947, abs=1e-9)
    assert found["cumulative_return"] == pytest.approx(-0.0217305413, abs=1e-9)


@pytest.mark.parametrize(
    ("ticker", "kind", "raw", "adjusted"),
    [
        ("VOO", "split", (2.83, 110426806), (91.290323, 3423230.99)),
        ("QQQ", "split", (0.5378, 355122000), (67.225, 2840976.00)),
        ("SCHG", "split", (0.2584, 336716500), (25.84, 3367165.00)),
        ("AAPL", "spin_off", (240.91, 3236108), (191.837872, 3236108.00)),
        ("AMZN", "spin_off", (175.85, 2754073), (139.963387, 2754073.00)),
        ("META", "spin_off", (349.26, 2605800), (335.278871, 2605800.00)),
        ("GOOGL", "split", (171.41, 3150261), (163.247619, 3307774.05)),
        ("MSFT", "split", (312.65, 2584702), (284.227273, 2843172.20)),
        ("NVDA", "split", (146.34, 2117960), (117.072, 2647450.00)),
        ("TSLA", "split", (352.56, 1902516), (235.04, 2853774.00)),
    ],
)
def test_which_ratios_scale_the_shares_too(
    client: Client, ticker: str, kind: str, raw: tuple[float, int], adjusted: tuple[float, float]
) -> None:
    mine, day = RATIO[ticker], "2025-11-05"
    for basis, figures in (("raw", raw), ("split", adjusted)):
        (row,) = client.json("/prices", tickers=mine, first=day, last=day, basis=basis)["rows"]
        assert (row["close"], row["volume"]) == (
            pytest.approx(figures[0], abs=1e-6), pytest.approx(figures[1], abs=0.5)
        )  # fmt: skip
    (event,) = client.json("/events", tickers=mine, first="2025-11-06", last="2025-11-06")["rows"]
    assert event["kind"] == kind


def test_a_dividend_above_the_price_is_set_aside_and_stops_nobody(published: Published) -> None:
    client, day = published.client, {"first": "2025-11-21", "last": "2025-11-21"}
    rows_of_day = client.json("/prices", tickers="ABOVE,ABOVEV,PAYOUT", **day)["rows"]
    assert {row["ticker"]: row["close"] for row in rows_of_day} == {"ABOVE": 109.86, "ABOVEV": 606.19, "PAYOUT": 36.71}
    frozen = published.manifests[-1].frozen["ABOVE"]
    assert frozen.rule == "implausible_dividend"
    assert "150 with ex-date 2025-11-18" in frozen.message
    assert "108.57" in frozen.message
    assert events(client, "ABOVE", "dividend", "2025-10-21", "2025-11-21").get("2025-11-18") is None
    assert events(client, "PAYOUT", "dividend", "2025-10-21", "2025-11-21")["2025-11-18"] == 60
    found = one(client.json("/compare", tickers="PAYOUT", benchmark="none", first="2025-10-22", last="2025-11-21"))
    assert found["cumulative_return"] == pytest.approx(-0.6350894632, abs=1e-9)
    assert found["cumulative_total_return"] == pytest.approx(-0.0430226107, abs=1e-9)


def test_rows_of_another_instrument_are_not_published(client: Client) -> None:
    found = one(client.json("/returns", tickers="META", benchmark="none", range="max"))
    assert (found["returns"], found["best_day_on"]) == (24, "2022-06-16")
    right = {"best_day": 0.0353758686, "cumulative_return": -0.1388586957, "volatility": 0.3512675584}
    assert {name: found[name] for name in right} == pytest.approx(right, abs=1e-9)
    assert client.json("/prices", tickers="META", first="2022-01-01", last="2022-06-08")["rows"] == []
    refused = client.get("/prices", {"tickers": "FB", "range": "1w"})
    assert refused.status_code == 404
    assert "META" in refused.json()["message"]


def test_volumes_with_a_zero_too_many_are_flagged_and_named(published: Published) -> None:
    warnings = published.client.json("/prices", tickers="TENQ", first="2025-09-23", last="2025-10-02")["warnings"]
    assert any(all(day in text for day in ("2025-09-23", "2025-10-02", "odd_volume")) for text in warnings)
    flagged = published.manifests[-1].flagged
    assert flagged["TENQ"] == {"2025-09-23": "odd_volume", "2025-10-02": "odd_volume"}
    assert [day for ticker in ("TENV", "TENA") for day, rule in flagged.get(ticker, {}).items() if "odd" in rule] == []


def test_what_an_answer_gives_twice(client: Client) -> None:
    window = {"first": "2025-11-17", "last": "2025-11-19"}
    assert "2025-11-18" not in rows(client.json("/prices", tickers="TWICEM", **window), "close")
    assert len(client.json("/prices", tickers="TWICEM", first="2025-11-01", last="2025-11-21")["rows"]) == 13
    body = client.json("/prices", tickers="TWICEG", **window)
    assert [row["close"] for row in body["rows"] if row["time"][:10] == "2025-11-18"] == [268.35]
    for ticker, paid, total in (("TWICEA", [0.25], 0.0603082594), ("TWICEF", [0.25, 0.3], -0.0073217945)):
        window = {"first": "2025-11-04", "last": "2025-11-21"}
        found = client.json("/events", tickers=ticker, **window)["rows"]
        assert sum(row["value"] for row in found) == pytest.approx(sum(paid))
        found = one(client.json("/compare", tickers=ticker, benchmark="none", first="2025-11-05", last="2025-11-21"))
        assert found["cumulative_total_return"] == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize("ticker", ["NAMES", "NAMEC"])
def test_a_column_with_the_ticker_or_the_company_is_published(published: Published, ticker: str) -> None:
    assert published.manifests[-1].tickers[ticker].sessions == 6


@pytest.mark.parametrize("ticker", ["ROWA", "ROWB", "ROWC"])
def test_one_wrong_row_is_set_aside_whatever_comes_first(client: Client, ticker: str) -> None:
    found = one(client.json("/returns", tickers=ticker, benchmark="none", first="2024-05-02", last="2024-06-28"))
    assert (found["returns"], found["best_day_on"], found["worst_day_on"]) == (38, "2024-05-20", "2024-05-22")
    right = {
        "best_day": 0.0499195031, "worst_day": -0.0375642376, "volatility": 0.2680191533,
        "cumulative_return": 0.0433104006,
    }  # fmt: skip
    assert {name: found[name] for name in right} == pytest.approx(right, abs=1e-9)
    assert list(prices(client, ticker, "2024-05-14", "2024-05-16")) == ["2024-05-14", "2024-05-16"]


def test_prices_that_no_share_has_are_not_published(client: Client) -> None:
    window = {"first": "2025-11-19", "last": "2025-11-21"}
    body = client.json("/prices", tickers="TINY,HUGE,USUAL", **window)
    last = {ticker: rows(body, "close", ticker=ticker)["2025-11-21"] for ticker in ("TINY", "HUGE", "USUAL")}
    assert last == {"TINY": 529.56, "HUGE": 185.79, "USUAL": 624.71}
    assert rows(body, "close", ticker="USUAL")["2025-11-20"] == 628.8
    body = client.json("/returns", tickers="TINY,HUGE", benchmark="none", first="2025-10-24", last="2025-11-21")
    for ticker, cumulative in (("TINY", 0.0422152683), ("HUGE", 0.0260672668)):
        assert one(body, ticker)["cumulative_return"] == pytest.approx(cumulative, abs=1e-9)
        assert rows(body, "daily_return", ticker=ticker)["2025-11-21"] is None
    taken = prices(client, "TINYC", "2025-11-10", "2025-11-21")
    assert (len(taken), taken["2025-11-21"]) == (8, 508.26)


def test_a_bad_print_is_never_served_and_blocks_nobody(published: Published) -> None:
    second, third = published.bad_prints
    frozen = published.manifests[0].frozen["BADQ"]
    assert (frozen.rule, frozen.since) == ("absurd_price", "2025-11-20")
    assert rows(second, "close", ticker="BADQ") == {"2025-11-19": 624.65}
    assert rows(second, "close", ticker="BADV")["2025-11-20"] == 619.39
    assert rows(second, "close", ticker="BADT")["2025-11-20"] == 535.04
    assert "BADQ" not in published.manifests[1].frozen
    assert rows(third, "close", ticker="BADQ") == {"2025-11-19": 624.65, "2025-11-20": 623.56, "2025-11-21": 621.11}
    assert rows(third, "close", ticker="BADV")["2025-11-21"] == 619.53
    assert rows(third, "close", ticker="BADT")["2025-11-21"] == 544.91
