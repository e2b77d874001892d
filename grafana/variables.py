"""The pickers of the dashboards: tickers, the benchmark, and what a portfolio is asked for."""

from collections.abc import Sequence
from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models.dashboard import VariableOption, VariableRefresh

from grafana.plugins import JSON_API, DataSource, SelectedField, Selection
from grafana.queries import TICKERS_REQUEST

AnyVariable = build.QueryVariable | build.CustomVariable | build.TextBoxVariable


def tickers_variable(name: str, label: str, source: DataSource, default: Sequence[str]) -> build.QueryVariable:
    """Several tickers, by typing a part of a ticker or of a name."""
    current = VariableOption(selected=True, text=list(default), value=list(default))
    return _query_variable(name, label, source).multi(True).current(current)


def ticker_variable(name: str, label: str, source: DataSource, default: str) -> build.QueryVariable:
    """One ticker."""
    current = VariableOption(selected=True, text=default, value=default)
    return _query_variable(name, label, source).multi(False).include_all(False).current(current)


def choice_variable(name: str, label: str, values: Sequence[str], default: str) -> build.CustomVariable:
    """One of a few words."""
    options = [VariableOption(selected=value == default, text=value, value=value) for value in values]
    built = build.CustomVariable(name).label(label).values(",".join(values)).options(options)
    return built.current(VariableOption(selected=True, text=default, value=default)).multi(False).include_all(False)


def text_variable(name: str, label: str, default: str) -> build.TextBoxVariable:
    """Free text."""
    option = VariableOption(selected=True, text=default, value=default)
    return build.TextBoxVariable(name).label(label).default_value(default).current(option).options([option])


def _query_variable(name: str, label: str, source: DataSource) -> build.QueryVariable:
    variable = build.QueryVariable(name).label(label).datasource(source.ref).query(_query(source))
    # Once a load: the list of tickers changes at most daily, unlike the time range.
    return variable.refresh(VariableRefresh.ON_DASHBOARD_LOAD).allow_custom_value(False)


def _query(source: DataSource) -> dict[str, Any]:
    """The query that lists the tickers: the text shown, in which Grafana searches, and the value sent."""
    # Infinity finds the two by these names; the JSON API plugin is told which fields they are.
    text, value = ("text", "value") if source is JSON_API else ("__text", "__value")
    fields = SelectedField("text", text, "string"), SelectedField("value", value, "string")
    query = source.query(TICKERS_REQUEST, Selection("rows", fields), "tickers")
    if source is JSON_API:
        return query | {"experimentalVariableTextField": text, "experimentalVariableValueField": value}
    return {"refId": "variable", "queryType": "infinity", "infinityQuery": query}
