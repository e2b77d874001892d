"""The few figures that stand beside a headline, each with its value, its unit and its text. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from api.formatting import decimal, percent, shares, signed_percent
from api.resources.questions.schemas import KeyFigure, Unit

MOST = 5
UNKNOWN = "–"
_TEXTS: Mapping[Unit, Callable[[float], str]] = {
    "shares": shares,
    "ratio": percent,
    "signed_ratio": signed_percent,
    "small_ratio": lambda value: signed_percent(value, 2),
    "number": decimal,
}


class Figures(NamedTuple):
    """One figure of each ticker, in their order: None where it is unknown."""

    label: str
    unit: Unit
    values: Mapping[str, float | None]
    text: Callable[[float], str] | None = None  # another text than that of the unit


def figure(
    label: str, value: float | None, unit: Unit, ticker: str | None = None, text: str | None = None
) -> KeyFigure:
    """One figure; its text is that of its unit unless `text` is given, and a dash where the value is unknown."""
    shown = UNKNOWN if value is None else text or _TEXTS[unit](value)
    return KeyFigure(label=label, ticker=ticker, value=value, unit=unit, text=shown)


def few(figures: Sequence[Figures], also: Sequence[KeyFigure] = ()) -> list[KeyFigure]:
    """At most five: the first `figures` of every ticker, then `also`; of many tickers only the highest and lowest."""
    tickers = list(figures[0].values) if figures else []
    room = MOST - len(also)
    if len(tickers) <= room:
        chosen = [_of(one, ticker) for one in figures[: room // max(1, len(tickers))] for ticker in tickers]
        return [*chosen, *also]
    return [*(_of(one, ticker) for one in figures[: room // 2] for ticker in _extremes(one.values)), *also]


def _of(one: Figures, ticker: str) -> KeyFigure:
    value = one.values[ticker]
    text = one.text(value) if one.text and value is not None else None
    return figure(one.label, value, one.unit, ticker, text)


def _extremes(values: Mapping[str, float | None]) -> list[str]:
    """The ticker of the highest value, then of the lowest."""
    known = {ticker: value for ticker, value in values.items() if value is not None}
    if not known:
        return []
    return list(dict.fromkeys((max(known, key=known.__getitem__), min(known, key=known.__getitem__))))
