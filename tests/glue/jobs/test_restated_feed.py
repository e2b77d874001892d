"""A feed that goes wrong for one ticker and right again: frozen meanwhile, then published without an operator.

Before the second and third run NVDA's prices arrive tenfold, before the fourth they are right again, and before the
fifth both arrive once more.
"""

from typing import Any

from tests.glue.scenarios.lake import FiveRuns, only, rows
from tests.glue.scenarios.restated import DAYS, TICKERS


def of_nvda(published: FiveRuns) -> list[list[dict[str, Any]]]:
    """Its rows after each run and the rebuild."""
    manifests = [*published.manifests[:3], published.rebuilt, *published.manifests[3:]]
    return [rows(published.storage, manifest, tickers=["NVDA"]) for manifest in manifests]


def test_a_series_on_a_wrong_basis_freezes_its_ticker(published: FiveRuns) -> None:
    (before, _), (health, _), _ = published.answers
    assert [entry for entry in before["frozen"] if entry["ticker"] in TICKERS] == []
    assert (health["status"], health["as_of"], health["last_refusal"]) == ("degraded", DAYS[-1], None)
    (frozen,) = (entry for entry in health["frozen"] if entry["ticker"] in TICKERS)
    assert (frozen["ticker"], frozen["rule"]) == ("NVDA", "restated")
    assert f"published close of {DAYS[-10]} from" in frozen["message"]
    assert "--replace" in frozen["advice"]


def test_its_rows_stay_and_the_others_go_on_whatever_arrives_or_is_rebuilt(published: FiveRuns) -> None:
    first, daily, history, rebuilt, *_ = of_nvda(published)
    assert [str(row["date"]) for row in first] == DAYS[:-5]
    assert daily == history == rebuilt == first
    assert {one: str(entry.last) for one, entry in only(published.rebuilt, TICKERS).tickers.items()} == {
        "NVDA": DAYS[-6], "AMZN": DAYS[-1], "VOO": DAYS[-1],
    }  # fmt: skip


def test_it_is_published_once_the_feed_is_right(published: FiveRuns) -> None:
    fourth = only(published.manifests[3], TICKERS)
    health, compared = published.answers[-1]
    assert fourth.frozen == {}
    assert [entry for entry in health["frozen"] if entry["ticker"] in TICKERS] == []
    assert {answer["ticker"] for answer in fourth.withdrawn} == {"NVDA"}
    assert len(fourth.withdrawn) == 2
    assert {row["close"] for row in compared["rows"]} <= {180.0, 181.0, 182.0, 183.0}
    assert {str(entry.last) for entry in fourth.tickers.values()} == {DAYS[-1]}
    assert fourth.tickers["NVDA"].sessions == 30


def test_the_wrong_answers_are_ignored_for_good(published: FiveRuns) -> None:
    """They arrive once more, and the right ones too."""
    again = only(published.manifests[4], TICKERS)
    assert (again.frozen, len(again.withdrawn)) == ({}, 2)
    *_, fourth, fifth = of_nvda(published)
    assert fifth == fourth
