"""The parameters of the outlook and the questions. The defaults are those of the five questions."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Query

from api.http.parameters import parse_tickers, span_of
from api.limits import HORIZON, TICKERS
from api.panel.window import Span
from api.resources.outlook.request import (
    DEFAULT_HORIZON,
    LONG_RUN,
    TAU,
    Horizon,
    OutlookRequest,
    Prior,
    parse_horizon,
)

_A, _B = ("META", "GOOGL"), ("VOO", "SCHG")


def basket_of(name: str, *default: str) -> Callable[..., Awaitable[tuple[str, ...]]]:
    """The dependency of a parameter `name` that lists tickers, with the tickers `default`."""

    # A new function for each parameter, because FastAPI reads alias and example from the signature.
    async def basket(
        tickers: Annotated[
            list[str] | None,
            Query(
                alias=name,
                description=f"`A,B`, `{{A,B}}` or repeated keys, any case; {TICKERS.most} at most. "
                f"Without it, {','.join(default)}.",
                openapi_examples={"usual": {"value": list(default)}},
            ),
        ] = None,
    ) -> tuple[str, ...]:
        return default if tickers is None else parse_tickers(tickers, name)

    return basket


async def _horizon(
    horizon: Annotated[
        str,
        Query(
            description=f"How far ahead: `3m` is 63 sessions, `2w` is 10, `5d` is 5; {HORIZON.most} sessions at most.",
            openapi_examples={"usual": {"value": DEFAULT_HORIZON}},
        ),
    ] = DEFAULT_HORIZON,
) -> Horizon:
    return parse_horizon(horizon)


async def _prior(
    tau: Annotated[
        float,
        Query(
            ge=0,
            le=0.2,
            allow_inf_nan=False,
            description="How far from 0 the true spread may lie: its prior standard deviation, a fraction a year. "
            "Forecasts with more than 0.2 have done worse than a coin.",
            openapi_examples={"usual": {"value": TAU}},
        ),
    ] = TAU,
    long_run: Annotated[
        float,
        Query(
            ge=-0.5,
            le=0.5,
            allow_inf_nan=False,
            description="The return that each basket's own interval is centred on, a fraction a year.",
            openapi_examples={"usual": {"value": LONG_RUN}},
        ),
    ] = LONG_RUN,
) -> Prior:
    return Prior(tau, long_run)


async def _outlook_request(
    a: Annotated[tuple[str, ...], Depends(basket_of("a", *_A))],
    b: Annotated[tuple[str, ...], Depends(basket_of("b", *_B))],
    horizon: Annotated[Horizon, Depends(_horizon)],
    prior: Annotated[Prior, Depends(_prior)],
) -> OutlookRequest:
    request = OutlookRequest(a, b, horizon, prior)
    TICKERS.check(len(request.tickers), ",".join(request.tickers), "b")
    return request


def default_request() -> OutlookRequest:
    """The request of `/outlook` without parameters."""
    return OutlookRequest(_A, _B, parse_horizon(DEFAULT_HORIZON), Prior())


OutlookRequestParam = Annotated[OutlookRequest, Depends(_outlook_request)]
HalfYearParam = Annotated[Span, Depends(span_of("6m"))]
