"""What the dashboards take of the API's real answers, by each plugin's own way of reading them.

The JSON API plugin reads with jsonpath-plus, so these paths run in it, on Node. Infinity's backend reads a root
selector and plain names, which is said here in a few lines of Python.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.grafana.boards import (
    BENCHMARK,
    BOARDS,
    INFINITY,
    JSON_API,
    PICKED,
    Expected,
    Picked,
    call,
    expected,
    part,
    targets,
)
from tests.support.client import Client
from tests.support.markets import small_market

HERE = Path(__file__).parent
Frame = dict[str, list[Any]]
NODE_SECONDS = 90


class Shown(NamedTuple):
    """A panel of a dashboard for something picked, and the answer that it draws from."""

    name: str
    target: dict[str, Any]
    picked: str
    answer: dict[str, Any]
    expected: Expected


def shown(client: Client, boards: list[str]) -> Iterator[Shown]:
    for name in boards:
        for panel, wanted in zip(BOARDS[name]["panels"], expected(name), strict=True):
            (target,) = panel["targets"]  # at most one request a panel
            for picked in PICKED:
                path, parameters = call(target, PICKED[picked])
                response = client.get(path, dict(parameters))
                assert response.status_code == 200, (name, panel["title"], picked, response.text)
                yield Shown(f"{name}: {panel['title']}", target, picked, response.json(), wanted)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Node finds the library that the plugin reads with; without it these tests are skipped."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs Node and npm: the plugin's own library reads the answers")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "paths.mjs"):
        shutil.copy(HERE / name, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=NODE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not bring jsonpath-plus within {NODE_SECONDS} seconds")
    if done.returncode:
        pytest.skip(f"npm cannot bring jsonpath-plus here: {done.stderr.strip().splitlines()[:1]}")
    return folder


def by_jsonpath(node: Path, asked: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[Frame]:
    """The fields of each query and answer, as the plugin's library finds them."""
    lines = [{"answer": answer, "paths": [field["jsonPath"] for field in query["fields"]]} for query, answer in asked]
    run = ["node", "paths.mjs"]
    done = subprocess.run(run, cwd=node, input=json.dumps(lines), capture_output=True, text=True, check=True)
    names = [[field["name"] for field in query["fields"]] for query, _ in asked]
    return [dict(zip(*pair, strict=True)) for pair in zip(names, json.loads(done.stdout), strict=True)]


def by_selectors(query: dict[str, Any], answer: dict[str, Any]) -> Frame:
    """The fields of a query and an answer, as Infinity's backend finds them: no rows, no fields."""
    assert query["parser"] == "backend"
    assert not any(mark in query["root_selector"] for mark in "#|@?*")
    rows = part(answer, query["root_selector"])
    if not query["columns"]:
        return {query["refId"]: rows}
    return {column["text"]: [row.get(column["selector"]) for row in rows] for column in query["columns"]}


def check(one: Shown, frame: Frame, value: str | None) -> None:
    """The very values of the API, row by row, null where it says null; and a series for each that there is."""
    rows = part(one.answer, one.expected.part)
    if "words" in one.expected.fields:
        assert list(frame.values()) == [rows]
        assert any("simulated" in sentence for sentence in rows)
        return
    names = {name: (value or name) if name == one.expected.value else name for name in one.expected.fields}
    wanted = {names[name]: [row[field] for row in rows] for name, field in one.expected.fields.items()}
    assert frame == wanted, (one.name, one.picked)
    if one.expected.by:
        assert frame["time"] == sorted(frame["time"]), one.name
        assert len(set(frame[one.expected.by])) == lines_of(one), (one.name, one.picked)


def lines_of(one: Shown) -> int:
    """How many lines a panel has to draw: by the market that was published, not by the answer."""
    path, parameters = call(one.target, PICKED[one.picked])
    asked = dict(parameters)
    if not asked:
        return {"/questions/volume": 0, "/questions/diversification": 3, "/questions/patterns": 1}.get(path, 2)
    if one.picked == "a weekend" and "range" not in asked:
        return 0
    return len(set(asked["tickers"].split(",")) & set(small_market()))


def test_the_json_api_plugin_finds_the_apis_values(client: Client, node: Path) -> None:
    panels = list(shown(client, JSON_API))
    frames = by_jsonpath(node, [(one.target, one.answer) for one in panels])
    for one, frame in zip(panels, frames, strict=True):
        check(one, frame, None)
        assert len({len(values) for values in frame.values()}) == 1, one.name  # else the plugin refuses to draw
        grouped, number = (one.target.get(f"experimental{name}Field") for name in ("GroupBy", "Metric"))
        assert (grouped, number) == (one.expected.by, one.expected.value)
        assert grouped is None or None not in frame[grouped]  # it has to be a text


