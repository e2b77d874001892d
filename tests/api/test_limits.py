"""Every published limit is enforced, with 400 at one more and an answer at the limit."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import pytest
from pydantic import BaseModel

from api.app import create_app
from api.limits import ANSWER, HORIZON, LIMITS, RANGE_UNITS, TICKERS
from api.resources.compare.schemas import CompareRow
from api.resources.events.schemas import EventRow
from api.resources.portfolio.schemas import PortfolioRow, WeightRow
from api.resources.prices.schemas import PriceRow
from api.resources.returns.schemas import ReturnsRow
from api.resources.sentiment.schemas import SentimentRow
from api.resources.volatility.schemas import VolatilityRow
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from api.store.protocol import VALUES, Event, Sentiment, TickerBars, bars_by_ticker
from benchmarks.support.lakes import Bar, History, publish
from lake import calendar
from lake.snapshot import Manifest, TickerManifest
from tests.support.client import EVENING, Client
from tests.support.stores import ManifestStore

LAMBDA_ANSWER = 6 * 1024 * 1024
TENTH = ANSWER.most // 10
NO_ROWS = "part=summary, which has no rows"


def tickers(count: int) -> str:
    return ",".join(f"{one}{two}" for one in ascii_uppercase for two in ascii_uppercase)[: 3 * count - 1]


_TEN_YEARS = TickerManifest(date(2016, 11, 21), date(2026, 11, 20), 2514, "", "", "")
TEN_YEARS_OF_50 = Manifest(
    "20261121T013005Z", "", "live", 0, (), dict.fromkeys(["VOO", *tickers(49).split(",")], _TEN_YEARS)
)


class Silent(ManifestStore):
    """A store without a bar of any ticker."""

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        return bars_by_ticker((), np.empty(0, "datetime64[D]"), np.empty((len(VALUES), 0)), tickers)

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        return Sentiment.of_rows([])


def test_limits_are_published(client: Client) -> None:
    rows = client.json("/limits")["rows"]
    assert {row["name"]: row["most"] for row in rows} == {limit.name: limit.most for limit in LIMITS}


def test_tickers_are_counted_before_names_are_looked_up(client: Client) -> None:
    over = client.get("/compare", {"tickers": tickers(TICKERS.most + 1)})
    assert over.status_code == 400
    assert over.json()["parameter"] == "tickers"
    assert over.json()["bound"].startswith(f"at most {TICKERS.most} tickers: choose some of them instead of all")
    assert client.get("/compare", {"tickers": tickers(TICKERS.most)}).status_code == 404


@pytest.mark.parametrize("unit", RANGE_UNITS)
def test_ranges(client: Client, unit: str) -> None:
    limit = RANGE_UNITS[unit]
    assert client.get("/prices", {"tickers": "VOO", "range": f"{limit.most}{unit}"}).status_code == 200
    over = client.get("/prices", {"tickers": "VOO", "range": f"{limit.most + 1}{unit}"})
    assert (over.status_code, over.json()["parameter"]) == (400, limit.parameter)
    assert over.json()["bound"] == f"at most {limit.most} {limit.unit}"


def test_horizons(client: Client) -> None:
    assert client.get("/outlook", {"horizon": f"{HORIZON.most}d"}).status_code == 200
    over = client.get("/outlook", {"horizon": f"{HORIZON.most + 1}d"})
    assert (over.status_code, over.json()["parameter"], over.json()["bound"]) == (
        400,
        "horizon",
        "at most 126 sessions",
    )


def test_rows_are_counted_before_anything_is_read() -> None:
    """Ten years of 50 tickers; the store is never asked for a bar."""
    client = Client.of(ManifestStore(TEN_YEARS_OF_50))
    over = client.get("/prices", {"tickers": tickers(49), "range": "10y"})
    assert (over.status_code, over.json()["parameter"]) == (400, "range")
    # 49 tickers, of which the lake has the sessions of ten years: 120 months and the running one.
    coarser = f"monthly rows (interval=1mo has {49 * 121})"
    # 6 MB of rows of 411 bytes, quotation marks escaped; with two of the eleven figures they fit in 49 tickers × 2,514.
    words = f"at most 14598 rows of 13 columns: choose fewer tickers, a shorter period, {coarser} or {NO_ROWS}"
    assert over.json()["bound"] == words
    by_day = client.get("/prices", {"tickers": tickers(49), "from": "2017-01-01"})
    assert (by_day.status_code, by_day.json()["parameter"]) == (400, "from")


def test_every_ticker_over_a_long_window_is_refused_with_one_that_fits() -> None:
    """150 tickers over the 2,514 sessions of ten years are 377,100 bars; with the ten of the universe, 160."""
    many = Manifest("20261121T013005Z", "", "live", 0, (), {f"A{number}": _TEN_YEARS for number in range(100, 250)})
    client = Client.of(Silent(many))
    for parameters in ({"part": "summary"}, {"interval": "1mo", "fields": "close"}, {"interval": "auto"}):
        over = client.get("/prices", {"tickers": "*", "range": "10y", **parameters})
        assert (over.status_code, over.json()["parameter"]) == (400, "range"), parameters
        assert over.json()["message"] == (
            f"range=10y: too much for one request (160 tickers over {_TEN_YEARS.sessions:,} sessions); at most 300,000 "
            "bars: choose range=1875d or less, or 50 tickers or fewer"
        )
    assert client.get("/prices", {"tickers": "*", "range": "1875d", "part": "summary"}).status_code == 200
    assert client.get("/prices", {"tickers": "*", "range": "1876d", "part": "summary"}).status_code == 400
    fifty = ",".join(list(many.tickers)[:50])
    assert client.get("/prices", {"tickers": fifty, "range": "10y", "part": "summary"}).status_code == 200


def test_the_sign_for_every_ticker_is_explained_where_it_is_not_taken(client: Client) -> None:
    for path in ("/returns", "/compare", "/events", "/questions/volume"):
        problem = client.get(path, {"tickers": "*"}).json()
        assert problem["bound"] == "1 to 50 tickers, such as NVDA,AMZN; only /prices takes * for all", path


def test_the_benchmark_may_come_on_top_of_fifty_tickers() -> None:
    """The page and Grafana send it as one of the tickers, so that it has rows too."""
    client = Client.of(Silent(TEN_YEARS_OF_50))
    fifty = [*list(TEN_YEARS_OF_50.tickers)[1:], "QQQ"]
    for path in ("/compare", "/returns"):
        known = {"tickers": ",".join([*fifty, "VOO"]), "range": "1m"}
        assert client.get(path, {**known, "benchmark": "voo"}).status_code == 200
        for wrong in ({"benchmark": "none"}, {}, {"benchmark": "SCHG"}):
            assert client.get(path, {**known, **wrong}).json()["parameter"] == "tickers", (path, wrong)
    over = client.get("/questions/diversification", {"tickers": ",".join(fifty)}).json()
    assert over["bound"] == "at most 50 tickers, the benchmark VOO among them"


def test_associations_of_many_tickers_over_long_windows_are_left_out_in_words() -> None:
    """50 tickers over ten years are 125,700 bars, of which 75,000 can be resampled: 1,500 sessions, or 29 tickers."""
    client, fifty = Client.of(Silent(TEN_YEARS_OF_50)), ",".join(TEN_YEARS_OF_50.tickers)
    fitting = f"50 tickers over {_TEN_YEARS.sessions:,} sessions"

    def said(tickers: str, window: str, **more: str) -> list[str]:
        body = client.json("/volatility", tickers=tickers, range=window, fields="volume", interval="1mo", **more)
        return [warning for warning in body["warnings"] if warning.startswith("associations")]

    advice = "29 tickers or fewer, or range=1500d or less"
    assert said(fifty, "10y") == [f"associations: left out, {fitting} are too many; choose {advice}"]
    assert said(fifty, "1500d") == said(tickers(29), "10y") == []
    assert said(tickers(30), "10y") != []
    short = client.json("/volatility", tickers=fifty, range="10y", part="summary")
    assert not [warning for warning in short["warnings"] if warning.startswith("associations")]
    for path, part in (("/volatility", {"part": "associations"}), ("/questions/patterns", {})):
        over = client.get(path, {"tickers": fifty, "range": "10y", **part})
        assert (over.status_code, over.json()["parameter"]) == (400, "range"), path
        assert over.json()["bound"] == "at most 75,000 bars: choose range=1500d or less, or 29 tickers or fewer"
        assert client.get(path, {"tickers": fifty, "range": "1500d", **part}).status_code == 200


def five_sessions(closes: Sequence[float], splits: dict[date, float], dividends: dict[date, float]) -> History:
    """Two sessions of 1990 and three of 2026."""
    days = [date(1990, 1, 2), date(1990, 1, 3), *(date(2026, 9, day) for day in (28, 29, 30))]
    bars = [Bar(day, close, close, close, close, 1000) for day, close in zip(days, closes, strict=True)]
    return History(bars, splits, dividends)


def test_the_limit_counts_what_the_answer_holds(tmp_path: Path) -> None:
    """More than 9,000 sessions of the exchange lie between those that the lake has."""
    market = {
        "AAPL": five_sessions((151.25, 150, 152.8, 154.85, 155.98), {}, {date(2026, 2, 9): 0.26}),
        "MSFT": five_sessions((191.5, 190.75, 96.98, 96.98, 97.34), {date(2003, 2, 18): 2.0}, {}),
    }
    store = DuckDBStore(publish(tmp_path, market))
    client = Client.of(store)
    both = {"tickers": "AAPL,MSFT", "range": "max"}
    assert [row["kind"] for row in client.json("/events", **both)["rows"]] == ["split", "dividend"]
    assert client.json("/sentiment", **both)["rows"] == []
    assert len(client.json("/prices", **both)["rows"]) >= 8
    compared = client.json("/compare", tickers="AAPL", benchmark="MSFT", range="max")
    assert [(row["time"][:10], row["close"]) for row in compared["rows"]] == [
        ("1990-01-02", 151.25),
        ("1990-01-03", 150),
        ("2026-09-28", 152.8),
        ("2026-09-29", 154.85),
        ("2026-09-30", 155.98),
    ]
    store.close()


def test_the_benchmark_counts_only_where_it_has_rows() -> None:
    """Nine tickers of 1,500 sessions are below 13,605 rows of returns, ten are not; VOO as benchmark has none."""
    entry = TickerManifest(calendar.sessions_back(date(2026, 11, 20), 1500)[0], date(2026, 11, 20), 1500, "", "", "")
    manifest = Manifest("20261121T013005Z", "", "live", 0, (), dict.fromkeys(["VOO", *tickers(9).split(",")], entry))
    client = Client.of(Silent(manifest))
    window = {"from": str(entry.first)}
    assert client.get("/returns", {"tickers": tickers(9)} | window).status_code == 200
    assert client.get("/returns", {"tickers": f"{tickers(9)},VOO"} | window).status_code == 400


def test_five_rows_a_ticker_are_within_the_limit_however_long_the_window() -> None:
    body = Client.of(Silent(TEN_YEARS_OF_50)).json("/seasonality", tickers=tickers(49), range="10y")
    assert len(body["rows"]) == 5 * 49


MODELS: Mapping[str, type[BaseModel]] = {
    "/prices": PriceRow,
    "/compare": CompareRow,
    "/returns": ReturnsRow,
    "/volatility": VolatilityRow,
}
TWENTY_YEARS_OF_50 = {"tickers": f"VOO,{tickers(49)}", "from": "2006-11-21", "interval": "1w"}  # 1,044 weeks


def long_lake(first: date, count: int = 49) -> Silent:
    return Silent(manifest_from(first, count))


def manifest_from(first: date, count: int = 49) -> Manifest:
    entry = TickerManifest(first, date(2026, 11, 20), 1, "", "", "")
    names = ["VOO", *tickers(count).split(",")]
    return Manifest("20261121T013005Z", "", "live", 0, (), dict.fromkeys(names, entry))


def limited_to_a_tenth(store: Silent) -> Client:
    """Of a tenth of Lambda's limit, so that what just fits is computed and written in a tenth of the time."""
    return Client(create_app(Settings("unused", answer_bytes=TENTH), store, lambda: EVENING))


