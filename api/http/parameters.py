"""What a route is given: query parameters, parsed to tickers and spans, and the store, snapshot, clock and settings.

The dependencies are coroutines, because FastAPI runs each plain function in a thread, which costs more than it does.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Query, Request, Security
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic import BeforeValidator

from api.errors import BadParameterError, NothingPublishedError, StoreError
from api.http.date_range import DEFAULT_RANGE, parse_span
from api.limits import TICKERS
from api.panel.intervals import IntervalChoice
from api.panel.loader import known_tickers
from api.panel.row_count import AUTO_ROWS, RowsRequest
from api.panel.window import Span
from api.settings import Settings
from api.store.protocol import Published, Snapshot, Store
from lake.universe import TICKER_PATTERN, universe

_TICKER_BOUND = (
    "a ticker is one to six letters and digits, the first a letter, and perhaps a class, such as NVDA or BRK.B"
)
_CLASS = re.compile(r"[./-]([A-Z]{1,2})$")
TICKER_LISTS = ("tickers", "a", "b")  # the parameters that may be repeated
_HIGHEST_RF = 0.25  # no US rate has been above: what is larger was meant in percent
# What other services call the same.
_OTHER_NAMES = {
    **dict.fromkeys(("symbol", "symbols"), "tickers"),
    **dict.fromkeys(("start", "start_date", "since"), "from"),
    **dict.fromkeys(("end", "end_date", "until"), "to"),
    **dict.fromkeys(("period", "window"), "range"),
}
_BASIS = "`split`: adjusted for splits. `total`: for dividends too, the newest close unchanged."


AnyCase: Any = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)

# Grafana's "All" names every ticker of the universe.
_TOO_MANY = ": choose some of them instead of all, such as those of one sector (/tickers?sector=Energy lists them)"
_EVERY = "*"


def parse_tickers(
    values: Iterable[str], parameter: str = "tickers", *, uncounted: str | None = None
) -> tuple[str, ...]:
    """`A,B`, `{A,B}` and repeated keys, in any spelling: distinct tickers in the order asked for, one to 50 of them.

    `uncounted`: a ticker that may come on top of these, as the benchmark does.
    """
    names = [name.strip() for value in values for name in value.strip().strip("{}").split(",")]
    tickers = tuple(dict.fromkeys(spelled(name) for name in names if name))
    if not tickers:
        raise BadParameterError(parameter, "", "no ticker is given", f"1 to {TICKERS.most} tickers, such as NVDA,AMZN")
    if tickers == (_EVERY,):
        bound = f"1 to {TICKERS.most} tickers, such as NVDA,AMZN; only /prices takes * for all"
        raise BadParameterError(parameter, _EVERY, "every ticker is too much for this question", bound)
    counted = len(tickers) - (uncounted in tickers)
    TICKERS.check(counted, ",".join(tickers), parameter, _TOO_MANY if parameter == "tickers" else "")
    for ticker in tickers:
        check_ticker(parameter, ticker)
    return tickers


def spelled(name: str) -> str:
    """A ticker as the lake spells it: in capitals, its class after a dot, so that `brk-b` and `BRK/B` are BRK.B."""
    # Not `upper()` of every text: that of "ı" is "I", so that another ticker would be answered.
    if not name.isascii():
        return name
    dotted, dashed = (_CLASS.sub(rf"{mark}\1", name.upper()) for mark in ".-")
    # A universe of one's own may spell a class with a dash, as some sources do.
    return dashed if dashed in universe() else dotted


def check_ticker(parameter: str, ticker: str) -> str:
    """The ticker itself, if it looks like one."""
    if not TICKER_PATTERN.fullmatch(ticker):
        raise BadParameterError(parameter, ticker, "not a ticker", _TICKER_BOUND)
    return ticker


def split_names(text: str) -> list[str]:
    """The names of columns that a text has between its commas, in small letters."""
    return [name.strip().lower() for name in text.split(",") if name.strip()]


def parse_benchmark(text: str) -> str | None:
    """One ticker, in any spelling, or None for `none`."""
    name = text.strip()
    return None if name.lower() == "none" else check_ticker("benchmark", spelled(name))


async def _tickers(
    tickers: Annotated[
        list[str],
        Query(
            description=f"`A,B`, `{{A,B}}` or repeated keys, any case; {TICKERS.most} at most.",
            openapi_examples={"two": {"value": ["NVDA", "AMZN"]}},
        ),
    ],
    request: Request,
) -> tuple[str, ...]:
    # Grafana and the page send the benchmark as one of the tickers, so that it has rows too.
    return parse_tickers(tickers, uncounted=spelled(request.query_params.get("benchmark", "").strip()))


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


async def _tickers_or_all(
    tickers: Annotated[
        list[str],
        Query(
            description=f"`A,B`, `{{A,B}}` or repeated keys, any case; {TICKERS.most} at most; or `*` for every ticker "
            "that there is, over a window that is short enough.",
            openapi_examples={"two": {"value": ["NVDA", "AMZN"]}},
        ),
    ],
    published: Annotated[Published | None, Depends(_published_if_readable)],
) -> tuple[str, ...]:
    # Not the word "all", which is Allstate's ticker.
    if [text.strip() for text in tickers] == [_EVERY]:
        return tuple(known_tickers(published.manifest)) if published else ()
    return parse_tickers(tickers)


def span_of(default: str) -> Callable[..., Awaitable[Span]]:
    """The dependency of `range`, `from` and `to`, where a question without them means `default`."""

    async def span(
        published: Annotated[Published | None, Depends(_published_if_readable)],
        range: Annotated[
            str | None,
            Query(
                description="`100d` sessions, or `1w`, `3m`, `1y` (also `1mo`, `1yr`) back from the newest session, "
                f"`ytd`, `max`; not together with from or to. Without any of them, {default}.",
                openapi_examples={"usual": {"value": default}},
            ),
        ] = None,
        first: Annotated[
            str | None,
            Query(
                alias="from",
                description="First day, inclusive: a date, an ISO timestamp, or epoch seconds (ten digits) or "
                "milliseconds (12 or 13), in UTC.",
                examples=["2026-08-21"],
            ),
        ] = None,
        last: Annotated[
            str | None,
            Query(
                alias="to",
                description="Last day, inclusive, as `from`; by default, and at most, the newest session. "
                f"Without from, the {default} up to it.",
                examples=["2026-11-20T00:00:00Z"],
            ),
        ] = None,
    ) -> Span:
        newest = published.manifest.as_of if published else date.max
        return parse_span(range, first, last, default, newest)

    return span


async def _basis(
    basis: Annotated[
        Literal["split", "total"], AnyCase, Query(description=_BASIS, openapi_examples={"split": {"value": "split"}})
    ] = "split",
) -> Literal["split", "total"]:
    return basis


async def _any_basis(
    basis: Annotated[
        Literal["split", "total", "raw"],
        AnyCase,
        Query(description=f"{_BASIS} `raw`: as traded.", openapi_examples={"split": {"value": "split"}}),
    ] = "split",
) -> Literal["split", "total", "raw"]:
    return basis


async def _benchmark(
    benchmark: Annotated[
        str,
        Query(
            description="The ticker that the others are compared with, or `none`.",
            openapi_examples={"VOO": {"value": "VOO"}},
        ),
    ] = "VOO",
) -> str | None:
    return parse_benchmark(benchmark)


async def _needed_benchmark(
    benchmark: Annotated[
        str,
        Query(description="The ticker that the others are compared with.", openapi_examples={"VOO": {"value": "VOO"}}),
    ] = "VOO",
) -> str:
    found = parse_benchmark(benchmark)
    if found is None:
        raise BadParameterError("benchmark", benchmark, "the answer is a comparison with it", "a ticker, such as VOO")
    return found


async def _table(request: Request) -> RowsRequest:
    """The rows of an answer that has no interval."""
    # `part` and `fields` are parsed, and refused, by the route, which knows the tables and columns of its answer.
    fields = tuple(dict.fromkeys(split_names(request.query_params.get("fields", ""))))
    part = request.query_params.get("part", "rows").strip().lower()
    return RowsRequest(None, fields, cast("Settings", request.app.state.settings).answer_bytes, part)


async def _rows(
    request: Request,
    interval: Annotated[
        IntervalChoice,
        AnyCase,
        Query(
            description="What each row is of: a session, a week, a month or a quarter, at its last session; `auto` is "
            f"the finest with at most {AUTO_ROWS} rows. Summary figures and correlations are computed on daily data, "
            "whatever it is.",
            openapi_examples={"session": {"value": "1d"}},
        ),
    ] = "1d",
) -> RowsRequest:
    return replace(await _table(request), interval=interval)


async def _rf(
    rf: Annotated[
        float,
        Query(
            description="The risk-free rate, a fraction a year: 0.04 is 4 %; 0.25 at most.",
            ge=-0.1,
            allow_inf_nan=False,
            json_schema_extra={"maximum": _HIGHEST_RF},
            openapi_examples={"none": {"value": 0}},
        ),
    ] = 0.0,
) -> float:
    if rf > _HIGHEST_RF:
        meant = (
            f"was {rf / 100:g} meant, {rf:g} %?" if rf <= 100 * _HIGHEST_RF else "was a percentage meant? 0.04 is 4 %"
        )
        bound = f"a fraction a year from -0.1 to {_HIGHEST_RF}, not a percentage: {meant}"
        # A percentage would overflow for the largest numbers that a float holds.
        why = f"is {rf * 100:g} % a year" if rf < 1e6 else "is no rate"
        raise BadParameterError("rf", f"{rf:g}", why, bound)
    return rf


def parameters_of(route: APIRoute) -> list[str]:
    """The names of a route's parameters, in the order in which they are documented."""
    return sorted((field.alias for field in get_flat_params(route.dependant)), key=place_of)


