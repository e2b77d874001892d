"""The URLs that the soak test requests, derived from the OpenAPI document, so that it covers new paths by itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

# The answer of /snapshots depends on every snapshot in the lake, not only on the one served.
EXCLUDED_PATHS = {"/snapshots"}
EXCLUDED_PARAMETERS = {"from", "to", "format"}  # from and to belong together; CSV does not name its snapshot
# Values that exercise more than the parameter's examples in the OpenAPI document do.
VALUES: Mapping[str, Sequence[str]] = {
    "tickers": ("NVDA", "NVDA,AMZN", "{VOO,QQQ,META}", "TSLA", "NEWCO", "AAPL", "GOOGL"),
    "range": ("1w", "5d", "3m", "100d", "ytd", "max", "1y"),
    "benchmark": ("VOO", "AMZN"),
    "a": ("META,AMZN", "NVDA"),
    "b": ("VOO,QQQ", "TSLA"),
    "horizon": ("3m", "1m", "5d"),
    "rf": ("0", "0.05", "-0.01"),
}


def urls_of(openapi: Mapping[str, Any]) -> list[str]:
    """Each path with its required parameters alone, and with each value of each other parameter."""
    urls: set[str] = set()
    for path, methods in openapi["paths"].items():
        if path in EXCLUDED_PATHS:
            continue
        described = methods["get"].get("parameters", ())
        parameters = {one["name"]: one for one in described if one["in"] in {"path", "query"}}
        required = {name: _values(one)[0] for name, one in parameters.items() if one.get("required")}
        urls.add(_url(path, required))
        for name, parameter in parameters.items():
            values = [] if name in EXCLUDED_PARAMETERS else _values(parameter)
            urls |= {_url(path, required | {name: value}) for value in values if len(values) > 1}
    return sorted(urls)


def _values(parameter: Mapping[str, Any]) -> Sequence[str]:
    schema = parameter["schema"]
    examples = [parameter["example"]] if "example" in parameter else []
    default = [schema["default"]] if schema.get("default") is not None else []
    described = (*schema.get("enum", ()), *examples, *schema.get("examples", ()), *default)
    return VALUES.get(parameter["name"]) or [str(value) for value in described]


def _url(path: str, values: Mapping[str, str]) -> str:
    query = {name: value for name, value in values.items() if f"{{{name}}}" not in path}
    return f"{path.format(**values)}?{urlencode(query, quote_via=quote, safe='')}".rstrip("?")
