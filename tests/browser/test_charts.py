"""The first view: every chart has the API's own figures, and it costs few requests and no complaint."""

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
def test_a_chart_has_a_line_a_ticker_and_the_answers_figures(first_view: View, panel: str) -> None:
    path, value, count = CHARTS[panel]
    assert first_view.lines(panel) == by_series(first_view.answer(path)["rows"], "ticker", value)
    assert first_view.page.locator(f"#{panel} .scatterlayer .js-line").count() == count


def test_weekdays_are_bars_with_their_intervals(first_view: View) -> None:
    rows = first_view.answer("seasonality?tickers=NVDA,AMZN&range=3m")["rows"]
    drawn = first_view.lines("weekdays")
    assert {(name, day, value) for name, points in drawn.items() for day, value in points} == {
        (row["ticker"], row["name"][:3], row["mean_return"]) for row in rows
    }
    assert first_view.page.locator("#weekdays .errorbar").count() == len(rows) == 10


def test_the_summary_says_what_the_answer_says(first_view: View) -> None:
    rows = first_view.page.locator("#summary tbody tr").all()
    for row, told in zip(rows, first_view.answer(COMPARE)["summary"], strict=True):
        cells = [cell.replace("−", "-") for cell in row.locator("th, td").all_inner_texts()]
        assert cells[:2] == [told["ticker"], f"{100 * told['cumulative_return']:+.1f} %"]
        assert cells[7] == f"{100 * told['volatility']:.1f} %"
        assert cells[-1] == str(told["sessions"])


def test_correlation_is_a_square_of_the_pairs(first_view: View) -> None:
    cells = first_view.page.locator("#correlation td[data-step]").all_inner_texts()
    pairs = first_view.answer(COMPARE)["correlation"]
    assert len(cells) == 2 * len(pairs) == 6
    assert sorted(set(cells)) == sorted({f"{pair['correlation']:.2f}" for pair in pairs})


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_its_sentence_and_its_picture(first_view: View, name: str) -> None:
    told = first_view.answer(f"questions/{name}")
    card = first_view.page.locator(f"#question-{name}")
    assert card.locator(".answer").inner_text().replace("\u00a0", " ") == told["answer"]
    assert first_view.lines(f"question-{name}") == by_series(told["rows"], *QUESTIONS[name])


def test_it_says_where_the_data_comes_from(first_view: View) -> None:
    assert first_view.page.locator("#banner").inner_text().startswith("Simulated data.")
    facts = first_view.page.locator("#facts").inner_text()
    assert "20 Nov 2026" in facts
    assert "up to date" in facts


def test_nothing_is_printed_on_the_console(first_view: View) -> None:
    assert first_view.printed == []


def test_the_first_view_asks_six_times_at_most(view: View) -> None:
    view.page.goto(view.address)
    view.page.wait_for_selector("#volatility[data-state=drawn]")
    view.page.wait_for_load_state("networkidle")
    assert len(view.asked) == len(set(view.asked)) <= 6, view.asked


def test_volumes_of_a_short_window_are_bars(view: View) -> None:
    view.open("?range=1m")
    rows = view.answer("prices?tickers=NVDA,AMZN&range=1m")["rows"]
    assert view.page.locator("#volume .barlayer .point").count() == len(rows)


def test_of_more_than_four_tickers_the_lines_are_thin_and_no_areas_lie_on_one_another(view: View) -> None:
    view.open("?tickers=VOO,QQQ,AMZN,NVDA&range=3m")
    drawdown = view.page.locator("#drawdown .scatterlayer")
    width = "(line) => parseFloat(getComputedStyle(line).strokeWidth)"
    few = drawdown.locator(".js-line").last.evaluate(width)
    assert drawdown.locator(".js-fill").count() == 3  # the benchmark's line is dotted, without an area
    view.page.get_by_role("button", name="META").click()
    view.settle()
    assert drawdown.locator(".js-line").count() == 5
    assert drawdown.locator(".js-fill").count() == 0
    assert drawdown.locator(".js-line").last.evaluate(width) < few


def test_the_correlations_of_every_ticker_stand_side_by_side(view: View) -> None:
    tickers = [row["value"] for row in view.answer("tickers")["rows"]]
    view.open(f"?tickers={','.join(tickers)}&range=3m")
    square = view.page.locator("#correlation .body")
    assert square.locator("td[data-step]").count() == len(tickers) * (len(tickers) - 1)
    assert square.evaluate("(body) => body.scrollWidth <= body.clientWidth")
