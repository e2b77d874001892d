"""`/questions` and the five of them: each is answered from what the other endpoints answer."""

import asyncio
from typing import Annotated

from fastapi import Depends

from api.errors import BadParameterError, TooLittleHistoryError
from api.http.csv_response import rows_router
from api.http.date_range import parse_range
from api.http.parameters import NeededBenchmarkParam, SnapshotDep, span_of
from api.limits import ASSOCIATIONS, TICKERS
from api.panel.loader import load_panel, refuse_many_bars, resolve_window
from api.panel.response_meta import meta_of, snapshot_meta, standing_warnings, warnings_of
from api.panel.row_count import RowsRequest
from api.panel.window import Last, Span
from api.resources.compare.routes import read_compare
from api.resources.outlook.parameters import HalfYearParam, OutlookRequestParam, basket_of
from api.resources.outlook.routes import read_outlook
from api.resources.prices.routes import read_prices
from api.resources.questions.comparison import comparison_answer
from api.resources.questions.diversification import diversification_answer
from api.resources.questions.mix import mix_of
from api.resources.questions.outlook import no_outlook, outlook_answer
from api.resources.questions.parameters import MARKET, PickedParam
from api.resources.questions.patterns import patterns_answer
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import (
    Answered,
    ComparisonAnswer,
    DiversificationAnswer,
    OutlookAnswer,
    PatternsAnswer,
    QuestionRow,
    QuestionsResponse,
    QuestionSummary,
    VolumeAnswer,
)
from api.resources.questions.volume import usual_span, volume_answer
from api.resources.volatility.routes import read_volatility

# The rows of a question are as fine as an answer of Lambda allows.
_FINEST = RowsRequest()
router = rows_router("Questions")

VOLUME, COMPARISON, DIVERSIFICATION, OUTLOOK, PATTERNS = QUESTIONS.values()
VolumeTickers = Annotated[tuple[str, ...], Depends(basket_of("tickers", *VOLUME.tickers))]
ComparisonTickers = Annotated[tuple[str, ...], Depends(basket_of("tickers", *COMPARISON.tickers))]
ComparisonSpan = Annotated[Span, Depends(span_of(COMPARISON.range))]
DiversificationTickers = Annotated[tuple[str, ...], Depends(basket_of("tickers", *DIVERSIFICATION.tickers))]
PatternsTickers = Annotated[tuple[str, ...], Depends(basket_of("tickers", *PATTERNS.tickers))]
PatternsSpan = Annotated[Span, Depends(span_of(PATTERNS.range))]


@router.get("/questions", summary="The five questions, answered")
async def read_questions(asked: PickedParam, snapshot: SnapshotDep) -> QuestionsResponse:
    """Each question with its answer: a headline, key figures and details.

    Of the tickers given, or of each question's own without any.
    """
    half_year, picked = parse_range(OUTLOOK.range), asked.tickers
    answers = (
        await read_volume(picked or VOLUME.tickers, snapshot),
        await read_comparison(picked or COMPARISON.tickers, parse_range(COMPARISON.range), snapshot),
        await read_diversification(asked.besides_market or DIVERSIFICATION.tickers, half_year, MARKET, snapshot),
        await read_outlook_question(asked.outlook, half_year, snapshot),
        await read_patterns(picked or PATTERNS.tickers, parse_range(PATTERNS.range), snapshot),
    )
    rows = [
        QuestionRow(**one.model_dump(include=set(Answered.model_fields)), link=asked.link_of(one.name))
        for one in answers
    ]
    return QuestionsResponse(
        meta=snapshot_meta(snapshot.published),
        summary=[QuestionSummary(questions=len(rows), answered=sum(row.headline is not None for row in rows))],
        rows=rows,
        warnings=standing_warnings(snapshot.published),
    )


@router.get("/questions/volume", summary="The daily trading volume of the past week, or two")
async def read_volume(tickers: VolumeTickers, snapshot: SnapshotDep) -> VolumeAnswer:
    """Averages and extremes of the daily volume, against what is usual. Shares are adjusted for later splits."""
    week = await read_prices(tickers, Last(1, "w"), "split", RowsRequest("1d"), snapshot)
    two_weeks = await read_prices(tickers, Last(2, "w"), "split", RowsRequest("1d"), snapshot)
    usual = await read_prices(tickers, usual_span(two_weeks.meta.window.first), "split", RowsRequest("1d"), snapshot)
    return volume_answer(week, two_weeks, usual)


@router.get("/questions/comparison", summary="Price change, volatility and trend")
async def read_comparison(tickers: ComparisonTickers, span: ComparisonSpan, snapshot: SnapshotDep) -> ComparisonAnswer:
    """Change, volatility and trend of each on shared sessions, without dividends. Ratios are fractions."""
    compared = await read_compare(tickers, span, "split", benchmark=MARKET, rf=0.0, rows=_FINEST, snapshot=snapshot)
    return comparison_answer(compared, span)


@router.get("/questions/diversification", summary="Return against the benchmark, and what mixing diversifies")
async def read_diversification(
    tickers: DiversificationTickers,
    span: HalfYearParam,
    benchmark: NeededBenchmarkParam,
    snapshot: SnapshotDep,
) -> DiversificationAnswer:
    """Cumulative and average daily returns against the benchmark, dividends included, and the equal mix of all: its
    risk, contributions and worst months."""
    others = tuple(ticker for ticker in tickers if ticker != benchmark)
    if not others:
        raise BadParameterError("tickers", benchmark, "is the benchmark itself", "another ticker, such as QQQ,SCHG")
    chosen = (*others, benchmark)
    TICKERS.check(len(chosen), ",".join(chosen), "tickers", f", the benchmark {benchmark} among them")
    compared = await read_compare(chosen, span, "total", benchmark=benchmark, rf=0.0, rows=_FINEST, snapshot=snapshot)
    mixed = compared.diversification.tickers
    panel = await load_panel(snapshot, mixed or chosen, span, "total", benchmark=benchmark, shared=True)
    mix = await asyncio.to_thread(mix_of, panel, mixed, benchmark)
    return diversification_answer(compared, mix, span)


@router.get("/questions/outlook", summary="Which of two baskets is likelier to return more")
async def read_outlook_question(
    request: OutlookRequestParam, span: HalfYearParam, snapshot: SnapshotDep
) -> OutlookAnswer:
    """The chance with its uncertainty, dividends included. Not advice."""
    try:
        return outlook_answer(await read_outlook(request, span, snapshot), request, span)
    except TooLittleHistoryError as error:
        panel = await load_panel(snapshot, request.tickers, span, "total", shared=True)
        warnings = warnings_of(panel, "total", cumulative=True)
        return no_outlook(str(error), meta_of(panel, "total"), warnings, request, span)


@router.get("/questions/patterns", summary="Volatility, its links to volume and sentiment, and the range to expect")
async def read_patterns(tickers: PatternsTickers, span: PatternsSpan, snapshot: SnapshotDep) -> PatternsAnswer:
    """Volatility and its regime, its link with volume and sentiment, and the range to expect. Ratios are fractions."""
    refuse_many_bars(ASSOCIATIONS, tickers, resolve_window(snapshot.published, tickers, span), span)
    return patterns_answer(await read_volatility(tickers, span, "split", _FINEST, snapshot), span)
