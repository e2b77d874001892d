"""Weekly, monthly and quarterly bars: by hand, and as pandas resamples them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from api.panel.intervals import Interval, cut_period_warnings, periods_of
from api.panel.panel import Panel, panel_of
from api.panel.period_bars import incomplete_periods, period_bars
from api.panel.window import Between, resolve
from api.store.protocol import VALUES, Published, TickerBars
from lake import calendar
from lake.snapshot import Manifest, TickerManifest

AS_OF = date(2026, 11, 18)  # a Wednesday
FIRST = date(2026, 8, 20)  # a Thursday
DAYS = np.array(calendar.sessions(FIRST, AS_OF), dtype="datetime64[D]")
RULES = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
FREQUENCIES: dict[Interval, str] = {"1w": "W-SUN", "1mo": "ME", "3mo": "QE"}


def bars(missing: tuple[str, ...] = ()) -> TickerBars:
    """A random walk of whole bars, without some sessions."""
    draws = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(draws.normal(0, 0.02, len(DAYS))))
    columns = {
        "open": close * draws.uniform(0.99, 1.01, len(DAYS)),
        "high": close * draws.uniform(1.01, 1.03, len(DAYS)),
        "low": close * draws.uniform(0.97, 0.99, len(DAYS)),
        "close": close,
        "volume": draws.integers(1, 1000, len(DAYS)).astype(float),
    }
    values = np.array([columns.get(name.removeprefix("raw_"), close) for name in VALUES])
    held = ~np.isin(DAYS, np.array(missing, dtype="datetime64[D]"))
    return TickerBars(DAYS[held], values[:, held])


def panel(interval: Interval, first: date, last: date, **tickers: TickerBars) -> Panel:
    entries = {name: TickerManifest(FIRST, AS_OF, 1, "", "", "") for name in tickers}
    published = Published("20261119T013005Z", Manifest("20261119T013005Z", "", "live", 1, (), entries))
    window = resolve(Between(first, last), AS_OF, FIRST)
    laid_out = panel_of(published, window, tuple(tickers), tickers)
    return Panel(**{**vars(laid_out), "interval": interval})


def frame(one: TickerBars, first: date, last: date) -> pd.DataFrame:
    columns = {name: one.column(name) for name in RULES}
    return pd.DataFrame(columns, index=pd.DatetimeIndex(one.days)).loc[str(first) : str(last)]


@pytest.mark.parametrize("interval", FREQUENCIES)
@pytest.mark.parametrize("missing", [(), ("2026-09-08", "2026-09-30", "2026-10-05", "2026-10-09")])
def test_bars_are_those_of_pandas(interval: Interval, missing: tuple[str, ...]) -> None:
    first, last = date(2026, 8, 26), AS_OF
    own = bars(missing)
    built = panel(interval, first, last, VOO=own)
    found = period_bars(built, "split")
    wanted = frame(own, first, last).resample(FREQUENCIES[interval]).agg(RULES)
    for name in RULES:
        assert found.values[name][1:, 0] == pytest.approx(wanted[name].to_numpy(), rel=1e-12)
    before = own.column("close")[own.days == np.datetime64("2026-08-25")]
    assert found.values["close"][0, 0] == before[0]


def test_a_week_by_hand() -> None:
    """Labor Day's week of four sessions, one of them missing; the week before it and the running one."""
    own = bars(("2026-09-10",))
    built = panel("1w", date(2026, 9, 3), AS_OF, VOO=own)
    found = period_bars(built, "split")
    days = built.axis[built.periods.ends].tolist()
    assert days[:3] == [date(2026, 9, 4), date(2026, 9, 11), date(2026, 9, 18)]
    assert days[-1] == AS_OF
    week = np.isin(own.days, np.array(["2026-09-08", "2026-09-09", "2026-09-11"], dtype="datetime64[D]"))
    values = {name: own.column(name)[week] for name in RULES}
    assert [found.values[name][2, 0] for name in RULES] == [
        values["open"][0],
        max(values["high"]),
        min(values["low"]),
        values["close"][2],
        sum(values["volume"]),
    ]
    assert incomplete_periods(built) == [(date(2026, 9, 11),)]
    assert cut_period_warnings(built.periods, AS_OF) == [
        "interval=1w: the first week begins with the window, on 2026-09-03",
        "interval=1w: the last week is still running, its row is of the sessions up to 2026-11-18",
    ]


def test_a_row_is_of_the_last_session_of_its_period_even_where_that_is_not_held() -> None:
    built = panel("1mo", date(2026, 9, 1), date(2026, 10, 15), VOO=bars(("2026-09-30",)))
    assert built.axis[built.periods.ends].tolist() == [date(2026, 9, 30), date(2026, 10, 15)]
    assert incomplete_periods(built) == [(date(2026, 9, 30),)]
    assert cut_period_warnings(built.periods, AS_OF) == [
        "interval=1mo: the last month ends with the window, on 2026-10-15"
    ]


def test_a_period_without_any_session_has_no_bar_and_no_return_follows_it() -> None:
    gone = tuple(str(day) for day in calendar.sessions(date(2026, 9, 14), date(2026, 9, 18)))
    built = panel("1w", date(2026, 9, 8), date(2026, 10, 2), VOO=bars(gone), QQQ=bars())
    found = period_bars(built, "split")
    assert found.held[:, 0].tolist() == [True, True, False, True, True]
    rows = np.flatnonzero(built.held[:, 0])
    ends = built.periods.last_places(rows)
    closes = found.values["close"][found.held[:, 0], 0]
    returns = built.periods.returns(closes, rows[ends])
    assert np.isnan(returns).tolist() == [True, False, True, False]
    assert returns[1] == pytest.approx(closes[1] / closes[0] - 1)
    assert incomplete_periods(built) == [(), ()]


@pytest.mark.parametrize("interval", ["1d", "1w"])
def test_a_window_without_a_session(interval: Interval) -> None:
    window = resolve(Between(date(2026, 11, 14), date(2026, 11, 15)), AS_OF, FIRST)
    periods = periods_of(window, interval)
    assert (periods.ends.tolist(), periods.numbers.tolist()) == ([], [-1])
    assert cut_period_warnings(periods, AS_OF) == []
