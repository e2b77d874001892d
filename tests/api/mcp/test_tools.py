"""What each tool gives: the figures of its path, warnings first, rows only where asked for, errors in our words."""

import json
from typing import Any

import pytest

from api.limits import TICKERS
from api.mcp.arguments import MOST_ROWS
from api.mcp.server import listed_tools
from lake.universe import choose
from tests.api.mcp.conftest import Call, text_of
from tests.support.client import Client

NAMES = (
    *("list_tickers", "get_prices", "compare", "returns", "volatility", "portfolio", "outlook", "answer_question"),
)
# A tool, its arguments, and the path and parameters that ask the same.
SAME: tuple[tuple[str, dict[str, Any], str, dict[str, str]], ...] = (
    ("get_prices", {"tickers": ["NVDA", "QQQ"], "range": "1y"}, "/prices", {"tickers": "NVDA,QQQ", "range": "1y"}),
    (
        "compare",
        {"tickers": "nvda,amzn", "from": "2026-06-01", "to": "2026-09-30", "basis": "total", "benchmark": "none"},
        "/compare",
        {"tickers": "NVDA,AMZN", "first": "2026-06-01", "last": "2026-09-30", "basis": "total", "benchmark": "none"},
    ),
    (
        "returns",
        {"tickers": ["TSLA"], "rf": 0.04, "range": "1y"},
        "/returns",
        {"tickers": "TSLA", "rf": "0.04", "range": "1y"},
    ),
    (
        "volatility",
        {"tickers": ["TSLA", "AMZN"], "range": "100d"},
        "/volatility",
        {"tickers": "TSLA,AMZN", "range": "100d"},
    ),
    (
        "portfolio",
        {"weights": "NVDA:40,VOO:60", "rebalance": "Monthly", "cost_bps": 10},
        "/portfolio",
        {"weights": "NVDA:0.4,VOO:0.6", "rebalance": "monthly", "cost_bps": "10"},
    ),
    ("outlook", {"a": ["NVDA"], "horizon": "2w"}, "/outlook", {"a": "NVDA", "horizon": "2w"}),
)


def test_there_are_eight_tools_that_only_read() -> None:
    tools = listed_tools()
    assert sorted(tool.name for tool in tools) == sorted(NAMES)
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
    assert all(tool.description and tool.output_schema for tool in tools)


def test_the_list_of_tools_is_short_enough_for_a_context() -> None:
    sizes = {tool.name: len(tool.model_dump_json(by_alias=True, exclude_none=True)) for tool in listed_tools()}
    assert max(sizes.values()) < 6_000, sizes
    assert sum(sizes.values()) < 32_000, sizes


@pytest.mark.parametrize(("tool", "arguments", "path", "parameters"), SAME, ids=[one[0] for one in SAME])
def test_a_tool_gives_the_figures_of_its_path(
    call: Call, client: Client, tool: str, arguments: dict[str, Any], path: str, parameters: dict[str, str]
) -> None:
    result, body = call(tool, **arguments).structured_content, client.json(path, **parameters)
    assert result["warnings"] == body["warnings"]
    assert (result["simulated"], result["as_of"]) == (body["meta"]["simulated"], body["meta"]["as_of"])
    window = body["meta"]["window"]
    assert result["window"] == {name: window[name] for name in ("from", "to", "base", "sessions")}
    assert len(result["summary"]) == len(body["summary"])
    for found, wanted in zip(result["summary"], body["summary"], strict=True):
        for name, value in found.items():
            assert value == (pytest.approx(wanted[name], rel=1e-5) if isinstance(value, float) else wanted[name]), name


def test_a_holding_and_a_pair_are_those_of_their_paths(call: Call, client: Client) -> None:
    holdings = call("portfolio", weights="NVDA:0.4,VOO:0.6").structured_content["holdings"]
    wanted = client.json("/portfolio", weights="NVDA:0.4,VOO:0.6")["holdings"]
    assert [one["contribution_to_risk"] for one in holdings] == pytest.approx(
        [one["contribution_to_risk"] for one in wanted], rel=1e-5
    )
    (pair,) = call("compare", tickers=["NVDA", "AMZN"]).structured_content["correlation"]
    (same,) = client.json("/compare", tickers="NVDA,AMZN")["correlation"]
    assert pair["correlation"] == pytest.approx(same["correlation"], rel=1e-5)