def test_infinity_finds_the_apis_values(client: Client) -> None:
    for one in shown(client, INFINITY):
        check(one, by_selectors(one.target, one.answer), "Value")
        assert one.target["format"] == ("timeseries" if one.expected.by else "table")


def test_what_is_not_known_stays_unknown(client: Client) -> None:
    volumes = [one for one in shown(client, INFINITY) if one.expected.value == "volume" and one.picked == "all"]
    assert any(None in by_selectors(one.target, one.answer)["Value"] for one in volumes)  # QQQ's silent day
    tables = [one for one in shown(client, INFINITY) if one.expected.part == "summary" and one.picked == "all"]
    assert any(None in values for one in tables for values in by_selectors(one.target, one.answer).values())


def test_what_the_lake_lacks_is_said_first(client: Client) -> None:
    first = [one for one in shown(client, ["market-infinity"]) if one.name.endswith("What to know first")]
    said = {one.picked: " ".join(by_selectors(one.target, one.answer)["A"]) for one in first}
    assert "AAPL" in said["unpublished"]
    assert "META" in said["several"]


def test_a_question_without_an_answer_says_why(client: Client) -> None:
    (words,) = (
        one
        for one in shown(client, ["questions-infinity"])
        if one.target["url"] == "/questions/volume" and not one.expected.part and one.picked == "one"
    )
    frame = by_selectors(words.target, words.answer)
    assert frame["Answer"] == [None]
    assert "AAPL" in frame["If none, why"][0]


def queries(boards: list[str], *names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for board in boards:
        yield from ((name, target) for name, target in targets(BOARDS[board]) if name in names)


def test_the_pickers_hold_every_ticker(client: Client, node: Path) -> None:
    rows = client.json("/tickers")["rows"]
    wanted = [(row["text"], row["value"]) for row in rows]
    assert {"VOO", "AAPL", "NEWCO"} <= {value for _, value in wanted}
    answer = client.json("/tickers")
    picks = [query for _, query in queries(JSON_API, "tickers", "benchmark")]
    assert len(picks) == 2
    for frame, query in zip(by_jsonpath(node, [(query, answer) for query in picks]), picks, strict=True):
        names = (query[f"experimentalVariable{name}Field"] for name in ("Text", "Value"))
        assert list(zip(*(frame[name] for name in names), strict=True)) == wanted
    for _, query in queries(INFINITY, "tickers", "benchmark"):
        frame = by_selectors(query, answer)
        assert list(zip(frame["__text"], frame["__value"], strict=True)) == wanted


@pytest.mark.parametrize("picked", PICKED)
def test_splits_and_dividends_are_annotations(client: Client, node: Path, picked: str) -> None:
    asked = [*queries(JSON_API, "Splits", "Dividends"), *queries(INFINITY, "Splits", "Dividends")]
    answers = [client.json(path, **renamed(parameters)) for path, parameters in calls(asked, PICKED[picked])]
    read = by_jsonpath(node, [(query, answer) for (_, query), answer in zip(asked[:2], answers[:2], strict=True)])
    read += [by_selectors(query, answer) for (_, query), answer in zip(asked[2:], answers[2:], strict=True)]
    for (name, _), answer, frame in zip(asked, answers, read, strict=True):
        assert frame == {key: [row[key] for row in answer["rows"]] for key in ("time", "title", "text", "tags")}
        assert {f"{title}s" for title in frame["title"]} <= {name}
        assert all(tags.split(",")[0] in PICKED[picked].tickers for tags in frame["tags"])
    found = {"one": 1, "several": 1, "all": 1}.get(picked, 0)  # NVDA's split
    assert [len(frame["time"]) for (name, _), frame in zip(asked, read, strict=True) if name == "Splits"] == [found] * 2


def calls(asked: list[tuple[str, dict[str, Any]]], picked: Picked) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [call(query, picked) for _, query in asked]


def renamed(parameters: tuple[tuple[str, str], ...]) -> dict[str, str]:
    names = {"from": "first", "to": "last"}
    return {names.get(name, name): value for name, value in parameters}


def test_the_benchmark_is_among_what_is_compared() -> None:
    for name in (*JSON_API, *INFINITY):
        compared = [call(target, PICKED["one"]) for _, target in targets(BOARDS[name]) if "/compare" in str(target)]
        assert all(dict(pairs)["tickers"] == f"NVDA,{BENCHMARK}" for _, pairs in compared)
        assert bool(compared) == name.startswith("market")
