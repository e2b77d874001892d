"""Each rule of tickers catches its planted case, and no other."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from glue.quality.evaluate import evaluate_tickers
from glue.quality.ticker_rules import TICKER_RULES, ticker_summaries
from lake.universe import Instrument

KNOWN = {
    ticker: Instrument(ticker, ticker, "stock", listed)
    for ticker, listed in {"AAPL": date(1980, 12, 12), "META": date(2012, 5, 18), "SPOT": date(2018, 4, 3)}.items()
}


def row(first: str, last: str = "2026-01-16", sessions: int = 250) -> dict[str, Any]:
    return {"first": first, "last": last, "sessions": sessions}


SOUND = {"AAPL": row("2010-01-04"), "META": row("2012-05-18"), "OTHER": row("2020-01-02")}

PLANTED = {
    "rows_falling": (SOUND | {"AAPL": row("2010-01-04", sessions=249)}, "AAPL", "2026-01-16", "block"),
    "late_start": (SOUND | {"META": row("2013-01-02")}, "META", "2013-01-02", "warn"),
    "before_listing": (SOUND | {"SPOT": row("2018-04-02")}, "SPOT", "2018-04-02", "warn"),
    "behind": (SOUND | {"META": row("2012-05-18", "2026-01-15")}, "META", "2026-01-15", "warn"),
}


@pytest.mark.parametrize("slug", PLANTED)
def test_each_rule_catches_its_plant(slug: str) -> None:
    rows, ticker, day, severity = PLANTED[slug]
    (found,) = evaluate_tickers(ticker_summaries(rows, {"AAPL": 250}, KNOWN))
    assert (found.rule, found.severity, found.examples) == (slug, severity, ({"ticker": ticker, "date": day},))


@pytest.mark.parametrize("slug", PLANTED)
def test_without_a_rule_its_plant_is_not_caught(monkeypatch: pytest.MonkeyPatch, slug: str) -> None:
    rules = (replace(rule, broken=lambda _: False) if rule.slug == slug else rule for rule in TICKER_RULES)
    monkeypatch.setattr("glue.quality.evaluate.TICKER_RULES", tuple(rules))
    rows, *_ = PLANTED[slug]
    assert evaluate_tickers(ticker_summaries(rows, {"AAPL": 250}, KNOWN)) == []


def test_a_ticker_that_is_gone_blocks() -> None:
    (found,) = evaluate_tickers(ticker_summaries(SOUND, {"GONE": 3}, KNOWN))
    assert (found.rule, found.examples[0]["ticker"]) == ("rows_falling", "GONE")


def test_a_sound_lake_breaks_no_rule() -> None:
    assert evaluate_tickers(ticker_summaries(SOUND, {"AAPL": 250, "META": 249}, KNOWN)) == []
    assert evaluate_tickers(ticker_summaries({}, {}, KNOWN)) == []


def test_every_rule_has_a_plant() -> None:
    assert {rule.slug for rule in TICKER_RULES} == set(PLANTED)
