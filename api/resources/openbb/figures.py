"""What a widget shows of an answer: a Plotly figure, the rows of a table, or Markdown. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from api.http.rows import Rows
from api.resources.openbb.definition import CHARTS, Panel
from api.resources.questions.schemas import QuestionAnswer

Row = Mapping[str, Any]
_PERCENT = {"ratio": ".1%", "signed_ratio": "+.1%", "small_ratio": ".2%"}
# https://github.com/OpenBB-finance/backends-for-openbb: the backgrounds of Workspace's own widgets
_COLOURS = {"dark": ("#151518", "#FFFFFF", "#2A2A2E"), "light": ("#FFFFFF", "#151518", "#E5E5E5")}


def figure(panel: Panel, rows: Sequence[Row], theme: str) -> dict[str, Any]:
    """A trace a ticker over time, or over weekdays, in the colours of a theme."""
    shape, field = panel["shape"], panel["field"]
    across = "name" if shape == "weekday" else "time"
    traces = []
    for ticker in dict.fromkeys(row["ticker"] for row in rows):
        own = [row for row in rows if row["ticker"] == ticker]
        trace = {
            "type": CHARTS[shape],
            "name": ticker,
            "x": [row[across] for row in own],
            "y": [row[field] for row in own],
        }
        traces.append(trace | _style(shape, own))
    return {"data": traces, "layout": _layout(panel, theme)}


def table_rows(panel: Panel, value: Any) -> list[dict[str, Any]]:
    """The columns of a panel, of each entry of a table or of one object."""
    entries = [value] if isinstance(value, Mapping) else value
    fields = [column["field"] for column in panel["columns"]]
    return [{field.replace(".", "_"): _within(entry, field) for field in fields} for entry in entries]


def part_of(answer: BaseModel, part: str) -> Any:
    """A part of an answer as JSON has it."""
    value = getattr(answer, part)
    if isinstance(value, Rows):
        return value.dicts()
    return answer.model_dump(mode="json", by_alias=True, include={part})[part]


def warnings_text(warnings: Sequence[str]) -> str:
    """Warnings as a list in Markdown."""
    return "\n".join(f"- {one}" for one in warnings) or "No warnings."


def question_text(answer: QuestionAnswer) -> str:
    """A question and its answer in Markdown: warnings first."""
    figures = [f"| {one.label}{f', {one.ticker}' if one.ticker else ''} | {one.text} |" for one in answer.key_figures]
    head = ["| | |", "|---|---|"] if figures else []
    return "\n\n".join(
        part
        for part in (
            f"**{answer.question}**",
            "\n".join(f"> {one}" for one in answer.warnings),
            f"### {answer.headline or f'No answer: {answer.reason}.'}",
            "\n".join([*head, *figures]),
            "\n".join(f"- {one}" for one in answer.details),
        )
        if part
    )


def _style(shape: str, rows: Sequence[Row]) -> dict[str, Any]:
    if shape == "weekday":
        above = [row["high"] - row["mean_return"] if row["high"] is not None else None for row in rows]
        return {"error_y": {"type": "data", "array": above}}
    if shape == "area":
        return {"mode": "lines", "fill": "tozeroy"}
    if shape == "stacked":
        return {"mode": "lines", "stackgroup": "all"}
    return {"mode": "lines"} if CHARTS[shape] == "scatter" else {}


def _layout(panel: Panel, theme: str) -> dict[str, Any]:
    background, text, lines = _COLOURS.get(theme, _COLOURS["dark"])
    axis = {"gridcolor": lines, "linecolor": lines}
    ticks = {"tickformat": _PERCENT[panel["unit"]]} if panel.get("unit") in _PERCENT else {}
    return {
        "paper_bgcolor": background,
        "plot_bgcolor": background,
        "font": {"color": text},
        "margin": {"l": 50, "r": 20, "t": 20, "b": 40},
        "legend": {"orientation": "h"},
        "hovermode": "x unified",
        "xaxis": axis,
        "yaxis": axis | ticks,
    }


def _within(entry: Any, field: str) -> Any:
    for name in field.split("."):
        entry = entry[name]
    return entry
