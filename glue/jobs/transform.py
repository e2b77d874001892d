"""Transform: sound records → the table `daily_prices`, adjusted for every split and dividend known by now."""

from glue import staging
from glue.arguments import Arguments
from glue.job import Rows, main
from glue.transforms import (
    as_daily_prices,
    with_adjusted_bars,
    with_dividends,
    with_split_factors,
    with_total_return_index,
)
from lake.tables import RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS


def run(arguments: Arguments) -> Rows:
    """Write `daily_prices` of all that clean kept to staging."""
    prices = staging.read(arguments, staging.CLEAN, RAW_PRICES.name)
    splits = staging.read(arguments, staging.CLEAN, RAW_SPLITS.name)
    dividends = staging.read(arguments, staging.CLEAN, RAW_DIVIDENDS.name)

    bars = with_adjusted_bars(with_split_factors(prices, splits))
    table = as_daily_prices(with_total_return_index(with_dividends(bars, dividends)))

    staging.write_daily_prices(table, arguments, staging.TRANSFORM)
    written = staging.read_daily_prices(arguments, staging.TRANSFORM).count()
    return Rows(prices.count(), written)


if __name__ == "__main__":
    main("transform", run)
