"""The arguments of each tool: their JSON schemas, and what is wrong with a call in our own words. Pure."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.errors import BadParameterError
from api.http.date_range import parse_span
from api.http.parameters import parse_tickers
from api.limits import TICKERS
from api.panel.window import Span
from api.resources.outlook.parameters import default_request
from api.resources.outlook.request import OutlookRequest, parse_horizon
from api.resources.portfolio.request import Rebalance
from api.store.protocol import Published

MOST_ROWS = 200
_HIGHEST_RF = 0.25  # as the paths have it; tested
_T = TypeVar("_T", bound="Arguments")
_TEXT = "it should be a text in quotation marks"
# What each refusal of pydantic means, and what the argument may be; the name of a limit stands in braces.
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "missing": ("this argument is missing", "it has no default"),
    "literal_error": ("not a known value", "one of {expected}"),
    "greater_than_equal": ("too small", "it should be at least {ge:g}"),
    "less_than_equal": ("too large", "it should be at most {le:g}"),
    "string_type": ("not a text", _TEXT),
    "list_type": ("not a list", 'a list of tickers, such as ["NVDA", "AMZN"]'),
    "bool_type": ("not true or false", "true or false"),
    "bool_parsing": ("not true or false", "true or false"),
}


def _one_or_many(value: Any) -> Any:
    """Agents send `"NVDA,AMZN"` for `["NVDA", "AMZN"]`: a text is a list of one, which `parse_tickers` takes apart."""
    return [value] if isinstance(value, str) else value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _tickers(what: str, example: str) -> Any:
    schema: dict[str, Any] = {"minItems": 1, "maxItems": TICKERS.most, "examples": [example.split(",")]}
    return Field(description=what, json_schema_extra=schema)


def _tickers_or(what: str, default: str) -> Any:
    schema: dict[str, Any] = {"examples": [default.split(",")]}
    return Field(default=None, description=f"{what}; at most {TICKERS.most}.", json_schema_extra=schema)


Tickers = Annotated[list[str], BeforeValidator(_one_or_many)]
_RANGE = "Window back from the newest session: 100d sessions, 2w, 3m, 1y, ytd or max; not together with from or to."
_FROM = "First day, inclusive, such as 2026-08-21; instead of range."
_TO = "Last day, inclusive; by default, and at most, the newest session."
_BENCHMARK = "Ticker to compare with, or none."
_BASIS = "split: adjusted for splits. total: for dividends too."
AnyCase = BeforeValidator(_lower)
Benchmark = Annotated[str, Field(description=_BENCHMARK)]
RiskFree = Annotated[
    float,
    Field(ge=-0.1, le=_HIGHEST_RF, allow_inf_nan=False, description="Risk-free rate, a fraction a year: 0.04 is 4 %."),
]
Basis = Annotated[Literal["split", "total"], AnyCase, Field(description=_BASIS)]


class Arguments(BaseModel):
    """The arguments of one call. Their names are those of the paths' parameters."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class WindowArguments(Arguments):
    """The arguments that choose a window of sessions."""

    range: str | None = Field(default=None, description=_RANGE)
    first: str | None = Field(default=None, alias="from", description=_FROM)
    last: str | None = Field(default=None, alias="to", description=_TO)

    def span(self, published: Published, default: str) -> Span:
        """The span of sessions that they mean; `default` without any of them."""
        return parse_span(self.range, self.first, self.last, default, published.manifest.as_of)


class RowsArguments(WindowArguments):
    """The arguments of a tool that has rows too."""

    rows: bool = Field(
        default=False,
        description=f"Whether to add rows, {MOST_ROWS} at most; the summary alone answers most questions.",
    )
    interval: Annotated[Literal["auto", "1d", "1w", "1mo", "3mo"], AnyCase] = Field(
        default="auto",
        description="What each row is of: a session, week, month or quarter. auto: the finest that fits.",
    )


class ListTickersArguments(Arguments):
    """`list_tickers`."""

    search: str = Field(default="", description="Only tickers with this text in symbol, name, sector or index.")
    kind: Annotated[Literal["etf", "stock", "other"] | None, AnyCase] = Field(
        default=None, description="Only of this kind; other: outside the universe."
    )
    sector: str | None = Field(default=None, description="Only of this sector (GICS), such as Energy.")


