"""The view of a portfolio: weights that keep their sum, and the API's figures."""

import pytest
from playwright.sync_api import expect

from tests.browser.view import View

QUERY = "?view=portfolio&weights=NVDA:0.5,VOO:0.3,TSLA:0.2&rebalance=monthly&range=6m&benchmark=QQQ"
ASKED = "portfolio?weights=NVDA:0.5,VOO:0.3,TSLA:0.2&rebalance=monthly&range=6m&benchmark=QQQ"
WEIGHTS = "(all) => all.map((one) => Number(one.value))"


def weights(view: View) -> list[float]:
    return [float(value) for value in view.page.locator("#weights input[type=number]").evaluate_all(WEIGHTS)]


def test_the_address_is_the_view_with_the_apis_figures(view: View) -> None:
    view.open(QUERY)
    answer = view.answer(ASKED)
    assert weights(view) == [50, 30, 20]
    drawn = view.lines("portfolio_value")
    assert set(drawn) == {"portfolio", "equal_weight", "QQQ"}
    for name, points in drawn.items():
        values = [row["value"] - 1 for row in answer["rows"] if row["ticker"] == name]
        assert [value for _, value in points] == pytest.approx(values, abs=1e-12)
    rows = view.page.locator("#holdings tbody tr")
    assert rows.count() == view.page.locator("#portfolio_contributions .bar").count() / 2 == 3
    risk = [text.replace("\u00a0%", "") for text in rows.locator("td:nth-child(6)").all_inner_texts()]
    assert [float(text) for text in risk] == pytest.approx(
        [100 * one["contribution_to_risk"] for one in answer["holdings"]], abs=0.06
    )
    assert view.page.locator("#portfolio_summary tbody tr").count() == 3
    assert view.page.locator("#portfolio_months td[data-step]").count() >= 6
    assert len(view.lines("portfolio_drawdown")) == 3
    assert view.page.title().startswith("Portfolio: NVDA, VOO, TSLA")
    assert view.console == []


def test_weights_keep_their_sum(view: View) -> None:
    """70 for NVDA leaves 30 to VOO and TSLA, in proportion 3 to 2."""
    view.open(QUERY)
    field = view.page.get_by_label("Weight of NVDA in percent")
    field.fill("70")
    field.press("Tab")
    view.settle()
    assert weights(view) == [70, 18, 12]
    assert "weights=NVDA:0.7,VOO:0.18,TSLA:0.12" in view.page.url
    view.page.get_by_label("Weight of TSLA", exact=True).fill("33")
    view.settle()
    assert sum(weights(view)) == pytest.approx(100, abs=1e-9)
    assert weights(view)[2] == 33


def test_presets_and_holdings(view: View) -> None:
    view.open(QUERY)
    view.page.get_by_role("button", name="Equal weights", exact=True).click()
    assert weights(view) == [33.4, 33.3, 33.3]  # thousandths that sum to one
    view.page.get_by_role("button", name="60/40").click()
    assert weights(view) == [60, 40]
    view.page.get_by_role("button", name="META").click()  # a third for the new one, the others keep 60 to 40
    assert sum(weights(view)) == pytest.approx(100, abs=1e-9)
    assert "META:0.333" in view.page.url
    view.page.get_by_label("Rebalance").select_option("yearly")
    view.settle()
    assert "rebalance=yearly" in view.page.url
    view.page.go_back()
    expect(view.page.get_by_label("Rebalance")).to_have_value("monthly")


def test_a_refused_portfolio_is_cleared(view: View) -> None:
    view.open("?view=portfolio&weights=NVDA:0.4,VOO:0.6&range=abc")
    assert view.page.locator("#problems p").count() == 1
    assert view.page.locator("#portfolio-panels canvas, #scores li").count() == 0
