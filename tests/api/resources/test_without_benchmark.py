"""`benchmark=none`: the figures of each ticker alone, and null for all that is held against a benchmark."""

import pytest

from tests.support.client import Client

ALONE = {"tickers": "NVDA,AMZN", "range": "3m", "benchmark": "none"}
# All that a benchmark takes part in, by the descriptions of the OpenAPI document.
AGAINST = ("excess_return", "beta", "alpha", "correlation_to_", "tracking", "information", "up_capture", "down_capture")


@pytest.mark.parametrize("path", ["/compare", "/returns"])
def test_only_what_needs_a_benchmark_is_null(client: Client, path: str) -> None:
    alone = client.json(path, **ALONE)
    against = client.json(path, **(ALONE | {"benchmark": "VOO"}))
    assert (alone["meta"]["benchmark"], against["meta"]["benchmark"]) == (None, "VOO")
    assert [one["ticker"] for one in alone["meta"]["coverage"]] == ["NVDA", "AMZN"]
    for one, other in zip(alone["summary"], against["summary"], strict=True):
        assert one["paired_returns"] == 0
        assert {name for name, value in one.items() if name.startswith(AGAINST) and value is not None} == set()
        rest = {name for name in one if not name.startswith((*AGAINST, "paired_returns"))}
        assert {name: one[name] for name in rest} == {name: other[name] for name in rest}
    alike = {"time", "ticker", "close", "daily_return", "growth", "drawdown", "rolling_volatility", "rolling_sharpe"}
    own = alike & set(alone["rows"][0])
    for one, other in zip(alone["rows"], against["rows"], strict=True):
        assert {name: value for name, value in one.items() if name in own} == {name: other[name] for name in own}
        assert all(value is None for name, value in one.items() if name not in own)
    assert not [words for words in alone["warnings"] if "beta" in words or "None" in words]


@pytest.mark.parametrize("spelling", ["none", "NONE", " None "])
def test_none_in_any_case(client: Client, spelling: str) -> None:
    assert client.json("/compare", **(ALONE | {"benchmark": spelling})) == client.json("/compare", **ALONE)


def test_one_ticker_alone(client: Client) -> None:
    (one,) = client.json("/compare", tickers="TSLA", benchmark="none", range="max")["summary"]
    assert one["volatility"] > 0
    assert client.get("/compare", {"tickers": "TSLA", "benchmark": "none", "format": "csv"}).status_code == 200


def test_diversifying_needs_a_benchmark(client: Client) -> None:
    refused = client.get("/questions/diversification", {"benchmark": "none"})
    assert refused.status_code == 400
    body = refused.json()
    assert (body["parameter"], body["value"], body["bound"]) == ("benchmark", "none", "a ticker, such as VOO")
