"""The track record: committed forecasts against what came. Panels in, figures and words out; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.calibration import calibration_bins
from api.formatting import counted, in_days, numbers, times
from api.resources.outlook.baskets import Baskets, name_of
from api.resources.outlook.committed import Committed, Pair
from api.resources.outlook.schemas import Method, RecordBin, RecordRow, RecordSummary, Status, Timing

MIN_DAYS = 30  # as for the calibration: below it nothing is claimed
_STANDARD_ERRORS = 2.0  # about a 95 % interval


def is_due(one: Committed, as_of: date) -> bool:
    """Whether a forecast's horizon has passed by the newest session of a lake."""
    return one.ends is not None and one.ends <= as_of


def record_rows(forecasts: Sequence[Committed], baskets: Mapping[Pair, Baskets], as_of: date) -> list[RecordRow]:
    """A row for each forecast, in their order; `baskets`: of each pair that has a due forecast."""
    spreads = [_spread(one, baskets[one.pair]) if is_due(one, as_of) else None for one in forecasts]
    scored = _scored_days(one for one, spread in zip(forecasts, spreads, strict=True) if spread is not None)
    return [
        _row(one, spread, _status(one, spread, scored, as_of)) for one, spread in zip(forecasts, spreads, strict=True)
    ]


def record_summaries(rows: Sequence[RecordRow]) -> list[RecordSummary]:
    """The scores of what was committed, of a coin and of the base rate, for each timing and horizon."""
    return [one for (timing, horizon), group in _groups(rows).items() for one in _scores(timing, horizon, group)]


def record_bins(rows: Sequence[RecordRow]) -> list[RecordBin]:
    """Scored forecasts grouped by their probability, for each timing and horizon."""
    return [
        RecordBin(
            horizon_sessions=horizon,
            timing=timing,
            low=low,
            high=high,
            forecasts=count,
            mean_forecast=mean,
            share_a_won=share,
        )
        for (timing, horizon), group in _groups(rows).items()
        for low, high, count, mean, share in calibration_bins(*_columns(group))
        if count
    ]


def describe_record(rows: Sequence[RecordRow], summary: Sequence[RecordSummary], *, simulated: bool) -> str:
    """What may be said of the skill; below 30 days without overlap, that nothing may."""
    if simulated:
        return "This lake is simulated: its prices are invented, so a track record means nothing, and none is kept."
    if not rows:
        return "No forecast has been committed yet. Each publish of a live or recorded lake adds the day's."
    sentences = [_describe_scores(one) for one in summary if one.method == "outlook" and one.timing == "ahead"]
    if not sentences:
        ends = [row.ends for row in rows if row.timing == "ahead" and row.status == "pending" and row.ends]
        due = f"; the first is due on {in_days(min(ends))}" if ends else ""
        found = counted(sum(row.timing == "ahead" for row in rows), "forecast")
        sentences = [f"No forecast made ahead of time is due yet ({found} committed{due}), so no skill can be claimed."]
    late = sum(row.timing == "afterwards" for row in rows)
    if late:
        sentences.append(
            f"{counted(late, 'forecast')} {'was' if late == 1 else 'were'} made after the next session had closed: "
            "scored apart, because such forecasts prove nothing."
        )
    return " ".join(sentences)


def _describe_scores(one: RecordSummary) -> str:
    found = (
        f"Over {counted(one.days, 'period')} of {one.horizon_sessions} sessions that do not overlap the Brier score is "
        f"{one.brier:.4f}, against 0.2500 for a coin and {one.brier - one.less_base_rate:.4f} for the base rate"
    )
    if one.days < MIN_DAYS:
        return f"{found}; with fewer than {MIN_DAYS} periods no skill can be claimed."
    pairs = (
        (one.less_coin, one.less_coin_standard_error or 0.0),
        (one.less_base_rate, one.less_base_rate_standard_error or 0.0),
    )
    if all(less + _STANDARD_ERRORS * error < 0 for less, error in pairs):
        return f"{found}: better than both by more than two standard errors."
    return f"{found}: not better than both by more than two standard errors, so no skill can be claimed."


