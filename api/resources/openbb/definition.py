"""The panels and questions of `api/panels.json`, and which kind of widget each of them is. Pure."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

Kind = Literal["chart", "table", "markdown"]
Panel = Mapping[str, Any]

# Other shapes are tables, where they have columns: only these are drawn.
CHARTS = {"line": "scatter", "area": "scatter", "stacked": "scatter", "bar": "bar", "weekday": "bar"}


@cache
def definition() -> dict[str, Any]:
    """The whole of `api/panels.json`."""
    found: dict[str, Any] = json.loads(resources.files("api").joinpath("panels.json").read_text(encoding="utf-8"))
    return found


def panels() -> dict[str, Panel]:
    """Every panel by name."""
    return {panel["name"]: panel for panel in definition()["panels"]}


def kind_of(panel: Panel) -> Kind:
    """What a panel is shown as."""
    if panel["shape"] == "text":
        return "markdown"
    return "chart" if panel["shape"] in CHARTS and "field" in panel else "table"