@pytest.mark.parametrize("path", MODELS)
def test_the_most_rows_fit_in_an_answer_of_lambda(path: str) -> None:
    """Every figure as wide as a usual one gets, its body escaped in the JSON that Lambda returns."""
    model, figure = MODELS[path], -0.12345678901234567
    row = dict.fromkeys(model.model_fields, figure) | {"time": "2026-11-20T00:00:00Z", "ticker": "GOOGL"}
    as_body = json.dumps(json.dumps(row, separators=(",", ":")) + ",").strip('"')
    most = most_rows(Client.of(long_lake(date(1970, 1, 2))), path)
    assert 5_900_000 < len(as_body) * most < 0.97 * LAMBDA_ANSWER


def most_rows(client: Client, path: str) -> int:
    """How many rows a refusal says that an answer may have."""
    over = client.get(path, {"tickers": f"VOO,{tickers(49)}", "range": "max"}).json()
    return int(over["bound"].split(" rows of ")[0].removeprefix("at most "))


def test_fewer_columns_allow_more_rows() -> None:
    client = Client.of(long_lake(date(2006, 1, 3)))
    over = client.get("/prices", TWENTY_YEARS_OF_50)
    assert over.status_code == 400
    assert "monthly rows (interval=1mo has 12050), fewer columns (fields= with 1 at most) or" in over.json()["bound"]
    assert client.get("/prices", TWENTY_YEARS_OF_50 | {"fields": "close"}).status_code == 200
    assert client.get("/prices", TWENTY_YEARS_OF_50 | {"fields": "close,volume,high,low"}).status_code == 400


