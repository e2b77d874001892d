"""Grafana's file of alert rules, as text. They query through Infinity, because the JSON API plugin cannot alert."""

from typing import Any

import yaml

from grafana.definition import panels_of
from grafana.links import dashboard_uid
from grafana.plugins import INFINITY, Request, SelectedField, Selection

HEADER = """\
# Written by `make dashboards` from grafana/alerts.py.
# Set up a contact point (Alerting, Contact points): without one, Grafana sends alerts to its default contact point,
# which nobody reads. Templates use `.Labels` without a dollar sign, because Grafana expands `$name` in this file as an
# environment variable.
"""
EXPRESSION = "__expr__"
GRACE_PERIOD = "12h"  # a session's bars are usually published about two hours after its close
RECENT_RANGE = "5d"
TICKER_LABEL, PERCENT_VALUE = "{{ .Labels.ticker }}", "{{ humanizePercentage .Values.A.Value }}"


def alert_rules() -> str:
    """All rules, in one group. The rules on prices and coverage raise an alert for each ticker."""
    group = {
        "orgId": 1,
        "name": "bellwether",
        "folder": "Bellwether",
        "interval": "10m",
        "rules": [_large_move(), _stale_data(), _missing_sessions()],
    }
    rules = yaml.safe_dump({"apiVersion": 1, "groups": [group]}, sort_keys=False, width=120, allow_unicode=True)
    return f"{HEADER}{rules}"


def _large_move() -> dict[str, Any]:
    panel_id, threshold = _threshold_panel()
    percent = f"{threshold:.0%}".replace("%", " %")
    return _rule(
        "moved",
        f"A close moved by more than {percent}",
        _universe_query("prices", "1d", "rows", "change_ratio"),
        {"type": "outside_range", "params": [-threshold, threshold]},
        summary=f"{TICKER_LABEL}: {PERCENT_VALUE} in the newest session",
        description=f"See whether an event explains it, in /events?tickers={TICKER_LABEL}&range=1w, and what is "
        f"warned of in /prices?tickers={TICKER_LABEL}&range=1w. It stays until a calmer session is published.",
        state="OK",
        panel_id=panel_id,
    )


def _stale_data() -> dict[str, Any]:
    return _rule(
        "behind",
        "The data has gone stale",
        (
            Request("health"),
            Selection("", (SelectedField("status", "status", "string"), _value_field("sessions_behind"))),
        ),
        {"type": "gt", "params": [0]},
        summary=f"Closed sessions are not published since {GRACE_PERIOD}, or the service does not answer",
        description="Ask /health: `problem` and `last_refusal` say what is wrong. If nothing is, see whether ingest "
        "ran (`python -m ingest plan` says what it would ask for) and then the Glue workflow, or run `make run` anew.",
        state="Alerting",
        pending=GRACE_PERIOD,
    )


def _missing_sessions() -> dict[str, Any]:
    return _rule(
        "lacking",
        f"A ticker lacks some of the last {RECENT_RANGE[:-1]} sessions",
        _universe_query("prices", RECENT_RANGE, "meta.coverage", "ratio"),
        {"type": "lt", "params": [1]},
        summary=f"{TICKER_LABEL}: only {PERCENT_VALUE} of the last sessions are there",
        description="/tickers says why a ticker is not published, /snapshots what the quality rules set aside; "
        "`python -m ingest plan` whether it will be asked for again.",
        state="OK",
        pending=GRACE_PERIOD,
    )


def _rule(
    name: str,
    title: str,
    query: tuple[Request, Selection],
    evaluator: dict[str, Any],
    *,
    summary: str,
    description: str,
    state: str,
    pending: str = "0s",
    panel_id: int | None = None,
) -> dict[str, Any]:
    """A rule that fires for each row whose value meets `evaluator`; `state` applies if there is no data or an error."""
    linked_panel = {"dashboardUid": dashboard_uid("market", INFINITY), "panelId": panel_id} if panel_id else {}
    return {
        "uid": f"bellwether-{name}",
        "title": title,
        "condition": "B",
        "data": [_query_step(*query), _threshold_step(evaluator)],
        **linked_panel,
        "noDataState": state,
        "execErrState": state,
        "for": pending,
        "annotations": {"summary": summary, "description": description},
        "labels": {"service": "bellwether"},
    }


def _query_step(request: Request, selection: Selection) -> dict[str, Any]:
    window = {"from": 86400, "to": 0}  # required by the file format; the request has its own range
    return {
        "refId": "A",
        "relativeTimeRange": window,
        "datasourceUid": INFINITY.uid,
        "model": INFINITY.query(request, selection),
    }


def _threshold_step(evaluator: dict[str, Any]) -> dict[str, Any]:
    model = {
        "refId": "B",
        "type": "threshold",
        "datasource": {"type": EXPRESSION, "uid": EXPRESSION},
        "expression": "A",
        "conditions": [{"evaluator": evaluator}],
    }
    return {"refId": "B", "datasourceUid": EXPRESSION, "model": model}


def _universe_query(path: str, window: str, part: str, field: str) -> tuple[Request, Selection]:
    """One row for each ticker that there is, with one number: one query, whatever the size of the universe."""
    # Coverage comes with every table, so the shortest one is asked for.
    wanted = ("fields", field) if part == "rows" else ("part", "summary")
    request = Request(path, (("tickers", "*"), wanted, ("range", window)))
    return request, Selection(part, (SelectedField("ticker", "ticker", "string"), _value_field(field)))


def _value_field(field: str) -> SelectedField:
    return SelectedField(field, "value", "number")


def _threshold_panel() -> tuple[int, float]:
    """The id of the panel that has a threshold, and the threshold, so that panel and alert cannot disagree."""
    (found,) = (
        (panel_id, panel.threshold)
        for panel_id, panel in enumerate(panels_of("market"), 1)
        if panel.threshold is not None
    )
    return found
