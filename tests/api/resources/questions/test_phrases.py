"""Spans in words and as parameters of links."""

from datetime import date

import pytest

from api.panel.window import Between, Everything, Last, Span, YearToDate
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import describe_closes, describe_span, over_span
from tests.api.resources.questions.figures import meta


@pytest.mark.parametrize(
    ("span", "words", "query"),
    [
        (Last(3, "m"), "the past three months", "range=3m"),
        (Last(1, "w"), "the past week", "range=1w"),
        (Last(12, "d"), "the past twelve sessions", "range=12d"),
        (Last(13, "d"), "the past 13 sessions", "range=13d"),
        (YearToDate(), "this year so far", "range=ytd"),
        (Everything(), "the whole history", "range=max"),
        (Between(date(2026, 11, 2), None), "the time since 2 November 2026", "from=2026-11-02"),
        (
            Between(date(2026, 11, 2), date(2026, 11, 20)),
            "the time from 2 to 20 November 2026",
            "from=2026-11-02&to=2026-11-20",
        ),
    ],
)
def test_spans(span: Span, words: str, query: str) -> None:
    assert describe_span(span) == words
    assert link("compare", **span_parameters(span)) == f"compare?{query}"


@pytest.mark.parametrize(
    ("span", "last", "words"),
    [
        (Last(3, "m"), None, "over the past three months"),
        (Last(100, "d"), date(2026, 11, 20), "over the past 100 sessions"),
        (YearToDate(), None, "so far this year"),
        # The figures end before the window does, so that the span's own words would not be true.
        (Last(3, "m"), date(2026, 11, 13), "from the close of 20 August to that of 13 November 2026"),
        (Everything(), None, "from the close of 20 August to that of 20 November 2026"),
        (Between(date(2026, 8, 21), None), None, "from the close of 20 August to that of 20 November 2026"),
    ],
)
def test_a_headline_names_the_time_that_its_figures_are_of(span: Span, last: date | None, words: str) -> None:
    assert over_span(span, meta(), last) == words


@pytest.mark.parametrize(
    ("base", "last", "words"),
    [
        ("2025-11-20", None, "From the close of 20 November 2025 to that of 20 November 2026"),
        ("2026-08-20", None, "From the close of 20 August to that of 20 November 2026"),
        # The figures end before the window does.
        ("2026-08-20", date(2026, 9, 25), "From the close of 20 August to that of 25 September 2026"),
        ("2025-08-20", date(2025, 9, 25), "From the close of 20 August to that of 25 September 2025"),
    ],
)
def test_figures_run_from_close_to_close(base: str, last: date | None, words: str) -> None:
    assert describe_closes(meta(base=base), last) == words