def test_a_server_of_ones_own_answers_more() -> None:
    store = long_lake(date(2006, 1, 3))
    client = Client(create_app(Settings("unused", answer_bytes=32_000_000), store, lambda: EVENING))
    assert client.get("/prices", TWENTY_YEARS_OF_50).status_code == 200
    assert {row["name"]: row["most"] for row in client.json("/limits")["rows"]}["answer"] == 32_000_000


@pytest.mark.parametrize(
    ("path", "part"),
    [(path, "summary") for path in MODELS] + [("/compare", "correlation"), ("/volatility", "cone")],
)
def test_only_the_rows_of_the_table_that_is_asked_for_count(path: str, part: str) -> None:
    client = limited_to_a_tenth(long_lake(date(2025, 11, 21)))
    window = {"tickers": f"VOO,{tickers(49)}", "range": "1y"}
    assert client.get(path, window).status_code == 400
    answer = client.get(path, window | {"part": part})
    assert answer.status_code == 200, answer.text
    assert client.get(path, window | {"part": part, "format": "csv"}).status_code == 200


def test_the_weights_of_a_portfolio_count_for_each_holding() -> None:
    client = limited_to_a_tenth(long_lake(date(2024, 11, 21)))
    asked = {"weights": f"equal:VOO,{tickers(49)}", "range": "max"}
    assert client.get("/portfolio", asked).status_code == 200  # three rows a session
    over = client.get("/portfolio", asked | {"part": "weights"})
    assert (over.status_code, over.json()["parameter"]) == (400, "range")
    assert client.get("/portfolio", asked | {"part": "weights", "interval": "1w"}).status_code == 200