def test_warnings_come_first_and_the_text_says_what_is_simulated(call: Call) -> None:
    result = call("compare", tickers=["NVDA", "META"], range="6m")
    assert next(iter(result.structured_content)) == "warnings"
    first, second, *_ = text_of(result).splitlines()
    assert first == "Simulated prices: invented, not a market's; newest session 2026-11-20."
    assert second.startswith("Warning: ")
    assert "2026-10-26" in "".join(result.structured_content["warnings"])  # which META lacks


def test_rows_come_only_where_they_are_asked_for(call: Call, client: Client) -> None:
    assert "rows" not in call("get_prices", tickers=["NVDA"]).structured_content
    with_rows = call("get_prices", tickers=["NVDA"], rows=True).structured_content
    assert with_rows["interval"] == "1d"
    wanted = client.json("/prices", tickers="NVDA")["rows"]
    assert [(one["time"], one["close"]) for one in with_rows["rows"]] == [
        (one["time"], pytest.approx(one["close"], rel=1e-5)) for one in wanted
    ]


@pytest.mark.parametrize("tool", ["get_prices", "compare", "returns", "volatility"])
@pytest.mark.parametrize(("tickers", "interval"), [("NVDA", "1w"), ("NVDA,AMZN,VOO,QQQ", "1mo")])
def test_rows_are_as_fine_as_two_hundred_allow(call: Call, tool: str, tickers: str, interval: str) -> None:
    """299 sessions of one ticker are weeks, 62 weeks of four are months."""
    result = call(tool, tickers=tickers, range="max", rows=True).structured_content
    assert result["interval"] == interval
    assert 0 < len(result["rows"]) <= MOST_ROWS


def test_the_newest_rows_are_given_of_too_many(call: Call) -> None:
    result = call("get_prices", tickers=["NVDA", "VOO"], range="1y", rows=True, interval="1d").structured_content
    assert len(result["rows"]) == MOST_ROWS
    assert result["rows"][-1]["time"] == "2026-11-20T00:00:00Z"
    assert result["warnings"][-1].startswith(f"rows: only the newest {MOST_ROWS} of 502")


def test_tickers_are_found_by_symbol_name_and_index(call: Call) -> None:
    def found(search: str) -> list[str]:
        return [one["ticker"] for one in call("list_tickers", search=search).structured_content["tickers"]]

    assert found("nvidia") == ["NVDA"]
    assert found("S&P 500") == ["VOO"]
    assert found("newc") == ["NEWCO"]
    assert found("nothing of the kind") == []
    assert len(found("")) == 11
    assert call("list_tickers", kind="ETF").structured_content["found"] == 3
    (apple,) = call("list_tickers", search="aapl").structured_content["tickers"]
    assert (apple["first"], apple["reason"]) == (None, "its splits are unknown")


def test_tickers_of_a_sector(call: Call) -> None:
    """In the S&P 500: 21 of Energy, found by the argument and by the search; a wrong one is told which there are."""
    choose("sp500.toml")
    try:
        by_sector = call("list_tickers", sector="energy").structured_content
        by_search = call("list_tickers", search="energy", sector="Energy").structured_content
        wrong = call("list_tickers", sector="Oil")
        everything = call("list_tickers").structured_content
    finally:
        choose(None)
    assert (by_sector["found"], by_search["found"]) == (21, 21)
    assert {one["sector"] for one in by_sector["tickers"]} == {"Energy"}
    assert wrong.is_error
    assert "no ticker has this sector; one of Communication Services, " in text_of(wrong)
    assert len(everything["tickers"]) == MOST_ROWS
    cut = f"only {MOST_ROWS} of 507 tickers are given; search for a part of the name, or name a sector"
    assert cut in everything["warnings"]


REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("compare", {"tickers": ["ZZZZ"]}, "tickers=ZZZZ: "),
    ("compare", {"tickers": []}, "tickers=: no ticker is given; 1 to 50 tickers"),
    ("compare", {}, "tickers=: this argument is missing"),
    ("compare", {"tickers": ["NVDA"], "rnage": "1y"}, "rnage=1y: this tool has no such argument (did you mean range?)"),
    ("compare", {"tickers": ["NVDA"], "range": "1q"}, "range=1q: not a range; a number and d, w, m or y"),
    ("compare", {"tickers": ["NVDA"], "range": "1y", "from": "2026-01-01"}, "range=1y: given together with from or to"),
    ("compare", {"tickers": ["NVDA"], "rf": 4}, "rf=4: too large; it should be at most 0.25"),
    ("compare", {"tickers": ["NVDA"], "rf": "much"}, "rf=much: not a number"),
    ("compare", {"tickers": ["NVDA"], "basis": "raw"}, "basis=raw: not a known value; one of 'split' or 'total'"),
    ("compare", {"tickers": [f"T{n}" for n in range(51)]}, "tickers=T0,T1"),
    ("compare", {"tickers": 5}, "tickers=5: not a list; a list of tickers"),
    ("compare", {"tickers": [5]}, "tickers=5: not a text"),
    ("compare", {"tickers": ["NVDA"], "rows": "perhaps"}, "rows=perhaps: not true or false"),
    ("portfolio", {"weights": "NVDA:0.4,VOO:0.5"}, "weights=NVDA:0.4,VOO:0.5: sums to 0.9"),
    ("portfolio", {"weights": "NVDA:1", "cost_bps": 900}, "cost_bps=900: too large; it should be at most 500"),
    ("outlook", {"horizon": "2y"}, "horizon=2y: not a horizon"),
    ("outlook", {"a": ["ZZZZ"]}, "a=ZZZZ: "),
    ("outlook", {"a": ["NVDA"], "b": ["NEWCO"], "range": "3w"}, ""),
    ("answer_question", {"name": "weather"}, "name=weather: not a known value; one of 'volume', 'comparison'"),
    ("answer_question", {"name": "volume", "range": "1y"}, "range=1y: the question volume has no such argument"),
    ("answer_question", {"name": "outlook", "tickers": ["NVDA"]}, "the question outlook has no such argument"),
    ("answer_question", {"name": "diversification", "benchmark": "none"}, "benchmark=none: the answer is a comparison"),
)


@pytest.mark.parametrize(("tool", "arguments", "said"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_a_refusal_is_a_tool_error_in_our_words(call: Call, tool: str, arguments: dict[str, Any], said: str) -> None:
    result = call(tool, **arguments)
    assert result.is_error
    assert result.structured_content is None
    assert said in text_of(result)
    assert "pydantic" not in text_of(result)


def test_the_bounds_of_arguments_are_those_of_the_paths(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    (rf,) = (one["schema"] for one in paths["/compare"]["get"]["parameters"] if one["name"] == "rf")
    (cost,) = (one["schema"] for one in paths["/portfolio"]["get"]["parameters"] if one["name"] == "cost_bps")
    schemas = {tool.name: tool.input_schema["properties"] for tool in listed_tools()}
    assert [schemas["compare"]["rf"][end] for end in ("minimum", "maximum")] == [rf["minimum"], rf["maximum"]]
    assert schemas["portfolio"]["cost_bps"]["maximum"] == cost["maximum"]
    assert schemas["compare"]["tickers"]["maxItems"] == TICKERS.most


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_has_its_meaning(name: str) -> None:
    (tool,) = (one for one in listed_tools() if one.name == name)
    for argument, schema in tool.input_schema["properties"].items():
        assert schema["description"], argument
        assert schema["type"] in {"string", "number", "boolean", "array"}, argument
    assert tool.input_schema["additionalProperties"] is False
    json.dumps(tool.output_schema)
