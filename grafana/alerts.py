"""The alert rules, by Infinity: the JSON API plugin cannot alert. Grafana's file of them, as text."""

from typing import Any

import yaml

from grafana.dashboards import uid
from grafana.definition import market_panels
from grafana.plugins import INFINITY, Request, Select, Selected
from lake.universe import universe

HEADER = """\
# Written by `make dashboards` from grafana/alerts.py and the universe of tickers.
# Where an alert goes is yours to say: without a contact point of your own, Grafana sends them to its default one, which
# nobody reads (Alerting, Contact points). Texts name labels as `.Labels`: a dollar sign would be taken for a variable
# of the environment.
"""
EXPRESSION = "__expr__"
LATE = "12h"  # a session's bars are there some two hours after its close
RECENT = "5d"
TICKER, PERCENT = "{{ .Labels.ticker }}", "{{ humanizePercentage .Values.A.Value }}"


def alert_rules() -> str:
    """The rules of the one group, an alert a ticker or one of the whole."""
    group = {
        "orgId": 1,
        "name": "bellwether",
        "folder": "Bellwether",
        "interval": "10m",
        "rules": [_moved(), _behind(), _lacking()],
    }
    rules = yaml.safe_dump({"apiVersion": 1, "groups": [group]}, sort_keys=False, width=120, allow_unicode=True)
    return f"{HEADER}{rules}"


def _moved() -> dict[str, Any]:
    place, alarm = _alarmed()
    percent = f"{alarm:.0%}".replace("%", " %")
    return _rule(
        "moved",
        f"A close moved by more than {percent}",
        _asked("prices", "1d", "rows", "change_ratio"),
        {"type": "outside_range", "params": [-alarm, alarm]},
        summary=f"{TICKER}: {PERCENT} in the newest session",
        description=f"See whether an event explains it, in /events?tickers={TICKER}&range=1w, and what is warned of in "
        f"/prices?tickers={TICKER}&range=1w. It stays until a calmer session is published.",
        state="OK",
        panel=place,
    )


def _behind() -> dict[str, Any]:
    return _rule(
        "behind",
        "The data has gone stale",
        (Request("health"), Select("", (Selected("status", "status", "string"), _value("sessions_behind")))),
        {"type": "gt", "params": [0]},
        summary=f"Closed sessions are not published since {LATE}, or the service does not answer",
        description="Ask /health: `problem` and `last_refusal` say what is wrong. If nothing is, see whether ingest "
        "ran (`python -m ingest plan` says what it would ask for) and then the Glue workflow, or run `make run` anew.",
        state="Alerting",
        pending=LATE,
    )


def _lacking() -> dict[str, Any]:
    return _rule(
        "lacking",
        f"A ticker lacks some of the last {RECENT[:-1]} sessions",
        _asked("prices", RECENT, "meta.coverage", "ratio"),
        {"type": "lt", "params": [1]},
        summary=f"{TICKER}: only {PERCENT} of the last sessions are there",
        description="/tickers says why a ticker is not published, /snapshots what the quality rules set aside; "
        "`python -m ingest plan` whether it will be asked for again.",
        state="OK",
        pending=LATE,
    )


def _rule(
    name: str,
    title: str,
    asked: tuple[Request, Select],
    when: dict[str, Any],
    *,
    summary: str,
    description: str,
    state: str,
    pending: str = "0s",
    panel: int | None = None,
) -> dict[str, Any]:
    """A rule that fires where the value is as `when` says; `state`: what no data, or no answer, counts as."""
    shown = {"dashboardUid": uid("market", INFINITY), "panelId": panel} if panel else {}
    return {
        "uid": f"bellwether-{name}",
        "title": title,
        "condition": "B",
        "data": [_query(*asked), _threshold(when)],
        **shown,
        "noDataState": state,
        "execErrState": state,
        "for": pending,
        "annotations": {"summary": summary, "description": description},
        "labels": {"service": "bellwether"},
    }


def _query(request: Request, select: Select) -> dict[str, Any]:
    window = {"from": 86400, "to": 0}  # asked for by the format; the request has a range of its own
    return {
        "refId": "A",
        "relativeTimeRange": window,
        "datasourceUid": INFINITY.uid,
        "model": INFINITY.query(request, select),
    }


def _threshold(when: dict[str, Any]) -> dict[str, Any]:
    model = {
        "refId": "B",
        "type": "threshold",
        "datasource": {"type": EXPRESSION, "uid": EXPRESSION},
        "expression": "A",
        "conditions": [{"evaluator": when}],
    }
    return {"refId": "B", "datasourceUid": EXPRESSION, "model": model}


def _asked(path: str, span: str, part: str, field: str) -> tuple[Request, Select]:
    """One row a ticker of the universe, with one number."""
    request = Request(path, (("tickers", ",".join(universe())), ("range", span)))
    return request, Select(part, (Selected("ticker", "ticker", "string"), _value(field)))


def _value(field: str) -> Selected:
    return Selected(field, "value", "number")


def _alarmed() -> tuple[int, float]:
    """The place of the panel that has an alarm, and how large a move is one."""
    (found,) = ((place, panel.alarm) for place, panel in enumerate(market_panels(), 1) if panel.alarm is not None)
    return found
