"""What a portfolio is asked for: its weights, and when they are restored. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from api.errors import BadParameterError, printable
from api.http.parameters import parse_tickers
from api.limits import HOLDINGS

Rebalance = Literal["none", "daily", "weekly", "monthly", "quarterly", "yearly"]

_EQUAL = "equal:"
_TOLERANCE = 1e-6  # of a sum of 1: weights such as 0.333333 are meant as a third
_WEIGHT = re.compile(r"[0-9]*\.?[0-9]+(e-?[0-9]{1,3})?")
_FORM = "TICKER:WEIGHT pairs such as NVDA:0.4,VOO:0.6, in fractions or percent, or equal:NVDA,VOO"
_PERIOD: Mapping[Rebalance, Callable[[date], object]] = {
    "none": lambda _: None,
    "daily": lambda day: day,
    "weekly": lambda day: day.isocalendar()[:2],
    "monthly": lambda day: (day.year, day.month),
    "quarterly": lambda day: (day.year, (day.month - 1) // 3),
    "yearly": lambda day: day.year,
}


@dataclass(frozen=True)
class PortfolioRequest:
    """`weights`: of each ticker, in the order asked for, fractions that sum to 1. `cost_bps`: of the value traded."""

    weights: Mapping[str, float]
    rebalance: Rebalance
    cost_bps: float = 0.0

    @property
    def tickers(self) -> tuple[str, ...]:
        return tuple(self.weights)


def parse_weights(given: str) -> dict[str, float]:
    """The weights of `NVDA:0.4,VOO:0.6`, of `NVDA:40,VOO:60`, or of `equal:NVDA,VOO`.

    They are divided by their sum, which must be 1 or 100 within a millionth, so that they sum to 1 exactly.
    """
    text = given.strip()
    if text.lower().startswith(_EQUAL):
        tickers = parse_tickers([text[len(_EQUAL) :]], "weights")
        HOLDINGS.check(len(tickers), text, "weights")
        return dict.fromkeys(tickers, 1 / len(tickers))
    pairs = [_pair(part, text) for part in text.strip("{}").split(",") if part.strip()]
    HOLDINGS.check(len(pairs), text, "weights")
    weights = dict(pairs)
    if len(weights) < len(pairs):
        twice = next(ticker for place, (ticker, _) in enumerate(pairs) if ticker in dict(pairs[:place]))
        raise BadParameterError("weights", text, f"names {twice} twice", "each ticker once")
    if not weights:
        raise BadParameterError("weights", text, "names no holding", _FORM)
    total = sum(weights.values())
    if not any(abs(total / whole - 1) <= _TOLERANCE for whole in (1, 100)):
        raise BadParameterError("weights", text, f"sums to {total:.6g}", "weights sum to 1, or to 100 in percent")
    return {ticker: weight / total for ticker, weight in weights.items()}


def rebalancing_days(days: Sequence[date], rebalance: Rebalance) -> list[bool]:
    """Whether the weights are restored at each close: at the last session of each period that another one follows.

    The first day, the base, is the purchase. On the last nothing is traded: no session follows that it could matter to.
    """
    period = _PERIOD[rebalance]
    changes = [period(day) != period(after) for day, after in pairwise(days)]
    return [False, *changes[1:], False] if len(days) > 1 else [False] * len(days)


def _pair(part: str, text: str) -> tuple[str, float]:
    name, colon, weight = part.rpartition(":")
    number = weight.strip().removesuffix("%").strip()
    if not colon or not name.strip():
        raise BadParameterError("weights", text, f"'{printable(part.strip())}' has no weight", _FORM)
    if number.startswith("-"):
        raise BadParameterError(
            "weights", text, f"'{printable(part.strip())}' is short", "0 or more: portfolios are long only"
        )
    if not _WEIGHT.fullmatch(number.lower()):
        raise BadParameterError("weights", text, f"'{printable(weight.strip())}' is not a weight", _FORM)
    (ticker,) = parse_tickers([name], "weights")
    return ticker, float(number)
