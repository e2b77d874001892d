"""`/widgets.json` and `/apps.json`, as OpenBB Workspace reads them. Pure.

https://docs.openbb.co/workspace/developers/json-specs/widgets-json-reference and …/apps-json-reference
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.resources.openbb.definition import Panel, definition, kind_of, panels
from api.resources.questions.registry import QUESTIONS

Json = dict[str, Any]
_SOURCE = ["Bellwether"]
_WIDTH = 40  # columns of Workspace's grid
_SIZES = {"chart": (20, 12), "table": (20, 9), "markdown": (40, 5)}
_QUESTION_SIZE = (20, 14)
_STALE_MS = 300_000  # prices change once a day
_RANGES = ("1w", "2w", "1m", "3m", "6m", "100d", "ytd", "1y", "3y", "5y", "max")
_TICKERS, _WEIGHTS, _BENCHMARK = "NVDA,AMZN", "NVDA:0.4,VOO:0.6", "VOO"
_LONG = {"returns/calendar": "3y", "returns/drawdowns": "1y", "seasonality": "1y", "portfolio": "1y"}
_FORMATS: Mapping[str, Json] = {
    "text": {"cellDataType": "text"},
    "usd": {"cellDataType": "number", "prefix": "$"},
    "signed_usd": {"cellDataType": "number", "prefix": "$", "renderFn": "greenRed"},
    "shares": {"cellDataType": "number", "formatterFn": "int"},
    "count": {"cellDataType": "number", "formatterFn": "int"},
    "ratio": {"cellDataType": "number", "formatterFn": "normalizedPercent"},
    "small_ratio": {"cellDataType": "number", "formatterFn": "normalizedPercent"},
    "signed_ratio": {"cellDataType": "number", "formatterFn": "normalizedPercent", "renderFn": "greenRed"},
}
_NUMBER: Json = {"cellDataType": "number", "formatterFn": "none"}
_QUESTION_PARAMS: Mapping[str, Sequence[str]] = {
    "volume": ("tickers",),
    "comparison": ("tickers", "range"),
    "diversification": ("tickers", "benchmark", "range"),
    "outlook": ("a", "b", "range"),
    "patterns": ("tickers", "range"),
}


def widgets(tickers: Sequence[str]) -> dict[str, Json]:
    """Every panel and every question as a widget; `tickers` are what its pickers offer."""
    found = {f"bellwether_{name}": _panel_widget(panel, tickers) for name, panel in panels().items()}
    questions = {one["name"]: one for one in definition()["questions"]}
    return found | {f"bellwether_question_{name}": _question_widget(one, tickers) for name, one in questions.items()}


def apps(tickers: Sequence[str]) -> list[Json]:
    """One app with a tab each for the market, a portfolio and the questions; its pickers move together."""
    known = widgets(tickers)
    views = {name: panel["views"] for name, panel in panels().items()}
    portfolio = [f"bellwether_{name}" for name, shown in views.items() if "portfolio" in shown]
    market = [f"bellwether_{name}" for name in views if f"bellwether_{name}" not in portfolio]
    questions = [name for name in known if name.startswith("bellwether_question_")]
    tabs = {"market": ("Market", market), "portfolio": ("Portfolio", portfolio), "questions": ("Questions", questions)}
    return [
        {
            "name": "Bellwether",
            "description": "Daily prices of US stocks and ETFs: returns, risk, and five questions answered",
            "img": "",
            "img_dark": "",
            "img_light": "",
            "allowCustomization": True,
            "tabs": {
                key: {"id": key, "name": name, "layout": [*_layout(known, names)]}
                for key, (name, names) in tabs.items()
            },
            "groups": [*_groups({name: known[name] for name in (*market, *portfolio)})],
            "prompts": [f"Ask the widget “{known[name]['name']}” and explain its answer." for name in questions],
        }
    ]


def _panel_widget(panel: Panel, tickers: Sequence[str]) -> Json:
    kind, path = kind_of(panel), panel["path"]
    names = [*definition()["parameters"][path], *([] if "range" in panel else ["range"])]
    values = {"range": _LONG.get(path, "3m")}
    widget = _widget(panel, kind, f"openbb/panels/{panel['name']}", _SIZES[kind])
    widget["params"] = [_param(name, tickers, values) for name in names]
    if kind == "table":
        widget["data"] = {"dataKey": "rows", "table": {"showAll": True, "columnsDefs": [*_columns(panel)]}}
    return widget


def _question_widget(question: Panel, tickers: Sequence[str]) -> Json:
    usual = QUESTIONS[question["name"]]
    values = {"tickers": ",".join(usual.tickers), "range": usual.range}
    widget = _widget(question, "markdown", f"openbb/questions/{question['name']}", _QUESTION_SIZE)
    widget["subCategory"] = "Questions"
    return widget | {"params": [_param(name, tickers, values) for name in _QUESTION_PARAMS[question["name"]]]}


def _widget(one: Panel, kind: str, endpoint: str, size: tuple[int, int]) -> Json:
    return {
        "name": one["title"],
        "description": one["description"],
        "category": "Bellwether",
        "subCategory": "Panels",
        "type": kind,
        "endpoint": endpoint,
        "gridData": {"w": size[0], "h": size[1]},
        "source": _SOURCE,
        "staleTime": _STALE_MS,
    }


def _columns(panel: Panel) -> Iterator[Json]:
    for column in panel["columns"]:
        data_type = "category" if column["unit"] == "text" else "series"
        yield {
            "field": column["field"].replace(".", "_"),  # a point would lead into an object
            "headerName": column["title"],
            "chartDataType": data_type,
            **_FORMATS.get(column["unit"], _NUMBER),
        }


def _param(name: str, tickers: Sequence[str], values: Mapping[str, str]) -> Json:
    """A picker of one parameter."""
    options = {
        "tickers": (_TICKERS, "Tickers", tickers),
        "a": ("META,GOOGL", "Basket A", tickers),
        "b": ("VOO,SCHG", "Basket B", tickers),
        "benchmark": (_BENCHMARK, "Benchmark", (*tickers, "none")),
        "range": ("3m", "Window", _RANGES),
        "weights": (_WEIGHTS, "Weights", ()),
        "rebalance": ("none", "Rebalance", ("none", "daily", "weekly", "monthly", "quarterly", "yearly")),
        "by": ("month", "By", ("month", "year")),
    }
    value, label, choices = options[name]
    param: Json = {
        "paramName": name,
        "label": label,
        "description": _DESCRIPTIONS[name],
        "type": "text",
        "value": values.get(name, value),
    }
    if choices:
        param["options"] = [{"label": one, "value": one} for one in choices]
    return param | ({"multiSelect": True} if name in {"tickers", "a", "b"} else {})


def _layout(known: Mapping[str, Json], names: Sequence[str]) -> Iterator[Json]:
    """The widgets from left to right in rows as high as their highest."""
    x = y = height = 0
    for name in names:
        width, own = known[name]["gridData"]["w"], known[name]["gridData"]["h"]
        if x + width > _WIDTH:
            x, y, height = 0, y + height, 0
        yield {"i": name, "x": x, "y": y, "w": width, "h": own}
        x, height = x + width, max(height, own)


def _groups(known: Mapping[str, Json]) -> Iterator[Json]:
    """One group a parameter and default, so that a choice in one widget is a choice in all."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, widget in known.items():
        for param in widget["params"]:
            found.setdefault((param["paramName"], param["value"]), []).append(name)
    for number, ((param, value), names) in enumerate(found.items(), start=1):
        group = {"name": f"Group {number}", "type": "param", "paramName": param}
        yield group | {"defaultValue": value, "widgetIds": names}


_DESCRIPTIONS = {
    "tickers": "Which tickers",
    "a": "The first basket, in equal parts",
    "b": "The second basket, in equal parts",
    "benchmark": "The ticker to compare with",
    "range": "Window back from the newest session",
    "weights": "TICKER:WEIGHT pairs that sum to 1 or 100, or equal:NVDA,VOO",
    "rebalance": "How often the weights are restored",
    "by": "Calendar months or years",
}
