"""Every limit of the API as data: `/limits` publishes them, parameters and panels enforce them, tests use them."""

from dataclasses import dataclass

from api.errors import BadParameterError


@dataclass(frozen=True)
class Limit:
    """The most of something one question may ask for. `parameter` is what a refusal names."""

    name: str
    most: int
    unit: str
    parameter: str
    reason: str

    def check(self, count: int, value: object, parameter: str | None = None, advice: str = "") -> None:
        """BadParameterError where `count` is more than the limit; `value` is what was asked for."""
        if count > self.most:
            why, bound = f"too much for one request ({count} {self.unit})", f"at most {self.most} {self.unit}{advice}"
            raise BadParameterError(parameter or self.parameter, value, why, bound)


TICKERS = Limit("tickers", 50, "tickers", "tickers", "a question is one query of bounded size")
BARS = Limit("bars", 300_000, "bars", "range", "`tickers=*` reads them into memory at once")
ASSOCIATIONS = Limit(
    "associations", 75_000, "bars", "range", "each interval of `associations` resamples the window hundreds of times"
)
ANSWER = Limit(
    "answer", 6_000_000, "bytes of rows", "range", "an answer of AWS Lambda has 6 MiB at most, quotation marks escaped"
)
RANGE_DAYS = Limit("sessions", 17_000, "sessions", "range", "the calendar knows no more sessions")
RANGE_WEEKS = Limit("range_weeks", 3_500, "weeks", "range", "the calendar begins in 1962")
RANGE_MONTHS = Limit("range_months", 804, "months", "range", "the calendar begins in 1962")
RANGE_YEARS = Limit("range_years", 67, "years", "range", "the calendar begins in 1962")

HORIZON = Limit("horizon", 126, "sessions", "horizon", "half a year of history says nothing of more than half a year")
HOLDINGS = Limit("holdings", 50, "holdings", "weights", "as many as the tickers of a question")

LIMITS = (TICKERS, HOLDINGS, BARS, ASSOCIATIONS, ANSWER, RANGE_DAYS, RANGE_WEEKS, RANGE_MONTHS, RANGE_YEARS, HORIZON)
RANGE_UNITS = {"d": RANGE_DAYS, "w": RANGE_WEEKS, "m": RANGE_MONTHS, "y": RANGE_YEARS}
