"""The parameters of `/portfolio`."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.http.parameters import AnyCase, span_of
from api.limits import HOLDINGS
from api.panel.window import Span
from api.resources.portfolio.request import PortfolioRequest, Rebalance, parse_weights

_HIGHEST_COST = 500  # 5 % of what is traded: more was meant in another unit


async def _request(
    weights: Annotated[
        str,
        Query(
            description="`NVDA:0.4,VOO:0.6` in fractions or percent, which sum to 1 or 100, or `equal:NVDA,VOO`; long "
            f"only; {HOLDINGS.most} holdings at most.",
            openapi_examples={"two": {"value": "NVDA:0.4,VOO:0.6"}},
        ),
    ],
    rebalance: Annotated[
        Rebalance,
        AnyCase,
        Query(
            description="How often the weights are restored: at the last close of each such period.",
            openapi_examples={"monthly": {"value": "monthly"}},
        ),
    ] = "none",
    cost_bps: Annotated[
        float,
        Query(
            ge=0,
            le=_HIGHEST_COST,
            allow_inf_nan=False,
            description="Cost of a rebalancing in basis points of what is sold and of what is bought: 10 is 0.1 %.",
            openapi_examples={"none": {"value": 0}},
        ),
    ] = 0.0,
) -> PortfolioRequest:
    return PortfolioRequest(parse_weights(weights), rebalance, cost_bps)


async def _basis(
    basis: Annotated[
        Literal["total", "split"],
        AnyCase,
        Query(
            description="`total`: dividends are reinvested in the share that paid them. `split`: prices alone.",
            openapi_examples={"total": {"value": "total"}},
        ),
    ] = "total",
) -> Literal["total", "split"]:
    return basis


PortfolioRequestParam = Annotated[PortfolioRequest, Depends(_request)]
TotalBasisParam = Annotated[Literal["total", "split"], Depends(_basis)]
YearParam = Annotated[Span, Depends(span_of("1y"))]
