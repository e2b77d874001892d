"""The default view: every chart has the API's figures, with few requests and an empty console."""

import pytest

from tests.browser.view import View, by_series

COMPARE = "compare?tickers=NVDA,AMZN,VOO&range=3m&benchmark=VOO"
PRICES = "prices?tickers=NVDA,AMZN&range=3m"
CHARTS = {
    "growth": (COMPARE, "growth"),
    "drawdown": (COMPARE, "drawdown"),
    "close": (PRICES, "close"),
    "rate": (PRICES, "change_ratio"),
    "volume": (PRICES, "volume"),
    "range": (PRICES, "range_ratio"),
    "volatility": ("volatility?tickers=NVDA,AMZN&range=3m", "rolling_volatility"),
}
QUESTIONS = {
    "volume": ("ticker", "volume"),
    "comparison": ("ticker", "growth"),
    "diversification": ("ticker", "growth"),
}
MAX = "?tickers=NVDA,AMZN,AAPL,META,MSFT,GOOGL,TSLA,VOO,QQQ,SCHG&range=max"


@pytest.mark.parametrize("panel", CHARTS)
def test_a_chart_has_a_line_for_each_ticker_with_the_apis_figures(first_view: View, panel: str) -> None:
    path, value = CHARTS[panel]
    drawn, expected = first_view.lines(panel), by_series(first_view.answer(path)["rows"], "ticker", value)
    assert set(drawn) == set(expected)
    for name, points in expected.items():
        assert [day for day, _ in drawn[name]] == [day for day, _ in points]
        # A change is drawn as a multiple of the start, so that its last digits may differ.
        assert [at for _, at in drawn[name]] == pytest.approx([at for _, at in points], abs=1e-12, nan_ok=True)
    assert first_view.page.locator(f"#{panel} canvas").count() > 0


def test_weekdays_are_bars_with_intervals(first_view: View) -> None:
    answer = first_view.answer("seasonality?tickers=NVDA,AMZN&range=3m")
    drawn = first_view.lines("weekdays")
    assert {(name, day, value) for name, points in drawn.items() for day, value in points} == {
        (row["ticker"], row["name"], row["mean_return"]) for row in answer["rows"]
    }
    assert first_view.page.locator("#weekdays .bar").count() == len(answer["rows"]) == 10
    assert first_view.page.locator("#weekdays .interval").count() == 10
    words = first_view.page.locator("#weekdays .description").inner_text()
    for row in answer["summary"]:
        assert f"{row['ticker']} {row['verdict'].split('overall: ')[-1]}" in words
    assert words.count("by chance") == 1


def test_the_summary_table_has_the_apis_figures(first_view: View) -> None:
    rows = first_view.page.locator("#summary tbody tr").all()
    for row, expected in zip(rows, first_view.answer(COMPARE)["summary"], strict=True):
        cells = [cell.replace("−", "-").replace("\u00a0", " ") for cell in row.locator("th, td").all_inner_texts()]
        assert cells[:2] == [expected["ticker"], f"{100 * expected['cumulative_return']:+.1f} %"]
        assert cells[7] == f"{100 * expected['volatility']:.1f} %"
        assert cells[-1] == str(expected["sessions"])


def test_correlations_are_a_symmetric_matrix(first_view: View) -> None:
    cells = first_view.page.locator("#correlation td[data-step]").all_inner_texts()
    pairs = first_view.answer(COMPARE)["correlation"]
    assert len(cells) == 2 * len(pairs) == 6
    assert sorted(set(cells)) == sorted({f"{pair['correlation']:.2f}" for pair in pairs})


def test_the_origin_and_freshness_of_the_data_are_shown(first_view: View) -> None:
    assert first_view.page.locator("#banner").inner_text().startswith("Simulated data:")
    facts = first_view.page.locator("#facts").inner_text()
    assert "20 Nov 2026" in facts
    assert "up to date" in facts


def test_the_console_is_empty(first_view: View) -> None:
    assert first_view.console == []


def test_the_default_view_makes_six_requests_at_most(view: View) -> None:
    view.page.goto(view.address)
    view.page.wait_for_selector("#volatility[data-state=drawn]")
    view.page.wait_for_load_state("networkidle")
    assert len(view.requests) == len(set(view.requests)) <= 7, view.requests


def test_the_correlation_matrix_of_all_tickers_needs_no_scrolling(view: View) -> None:
    tickers = [row["value"] for row in view.answer("tickers")["rows"]]
    view.open(f"?tickers={','.join(tickers)}&range=3m")
    matrix = view.page.locator("#correlation .body")
    assert matrix.locator("td[data-step]").count() == len(tickers) * (len(tickers) - 1)
    assert matrix.evaluate("(body) => body.scrollWidth <= body.clientWidth")
