"""The values that each plugin extracts from the API's real answers, compared with the answers themselves.

The JSON API plugin reads with jsonpath-plus, so the tests run its paths in that library, on Node. Infinity's backend
runs a jq program and reads plain field names, which a few lines of Python reproduce here; one test compares with jq.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.support.markets import small_market
from tests.grafana.dashboards import (
    BENCHMARK,
    DASHBOARDS,
    INFINITY,
    JSON_API,
    SELECTIONS,
    Expected,
    RefusedError,
    Selected,
    expected,
    infinity_rows,
    queries_of,
    request_of,
    rows_of,
    value_in,
)
from tests.support.client import Client

FOLDER = Path(__file__).parent
Frame = dict[str, list[Any]]
NODE_SECONDS = 90
PICKERS = (
    *("tickers", "benchmark", "basket_a", "basket_b"),
    *(f"{name}_tickers" for name in ("volume", "comparison", "diversification", "patterns")),
)


class PanelAnswer(NamedTuple):
    """A panel of a dashboard, one selection of its variables, and the API's answer to its query."""

    name: str
    target: dict[str, Any]
    selected: str
    answer: dict[str, Any]
    expected: Expected


def panel_answers(client: Client, names: list[str]) -> Iterator[PanelAnswer]:
    for name in names:
        for panel, expectation in zip(DASHBOARDS[name]["panels"], expected(name), strict=True):
            target = panel["targets"][0]  # a second one exists for a matrix, and asks for the same
            for selected in SELECTIONS:
                path, parameters = request_of(target, SELECTIONS[selected])
                response = client.get(path, dict(parameters))
                assert response.status_code == 200, (name, panel["title"], selected, response.text)
                yield PanelAnswer(f"{name}: {panel['title']}", target, selected, response.json(), expectation)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library that the plugin reads with; the test is skipped where npm cannot install it."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs Node and npm, which run the library that the plugin uses")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "paths.mjs"):
        shutil.copy(FOLDER / name, folder)
    # Scripts off and the lock file respected: a test must not run what a package brings.
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=NODE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install jsonpath-plus within {NODE_SECONDS} seconds")
    if done.returncode:
        pytest.skip(f"npm cannot install jsonpath-plus: {done.stderr.strip().splitlines()[:1]}")
    return folder