class PricesArguments(RowsArguments):
    """`get_prices`."""

    tickers: Tickers = _tickers("Which tickers.", "NVDA,AMZN")
    basis: Annotated[Literal["split", "total", "raw"], AnyCase] = Field(
        default="split", description=f"{_BASIS} raw: as traded."
    )


class CompareArguments(RowsArguments):
    """`compare` and `returns`."""

    tickers: Tickers = _tickers("Which tickers.", "NVDA,AMZN")
    basis: Basis = "split"
    benchmark: Benchmark = "VOO"
    rf: RiskFree = 0.0


class VolatilityArguments(RowsArguments):
    """`volatility`."""

    tickers: Tickers = _tickers("Which tickers.", "TSLA,MSFT")
    basis: Basis = "split"


class PortfolioArguments(RowsArguments):
    """`portfolio`."""

    weights: str = Field(
        description="NVDA:0.4,VOO:0.6 in fractions or percent that sum to 1 or 100, or equal:NVDA,VOO; long only.",
        examples=["NVDA:0.4,VOO:0.6"],
    )
    rebalance: Annotated[Rebalance, AnyCase] = Field(
        default="none", description="How often the weights are restored, at a period's last close."
    )
    cost_bps: float = Field(
        default=0.0,
        ge=0,
        le=500,
        allow_inf_nan=False,
        description="Cost of a rebalancing, basis points of what is sold and of what is bought.",
    )
    basis: Annotated[Literal["total", "split"], AnyCase] = Field(
        default="total", description="total: dividends are reinvested. split: prices alone."
    )
    benchmark: Benchmark = "VOO"
    rf: RiskFree = 0.0


class OutlookArguments(WindowArguments):
    """`outlook`."""

    a: Tickers | None = _tickers_or("Basket A", "META,GOOGL")
    b: Tickers | None = _tickers_or("Basket B", "VOO,SCHG")
    horizon: str | None = Field(
        default=None, description="How far ahead: 5d, 2w, 3m, which is usual; half a year at most."
    )

    def request(self) -> OutlookRequest:
        """The outlook that is asked for; what is left out is as in `/outlook`."""
        usual = default_request()
        a = usual.a if self.a is None else parse_tickers(self.a, "a")
        b = usual.b if self.b is None else parse_tickers(self.b, "b")
        request = OutlookRequest(a, b, usual.horizon if self.horizon is None else parse_horizon(self.horizon))
        TICKERS.check(len(request.tickers), ",".join(request.tickers), "b")
        return request


class QuestionArguments(OutlookArguments):
    """`answer_question`."""

    name: Annotated[Literal["volume", "comparison", "diversification", "outlook", "patterns"], AnyCase] = Field(
        description="volume: how much was traded in the past week or two. comparison: how tickers changed, fluctuated "
        "and trended. diversification: how much more than a benchmark, and whether holding them together diversifies. "
        "outlook: which of baskets a and b is likelier to return more. patterns: volatility, its link with volume and "
        "sentiment, and the range to expect next."
    )
    tickers: Tickers | None = _tickers_or("For all but outlook: which tickers", "NVDA,AMZN")
    benchmark: str | None = Field(default=None, description="Only for diversification: the ticker to compare with.")
    a: Tickers | None = _tickers_or("Only for outlook: basket A", "META,GOOGL")
    b: Tickers | None = _tickers_or("Only for outlook: basket B", "VOO,SCHG")
    horizon: str | None = Field(default=None, description="Only for outlook: how far ahead, such as 3m.")


def parse(model: type[_T], given: Mapping[str, Any]) -> _T:
    """The arguments of a call; BadParameterError for the first that is not what it must be."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise _refusal(model, error) from None


def _refusal(model: type[Arguments], error: ValidationError) -> BadParameterError:
    found = error.errors(include_url=False)[0]
    name = str(found["loc"][0]) if found["loc"] else ""
    if found["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        meant = get_close_matches(name.lower(), known, n=1)
        why = "this tool has no such argument" + (f" (did you mean {meant[0]}?)" if meant else "")
        return BadParameterError(name, found["input"], why, f"known arguments: {', '.join(known)}")
    value = "" if found["type"] == "missing" else found["input"]
    why, bound = _REFUSALS.get(found["type"], ("not a number", "it should be a number, such as 0.04"))
    return BadParameterError(name, value, why, bound.format(**found.get("ctx", {})))
