"""The default view: every chart has the API's figures, with few requests and an empty console."""

import pytest

from tests.browser.view import View, by_series

COMPARE = "compare?tickers=NVDA,AMZN,VOO&range=3m&benchmark=VOO"
CHARTS = {
    "growth": (COMPARE, "growth", 3),
    "drawdown": (COMPARE, "drawdown", 3),
    "volume": ("prices?tickers=NVDA,AMZN&range=3m", "volume", 2),
    "range": ("prices?tickers=NVDA,AMZN&range=3m", "range_ratio", 2),
    "volatility": ("volatility?tickers=NVDA,AMZN&range=3m", "rolling_volatility", 2),
}
QUESTIONS = {
    "volume": ("ticker", "volume"),
    "comparison": ("ticker", "growth"),
    "diversification": ("ticker", "growth"),
    "outlook": ("name", "growth"),
    "patterns": ("ticker", "rolling_volatility"),
}


@pytest.mark.parametrize("panel", CHARTS)
def test_a_chart_has_a_line_for_each_ticker_with_the_apis_figures(first_view: View, panel: str) -> None:
    path, value, count = CHARTS[panel]
    assert first_view.lines(panel) == by_series(first_view.answer(path)["rows"], "ticker", value)
    assert first_view.page.locator(f"#{panel} .scatterlayer .js-line").count() == count


def test_weekdays_are_bars_with_intervals(first_view: View) -> None:
    rows = first_view.answer("seasonality?tickers=NVDA,AMZN&range=3m")["rows"]
    drawn = first_view.lines("weekdays")
    assert {(name, day, value) for name, points in drawn.items() for day, value in points} == {
        (row["ticker"], row["name"][:3], row["mean_return"]) for row in rows
    }
    assert first_view.page.locator("#weekdays .errorbar").count() == len(rows) == 10


def test_the_summary_table_has_the_apis_figures(first_view: View) -> None:
    rows = first_view.page.locator("#summary tbody tr").all()
    for row, expected in zip(rows, first_view.answer(COMPARE)["summary"], strict=True):
        cells = [cell.replace("−", "-") for cell in row.locator("th, td").all_inner_texts()]
        assert cells[:2] == [expected["ticker"], f"{100 * expected['cumulative_return']:+.1f} %"]
        assert cells[7] == f"{100 * expected['volatility']:.1f} %"
        assert cells[-1] == str(expected["sessions"])


def test_correlations_are_a_symmetric_matrix(first_view: View) -> None:
    cells = first_view.page.locator("#correlation td[data-step]").all_inner_texts()
    pairs = first_view.answer(COMPARE)["correlation"]
    assert len(cells) == 2 * len(pairs) == 6
    assert sorted(set(cells)) == sorted({f"{pair['correlation']:.2f}" for pair in pairs})


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_its_answer_and_its_chart(first_view: View, name: str) -> None:
    expected = first_view.answer(f"questions/{name}")
    card = first_view.page.locator(f"#question-{name}")
    assert card.locator(".answer").inner_text().replace("\u00a0", " ") == expected["answer"]
    assert first_view.lines(f"question-{name}") == by_series(expected["rows"], *QUESTIONS[name])


def test_the_origin_and_freshness_of_the_data_are_shown(first_view: View) -> None:
    assert first_view.page.locator("#banner").inner_text().startswith("Simulated data.")
    facts = first_view.page.locator("#facts").inner_text()
    assert "20 Nov 2026" in facts
    assert "up to date" in facts


def test_the_console_is_empty(first_view: View) -> None:
    assert first_view.console == []


def test_the_default_view_makes_six_requests_at_most(view: View) -> None:
    view.page.goto(view.address)
    view.page.wait_for_selector("#volatility[data-state=drawn]")
    view.page.wait_for_load_state("networkidle")
    assert len(view.requests) == len(set(view.requests)) <= 6, view.requests


def test_volumes_of_a_short_window_are_bars(view: View) -> None:
    view.open("?range=1m")
    rows = view.answer("prices?tickers=NVDA,AMZN&range=1m")["rows"]
    assert view.page.locator("#volume .barlayer .point").count() == len(rows)


def test_more_than_four_lines_are_thin_and_unfilled(view: View) -> None:
    view.open("?tickers=VOO,QQQ,AMZN,NVDA&range=3m")
    drawdown = view.page.locator("#drawdown .scatterlayer")
    width = "(line) => parseFloat(getComputedStyle(line).strokeWidth)"
    few = drawdown.locator(".js-line").last.evaluate(width)
    assert drawdown.locator(".js-fill").count() == 3  # the benchmark's line has no area
    view.page.get_by_role("button", name="META").click()
    view.settle()
    assert drawdown.locator(".js-line").count() == 5
    assert drawdown.locator(".js-fill").count() == 0
    assert drawdown.locator(".js-line").last.evaluate(width) < few


def test_the_correlation_matrix_of_all_tickers_needs_no_scrolling(view: View) -> None:
    tickers = [row["value"] for row in view.answer("tickers")["rows"]]
    view.open(f"?tickers={','.join(tickers)}&range=3m")
    matrix = view.page.locator("#correlation .body")
    assert matrix.locator("td[data-step]").count() == len(tickers) * (len(tickers) - 1)
    assert matrix.evaluate("(body) => body.scrollWidth <= body.clientWidth")
