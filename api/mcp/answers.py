"""A tool's answer from a path's answer: warnings first, key figures to six digits, rows only where asked for. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel

from api.analytics.registry import REGISTRY
from api.formatting import decimal, percent, points
from api.http.rows import Rows
from api.http.schemas import SnapshotMeta, WindowMeta
from api.http.warnings import merge_warnings
from api.mcp.arguments import MOST_ROWS

_MOST_LINES = 12  # of a text: structured content has the rest
_DIGITS = 6
_SMALL = 0.01  # what is below it is shown with more digits
_LARGE = 10_000  # what is above it, with none after the point
_POINTS = frozenset({"excess_return"})


class Answer(NamedTuple):
    """`structured`: what the output schema describes; `text`: the same in a few lines, for clients that show text."""

    structured: dict[str, Any]
    text: str


def answer_of(meta: SnapshotMeta, warnings: Iterable[str], lines: Sequence[str], **parts: Any) -> Answer:
    """An answer that says first what to know, and always whether the prices are invented.

    `lines`: the text after that; `parts`: the members of the structured answer, without those that are None.
    """
    said = merge_warnings(warnings)
    kept = {name: plain(value) for name, value in parts.items() if value is not None}
    structured = {"warnings": said, "simulated": meta.simulated, "as_of": meta.as_of.isoformat(), **kept}
    kind = "Simulated prices: invented, not a market's" if meta.simulated else f"Prices: {meta.origin}"
    more = [f"… and {len(lines) - _MOST_LINES} more in the structured answer"] if len(lines) > _MOST_LINES else []
    first = [f"{kind}; newest session {meta.as_of}.", *(f"Warning: {one}." for one in said if not _repeats(one, meta))]
    return Answer(structured, "\n".join([*first, *lines[:_MOST_LINES], *more]))


def table(entries: Iterable[BaseModel], names: Sequence[str]) -> list[dict[str, Any]]:
    """These fields of each entry."""
    return [{name: getattr(one, name) for name in names} for one in entries]


def newest(rows: Rows[Any], names: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The newest rows with these columns, and a warning where there are more."""
    chosen = rows.select(names).dicts()
    if len(chosen) <= MOST_ROWS:
        return chosen, []
    cut = f"rows: only the newest {MOST_ROWS} of {len(chosen):,} are given; ask for fewer tickers or a coarser interval"
    return chosen[-MOST_ROWS:], [cut]


def window_of(window: WindowMeta) -> dict[str, Any]:
    """The window as a tool gives it."""
    return {"from": window.first, "to": window.to, "base": window.base, "sessions": window.sessions}


def lines_of(entries: Sequence[Mapping[str, Any]], key: str = "ticker") -> list[str]:
    """A line an entry: `NVDA: cumulative_return 12.3 %, beta 1.70`; what is null is left out."""
    return [
        f"{one[key]}: "
        + ", ".join(f"{name} {text_of(name, value)}" for name, value in one.items() if _said(name, value, key))
        for one in entries
    ]


def text_of(name: str, value: Any) -> str:
    """A figure as a person reads it: a fraction in percent."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if _is_fraction(name):
        return percent(value, 1 if abs(value) >= _SMALL else 3)
    if name in _POINTS:
        return points(value) if value >= 0 else f"−{points(value)}"
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return decimal(value) if abs(value) >= _SMALL else f"{value:.2g}".replace("-", "−")


def plain(value: Any) -> Any:
    """As JSON has it: dates as text, floats to six digits."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def _said(name: str, value: Any, key: str) -> bool:
    return name != key and value is not None


def _is_fraction(name: str) -> bool:
    metric = REGISTRY.get(name)
    return name in _FRACTIONS if metric is None else metric.unit.startswith("fraction")


def _repeats(warning: str, meta: SnapshotMeta) -> bool:
    """The first line of a text says already that prices are simulated."""
    return meta.simulated and warning.startswith("simulated data")


_FRACTIONS = frozenset(
    (
        *("average_range_ratio", "target_weight", "end_weight", "contribution_to_return", "contribution_to_risk"),
        *("p_a_beats_b", "p_low", "p_high", "weight_on_history", "spread_05", "spread_50", "spread_95"),
        *("past_return", "past_volatility", "return_05", "return_50", "return_95"),
        *("mix_volatility", "mean_volatility", "volatility_saved", "regime_percentile"),
    )
)
