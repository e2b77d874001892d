"""What is drawn: `api/panels.json`, which the page reads too, in types."""

import json
from pathlib import Path
from typing import Any, NamedTuple

PLACE = Path(__file__).parent.parent / "api" / "panels.json"
MARKET = "market"


class Column(NamedTuple):
    """One field of an answer's rows: its name there, what a person calls it, and its unit."""

    field: str
    title: str
    unit: str


class Panel(NamedTuple):
    """One picture: which `part` of which path's answer it shows. `asks`: what is asked beside the window.

    `range`: asked for instead of the window; `alarm`: a size, either way, that is worth a look.
    """

    name: str
    title: str
    says: str
    path: str
    part: str
    shape: str
    asks: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    by: str = "ticker"
    field: str = ""
    unit: str = ""
    range: str | None = None
    alarm: float | None = None


def _defined() -> dict[str, Any]:
    defined: dict[str, Any] = json.loads(PLACE.read_text(encoding="utf-8"))
    return defined


def market_panels() -> list[Panel]:
    """The panels of the market dashboard, in their order."""
    defined = _defined()
    chosen = [entry for entry in defined["panels"] if MARKET in entry["on"]]
    return [_panel(entry, tuple(defined["asks"][entry["path"]])) for entry in chosen]


def standing_panel() -> Panel:
    """What the service warns of whatever it is asked."""
    return _panel(_defined()["standing"])


def question_panels() -> list[Panel]:
    """The series of the five questions, each under the question's own title."""
    entries = _defined()["questions"]
    return [_panel({"path": f"questions/{entry['name']}", "from": "rows", **entry}) for entry in entries]


def _panel(entry: dict[str, Any], asks: tuple[str, ...] = ()) -> Panel:
    known = {name: value for name, value in entry.items() if name not in {"on", "from", "columns"}}
    columns = tuple(Column(**column) for column in entry.get("columns", ()))
    return Panel(**known, part=entry["from"], asks=asks, columns=columns)
