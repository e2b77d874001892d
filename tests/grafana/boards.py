"""The committed dashboards, and the requests that they make once a person has picked something."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lake.universe import universe

GRAFANA = Path(__file__).parents[2] / "grafana"
DEFINED = json.loads((GRAFANA.parent / "api/panels.json").read_text(encoding="utf-8"))
BOARDS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (GRAFANA / "dashboards").glob("*.json")}
JSON_API = [name for name in BOARDS if name.endswith("json-api")]
INFINITY = [name for name in BOARDS if name.endswith("infinity")]
Call = tuple[str, tuple[tuple[str, str], ...]]


class Picked(NamedTuple):
    """What a person has picked: tickers, and the time range as Grafana writes its ends."""

    tickers: Sequence[str]
    first: str = "2026-08-24T00:00:00.000Z"
    last: str = "2026-11-24T23:59:59.999Z"


PICKED = {
    "one": Picked(["NVDA"]),
    "several": Picked(["NVDA", "META", "QQQ"]),
    "all": Picked([*universe(), "NEWCO"]),
    "unpublished": Picked(["AAPL"]),
    "a weekend": Picked(["NVDA", "AMZN"], "2026-11-21T00:00:00.000Z", "2026-11-22T23:59:59.999Z"),
}
BENCHMARK = "VOO"


def call(target: dict[str, Any], picked: Picked) -> Call:
    """The path and the parameters of a query, in their order, with everything filled in."""
    if "urlPath" in target:
        path, pairs = target["urlPath"], [tuple(pair) for pair in target["params"]]
    else:
        path, pairs = target["url"], [(pair["key"], pair["value"]) for pair in target["url_options"]["params"]]
    return path, tuple((name, filled(value, picked)) for name, value in pairs)


def filled(text: str, picked: Picked) -> str:
    """A parameter as the plugin sends it; whatever Grafana would not know stays, and is an error."""
    known = {
        "${tickers:csv}": ",".join(picked.tickers),
        "${benchmark}": BENCHMARK,
        **dict.fromkeys(("$__isoFrom()", "${__timeFrom:date:iso}"), picked.first),
        **dict.fromkeys(("$__isoTo()", "${__timeTo:date:iso}"), picked.last),
    }
    for name, value in known.items():
        text = text.replace(name, value)
    assert "$" not in text, text
    return text


def targets(board: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every query of a dashboard, by the name of what asks: panels, annotations, pickers."""
    for panel in board["panels"]:
        yield from ((panel["title"], target) for target in panel["targets"])
    for annotation in board.get("annotations", {}).get("list", []):
        yield annotation["name"], annotation["target"]
    for variable in board.get("templating", {}).get("list", []):
        yield variable["name"], variable["query"].get("infinityQuery", variable["query"])


class Expected(NamedTuple):
    """What a panel has to show of an answer, by the definition: the part, and the field of each column by its name.

    Without a field, the part is sentences.
    """

    part: str
    fields: dict[str, str]
    by: str | None
    value: str | None


def expected(name: str) -> list[Expected]:
    """Of each panel of a dashboard, in order, as panels.json says."""
    if name.startswith("market"):
        return [_panel(entry) for entry in DEFINED["panels"] if "market" in entry["on"]]
    answer = Expected("", {"Answer": "answer", "If none, why": "reason"}, None, None)
    asked = [_panel({"from": "rows", **entry}) for entry in DEFINED["questions"]]
    return [_panel(DEFINED["standing"]), *(one for series in asked for one in (answer, series))]


def _panel(entry: dict[str, Any]) -> Expected:
    if entry["shape"] == "words":
        return Expected(entry["from"], {"words": ""}, None, None)
    if "columns" in entry:
        return Expected(entry["from"], {column["title"]: column["field"] for column in entry["columns"]}, None, None)
    by, value = entry.get("by", "ticker"), entry["field"]
    return Expected(entry["from"], {"time": "time", by: by, value: value}, by, value)


def part(answer: dict[str, Any], name: str) -> list[Any]:
    """The rows of a part of an answer; the answer itself is one row where no part is named."""
    found: Any = answer
    for step in filter(None, name.split(".")):
        found = found[step]
    return found if isinstance(found, list) else [found]
