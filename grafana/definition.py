"""The panels as types, read from `api/panels.json`, which the page reads too."""

import json
from pathlib import Path
from typing import Any, NamedTuple

PANELS_FILE = Path(__file__).parent.parent / "api" / "panels.json"


class Column(NamedTuple):
    """One column of a table: the field of the answer's rows, dots for what lies within it, its title, and its unit."""

    field: str
    title: str
    unit: str


class Panel(NamedTuple):
    """One panel: it shows `field`, or `columns`, of the rows in `part` of the answer of `path`.

    `parameters`: what `path` takes besides the window. `range`: replaces the dashboard's time range. `threshold`: an
    absolute value beyond which a figure is highlighted, and alerted on.
    """

    name: str
    title: str
    description: str
    path: str
    part: str
    shape: str
    parameters: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    by: str = "ticker"
    field: str = ""
    unit: str = ""
    range: str | None = None
    threshold: float | None = None


def panels_of(view: str) -> list[Panel]:
    """The panels of a dashboard, `market` or `portfolio`, in their order."""
    definition = _read_definition()
    entries = [entry for entry in definition["panels"] if view in entry["views"]]
    return [_panel(entry, tuple(definition["parameters"][entry["path"]])) for entry in entries]


def notices_panel() -> Panel:
    """The warnings that hold for every answer, such as simulated prices."""
    return _panel(_read_definition()["notices"])


def question_panels() -> list[Panel]:
    """The series of the five questions, each under the title of its question."""
    entries = _read_definition()["questions"]
    return [_panel({"path": f"questions/{entry['name']}", "part": "rows", **entry}) for entry in entries]


def _read_definition() -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(PANELS_FILE.read_text(encoding="utf-8"))
    return definition


def _panel(entry: dict[str, Any], parameters: tuple[str, ...] = ()) -> Panel:
    fields = {name: value for name, value in entry.items() if name not in {"views", "columns"}}
    columns = tuple(Column(**column) for column in entry.get("columns", ()))
    return Panel(**fields, parameters=parameters, columns=columns)
