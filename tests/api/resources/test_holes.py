"""Histories with a hole: the move across it is no daily return, and spoils no figure.

MSFT lacks the 80 sessions from 2025-04-01 to 2025-07-25, across which it rises by 76 %; VOO has them all; GOOGL lacks
2025-10-24. Prices are made up. The expected values were computed from the files with pandas and with plain Python.
"""

from collections.abc import Iterator

import pytest

from tests.api.lakes import client_of
from tests.support.client import Client

WINDOW = {"first": "2025-01-03", "last": "2025-10-20"}
AFTER, HOLE = "2025-07-28T00:00:00Z", "80 sessions from 2025-04-01 to 2025-07-25"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client_of("holes", tmp_path_factory.mktemp("lake")) as client:
        yield client


def test_returns_leave_the_move_across_out(client: Client) -> None:
    body = client.json("/returns", tickers="MSFT", **WINDOW)
    (summary,) = body["summary"]
    wanted = {
        "returns": 118,
        "best_day": 0.0340433213,
        "worst_day": -0.0339015761,
        "average_daily_return": -0.0040926521,
        "geometric_daily_return": -0.0041828018,
        "volatility": 0.2135693179,
        "cumulative_return": 0.0736757320,
        "max_drawdown": -0.3229469395,
    }
    assert {name: summary[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)
    assert (summary["best_day_on"], summary["worst_day_on"]) == ("2025-09-03", "2025-08-01")
    unknown = [row["time"] for row in body["rows"] if row["daily_return"] is None]
    assert unknown == ["2025-01-02T00:00:00Z", AFTER]


def test_volatility_is_of_one_session_returns(client: Client) -> None:
    body = client.json("/volatility", tickers="MSFT", **WINDOW)
    (summary,) = body["summary"]
    wanted = {"ewma_volatility": 0.2279517557, "expected_range_1d": 0.0143596109, "volatility": 0.2135693179}
    assert {name: summary[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)
    rows = {row["time"]: row for row in body["rows"]}
    before, after = rows["2025-03-31T00:00:00Z"], rows[AFTER]
    assert after["daily_return"] is None
    # No return has come since: what was known before the hole still is.
    carried = ("rolling_volatility", "rolling_yang_zhang", "ewma_volatility", "atr")
    assert [after[name] for name in carried] == [before[name] for name in carried]
    assert None not in [after[name] for name in carried]


def test_a_hole_does_not_spoil_the_figures_of_the_other(client: Client) -> None:
    body = client.json("/compare", tickers="MSFT,VOO", **WINDOW)
    assert [(one["sessions"], one["returns"]) for one in body["summary"]] == [(119, 118)] * 2
    assert body["summary"][1]["volatility"] == pytest.approx(0.1483163457, abs=1e-9)
    (pair,) = body["correlation"]
    assert (pair["correlation"], pair["sessions"]) == (pytest.approx(0.1973145045, abs=1e-9), 118)
    assert body["diversification"]["returns"] == 118
    assert {row["daily_return"] for row in body["rows"] if row["time"] == AFTER} == {None}


def test_an_outlook_resamples_one_session_returns(client: Client) -> None:
    body = client.json("/outlook", a="MSFT", b="VOO", **WINDOW)
    assert body["past"]["sessions"] == 118
    assert body["past"]["mean_spread"] == pytest.approx(-0.9483368981, abs=1e-9)
    assert body["summary"][0]["weight_on_history"] == pytest.approx(0.0778670198, abs=1e-9)
    # What was gained since the base is all of it, whatever lies between.
    assert body["baskets"][0]["past_return"] == pytest.approx(0.0736757320, abs=1e-9)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/prices", {"tickers": "MSFT"}),
        ("/returns", {"tickers": "MSFT"}),
        ("/volatility", {"tickers": "MSFT"}),
        ("/seasonality", {"tickers": "MSFT"}),
        ("/compare", {"tickers": "VOO,MSFT"}),
        ("/compare", {"tickers": "VOO", "benchmark": "MSFT"}),
        ("/outlook", {"a": "MSFT", "b": "VOO"}),
        ("/questions/comparison", {"tickers": "MSFT,VOO"}),
        ("/questions/patterns", {"tickers": "MSFT"}),
    ],
)
def test_a_long_hole_is_named_once_with_its_ends(client: Client, path: str, asked: dict[str, str]) -> None:
    warnings = client.json(path, **asked, **WINDOW)["warnings"]
    assert [text.partition(": ")[0] for text in warnings if HOLE in text] == ["MSFT"]


def test_coverage_has_the_holes_and_the_five_answers_say_them(client: Client) -> None:
    (coverage, _) = client.json("/compare", tickers="MSFT", **WINDOW)["meta"]["coverage"]
    assert coverage["holes"] == [{"first": "2025-04-01", "last": "2025-07-25", "sessions": 80}]
    words = (
        "Missing data: the 80 sessions of MSFT from 1 April to 25 July 2025; changes run across them, and figures of "
        "daily returns leave them out."
    )
    for name in ("comparison", "diversification", "patterns"):
        assert words in client.json(f"/questions/{name}", tickers="MSFT", **WINDOW)["answer"]
    assert words in client.json("/questions/outlook", a="MSFT", b="VOO", **WINDOW)["answer"]


def test_a_hole_before_the_window_is_named_where_the_history_counts(client: Client) -> None:
    body = client.json("/volatility", tickers="MSFT", first="2025-09-01", last="2025-10-20")
    words = f"MSFT: its history before the period lacks the {HOLE}; ewma_volatility, atr and the cone skip the gap"
    assert words in body["warnings"]
    assert body["summary"][0]["ewma_volatility"] == pytest.approx(0.2279517557, abs=1e-9)


def test_one_session_after_a_hole_has_a_change_and_no_daily_return(client: Client) -> None:
    """From a window whose base lies before the hole: the change is known, and no figure of daily returns is."""
    window = {"first": "2025-04-01", "last": "2025-07-28"}
    body = client.json("/compare", tickers="MSFT", **window)
    (summary,) = body["summary"]
    assert (summary["sessions"], summary["returns"], summary["volatility"]) == (1, 0, None)
    assert summary["cumulative_return"] == pytest.approx(0.7606688822, abs=1e-9)
    nothing = {"tickers": [], "returns": 0, "mix_volatility": None, "mean_volatility": None, "ratio": None}
    assert body["diversification"] == nothing
    body = client.json("/questions/comparison", tickers="MSFT", **window)
    assert body["headline"] == "MSFT rose 76.1 % from the close of 31 March to that of 28 July 2025."
    assert body["details"][1] == ("No volatility is given: it needs at least two daily returns, and none is known.")


def test_a_hole_of_one_session(client: Client) -> None:
    body = client.json("/returns", tickers="GOOGL", benchmark="GOOGL", first="2025-10-02", last="2025-11-11")
    (summary,) = body["summary"]
    wanted = {
        "returns": 27,
        "volatility": 0.3000736429,
        "average_daily_return": 0.0033934072,
        "cumulative_return": 0.0905112393,
    }
    assert {name: summary[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)
    (after,) = [row for row in body["rows"] if row["time"] == "2025-10-27T00:00:00Z"]
    assert after["daily_return"] is None
