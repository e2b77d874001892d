"""The metrics as data, and their figures. Descriptions of answers derive from here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isfinite
from types import MappingProxyType

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.metric import Metric
from api.analytics.metrics import benchmark, returns, risk, trend, volatility

Inputs = Mapping[str, Floats]
Figures = dict[str, float | None]

_FAMILIES = (returns, risk, trend, benchmark, volatility)
REGISTRY: Mapping[str, Metric] = MappingProxyType(
    {metric.slug: metric for family in _FAMILIES for metric in family.METRICS}
)


def figures_of(slugs: Iterable[str], tickers: Sequence[Inputs]) -> list[Figures]:
    """The metrics `slugs` of each ticker; None where not known. Tickers with as many sessions are computed at once."""
    metrics = [REGISTRY[slug] for slug in slugs]
    return _together(metrics, tickers, lambda metric, inputs: {metric.slug: metric.of(inputs)})


def intervals_of(slugs: Iterable[str], tickers: Sequence[Inputs]) -> list[Figures]:
    """`<slug>_low` and `<slug>_high` of those of `slugs` that are resampled, as figures_of."""
    metrics = [REGISTRY[slug] for slug in slugs if REGISTRY[slug].resampled]
    return _together(metrics, tickers, _bounds)


def _bounds(metric: Metric, inputs: Inputs) -> Mapping[str, Floats]:
    low, high = metric.bounds_of(inputs)
    return {f"{metric.slug}_low": low, f"{metric.slug}_high": high}


def _together(
    metrics: Sequence[Metric], tickers: Sequence[Inputs], compute: Callable[[Metric, Inputs], Mapping[str, Floats]]
) -> list[Figures]:
    figures: list[Figures] = [{} for _ in tickers]
    names = sorted({name for metric in metrics for name in metric.needs})
    for places in _alike(names, tickers):
        stacked = {name: np.array([tickers[place][name] for place in places]).T for name in names}
        for metric in metrics:
            for name, values in compute(metric, stacked).items():
                for place, value in zip(places, values.tolist(), strict=True):
                    figures[place][name] = value if isfinite(value) else None
    return figures


def _alike(names: Sequence[str], tickers: Sequence[Inputs]) -> Iterator[list[int]]:
    """The places of tickers whose inputs have the same lengths, and know or lack the close before the first session."""
    groups = defaultdict(list)
    for place, inputs in enumerate(tickers):
        groups[tuple((inputs[name].shape, _lacks_first(inputs[name])) for name in names)].append(place)
    yield from groups.values()


def _lacks_first(values: Floats) -> bool:
    return bool(values.size and np.isnan(values.flat[0]))