def read_by_jsonpath(node: Path, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[Frame]:
    """The fields that the JSON API plugin's library extracts, for each pair of query and answer."""
    lines = [{"answer": answer, "paths": [field["jsonPath"] for field in query["fields"]]} for query, answer in pairs]
    run = ["node", "paths.mjs"]
    done = subprocess.run(run, cwd=node, input=json.dumps(lines), capture_output=True, text=True, check=True)
    names = [[field["name"] for field in query["fields"]] for query, _ in pairs]
    return [dict(zip(*pair, strict=True)) for pair in zip(names, json.loads(done.stdout), strict=True)]


def read_by_selectors(query: dict[str, Any], answer: dict[str, Any]) -> Frame:
    """The fields that Infinity's backend extracts from an answer."""
    rows = infinity_rows(query, answer)
    if not query["columns"]:
        return {query["refId"]: rows}
    return {column["text"]: [value_in(row, column["selector"]) for row in rows] for column in query["columns"]}


def check(one: PanelAnswer, frame: Frame, value: str | None) -> None:
    """The frame has the API's values row by row, null included, and a series for each published ticker."""
    rows = rows_of(one.answer, one.expected.part)
    if "text" in one.expected.fields:
        assert list(frame.values()) == [rows]
        assert any("simulated" in sentence for sentence in rows)
        return
    names = {name: (value or name) if name == one.expected.value else name for name in one.expected.fields}
    fields = one.expected.fields
    expected_frame = {names[name]: [value_in(row, field) for row in rows] for name, field in fields.items()}
    assert frame == expected_frame, (one.name, one.selected)
    if one.expected.by:
        assert frame["time"] == sorted(frame["time"]), one.name
        assert len(set(frame[one.expected.by])) == series_count(one), (one.name, one.selected)


def series_count(one: PanelAnswer) -> int:
    """How many series a panel must have, from the published market and not from the answer."""
    path, parameters = request_of(one.target, SELECTIONS[one.selected])
    query = dict(parameters)
    if path.startswith("/questions"):
        return {"/questions/volume": 0, "/questions/diversification": 3, "/questions/patterns": 1}.get(path, 2)
    if path == "/portfolio":
        held = 2 if one.expected.part == "weights" else 3
        return 0 if one.selected == "a weekend" else held
    if one.selected == "a weekend" and "range" not in query:
        return 0
    return len(set(query["tickers"].split(",")) & set(small_market()))


def test_the_json_api_plugin_extracts_the_apis_values(client: Client, node: Path) -> None:
    panels = list(panel_answers(client, JSON_API))
    frames = read_by_jsonpath(node, [(one.target, one.answer) for one in panels])
    for one, frame in zip(panels, frames, strict=True):
        check(one, frame, None)
        assert len({len(values) for values in frame.values()}) == 1, one.name  # the plugin draws nothing otherwise
        grouped, number = (one.target.get(f"experimental{name}Field") for name in ("GroupBy", "Metric"))
        assert (grouped, number) == (one.expected.by, one.expected.value)
        assert grouped is None or None not in frame[grouped]  # the plugin groups by text only


def test_infinity_extracts_the_apis_values(client: Client) -> None:
    for one in panel_answers(client, INFINITY):
        check(one, read_by_selectors(one.target, one.answer), "Value")
        assert one.target["format"] == ("timeseries" if one.expected.by else "table")


def test_unknown_values_stay_null(client: Client) -> None:
    volumes = [
        one for one in panel_answers(client, INFINITY) if one.expected.value == "volume" and one.selected == "all"
    ]
    assert any(None in read_by_selectors(one.target, one.answer)["Value"] for one in volumes)  # QQQ lacks one volume
    tables = [
        one for one in panel_answers(client, INFINITY) if one.expected.part == "summary" and one.selected == "all"
    ]
    assert any(None in values for one in tables for values in read_by_selectors(one.target, one.answer).values())


def test_the_reason_of_a_refusal_reaches_every_panel(client: Client) -> None:
    """Infinity's panels show what its program raises; the JSON API plugin shows `message` by itself."""
    unknown = Selected(["NOSUCH"], others={"weights": "NVDA:0.5,VOO:0.6"})
    seen = []
    for name in ("market-infinity", "portfolio-infinity"):
        for panel, query in queries_of(DASHBOARDS[name]):
            path, parameters = request_of(query, unknown)
            response = client.get(path, dict(parameters))
            if path == "/tickers":
                continue
            assert response.status_code in {400, 404}, panel
            with pytest.raises(RefusedError, match=r"NOSUCH|sums to 1\.1"):
                infinity_rows(query, response.json())
            seen.append(panel)
    assert len(seen) > 20


@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq")
def test_jq_reads_the_programs_as_the_tests_do(client: Client) -> None:
    answers = [client.json("/compare", tickers="NVDA"), client.get("/compare", {"tickers": "NOSUCH"}).json()]
    programs = {query["root_selector"]: query for name in INFINITY for _, query in queries_of(DASHBOARDS[name])}
    for program, query in programs.items():
        for answer in answers:
            run = ["jq", "-c", program]
            done = subprocess.run(run, input=json.dumps(answer), capture_output=True, text=True, check=False)
            said = done.stderr.removeprefix("jq: error (at <stdin>:0): ").strip()
            read = json.loads(done.stdout) if done.stdout else said
            assert (read if isinstance(read, list) else [read]) == rows_or_reason(query, answer)


def rows_or_reason(query: dict[str, Any], answer: dict[str, Any]) -> list[Any]:
    try:
        return infinity_rows(query, answer)
    except RefusedError as reason:
        return [str(reason)]


def test_the_first_panel_warns_of_gaps_in_the_lake(client: Client) -> None:
    first = [one for one in panel_answers(client, ["market-infinity"]) if one.name.endswith("What to know first")]
    texts = {one.selected: " ".join(read_by_selectors(one.target, one.answer)["A"]) for one in first}
    assert "AAPL" in texts["unpublished"]
    assert "META" in texts["several"]


def test_a_question_without_an_answer_gives_the_reason(client: Client) -> None:
    (answer_panel,) = (
        one
        for one in panel_answers(client, ["questions-infinity"])
        if one.target["url"] == "/questions/volume" and not one.expected.part and one.selected == "one"
    )
    frame = read_by_selectors(answer_panel.target, answer_panel.answer)
    assert frame["Answer"] == [None]
    assert "AAPL" in frame["If none, why"][0]


def queries(dashboards: list[str], *names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for dashboard in dashboards:
        yield from ((name, target) for name, target in queries_of(DASHBOARDS[dashboard]) if name in names)


def test_the_variables_list_every_ticker(client: Client, node: Path) -> None:
    rows = client.json("/tickers")["rows"]
    options = [(row["text"], row["value"]) for row in rows]
    assert {"VOO", "AAPL", "NEWCO"} <= {value for _, value in options}
    answer = client.json("/tickers")
    variables = [query for _, query in queries(JSON_API, *PICKERS)]
    assert len(variables) == 10  # two of the market, one of a portfolio, seven of the questions
    for frame, query in zip(read_by_jsonpath(node, [(query, answer) for query in variables]), variables, strict=True):
        names = (query[f"experimentalVariable{name}Field"] for name in ("Text", "Value"))
        assert list(zip(*(frame[name] for name in names), strict=True)) == options
    for _, query in queries(INFINITY, *PICKERS):
        frame = read_by_selectors(query, answer)
        assert list(zip(frame["__text"], frame["__value"], strict=True)) == options


@pytest.mark.parametrize("selected", SELECTIONS)
def test_splits_and_dividends_are_annotations(client: Client, node: Path, selected: str) -> None:
    queried = [*queries(JSON_API, "Splits", "Dividends"), *queries(INFINITY, "Splits", "Dividends")]
    answers = [
        client.json(path, **renamed(parameters)) for path, parameters in requests_of(queried, SELECTIONS[selected])
    ]
    frames = read_by_jsonpath(
        node, [(query, answer) for (_, query), answer in zip(queried[:2], answers[:2], strict=True)]
    )
    frames += [read_by_selectors(query, answer) for (_, query), answer in zip(queried[2:], answers[2:], strict=True)]
    for (name, _), answer, frame in zip(queried, answers, frames, strict=True):
        assert frame == {key: [row[key] for row in answer["rows"]] for key in ("time", "title", "text", "tags")}
        assert {f"{title}s" for title in frame["title"]} <= {name}
        assert all(tags.split(",")[0] in SELECTIONS[selected].tickers for tags in frame["tags"])
    splits = {"one": 1, "several": 1, "all": 1}.get(selected, 0)  # NVDA's split
    assert [len(frame["time"]) for (name, _), frame in zip(queried, frames, strict=True) if name == "Splits"] == [
        splits
    ] * 2


def requests_of(
    queried: list[tuple[str, dict[str, Any]]], selected: Selected
) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [request_of(query, selected) for _, query in queried]


def renamed(parameters: tuple[tuple[str, str], ...]) -> dict[str, str]:
    names = {"from": "first", "to": "last"}
    return {names.get(name, name): value for name, value in parameters}


def test_comparisons_include_the_benchmark() -> None:
    for name in (*JSON_API, *INFINITY):
        compared = [
            request_of(target, SELECTIONS["one"])
            for _, target in queries_of(DASHBOARDS[name])
            if "/compare" in str(target)
        ]
        assert all(dict(pairs)["tickers"] == f"NVDA,{BENCHMARK}" for _, pairs in compared)
        assert bool(compared) == name.startswith("market")


@pytest.mark.parametrize("name", [*JSON_API, *INFINITY])
def test_a_matrix_has_each_pair_both_ways(client: Client, name: str) -> None:
    for panel in DASHBOARDS[name]["panels"]:
        if panel["title"] != "Correlation":
            continue
        one, other = panel["targets"]
        assert request_of(one, SELECTIONS["several"]) == request_of(other, SELECTIONS["several"])
        halves = [query.get("fields") or query["columns"] for query in (one, other)]
        names = [field.get("name") or field["text"] for field in halves[0]]
        sources = [[field.get("selector") or field["jsonPath"].split(".")[-1] for field in half] for half in halves]
        assert names == ["Ticker", "With", "Correlation"]
        assert sources == [["ticker", "other", "correlation"], ["other", "ticker", "correlation"]]
        (matrix,) = (step["options"] for step in panel["transformations"] if step["id"] == "groupingToMatrix")
        assert [matrix[f"{axis}Field"] for axis in ("row", "column", "value")] == names
