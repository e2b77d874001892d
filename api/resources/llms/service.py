"""The text of `/llms.txt`, from the OpenAPI document: each path with its meaning and one example. Pure.

https://llmstxt.org
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

# What an example names: the other parameters have defaults that it does without.
_SHOWN = ("tickers", "weights", "a", "b", "range", "horizon")
_INTRODUCTION = """# Bellwether

> Daily prices of US stocks and ETFs in a small data lake, and a service that answers questions about them: returns,
> risk, volatility, portfolios, drawdowns, outlooks, and five questions in words.

Answers have `meta`, `summary`, `rows` and `warnings`; read the warnings first. `meta.simulated` says whether prices are
invented: always pass that on. Ratios are fractions: 0.0123 is 1.23 %. A figure that is not known is `null`. Windows are
`range=3m`, `100d`, `ytd` or `max`, or `from` and `to`. `format=csv` gives a table. Errors are RFC 9457 problem bodies
that name the parameter, the value and the bound. On AWS the header `x-api-key` is needed. Nothing here is investment
advice.
"""
_MORE = (
    ("mcp", "Model Context Protocol", "the same answers as eight tools for AI agents, by POST"),
    ("openapi.json", "OpenAPI", "every path, parameter and field"),
    ("docs", "Swagger UI", "to try them"),
    ("widgets.json", "OpenBB Workspace", "the panels and questions as widgets"),
)


def llms_text(document: Mapping[str, Any], base: str = "") -> str:
    """The whole text. Links are relative to `base`, by default to the text itself."""
    parts = [_INTRODUCTION]
    for tag in document["tags"]:
        lines = "".join(_lines(document["paths"], tag["name"], base))
        parts.append(f"## {tag['name']}\n\n{tag['description']}.\n\n{lines}")
    more = "".join(f"- [{title}]({base}{path}): {what}\n" for path, title, what in _MORE)
    return "\n".join([*parts, f"## For programs\n\n{more}"])


def example(path: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """`compare?tickers=NVDA,AMZN&range=3m`: the parameters that an answer turns on, each with its example."""
    known = {one["name"]: one.get("example") for one in parameters}
    query = {name: _text(known[name]) for name in _SHOWN if known.get(name)}
    return path.lstrip("/") + (f"?{urlencode(query, safe=',:')}" if query else "")


def _lines(paths: Mapping[str, Any], tag: str, base: str) -> Iterator[str]:
    for path, methods in paths.items():
        operation = methods["get"]
        if tag in operation["tags"]:
            link = base + example(path, operation.get("parameters", ()))
            what = " ".join(operation["description"].split("\n\n")[0].split()).partition(" Ratios are fractions")[0]
            yield f"- [{path}]({link}): {operation['summary']}. {what}\n"


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