@pytest.mark.parametrize("path", MODELS)
@pytest.mark.parametrize("count", [9, 49])
def test_the_whole_history_of_fifty_tickers_has_an_answer_at_some_interval(path: str, count: int) -> None:
    """26 quarters, a tenth of those since 1962, in which the calendar begins."""
    assert_some_interval_fits(limited_to_a_tenth(long_lake(date(2020, 7, 1), count)), path, count)


def test_so_have_the_65_years_of_the_calendar() -> None:
    """Where the fewest rows fit."""
    client = Client.of(long_lake(date(1962, 1, 2)))
    assert_some_interval_fits(client, min(MODELS, key=lambda path: most_rows(client, path)), 49)


def assert_some_interval_fits(client: Client, path: str, count: int) -> None:
    asked = {"tickers": f"VOO,{tickers(count)}", "range": "max"}
    over = client.get(path, asked).json()
    fitting = over["bound"].split("interval=")[1].split(" ")[0]
    assert client.get(path, asked | {"interval": fitting}).status_code == 200


class Busy(Silent):
    """A store with an event and a day of news for each ticker and session of its manifest, and no bar."""

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        return [Event(name, day, "dividend", 0.12345678901234567) for day in SESSIONS for name in tickers]

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        return Sentiment.of_rows((name, day, 0.1, 3.0) for name in tickers for day in SESSIONS)