def _spread(one: Committed, baskets: Baskets) -> float | None:
    """The log spread of A over B from the forecast's session to its end; None where either close is missing."""
    days = np.concatenate(([baskets.base], baskets.days))
    places = [np.flatnonzero(days == np.datetime64(day)) for day in (one.as_of, one.ends) if day]
    if not all(len(place) for place in places):
        return None
    (start,), (end,) = places
    growth = np.log1p(baskets.growth)
    moved = growth[end] - growth[start]
    return float(moved[0] - moved[1])


def _scored_days(due: Iterable[Committed]) -> set[tuple[Timing, int, date]]:
    """The sessions whose forecasts are scored: the first, and then each first one after the horizon before has ended.

    Forecasts of one session are scored together; those of overlapping horizons would count one outcome many times.
    """
    chosen: set[tuple[Timing, int, date]] = set()
    ends: dict[tuple[Timing, int], date] = {}
    for one in sorted(due, key=lambda one: one.as_of):
        group = (_timing(one), one.horizon)
        if (*group, one.as_of) not in chosen and one.ends and one.as_of >= ends.get(group, date.min):
            chosen.add((*group, one.as_of))
            ends[group] = one.ends
    return chosen


def _timing(one: Committed) -> Timing:
    return "ahead" if one.ahead else "afterwards"


def _status(one: Committed, spread: float | None, scored: set[tuple[Timing, int, date]], as_of: date) -> Status:
    if spread is None:
        return "unknown" if is_due(one, as_of) else "pending"
    return "scored" if (_timing(one), one.horizon, one.as_of) in scored else "overlapping"


def _row(one: Committed, spread: float | None, status: Status) -> RecordRow:
    return RecordRow(
        time=times([one.as_of])[0],
        made=one.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        timing=_timing(one),
        snapshot=one.snapshot,
        a=name_of(one.baskets.a),
        b=name_of(one.baskets.b),
        horizon_sessions=one.horizon,
        ends=one.ends,
        p_a_beats_b=one.probability,
        status=status,
        outcome=None if spread is None else float((np.sign(spread) + 1) / 2),
        spread=None if spread is None else float(np.expm1(spread)),
    )


def _groups(rows: Sequence[RecordRow]) -> dict[tuple[Timing, int], list[RecordRow]]:
    groups: dict[tuple[Timing, int], list[RecordRow]] = {}
    for row in rows:
        if row.status == "scored":
            groups.setdefault((row.timing, row.horizon_sessions), []).append(row)
    return dict(sorted(groups.items()))


def _columns(group: Sequence[RecordRow]) -> tuple[Floats, Floats]:
    """Probabilities and outcomes."""
    return np.array([row.p_a_beats_b for row in group]), np.array([row.outcome for row in group], dtype=np.float64)


def _scores(timing: Timing, horizon: int, group: Sequence[RecordRow]) -> list[RecordSummary]:
    said, came = _columns(group)
    days = np.array([row.time for row in group])
    # Baskets share tickers and a market, so forecasts of one day are not independent: a day counts once.
    rate = np.full_like(came, _by_day(came, days).mean())
    coin = np.full_like(came, 0.5)
    methods: Mapping[Method, Floats] = {"outlook": said, "coin": coin, "base_rate": rate}
    errors = {name: _by_day((chance - came) ** 2, days) for name, chance in methods.items()}
    summaries = []
    for name, own in errors.items():
        less_coin, less_rate = own - errors["coin"], own - errors["base_rate"]
        coin_error, rate_error = numbers(np.array([_standard_error(less_coin), _standard_error(less_rate)]))
        summaries.append(
            RecordSummary(
                horizon_sessions=horizon,
                timing=timing,
                method=name,
                forecasts=len(group),
                days=len(own),
                brier=float(own.mean()),
                less_coin=float(less_coin.mean()),
                less_coin_standard_error=coin_error,
                less_base_rate=float(less_rate.mean()),
                less_base_rate_standard_error=rate_error,
            )
        )
    return summaries


def _by_day(values: Floats, days: np.ndarray) -> Floats:
    """The mean of each day's values."""
    return np.array([values[days == day].mean() for day in np.unique(days)])


def _standard_error(values: Floats) -> float:
    return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else float("nan")
