"""What a route is given: query parameters, parsed to tickers and spans, and the store, snapshot, clock and settings.

The dependencies are coroutines, because FastAPI runs each plain function in a thread, which costs more than it does.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Query, Request, Security
from fastapi.dependencies.utils import get_flat_params
from fastapi.security import APIKeyHeader

from api.errors import BadParameterError, NothingPublishedError, StoreError
from api.http.date_range import DEFAULT_RANGE, parse_span
from api.limits import TICKERS
from api.panel.intervals import Interval
from api.panel.window import Span
from api.settings import Settings
from api.store.protocol import Published, Snapshot, Store
from lake.universe import TICKER_PATTERN

_TICKER_BOUND = "one to six letters and digits, the first a letter, and perhaps a class, such as NVDA or BRK.B"
_REPEATABLE = ("tickers", "a", "b")
_BASIS = "`split`: adjusted for splits. `total`: for dividends too, the newest close unchanged."


def parse_tickers(values: Iterable[str], parameter: str = "tickers") -> tuple[str, ...]:
    """`A,B`, `{A,B}` and repeated keys, in any case: distinct tickers in the order asked for, one to 50 of them."""
    names = [name.strip() for value in values for name in value.strip().strip("{}").split(",")]
    # Not `upper()` of every text: that of "ı" is "I", so that another ticker would be answered.
    tickers = tuple(dict.fromkeys(name.upper() if name.isascii() else name for name in names if name))
    if not tickers:
        raise BadParameterError(parameter, "", "names no ticker", f"1 to {TICKERS.most} tickers, such as NVDA,AMZN")
    TICKERS.check(len(tickers), ",".join(tickers), parameter)
    for ticker in tickers:
        check_ticker(parameter, ticker)
    return tickers


def check_ticker(parameter: str, ticker: str) -> str:
    """The ticker itself, if it looks like one."""
    if not TICKER_PATTERN.fullmatch(ticker):
        raise BadParameterError(parameter, ticker, "is no ticker", _TICKER_BOUND)
    return ticker


def parse_benchmark(text: str) -> str:
    """One ticker, in any case."""
    name = text.strip()
    return check_ticker("benchmark", name.upper() if name.isascii() else name)


async def _tickers(
    tickers: Annotated[
        list[str],
        Query(
            description=f"`A,B`, `{{A,B}}` or repeated keys, any case; {TICKERS.most} at most.",
            openapi_examples={"two": {"value": ["NVDA", "AMZN"]}},
        ),
    ],
) -> tuple[str, ...]:
    return parse_tickers(tickers)


def span_of(default: str) -> Callable[..., Awaitable[Span]]:
    """The dependency of `range`, `from` and `to`, where a question without them means `default`."""

    async def span(
        range: Annotated[
            str | None,
            Query(
                description="`100d` sessions, or `1w`, `3m`, `1y` back from the newest session, `ytd`, `max`; "
                f"not together with from or to. Without any of them, {default}.",
                openapi_examples={"usual": {"value": default}},
            ),
        ] = None,
        first: Annotated[
            str | None,
            Query(
                alias="from",
                description="First day, inclusive: a date, an ISO timestamp or epoch milliseconds, in UTC.",
                examples=["2026-08-21"],
            ),
        ] = None,
        last: Annotated[
            str | None,
            Query(
                alias="to",
                description="Last day, inclusive, as `from`; by default, and at most, the newest session.",
                examples=["2026-11-20T00:00:00Z"],
            ),
        ] = None,
    ) -> Span:
        return parse_span(range, first, last, default)

    return span


async def _basis(
    basis: Annotated[
        Literal["split", "total"], Query(description=_BASIS, openapi_examples={"split": {"value": "split"}})
    ] = "split",
) -> Literal["split", "total"]:
    return basis


async def _any_basis(
    basis: Annotated[
        Literal["split", "total", "raw"],
        Query(description=f"{_BASIS} `raw`: as traded.", openapi_examples={"split": {"value": "split"}}),
    ] = "split",
) -> Literal["split", "total", "raw"]:
    return basis


async def _benchmark(
    benchmark: Annotated[
        str,
        Query(description="The ticker that the others are held against.", openapi_examples={"VOO": {"value": "VOO"}}),
    ] = "VOO",
) -> str:
    return parse_benchmark(benchmark)


async def _rf(
    rf: Annotated[
        float,
        Query(
            description="The risk-free rate, a fraction a year: 0.04 is 4 %.",
            ge=-0.1,
            le=1,
            allow_inf_nan=False,
            openapi_examples={"none": {"value": 0}},
        ),
    ] = 0.0,
) -> float:
    return rf


async def _interval(
    interval: Annotated[
        Interval,
        Query(
            description="What each row is of: a session, a week, a month or a quarter, at its last session. Summary "
            "figures and correlations are computed on daily data, whatever it is.",
            openapi_examples={"session": {"value": "1d"}},
        ),
    ] = "1d",
) -> Interval:
    return interval


async def only_known(request: Request) -> None:
    """Refuse a parameter that the route does not declare, or that it takes once and gets twice."""
    # FastAPI ignores unknown parameters: `rnage=1y` would be answered for the default range.
    known = [field.alias for field in get_flat_params(request.scope["route"].dependant)]
    bound = f"known parameters: {', '.join(known)}" if known else "this path takes no parameters"
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if name not in known:
            raise BadParameterError(name, values[0], "is no parameter of this path", bound)
        if len(values) > 1 and name not in _REPEATABLE:
            raise BadParameterError(name, values[1], f"is given {len(values)} times", "once at most")


async def _store(request: Request) -> Store:
    return cast("Store", request.app.state.store)


async def _published_if_readable(request: Request) -> Published | None:
    """The snapshot that this request is answered from, asked for once; None without one, or if it cannot be read."""
    try:
        return await _published(request)
    except StoreError:
        return None


async def _published(request: Request) -> Published:
    """The snapshot that this request is answered from.

    It is kept in the request's state, where the response cache has put it for the paths that it serves, so that no
    part of an answer comes from another snapshot, even if one is published meanwhile.
    """
    if getattr(request.state, "published", None) is None:
        request.state.published = await cast("Store", request.app.state.store).current()
    published = cast("Published | None", request.state.published)
    if published is None:
        raise NothingPublishedError("nothing is published in this lake yet; publish a snapshot, then ask again")
    return published


async def _snapshot(
    published: Annotated[Published, Depends(_published)], store: Annotated[Store, Depends(_store)]
) -> Snapshot:
    return Snapshot(published, store)


async def _clock(request: Request) -> Callable[[], datetime]:
    return cast("Callable[[], datetime]", request.app.state.clock)


async def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


OnlyKnown: Any = Depends(only_known)
ApiKey: Any = Security(
    APIKeyHeader(
        name="x-api-key",
        scheme_name="apiKey",
        description="The key that the gateway asks for on AWS. On one machine there is no gateway, and none is needed.",
        auto_error=False,
    )
)
TickersParam = Annotated[tuple[str, ...], Depends(_tickers)]
SpanParam = Annotated[Span, Depends(span_of(DEFAULT_RANGE))]
BasisParam = Annotated[Literal["split", "total"], Depends(_basis)]
AnyBasisParam = Annotated[Literal["split", "total", "raw"], Depends(_any_basis)]
BenchmarkParam = Annotated[str, Depends(_benchmark)]
IntervalParam = Annotated[Interval | None, Depends(_interval)]
RfParam = Annotated[float, Depends(_rf)]
StoreDep = Annotated[Store, Depends(_store)]
SnapshotDep = Annotated[Snapshot, Depends(_snapshot)]
PublishedDep = Annotated[Published, Depends(_published)]
PublishedIfReadableDep = Annotated[Published | None, Depends(_published_if_readable)]
ClockDep = Annotated[Callable[[], datetime], Depends(_clock)]
SettingsDep = Annotated[Settings, Depends(_settings)]
