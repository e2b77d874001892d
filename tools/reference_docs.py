"""Write the parts of docs/ that come from the code's own registries: `python -m tools.reference_docs`.

They are committed, because the site is built without numpy; a test holds them against the code.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping

from api.analytics import metrics
from api.analytics.metric import Metric
from api.analytics.registry import REGISTRY
from api.limits import LIMITS
from ingest.imports.layouts import ALL_LAYOUTS
from lake.tables import FORECASTS, PUBLISHED_TABLES, Table
from tools import agents_docs, doc_blocks, plan_docs

_TITLES = {
    "returns": "Returns and drawdown",
    "risk": "Risk, and return for it",
    "trend": "Trend",
    "benchmark": "Against the benchmark",
    "bars": "Volatility from daily bars, and the state at the window's end",
}


def metric_reference() -> str:
    """Every metric of the registry, a heading each, in the registry's order."""
    parts = (
        f"### {_TITLES.get(name, name.capitalize())}\n\n" + "".join(map(_entry, family)) for name, family in _families()
    )
    return "\n" + "".join(parts)


def limit_table() -> str:
    """The limits that one request is held to."""
    rows = [[f"`{one.parameter}`", f"{one.most:,} {one.unit}", one.reason] for one in LIMITS]
    return doc_blocks.table(["parameter", "at most", "because"], rows)


def layout_table() -> str:
    """The layouts of files that an import reads."""
    rows = [[one.name, one.remark, "as traded" if one.basis == "raw" else ""] for one in ALL_LAYOUTS]
    return doc_blocks.table(["layout", "what is special", "prices are"], rows)


def column_tables() -> str:
    """The columns of each table that SQL can read."""
    return "\n" + "".join(map(_columns, (*PUBLISHED_TABLES.values(), FORECASTS)))


def _columns(table: Table) -> str:
    rows = [[f"`{one.name}`", f"`{one.type}`", one.unit, one.meaning] for one in table.columns]
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"### `{table.name}`\n\nA folder for each `{table.partition}`; one row for each {key}.\n" + doc_blocks.table(
        ["column", "type", "unit", "meaning"], rows
    )


def _families() -> Iterator[tuple[str, tuple[Metric, ...]]]:
    names = (found.name for found in pkgutil.iter_modules(metrics.__path__))
    modules = {name: importlib.import_module(f"{metrics.__name__}.{name}") for name in names}
    order = list(REGISTRY)
    families = [(name, module.METRICS) for name, module in modules.items()]
    yield from sorted(families, key=lambda family: order.index(family[1][0].slug))


def _entry(metric: Metric) -> str:
    interval = " It comes with a 95 % interval, `_low` and `_high`." if metric.resampled else ""
    return (
        f"#### `{metric.slug}`\n\n"
        f"{metric.convention}.{interval}\n\n"
        f"- **Unit:** {metric.unit}\n"
        f"- **Null when:** {metric.null}\n"
        f"- **Source:** {metric.source}\n"
        f"- **Tested against:** {metric.oracle}\n\n"
    )


PARTS: Mapping[str, Callable[[], str]] = {
    "metrics": metric_reference,
    "limits": limit_table,
    "layouts": layout_table,
    "tables": column_tables,
    "plans": plan_docs.plan_words,
    "llms": agents_docs.llms_paths,
    "tools": agents_docs.tool_table,
    "conversation": agents_docs.conversation,
    "one-liners": agents_docs.one_liners,
}


if __name__ == "__main__":
    for part, content in PARTS.items():
        doc_blocks.write(part, content())
