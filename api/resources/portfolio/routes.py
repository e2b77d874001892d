"""`/portfolio`: what a portfolio would have been worth, at what risk, and what each holding did for it."""

import asyncio

from api.analytics.ratios import per_session
from api.http.csv_response import rows_router
from api.http.parameters import BenchmarkParam, RfParam, RowsParam, SnapshotDep
from api.panel.loader import load_panel, refuse_unknown
from api.panel.response_meta import late_start_warnings, meta_of, warnings_of
from api.resources.portfolio.parameters import PortfolioRequestParam, TotalBasisParam, YearParam
from api.resources.portfolio.schemas import PortfolioMeta, PortfolioResponse, PortfolioRow, WeightRow
from api.resources.portfolio.service import (
    base_warnings,
    diversification_of,
    holdings_of,
    portfolio_of,
    rebalances_of,
    summaries,
    turnover_of,
    value_rows,
    weight_rows,
)

router = rows_router("Analytics")


@router.get("/portfolio", summary="A portfolio's value, risk, contributions and turnover")
async def read_portfolio(
    request: PortfolioRequestParam,
    span: YearParam,
    basis: TotalBasisParam,
    *,
    benchmark: BenchmarkParam,
    rf: RfParam,
    rows: RowsParam,
    snapshot: SnapshotDep,
) -> PortfolioResponse:
    """A long-only portfolio on the sessions that its holdings share, dividends included unless basis says otherwise.

    Ratios are fractions: 0.0123 is 1.23 %.
    """
    tickers = request.tickers
    refuse_unknown(snapshot.published.manifest, "weights", tickers)
    asked = (
        rows.of(WeightRow.model_fields, part="weights", shared=True, base=True, series=len(tickers))
        if rows.part == "weights"
        else rows.of(PortfolioRow.model_fields, shared=True, base=True, series=3)
    )
    panel = await load_panel(snapshot, tickers, span, basis, benchmark=benchmark, shared=True, rows=asked)

    def answer() -> PortfolioResponse:
        portfolio = portfolio_of(panel, request, benchmark, basis)
        turnover, cost = turnover_of(portfolio)
        return PortfolioResponse(
            meta=PortfolioMeta(
                **dict(meta_of(panel, basis, benchmark, rf=rf)), rebalance=request.rebalance, cost_bps=request.cost_bps
            ),
            summary=summaries(portfolio, benchmark, basis, per_session(rf)),
            holdings=holdings_of(portfolio),
            diversification=diversification_of(portfolio),
            turnover=turnover,
            cost_paid=cost,
            rebalances=rebalances_of(portfolio),
            weights=weight_rows(portfolio),
            rows=value_rows(portfolio, basis),
            warnings=warnings_of(panel, basis, cumulative=True)
            + late_start_warnings(panel, tickers, span)
            + base_warnings(portfolio),
        )

    return await asyncio.to_thread(answer)
