"""Where a library gives another figure than ours: who is right, and by which source.

`ours`: the library's figure is not what its name says. `both`: another convention of the same name; we say which.
"""

from typing import NamedTuple


class Verdict(NamedTuple):
    """Who is right about a figure, and why."""

    right: str
    why: str


_PER_PERIOD = Verdict("both", "theirs is a session's; × √252 it is ours, a year's (Goodwin 1998)")
_CALENDAR = Verdict("both", "theirs counts 365.25 calendar days a year, ours 252 sessions")
_BIASED = Verdict("both", "theirs is g, the sample's own; ours is G, free of bias (pandas, R's e1071 type 2)")

VERDICTS = {
    ("empyrical-reloaded", "alpha_jensen"): Verdict(
        "both", "theirs compounds the daily alpha over a year, which we give as alpha_compounded; Jensen 1968 adds"
    ),
    ("empyrical-reloaded", "information_ratio"): _PER_PERIOD,
    ("QuantStats", "information_ratio"): _PER_PERIOD,
    ("ffn", "information_ratio"): _PER_PERIOD,
    ("QuantStats", "beta_gap"): Verdict(
        "ours", "theirs fills the sessions that the benchmark lacks with its next return; beta is of paired returns "
        "(Sharpe 1964; empyrical and numpy's polyfit agree with ours)",
    ),
    ("QuantStats", "value_at_risk"): Verdict(
        "both", "theirs is of a normal distribution, ours of the returns themselves (empyrical and OpenBB too)"
    ),
    ("QuantStats", "conditional_value_at_risk"): Verdict(
        "both", "theirs is the mean beyond the normal quantile, ours beyond the historical one (empyrical, OpenBB too)"
    ),
    ("ffn", "cagr"): _CALENDAR,
    ("ffn", "calmar"): _CALENDAR,
    ("OpenBB technical", "sharpe"): Verdict(
        "both", "theirs takes a 252nd of the annual rate a session, ours its 252nd root (OpenBB quantitative too)"
    ),
    ("OpenBB technical", "sortino"): Verdict(
        "ours", "theirs divides by the standard deviation of the losing days alone; the downside deviation is over all "
        "days (Sortino and Price 1994; empyrical, QuantStats, ffn and OpenBB quantitative)",
    ),
    ("OpenBB technical", "max_drawdown"): Verdict(
        "ours", "theirs leaves out the base, so that a fall on the first day is none (Magdon-Ismail and Atiya 2004; "
        "empyrical, QuantStats and ffn)",
    ),
    ("OpenBB technical", "calmar"): Verdict("ours", "theirs is of that drawdown"),
    ("OpenBB technical", "skew"): _BIASED,
    ("OpenBB technical", "excess_kurtosis"): _BIASED,
    ("OpenBB quantitative", "skew"): _BIASED,
    ("OpenBB quantitative", "excess_kurtosis"): _BIASED,
    ("OpenBB technical", "yang_zhang"): Verdict(
        "ours", "theirs takes close to close where open to close is meant, and no variance from its mean "
        "(Yang and Zhang 2000; R's TTR)",
    ),
}  # fmt: skip
