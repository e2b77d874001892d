"""Addresses of dashboards, and links to them that keep the tickers and the time range. Pure."""

from grafana.plugins import DataSource

_KEPT = "${benchmark:queryparam}&${__url_time_range}"


def dashboard_uid(name: str, source: DataSource) -> str:
    return f"bellwether-{name}-{source.name}"


def market_of_series(source: DataSource) -> str:
    """The market of the ticker that a series is named after, over the same time."""
    return f"{_market(source)}?var-tickers=${{__field.displayName:percentencode}}&{_KEPT}"


def market_of_cell(source: DataSource) -> str:
    """The market of the ticker in a cell, over the same time."""
    return f"{_market(source)}?var-tickers=${{__value.text:percentencode}}&{_KEPT}"


def _market(source: DataSource) -> str:
    return f"/d/{dashboard_uid('market', source)}"
