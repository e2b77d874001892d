"""`/tickers`."""

from typing import Annotated, Literal

from fastapi import Query

from api.errors import BadParameterError
from api.formatting import counted
from api.http.csv_response import rows_router
from api.http.parameters import AnyCase, SnapshotDep
from api.panel.response_meta import snapshot_meta, standing_warnings
from api.resources.tickers.schemas import TickersResponse
from api.resources.tickers.service import chosen, parse_sector, ticker_rows, ticker_summaries

router = rows_router("Market data")

_LONGEST_SEARCH = 100  # characters, as many as a name has at most
_MOST_ROWS = 1000


_SearchParam = Annotated[
    str,
    Query(
        description="Only tickers that have this text in their ticker, name, sector or index, however it is written: "
        "the nearest first. `brk-b`, `coca cola` and `at and t` are found.",
        openapi_examples={"name": {"value": "nvidia"}},
    ),
]
_KindParam = Annotated[
    Literal["etf", "stock", "other"] | None,
    AnyCase,
    Query(
        description="Only tickers of this kind; `other` are those outside the universe.",
        openapi_examples={"etf": {"value": "etf"}},
    ),
]
_SectorParam = Annotated[
    str | None,
    Query(description="Only tickers of this sector, in any case.", openapi_examples={"all": {"value": ""}}),
]
_LimitParam = Annotated[
    int | None,
    Query(
        description=f"At most so many rows, 1 to {_MOST_ROWS}; without it, all of them.",
        ge=1,
        le=_MOST_ROWS,
        openapi_examples={"ten": {"value": 10}},
    ),
]
_OffsetParam = Annotated[
    int, Query(description="How many rows to leave out before.", ge=0, openapi_examples={"none": {"value": 0}})
]


@router.get("/tickers", summary="What can be asked for")
async def read_tickers(
    snapshot: SnapshotDep,
    *,
    search: _SearchParam = "",
    kind: _KindParam = None,
    sector: _SectorParam = None,
    limit: _LimitParam = None,
    offset: _OffsetParam = 0,
) -> TickersResponse:
    """Every ticker: its name, what it tracks, and what the lake has of it. `text` and `value` suit a picker."""
    if len(search) > _LONGEST_SEARCH:
        bound = f"at most {_LONGEST_SEARCH} characters"
        raise BadParameterError("search", search, f"has {len(search)} characters", bound)
    published = snapshot.published
    rows = ticker_rows(published.manifest)
    found = chosen(rows, search, kind, parse_sector(sector, rows))
    page = found[offset:][:limit]
    return TickersResponse(
        meta=snapshot_meta(published),
        total=len(found),
        summary=ticker_summaries(found),
        rows=page,
        warnings=standing_warnings(published) + ([] if page else [_nothing(len(found), offset)]),
    )


def _nothing(found: int, offset: int) -> str:
    if found:
        return (
            f"offset={offset} leaves out all {counted(found, 'ticker')} that are chosen: take an offset below {found}"
        )
    return "no ticker is chosen: take another search, kind or sector, or leave one out"