def _unknown(name: str, known: Sequence[str]) -> str:
    """That a path has no parameter of this name, and which one was probably meant."""
    wanted = _OTHER_NAMES.get(name.lower(), name.lower())
    meant = get_close_matches(wanted, known, n=1)
    return "this path has no such parameter" + (f" (did you mean {meant[0]}?)" if meant else "")


def place_of(parameter: str) -> int:
    """Where the documentation has a parameter: 0, the tickers, before all others; 2, the format, after them."""
    return 0 if parameter in TICKER_LISTS else 2 if parameter == "format" else 1


async def only_known(request: Request) -> None:
    """Refuse a parameter that the route does not declare, or that it takes once and gets twice."""
    # FastAPI ignores unknown parameters: `rnage=1y` would be answered for the default range.
    known = parameters_of(request.scope["route"])
    bound = f"known parameters: {', '.join(known)}" if known else "this path takes no parameters"
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if name not in known:
            raise BadParameterError(name, values[0], _unknown(name, known), bound)
        if len(values) > 1 and name not in TICKER_LISTS:
            raise BadParameterError(name, values[1], f"given {len(values)} times", "once at most")


async def _store(request: Request) -> Store:
    return cast("Store", request.app.state.store)


async def _snapshot(request: Request, store: Annotated[Store, Depends(_store)]) -> Snapshot:
    # FastAPI resolves every dependency before it refuses a parameter, so an error raised here would hide that refusal:
    # a lake that cannot be read is told when the endpoint asks for the snapshot.
    try:
        return Snapshot(await _published(request), store)
    except StoreError as error:
        return Snapshot(error, store)


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
AnyTickersParam = Annotated[tuple[str, ...], Depends(_tickers_or_all)]
SpanParam = Annotated[Span, Depends(span_of(DEFAULT_RANGE))]
BasisParam = Annotated[Literal["split", "total"], Depends(_basis)]
AnyBasisParam = Annotated[Literal["split", "total", "raw"], Depends(_any_basis)]
BenchmarkParam = Annotated[str | None, Depends(_benchmark)]
NeededBenchmarkParam = Annotated[str, Depends(_needed_benchmark)]
RowsParam = Annotated[RowsRequest, Depends(_rows)]
TableParam = Annotated[RowsRequest, Depends(_table)]
RfParam = Annotated[float, Depends(_rf)]
StoreDep = Annotated[Store, Depends(_store)]
SnapshotDep = Annotated[Snapshot, Depends(_snapshot)]
PublishedIfReadableDep = Annotated[Published | None, Depends(_published_if_readable)]
ClockDep = Annotated[Callable[[], datetime], Depends(_clock)]
SettingsDep = Annotated[Settings, Depends(_settings)]