SESSIONS = calendar.sessions_back(date(2026, 11, 20), 100)  # as many as are too many of fifty tickers
ROWS: Mapping[str, type[BaseModel]] = {
    **MODELS,
    "/events": EventRow,
    "/sentiment": SentimentRow,
    "/portfolio": PortfolioRow,
}

NO_INTERVAL = {"/events", "/sentiment"}


@pytest.fixture(scope="module")
def busy() -> Client:
    return limited_to_a_tenth(Busy(manifest_from(date(2024, 11, 21))))


@pytest.mark.parametrize("path", ROWS)
def test_whatever_a_refusal_advises_is_answered(busy: Client, path: str) -> None:
    """An interval, as many columns as it says, the widest of them, and the summary: each alone."""
    names = f"VOO,{tickers(49 if path in NO_INTERVAL else 19)}"
    asked = {"weights": f"equal:{names}", "part": "weights"} if path == "/portfolio" else {"tickers": names}
    asked |= {"range": "max"}
    over = busy.get(path, asked if path in NO_INTERVAL else asked | {"interval": "1w"})
    if path in {"/compare", "/portfolio"}:  # of which twenty tickers by the week fit
        assert over.status_code == 200
        over = busy.get(path, asked | {"interval": "1d"})
    elif path not in NO_INTERVAL:
        asked |= {"interval": "1w"}
    assert over.status_code == 400
    advice = choices(over.json()["bound"], WeightRow if path == "/portfolio" else ROWS[path])
    assert {"part": "summary"} in advice
    assert any("fields" in one for one in advice) is (path not in {"/compare", "/portfolio"})
    for choice in advice:
        for form in ("json", "csv") if "fields" in choice else ("json",):
            answer = busy.get(path, asked | choice | {"format": form})
            assert answer.status_code == 200, f"{choice}: {answer.text[:300]}"
            assert len(json.dumps(answer.text)) < LAMBDA_ANSWER / 10


def choices(bound: str, model: type[BaseModel]) -> list[dict[str, str]]:
    """The parameters that a refusal names, each as one would follow it; of columns the widest."""
    found = [{"interval": name} for name in re.findall(r"interval=(\w+) has", bound)]
    for count in re.findall(r"fields= with (\d+) at most", bound):
        names = sorted((name for name in model.model_fields if name not in {"time", "ticker"}), key=len, reverse=True)
        found.append({"fields": ",".join(names[: int(count)])})
    return found + [{"part": name} for name in re.findall(r"part=(\w+)", bound)]


def test_one_column_more_than_advised_is_refused_again() -> None:
    """So the number is what fits, and not a guess below it."""
    client = Client.of(long_lake(date(2006, 1, 3)))
    bound = client.get("/prices", TWENTY_YEARS_OF_50).json()["bound"]
    (fields,) = (one["fields"] for one in choices(bound, PriceRow) if "fields" in one)
    assert client.get("/prices", TWENTY_YEARS_OF_50 | {"fields": fields}).status_code == 200
    assert client.get("/prices", TWENTY_YEARS_OF_50 | {"fields": f"{fields},intraday"}).status_code == 400
