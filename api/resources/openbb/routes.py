"""`/widgets.json`, `/apps.json`, and what the widgets show. Workspace adds `theme` to every request of a widget."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.errors import BadParameterError
from api.http.parameters import BenchmarkParam, NeededBenchmarkParam, SnapshotDep, span_of
from api.panel.loader import known_tickers
from api.panel.row_count import RowsRequest
from api.panel.window import Span
from api.resources.calendar_returns.routes import read_calendar
from api.resources.compare.routes import read_compare
from api.resources.drawdowns.routes import read_drawdowns
from api.resources.openbb.definition import kind_of, panels
from api.resources.openbb.figures import figure, part_of, question_text, table_rows, warnings_text
from api.resources.openbb.widgets import apps, widgets
from api.resources.outlook.parameters import HalfYearParam, OutlookRequestParam, basket_of
from api.resources.portfolio.request import PortfolioRequest, Rebalance, parse_weights
from api.resources.portfolio.routes import read_portfolio
from api.resources.prices.routes import read_prices
from api.resources.questions.routes import (
    ComparisonSpan,
    ComparisonTickers,
    DiversificationTickers,
    PatternsSpan,
    PatternsTickers,
    VolumeTickers,
    read_comparison,
    read_diversification,
    read_outlook_question,
    read_patterns,
    read_volume,
)
from api.resources.seasonality.routes import read_seasonality
from api.resources.volatility.routes import read_volatility
from api.store.protocol import Snapshot

# Hidden from OpenAPI: their forms are OpenBB's, and each answer is one of another path's.
router = APIRouter(tags=["Service"], include_in_schema=False)


class Asked(NamedTuple):
    """What the pickers of a widget chose."""

    tickers: tuple[str, ...]
    span: Span
    benchmark: str | None
    weights: str
    rebalance: Rebalance
    by: Literal["month", "year"]
    theme: str


async def _asked(
    tickers: Annotated[tuple[str, ...], Depends(basket_of("tickers", "NVDA", "AMZN"))],
    span: Annotated[Span, Depends(span_of("3m"))],
    benchmark: BenchmarkParam,
    *,
    weights: Annotated[str, Query()] = "NVDA:0.4,VOO:0.6",
    rebalance: Annotated[Rebalance, Query()] = "none",
    by: Annotated[Literal["month", "year"], Query()] = "month",
    theme: Annotated[str, Query()] = "dark",
) -> Asked:
    return Asked(tickers, span, benchmark, weights, rebalance, by, theme)


async def _theme(theme: Annotated[str, Query()] = "dark") -> str:
    return theme


AskedParam = Annotated[Asked, Depends(_asked)]
Theme: Any = Depends(_theme)


@router.get("/widgets.json")
async def read_widgets(snapshot: SnapshotDep) -> JSONResponse:
    """The panels and questions as widgets, whose pickers offer the snapshot's tickers."""
    return JSONResponse(widgets(known_tickers(snapshot.published.manifest)))


@router.get("/apps.json")
async def read_apps(snapshot: SnapshotDep) -> JSONResponse:
    """One app that shows them all."""
    return JSONResponse(apps(known_tickers(snapshot.published.manifest)))


@router.get("/openbb/panels/{name}")
async def read_panel(name: str, asked: AskedParam, snapshot: SnapshotDep) -> JSONResponse:
    """A panel: a Plotly figure, `rows` of a table beside the warnings, or Markdown."""
    if name not in panels():
        raise BadParameterError("name", name, "there is no such panel", f"one of {', '.join(panels())}")
    panel = panels()[name]
    answer = await _READERS[panel["path"]](asked, snapshot)
    value = part_of(answer, panel["part"])
    match kind_of(panel):
        case "markdown":
            return JSONResponse(warnings_text(value))
        case "chart":
            return JSONResponse(figure(panel, value, asked.theme))
        case "table":
            return JSONResponse({"warnings": part_of(answer, "warnings"), "rows": table_rows(panel, value)})


@router.get("/openbb/questions/volume", dependencies=[Theme])
async def show_volume(tickers: VolumeTickers, snapshot: SnapshotDep) -> JSONResponse:
    return JSONResponse(question_text(await read_volume(tickers, snapshot)))


@router.get("/openbb/questions/comparison", dependencies=[Theme])
async def show_comparison(tickers: ComparisonTickers, span: ComparisonSpan, snapshot: SnapshotDep) -> JSONResponse:
    return JSONResponse(question_text(await read_comparison(tickers, span, snapshot)))


@router.get("/openbb/questions/diversification", dependencies=[Theme])
async def show_diversification(
    tickers: DiversificationTickers, span: HalfYearParam, benchmark: NeededBenchmarkParam, snapshot: SnapshotDep
) -> JSONResponse:
    return JSONResponse(question_text(await read_diversification(tickers, span, benchmark, snapshot)))


@router.get("/openbb/questions/outlook", dependencies=[Theme])
async def show_outlook(request: OutlookRequestParam, span: HalfYearParam, snapshot: SnapshotDep) -> JSONResponse:
    return JSONResponse(question_text(await read_outlook_question(request, span, snapshot)))


@router.get("/openbb/questions/patterns", dependencies=[Theme])
async def show_patterns(tickers: PatternsTickers, span: PatternsSpan, snapshot: SnapshotDep) -> JSONResponse:
    return JSONResponse(question_text(await read_patterns(tickers, span, snapshot)))


async def _portfolio(asked: Asked, snapshot: Snapshot) -> BaseModel:
    request, benchmark = PortfolioRequest(parse_weights(asked.weights), asked.rebalance), asked.benchmark
    return await read_portfolio(
        request, asked.span, "total", benchmark=benchmark, rf=0.0, rows=RowsRequest(), snapshot=snapshot
    )


# What each path answers; RowsRequest() is the finest interval that an answer of Lambda allows.
_READERS: Mapping[str, Callable[[Asked, Snapshot], Awaitable[BaseModel]]] = {
    "prices": lambda asked, snapshot: read_prices(asked.tickers, asked.span, "split", RowsRequest(), snapshot),
    "compare": lambda asked, snapshot: read_compare(
        asked.tickers, asked.span, "split", benchmark=asked.benchmark, rf=0.0, rows=RowsRequest(), snapshot=snapshot
    ),
    "volatility": lambda asked, snapshot: read_volatility(asked.tickers, asked.span, "split", RowsRequest(), snapshot),
    "seasonality": lambda asked, snapshot: read_seasonality(asked.tickers, asked.span, "split", snapshot),
    "returns/calendar": lambda asked, snapshot: read_calendar(asked.tickers, asked.span, "split", snapshot, asked.by),
    "returns/drawdowns": lambda asked, snapshot: read_drawdowns(asked.tickers, asked.span, "split", snapshot),
    "portfolio": _portfolio,
}
