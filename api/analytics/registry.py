"""The registry of metrics, and the computation of registered figures. Field descriptions of OpenAPI come from here."""

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
    """The figures `slugs` of each ticker; None where unknown."""
    metrics = [REGISTRY[slug] for slug in slugs]
    return _computed(metrics, tickers, lambda metric, inputs: {metric.slug: metric.of(inputs)})


def intervals_of(slugs: Iterable[str], tickers: Sequence[Inputs]) -> list[Figures]:
    """`<slug>_low` and `<slug>_high` of each resampled metric of `slugs`, for each ticker; None where unknown."""
    metrics = [REGISTRY[slug] for slug in slugs if REGISTRY[slug].resampled]
    return _computed(metrics, tickers, _bounds)


def _bounds(metric: Metric, inputs: Inputs) -> Mapping[str, Floats]:
    low, high = metric.bounds_of(inputs)
    return {f"{metric.slug}_low": low, f"{metric.slug}_high": high}


def _computed(
    metrics: Sequence[Metric], tickers: Sequence[Inputs], compute: Callable[[Metric, Inputs], Mapping[str, Floats]]
) -> list[Figures]:
    figures: list[Figures] = [{} for _ in tickers]
    names = sorted({name for metric in metrics for name in metric.needs})
    # All tickers of a group are computed in one numpy call, which costs little more than a call for one of them.
    for places in _groups(names, tickers):
        stacked = {name: np.array([tickers[place][name] for place in places]).T for name in names}
        for metric in metrics:
            for name, values in compute(metric, stacked).items():
                for place, value in zip(places, values.tolist(), strict=True):
                    # JSON has no NaN: what is unknown is null.
                    figures[place][name] = value if isfinite(value) else None
    return figures


def _groups(names: Sequence[str], tickers: Sequence[Inputs]) -> Iterator[list[int]]:
    """The places of tickers whose inputs can be stacked: the same lengths, and all with or all without a base.

    A function decides by its first row whether there is a base, so tickers with and without one stay apart.
    """
    groups = defaultdict(list)
    for place, inputs in enumerate(tickers):
        groups[tuple((inputs[name].shape, _lacks_base(inputs[name])) for name in names)].append(place)
    yield from groups.values()


def _lacks_base(values: Floats) -> bool:
    return bool(values.size and np.isnan(values.flat[0]))
